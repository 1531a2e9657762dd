package room

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// StepPost is the step about the message that an incident was declared from.
const StepPost = "post"

// The keys of what is said and done about it.
const (
	keyQuote     = "quote"
	keyPostTold  = "post:told"
	keyPostEnd   = "post:end"
	deedPostEyes = "post:eyes"
	deedPostDone = "post:done"
	deedPostAway = "post:away"
)

// cardPause is how long something in the room waits for what belongs before it
// and did not go out.
const cardPause = time.Second

const (
	emojiTaken = "eyes"
	emojiDone  = "white_check_mark"
)

// post quotes the message in the room, and closes the loop at the message: eyes
// and the way to the room when it became an incident, a check mark and what
// fixed it at the end. An incident that is reopened takes the mark back, and the
// reply that told the end says so.
func (r *Room) post(ctx context.Context, p *reconcile.Pass) error {
	from := p.Origin.Post
	if from == nil {
		return nil
	}
	if p.Room(incident.RoomMain).Open() {
		// The room begins with the card.
		if card := p.Posting(KeyCard); card.TS == "" && card.Error == "" {
			return &reconcile.Later{At: p.Now().Add(cardPause), Why: "the card"}
		}
		if _, err := r.Poster.Once(ctx, p, quoteMessage(p, from)); err != nil {
			return err
		}
	}
	if p.Private {
		return r.postPrivate(ctx, p)
	}
	for _, do := range []func(context.Context, *reconcile.Pass, *incident.Post) error{r.postTaken, r.postTold, r.postEnd, r.postDone} {
		if p.Deed(deedPostAway).Value != "" {
			return nil
		}
		if err := p.Newer(); err != nil {
			return err
		}
		if err := do(ctx, p, from); err != nil {
			if !away(err) {
				return err
			}
			return r.postAway(ctx, p, err)
		}
	}
	return nil
}

// quoteMessage is the line in the room that shows the post.
func quoteMessage(p *reconcile.Pass, from *incident.Post) reconcile.Message {
	author, place := block.Textf("A post"), block.Channel(from.Channel)
	if from.Author != "" {
		author = block.Textf("A post by %s", block.User(from.Author))
	}
	if strings.HasPrefix(from.Channel, "D") {
		// Others would see a channel that they don't know.
		place = "direct messages"
	}
	text := block.Textf("%s in %s: %s", author, place,
		block.Link(p.Installation.MessageLink(from.Channel, from.TS, from.Thread), "open it"))
	if from.Quote != "" {
		text += "\n" + block.Quote(from.Quote)
	}
	return reconcile.Message{
		Key: keyQuote, Channel: p.Room(incident.RoomMain).ID,
		Text: block.Fallback(text), Blocks: []slack.Block{block.Section(text)},
	}
}

// postTaken marks the post, so that who watches it knows that somebody does.
func (r *Room) postTaken(ctx context.Context, p *reconcile.Pass, from *incident.Post) error {
	return r.mark(ctx, p, deedPostEyes, emojiTaken, true, from)
}

// postDone marks the post while what it tells of is over: one that is a duplicate waits
// for the original's end.
func (r *Room) postDone(ctx context.Context, p *reconcile.Pass, from *incident.Post) error {
	over := p.Over()
	if !over && p.Deed(deedPostDone).Key == "" {
		return nil
	}
	return r.mark(ctx, p, deedPostDone, emojiDone, over, from)
}

// mark adds or takes away a reaction of ours. Repeating does no harm, but an
// attempt is noted all the same: one without a result may have to be undone.
func (r *Room) mark(ctx context.Context, p *reconcile.Pass, key, emoji string, on bool, from *incident.Post) error {
	want := strconv.FormatBool(on)
	if have := p.Deed(key); have.Value == want && !have.DoneAt.IsZero() {
		return nil
	}
	if err := p.BeginDeed(ctx, r.Store, key, want); err != nil {
		return err
	}
	call := r.Slack.AddReactionContext
	if !on {
		call = r.Slack.RemoveReactionContext
	}
	err := call(ctx, emoji, slack.NewRefToMessage(from.Channel, from.TS))
	deed := incident.Deed{Key: key, Value: want}
	switch code := reconcile.Code(err); {
	case code == "already_reacted" || code == "no_reaction":
		err = nil
	case unmarkable[code]:
		deed.Error = reconcile.Explain(err)
		return p.EndDeed(ctx, r.Store, deed)
	}
	return r.settled(ctx, p, deed, "react to the post", err)
}

// unmarkable are the codes with which Slack refuses a reaction whoever asks how
// often; docs.slack.dev, reactions.add and reactions.remove.
var unmarkable = map[string]bool{
	"invalid_name": true, "too_many_emoji": true, "too_many_reactions": true, "thread_locked": true,
	"message_not_found": true, "bad_timestamp": true, "not_reactable": true, "external_channel_migrating": true,
}

// postTold says in the post's thread where to go.
func (r *Room) postTold(ctx context.Context, p *reconcile.Pass, from *incident.Post) error {
	text := block.Textf("*%s* declared by %s: %s", p.Ref(), block.User(p.Declarer), block.Channel(p.Room(incident.RoomMain).ID))
	_, err := r.Poster.Once(ctx, p, threadMessage(keyPostTold, from, text))
	if err != nil || p.Posting(keyPostTold).Error == "" {
		return err
	}
	// A thread that is locked, or that only some may write in.
	return r.whisperAtPost(ctx, p)
}

