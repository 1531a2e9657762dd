package bot

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// only is an answer that nobody else sees, in the acknowledgement of a command.
func only(text block.Markup, blocks ...slack.Block) map[string]any {
	if len(blocks) == 0 {
		blocks = []slack.Block{block.Section(text)}
	}
	return map[string]any{
		"response_type": slack.ResponseTypeEphemeral, "text": block.Fallback(text), "blocks": blocks,
	}
}

// ackRoom is how many bytes an answer may take in an acknowledgement: Slack drops
// one of 20 KB without a word, and it has a frame around it.
const ackRoom = 19 * 1024

// fitting acknowledges a command with its answer, or where that is too long for an
// acknowledgement, without it, and sends the answer afterwards.
func (b *Bot) fitting(ctx context.Context, address string, ack ack) ack {
	return func(answer any) {
		said, ok := answer.(map[string]any)
		if !ok {
			ack(answer)
			return
		}
		if raw, err := json.Marshal(said); err == nil && len(raw) < ackRoom {
			ack(answer)
			return
		}
		ack(nil)
		text, _ := said["text"].(string)
		blocks, _ := said["blocks"].([]slack.Block)
		b.answerAt(ctx, address, false, block.Markup(text), blocks)
	}
}

// whisper answers a click, where nobody else sees it.
func (b *Bot) whisper(ctx context.Context, address string, text block.Markup, blocks ...slack.Block) {
	b.answerAt(ctx, address, false, text, blocks)
}

// replace puts an answer in the place of the one that was clicked.
func (b *Bot) replace(ctx context.Context, address string, text block.Markup, blocks ...slack.Block) {
	b.answerAt(ctx, address, true, text, blocks)
}

func (b *Bot) answerAt(ctx context.Context, address string, replace bool, text block.Markup, blocks []slack.Block) {
	if address == "" {
		return
	}
	if len(blocks) == 0 {
		blocks = []slack.Block{block.Section(text)}
	}
	err := b.Webhook(ctx, address, &slack.WebhookMessage{
		Text: block.Fallback(text), Blocks: &slack.Blocks{BlockSet: blocks},
		ResponseType: slack.ResponseTypeEphemeral, ReplaceOriginal: replace,
	})
	if err != nil {
		b.Log.Warn().Err(err).Msg("answer a click")
	}
}

// words says an error to the person who acted: what happened, what was kept,
// what to do next. Errors that are ours are logged and not shown.
func (b *Bot) words(err error) block.Markup {
	if refusal, ok := errors.AsType[*incident.Error](err); ok {
		return block.Markup(incident.NameWho(string(block.Escape(refusal.Message)), string(block.User(refusal.Who))))
	}
	b.Log.Error().Err(err).Msg("a person was told that it did not work")
	return "That did not work: muster can't use its database at the moment. Nothing was changed. Please try again in a minute."
}

// fieldErrors says an error inside a form, beside the field that it is about.
// The form stays open with all that was typed.
func (b *Bot) fieldErrors(err error, name func(id string) string, fields ...string) *slack.ViewSubmissionResponse {
	field := fields[0]
	text := ""
	if refusal, ok := errors.AsType[*incident.Error](err); ok {
		text = incident.NameWho(refusal.Message, name(refusal.Who))
		for _, f := range fields {
			if f == refusal.Field {
				field = f
			}
		}
	} else {
		b.Log.Error().Err(err).Msg("a form could not be saved")
		text = "This is not saved yet: muster can't use its database at the moment. Your text is kept here. Send again in a minute; it will count once."
	}
	return slack.NewErrorsViewSubmissionResponse(map[string]string{field: text})
}
