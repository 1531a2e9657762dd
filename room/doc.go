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
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
	"muster/reconcile"
)

// Slack is what this package asks of Slack, beside posting.
type Slack interface {
	CreateConversationContext(ctx context.Context, params slack.CreateConversationParams) (*slack.Channel, error)
	GetConversationsContext(ctx context.Context, params *slack.GetConversationsParameters) ([]slack.Channel, string, error)
	GetConversationInfoContext(ctx context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error)
	InviteUsersToConversationContext(ctx context.Context, channel string, users ...string) (*slack.Channel, error)
	GetUserGroupMembersContext(ctx context.Context, group string, options ...slack.GetUserGroupMembersOption) ([]string, error)
	SetTopicOfConversationContext(ctx context.Context, channel, topic string) (*slack.Channel, error)
	OpenConversationContext(ctx context.Context, params *slack.OpenConversationParameters) (*slack.Channel, bool, bool, error)
	AddPinContext(ctx context.Context, channel string, item slack.ItemRef) error
	AddBookmarkContext(ctx context.Context, channel string, params slack.AddBookmarkParameters) (slack.Bookmark, error)
	ListBookmarksContext(ctx context.Context, channel string) ([]slack.Bookmark, error)
	UpdateViewContext(ctx context.Context, view slack.ModalViewRequest, externalID, hash, viewID string) (*slack.ViewResponse, error)
}

// Webhook answers a command through its response_url.
type Webhook func(ctx context.Context, address string, message *slack.WebhookMessage) error

// Store is where this package's facts are kept.
type Store interface {
	BeginRoom(ctx context.Context, c *incident.Claim, purpose incident.RoomPurpose, name string, at time.Time) error
	EndRoom(ctx context.Context, c *incident.Claim, purpose incident.RoomPurpose, id, name string) error
	RoomOwner(ctx context.Context, channel string) (int64, error)
	BeginDeed(ctx context.Context, c *incident.Claim, key, value string, at time.Time) error
	EndDeed(ctx context.Context, c *incident.Claim, d incident.Deed) error
	DirectChannel(ctx context.Context, person string) (string, error)
	SaveDirectChannel(ctx context.Context, person, channel string) error
}

// Room holds what the steps need.
type Room struct {
	Slack   Slack
	Store   Store
	Poster  *reconcile.Poster
	Webhook Webhook
	// Prefix begins every channel name: "inc" of inc-42-checkout.
	Prefix string
	// Group is the id of the user group that is invited to each room, or empty.
	Group string
	// TopicEvery is the package's, unless a test wants less.
	TopicEvery time.Duration

	searches reconcile.Search[slack.Channel]
}

// The names of the steps, as they stand in the database and before people.
const (
	StepChannel   = "channel"
	StepCard      = "card"
	StepPeople    = "people"
	StepTopic     = "topic"
	StepPin       = "pin"
	StepLines     = "lines"
	StepRoles     = "roles"
	StepBookmarks = "bookmarks"
	StepOrigin    = "origin"
)

// Steps are the room's concerns. digest is the name of the step that posts the
// digest message, which a bookmark points to.
func (r *Room) Steps(digest string) []reconcile.Step {
	inRoom := []string{StepChannel}
	return []reconcile.Step{
		{Name: StepChannel, Run: r.channel},
		{Name: StepCard, Needs: inRoom, Run: r.card},
		{Name: StepPeople, Needs: inRoom, Run: r.people},
		{Name: StepTopic, Needs: inRoom, Run: r.topic},
		{Name: StepLines, Needs: inRoom, Waits: []string{StepCard}, Run: r.lines},
		{Name: StepRoles, Needs: inRoom, Run: r.roles},
		{Name: StepPin, Needs: inRoom, Waits: []string{StepCard}, Run: r.pin},
		{Name: StepBookmarks, Needs: inRoom, Waits: []string{digest, StepPin}, Run: r.bookmarks},
		{Name: StepOrigin, Waits: []string{StepChannel, StepCard, StepPeople}, Run: r.origin},
	}
}
