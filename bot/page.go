package bot

import (
	"context"

	"muster/incident"
)

// replacePage lets the review's page be written anew. What follows the incident names
// what the page did not show when the button was made: whoever clicks it again, or
// another one of the same state, wishes for the same.
func (b *Bot) replacePage(ctx context.Context, c click) error {
	if _, err := b.Desk.ReplacePage(ctx, c.number, incident.Act{By: c.act.By, Key: "replace page " + c.rest}); err != nil {
		return err
	}
	b.whisper(ctx, c.in.ResponseURL, "The page is replaced by what muster knows, in a moment if it is not yet. What people wrote stays in its history.")
	return nil
}
