package bot

import (
	"encoding/json"

	"muster/sandbox/blockkit"
	"muster/sandbox/blockkit/blockkittest"
)

// drawAnswer checks that Slack would take an answer that calls nobody, within an
// acknowledgement, and draws it.
func drawAnswer(t blockkittest.T, a answer) string {
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
	return blockkit.Text(blockkittest.Message(t, message.Text, message.Blocks), nil)
}
