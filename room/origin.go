package room

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

const deedOrigin = "origin"

// What the person who declared was told so far, in the order of telling.
const (
	toldOpening = "opening"
	toldStuck   = "stuck"
	toldReady   = "ready"
)

const (
	// openingAfter is how long a person waits without a word.
	openingAfter = 3 * time.Second
	// stuckAfter is how long a step may fail before the person hears of it.
	stuckAfter = 10 * time.Second
)

// origin answers whoever declared, where they stood: with the room once it is
// there; before that, after a while, that it is being opened, or what is in
// the way. Answers are at-least-once: Slack gives them no key.
func (r *Room) origin(ctx context.Context, p *reconcile.Pass) error {
	told := p.Deed(deedOrigin)
	if told.Value == toldReady {
		return nil
	}
	if p.Room(incident.RoomMain).ID != "" {
		return r.tell(ctx, p, toldReady, block.Textf("*%s* declared: %s", p.Ref(), block.Channel(p.Room(incident.RoomMain).ID)))
	}
	trouble, since := p.Trouble(StepChannel)
	now := p.Now()
	if stuckAt := since.Add(stuckAfter); trouble != "" && told.Value != toldStuck {
		if !now.Before(stuckAt) {
			return r.tell(ctx, p, toldStuck, stuck(p, trouble))
		}
		if told.Value == toldOpening {
			return &reconcile.Later{At: stuckAt, Why: "the channel"}
		}
	}
	if told.Value == "" {
		if openingAt := p.DeclaredAt.Add(openingAfter); reconcile.Waits(now, openingAt, openingAfter) {
			return &reconcile.Later{At: openingAt, Why: "the channel"}
		}
		ahead, err := r.Store.RoomsAhead(ctx, p.Number)
		if err != nil {
			return err
		}
		return r.tell(ctx, p, toldOpening, opening(p.Ref(), ahead))
	}
	return &reconcile.Later{At: now.Add(openingAfter), Why: "the channel"}
}

// stuck says what is in the way, and where the answer will come.
func stuck(p *reconcile.Pass, trouble string) block.Markup {
	where := block.Markup("here")
	if p.Origin.Kind == incident.OriginReaction {
		where = "below the post"
	}
	return block.Textf("*%s* is declared and safe, but its channel can't be opened yet: %s. muster keeps trying and will answer %s.", p.Ref(), trouble, where)
}

// opening says that the channel will come, and how many go before it.
func opening(ref string, ahead int) block.Markup {
	if ahead == 0 {
		return block.Textf("*%s* is declared. Its channel is being opened; the link follows here.", ref)
	}
	return block.Textf("*%s* is declared and safe. Slack lets muster open only some channels a minute: this one is number %s in the queue; the link follows here.",
		ref, strconv.Itoa(ahead+1))
}

// tell answers by the way that the declaration left open.
func (r *Room) tell(ctx context.Context, p *reconcile.Pass, stage string, text block.Markup) error {
	err := r.answer(ctx, p, stage, text)
	if err != nil {
		return fmt.Errorf("answer the declarer: %w", reconcile.Held(err, p.Now()))
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedOrigin, Value: stage})
}

