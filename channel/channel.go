// Package channel makes an incident's channels: their names, that each exists
// once whatever crashes, and who is invited.
package channel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
	"muster/reconcile"
)

// Slack is what this package asks of Slack.
type Slack interface {
	CreateConversationContext(ctx context.Context, params slack.CreateConversationParams) (*slack.Channel, error)
	GetConversationsContext(ctx context.Context, params *slack.GetConversationsParameters) ([]slack.Channel, string, error)
	InviteUsersToConversationContext(ctx context.Context, channel string, users ...string) (*slack.Channel, error)
}

// Store is where channels are on record.
type Store interface {
	BeginRoom(ctx context.Context, c *incident.Claim, purpose incident.RoomPurpose, name string, at time.Time) error
	EndRoom(ctx context.Context, c *incident.Claim, made incident.Room) error
	RoomOwner(ctx context.Context, channel string) (int64, error)
	// RoomsAhead counts the incidents that get their room before this one.
	RoomsAhead(ctx context.Context, number int64) (int, error)
	// HurryRoom makes the incident due whose room comes next.
	HurryRoom(ctx context.Context) error
}

// Maker makes channels and invites people.
type Maker struct {
	Slack Slack
	Store Store
	// Queue is the time between two channels while Slack limits their making, and
	// zero while it doesn't.
	Queue func() time.Duration

	searches reconcile.Search[slack.Channel]
}

// maxTries bounds the suffixes that are tried for one name.
const maxTries = 20

// Ensure makes the channel of a purpose exist. name gives the name of the n-th
// try, from 1. The step that calls it is one that others wait for.
func (m *Maker) Ensure(ctx context.Context, p *reconcile.Pass, purpose incident.RoomPurpose, name func(try int) string) error {
	if p.Room(purpose).ID != "" {
		return nil
	}
	if purpose != incident.RoomMain {
		return m.ensure(ctx, p, purpose, name)
	}
	if err := m.turn(ctx, p); err != nil {
		return err
	}
	err := m.ensure(ctx, p, purpose, name)
	if err == nil && m.queue() > 0 {
		// When this fails, the next one comes when it thinks that it is its turn.
		_ = m.Store.HurryRoom(ctx)
	}
	return m.first(err)
}

func (m *Maker) queue() time.Duration {
	if m.Queue == nil {
		return 0
	}
	return m.Queue()
}

// turn holds a room back that others come before, while Slack limits the making of
// channels: else whoever asks just when there is a place goes before all who wait.
// Who has made a room wakes the next; the wait is for when that fails.
func (m *Maker) turn(ctx context.Context, p *reconcile.Pass) error {
	every := m.queue()
	if every == 0 {
		return nil
	}
	ahead, err := m.Store.RoomsAhead(ctx, p.Number)
	if err != nil || ahead == 0 {
		return err
	}
	return &reconcile.Later{At: p.Now().Add(time.Duration(ahead) * every), Every: every, Why: "the rooms before it"}
}

// first lets the room that comes next ask a little sooner than any other channel,
// and so get the place.
func (m *Maker) first(err error) error {
	if later, ok := errors.AsType[*reconcile.Later](err); ok && later.Every > 0 {
		later.At = later.At.Add(-later.Every / 4)
	}
	return err
}

func (m *Maker) ensure(ctx context.Context, p *reconcile.Pass, purpose incident.RoomPurpose, name func(try int) string) error {
	room := p.Room(purpose)
	if !room.AttemptedAt.IsZero() && tryOf(room.Name, name) == 0 {
		// The incident was given another title since.
		made, err := m.make(ctx, p, room, room.Name)
		if err != nil {
			return err
		}
		if made.ID != "" {
			p.SetRoom(made)
			return nil
		}
		room = made
	}
	for try := firstTry(room, name); try <= maxTries; try++ {
		made, err := m.make(ctx, p, room, name(try))
		if err != nil {
			return err
		}
		if made.ID != "" {
			p.SetRoom(made)
			return nil
		}
	}
	return fmt.Errorf("all %d names that the channel could have are taken", maxTries)
}

// firstTry is the name to begin with, the one on record. An attempt without a
// result is settled before another name puts it out of the record, and names that
// were found taken are not asked for again: while Slack is strict, the first of
// them would use up the call that the next one needs.
func firstTry(begun incident.Room, name func(try int) string) int {
	return max(1, tryOf(begun.Name, name))
}

// tryOf is the try that gives the name, or 0 if none does.
func tryOf(begun string, name func(try int) string) int {
	for try := 1; try <= maxTries; try++ {
		if name(try) == begun {
			return try
		}
	}
	return 0
}

