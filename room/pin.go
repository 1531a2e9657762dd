package room

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/incident"
	"muster/reconcile"
)

const deedPin = "pin:card"

// pin pins the card, and again if the card had to be posted anew.
func (r *Room) pin(ctx context.Context, p *reconcile.Pass) error {
	card := p.Posting(KeyCard)
	if card.TS == "" || p.Deed(deedPin).Value == card.TS {
		return nil
	}
	err := r.Slack.AddPinContext(ctx, card.Channel, slack.NewRefToMessage(card.Channel, card.TS))
	if reconcile.Code(err) == "already_pinned" {
		err = nil
	}
	return r.settled(ctx, p, incident.Deed{Key: deedPin, Value: card.TS}, "pin the card", err)
}

// bookmarks keeps the links at the top of the channel.
func (r *Room) bookmarks(ctx context.Context, p *reconcile.Pass) error {
	digest := p.Posting(incident.KeyDigest)
	if digest.TS == "" {
		return nil
	}
	return r.bookmark(ctx, p, "digest", "Digest", p.Installation.Permalink(digest.Channel, digest.TS))
}

// bookmark adds one link once. Adding is not idempotent, so that after an
// unknown outcome the list is read first.
func (r *Room) bookmark(ctx context.Context, p *reconcile.Pass, name, title, link string) error {
	key := "bookmark:" + name
	have := p.Deed(key)
	if !have.DoneAt.IsZero() {
		return nil
	}
	room := p.Room(incident.RoomMain)
	deed := incident.Deed{Key: key, Value: link}
	if !have.AttemptedAt.IsZero() {
		list, err := r.Slack.ListBookmarksContext(ctx, room.ID)
		if err != nil {
			return fmt.Errorf("list the bookmarks: %w", reconcile.Held(err, p.Now()))
		}
		for _, b := range list {
			if b.Link == link {
				deed.Ref = b.ID
				return r.done(ctx, p, deed)
			}
		}
	}
	if err := r.begin(ctx, p, key, link); err != nil {
		return err
	}
	added, err := r.Slack.AddBookmarkContext(ctx, room.ID, slack.AddBookmarkParameters{Title: title, Type: "link", Link: link})
	deed.Ref = added.ID
	return r.settled(ctx, p, deed, "add the bookmark "+title, err)
}
