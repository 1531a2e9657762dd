// Package bot hears Slack: each payload becomes one verb of the Desk, or one
// answer to the person who acted. It posts nothing that anybody else sees.
//
// Payloads come over two sockets. Each is handled on its own, within 2.5 s,
// since Slack waits 3 s for an acknowledgement. A verb is acknowledged after
// its commit: the acknowledgement is the receipt. Where only a form is opened,
// the two go side by side, because a trigger lives for 3 s only.
//
// A form stands in one file with its parser. What a person typed stays in the
// form until it is committed: every failure is an error beside a field.
package bot

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"muster/incident"
)

// Slack is what the bot asks of Slack: forms, and answers to one person.
type Slack interface {
	OpenViewContext(ctx context.Context, triggerID string, view slack.ModalViewRequest) (*slack.ViewResponse, error)
	PushViewContext(ctx context.Context, triggerID string, view slack.ModalViewRequest) (*slack.ViewResponse, error)
	UpdateViewContext(ctx context.Context, view slack.ModalViewRequest, externalID, hash, viewID string) (*slack.ViewResponse, error)
	PublishViewContext(ctx context.Context, req slack.PublishViewContextRequest) (*slack.ViewResponse, error)
	GetConversationInfoContext(ctx context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error)
	GetConversationHistoryContext(ctx context.Context, params *slack.GetConversationHistoryParameters) (*slack.GetConversationHistoryResponse, error)
	GetConversationRepliesContext(ctx context.Context, params *slack.GetConversationRepliesParameters) ([]slack.Message, bool, string, error)
	PostEphemeralContext(ctx context.Context, channel, user string, options ...slack.MsgOption) (string, error)
	GetUsersInConversationContext(ctx context.Context, params *slack.GetUsersInConversationParameters) ([]string, string, error)
	ListPinsContext(ctx context.Context, channel string) ([]slack.Item, *slack.Paging, error)
	OpenConversationContext(ctx context.Context, params *slack.OpenConversationParameters) (*slack.Channel, bool, bool, error)
	GetUploadURLExternalContext(ctx context.Context, params slack.GetUploadURLExternalParameters) (*slack.GetUploadURLExternalResponse, error)
	UploadToURL(ctx context.Context, params slack.UploadToURLParameters) error
	CompleteUploadExternalContext(ctx context.Context, params slack.CompleteUploadExternalParameters) (*slack.CompleteUploadExternalResponse, error)
	GetUserGroupsContext(ctx context.Context, options ...slack.GetUserGroupsOption) ([]slack.UserGroup, error)
	GetUserInfoContext(ctx context.Context, user string, options ...slack.GetUserInfoOption) (*slack.User, error)
}

// People knows what people are called, and is told what Slack says of them.
type People interface {
	Of(ctx context.Context, ids ...string) (map[string]string, error)
	Known(ctx context.Context, ids ...string) (map[string]string, error)
	Heard(ctx context.Context, user *slack.User) string
}

// Webhook answers through a payload's response_url.
type Webhook func(ctx context.Context, address string, message *slack.WebhookMessage) error

// Desk is the door through which the bot changes incidents.
type Desk interface {
	Declare(ctx context.Context, d incident.Declaration, another bool) (*incident.Incident, bool, error)
	JoinOriginal(ctx context.Context, number, of int64, act incident.Act) (*incident.Incident, error)

	SetSeverity(ctx context.Context, number int64, to, shown incident.Severity, act incident.Act) (*incident.Incident, error)
	SetStatus(ctx context.Context, number int64, to, shown incident.Status, act incident.Act) (*incident.Incident, error)
	Edit(ctx context.Context, number int64, e incident.Edit, act incident.Act) (*incident.Incident, error)
	Note(ctx context.Context, number int64, text string, act incident.Act) (*incident.Incident, error)
	Post(ctx context.Context, number int64, u incident.Update, act incident.Act) (*incident.Incident, error)
	Subscribe(ctx context.Context, number int64, wanted bool, act incident.Act) error

	StillWorking(ctx context.Context, number int64, act incident.Act) (*incident.Incident, error)
	NothingNew(ctx context.Context, number int64, reminder int, act incident.Act) (*incident.Incident, error)
	Snooze(ctx context.Context, number int64, reminder int, length time.Duration, act incident.Act) (*incident.Incident, error)
	Stop(ctx context.Context, number int64, reminder int, act incident.Act) (*incident.Incident, error)

	Claim(ctx context.Context, number int64, role string, act incident.Act) (*incident.Incident, incident.Role, error)
	Assign(ctx context.Context, number int64, role string, h incident.Handing, act incident.Act) (*incident.Incident, incident.Role, error)
	HandOver(ctx context.Context, number int64, role string, h incident.Handing, act incident.Act) (*incident.Incident, incident.Role, error)
	Leave(ctx context.Context, number int64, role string, act incident.Act) (*incident.Incident, incident.Role, error)
	Deactivated(ctx context.Context, person, key string) error

	Resolve(ctx context.Context, number int64, fix string, act incident.Act) (*incident.Incident, error)
	Cancel(ctx context.Context, number int64, why string, act incident.Act) (*incident.Incident, error)
	Duplicate(ctx context.Context, number, of int64, act incident.Act) (*incident.Incident, error)
	Reopen(ctx context.Context, number int64, act incident.Act) (*incident.Incident, error)

	Mark(ctx context.Context, number int64, channel, ts string, said *incident.Said, k incident.Mark, act incident.Act) (*incident.Incident, error)
	Follow(ctx context.Context, number int64, channel, ts string, said *incident.Said, act incident.Act) (*incident.Incident, error)
	Unreacted(ctx context.Context, number int64, channel, ts string, people []string, ago time.Duration, act incident.Act) (*incident.Incident, error)
	Reactions(ctx context.Context, number int64, channel string, seen []incident.Reacted, ago time.Duration, act incident.Act) (*incident.Incident, error)
	Pins(ctx context.Context, number int64, channel string, pinned []incident.Pinned, ago time.Duration, act incident.Act) (*incident.Incident, error)

	AddFollowUp(ctx context.Context, number int64, t incident.ToDo, act incident.Act) (*incident.Incident, error)
	ChangeFollowUp(ctx context.Context, number int64, n int, t incident.ToDo, act incident.Act) (*incident.Incident, error)
	EndFollowUp(ctx context.Context, number int64, n int, done bool, act incident.Act) (*incident.Incident, error)
	DropFollowUp(ctx context.Context, number int64, n int, act incident.Act) (*incident.Incident, error)

	Retry(ctx context.Context, number int64) error
	Resync(ctx context.Context, number int64) error
	ReplacePage(ctx context.Context, number int64, act incident.Act) (*incident.Incident, error)

	Sections(ctx context.Context) ([]incident.Section, *incident.Book, error)
	ChangeSettings(ctx context.Context, e incident.SettingEdit, act incident.Act) error
	RestoreStock(ctx context.Context, section string, act incident.Act) error
	AddRole(ctx context.Context, name, text string, act incident.Act) error
	RetireRole(ctx context.Context, key string, act incident.Act) error
}

