package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/report"
)

const (
	// exportPart is how many bytes of an export one block holds, and
	// exportParts how many blocks one answer: escaping makes text longer, and
	// Slack takes 3000 characters a block.
	exportPart, exportParts = 1500, 20
)

// export answers with the incident as Markdown, to be copied, and sends it as
// files.
func (b *Bot) export(ctx context.Context, a asked, number int64) (answer, error) {
	e, err := b.exported(ctx, number)
	if err != nil {
		return nil, err
	}
	a.ack(only(e.title, e.blocks...))
	b.sendExport(ctx, a.UserID, a.ResponseURL, e)
	return nil, nil
}

// exportHere answers the button: beside the message, or over the panel.
func (b *Bot) exportHere(ctx context.Context, in slack.InteractionCallback, number int64, ack ack) error {
	e, err := b.exported(ctx, number)
	if err != nil {
		return err
	}
	if in.View.ID != "" {
		b.open(ctx, in.TriggerID, block.Form("", incident.Ref(number)+" export", "", "", e.blocks...), ack)
	} else {
		ack(nil)
		b.whisper(ctx, in.ResponseURL, e.title, e.blocks...)
	}
	b.sendExport(ctx, in.User.ID, in.ResponseURL, e)
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
	note := block.Markup("The same comes to your messages with muster as files, Markdown and JSON.")
	if len(e.blocks) > exportParts {
		e.blocks = e.blocks[:exportParts]
		note = "The rest of the timeline is too long for a message. All of it comes to your messages with muster as files, Markdown and JSON."
	}
	e.blocks = append(e.blocks, block.Context(note))
	return e, nil
}

// sendExport sends the files to the person alone, whose request nobody else sees.
func (b *Bot) sendExport(ctx context.Context, user, address string, e export) {
	if err := b.sendFiles(ctx, user, string(e.title)+" and JSON", e.files...); err != nil {
		b.Log.Warn().Err(err).Msg("send an export as files")
		b.whisper(ctx, address, block.Textf("The files could not be sent (%s). What stands above can be copied; `muster export` writes all of it on muster's machine.", slackCode(err)))
	}
}

// parts cuts a text between lines into pieces that fit a block of code. A
// backtick would end the block.
func parts(text string) []string {
	var list []string
	var part strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(text, "`", "'")) {
		for len(line) > exportPart {
			cut := strings.ToValidUTF8(line[:exportPart], "")
			list, line = append(list, part.String()+cut), line[len(cut):]
			part.Reset()
		}
		if part.Len()+len(line) > exportPart {
			list = append(list, part.String())
			part.Reset()
		}
		part.WriteString(line)
	}
	return append(list, part.String())
}
