package bot

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// actor is who acts, and in which channel if in any: what they are told depends on
// it. Without one in the context, only what everybody may know is told.
type actor struct {
	user, channel string
	// heard is whether they acted in an event, perhaps a while ago.
	heard bool
}

type actorKey struct{}

func acting(ctx context.Context, user, channel string) context.Context {
	return context.WithValue(ctx, actorKey{}, actor{user: user, channel: channel})
}

// heardFrom is acting for an event: who sent it may have left since.
func heardFrom(ctx context.Context, user string) context.Context {
	return context.WithValue(ctx, actorKey{}, actor{user: user, heard: true})
}

func who(ctx context.Context) actor {
	a, _ := ctx.Value(actorKey{}).(actor)
	return a
}

// incident reads an incident if the person who acts may know of it. Nothing else
// in this package reads one.
func (b *Bot) incident(ctx context.Context, number int64) (*incident.Incident, error) {
	i, err := b.Reader.Incident(ctx, number)
	if err != nil || i.VisibleTo(who(ctx).user) || b.inside(ctx, number) {
		return i, err
	}
	return nil, incident.NoSuch(number)
}

// mayKnow refuses what is about an incident that the person who acts may not know
// of.
func (b *Bot) mayKnow(ctx context.Context, number int64) error {
	if number == 0 {
		return nil
	}
	_, err := b.incident(ctx, number)
	return err
}

// mayKnowForm does that for the incidents that a form is about: the one that it
// carries, and the one that was picked in it.
func (b *Bot) mayKnowForm(ctx context.Context, in slack.InteractionCallback) error {
	var shown struct {
		Number int64 `json:"number"`
	}
	_ = json.Unmarshal([]byte(in.View.PrivateMetadata), &shown)
	if err := b.mayKnow(ctx, shown.Number); err != nil {
		return err
	}
	picked, _ := strconv.ParseInt(values(in)[block.FieldIncident], 10, 64)
	return b.mayKnow(ctx, picked)
}

// membersFresh is how old a list of members may be to refuse somebody by it.
const membersFresh = 10 * time.Second

// inside finds out whether the person who acts is in the room of a private
// incident although the record does not say so: they act in it, or Slack lists
// them now.
func (b *Bot) inside(ctx context.Context, number int64) bool {
	a := who(ctx)
	channel, at, err := b.Members.PrivateRoom(ctx, number)
	if err != nil || channel == "" || a.user == "" {
		return false
	}
	if a.channel == channel {
		if err := b.Members.SaveMember(ctx, number, a.user); err != nil {
			b.Log.Warn().Err(err).Msg("note a member")
		}
		return true
	}
	if !a.heard && time.Since(at) < membersFresh {
		return false
	}
	b.hold(ctx)
	ctx, cancel := context.WithTimeout(ctx, b.askLimit())
	defer cancel()
	if err := b.readMembers(ctx, channel); err != nil {
		b.Log.Warn().Err(err).Msg("read who is in a private room")
		return false
	}
	i, err := b.Reader.Incident(ctx, number)
	return err == nil && i.VisibleTo(a.user)
}
