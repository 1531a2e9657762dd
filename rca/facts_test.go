package rca

import (
	"testing"

	"muster/incident"
)

func TestNewFacts(t *testing.T) {
	t.Parallel()
	timeline := []incident.Entry{
		{ID: 1, Kind: incident.EntryDeclared, By: "U1"},
		{Kind: incident.EntryMessage, By: "U1", Text: "it's the “disks” & <b>"},
		{Kind: incident.EntryMessage, Text: "ERROR 7", Detail: &incident.Detail{Tool: "Monitoring"}},
		{ID: 2, Kind: incident.EntryPrompt},
		{ID: 3, Kind: incident.EntryNote, By: "U1", Text: "later"},
		{ID: 4, Kind: incident.EntryReplaced, By: "U1"},
	}
	page := "<td>it&#39;s the &ldquo;disks&rdquo; &amp; &lt;b&gt;</td>"
	facts := newFacts(timeline, 1, page)
	if len(facts) != 2 || facts[0].Text != "ERROR 7" || facts[1].ID != 3 {
		t.Errorf("%+v", facts)
	}
	if author(facts[0]) != "Monitoring" || author(facts[1]) != "<@U1>" {
		t.Errorf("by %s and %s", author(facts[0]), author(facts[1]))
	}
	if facts := newFacts(timeline, 3, page, "<li>“ERROR 7”</li>"); len(facts) != 0 {
		t.Errorf("%+v", facts)
	}
	if facts := newFacts(make([]incident.Entry, 0), 0); len(facts) != 0 {
		t.Error(facts)
	}
}

func TestThePageTellsTheImpactOfUpdates(t *testing.T) {
	t.Parallel()
	update := func(impact string) incident.Entry {
		return incident.Entry{Kind: incident.EntryUpdate, Text: "x", Detail: &incident.Detail{Impact: impact}}
	}
	d := Describe(&incident.Case{}, []incident.Entry{update("1 % of <orders>"), update(""), update("none"), update("1 % of <orders>")}, nobody, nil)
	if len(d.Impact) != 2 || d.Impact[0] != "1 % of <orders>" || d.Impact[1] != "none" {
		t.Errorf("%q", d.Impact)
	}
}
