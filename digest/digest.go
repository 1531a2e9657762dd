// Package digest keeps one message per incident in the digest channel, for
// everybody who only watches. It is rendered from the case, edited in place for
// life, and never read back.
package digest

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// Step is the digest's name, in the database and before people.
const Step = "digest"

// StepReview is the step that adds the root-cause page's link.
const StepReview = "digest review"

// Digest holds what the step needs.
type Digest struct {
	Poster *reconcile.Poster
}

// Steps are the digest's concerns. after is the step that opens the room: the
// message waits for it to end, so that it can link the room, but goes out
// without the link if that takes long.
func (d *Digest) Steps(after string) []reconcile.Step {
	return []reconcile.Step{
		{Name: Step, Waits: []string{after}, Run: d.keep},
		// The message first: it may have to be posted anew, and is what they reply to.
		{Name: StepStale, Run: d.stale},
		{Name: StepUpdates, Needs: []string{Step}, Run: d.updates},
	}
}

// Review are the steps that link the root-cause page, once after has made it.
func (d *Digest) Review(after string) []reconcile.Step {
	return []reconcile.Step{{Name: StepReview, Waits: []string{after}, Run: d.keep}}
}

func (d *Digest) keep(ctx context.Context, p *reconcile.Pass) error {
	if !p.Announced() {
		return d.takeBack(ctx, p)
	}
	_, err := d.Poster.Keep(ctx, p, reconcile.Message{
		Key: incident.KeyDigest, Channel: p.Installation.Digest,
		Text: block.Headline(&p.Incident, p.Definitions), Blocks: Message(p.Case, p.Deed(incident.DeedPage)),
	})
	return err
}

// takeBack deletes what the channel was told of an incident that is not, or no longer,
// for everybody: the updates, and last the message that they hang under. Should it
// become so again, the message is posted anew, and what it was told stays unsaid.
func (d *Digest) takeBack(ctx context.Context, p *reconcile.Pass) error {
	for _, said := range p.PostingsOf(incident.KeyUpdate) {
		// The others are direct messages.
		if said.Thread == "" {
			continue
		}
		if err := d.Poster.TakeBack(ctx, p, said.Key, "taken back"); err != nil {
			return err
		}
	}
	if p.Posting(incident.KeyDigest).Key == "" {
		return nil
	}
	return d.Poster.TakeBack(ctx, p, incident.KeyDigest, "")
}

// Message shows an incident to whoever watches. page is the deed that makes the
// root-cause page; it is given apart, since a step may be at it.
func Message(c *incident.Case, page incident.Deed) []slack.Block {
	if !c.Status.Open() {
		return ended(c, page)
	}
	blocks := block.Headed(block.Mark(&c.Incident), c.Title)
	if c.Summary != "" {
		blocks = append(blocks, block.Plain(c.Summary))
	}
	blocks = append(blocks, block.Fields(fields(c)...))
	if told := block.Told(&c.Incident); told != "" {
		blocks = append(blocks, block.Context(told))
	}
	return append(blocks, buttons(c))
}

func fields(c *incident.Case) []block.Markup {
	severity := c.Definitions.Severity(c.Severity)
	channel := block.Markup("_being opened_")
	if room := c.Room(incident.RoomMain); room.ID != "" {
		channel = block.Channel(room.ID)
	}
	return []block.Markup{
		block.Textf("*Severity*\n%s", block.Defined(block.Escape(severity.Name), severity.Text)),
		block.Textf("*Status*\n%s", c.Status.Title()),
		block.Textf("*Commander*\n%s", block.Holder(&c.Incident, incident.Commander)),
		block.Textf("*Technical lead*\n%s", block.Holder(&c.Incident, incident.TechnicalLead)),
		block.Textf("*Channel*\n%s", channel),
		block.Textf("*Declared*\n%s by %s", block.Day(c.DeclaredAt), block.User(c.Declarer)),
	}
}

func ended(c *incident.Case, page incident.Deed) []slack.Block {
	how, verb := string(c.Status)+" after "+block.Duration(c.Lasted(c.ResolvedAt)), string(c.Status)
	if c.Status == incident.Duplicate {
		how, verb = "is "+c.Standing(), "closed"
	}
	blocks := []slack.Block{
		block.Header(block.Sign(&c.Incident) + " " + c.Ref() + " " + how),
		block.Section(block.Textf("*%s*", c.Title) + block.GoesOn("\n", c.Original)),
	}
	if c.Resolution != "" {
		blocks = append(blocks, block.Plain(c.Resolution))
	}
	blocks = append(blocks, block.Context(block.Textf("%s · %s by %s, %s", c.Definitions.Severity(c.Severity).Name, verb, block.User(c.ResolvedBy), block.Day(c.ResolvedAt))))
	if !page.DoneAt.IsZero() {
		blocks = append(blocks, block.Section(block.Textf(":mag: %s", block.Link(page.Value, "Root-cause analysis"))))
	}
	if row := buttons(c); row != nil {
		blocks = append(blocks, row)
	}
	return blocks
}

// buttons take readers to the room, or let them follow from where they are while
// there is something to follow; nil if there are none.
func buttons(c *incident.Case) slack.Block {
	var row []*slack.ButtonBlockElement
	if room := c.Room(incident.RoomMain); room.ID != "" {
		row = append(row, block.LinkButton("Join channel", block.ActOpen, c.Installation.ChannelLink(room.ID)))
	}
	if c.Status.Open() {
		row = append(row, block.Button("Subscribe", block.ActSubscribe, block.Value(c.Number)))
	}
	if guide := c.Definitions.Settings.Guide; guide != "" {
		row = append(row, block.LinkButton("Guide", block.ActOpen, guide))
	}
	if len(row) == 0 {
		return nil
	}
	return block.Actions(row...)
}