// postEnd says in the post's thread how it ended. A reopened incident edits
// that reply, and so does its next end.
func (r *Room) postEnd(ctx context.Context, p *reconcile.Pass, from *incident.Post) error {
	m := threadMessage(keyPostEnd, from, endText(p.Case))
	m.IfThere = p.Status.Open()
	_, err := r.Poster.Keep(ctx, p, m)
	return err
}

func endText(c *incident.Case) block.Markup {
	switch {
	case c.Status.Open():
		return block.Textf(":arrows_counterclockwise: *%s* was reopened. Work goes on in %s.", c.Ref(), block.Channel(c.Room(incident.RoomMain).ID))
	case c.Status == incident.Cancelled:
		return block.Textf(":no_entry_sign: *%s* was cancelled: %s", c.Ref(), c.Resolution)
	case c.Status == incident.Duplicate && c.Original != nil && c.Original.Status == incident.Resolved:
		return block.Textf(":white_check_mark: *%s*, of which *%s* is a duplicate, resolved after %s: %s", incident.Ref(c.Original.Number), c.Ref(),
			block.Duration(c.Original.EndedAt.Sub(c.Original.DeclaredAt)), c.Original.Resolution)
	case c.Status == incident.Duplicate && c.Original != nil && c.Original.Status == incident.Cancelled:
		return block.Textf(":no_entry_sign: *%s*, of which *%s* is a duplicate, was cancelled: %s", incident.Ref(c.Original.Number), c.Ref(), c.Original.Resolution)
	case c.Status == incident.Duplicate:
		return block.Textf(":repeat: *%s* is %s.", c.Ref(), c.Standing()) + block.GoesOn(" ", c.Original)
	}
	return block.Textf(":white_check_mark: *%s* resolved after %s: %s", c.Ref(), block.Duration(c.Lasted(c.ResolvedAt)), c.Resolution)
}

func threadMessage(key string, from *incident.Post, text block.Markup) reconcile.Message {
	return reconcile.Message{
		Key: key, Channel: from.Channel, Thread: from.ThreadTS(),
		Text: block.Fallback(text), Blocks: []slack.Block{block.Section(text)},
	}
}

// away reports that muster can't write where the post is, until somebody invites
// it.
func away(err error) bool {
	switch reconcile.Code(err) {
	case "not_in_channel", "channel_not_found", "is_archived", "thread_not_found":
		return true
	}
	return false
}

// postAway tells the person who declared instead, where they stood and nobody
// else sees it, and leaves the post alone from then on.
func (r *Room) postAway(ctx context.Context, p *reconcile.Pass, why error) error {
	if p.Posting(keyPostTold).TS == "" {
		if err := r.whisperAtPost(ctx, p); err != nil {
			return err
		}
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedPostAway, Value: "away", Error: reconcile.Explain(why)})
}

// postPrivate tells the person who declared a private incident, and nobody else
// where the post is. What was told there before it became private is taken back.
func (r *Room) postPrivate(ctx context.Context, p *reconcile.Pass) error {
	told := p.Posting(keyPostTold).Key != ""
	for _, key := range []string{keyPostTold, keyPostEnd} {
		if p.Posting(key).TS == "" && p.Posting(key).AttemptedAt.IsZero() {
			continue
		}
		if err := r.Poster.TakeBack(ctx, p, key, "taken back"); err != nil {
			return err
		}
	}
	if p.Deed(deedPostAway).Value != "" {
		return nil
	}
	if !told {
		if err := r.whisperAtPost(ctx, p); err != nil {
			return err
		}
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedPostAway, Value: "private"})
}

// deedPostWhispered notes that the declarer was told in the place of the thread.
const deedPostWhispered = "post:whispered"

// whisperAtPost tells the declarer once where to go: where they stood, or, since a
// reaction leaves no way to answer, by direct message.
func (r *Room) whisperAtPost(ctx context.Context, p *reconcile.Pass) error {
	if !p.Deed(deedPostWhispered).DoneAt.IsZero() {
		return nil
	}
	if err := r.whisper(ctx, p); err != nil {
		return err
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedPostWhispered, Value: "told"})
}

func (r *Room) whisper(ctx context.Context, p *reconcile.Pass) error {
	from := p.Origin.Post
	text := block.Textf("*%s* declared from this post: %s", p.Ref(), block.Channel(p.Room(incident.RoomMain).ID))
	if p.Origin.ResponseURL == "" {
		post := block.Link(p.Installation.MessageLink(from.Channel, from.TS, from.Thread), "this post")
		text = block.Textf("*%s* declared from %s: %s", p.Ref(), post, block.Channel(p.Room(incident.RoomMain).ID))
		return r.direct(ctx, p, p.Declarer, "post:declared", block.Fallback(text), []slack.Block{block.Section(text)})
	}
	err := r.Webhook(ctx, p.Origin.ResponseURL, &slack.WebhookMessage{
		Text: said(p, text), ResponseType: slack.ResponseTypeEphemeral,
		Blocks: &slack.Blocks{BlockSet: []slack.Block{block.Section(text)}},
	})
	if err != nil && !gone(err) {
		return fmt.Errorf("answer at the post: %w", reconcile.Held(err, p.Now()))
	}
	return nil
}
