package bot

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// help answers with the grammar, or with what one word of it means.
func help(word string) answer {
	if w, ok := incident.FindWord(word); ok {
		return only(helpWord(w))
	}
	blocks := []slack.Block{block.Section("*What `/incident` can do*\n" +
		"`/incident` opens the form; in an incident's channel, the incident's panel")}
	for _, group := range incident.Groups() {
		lines := []block.Markup{block.Textf("*%s*", group)}
		for _, w := range incident.Grammar() {
			if w.Group == group {
				lines = append(lines, helpLine(w))
			}
		}
		blocks = append(blocks, block.Section(block.Join(lines, "\n")))
	}
	blocks = append(blocks, block.Context("Those about an incident work in its channel, or anywhere with its number: `/incident 42 severity sev1`"))
	return only("What /incident can do", blocks...)
}

func helpLine(w incident.Word) block.Markup {
	return block.Textf("`%s`  %s", strings.TrimSpace(string(w.Verb)+" "+w.Args), w.Help)
}

func helpWord(w incident.Word) block.Markup {
	before := ""
	if w.About {
		before = "[42] "
	}
	text := block.Textf("`/incident %s` %s", strings.TrimSpace(before+string(w.Verb)+" "+w.Args), w.Help)
	if len(w.Synonyms) > 0 {
		same := make([]block.Markup, len(w.Synonyms))
		for n, word := range w.Synonyms {
			same[n] = block.Textf("`%s`", word)
		}
		text += "\nThe same: " + block.Join(same, ", ")
	}
	return text
}
