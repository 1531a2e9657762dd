package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// formSettings is the view of all settings.
const formSettings = "settings"

// openSettings shows all settings, to be changed by who may.
func (b *Bot) openSettings(ctx context.Context, trigger, user string, ack ack) error {
	sections, book, err := b.Desk.Sections(ctx)
	if err != nil {
		return err
	}
	p := *at(ctx)
	p.Number = 0
	b.open(ctx, trigger, settingsView(sections, book, b.administers(ctx, user), &p), ack)
	return nil
}

// updateSettings shows them anew in a view that is open.
func (b *Bot) updateSettings(ctx context.Context, user string, p *stand) {
	sections, book, err := b.Desk.Sections(ctx)
	if err == nil {
		_, err = b.Slack.UpdateViewContext(ctx, settingsView(sections, book, b.administers(ctx, user), p), "", "", p.Panel)
	}
	if err != nil {
		b.Log.Warn().Err(err).Msg("bring the settings up to date")
	}
}

func settingsView(sections []incident.Section, book *incident.Book, admin bool, p *stand) slack.ModalViewRequest {
	says := block.Markup("What you change here counts from the next use on, without a restart.")
	if !admin {
		says = "Admins and owners of this workspace can change these, and whom `ADMIN_USERS` names."
	}
	blocks := []slack.Block{block.Context(says)}
	for _, s := range sections {
		blocks = append(blocks, sectionRow(s, admin))
		if s.Key == lastRole(sections) && admin {
			blocks = append(blocks, block.Actions(block.Button("Add a role", block.ActAddRole, "")))
		}
	}
	if len(book.Recent) > 0 {
		lines := []block.Markup{"*Latest changes*"}
		for _, c := range book.Recent[:min(len(book.Recent), shownChanges)] {
			lines = append(lines, changeLine(book, c))
		}
		blocks = append(blocks, block.Lines(lines)...)
	}
	return block.Form(formSettings, "Settings", "", p.private(), blocks...)
}

// shownChanges is how many of the latest changes are listed.
const shownChanges = 8

func lastRole(sections []incident.Section) (key string) {
	for _, s := range sections {
		if s.Key != incident.SectionGeneral {
			key = s.Key
		}
	}
	return key
}

// sectionRow shows a section, with what an administrator may do about it.
func sectionRow(s incident.Section, admin bool) slack.Block {
	text := block.Textf("*%s*", s.Title)
	for _, f := range s.Fields {
		if f.Value == s.Title && f.Changed.By == "" {
			continue
		}
		text += "\n" + fieldLine(f)
	}
	if !admin {
		return block.Section(text)
	}
	entries := []block.Entry{{Label: "Edit", Action: block.ActSetting, Value: s.Key}}
	if s.Stock {
		entries = append(entries, block.Entry{Label: "Restore stock text", Action: block.ActStock, Value: s.Key})
	}
	if s.Role != "" {
		entries = append(entries, block.Entry{Label: "Retire", Action: block.ActRetire, Value: s.Role})
	}
	if len(entries) == 1 {
		return block.Row(text, block.Button("Edit", block.ActSetting, s.Key))
	}
	return block.RowMenu(text, entries...)
}

// fieldShown is how much of a value the list shows, in characters.
const fieldShown = 140

// fieldLine is one setting: what rules, and who set it.
func fieldLine(f incident.SettingField) block.Markup {
	value := incident.Shorten(incident.CleanLine(f.Value), fieldShown)
	line := block.Textf("%s: %s", f.Label, value)
	if f.Value == "" {
		line = block.Textf("%s: _not set_, so %s", f.Label, f.Rules)
	}
	if f.Changed.By != "" {
		line += block.Textf(" · %s, %s", block.User(f.Changed.By), block.Day(f.Changed.At))
	}
	return line
}

func changeLine(book *incident.Book, c incident.SettingChange) block.Markup {
	quoted := func(value string) block.Markup {
		if value == "" {
			return "nothing"
		}
		return block.Textf("“%s”", incident.Shorten(incident.CleanLine(value), fieldShown))
	}
	return block.Textf("%s: %s → %s · %s, %s", book.Name(c.Setting), quoted(c.From), quoted(c.To), block.User(c.By), block.Day(c.At))
}
