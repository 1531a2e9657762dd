package bot

import (
	"strings"
	"testing"

	"muster/incident"
	"muster/sandbox/golden"
)

func TestHelp(t *testing.T) {
	t.Parallel()
	golden.Check(t, "help", strings.TrimSpace(drawAnswer(t, help(""))))
}

func TestHelpKnowsEveryVerb(t *testing.T) {
	t.Parallel()
	all := drawAnswer(t, help(""))
	for _, w := range incident.Grammar() {
		if !strings.Contains(all, "`"+string(w.Verb)) {
			t.Errorf("the help does not tell of %s", w.Verb)
		}
		for _, name := range append(w.Synonyms, string(w.Verb)) {
			if one := drawAnswer(t, help(name)); !strings.Contains(one, w.Help) || !strings.Contains(one, string(w.Verb)) {
				t.Errorf("help %s:\n%s", name, one)
			}
		}
	}
}

// Our own words are formatted: nothing in them is taken for typed.
func TestHelpIsFormatted(t *testing.T) {
	t.Parallel()
	for _, w := range incident.Grammar() {
		if text := string(helpWord(w) + helpLine(w)); strings.Contains(text, "\u2060") {
			t.Errorf("%s: %q", w.Verb, text)
		}
	}
}
