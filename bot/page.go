package bot

import "context"

// replacePage lets the review's page be written anew. Whoever clicks while that is still
// to be done wishes for the same; later, the page may be another one again.
func (b *Bot) replacePage(ctx context.Context, c click) error {
	pending, err := b.Reader.Replacing(ctx, c.number)
	if err != nil {
		return err
	}
	if !pending {
		if _, err := b.Desk.ReplacePage(ctx, c.number, c.act); err != nil {
			return err
		}
	}
	b.whisper(ctx, c.in.ResponseURL, "The page is replaced by what muster knows, in a moment if it is not yet. What people wrote stays in its history.")
	return nil
}
