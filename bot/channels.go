package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Channels is told what people do to channels. What became of one is for Slack to
// say when somebody looks: events overtake each other.
type Channels interface {
	Noticed(ctx context.Context, channel, by string, back bool) error
	TurnedPrivate(ctx context.Context, channel, by string) error
	TurnedPublic(ctx context.Context, channel, by string) error
	Deleted(ctx context.Context, channel, ts string) error
	MoveChannel(ctx context.Context, from, to string) error
	DigestBack(ctx context.Context) error
	DigestNow(ctx context.Context) (string, error)
	Holders(ctx context.Context, limit int) ([]string, error)
	PostsBack(ctx context.Context, channel string) error
}

// channelConcerns are the events about channels themselves. Those of private ones
// have a name of their own.
func channelConcerns() map[string]concern {
	all := map[string]concern{"channel_id_changed": {
		wants: func(_ *Bot, e event) bool { return e.Inner.OldID != "" && e.Inner.NewID != "" },
		act: func(b *Bot, ctx context.Context, e event, _ int) error {
			return b.Channels.MoveChannel(ctx, e.Inner.OldID, e.Inner.NewID)
		},
	}}
	for _, what := range []string{"archive", "unarchive", "deleted", "rename", "left"} {
		for _, family := range []string{"channel_", "group_"} {
			all[family+what] = concern{
				wants: func(_ *Bot, e event) bool { return e.Inner.Channel != "" },
				act:   func(b *Bot, ctx context.Context, e event, _ int) error { return b.channelMoved(ctx, e) },
			}
		}
	}
	return all
}

// channelMoved notes that somebody did something to a channel.
func (b *Bot) channelMoved(ctx context.Context, e event) error {
	back := strings.HasSuffix(e.Inner.Type, "_unarchive") || e.Inner.Type == "member_joined_channel"
	digest, err := b.Channels.DigestNow(ctx)
	if err != nil {
		return err
	}
	if e.Inner.Channel == digest {
		if !back {
			b.Log.Warn().Str("event", e.Inner.Type).Msg("the digest channel was changed")
			return nil
		}
		return b.Channels.DigestBack(ctx)
	}
	by := e.Inner.User
	if by == b.Place.BotUser {
		by = ""
	}
	return b.Channels.Noticed(ctx, e.Inner.Channel, by, back)
}

// wantsAccount picks people whose account is no longer.
func (b *Bot) wantsAccount(e event) bool { return e.Inner.Deleted && e.Inner.User != "" }

// accountChanged takes somebody out of their roles, and out of the console, who
// can't act any more. An event may come hours late: it asks whether that is still so.
func (b *Bot) accountChanged(ctx context.Context, e event, attempt int) error {
	if b.Evict != nil {
		if err := b.Evict(ctx, e.Inner.User); err != nil {
			return err
		}
	}
	switch who := b.askAccount(ctx, e.Inner.User); {
	case who.silent && attempt < readTries:
		return errors.New("ask whether an account is deactivated: Slack is silent")
	case !who.silent && !who.missing && !who.deleted:
		return nil
	}
	return b.Desk.Deactivated(ctx, e.Inner.User, e.ID)
}

// holdersAtOnce bounds the questions to Slack about people with roles.
const holdersAtOnce = 50

// checkHolders asks about everybody who holds a role, since nobody may have heard
// that their account is no longer.
func (b *Bot) checkHolders(ctx context.Context) error {
	holders, err := b.Channels.Holders(ctx, holdersAtOnce)
	if err != nil {
		return err
	}
	for _, person := range holders {
		if ctx.Err() != nil || !b.account(ctx, person).deleted {
			continue
		}
		// One that was brought back and deactivated again is another time.
		key := "deactivated:" + person + ":" + time.Now().UTC().Format("2006-01-02T15")
		if err := b.Desk.Deactivated(ctx, person, key); err != nil {
			return err
		}
	}
	return nil
}

// plainEvent puts ids in the place of people and channels that Slack sends whole.
func plainEvent(payload json.RawMessage) json.RawMessage {
	var outer, inner map[string]json.RawMessage
	if json.Unmarshal(payload, &outer) != nil || json.Unmarshal(outer["event"], &inner) != nil {
		return payload
	}
	whole := false
	for _, field := range []string{"user", "channel"} {
		var it struct {
			ID      json.RawMessage `json:"id"`
			Deleted json.RawMessage `json:"deleted"`
		}
		if !strings.HasPrefix(strings.TrimSpace(string(inner[field])), "{") || json.Unmarshal(inner[field], &it) != nil || it.ID == nil {
			continue
		}
		inner[field], whole = it.ID, true
		if it.Deleted != nil {
			inner["deleted"] = it.Deleted
		}
	}
	if !whole {
		return payload
	}
	var err error
	if outer["event"], err = json.Marshal(inner); err != nil {
		return payload
	}
	plain, err := json.Marshal(outer)
	if err != nil {
		return payload
	}
	return plain
}
