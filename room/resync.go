package room

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// StepResynced is the step that says what a comparison with Slack put right.
const StepResynced = "resynced"

// deedResync is the last comparison that somebody asked for; its value is a
// comparison.
const deedResync = "resync"

// comparison is what a resync found, kept until it is put right and said.
type comparison struct {
	// Stamp is the ResyncAt that asked for it.
	Stamp int64 `json:"stamp"`
	// Messages are the ts of the messages that were written anew, by key.
	Messages map[string]string `json:"messages"`
	// Found is what was otherwise than on record, and Forgot the deeds that are
	// done again for it.
	Found  []string `json:"found,omitempty"`
	Forgot []string `json:"forgot,omitempty"`
	// Cleared is whether the record was cleared: what happens then is repeated by
	// the steps themselves.
	Cleared bool `json:"cleared,omitempty"`
}

// called is how people call the messages that are compared.
var called = map[string]string{KeyCard: "the card", incident.KeyDigest: "the digest message", incident.KeyOpener: "the first message of the review"}

// asked gives the comparison that is asked for and not finished.
func asked(p *reconcile.Pass) (comparison, bool) {
	var c comparison
	deed := p.Deed(deedResync)
	_ = json.Unmarshal([]byte(deed.Value), &c)
	if p.ResyncAt.IsZero() || c.Stamp == p.ResyncAt.UnixMilli() && !deed.DoneAt.IsZero() {
		return c, false
	}
	if c.Stamp != p.ResyncAt.UnixMilli() {
		c = comparison{Stamp: p.ResyncAt.UnixMilli(), Messages: map[string]string{}}
		for key := range called {
			if ts := p.Posting(key).TS; ts != "" {
				c.Messages[key] = ts
			}
		}
	}
	return c, true
}

// resync compares the record with Slack, once for each time that it is asked for,
// and clears what is otherwise, so that the steps after it make it so again. The
// messages that stay are written anew: what is deleted shows only then.
func (r *Room) resync(ctx context.Context, p *reconcile.Pass) error {
	c, ask := asked(p)
	if !ask || c.Cleared {
		return nil
	}
	if room := p.Room(incident.RoomMain); room.ID != "" && room.Open() {
		if err := r.compare(ctx, p, room.ID, &c); err != nil {
			return err
		}
	}
	if err := r.keepComparison(ctx, p, c); err != nil {
		return err
	}
	if len(c.Forgot) > 0 {
		if err := r.Store.ForgetDeeds(ctx, p.Claim, c.Forgot); err != nil {
			return fmt.Errorf("clear the record: %w", err)
		}
		for _, key := range c.Forgot {
			p.ForgetDeed(key)
		}
	}
	for key := range c.Messages {
		if err := r.Poster.Doubt(ctx, p, key); err != nil {
			return err
		}
	}
	c.Cleared = true
	return r.keepComparison(ctx, p, c)
}

func (r *Room) keepComparison(ctx context.Context, p *reconcile.Pass, c comparison) error {
	value, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return p.BeginDeed(ctx, r.Store, deedResync, string(value))
}

// compare looks at everything in the room that is not a message.
func (r *Room) compare(ctx context.Context, p *reconcile.Pass, channel string, c *comparison) error {
	otherwise := func(what, deed string) {
		if !slices.Contains(c.Found, what) {
			c.Found = append(c.Found, what)
		}
		if !slices.Contains(c.Forgot, deed) {
			c.Forgot = append(c.Forgot, deed)
		}
	}
	topic, err := r.shownTopic(ctx, p, channel)
	if err != nil {
		return err
	}
	if have := p.Deed(deedTopic); !have.DoneAt.IsZero() && topic != have.Value {
		otherwise("the topic", deedTopic)
	}
	members, err := r.members(ctx, p, channel)
	if err != nil {
		return err
	}
	for _, user := range belong(p.Case) {
		if have := p.Deed(invited(user)); !have.DoneAt.IsZero() && have.Error == "" && !slices.Contains(members, user) {
			otherwise("who is in the channel", invited(user))
		}
	}
	pins, _, err := r.Slack.ListPinsContext(ctx, channel)
	if err != nil {
		return fmt.Errorf("list the pins: %w", reconcile.Held(err, p.Now()))
	}
	card := p.Posting(KeyCard).TS
	if card != "" && !slices.ContainsFunc(pins, func(i slack.Item) bool { return i.Message != nil && i.Message.Timestamp == card }) {
		otherwise("the card's pin", deedPin)
	}
	marks, err := r.Slack.ListBookmarksContext(ctx, channel)
	if err != nil {
		return fmt.Errorf("list the bookmarks: %w", reconcile.Held(err, p.Now()))
	}
	for key, have := range p.AllDeeds() {
		// Of one that is not wished for nothing is missing, and no step would make it.
		if strings.HasPrefix(key, "bookmark:") && !have.DoneAt.IsZero() && have.Value != "" &&
			!slices.ContainsFunc(marks, func(b slack.Bookmark) bool { return b.ID == have.Ref && b.Link == have.Value }) {
			otherwise("the bookmarks", key)
		}
	}
	slices.Sort(c.Forgot)
	return nil
}

// membersPage is how many members Slack is asked for in one call.
const membersPage = 200

func (r *Room) members(ctx context.Context, p *reconcile.Pass, channel string) (all []string, err error) {
	for cursor := ""; ; {
		page, next, err := r.Slack.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{
			ChannelID: channel, Cursor: cursor, Limit: membersPage,
		})
		if err != nil {
			return nil, fmt.Errorf("list the members: %w", reconcile.Held(err, p.Now()))
		}
		all = append(all, page...)
		if cursor = next; cursor == "" {
			return all, nil
		}
	}
}

// resynced says in the room what was put right, once that is so. Where nothing was,
// it says nothing.
func (r *Room) resynced(ctx context.Context, p *reconcile.Pass) error {
	c, ask := asked(p)
	if !ask || !c.Cleared {
		return nil
	}
	room := p.Room(incident.RoomMain)
	found := slices.Clone(c.Found)
	for _, key := range []string{KeyCard, incident.KeyDigest, incident.KeyOpener} {
		before, compared := c.Messages[key]
		have := p.Posting(key)
		if !compared || have.Channel == room.ID && !room.Open() {
			continue
		}
		if have.TS == "" || have.Hash == "" {
			return &reconcile.Later{At: p.Now().Add(cardPause), Why: called[key]}
		}
		if have.TS != before {
			found = append(found, called[key])
		}
	}
	for _, key := range c.Forgot {
		if p.Deed(key).DoneAt.IsZero() && room.Open() {
			return &reconcile.Later{At: p.Now().Add(cardPause), Why: "what is put right"}
		}
	}
	if len(found) > 0 && room.ID != "" && room.Open() {
		text := block.Textf(":wrench: Compared with Slack and put right: %s.", strings.Join(found, ", "))
		_, err := r.Poster.Once(ctx, p, reconcile.Message{
			Key: fmt.Sprintf("resync:%d", c.Stamp), Channel: room.ID, Text: block.Fallback(text), Blocks: []slack.Block{block.Section(text)},
		})
		if err != nil {
			return err
		}
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedResync, Value: p.Deed(deedResync).Value})
}
