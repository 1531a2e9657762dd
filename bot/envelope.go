package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// ack acknowledges the payload at hand, with an answer in it or nil. It may be
// called once.
type ack func(answer any)

// handle turns one event of a socket into acts and answers.
func (b *Bot) handle(ctx context.Context, event socketmode.Event, ack ack) {
	ctx, cancel := context.WithTimeout(ctx, b.handleLimit())
	defer cancel()
	if b.Awaited != nil {
		ctx = b.Awaited(ctx)
	}
	defer func() {
		if r := recover(); r != nil {
			b.Log.Error().Str("panic", fmt.Sprint(r)).Bytes("stack", debug.Stack()).Msg("handle a payload")
			ack(nil)
		}
	}()
	switch data := event.Data.(type) {
	case slack.SlashCommand:
		b.command(ctx, data, ack)
	case slack.InteractionCallback:
		b.interaction(ctx, data, ack)
	case slackevents.EventsAPIEvent:
		b.received(ctx, event.Request.Payload, ack)
	default:
		// Events that this app subscribes to but has no use for.
		ack(nil)
	}
}

func (b *Bot) interaction(ctx context.Context, in slack.InteractionCallback, ack ack) {
	ctx = acting(ctx, in.User.ID, in.Channel.ID)
	b.contact(ctx, in.Channel.ID, in.Channel.Name)
	if in.Type == slack.InteractionTypeBlockActions {
		ctx = context.WithValue(ctx, standKey{}, clickedIn(in))
	}
	ctx = opens(ctx, in.TriggerID, ack, func() bool { return b.formClicked(ctx, in) })
	defer b.letGo(ctx, nil)
	if opensDeclareForm(in) {
		ctx = b.vetLater(ctx, in.User.ID)
	}
	if !vetsLater(ctx) && b.refused(ctx, in, ack) {
		return
	}
	switch in.Type {
	case slack.InteractionTypeBlockActions:
		b.clicks(ctx, in, ack)
	case slack.InteractionTypeBlockSuggestion:
		b.suggest(ctx, in, ack)
	case slack.InteractionTypeViewSubmission:
		b.submission(ctx, in, ack)
	case slack.InteractionTypeShortcut:
		b.shortcut(ctx, in, ack)
	case slack.InteractionTypeMessageAction:
		b.messageShortcut(ctx, in, ack)
	default:
		ack(nil)
	}
}

// envelopeID reads the id out of a payload that the library could not decode,
// so that it can be acknowledged all the same: Slack would send it again.
func envelopeID(message json.RawMessage) string {
	var envelope struct {
		ID string `json:"envelope_id"`
	}
	if json.Unmarshal(message, &envelope) != nil {
		return ""
	}
	return envelope.ID
}
