package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/block"
	"muster/incident"
	"muster/incident/incidenttest"
	"muster/sandbox/golden"
)

func TestTimeline(t *testing.T) {
	t.Parallel()
	i := &incident.Incident{Number: 42, Title: "checkout returns <500>", DeclaredAt: noon}
	page := incident.TimelinePage{Offset: 15, Total: 31}
	for n, e := range []incident.Entry{
		{Kind: incident.EntryDeclared, By: "UANA"},
		{Kind: incident.EntrySeverity, By: "UANA", From: "SEV4", To: "SEV2"},
		{Kind: incident.EntryStatus, From: "investigating", To: "identified"},
		{Kind: incident.EntryRole, By: "UBO", To: "UBO", Role: incident.Commander},
		{Kind: incident.EntryRole, By: "UBO", From: "UBO", To: "UANA", Role: incident.Commander, Text: "lunch"},
		{Kind: incident.EntryRole, By: "UANA", From: "UANA", Role: "gone"},
		{Kind: incident.EntryNote, By: "UBO", Text: "restarted <!channel>\nthe *db*"},
		{Kind: "later"},
		{Kind: incident.EntryResolved, By: "UBO", From: "identified", To: "resolved", Text: "rolled back & waited"},
		{Kind: incident.EntryReopened, By: "UANA", From: "resolved", To: "investigating"},
	} {
		e.At = noon.Add(time.Duration(n) * time.Minute)
		page.Entries = append(page.Entries, e)
	}
	drawn := drawAnswer(t, only("Timeline", timelinePage(i, incidenttest.Definitions(), page)...))
	golden.Check(t, "timeline", strings.TrimSpace(drawn))
}

func TestAnyTimelineFits(t *testing.T) {
	t.Parallel()
	kinds := []incident.EntryKind{incident.EntryNote, incident.EntryNote, incident.EntryResolved, incident.EntryRole}
	rapid.Check(t, func(t *rapid.T) {
		page := incident.TimelinePage{Total: rapid.IntRange(perPage, 1000).Draw(t, "total")}
		for n := range perPage {
			page.Entries = append(page.Entries, incident.Entry{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: noon, By: "U0123456789", To: "U0123456789", Role: "role0",
				Text: incidenttest.Text(incident.MaxNote).Draw(t, fmt.Sprint("text", n)),
			})
		}
		i := &incident.Incident{Number: 42, Title: incidenttest.Text(incident.MaxTitle).Draw(t, "title")}
		drawAnswer(t, only(block.Textf("Timeline of %s", i.Ref()), timelinePage(i, incidenttest.Definitions(), page)...))
	})
}
