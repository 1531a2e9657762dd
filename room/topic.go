package room

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// TopicEvery is the least time between two changes of one topic: each makes a
// message in the channel, and Slack takes 20 a minute in the whole workspace.
const TopicEvery = 10 * time.Second

const deedTopic = "topic"

// topic keeps the channel's topic.
func (r *Room) topic(ctx context.Context, p *reconcile.Pass) error {
	room := p.Room(incident.RoomMain)
	want := Topic(p.Case)
	have := p.Deed(deedTopic)
	if have.Value == want && !have.DoneAt.IsZero() {
		return nil
	}
	if !have.AttemptedAt.IsZero() {
		shown, err := r.shownTopic(ctx, p, room.ID)
		if err != nil {
			return err
		}
		if shown == want {
			return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedTopic, Value: want})
		}
	}
	if at := have.DoneAt.Add(r.TopicEvery); !have.DoneAt.IsZero() && reconcile.Waits(p.Now(), at, r.TopicEvery) {
		return &reconcile.Later{At: at, Why: "the next topic"}
	}
	if err := p.BeginDeed(ctx, r.Store, deedTopic, want); err != nil {
		return err
	}
	_, err := r.Slack.SetTopicOfConversationContext(ctx, room.ID, want)
	return r.settled(ctx, p, incident.Deed{Key: deedTopic, Value: want}, "set the topic", err)
}

// shownTopic reads the topic after a call whose outcome is unknown: setting it
// twice would say so twice in the channel.
func (r *Room) shownTopic(ctx context.Context, p *reconcile.Pass, channel string) (string, error) {
	info, err := r.Slack.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	if err != nil {
		return "", fmt.Errorf("read the topic: %w", reconcile.Held(err, p.Now()))
	}
	return info.Topic.Value, nil
}

// maxTopic is Slack's limit on a topic, in characters.
const maxTopic = 250

// Topic is the state of an incident in one line, as administrators want it.
func Topic(c *incident.Case) string {
	literal := func(text string) string { return string(block.Escape(text)) }
	line := func(text string) string { return literal(incident.CleanLine(text)) }
	fill := func(word string) string {
		switch word {
		case "severity":
			return line(incident.Shorten(c.Definitions.Severity(c.Severity).Name, nameInTopic))
		case "status":
			return line(c.StandingTitle())
		case "ref":
			return c.Ref()
		case "title":
			return line(incident.Shorten(c.Title, titleInTopic))
		}
		if held, ok := c.Holder(word); ok {
			return string(block.User(held.User))
		}
		return "unclaimed"
	}
	mark := strings.TrimSpace(block.Marked("", c.Test, c.Private))
	if mark != "" {
		mark += " · "
	}
	return block.Clip(mark+incident.Topic(c.Definitions.Settings.Topic, literal, fill), maxTopic)
}

// nameInTopic and titleInTopic are how much of a severity's name and of a title
// fits beside the rest, in characters.
const (
	nameInTopic  = 24
	titleInTopic = 80
)
