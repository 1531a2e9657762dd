package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"muster/incident"
)

// readTries is how often a post is looked for before it is declared without
// its words: Slack may show a message late, and no alert waits for long.
const readTries = 3

var errNotSeen = errors.New("the message is not in the history")

// wantsReaction picks the reactions that declare, and that put a message into a
// timeline.
func (b *Bot) wantsReaction(e event) bool { return b.declares(e) || b.wantsKeep(e) }

// declares picks the reaction that declares. Nobody's skin colour matters; our own
// reactions, and those on our own messages, ask for nothing.
func (b *Bot) declares(e event) bool {
	name, _, _ := strings.Cut(e.Inner.Reaction, "::")
	return b.ReactEmoji != "" && name == b.ReactEmoji && e.Inner.Item.Type == "message" &&
		e.Inner.User != "" && e.Inner.User != b.Place.BotUser && e.Inner.ItemUser != b.Place.BotUser &&
		e.Inner.Item.Channel != b.Place.Digest
}

// reacted does what a reaction asks for. The same emoji may ask for both.
func (b *Bot) reacted(ctx context.Context, e event, attempt int) error {
	if b.declares(e) {
		if err := b.reactedDeclare(ctx, e, attempt); err != nil {
			return err
		}
	}
	if b.wantsKeep(e) {
		return b.reactionKept(ctx, e, attempt)
	}
	return nil
}

// reactedDeclare declares from a post that somebody reacted to. However many
// react, the post's key makes it one incident.
func (b *Bot) reactedDeclare(ctx context.Context, e event, attempt int) error {
	item := e.Inner.Item
	number, err := b.Reader.FromOrigin(ctx, incident.Post{Channel: item.Channel, TS: item.TS}.Key())
	if err != nil || number != 0 {
		return err
	}
	digest, err := b.Channels.DigestNow(ctx)
	if err != nil || digest == item.Channel {
		return err
	}
	room, err := b.Reader.InRoom(ctx, item.Channel)
	if err != nil || room != 0 {
		return err
	}
	// Anybody in a channel can react, and a reaction has no answer.
	if b.may(ctx, e.Inner.User) != nil {
		return nil
	}
	post, d := incident.Post{Channel: item.Channel, TS: item.TS}, incident.Declaration{}
	m, err := b.readPost(ctx, item.Channel, item.TS)
	if err == nil && m.SubType == tombstone {
		err = errNotSeen
	}
	switch {
	case err == nil:
		post, d = postOf(item.Channel, item.TS, m, func(text string) string { return b.withNames(ctx, text) })
	case passing(err) && attempt < readTries:
		return fmt.Errorf("read the post: %w", err)
	}
	d.By = e.Inner.User
	d.Origin = incident.Origin{Kind: incident.OriginReaction, Key: post.Key(), Channel: item.Channel, Post: &post}
	if d = d.Fit(); d.Check() != nil {
		d.Title = incident.Shorten("Alert in "+b.channelName(ctx, item.Channel), incident.MaxTitle)
	}
	_, _, err = b.Desk.Declare(ctx, d, true)
	return err
}

// readPost reads one message. errNotSeen says that it is not there, any more or
// yet.
func (b *Bot) readPost(ctx context.Context, channel, ts string) (*slack.Message, error) {
	answer, err := b.Slack.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Latest: ts, Oldest: ts, Inclusive: true, Limit: 1,
	})
	if err != nil {
		return nil, err
	}
	if m := find(answer.Messages, ts); m != nil {
		return m, nil
	}
	// What stands in a thread is not in the channel's history.
	replies, _, _, err := b.Slack.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: ts, Latest: ts, Oldest: ts, Inclusive: true, Limit: 10,
	})
	if err != nil {
		if _, ok := errors.AsType[slack.SlackErrorResponse](err); ok && !passing(err) {
			return nil, errNotSeen
		}
		return nil, err
	}
	if m := find(replies, ts); m != nil {
		return m, nil
	}
	return nil, errNotSeen
}

func find(messages []slack.Message, ts string) *slack.Message {
	for n := range messages {
		if messages[n].Timestamp == ts {
			return &messages[n]
		}
	}
	return nil
}

// passing reports an error that may be over in a second, other than a refusal.
func passing(err error) bool {
	refusal, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok {
		return true
	}
	switch refusal.Err {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "team_added_to_org":
		return true
	}
	return false
}

// channelName is "#alerts" in words, for a title.
func (b *Bot) channelName(ctx context.Context, channel string) string {
	info, err := b.Slack.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	if err != nil || info.Name == "" {
		return "a channel that muster can't read"
	}
	return "#" + info.Name
}
