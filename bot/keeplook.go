package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

// eventPins is an event of our own: to look what is pinned in a channel, and which
// messages have the reaction that keeps them.
const eventPins = "muster_pins"

// PinsApart is the time between two looks for pins after a start, which is the
// rate that Slack promises and some room for others.
const PinsApart = 4 * time.Second

// lookForPins lets what was pinned or got the reaction while nobody listened be found in all open
// rooms, one after the other.
func (b *Bot) lookForPins(ctx context.Context) error {
	rooms, err := b.Reader.OpenRooms(ctx)
	if err != nil {
		return err
	}
	for n, room := range rooms {
		if err := b.lookForPinsIn(ctx, room, time.Duration(n)*b.PinsApart); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) lookForPinsIn(ctx context.Context, room string, after time.Duration) error {
	payload := fmt.Appendf(nil, `{"event_id":"pins:%s","event":{"type":%q,"channel":%q}}`, room, eventPins, room)
	return b.lookAgain(ctx, "pins:"+room, payload, after)
}

// pinsSeen makes the timeline of a room's incident agree with what is pinned there.
func (b *Bot) pinsSeen(ctx context.Context, e event, _ int) error {
	channel := e.Inner.Channel
	number, err := b.Reader.InRoom(ctx, channel)
	if err != nil || number == 0 {
		return err
	}
	at := time.Now()
	items, _, err := b.Slack.ListPinsContext(ctx, channel)
	if err != nil {
		// The library gives the code of this one method as a bare text.
		err = refusalOf(err)
	}
	if err != nil && passing(err) {
		return fmt.Errorf("look what is pinned: %w", err)
	}
	if err != nil {
		return incident.Errorf(incident.NotFound, "What is pinned in %s can't be read: %v", channel, err)
	}
	var pinned []incident.Pinned
	for _, item := range items {
		if item.Message == nil || item.Message.Timestamp == "" {
			continue
		}
		said, err := b.saidIn(ctx, channel, item.Message)
		if err == nil {
			pinned = append(pinned, incident.Pinned{TS: item.Message.Timestamp, Said: *said})
		}
	}
	if _, err = b.Desk.Pins(ctx, number, channel, pinned, time.Since(at), incident.Act{}); quiet(err) != nil {
		return err
	}
	return b.reactionsSeen(ctx, channel, number)
}

// reactionsLookedAt is how many of a room's newest messages are looked at for
// reactions: as many as Slack gives at once without ado. Replies in threads are
// not among them.
const reactionsLookedAt = 200

// reactionsSeen makes the timeline agree with the reactions on a room's messages.
func (b *Bot) reactionsSeen(ctx context.Context, channel string, number int64) error {
	at := time.Now()
	messages, err := b.newest(ctx, channel, reactionsLookedAt)
	if err != nil && passing(err) {
		return fmt.Errorf("look for reactions: %w", err)
	}
	if err != nil {
		return incident.Errorf(incident.NotFound, "The messages of %s can't be read: %v", channel, err)
	}
	ago := time.Since(at)
	var seen []incident.Reacted
	for n := range messages {
		m := &messages[n]
		people := reactedTo(m)
		if people == nil || m.SubType == tombstone {
			continue
		}
		if len(people) == 0 {
			seen = append(seen, incident.Reacted{TS: m.Timestamp})
			continue
		}
		said, err := b.saidIn(ctx, channel, m)
		if err != nil {
			continue
		}
		// Who may do nothing here puts nothing into a timeline.
		people = slices.DeleteFunc(people, func(person string) bool { return b.may(ctx, person) != nil })
		seen = append(seen, incident.Reacted{TS: m.Timestamp, Said: *said, People: people})
	}
	if len(seen) == 0 {
		return nil
	}
	_, err = b.Desk.Reactions(ctx, number, channel, seen, ago, incident.Act{})
	return quiet(err)
}

// newest reads the newest messages of a channel, up to so many.
func (b *Bot) newest(ctx context.Context, channel string, most int) (messages []slack.Message, err error) {
	for cursor := ""; len(messages) < most; {
		page, err := b.Slack.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: channel, Limit: most - len(messages), Cursor: cursor})
		if err != nil {
			return nil, err
		}
		messages, cursor = append(messages, page.Messages...), page.ResponseMetaData.NextCursor
		if cursor == "" {
			break
		}
	}
	return messages, nil
}

// refusalOf makes Slack's refusal of an error that is only its code.
func refusalOf(err error) error {
	code := err.Error()
	if strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return err
	}
	return slack.SlackErrorResponse{Err: code}
}
