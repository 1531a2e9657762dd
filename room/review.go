package room

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// review leads from the room to the root-cause analysis: one line, and bookmarks
// of channel and page.
func (r *Room) review(ctx context.Context, p *reconcile.Pass) error {
	rca := p.Room(incident.RoomRCA)
	if rca.ID == "" {
		return nil
	}
	text := block.Textf(":mag: What happened and why is worked out in %s.", block.Channel(rca.ID))
	_, err := r.Poster.Once(ctx, p, reconcile.Message{
		Key: "review", Channel: p.Room(incident.RoomMain).ID,
		Text: block.Fallback(text), Blocks: []slack.Block{block.Section(text)},
	})
	if err != nil {
		return err
	}
	if err := r.bookmark(ctx, p, "rca", "Root-cause analysis", p.Installation.ChannelLink(rca.ID)); err != nil {
		return err
	}
	page := p.Deed(incident.DeedPage)
	if page.DoneAt.IsZero() {
		return nil
	}
	return r.bookmark(ctx, p, "page", "Root-cause page", page.Value)
}
