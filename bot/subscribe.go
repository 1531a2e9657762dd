package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// subscribe hears the buttons Subscribe and Unsubscribe. Only the person who
// clicked gets an answer, with the way back.
func (b *Bot) subscribe(ctx context.Context, in slack.InteractionCallback, number int64, wanted bool, act incident.Act) error {
	if err := b.Desk.Subscribe(ctx, number, wanted, act); err != nil {
		return err
	}
	text := block.Textf("You get a direct message when the severity or the status of *%s* changes, and with each update.", incident.Ref(number))
	back := block.Button("Unsubscribe", block.ActUnsubscribe, block.Value(number))
	if !wanted {
		text = block.Textf("You get no more direct messages about *%s*.", incident.Ref(number))
		back = block.Button("Subscribe", block.ActSubscribe, block.Value(number))
	}
	b.whisper(ctx, in.ResponseURL, text, block.Section(text), block.Actions(back))
	return nil
}
