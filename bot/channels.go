package bot

import (
	"context"
	"encoding/json"
	"strings"
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
