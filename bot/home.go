package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	// homePage is how many open incidents a page of the Home tab lists: a view
	// takes 100 blocks.
	homePage = 40
	// homeLines bounds the shorter lists.
	homeLines = 10
	// homeTodos bounds a person's follow-ups there.
	homeTodos = 15
)

// homeOpened shows a person the Home tab when they open it.
func (b *Bot) homeOpened(ctx context.Context, e event) {
	if e.Inner.Tab == "home" && e.Inner.User != "" {
		b.publishHome(ctx, e.Inner.User, 0)
	}
}

// homeLists are what the Home tab shows.
type homeLists struct {
	open, held, resolved incident.Page
	todos                []incident.OwnFollowUp
	definitions          incident.Definitions
}

func (b *Bot) homeLists(ctx context.Context, user string, offset int) (l homeLists, err error) {
	for _, part := range []struct {
		page  *incident.Page
		query incident.Query
	}{
		{&l.open, incident.Query{Scope: incident.ScopeOpen, Limit: homePage, Offset: offset}},
		{&l.held, incident.Query{Scope: incident.ScopeHeld, Limit: homeLines}},
		{&l.resolved, incident.Query{Scope: incident.ScopeResolved, Limit: homeLines / 2}},
	} {
		part.query.Viewer = user
		if *part.page, err = b.Reader.List(ctx, part.query); err != nil {
			return l, err
		}
	}
	if l.todos, err = b.Reader.FollowUps(ctx, user, homeTodos); err != nil {
		return l, err
	}
	l.definitions, err = b.Reader.Definitions(ctx)
	return l, err
}

// publishHome shows a person their Home tab, from offset in the open incidents.
func (b *Bot) publishHome(ctx context.Context, user string, offset int) {
	view := b.homeView(ctx, user, offset)
	if _, err := b.Slack.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view}); err != nil {
		b.Log.Warn().Err(err).Msg("publish a Home tab")
	}
}

func (b *Bot) homeView(ctx context.Context, user string, offset int) slack.HomeTabViewRequest {
	if err := b.may(ctx, user); err != nil {
		return block.Home("", block.Section(b.words(err)))
	}
	lists, err := b.homeLists(ctx, user, offset)
	if err != nil {
		b.Log.Error().Err(err).Msg("read what the Home tab shows")
		return block.Home("", block.Section("muster can't use its database at the moment. Open this tab again in a minute."))
	}
	return home(lists)
}

// home is a person's Home tab: their roles, what is open, what ended.
func home(l homeLists) slack.HomeTabViewRequest {
	blocks := []slack.Block{
		block.Actions(block.Primary("Declare an incident", block.ActDeclareForm, ""), block.Button("Settings", block.ActSettings, "")),
		block.RowIncidents("Show an incident, also a resolved one", block.ActShow),
	}
	if l.held.Total > 0 {
		blocks = append(blocks, block.Section("*Your roles*"))
		blocks = append(blocks, block.Lines(roleLines(l))...)
	}
	if len(l.todos) > 0 {
		blocks = append(blocks, block.Section("*Your follow-ups*"))
		for _, f := range l.todos {
			text := block.ToDo(f.FollowUp) + block.Textf("\n*%s* %s", incident.Ref(f.Number), incident.Shorten(f.Title, 80))
			value := block.ToDoValue(f.Number, f.N)
			blocks = append(blocks, block.RowMenu(text, block.Entry{Label: "Done", Action: block.ActTodoDone, Value: value},
				block.Entry{Label: "Change", Action: block.ActTodoEdit, Value: value},
				block.Entry{Label: "Show the incident", Action: block.ActShow, Value: block.Value(f.Number)}))
		}
	}
	blocks = append(blocks, homeOpen(l.open)...)
	if l.resolved.Total > 0 {
		var lines []block.Markup
		for _, i := range l.resolved.List {
			lines = append(lines, listLine(i))
		}
		blocks = append(blocks, block.Section("*Recently resolved*"))
		blocks = append(blocks, block.Lines(lines)...)
	}
	private := (&stand{Home: true, HomeOffset: l.open.Offset}).private()
	return block.Home(private, blocks...)
}

func roleLines(l homeLists) []block.Markup {
	var lines []block.Markup
	for _, i := range l.held.List {
		for _, key := range i.Mine {
			name := key
			if role, known := l.definitions.Role(key); known {
				name = role.Name
			}
			line := block.Textf("%s %s of *%s* %s", block.Markup(block.SeveritySign(i.Severity)), name,
				block.Marked(incident.Ref(i.Number), i.Test, i.Private), incident.Shorten(i.Title, 80))
			if i.Room != "" {
				line += " · " + block.Channel(i.Room)
			}
			lines = append(lines, line)
		}
	}
	if more := l.held.Total - len(l.held.List); more > 0 {
		lines = append(lines, block.Textf("and %d more incidents: `/incident list mine`", more))
	}
	return lines
}

func homeOpen(page incident.Page) []slack.Block {
	if page.Total == 0 {
		return []slack.Block{block.Section("*No incident is open.*\nWhen something breaks, declare it here, with `/incident`, or from an alert's message menu.")}
	}
	blocks := []slack.Block{block.Section(block.Textf("*Open incidents* (%d)", page.Total))}
	for _, i := range page.List {
		blocks = append(blocks, block.RowMenu(listLine(i), homeMenu(i.Number)...))
	}
	if page.Total > homePage {
		blocks = append(blocks, block.Context(block.Textf("%d–%d of %d", page.Offset+1, page.Offset+len(page.List), page.Total)))
	}
	to := func(offset int) string { return listing{Scope: scopeHome}.at(offset) }
	return append(blocks, pageButtons(page.Offset, homePage, page.Total, "Previous", "Next", to)...)
}

// scopeHome marks the pages of the Home tab among those of lists.
const scopeHome incident.Scope = "home"

// homeMenu has the five entries that Slack takes; the line beside it links the
// channel.
func homeMenu(number int64) []block.Entry {
	value := block.Value(number)
	return []block.Entry{
		{Label: "Show", Action: block.ActShow, Value: value},
		{Label: "Post update", Action: block.ActUpdate, Value: value},
		{Label: "Status", Action: block.ActStatus, Value: value},
		{Label: "Severity", Action: block.ActSeverity, Value: value},
		{Label: "Resolve", Action: block.ActResolve, Value: value},
	}
}
