package block_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"muster/sandbox/blockkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// failer is a test or a draw of one.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// wantSendable checks that Slack would take a message, and that it calls nobody.
func wantSendable(t failer, text string, blocks ...slack.Block) {
	t.Helper()
	raw := marshal(t, blocks)
	if problems := blockkit.CheckMessage(text, raw, nil); len(problems) > 0 {
		t.Fatalf("Slack would refuse it: %v\n%s", problems, raw)
	}
	wantCalm(t, blockkit.Text(raw, nil)+blockkit.Mrkdwn(text, nil))
}

// wantCalm checks that a drawn text calls nobody. A live call is drawn with two
// marks, which people may type, too: the tests' texts never do.
func wantCalm(t failer, drawn string) {
	t.Helper()
	for _, call := range []string{"@channel!!", "@here!!", "@everyone!!"} {
		if strings.Contains(drawn, call) {
			t.Fatalf("it calls people: %q", drawn)
		}
	}
}

func wantOpenable(t failer, view slack.ModalViewRequest) {
	t.Helper()
	raw := marshal(t, view)
	if problems := blockkit.CheckView(raw); len(problems) > 0 {
		t.Fatalf("Slack would refuse it: %v\n%s", problems, raw)
	}
	wantCalm(t, blockkit.ViewText(raw, nil))
}

func marshal(t failer, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	return raw
}

var _ failer = (*rapid.T)(nil)
