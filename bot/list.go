package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// perPage keeps a list within one message: an acknowledgement must stay below
// 20 KB, or Slack drops it without a word.
const perPage = 15

// listing is a list that somebody looks at, and where their page begins.
type listing struct {
	Scope incident.Scope
	// Words are what somebody looks for, in ScopeAll.
	Words  string
	Offset int
}

// listed is the list that a command asks for.
func listed(cmd incident.Command) listing {
	if cmd.Verb == incident.VerbFind {
		return listing{Scope: incident.ScopeAll, Words: strings.Join(incident.FindWords(cmd.Rest), " ")}
	}
	scope, page, _ := incident.ParseList(cmd.Rest)
	return listing{Scope: scope, Offset: (page - 1) * perPage}
}

// list answers "/incident list", "/incident list mine 2".
func (b *Bot) list(ctx context.Context, a asked) (answer, error) {
	list := listed(a.Command)
	blocks, err := b.listBlocks(ctx, list, a.UserID)
	if err != nil {
		return nil, err
	}
	return only(list.title(), blocks...), nil
}

// find answers "/incident find checkout".
func (b *Bot) find(ctx context.Context, a asked) (answer, error) {
	if len(incident.FindWords(a.Rest)) == 0 {
		return only("Say what to look for: `/incident find checkout`. A number works, too."), nil
	}
	return b.list(ctx, a)
}

// listBlocks are the page with buttons for the next and the one before.
func (b *Bot) listBlocks(ctx context.Context, list listing, viewer string) ([]slack.Block, error) {
	page, err := b.Reader.List(ctx, list.query(viewer, perPage))
	if err != nil {
		return nil, err
	}
	blocks := list.blocks(page, perPage)
	return append(blocks, pageButtons(page.Offset, perPage, page.Total, "Previous", "Next", list.at)...), nil
}

func (l listing) query(viewer string, limit int) incident.Query {
	return incident.Query{Scope: l.Scope, Words: l.Words, Viewer: viewer, Limit: limit, Offset: l.Offset}
}

func (l listing) title() block.Markup {
	switch {
	case l.Words != "":
		return block.Textf("Incidents with “%s”", incident.Shorten(l.Words, 80))
	case l.Scope == incident.ScopeAll:
		return "All incidents"
	case l.Scope == incident.ScopeMine:
		return "Your incidents"
	case l.Scope == incident.ScopeResolved:
		return "Resolved incidents"
	}
	return "Open incidents"
}

// none is said instead of an empty list.
func (l listing) none() block.Markup {
	switch {
	case l.Words != "":
		return block.Textf("No incident has “%s” in its title or summary.", incident.Shorten(l.Words, 80))
	case l.Scope == incident.ScopeAll:
		return "There was no incident yet. Declare one with `/incident new` and a title."
	case l.Scope == incident.ScopeMine:
		return "You have declared no incident, and have no role in one."
	case l.Scope == incident.ScopeResolved:
		return "No incident is resolved."
	}
	return "No incident is open. Declare one with `/incident new` and a title."
}

// blocks are the page without its buttons.
func (l listing) blocks(page incident.Page, limit int) []slack.Block {
	if page.Total == 0 {
		return []slack.Block{block.Section(l.none())}
	}
	lines := make([]block.Markup, len(page.List))
	for n, i := range page.List {
		lines[n] = listLine(i)
	}
	blocks := []slack.Block{block.Section(block.Textf("*%s*", l.title()))}
	blocks = append(blocks, block.Lines(lines)...)
	if page.Total > limit {
		blocks = append(blocks, block.Context(l.position(page)))
	}
	return blocks
}

// position says which part of the list the page is.
func (l listing) position(page incident.Page) block.Markup {
	text := block.Textf("%d–%d of %d", page.Offset+1, page.Offset+len(page.List), page.Total)
	if l.Scope != incident.ScopeOpen && page.Total >= incident.ListLimit {
		text = block.Textf("%d–%d of the newest %d", page.Offset+1, page.Offset+len(page.List), page.Total)
		if l.Words == "" {
			text += ". `/incident find` finds older ones."
		}
	}
	return text
}

// at is what a button carries that shows the list from another place.
func (l listing) at(offset int) string {
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", l.Scope, offset, l.Words))
}

// parseListing reads it back. Values come from clients and may be anything.
func parseListing(value string) (listing, bool) {
	scope, rest, _ := strings.Cut(value, " ")
	offset, words, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(offset)
	return listing{incident.Scope(scope), words, n}, err == nil && n >= 0
}

// pageButtons turn a list that has more than one page; at gives what a button
// carries for a place in it.
func pageButtons(offset, limit, total int, previous, next string, at func(offset int) string) []slack.Block {
	var buttons []*slack.ButtonBlockElement
	if offset > 0 {
		buttons = append(buttons, block.Button(previous, block.ActPrevious, at(max(0, offset-limit))))
	}
	if offset+limit < total {
		buttons = append(buttons, block.Button(next, block.ActNext, at(offset+limit)))
	}
	if len(buttons) == 0 {
		return nil
	}
	return []slack.Block{block.Actions(buttons...)}
}

// turnPage shows another page of a list in the place of the one that was clicked.
func (b *Bot) turnPage(ctx context.Context, c click) error {
	list, ok := parseListing(c.value)
	if !ok {
		return nil
	}
	switch list.Scope {
	case scopeHome:
		at(ctx).HomeOffset = list.Offset
		return nil
	case scopeTimeline:
		return b.turnTimeline(ctx, c, list)
	}
	blocks, err := b.listBlocks(ctx, list, c.act.By)
	if err != nil {
		return err
	}
	c.ack(nil)
	b.replace(ctx, c.in.ResponseURL, list.title(), blocks...)
	return nil
}

// listTitle is how many characters of a title a line of a list shows.
const listTitle = 80

func listLine(i incident.Listed) block.Markup { return block.Listed(i, listTitle) }
