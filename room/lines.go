package room

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// lines says each change in the room once, in order. One that waits keeps the
// later ones waiting, or the room would tell the story wrong.
func (r *Room) lines(ctx context.Context, p *reconcile.Pass) error {
	seen := p.Seen()
	for n, e := range p.News {
		if n > 0 {
			if err := p.Newer(); err != nil {
				return err
			}
		}
		text := Line(seen, e)
		if text == "" {
			continue
		}
		_, err := r.Poster.Once(ctx, p, reconcile.Message{
			Key:     "line:" + strconv.FormatInt(e.ID, 10),
			Channel: p.Room(incident.RoomMain).ID,
			Text:    block.Fallback(text), Blocks: LineBlocks(seen, e, text),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// LineBlocks shows a line: text is what Line says.
func LineBlocks(c *incident.Case, e incident.Entry, text block.Markup) []slack.Block {
	switch e.Kind {
	case incident.EntryDuplicate:
		return duplicateBlocks(c, text)
	case incident.EntryResolved:
		return []slack.Block{block.Section(text), block.Actions(
			block.Button("Export", block.ActExport, block.Value(c.Number)),
			block.Reopen(c.Number))}
	case incident.EntryCancelled:
		return []slack.Block{block.Row(text, block.Reopen(c.Number))}
	}
	if e.Kind == incident.EntryNote {
		return []slack.Block{block.Section(noteHead(e)), block.Plain(e.Text)}
	}
	if e.Kind == incident.EntrySummary && e.To != "" {
		return []slack.Block{block.Section(text), block.Plain(e.To)}
	}
	if e.Kind == incident.EntryTodo && e.Detail != nil {
		return []slack.Block{block.Row(text, block.Button("Change", block.ActTodoEdit, block.ToDoValue(c.Number, e.Detail.N)))}
	}
	if e.Kind == incident.EntryStale {
		return []slack.Block{block.Section(text), block.Actions(
			block.Button("Resolve", block.ActResolve, block.Value(c.Number)),
			block.Button("Still working", block.ActKeep, block.Value(c.Number)))}
	}
	if e.Kind == incident.EntryUpdate {
		return block.Update(updateHead(c, e), e)
	}
	return []slack.Block{block.Section(text)}
}

func noteHead(e incident.Entry) block.Markup {
	return block.Textf(":memo: *Note* by %s", block.User(e.By))
}

func updateHead(c *incident.Case, e incident.Entry) block.Markup {
	if !c.Announced() {
		return block.Textf(":mega: *Update* by %s", block.User(e.By))
	}
	return block.Textf(":mega: *Update* by %s, also in the digest channel", block.User(e.By))
}

// Line says an entry in words; empty if it is not worth a message.
func Line(c *incident.Case, e incident.Entry) block.Markup {
	by := block.User(e.By)
	switch e.Kind {
	case incident.EntrySeverity:
		return severityLine(c, e, by)
	case incident.EntryStatus:
		return block.Textf("*%s → %s* by %s.", incident.Status(e.From).Title(), incident.Status(e.To).Title(), by)
	case incident.EntryRole:
		return roleEntry(c, e, by)
	case incident.EntryResolved:
		return block.Textf(":white_check_mark: *Resolved after %s* by %s: %s", block.Duration(e.At.Sub(c.DeclaredAt)), by, e.Text) + openFollowUps(c)
	case incident.EntryTitle:
		return block.Textf(":pencil2: *Title* by %s: “%s”, before “%s”", by, e.To, e.From)
	case incident.EntrySummary:
		return summaryLine(e, by)
	case incident.EntryTest:
		return testLine(c, e, by)
	case incident.EntryPrivate:
		return privateLine(c, e)
	case incident.EntryExposed:
		return exposedLine(c, e)
	case incident.EntryCancelled:
		return block.Textf(":no_entry_sign: *Cancelled after %s* by %s: %s", block.Duration(e.At.Sub(c.DeclaredAt)), by, e.Text)
	case incident.EntryDuplicate:
		return duplicateLine(c, e, by)
	case incident.EntryTodo:
		return todoLine(e, by)
	case incident.EntryStale:
		return block.Textf(":hourglass: *%s* is open since %s. Is it over, or is somebody still working on it?", c.Ref(), block.Day(c.DeclaredAt))
	case incident.EntryKept:
		return block.Textf("%s is still working on it.", by)
	case incident.EntryUpdate:
		return block.Textf("Update by %s: %s", by, e.Text)
	case incident.EntryChannel:
		if incident.RoomPurpose(e.From) == incident.RoomMain {
			return ""
		}
		return channelLine(c, e)
	case incident.EntryReopened:
		return block.Textf(":arrows_counterclockwise: *Reopened* by %s. Status is investigating again.", by)
	case incident.EntryNote:
		return noteHead(e) + block.Textf(": %s", e.Text)
	default:
		return ""
	}
}

func todoLine(e incident.Entry, by block.Markup) block.Markup {
	line := block.Textf(":ballot_box_with_check: *Follow-up* by %s: %s", by, e.Text)
	if e.To != "" {
		line += " · " + block.User(e.To)
	}
	if e.Detail != nil && e.Detail.Due != "" {
		line += block.Textf(" · by %s", block.DueDay(e.Detail.Due))
	}
	return line
}

// openFollowUps counts what is still to be done.
func openFollowUps(c *incident.Case) block.Markup {
	open := 0
	for _, f := range c.ToDos() {
		if f.Open() {
			open++
		}
	}
	switch open {
	case 0:
		return ""
	case 1:
		return "\n1 follow-up is open."
	}
	return block.Textf("\n%d follow-ups are open.", open)
}

// duplicateLine says that the incident is another one, and leads there while it
// still is.
func duplicateLine(c *incident.Case, e incident.Entry, by block.Markup) block.Markup {
	line := block.Textf(":repeat: *Duplicate of %s*, says %s.", e.Text, by)
	if c.Original != nil && incident.Ref(c.Original.Number) == e.Text {
		line += block.GoesOn(" ", c.Original)
	}
	return line
}

// duplicateBlocks offer people in the duplicate's room the other room.
func duplicateBlocks(c *incident.Case, text block.Markup) []slack.Block {
	reopen := block.Reopen(c.Number)
	if c.Original == nil || c.Original.Room == "" {
		return []slack.Block{block.Row(text, reopen)}
	}
	link := c.Installation.ChannelLink(c.Original.Room)
	return []slack.Block{block.Section(text), block.Actions(
		block.LinkButton("Go to "+incident.Ref(c.Original.Number), block.ActOpen, link), reopen)}
}

func testLine(c *incident.Case, e incident.Entry, by block.Markup) block.Markup {
	if e.To == incident.Drill {
		return block.Textf(":test_tube: *%s is a test*, says %s: it is out of the digest channel, reminders and statistics.", c.Ref(), by)
	}
	return block.Textf(":warning: *%s is no test*, says %s: reminders and statistics count it.", c.Ref(), by)
}

// privateLine says what it means that the room was made private, and what people have
// to do themselves.
func privateLine(c *incident.Case, e incident.Entry) block.Markup {
	by := block.Markup("")
	if e.By != "" {
		by = block.Textf(" by %s", block.User(e.By))
	}
	line := block.Textf(":lock: This channel was made private%s, and so *%s* is: it is out of the digest channel, lists, search, statistics and exports for who is not a member here.", by, c.Ref())
	if rca := c.Room(incident.RoomRCA); rca.ID != "" && !rca.Hidden() {
		line += block.Textf("\n:warning: %s is still public. Make it private in its settings, too; muster says nothing there until then.", block.Channel(rca.ID))
	}
	switch page := c.Deeds[incident.DeedPage]; {
	case !page.DoneAt.IsZero():
		line += block.Textf("\n:warning: %s can be read by whoever could before. Restrict it in Confluence; muster doesn't change it any more.", block.Link(page.Value, "The root-cause page"))
	case !page.AttemptedAt.IsZero():
		line += block.Textf("\n:warning: A root-cause page was just being made, and may be in Confluence: look for “%s” there, and restrict it.", page.Value)
	}
	return line
}

// exposedLine says what it means that a channel of a private incident was made public,
// and how people take it back; or that it is private again.
func exposedLine(c *incident.Case, e incident.Entry) block.Markup {
	by := block.Markup("")
	if e.By != "" {
		by = block.Textf(" by %s", block.User(e.By))
	}
	review := incident.RoomPurpose(e.From) == incident.RoomRCA
	what := block.Markup("This channel")
	if review {
		what = block.Channel(c.Room(incident.RoomRCA).ID)
	}
	if e.To != "public" {
		return ":lock: " + what + block.Textf(" is private again.")
	}
	line := ":warning: " + what + block.Textf(" was made public%s: everybody can read it. *%s* stays private: it is out of the digest channel, lists, search, statistics and exports for who is not a member of its channel.", by, c.Ref())
	if review {
		return line + "\nmuster says nothing there until it is private again: make it so in its settings."
	}
	return line + "\nTo keep what is said here among few, make the channel private again in its settings. muster makes no private incident public: what others should know, declare as another one."
}

func summaryLine(e incident.Entry, by block.Markup) block.Markup {
	if e.To == "" {
		return block.Textf(":pencil2: %s took the summary out.", by)
	}
	return block.Textf(":pencil2: *Summary* by %s", by)
}

func severityLine(c *incident.Case, e incident.Entry, by block.Markup) block.Markup {
	to, err := incident.ParseSeverity(e.To)
	if err != nil {
		return block.Textf("*%s → %s* by %s.", e.From, e.To, by)
	}
	from, now := c.Definitions.SeverityName(e.From), c.Definitions.SeverityName(e.To)
	text := block.Textf("%s *%s → %s* by %s.", block.Markup(block.SeveritySign(to)), from, now, by)
	if definition := c.Definitions.Severity(to).Text; definition != "" {
		text += block.Textf("\n%s", definition)
	}
	return text
}

func roleEntry(c *incident.Case, e incident.Entry, by block.Markup) block.Markup {
	name := e.Role
	if role, ok := c.Definitions.Role(e.Role); ok {
		name = role.Name
	}
	note := block.Markup("")
	if e.Text != "" {
		note = block.Textf(" “%s”", e.Text)
	}
	switch {
	case e.To == "" && e.By == "":
		return block.Textf("The account of %s is deactivated: %s is free to claim.", block.User(e.From), name)
	case e.To == "":
		return block.Textf("%s is no longer %s. The role is free to claim.", by, name)
	case e.From == e.By && e.From != "":
		return block.Textf("%s handed %s over to %s.%s", by, name, block.User(e.To), note)
	case e.From != "":
		return block.Textf("%s is now %s instead of %s, assigned by %s.%s", block.User(e.To), name, block.User(e.From), by, note)
	case e.By == e.To:
		return block.Textf("%s is now %s.", by, name)
	}
	return block.Textf("%s is now %s, assigned by %s.%s", block.User(e.To), name, by, note)
}
