package digest

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// StepUpdates is the step that posts updates.
const StepUpdates = "updates"

// updates posts what people outside should know, in order and once each, as a
// reply to the digest message. An update is shown in the channel as well; that
// there is nothing new stays in the thread.
func (d *Digest) updates(ctx context.Context, p *reconcile.Pass) error {
	for n, e := range p.Updates {
		if e.Kind == incident.EntryChannel {
			continue
		}
		if n > 0 {
			if err := p.Newer(); err != nil {
				return err
			}
		}
		parent := p.Posting(incident.KeyDigest)
		if parent.TS == "" {
			// Slack takes no digest message; there is nothing to reply to.
			return nil
		}
		text, blocks := Update(p.Case, e)
		_, err := d.Poster.Once(ctx, p, reconcile.Message{
			Key:     incident.KeyUpdate + strconv.FormatInt(e.ID, 10),
			Channel: parent.Channel, Thread: parent.TS, Broadcast: e.Kind == incident.EntryUpdate,
			Text: text, Blocks: blocks,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Update shows an update, or that there is none, to whoever watches.
func Update(c *incident.Case, e incident.Entry) (text string, blocks []slack.Block) {
	by := block.User(e.By)
	if e.Kind != incident.EntryUpdate {
		line := block.Textf("No change, says %s.", by)
		if e.Detail != nil && !e.Detail.Until.IsZero() {
			line = block.Textf("No change, says %s. Next update by %s.", by, block.Time(e.Detail.Until))
		}
		return block.Fallback("No change"), []slack.Block{block.Section(line)}
	}
	head := block.Textf(":mega: *Update on %s* by %s, %s", c.Ref(), by, block.Time(e.At))
	return block.Fallback(block.Textf("Update by %s: %s", by, e.Text)), block.Update(head, e)
}
