package rca

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
	"muster/report"
)

// maxFacts is how many new facts are told one by one; the page's readers find
// the others in the timeline.
const maxFacts = 10

// newFacts are the entries after one that readers of a page should know, and the
// messages that are not in what they have already, in storage format.
func newFacts(timeline []incident.Entry, after int64, have ...string) []incident.Entry {
	var known strings.Builder
	for _, body := range have {
		known.WriteString(letters(body))
	}
	var facts []incident.Entry
	for _, e := range timeline {
		fresh := e.ID > after && e.By != "" && e.Kind != incident.EntryReplaced && !ofTodo[e.Kind]
		if e.Kind == incident.EntryMessage {
			// It takes its place at its own time, whenever it was put there.
			words := report.Words(incident.Definitions{}, e, report.Plain(nobody))
			fresh = !strings.Contains(known.String(), letters(Text(strings.Join(words, " ")).String()))
		}
		if fresh {
			facts = append(facts, e)
		}
	}
	return facts[max(0, len(facts)-maxFacts):]
}

// ofTodo are the entries about follow-ups, which the opener shows as they are.
var ofTodo = map[incident.EntryKind]bool{
	incident.EntryTodo: true, incident.EntryTodoChanged: true, incident.EntryTodoDone: true,
	incident.EntryTodoOpen: true, incident.EntryTodoDropped: true,
}

func nobody(string) string { return "" }

// tags are the marks of storage format.
var tags = regexp.MustCompile(`<[^>]*>`)

// letters is what is left of storage format, however Confluence writes it down.
func letters(body string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, html.UnescapeString(tags.ReplaceAllString(body, " ")))
}

// commentBody tells new facts below a page that people have edited.
func commentBody(i *incident.Case, facts []incident.Entry, c content) string {
	var out strings.Builder
	fmt.Fprintf(&out, "<p>People have edited this page, so muster leaves it alone. New about %s, which is %s, %s:</p><ul>",
		i.Ref(), Text(i.Standing()), Text(i.Definitions.Severity(i.Severity).Name))
	for _, e := range facts {
		words := report.Words(i.Definitions, e, report.Plain(c.name))
		if len(words) > 0 {
			fmt.Fprintf(&out, "<li>%s %s: %s</li>", Text(report.At(e.At)), Text(report.Who(e, c.name)), Text(strings.Join(words, " · ")))
		}
	}
	return out.String() + "</ul>" + anchor(c.key())
}

// message is what the channel of the review is told once.
type message struct {
	text   string
	blocks []slack.Block
}

func (r *RCA) say(ctx context.Context, p *reconcile.Pass, key string, m message) error {
	rca := p.Room(incident.RoomRCA)
	if rca.ID == "" {
		return nil
	}
	_, err := r.Poster.Once(ctx, p, reconcile.Message{Key: key, Channel: rca.ID, Text: m.text, Blocks: m.blocks})
	return err
}

// factLimit is how much of what somebody wrote is quoted, in characters.
const factLimit = 200

// factsMessage tells the channel what the page does not say.
func factsMessage(c *incident.Case, facts []incident.Entry, page, hash string) message {
	text := block.Textf("New about %s, in a comment on the page: people have edited it", c.Ref())
	lines := []block.Markup{block.Textf("You have edited %s, so this went into a comment below it:", block.Link(page, "the page"))}
	for _, e := range facts {
		words := report.Words(c.Definitions, e, report.Voice{
			Name:  func(user string) string { return string(block.User(user)) },
			At:    func(at time.Time) string { return string(block.Time(at)) },
			Typed: func(text string) string { return string(block.Escape(incident.Shorten(text, factLimit))) },
		})
		if len(words) > 0 {
			lines = append(lines, block.Textf("• %s  %s: %s", block.Time(e.At), author(e), block.Markup(strings.Join(words[:min(len(words), 4)], " · "))))
		}
	}
	return message{block.Fallback(text), append(block.Lines(lines), block.Actions(replaceButton(c.Number, hash)))}
}

// author mentions who an entry is by.
func author(e incident.Entry) block.Markup {
	if e.By == "" {
		return block.Textf("%s", report.Who(e, nobody))
	}
	return block.User(e.By)
}

// replaceButton asks before it lets the page be written anew. hash names the
// state of the incident that the page does not show.
func replaceButton(number int64, hash string) *slack.ButtonBlockElement {
	return block.Sure(block.Button("Replace page", block.ActReplacePage, block.Value(number, hash)),
		"Replace the page?", "Everything that people wrote on it makes way for what muster knows. Confluence keeps it in the page's history.", "Replace")
}

func replacedMessage(e incident.Entry) message {
	text := block.Textf("%s had the page replaced by what muster knows. What people wrote is in its history.", block.User(e.By))
	return message{block.Fallback(text), []slack.Block{block.Section(text)}}
}
