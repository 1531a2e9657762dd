package digest_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/block"
	"muster/digest"
	"muster/incident"
	"muster/incident/incidenttest"
	"muster/sandbox/blockkit"
	"muster/sandbox/blockkit/blockkittest"
	"muster/sandbox/golden"
)

func TestAnyMessageIsSendable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		raw := blockkittest.Message(t, block.Headline(&c.Incident, c.Definitions), digest.Message(c, c.Deeds[incident.DeedPage]))
		drawn := blockkit.Text(raw, nil)
		if !strings.Contains(drawn, c.Ref()) || !strings.Contains(drawn, says(c.Status)) {
			t.Fatalf("it does not say how %s stands:\n%s", c.Ref(), drawn)
		}
	})
}

// says is what a digest message says of a status.
func says(status incident.Status) string {
	switch {
	case status.Open():
		return "Status"
	case status == incident.Duplicate:
		return "is a duplicate of INC-"
	}
	return string(status) + " after"
}

func TestAnyUpdateIsSendable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		for _, e := range append(c.News, incident.Entry{Kind: incident.EntryNothing, By: "UANA"}) {
			text, blocks := digest.Update(c, e)
			if drawn := blockkit.Text(blockkittest.Message(t, text, blocks), nil); e.Kind == incident.EntryUpdate && !strings.Contains(drawn, c.Ref()) {
				t.Fatalf("it does not say what it is about:\n%s", drawn)
			}
		}
	})
}

func TestAnyStaleListIsSendable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 80).Draw(t, "listed")
		list := &incident.StaleList{Total: n + rapid.IntRange(0, 1000).Draw(t, "more")}
		title := incidenttest.Text(incident.MaxTitle).Draw(t, "title")
		for range n {
			list.List = append(list.List, incident.Listed{
				Number: 1 << 62, Title: title, Severity: 1, Status: incident.Investigating, Commander: "U0123456789", Room: "C0123456789",
			})
		}
		text, blocks := digest.Stale(list)
		drawn := blockkit.Text(blockkittest.Message(t, text, blocks), nil)
		got := strings.Count(drawn, incident.Ref(1<<62))
		if more := fmt.Sprintf("and %d more", list.Total-got); got < 10 && got < n || got < list.Total && !strings.Contains(drawn, more) {
			t.Fatalf("%d of %d are shown, and it does not say %q", got, list.Total, more)
		}
	})
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

func TestMessages(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"declared", "room", "critical", "held", "updated", "resolved", "cancelled", "duplicate", "markup"} {
		c := incidenttest.Staged()[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := block.Headline(&c.Incident, c.Definitions)
			raw := blockkittest.Message(t, text, digest.Message(c, c.Deeds[incident.DeedPage]))
			golden.Check(t, name, "text: "+blockkit.Mrkdwn(text, names{})+"\n\n"+blockkit.Text(raw, names{}))
		})
	}
}
