// Package room makes and keeps an incident's channel: that it exists, who is
// in it, its topic, the pinned card, the bookmarks, one line for each change,
// and the answer to whoever declared it.
//
// The channel comes first. Then card, people and topic go side by side, the
// pin follows the card, and the person who declared is answered as soon as they
// can go in.
package room

import (
	"context"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"muster/channel"
	"muster/incident"
	"muster/reconcile"
)

// Slack is what this package asks of Slack, beside posting.
type Slack interface {
	GetConversationInfoContext(ctx context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error)
	GetUserGroupsContext(ctx context.Context, options ...slack.GetUserGroupsOption) ([]slack.UserGroup, error)
	GetUserGroupMembersContext(ctx context.Context, group string, options ...slack.GetUserGroupMembersOption) ([]string, error)
	SetTopicOfConversationContext(ctx context.Context, channel, topic string) (*slack.Channel, error)
	OpenConversationContext(ctx context.Context, params *slack.OpenConversationParameters) (*slack.Channel, bool, bool, error)
	PostEphemeralContext(ctx context.Context, channel, user string, options ...slack.MsgOption) (string, error)
	AddReactionContext(ctx context.Context, name string, item slack.ItemRef) error
	RemoveReactionContext(ctx context.Context, name string, item slack.ItemRef) error
	AddPinContext(ctx context.Context, channel string, item slack.ItemRef) error
	EditBookmarkContext(ctx context.Context, channel, bookmark string, params slack.EditBookmarkParameters) (slack.Bookmark, error)
	RemoveBookmarkContext(ctx context.Context, channel, bookmark string) error
	AddBookmarkContext(ctx context.Context, channel string, params slack.AddBookmarkParameters) (slack.Bookmark, error)
	ListPinsContext(ctx context.Context, channel string) ([]slack.Item, *slack.Paging, error)
	GetUsersInConversationContext(ctx context.Context, params *slack.GetUsersInConversationParameters) ([]string, string, error)
	ListBookmarksContext(ctx context.Context, channel string) ([]slack.Bookmark, error)
	UnArchiveConversationContext(ctx context.Context, channel string) error
	JoinConversationContext(ctx context.Context, channel string) (*slack.Channel, string, []string, error)
	UpdateViewContext(ctx context.Context, view slack.ModalViewRequest, externalID, hash, viewID string) (*slack.ViewResponse, error)
}

// Webhook answers a command through its response_url.
type Webhook func(ctx context.Context, address string, message *slack.WebhookMessage) error

// Store is where this package's facts are kept.
type Store interface {
	reconcile.DeedStore
	SeeRoom(ctx context.Context, c *incident.Claim, seen incident.Sighting) error
	RenewRoom(ctx context.Context, c *incident.Claim, purpose incident.RoomPurpose, keys []string) error
	ForgetDeeds(ctx context.Context, c *incident.Claim, keys []string) error
	DirectChannel(ctx context.Context, person string) (string, error)
	SaveDirectChannel(ctx context.Context, person, channel string) error
	// RoomsAhead counts the incidents that get their room before this one.
	RoomsAhead(ctx context.Context, number int64) (int, error)
}

// Room holds what the steps need.
type Room struct {
	Slack   Slack
	Store   Store
	Poster  *reconcile.Poster
	Webhook Webhook
	// Channels makes the channel.
	Channels *channel.Maker
	// Prefix begins every channel name: "inc" of inc-42-checkout.
	Prefix string
	// Group is the id of the user group that is invited to each room unless
	// administrators set another, or empty.
	Group string
	// TopicEvery is the package's, unless a test wants less.
	TopicEvery time.Duration
}

// The names of the steps, as they stand in the database and before people.
const (
	StepChannel   = incident.StepRoom
	StepCard      = "card"
	StepPeople    = "people"
	StepTopic     = "topic"
	StepPin       = "pin"
	StepLines     = "lines"
	StepRoles     = "roles"
	StepBookmarks = "bookmarks"
	StepOrigin    = "origin"
	StepReview    = "review"
)

// Steps are the room's concerns. digest is the name of the step that posts the
// digest message, which a bookmark points to.
func (r *Room) Steps(digest string) []reconcile.Step {
	inRoom := []string{StepChannel}
	return []reconcile.Step{
		{Name: StepCheck, Run: r.check},
		{Name: StepChannel, Waits: []string{StepCheck}, Run: r.channel},
		{Name: StepCard, Needs: inRoom, Run: inside(r.card)},
		{Name: StepPeople, Needs: inRoom, Run: inside(r.people)},
		{Name: StepTopic, Needs: inRoom, Run: inside(r.topic)},
		{Name: StepLines, Needs: inRoom, Waits: []string{StepCard}, Run: inside(r.lines)},
		{Name: StepReminder, Needs: inRoom, Waits: []string{StepLines}, Run: inside(r.reminder)},
		{Name: StepPrompt, Needs: inRoom, Waits: []string{StepLines}, Run: inside(r.prompt)},
		{Name: StepNotices, Waits: []string{StepChannel}, Run: r.notices},
		{Name: StepRoles, Needs: inRoom, Run: r.roles},
		{Name: StepTodos, Waits: []string{StepLines}, Run: r.todos},
		{Name: StepUnreached, Needs: inRoom, Waits: []string{StepLines, StepRoles, StepTodos}, Run: inside(r.unreached)},
		{Name: StepPin, Needs: inRoom, Waits: []string{StepCard}, Run: inside(r.pin)},
		{Name: StepBookmarks, Needs: inRoom, Waits: []string{digest, StepPin}, Run: inside(r.bookmarks)},
		{Name: StepPost, Needs: inRoom, Waits: []string{StepCard}, Run: r.post},
		{Name: StepAway, Waits: []string{digest}, Run: r.away},
		{Name: StepOrigin, Waits: []string{StepChannel, StepCard, StepPeople}, Run: r.origin},
	}
}

// Review are the steps that say in the room where its root-cause analysis goes
// on. opener is the step that makes that channel and its first message, page
// the one that makes the page.
func (r *Room) Review(opener, page string) []reconcile.Step {
	return []reconcile.Step{{Name: StepReview, Needs: []string{StepChannel, opener}, Waits: []string{page}, Run: inside(r.review)}}
}

// Last are the steps that come after all others, which are named.
func (r *Room) Last(others []string) []reconcile.Step {
	return []reconcile.Step{
		{Name: StepResynced, Waits: others, Run: r.resynced},
		{Name: StepContact, Waits: append(slices.Clone(others), StepResynced), Run: r.contact},
	}
}

// inside runs a step only where muster can work in the room. Once it can again,
// what was left out is made up for.
func inside(run func(context.Context, *reconcile.Pass) error) func(context.Context, *reconcile.Pass) error {
	return func(ctx context.Context, p *reconcile.Pass) error {
		if !p.Room(incident.RoomMain).Open() {
			return nil
		}
		return run(ctx, p)
	}
}

// channel makes the incident's channel exist.
func (r *Room) channel(ctx context.Context, p *reconcile.Pass) error {
	return r.Channels.Ensure(ctx, p, incident.RoomMain, func(try int) string {
		return channel.Name(r.Prefix, p.Number, channel.Words(&p.Incident), "", try)
	})
}
