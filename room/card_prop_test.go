package room_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/block"
	"muster/channel"
	"muster/incident"
	"muster/incident/incidenttest"
	"muster/room"
	"muster/sandbox/blockkit"
	"muster/sandbox/blockkit/blockkittest"
	"muster/sandbox/golden"
)

func TestAnyCardIsSendable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		asked, asking := room.Prompt(c)
		blockkittest.Message(t, asked, asking)
		for _, a := range c.Roles {
			told, telling := room.RoleMessage(c, a)
			blockkittest.Message(t, told, telling)
		}
		text, blocks := block.Headline(&c.Incident, c.Definitions), room.Card(c)
		raw := blockkittest.Message(t, text, blocks)
		if len(blocks) > 12 {
			t.Fatalf("%d blocks", len(blocks))
		}
		if !strings.Contains(blockkit.Text(raw, nil), c.Ref()) {
			t.Fatalf("the card does not show %s", c.Ref())
		}
	})
}

func TestAnyLineIsSendable(t *testing.T) {
	t.Parallel()
	kinds := []incident.EntryKind{
		incident.EntryDeclared, incident.EntrySeverity, incident.EntryStatus, incident.EntryRole, incident.EntryResolved, incident.EntryReopened,
		incident.EntryNote, incident.EntryUpdate, incident.EntryStale, incident.EntryKept, "later",
	}
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		e := incident.Entry{
			Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: incidenttest.DeclaredAt, Text: incidenttest.Text(600).Draw(t, "text"),
			By: rapid.SampledFrom([]string{"UANA", "", "root"}).Draw(t, "by"), Role: rapid.SampledFrom([]string{"role0", "gone"}).Draw(t, "role"),
			Detail: &incident.Detail{Impact: incidenttest.Text(incident.MaxAside).Draw(t, "impact"), Until: incidenttest.DeclaredAt},
			From:   incidenttest.Text(20).Draw(t, "from"), To: rapid.SampledFrom([]string{"SEV1", "identified", "UANA", "UBO", "<!here>"}).Draw(t, "to"),
		}
		line := room.Line(c, e)
		if line == "" {
			if e.Kind != incident.EntryDeclared && e.Kind != "later" {
				t.Fatalf("nothing is said of %s", e.Kind)
			}
			return
		}
		blockkittest.Message(t, block.Fallback(line), room.LineBlocks(c, e, line))
		text, blocks := room.Notice(c, e)
		blockkittest.Message(t, text, blocks)
		if strings.Contains(string(line), "<@>") {
			t.Fatalf("nobody is mentioned: %q", line)
		}
	})
}

func TestAnyTopicIsShort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		topic := room.Topic(c)
		if utf8.RuneCountInString(topic) > 250 || strings.Contains(topic, "\n") {
			t.Fatalf("topic %q", topic)
		}
		for _, word := range []string{string(block.Escape(incident.CleanLine(incident.Shorten(c.Definitions.Severity(c.Severity).Name, 24)))), c.Status.Title(), c.Ref()} {
			if !strings.Contains(topic, word) {
				t.Fatalf("%q does not hold %s", topic, word)
			}
		}
		blockkittest.Calm(t, blockkit.Mrkdwn(topic, nil))
	})
}

// legal is what Slack takes for a channel's name.
var legal = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,79}$`)

func TestAnyNameIsLegal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Min(1).Draw(t, "number")
		title := incidenttest.Text(300).Draw(t, "title")
		seen := map[string]bool{}
		for try := 1; try <= 20; try++ {
			name := channel.Name("inc", number, title, "", try)
			if !legal.MatchString(name) || seen[name] || !strings.HasPrefix(name, fmt.Sprintf("inc-%d", number)) || strings.HasSuffix(name, "-") {
				t.Fatalf("try %d of %q is %q", try, title, name)
			}
			seen[name] = true
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Checkout returns 500": "inc-42-checkout-returns-500", "Émile's café — ÜBER": "inc-42-emile-s-cafe-uber",
		"🔥": "inc-42", "数据库": "inc-42", "  --  ": "inc-42", "<!channel> & `x`": "inc-42-channel-x", "ﬁle": "inc-42-file", "a_b": "inc-42-a-b",
	} {
		if got := channel.Name("inc", 42, title, "", 1); got != want {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
	}
	long := strings.Repeat("abcdefghi", 20)
	if got := channel.Name("inc", 42, long, "", 999); len(got) != 80 || !strings.HasSuffix(got, "-999") {
		t.Errorf("a long one with a suffix is %q", got)
	}
}

// names are those of the staged cases.
type names struct{}

func (names) User(id string) string {
	return map[string]string{"UANA": "ana", "UBO": "bo", "ULEE": "lee"}[id]
}

func (names) Channel(id string) string {
	return map[string]string{"C42": "inc-42-checkout-returns-500", "C41": "inc-41-carts-are-empty"}[id]
}

func (names) Group(string) string { return "" }

func TestCards(t *testing.T) {
	t.Parallel()
	for name, c := range incidenttest.Staged() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := block.Headline(&c.Incident, c.Definitions)
			raw := blockkittest.Message(t, text, room.Card(c))
			golden.Check(t, "card-"+name, "text: "+blockkit.Mrkdwn(text, names{})+"\ntopic: "+blockkit.Mrkdwn(room.Topic(c), names{})+"\n\n"+blockkit.Text(raw, names{}))
		})
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	c := incidenttest.Staged()["held"]
	at := incidenttest.DeclaredAt
	var out []string
	for _, e := range []incident.Entry{
		{Kind: incident.EntryDeclared, By: "ULEE", To: "SEV4", Text: "x"},
		{Kind: incident.EntrySeverity, By: "UANA", From: "SEV4", To: "SEV2"},
		{Kind: incident.EntrySeverity, By: "UANA", From: "SEV4", To: "odd"},
		{Kind: incident.EntryStatus, By: "UBO", From: "investigating", To: "monitoring"},
		{Kind: incident.EntryRole, By: "UANA", To: "UANA", Role: incident.Commander},
		{Kind: incident.EntryRole, By: "UANA", To: "UBO", Role: incident.TechnicalLead},
		{Kind: incident.EntryRole, By: "UANA", To: "UBO", Role: "gone"},
		{Kind: incident.EntryResolved, By: "UANA", At: at.Add(48 * 60e9), Text: "rolled back <!channel> & more"},
		{Kind: incident.EntryReopened, By: "", At: at},
		{Kind: incident.EntryCancelled, By: "UANA", At: at.Add(3 * 60e9), Text: "false alarm <!here>"},
		{Kind: incident.EntryDuplicate, By: "UANA", At: at, Text: "INC-41"},
		{Kind: incident.EntryUpdate, By: "UANA", At: at, Text: "rolled back <!channel>"},
		{Kind: incident.EntryTitle, By: "UANA", At: at, From: "db down", To: "disk <!here> full"},
		{Kind: incident.EntrySummary, By: "UANA", At: at, From: "x", To: "since noon"},
		{Kind: incident.EntrySummary, By: "UANA", At: at, From: "x"},
	} {
		line := room.Line(c, e)
		out = append(out, string(e.Kind)+": "+blockkit.Mrkdwn(string(line), names{}))
	}
	golden.Check(t, "lines", strings.Join(out, "\n"))
}