// make creates the channel called name, or adopts the one that an earlier
// attempt of ours made. The ID is empty if the name is somebody else's. No error holds
// the name: it tells the title, and errors are logged.
func (m *Maker) make(ctx context.Context, p *reconcile.Pass, before incident.Room, name string) (incident.Room, error) {
	made := incident.Room{Purpose: before.Purpose, Name: name, Private: p.Private}
	began := p.Now()
	unsettled := before.Name == name && !before.AttemptedAt.IsZero()
	if unsettled {
		began = before.AttemptedAt
	}
	if err := m.Store.BeginRoom(ctx, p.Claim, made.Purpose, name, began); err != nil {
		return made, fmt.Errorf("begin the channel: %w", err)
	}
	channel, err := m.Slack.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: name, IsPrivate: p.Private})
	switch {
	case err == nil && channel.ID == "":
		return made, fmt.Errorf("create the channel: %w", reconcile.ErrEmptyAnswer)
	case err == nil:
		made.ID, made.Name = channel.ID, channel.Name
	case reconcile.Code(err) == "name_taken" && unsettled:
		if made.ID, made.Private, err = m.ours(ctx, p, name, began); err != nil {
			return made, err
		}
	case reconcile.Code(err) == "name_taken":
	case reconcile.Classify(err) == reconcile.Unknown:
		// The attempt stays on record; the next pass repeats it and, if the
		// name is taken then, looks whether it is by us.
		return made, fmt.Errorf("create the channel: %w", err)
	case unsettled:
		// This call was refused, but the earlier one may have made the channel.
		return made, fmt.Errorf("create the channel: %w", reconcile.Held(err, p.Now()))
	default:
		return made, m.refused(ctx, p, made, err)
	}
	if made.ID == "" {
		return made, nil
	}
	if err := m.Store.EndRoom(ctx, p.Claim, made); err != nil {
		return made, fmt.Errorf("note the channel: %w", err)
	}
	return made, nil
}

// settleWithin is how long a channel that was just made may be missing from Slack's lists.
const settleWithin = 20 * time.Second

// Settle finds out about a channel of which it is not known whether it was made, and that
// is not wished for any more: one that is there is on record then, and not left alone
// without anybody who knows of it.
func (m *Maker) Settle(ctx context.Context, p *reconcile.Pass, purpose incident.RoomPurpose) error {
	room := p.Room(purpose)
	if room.ID != "" || room.AttemptedAt.IsZero() {
		return nil
	}
	id, private, err := m.ours(ctx, p, room.Name, room.AttemptedAt)
	if err != nil {
		return err
	}
	if at := room.AttemptedAt.Add(settleWithin); id == "" && reconcile.Waits(p.Now(), at, settleWithin) {
		return &reconcile.Later{At: at, Why: "Slack to show whether it made a channel"}
	}
	made := incident.Room{Purpose: purpose, ID: id, Name: room.Name, Private: private}
	if err := m.Store.EndRoom(ctx, p.Claim, made); err != nil {
		return fmt.Errorf("note the channel: %w", err)
	}
	p.SetRoom(made)
	return nil
}

// refused clears the attempt, so that the next one is not taken for a repeat.
func (m *Maker) refused(ctx context.Context, p *reconcile.Pass, made incident.Room, cause error) error {
	if err := m.Store.EndRoom(ctx, p.Claim, made); err != nil {
		return fmt.Errorf("note the refusal of the channel: %w", err)
	}
	return fmt.Errorf("create the channel: %w", reconcile.Held(cause, p.Now()))
}

// clockSkew is how far Slack's clock may be from ours. Its channels have whole
// seconds.
const clockSkew = 5 * time.Minute

// ours finds the channel that an attempt of ours made without our hearing of
// it: made by us, after the attempt began, and no other incident's.
func (m *Maker) ours(ctx context.Context, p *reconcile.Pass, name string, began time.Time) (id string, private bool, err error) {
	called, err := m.searches.Run(fmt.Sprintf("%s %d", name, began.UnixNano()), func(cursor string) (called []slack.Channel, next string, err error) {
		page, next, err := m.Slack.GetConversationsContext(ctx, &slack.GetConversationsParameters{
			Cursor: cursor, Limit: 200, ExcludeArchived: true, Types: []string{"public_channel", "private_channel"},
		})
		for _, c := range page {
			if c.Name == name {
				return []slack.Channel{c}, "", err
			}
		}
		return nil, next, err
	})
	if err != nil {
		return "", false, fmt.Errorf("look for the channel: %w", reconcile.Held(err, p.Now()))
	}
	if len(called) == 0 || called[0].Creator != p.Installation.BotUser || called[0].Created.Time().Before(began.Add(-clockSkew)) {
		return "", false, nil
	}
	owner, err := m.Store.RoomOwner(ctx, called[0].ID)
	if err != nil || owner != 0 && owner != p.Number {
		return "", false, err
	}
	return called[0].ID, called[0].IsPrivate, nil
}
