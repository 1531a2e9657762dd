package room

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
	"muster/reconcile"
)

// maxTries bounds the suffixes that are tried for one name.
const maxTries = 20

// channel makes the incident's channel exist.
func (r *Room) channel(ctx context.Context, p *reconcile.Pass) error {
	room := p.Room(incident.RoomMain)
	if room.ID != "" {
		return nil
	}
	for try := r.firstTry(p, room); try <= maxTries; try++ {
		name := Name(r.Prefix, p.Number, p.Title, try)
		made, err := r.make(ctx, p, room, name)
		if err != nil {
			return err
		}
		if made.ID != "" {
			p.SetRoom(made)
			return nil
		}
	}
	return fmt.Errorf("all of %d names like %q are taken", maxTries, Name(r.Prefix, p.Number, p.Title, 1))
}

// firstTry is the name to begin with: an attempt without a result is settled
// before another name puts it out of the record.
func (r *Room) firstTry(p *reconcile.Pass, begun incident.Room) int {
	if begun.AttemptedAt.IsZero() {
		return 1
	}
	for try := 1; try <= maxTries; try++ {
		if Name(r.Prefix, p.Number, p.Title, try) == begun.Name {
			return try
		}
	}
	return 1
}

// make creates the channel called name, or adopts the one that an earlier
// attempt of ours made. The ID is empty if the name is somebody else's.
func (r *Room) make(ctx context.Context, p *reconcile.Pass, before incident.Room, name string) (incident.Room, error) {
	made := incident.Room{Purpose: incident.RoomMain, Name: name}
	began := p.Now()
	unsettled := before.Name == name && !before.AttemptedAt.IsZero()
	if unsettled {
		began = before.AttemptedAt
	}
	if err := r.Store.BeginRoom(ctx, p.Claim, made.Purpose, name, began); err != nil {
		return made, fmt.Errorf("begin channel %s: %w", name, err)
	}
	channel, err := r.Slack.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: name})
	switch {
	case err == nil && channel.ID == "":
		return made, fmt.Errorf("create channel %s: %w", name, reconcile.ErrEmptyAnswer)
	case err == nil:
		made.ID, made.Name = channel.ID, channel.Name
	case reconcile.Code(err) == "name_taken" && unsettled:
		if made.ID, err = r.ours(ctx, p, name, began); err != nil {
			return made, err
		}
	case reconcile.Code(err) == "name_taken":
	case reconcile.Classify(err) == reconcile.Unknown:
		// The attempt stays on record; the next pass repeats it and, if the
		// name is taken then, looks whether it is by us.
		return made, fmt.Errorf("create channel %s: %w", name, err)
	default:
		return made, r.refused(ctx, p, made, err)
	}
	if made.ID == "" {
		return made, nil
	}
	if err := r.Store.EndRoom(ctx, p.Claim, made.Purpose, made.ID, made.Name); err != nil {
		return made, fmt.Errorf("note channel %s: %w", name, err)
	}
	return made, nil
}

// refused clears the attempt, so that the next one is not taken for a repeat.
func (r *Room) refused(ctx context.Context, p *reconcile.Pass, made incident.Room, cause error) error {
	if err := r.Store.EndRoom(ctx, p.Claim, made.Purpose, "", made.Name); err != nil {
		return fmt.Errorf("note the refusal of channel %s: %w", made.Name, err)
	}
	return fmt.Errorf("create channel %s: %w", made.Name, reconcile.Held(cause, p.Now()))
}

// clockSkew is how far Slack's clock may be from ours. Its channels have whole
// seconds.
const clockSkew = time.Minute

// ours finds the channel that an attempt of ours made without our hearing of
// it: made by us, after the attempt began, and no other incident's.
func (r *Room) ours(ctx context.Context, p *reconcile.Pass, name string, began time.Time) (string, error) {
	called, err := r.searches.Run(fmt.Sprintf("%s %d", name, began.UnixNano()), func(cursor string) (called []slack.Channel, next string, err error) {
		page, next, err := r.Slack.GetConversationsContext(ctx, &slack.GetConversationsParameters{
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
		return "", fmt.Errorf("look for channel %s: %w", name, reconcile.Held(err, p.Now()))
	}
	if len(called) == 0 || called[0].Creator != p.Installation.BotUser || called[0].Created.Time().Before(began.Add(-clockSkew)) {
		return "", nil
	}
	owner, err := r.Store.RoomOwner(ctx, called[0].ID)
	if err != nil || owner != 0 && owner != p.Number {
		return "", err
	}
	return called[0].ID, nil
}
