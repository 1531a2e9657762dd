// Package blockkittest fails the tests of what Slack would not take, or what would
// call people.
package blockkittest

import (
	"encoding/json"
	"strings"

	"muster/sandbox/blockkit"
)

// T is a test, or a draw of one.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Message checks that Slack would take a message that calls nobody, and gives its
// blocks as Slack gets them.
func Message(t T, text string, blocks any) json.RawMessage {
	t.Helper()
	raw := marshal(t, blocks)
	if problems := blockkit.CheckMessage(text, raw, nil); len(problems) > 0 {
		t.Fatalf("Slack would refuse it: %v\n%s", problems, raw)
	}
	Calm(t, blockkit.Text(raw, nil)+blockkit.Mrkdwn(text, nil))
	return raw
}

// View checks that Slack would take a view that calls nobody, and draws it.
func View(t T, view any) string {
	t.Helper()
	raw := marshal(t, view)
	if problems := blockkit.CheckView(raw); len(problems) > 0 {
		t.Fatalf("Slack would refuse it (%d bytes): %v\n%s", len(raw), problems, raw)
	}
	drawn := blockkit.ViewText(raw, nil)
	Calm(t, drawn)
	return drawn
}

// Calm checks that a drawn text calls nobody. A live call is drawn with two marks,
// which people may type, too: the tests' texts never do.
func Calm(t T, drawn string) {
	t.Helper()
	for _, call := range []string{"@channel!!", "@here!!", "@everyone!!"} {
		if strings.Contains(drawn, call) {
			t.Fatalf("it calls people: %q", drawn)
		}
	}
}

func marshal(t T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	return raw
}
