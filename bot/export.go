package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/report"
)

const (
	// exportPart is how many bytes of an export one block holds as it is sent:
	// Slack takes 3000 characters a block.
	exportPart = 2800
	// messageParts is how many such blocks a message holds, whose limit Slack does
	// not tell (10,000 characters have always gone through), and viewParts a modal.
	messageParts, viewParts = 3, 20
)

// export answers with the incident as Markdown, to be copied, and sends it as
// files.
func (b *Bot) export(ctx context.Context, a asked, number int64) (answer, error) {
	e, err := b.exported(ctx, number)
	if err != nil {
		return nil, err
	}
	a.ack(only(e.title, e.first(messageParts)...))
	b.sendExport(ctx, a.UserID, a.ResponseURL, e)
	return nil, nil
}

// exportHere answers the button: beside the message, or over the panel.
func (b *Bot) exportHere(ctx context.Context, c click) error {
	e, err := b.exported(ctx, c.number)
	if err != nil {
		return err
	}
	if c.in.View.ID != "" {
		b.open(ctx, c.in.TriggerID, block.Form("", incident.Ref(c.number)+" export", "", "", e.first(viewParts)...), c.ack)
	} else {
		c.ack(nil)
		b.whisper(ctx, c.in.ResponseURL, e.title, e.first(messageParts)...)
	}
	b.sendExport(ctx, c.act.By, c.in.ResponseURL, e)
	return nil
}

// export is an incident to take away.
type export struct {
	title  block.Markup
	blocks []slack.Block
	files  []file
}

func (b *Bot) exported(ctx context.Context, number int64) (export, error) {
	i, err := b.incident(ctx, number)
	if err != nil {
		return export{}, err
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return export{}, err
	}
	timeline, err := b.Reader.Timeline(ctx, number)
	if err != nil {
		return export{}, err
	}
	// Names may have to be asked for.
	b.hold(ctx)
	name := report.Namer(b.Names(ctx, report.People(i, timeline)...))
	text := report.Markdown(i, definitions, timeline, name)
	record, err := report.RecordOf(i, definitions, timeline, name).JSON()
	if err != nil {
		return export{}, err
	}
	e := export{title: block.Textf("%s as Markdown", i.Ref()), files: []file{
		{i.Ref() + ".md", i.Ref() + " as Markdown", []byte(text)},
		{i.Ref() + ".json", i.Ref() + " as JSON", record},
	}}
	for _, part := range parts(text) {
		e.blocks = append(e.blocks, block.Section(block.Markup("```"+block.Escaped(part)+"```")))
	}
	return e, nil
}

// first gives what of the export can be shown in so many blocks, and says where
// all of it is.
func (e export) first(parts int) []slack.Block {
	note := block.Markup("The same comes to your messages with muster as files, Markdown and JSON.")
	shown := e.blocks
	if len(shown) > parts {
		shown = shown[:parts]
		note = "The rest of the timeline is too long for a message. All of it comes to your messages with muster as files, Markdown and JSON."
	}
	return append(slices.Clone(shown), block.Context(note))
}

// sendExport sends the files to the person alone, whose request nobody else sees.
func (b *Bot) sendExport(ctx context.Context, user, address string, e export) {
	if err := b.sendFiles(ctx, user, string(e.title)+" and JSON", e.files...); err != nil {
		b.Log.Warn().Err(err).Msg("send an export as files")
		b.whisper(ctx, address, block.Textf("The files could not be sent (%s). What stands above can be copied; `muster export` writes all of it on muster's machine.", slackCode(err)))
	}
}

// parts cuts a text between lines into pieces that fit a block of code, and lines
// that are too long within. A backtick would end the block.
func parts(text string) []string {
	var list []string
	var part strings.Builder
	room := exportPart
	next := func() {
		list = append(list, part.String())
		part.Reset()
		room = exportPart
	}
	for line := range strings.Lines(strings.ReplaceAll(text, "`", "'")) {
		if size := sentSize(line); size > room && part.Len() > 0 && size <= exportPart {
			next()
		}
		for _, r := range line {
			size := sentSize(string(r))
			if size > room {
				next()
			}
			part.WriteRune(r)
			room -= size
		}
	}
	return append(list, part.String())
}

// sentSize is how many bytes a text has as it is sent.
func sentSize(text string) int { return len(block.Escaped(text)) }
