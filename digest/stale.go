package digest

import (
	"context"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// StepStale is the step that lists what is open for too long.
const StepStale = "stale"

// stale keeps the list of stale incidents, which is among the messages of the
// incident that began it.
func (d *Digest) stale(ctx context.Context, p *reconcile.Pass) error {
	if p.Stale == nil {
		return nil
	}
	key := fmt.Sprintf("stale:%d", p.Stale.At.UnixMilli())
	text, blocks := Stale(p.Stale)
	_, err := d.Poster.Keep(ctx, p, reconcile.Message{
		Key: key, Channel: p.Installation.Digest, Text: text, Blocks: blocks, LetGo: true, IfThere: p.Stale.Total == 0, Many: true,
	})
	return err
}

// inSection is how many lines fit into a section, and inMessage how much of them
// into a message, in bytes: Slack takes 3,000 and 10,000 characters.
const inSection, inMessage = 6, 9000

// Stale shows the list to whoever watches.
func Stale(list *incident.StaleList) (text string, blocks []slack.Block) {
	head := block.Textf(":hourglass: *Open for too long: %d incidents*", list.Total)
	switch list.Total {
	case 0:
		line := block.Textf(":hourglass: Nothing of this list is open for too long any more.")
		return block.Fallback(line), []slack.Block{block.Context(line)}
	case 1:
		head = ":hourglass: *Open for too long: 1 incident*"
	}
	blocks = []slack.Block{block.Section(head + "\nResolve what is over. In its channel, each can be kept.")}
	lines := staleLines(list.List)
	for part := range slices.Chunk(lines, inSection) {
		blocks = append(blocks, block.Section(block.Join(part, "\n")))
	}
	if more := list.Total - len(lines); more > 0 {
		blocks = append(blocks, block.Context(block.Textf("and %d more; `/incident list` shows them all", more)))
	}
	return block.Fallback(head), blocks
}

// staleTitle is how many characters of a title a line of the list shows.
const staleTitle = 60

// staleLines are as many as fit.
func staleLines(list []incident.Listed) (lines []block.Markup) {
	left := inMessage
	for _, i := range list {
		line := block.Listed(i, staleTitle)
		if left -= len(line) + 1; left < 0 {
			break
		}
		lines = append(lines, line)
	}
	return lines
}
