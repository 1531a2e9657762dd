package block

import (
	"github.com/slack-go/slack"

	"muster/incident"
)

// Update shows an update below a line that says whose it is: what changed, the
// impact, the next step, and what was promised.
func Update(head Markup, e incident.Entry) []slack.Block {
	blocks := []slack.Block{Section(head), Plain(e.Text)}
	if e.Detail == nil {
		return blocks
	}
	for _, aside := range []struct{ label, text string }{{"Impact: ", e.Detail.Impact}, {e.Detail.NextLabel(), e.Detail.Next}} {
		if aside.text != "" {
			blocks = append(blocks, Plain(aside.label+aside.text))
		}
	}
	if !e.Detail.Until.IsZero() {
		blocks = append(blocks, Context(Textf("Next update by %s", Time(e.Detail.Until))))
	}
	return blocks
}

// lastQuote is how much of the last update fits into a line, in characters.
const lastQuote = 200

// Told is one line on what readers were told last, and when they may expect the
// next update; empty if there is nothing to say.
func Told(i *incident.Incident) Markup {
	if !i.Status.Open() {
		return ""
	}
	line := Markup("")
	if !i.Last.At.IsZero() {
		line = Textf("Last update %s “%s”", Time(i.Last.At), incident.Shorten(incident.CleanLine(i.Last.Text), lastQuote))
	}
	due := i.Cadence.Due.Update
	switch {
	case due.IsZero():
		return line
	case line == "":
		return Textf("First update by %s", Time(due))
	}
	return line + Textf(" · next by %s", Time(due))
}
