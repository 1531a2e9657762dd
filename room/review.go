package room

import (
	"context"
	"strconv"

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
	if !r.caughtUp(p) {
		return &reconcile.Later{At: p.Now().Add(cardPause), Why: "what comes before it in the room"}
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

// caughtUp reports that the room has what comes before the way to the review: the
// lines so far, and the digest's bookmark.
func (r *Room) caughtUp(p *reconcile.Pass) bool {
	for _, e := range p.News {
		said := p.Posting("line:" + strconv.FormatInt(e.ID, 10))
		if said.TS == "" && said.Error == "" && Line(p.Seen(), e) != "" {
			return false
		}
	}
	return p.Posting(incident.KeyDigest).TS == "" || !p.Deed("bookmark:digest").DoneAt.IsZero()
}
