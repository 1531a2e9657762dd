package bot

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// perPage keeps a list within one message: an acknowledgement must stay below
// 20 KB, or Slack drops it without a word.
const perPage = 15

// list answers "/incident list" and "/incident list 2".
func (b *Bot) list(ctx context.Context, a asked) (answer, error) {
	page, err := strconv.Atoi(a.Rest)
	if err != nil || page < 1 {
		page = 1
	}
	blocks, err := b.openIncidents(ctx, perPage, (page-1)*perPage)
	if err != nil {
		return nil, err
	}
	return only("Open incidents", blocks...), nil
}

// openIncidents are blocks that list what is open, the worst first.
func (b *Bot) openIncidents(ctx context.Context, limit, offset int) ([]slack.Block, error) {
	list, total, err := b.Reader.Open(ctx, limit, offset)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		return []slack.Block{block.Section("No incident is open. Declare one with `/incident new` and a title.")}, nil
	}
	lines := make([]block.Markup, len(list))
	for n, i := range list {
		lines[n] = listLine(i)
	}
	blocks := []slack.Block{block.Section(block.Join(lines, "\n"))}
	if shown := offset + len(list); shown < total {
		blocks = append(blocks, block.Context(block.Textf("%d of %d. `/incident list %d` shows the next.", shown, total, offset/limit+2)))
	}
	return blocks, nil
}

func listLine(i incident.Listed) block.Markup {
	line := block.Textf("%s *%s* %s · %s · %s · since %s", block.Markup(block.SeveritySign(i.Severity)),
		incident.Ref(i.Number), i.Severity, i.Status.Title(), incident.Shorten(i.Title, 80), block.Day(i.DeclaredAt))
	if i.Commander != "" {
		line += " · " + block.User(i.Commander)
	}
	if i.Room != "" {
		line += " · " + block.Channel(i.Room)
	}
	return line
}
