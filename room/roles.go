package room

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// roles tells each holder of a role what it is and where, once.
func (r *Room) roles(ctx context.Context, p *reconcile.Pass) error {
	for _, a := range p.Roles {
		key := fmt.Sprintf("role:%s:%s:%d", a.Role, a.User, a.At.UnixMilli())
		if done := p.Posting(key); done.TS != "" || done.Error != "" {
			continue
		}
		if err := r.direct(ctx, p, a.User, key, roleText(p.Case, a), roleBlocks(p.Case, a)); err != nil {
			return err
		}
	}
	return nil
}

// direct sends a person one direct message, once.
func (r *Room) direct(ctx context.Context, p *reconcile.Pass, person, key, text string, blocks []slack.Block) error {
	channel, err := r.directChannel(ctx, p, person)
	if err != nil {
		return err
	}
	if channel == "" {
		return nil
	}
	_, err = r.Poster.Once(ctx, p, reconcile.Message{Key: key, Channel: channel, Text: text, Blocks: blocks})
	return err
}

// directChannel opens the direct messages with a person; empty if Slack says
// that this is not to be.
func (r *Room) directChannel(ctx context.Context, p *reconcile.Pass, person string) (string, error) {
	channel, err := r.Store.DirectChannel(ctx, person)
	if err != nil || channel != "" {
		return channel, err
	}
	opened, _, _, err := r.Slack.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{person}})
	switch {
	case err != nil && reconcile.Classify(err) == reconcile.Never:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("open direct messages: %w", reconcile.Held(err, p.Now()))
	case opened.ID == "":
		return "", fmt.Errorf("open direct messages: %w", reconcile.ErrEmptyAnswer)
	}
	return opened.ID, r.Store.SaveDirectChannel(ctx, person, opened.ID)
}

func roleText(c *incident.Case, a incident.Assignment) string {
	return block.Fallback(block.Textf("%s · %s · %s: you are %s", c.Severity, c.Status.Title(), c.Ref(), roleName(c, a.Role)))
}

func roleName(c *incident.Case, key string) string {
	if role, ok := c.Definitions.Role(key); ok {
		return role.Name
	}
	return key
}

func roleBlocks(c *incident.Case, a incident.Assignment) []slack.Block {
	by := block.Markup("You claimed it.")
	if a.By != a.User {
		by = block.Textf("%s assigned you.", block.User(a.By))
	}
	room := c.Room(incident.RoomMain)
	blocks := []slack.Block{
		block.Section(block.Textf("You are *%s* of *%s* %s. %s", roleName(c, a.Role), c.Ref(), c.Title, by)),
	}
	if role, ok := c.Definitions.Role(a.Role); ok && role.Text != "" {
		blocks = append(blocks, block.Section(block.Escape(role.Text)))
	}
	return append(blocks, block.Actions(
		block.LinkButton("Open channel", block.ActOpen, c.Installation.ChannelLink(room.ID)),
		block.Button("I can't", block.ActLeave, block.Value(c.Number, a.Role))))
}
