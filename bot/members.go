package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"
)

// Members is the record of who is in the rooms of private incidents.
type Members interface {
	Now(ctx context.Context) (time.Time, error)
	PrivateRoom(ctx context.Context, number int64) (channel string, at time.Time, err error)
	PrivateRooms(ctx context.Context, before time.Time, age time.Duration, limit int) ([]string, error)
	SaveMembers(ctx context.Context, channel string, people []string, began time.Time) error
	PutMembersOff(ctx context.Context, channel string, began time.Time) error
	SaveMember(ctx context.Context, number int64, person string) error
}

const (
	// membersEvery is how old the record of a private room becomes before Slack is
	// asked again: an event that nobody heard is noticed by then.
	membersEvery = 10 * time.Minute
	// membersTick is how often that is looked at, and membersAtOnce for how many
	// rooms at a time.
	membersTick, membersAtOnce = time.Minute, 100
	// membersPage is how many members Slack is asked for in one call.
	membersPage = 500
)

// wantsMember picks who comes into a channel or leaves it, ourselves among them.
func (b *Bot) wantsMember(e event) bool {
	return e.Inner.User != "" && (e.Inner.User == b.Place.BotUser || e.Inner.Channel != b.Place.Digest)
}

// membersMoved reads anew who is in a private room. Events overtake each other, so
// that one says only that something changed.
func (b *Bot) membersMoved(ctx context.Context, e event, _ int) error {
	if e.Inner.User == b.Place.BotUser {
		return b.channelMoved(ctx, e)
	}
	number, err := b.Reader.InRoom(ctx, e.Inner.Channel)
	if err != nil || number == 0 {
		return err
	}
	channel, _, err := b.Members.PrivateRoom(ctx, number)
	if err != nil || channel != e.Inner.Channel {
		return err
	}
	if e.Inner.ChannelType == "C" {
		// Somebody may have made it public unheard.
		if err := b.turnedPublic(ctx, channel, ""); err != nil {
			return err
		}
	}
	return b.readMembers(ctx, channel)
}

// readMembers asks Slack who is in a private room, and notes it.
func (b *Bot) readMembers(ctx context.Context, channel string) error {
	began, err := b.Members.Now(ctx)
	if err != nil {
		return err
	}
	people := []string{}
	for cursor := ""; ; {
		page, next, err := b.Slack.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{
			ChannelID: channel, Cursor: cursor, Limit: membersPage,
		})
		if err != nil && !passing(err) {
			// muster was removed, or the channel is gone: the record stays as it is.
			return b.Members.PutMembersOff(ctx, channel, began)
		}
		if err != nil {
			return fmt.Errorf("list the members of a room: %w", err)
		}
		people = append(people, page...)
		if cursor = next; cursor == "" {
			return b.Members.SaveMembers(ctx, channel, people, began)
		}
	}
}

// Heard says that a connection to Slack stands, after a time in which nobody may
// have heard.
func (b *Bot) Heard() { nudge(b.heardAgain()) }

func (b *Bot) heardAgain() chan struct{} {
	b.hears.Do(func() { b.heard = make(chan struct{}, 1) })
	return b.heard
}

// RunMembers keeps the record of who is in private rooms true, until ctx ends:
// it is read anew whenever muster begins to hear, and now and then. Whenever it
// begins to hear, it also asks whether who holds a role can still act.
func (b *Bot) RunMembers(ctx context.Context) error {
	tick := time.NewTicker(membersTick)
	defer tick.Stop()
	var due membersDue
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-b.heardAgain():
			due.again = true
			if err := b.checkHolders(ctx); err != nil && ctx.Err() == nil {
				b.Log.Warn().Err(err).Msg("ask about people with roles")
			}
		case <-tick.C:
		}
		if err := b.readAllMembers(ctx, &due); err != nil && ctx.Err() == nil {
			b.Log.Warn().Err(err).Msg("read who is in private rooms")
		}
	}
}

// membersDue says which records are to be read anew.
type membersDue struct {
	// again is whether all of those there are now are.
	again bool
	// since is when that was asked for last: what is older has not been read yet.
	since time.Time
}

// readAllMembers reads the members of private rooms whose record is old, as many as
// Slack lets be read in a minute. The rest, and a room that can't be read at the
// moment, are left for the next time.
func (b *Bot) readAllMembers(ctx context.Context, due *membersDue) error {
	if due.again {
		now, err := b.Members.Now(ctx)
		if err != nil {
			return err
		}
		due.again, due.since = false, now
	}
	rooms, err := b.Members.PrivateRooms(ctx, due.since, membersEvery, membersAtOnce)
	if err != nil {
		return err
	}
	for _, channel := range rooms {
		if ctx.Err() != nil {
			return nil
		}
		if err := b.readMembers(ctx, channel); err != nil && ctx.Err() == nil {
			b.Log.Warn().Err(err).Str("channel", channel).Msg("read who is in a private room")
		}
	}
	return nil
}