// Reader is what the bot looks up to answer inline.
type Reader interface {
	Incident(ctx context.Context, number int64) (*incident.Incident, error)
	Timeline(ctx context.Context, number int64) ([]incident.Entry, error)
	TimelinePage(ctx context.Context, number int64, limit, offset int) (incident.TimelinePage, error)
	Trouble(ctx context.Context, number int64) ([]incident.StepState, error)
	// Replacing reports whether the review's page is still to be replaced.
	Replacing(ctx context.Context, number int64) (bool, error)

	InRoom(ctx context.Context, channel string) (int64, error)
	RoomOf(ctx context.Context, number int64) (string, error)
	RoomCard(ctx context.Context, channel string) (number int64, ts string, err error)
	OpenRooms(ctx context.Context) ([]string, error)
	InTimelines(ctx context.Context, channel, ts string) ([]int64, error)
	FromOrigin(ctx context.Context, key string) (int64, error)

	List(ctx context.Context, q incident.Query) (incident.Page, error)
	FollowUps(ctx context.Context, person string, limit int) ([]incident.OwnFollowUp, error)
	Stats(ctx context.Context, q incident.StatsQuery) (incident.Stats, error)
	Definitions(ctx context.Context) (incident.Definitions, error)
}

var _ Desk = (*incident.Desk)(nil)

// Bot holds what the handlers need.
type Bot struct {
	Slack   Slack
	Webhook Webhook
	Desk    Desk
	Reader  Reader
	// People may be nil: then nobody has a name.
	People People
	// Channels is told what people do to channels.
	Channels Channels
	// Members is kept true by RunMembers.
	Members Members
	Log     zerolog.Logger
	// Inbox keeps the events that need a look at Slack first; RunInbox deals
	// with them.
	Inbox Inbox
	// InboxLease is the package's, unless a test wants less.
	InboxLease time.Duration
	// AckWithin is the package's, unless a test gives a slow machine more.
	AckWithin time.Duration
	// AccountLooks are the package's, unless a test wants others.
	AccountLooks []time.Duration
	// PinsApart is the package's, unless a test wants less.
	PinsApart time.Duration
	// Place is the workspace that we are in, and who we are there.
	Place incident.Installation
	// Admins are the people who may change settings besides those who administer
	// the workspace.
	Admins []string
	// ReactEmoji is the name of the reaction that declares, or empty if none does.
	ReactEmoji string

	// Awaited marks a context whose calls to Slack somebody waits for, so that they
	// do not queue behind background work; nil marks none.
	Awaited func(context.Context) context.Context
	// Invite makes a link that signs a person in to the console once; nil if there
	// is no console.
	Invite func(ctx context.Context, person string) (link string, err error)
	// Evict signs a person out of the consoles of all replicas.
	Evict func(ctx context.Context, person string) error

	accounts accounts
	private  seenPrivate

	made sync.Once
	wake chan struct{}
	// others is told that a replica received an event, look when to look again.
	others chan struct{}
	look   chan time.Duration

	hears sync.Once
	heard chan struct{}
}

// AckWithin is how long Slack waits for an acknowledgement, and how long what opens a
// form is good for.
const AckWithin = 3 * time.Second

func (b *Bot) ackWithin() time.Duration { return cmp.Or(b.AckWithin, AckWithin) }

// handleLimit is for dealing with a payload. It leaves half a second of Slack's
// three for the way back.
func (b *Bot) handleLimit() time.Duration { return b.ackWithin() * 5 / 6 }

// askLimit bounds a question to Slack before an acknowledgement.
func (b *Bot) askLimit() time.Duration { return b.ackWithin() / 3 }

// namesLimit is how long an answer waits for people's names.
func (b *Bot) namesLimit() time.Duration { return b.ackWithin() / 2 }
