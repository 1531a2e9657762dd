package room

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// direct sends a person one direct message, once. Where Slack says that nobody can write
// to them, that is noted as what became of it, and not tried again.
func (r *Room) direct(ctx context.Context, p *reconcile.Pass, person, key, text string, blocks []slack.Block) error {
	said := p.Posting(key)
	if said.TS != "" || said.Error != "" {
		return nil
	}
	m := reconcile.Message{Key: key, Channel: said.Channel, Direct: true, Text: text, Blocks: blocks}
	if said.AttemptedAt.IsZero() || said.Channel == "" {
		channel, err := r.directChannel(ctx, p, person)
		if reconcile.ClassifyDirect(err) == reconcile.Never {
			return r.Poster.GiveUp(ctx, p, key, reconcile.ExplainDirect(err))
		}
		if err != nil {
			return err
		}
		m.Channel = channel
	}
	_, err := r.Poster.Once(ctx, p, m)
	if err != nil || p.Posting(key).Error == "" {
		return err
	}
	// Should the record of the channel be wrong, the next message finds another.
	return r.Store.SaveDirectChannel(ctx, person, "")
}

// directChannel opens the direct messages with a person.
func (r *Room) directChannel(ctx context.Context, p *reconcile.Pass, person string) (string, error) {
	channel, err := r.Store.DirectChannel(ctx, person)
	if err != nil || channel != "" {
		return channel, err
	}
	opened, _, _, err := r.Slack.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{person}})
	if err == nil && opened.ID == "" {
		err = reconcile.ErrEmptyAnswer
	}
	if err != nil {
		return "", fmt.Errorf("open direct messages: %w", reconcile.Held(err, p.Now()))
	}
	return opened.ID, r.Store.SaveDirectChannel(ctx, person, opened.ID)
}

// StepUnreached is the step that tells the room of whom muster can't write to.
const StepUnreached = "unreached"

// unreached says in the room what people do not know since they could not be written to,
// for somebody else to tell them.
func (r *Room) unreached(ctx context.Context, p *reconcile.Pass) error {
	for _, a := range p.Roles {
		what := block.Textf("that they are *%s*", roleName(p.Case, a.Role))
		if err := r.doesNotKnow(ctx, p, a.User, roleKey(a), what); err != nil {
			return err
		}
	}
	for _, f := range p.FollowUps {
		for _, told := range todoMessages(p.Case, f) {
			if err := r.doesNotKnow(ctx, p, f.Reminds(), told.key, block.Textf("of the follow-up “%s”", f.Text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// doesNotKnow says it once for each message that was given up.
func (r *Room) doesNotKnow(ctx context.Context, p *reconcile.Pass, person, key string, what block.Markup) error {
	said := p.Posting(key)
	if said.Error == "" {
		return nil
	}
	text := block.Textf(":warning: %s does not know ", block.User(person)) + what +
		block.Textf(": muster can't write to them, %s. Please tell them.", said.Error)
	_, err := r.Poster.Once(ctx, p, reconcile.Message{
		Key: "unreached:" + key, Channel: p.Room(incident.RoomMain).ID, Text: block.Fallback(text), Blocks: []slack.Block{block.Section(text)},
	})
	return err
}