func (r *Room) answer(ctx context.Context, p *reconcile.Pass, stage string, text block.Markup) error {
	var err error
	blocks := r.answerBlocks(p, stage, text)
	switch {
	case p.Origin.View != "":
		_, err = r.Slack.UpdateViewContext(ctx, block.Form("", p.Ref(), "", "", blocks...), "", "", p.Origin.View)
		if stage != toldReady && gone(err) {
			return nil
		}
	case p.Origin.ResponseURL != "":
		err = r.Webhook(ctx, p.Origin.ResponseURL, &slack.WebhookMessage{
			Text: said(p, text), Blocks: &slack.Blocks{BlockSet: blocks}, ResponseType: slack.ResponseTypeEphemeral,
		})
	case p.Origin.Kind == incident.OriginMention:
		options := []slack.MsgOption{slack.MsgOptionText(said(p, text), false), slack.MsgOptionBlocks(blocks...)}
		if p.Origin.Thread != "" {
			options = append(options, slack.MsgOptionTS(p.Origin.Thread))
		}
		_, err = r.Slack.PostEphemeralContext(ctx, p.Origin.Channel, p.Declarer, options...)
		if away(err) || reconcile.Code(err) == "user_not_in_channel" {
			return r.direct(ctx, p, p.Declarer, "origin:"+stage, block.Fallback(text), blocks)
		}
	case p.Origin.Kind == incident.OriginReaction && stage == toldReady:
		return r.hint(ctx, p)
	case p.Origin.Kind == incident.OriginReaction && stage == toldStuck:
		return r.direct(ctx, p, p.Declarer, "origin:"+stage, block.Fallback(text), blocks)
	default:
		return nil
	}
	if gone(err) {
		return r.direct(ctx, p, p.Declarer, "origin:"+stage, block.Fallback(text), blocks)
	}
	return err
}

// hint names what sounds alike to who declared by a reaction, beside the post, where
// nobody else sees it. Its thread has told everybody where to go.
func (r *Room) hint(ctx context.Context, p *reconcile.Pass) error {
	alike := alikeBlocks(p.Case)
	if len(alike) == 0 || p.Origin.Post == nil {
		return nil
	}
	text := block.Textf("You declared *%s* %s.", p.Ref(), p.Title)
	blocks := append([]slack.Block{block.Section(text)}, alike...)
	_, err := r.Slack.PostEphemeralContext(ctx, p.Origin.Post.Channel, p.Declarer,
		slack.MsgOptionText(said(p, text), false), slack.MsgOptionBlocks(blocks...))
	if away(err) || reconcile.Code(err) == "user_not_in_channel" {
		return r.direct(ctx, p, p.Declarer, "origin:"+toldReady, block.Fallback(text), blocks)
	}
	return err
}

// said is the text of what is answered without the Poster.
func said(p *reconcile.Pass, text block.Markup) string {
	return block.Said(&p.Incident, p.Definitions, text)
}

func (r *Room) answerBlocks(p *reconcile.Pass, stage string, text block.Markup) []slack.Block {
	blocks := []slack.Block{block.Section(text)}
	if stage != toldReady {
		return blocks
	}
	if p.Origin.View != "" {
		link := p.Installation.ChannelLink(p.Room(incident.RoomMain).ID)
		blocks = append(blocks, block.Actions(block.LinkButton("Open channel", block.ActOpen, link)))
	}
	return append(blocks, alikeBlocks(p.Case)...)
}

// alikeBlocks name what was open before and may be the same, with the way there.
func alikeBlocks(c *incident.Case) []slack.Block {
	if !c.Status.Open() || len(c.Alike) == 0 {
		return nil
	}
	blocks := []slack.Block{block.Section("This sounds alike, and is open already:")}
	for _, a := range c.Alike {
		line := block.Textf("%s *%s* %s · %s", block.Markup(block.SeveritySign(a.Severity)), incident.Ref(a.Number), a.SeverityName, a.Title)
		if a.Room != "" {
			line += " · " + block.Channel(a.Room)
		}
		blocks = append(blocks, block.Row(line, block.Button("It is the same: join "+incident.Ref(a.Number), block.ActSame,
			block.Value(c.Number, strconv.FormatInt(a.Number, 10)))))
	}
	return blocks
}

// gone reports that the place of the answer is no more: the form was closed, or
// the response_url has run out. The person then gets a direct message.
func gone(err error) bool {
	if reconcile.Code(err) == "not_found" {
		return true
	}
	status, ok := errors.AsType[slack.StatusCodeError](err)
	return ok && (status.Code == http.StatusNotFound || status.Code == http.StatusForbidden || status.Code == http.StatusGone)
}
