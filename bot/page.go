package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/incident"
)

// replacePage lets the review's page be written anew. state names what the page
// did not show when the button was made: whoever clicks it again, or another
// one of the same state, wishes for the same.
func (b *Bot) replacePage(ctx context.Context, in slack.InteractionCallback, number int64, state string) error {
	if _, err := b.Desk.ReplacePage(ctx, number, incident.Act{By: in.User.ID, Key: "replace page " + state}); err != nil {
		return err
	}
	b.whisper(ctx, in.ResponseURL, "The page is replaced by what muster knows, in a moment if it is not yet. What people wrote stays in its history.")
	return nil
}
