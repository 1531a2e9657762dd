package rca

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// opener keeps the message that says why people are here.
func (r *RCA) opener(ctx context.Context, p *reconcile.Pass) error {
	rca := p.Room(incident.RoomRCA)
	if rca.ID == "" {
		return nil
	}
	_, err := r.Poster.Keep(ctx, p, reconcile.Message{
		Key: incident.KeyOpener, Channel: rca.ID,
		Text: block.Fallback(block.Textf("Root-cause analysis of “%s”", p.Title)), Blocks: Opener(p.Case, r.state(p)),
	})
	return err
}

// openerTodos is how many follow-ups the opener lists: a message takes 50 blocks.
const openerTodos = 20

// Opener says why people are here and where they come from.
func Opener(c *incident.Case, page PageState) []slack.Block {
	blocks := []slack.Block{
		block.Header(":mag: Root-cause analysis of " + c.Ref()),
		block.Section(block.Textf("Here we work out, without blame, what happened in “%s”, why, and what keeps it from happening again. Invite whoever can help.", c.Title)),
		block.Fields(
			block.Textf("*Severity*\n%s", c.Definitions.Severity(c.Severity).Name),
			block.Textf("*Room*\n%s", block.Channel(c.Room(incident.RoomMain).ID)),
			block.Textf("*Commander*\n%s", block.Holder(&c.Incident, incident.Commander)),
			block.Textf("*Technical lead*\n%s", block.Holder(&c.Incident, incident.TechnicalLead)),
		),
	}
	blocks = append(blocks, pageBlocks(c, page)...)
	blocks = append(blocks, block.ToDos(&c.Incident, openerTodos,
		block.Button("Timeline", block.ActTimeline, block.Value(c.Number)),
		block.Button("Export", block.ActExport, block.Value(c.Number)))...)
	if c.Status.Open() {
		return append(blocks, block.Context(block.Textf("The incident was reopened: the review goes on once it is resolved again.")))
	}
	if c.Status != incident.Resolved {
		return append(blocks, block.Context(block.Textf("The incident was reopened and is now %s: there is nothing left to review.", c.Standing())))
	}
	return append(blocks, block.Context(block.Textf("Resolved after %s by %s: %s",
		block.Duration(c.Lasted(c.ResolvedAt)), block.User(c.ResolvedBy), c.Resolution)))
}

// pageBlocks say how the page stands.
func pageBlocks(c *incident.Case, page PageState) []slack.Block {
	var blocks []slack.Block
	switch {
	case page.Link != "":
		text := block.Textf("*Page*\n%s", block.Link(page.Link, "Root-cause analysis of "+c.Ref()))
		if page.Edited {
			text += block.Textf(" · you have edited it, so new facts come as comments below it")
		}
		if page.Edited {
			blocks = append(blocks, block.Row(text, replaceButton(c.Number, page.Told)))
		} else {
			blocks = append(blocks, block.Section(text))
		}
	case page.Wanted && page.Trouble == "" && c.Status == incident.Resolved:
		blocks = append(blocks, block.Section(block.Textf("*Page*\n:hourglass_flowing_sand: being created")))
	}
	trouble := block.Markup("")
	switch {
	case page.Trouble != "":
		trouble = block.Textf(":warning: The page can't be written yet: %s. It is tried again and again.", page.Trouble)
	case page.Gone != "":
		trouble = block.Textf(":warning: Nothing new is written on the page: %s. Restore it and press Retry to go on.", page.Gone)
	}
	if trouble != "" {
		blocks = append(blocks, block.Row(trouble, block.Button("Retry", block.ActRetry, block.Value(c.Number))))
	}
	return blocks
}
