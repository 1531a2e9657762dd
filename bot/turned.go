package bot

import (
	"context"
	"sync"
)

// Slack lets no app make a channel private or public, but people may. Whatever comes out of
// a channel says whether it is private; the first time that it is, and the first time that it
// is no longer, the room's record is compared with that.

// The subtypes of the messages with which Slack says so itself.
const (
	convertedToPrivate = "channel_convert_to_private"
	convertedToPublic  = "channel_convert_to_public"
)

// seenPrivate are the channels that are known to be private.
type seenPrivate struct {
	mu       sync.Mutex
	channels map[string]bool
}

// seenKept bounds how many are known.
const seenKept = 10_000

func (s *seenPrivate) has(channel string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channels[channel]
}

func (s *seenPrivate) add(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channels == nil || len(s.channels) >= seenKept {
		s.channels = map[string]bool{}
	}
	s.channels[channel] = true
}

// saysPrivate reports whether an event tells of a private channel what is not known.
func (b *Bot) saysPrivate(e event) bool {
	private := e.Inner.ChannelType == "group" || e.Inner.ChannelType == "G"
	return private && e.Inner.Channel != "" && (e.Inner.Subtype == convertedToPrivate || !b.private.has(e.Inner.Channel))
}

func (s *seenPrivate) drop(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.channels, channel)
}

// saysPublic reports whether an event tells of a public channel that is taken for private.
func (b *Bot) saysPublic(e event) bool {
	public := e.Inner.ChannelType == "channel" || e.Inner.ChannelType == "C"
	return e.Inner.Channel != "" && (e.Inner.Subtype == convertedToPublic || public && b.private.has(e.Inner.Channel))
}

// turnedPublic notes that a channel is public that was private; by is who made it so, or
// empty.
func (b *Bot) turnedPublic(ctx context.Context, channel, by string) error {
	if b.Channels == nil {
		return nil
	}
	err := b.Channels.TurnedPublic(ctx, channel, by)
	if err == nil {
		b.private.drop(channel)
	}
	return err
}

// turnedPrivate notes that a channel is private; by is who made it so, or empty.
func (b *Bot) turnedPrivate(ctx context.Context, channel, by string) error {
	if b.Channels == nil {
		return nil
	}
	err := b.Channels.TurnedPrivate(ctx, channel, by)
	if err == nil {
		b.private.add(channel)
	}
	return err
}

// contact notes that somebody acts in a private channel, before what they do is told
// to anybody.
func (b *Bot) contact(ctx context.Context, channel, name string) {
	if name != "privategroup" || b.private.has(channel) {
		return
	}
	if err := b.turnedPrivate(ctx, channel, ""); err != nil {
		b.Log.Warn().Err(err).Msg("note that a channel is private")
	}
}

func (b *Bot) wantsMessage(e event) bool {
	return b.wantsChange(e) || b.saysPrivate(e) || b.saysPublic(e) || b.ourLoss(e)
}

// ourLoss reports that a message of muster's was deleted.
func (b *Bot) ourLoss(e event) bool {
	return e.lost() != "" && e.Inner.PreviousMessage.User == b.Place.BotUser
}

// lost is the ts of the message of whose deletion an event tells, or empty. Of one that
// has replies, a stone stays.
func (e event) lost() string {
	switch {
	case e.Inner.Subtype == "message_deleted":
		return e.Inner.DeletedTS
	case e.Inner.Subtype == "message_changed" && e.Inner.Message.Subtype == tombstone:
		return e.Inner.Message.TS
	}
	return ""
}

// messageHeard takes from a message where it stands, and what was changed in it.
func (b *Bot) messageHeard(ctx context.Context, e event, attempt int) error {
	if b.saysPrivate(e) {
		by := ""
		if e.Inner.Subtype == convertedToPrivate {
			by = e.Inner.User
		}
		if err := b.turnedPrivate(ctx, e.Inner.Channel, by); err != nil {
			return err
		}
	}
	if b.saysPublic(e) {
		by := ""
		if e.Inner.Subtype == convertedToPublic {
			by = e.Inner.User
		}
		if err := b.turnedPublic(ctx, e.Inner.Channel, by); err != nil {
			return err
		}
	}
	if b.ourLoss(e) {
		return b.Channels.Deleted(ctx, e.Inner.Channel, e.lost())
	}
	if !b.wantsChange(e) {
		return nil
	}
	return b.messageChanged(ctx, e, attempt)
}
