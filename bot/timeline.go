package bot

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/report"
)

// scopeTimeline marks the pages of a timeline among those of lists; their words
// are the incident's number.
const scopeTimeline incident.Scope = "timeline"

// timeline answers "/incident timeline" and "/incident 42 timeline 2".
func (b *Bot) timeline(ctx context.Context, a asked, number int64) (answer, error) {
	page, _ := incident.ParsePage(a.Rest)
	title, blocks, err := b.timelineBlocks(ctx, number, (page-1)*perPage)
	if err != nil {
		return nil, err
	}
	return only(title, blocks...), nil
}

func (b *Bot) turnTimeline(ctx context.Context, c click, list listing) error {
	number, err := strconv.ParseInt(list.Words, 10, 64)
	if err != nil {
		return nil
	}
	title, blocks, err := b.timelineBlocks(ctx, number, list.Offset)
	if err != nil {
		return err
	}
	c.ack(nil)
	if c.in.View.ID != "" {
		view := timelineView(number, blocks)
		view.ExternalID = c.in.View.ExternalID
		if _, err := b.Slack.UpdateViewContext(ctx, view, "", "", c.in.View.ID); err != nil {
			b.Log.Warn().Err(err).Msg("turn the page of a timeline")
		}
		return nil
	}
	b.replace(ctx, c.in.ResponseURL, title, blocks...)
	return nil
}

// timelineBlocks are the page that has offset newer entries after it.
func (b *Bot) timelineBlocks(ctx context.Context, number int64, offset int) (block.Markup, []slack.Block, error) {
	i, err := b.incident(ctx, number)
	if err != nil {
		return "", nil, err
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return "", nil, err
	}
	page, err := b.Reader.TimelinePage(ctx, number, perPage, offset)
	if err != nil {
		return "", nil, err
	}
	return block.Textf("Timeline of %s", i.Ref()), timelinePage(i, definitions, page), nil
}

// answerLimit is how many bytes of lines leave room for the rest of an
// acknowledgement, messageLimit how many characters for the rest of a message:
// Slack takes 10,000 of all blocks together.
const answerLimit, messageLimit = 16_000, 8_500

// timelinePage shows long texts as far as there is space for them.
func timelinePage(i *incident.Incident, d incident.Definitions, page incident.TimelinePage) []slack.Block {
	var lines []slack.Block
	for _, most := range []int{1000, 300, 80, 30} {
		lines = timelineLines(d, page.Entries, most)
		if raw, err := json.Marshal(lines); err == nil && len(raw) < answerLimit && utf8.RuneCount(raw) < messageLimit {
			break
		}
	}
	blocks := append([]slack.Block{block.Section(block.Textf("*Timeline of %s* %s", block.Marked(i.Ref(), i.Test, i.Private), i.Title))}, lines...)
	if page.Total > perPage {
		last := page.Total - page.Offset
		blocks = append(blocks, block.Context(block.Textf("%d–%d of %d", last-len(page.Entries)+1, last, page.Total)))
	}
	return append(blocks, pageButtons(page.Offset, perPage, page.Total, "Newer", "Older", func(offset int) string {
		return listing{Scope: scopeTimeline, Words: strconv.FormatInt(i.Number, 10)}.at(offset)
	})...)
}

func timelineLines(d incident.Definitions, entries []incident.Entry, most int) []slack.Block {
	var lines []block.Markup
	for _, e := range entries {
		if words := entryWords(d, e, most); words != "" {
			lines = append(lines, block.Textf("%s  %s: %s", block.Day(e.At), author(e), words)+opened(e))
		}
	}
	return block.Lines(lines)
}

// author mentions who an entry is by.
func author(e incident.Entry) block.Markup {
	if e.By == "" {
		return block.Textf("%s", report.Who(e, func(string) string { return "muster" }))
	}
	return block.User(e.By)
}

// opened links a message of the timeline.
func opened(e incident.Entry) block.Markup {
	if e.Kind != incident.EntryMessage || e.Detail == nil {
		return ""
	}
	return " " + block.Link(e.Detail.Link, "open it")
}

// shownLines is how many lines of an entry a page shows.
const shownLines = 6

// entryWords says an entry on one line, with people as mentions. Of what people
// wrote it shows about most characters.
func entryWords(d incident.Definitions, e incident.Entry, most int) block.Markup {
	left := most
	lines := report.Words(d, e, report.Voice{
		Name: func(user string) string { return string(block.User(user)) },
		At:   func(at time.Time) string { return string(block.Time(at)) },
		Typed: func(text string) string {
			text = incident.Shorten(text, max(1, left))
			left -= utf8.RuneCountInString(text)
			return string(block.Escape(text))
		},
	})
	if len(lines) > shownLines {
		lines = append(lines[:shownLines], "…")
	}
	return block.Markup(strings.Join(lines, " · "))
}

func (b *Bot) noteCommand(ctx context.Context, a asked, number int64) (answer, error) {
	i, err := b.Desk.Note(ctx, number, a.Rest, a.act())
	if err != nil {
		return nil, err
	}
	return b.elsewhere(ctx, a, number, block.Textf("Your note is in the timeline of %s.", block.Called(i)))
}
