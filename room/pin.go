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
	set := p.Definitions.Settings
	if err := r.bookmark(ctx, p, "guide", "Guide", set.Guide); err != nil {
		return err
	}
	if err := r.bookmark(ctx, p, "meeting", "Meeting", set.Meeting); err != nil {
		return err
	}
	digest, link := p.Posting(incident.KeyDigest), ""
	switch {
	case p.Announced() && digest.TS == "":
		return nil
	case p.Announced():
		link = p.Installation.Permalink(digest.Channel, digest.TS)
	case p.Deed("bookmark:digest").Key == "":
		return nil
	}
	return r.bookmark(ctx, p, "digest", "Digest", link)
}

// bookmark keeps one link, and none if it is empty.
func (r *Room) bookmark(ctx context.Context, p *reconcile.Pass, name, title, link string) error {
	key := "bookmark:" + name
	if have := p.Deed(key); !have.AttemptedAt.IsZero() {
		if err := r.settleBookmark(ctx, p, have); err != nil {
			return err
		}
	}
	have := p.Deed(key)
	deed := incident.Deed{Key: key, Value: link, Ref: have.Ref}
	switch {
	case have.Value == link && (link == "" || !have.DoneAt.IsZero()):
		return nil
	case have.Ref == "" && link == "":
		return p.EndDeed(ctx, r.Store, deed)
	case have.Ref == "":
		return r.addBookmark(ctx, p, deed, title)
	}
	// Removing and changing may be repeated.
	var err error
	if link == "" {
		deed.Ref = ""
		err = r.Slack.RemoveBookmarkContext(ctx, p.Room(incident.RoomMain).ID, have.Ref)
	} else {
		_, err = r.Slack.EditBookmarkContext(ctx, p.Room(incident.RoomMain).ID, have.Ref, slack.EditBookmarkParameters{Link: link})
	}
	if reconcile.Code(err) == "not_found" {
		deed.Ref = ""
		if link != "" {
			// Somebody took it away, and does not want it back.
			deed.Error = reconcile.Explain(err)
		}
		err = nil
	}
	return r.settled(ctx, p, deed, "change the bookmark "+title, err)
}

func (r *Room) addBookmark(ctx context.Context, p *reconcile.Pass, deed incident.Deed, title string) error {
	if err := p.BeginDeed(ctx, r.Store, deed.Key, deed.Value); err != nil {
		return err
	}
	added, err := r.Slack.AddBookmarkContext(ctx, p.Room(incident.RoomMain).ID, slack.AddBookmarkParameters{Title: title, Type: "link", Link: deed.Value})
	deed.Ref = added.ID
	return r.settled(ctx, p, deed, "add the bookmark "+title, err)
}

// settleBookmark finds out whether a bookmark was added, since adding is not
// idempotent. One that was not leaves the deed without a value.
func (r *Room) settleBookmark(ctx context.Context, p *reconcile.Pass, begun incident.Deed) error {
	list, err := r.Slack.ListBookmarksContext(ctx, p.Room(incident.RoomMain).ID)
	if err != nil {
		return fmt.Errorf("list the bookmarks: %w", reconcile.Held(err, p.Now()))
	}
	deed := incident.Deed{Key: begun.Key}
	for _, b := range list {
		if b.Link == begun.Value {
			deed.Value, deed.Ref = begun.Value, b.ID
			return p.EndDeed(ctx, r.Store, deed)
		}
	}
	p.SetDeed(deed)
	return nil
}
