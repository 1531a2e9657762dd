package bot

import (
	"encoding/json"
	"strings"

	"muster/sandbox/blockkit"
)

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// drawAnswer checks that Slack would take an answer that calls nobody, within an
// acknowledgement, and draws it.
func drawAnswer(t failer, a answer) string {
	t.Helper()
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	// Slack drops a larger acknowledgement without a word.
	if len(raw) > 20_000 {
		t.Fatalf("the answer has %d bytes", len(raw))
	}
	var message struct {
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal(raw, &message); err != nil {
		t.Fatalf("%v", err)
	}
	if problems := blockkit.CheckMessage(message.Text, message.Blocks, nil); len(problems) > 0 {
		t.Fatalf("Slack would refuse it: %v\n%s", problems, raw)
	}
	drawn := blockkit.Text(message.Blocks, nil)
	calm(t, drawn+blockkit.Mrkdwn(message.Text, nil))
	return drawn
}

// calm checks that a drawn text calls nobody: a live call is drawn with "!!".
func calm(t failer, drawn string) {
	t.Helper()
	for _, call := range []string{"@channel!!", "@here!!", "@everyone!!"} {
		if strings.Contains(drawn, call) {
			t.Fatalf("it calls people: %q", drawn)
		}
	}
}
