package bot

import (
	"context"

	"muster/block"
	"muster/incident"
)

// subscribe hears the buttons Subscribe and Unsubscribe. Only the person who
// clicked gets an answer, with the way back.
func (b *Bot) subscribe(ctx context.Context, c click) error {
	wanted := c.action == block.ActSubscribe
	if err := b.Desk.Subscribe(ctx, c.number, wanted, c.act); err != nil {
		return err
	}
	text := block.Textf("You get a direct message when the severity or the status of *%s* changes, and with each update.", incident.Ref(c.number))
	back := block.Button("Unsubscribe", block.ActUnsubscribe, block.Value(c.number))
	if !wanted {
		text = block.Textf("You get no more direct messages about *%s*.", incident.Ref(c.number))
		back = block.Button("Subscribe", block.ActSubscribe, block.Value(c.number))
	}
	b.whisper(ctx, c.in.ResponseURL, text, block.Section(text), block.Actions(back))
	return nil
}
