package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
	"muster/incident/incidenttest"
	"muster/report"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func named(user string) string {
	return map[string]string{"": "muster", "U1": "Ana Lima", "U2": "Bo Berg", "U3": "Lee Wong"}[user]
}

func TestWords(t *testing.T) {
	t.Parallel()
	later := &incident.Detail{Until: noon.Add(45 * time.Minute)}
	for _, test := range []struct {
		entry incident.Entry
		want  string
	}{
		{incident.Entry{Kind: incident.EntryDeclared}, "Declared"},
		{incident.Entry{Kind: incident.EntrySeverity, From: "SEV4", To: "SEV2"}, "SEV4 → SEV2"},
		{incident.Entry{Kind: incident.EntryStatus, From: "investigating", To: "monitoring"}, "Investigating → Monitoring"},
		{incident.Entry{Kind: incident.EntryRole, By: "U1", To: "U1", Role: "commander"}, "Took Incident commander"},
		{incident.Entry{Kind: incident.EntryRole, By: "U1", To: "U2", Role: "commander"}, "Assigned Incident commander to Bo Berg"},
		{incident.Entry{Kind: incident.EntryRole, By: "U1", From: "U1", To: "U2", Role: "commander", Text: "off to lunch"},
			"Handed Incident commander over to Bo Berg / Note: off to lunch"},
		{incident.Entry{Kind: incident.EntryRole, By: "U1", From: "U2", To: "U3", Role: "commander"},
			"Assigned Incident commander to Lee Wong instead of Bo Berg"},
		{incident.Entry{Kind: incident.EntryRole, By: "U1", From: "U2", To: "U1", Role: "commander"}, "Took Incident commander from Bo Berg"},
		{incident.Entry{Kind: incident.EntryRole, By: "U1", From: "U1", Role: "gone"}, "Left gone"},
		{incident.Entry{Kind: incident.EntryNote, Text: "restarted\n\n  the database"}, "Note: restarted / the database"},
		{incident.Entry{Kind: incident.EntryTitle, From: "old", To: "new"}, "Title: new / Before: old"},
		{incident.Entry{Kind: incident.EntrySummary, To: "slow"}, "Summary: slow"},
		{incident.Entry{Kind: incident.EntrySummary, From: "slow"}, "Took the summary out"},
		{incident.Entry{Kind: incident.EntryUpdate, Text: "half of it is back", Detail: &incident.Detail{
			Impact: "1 % of orders", Next: "the other half", Until: noon.Add(30 * time.Minute),
		}}, "Update: half of it is back / Impact: 1 % of orders / Next: the other half / Next update by 2026-01-02 12:30 UTC"},
		{incident.Entry{Kind: incident.EntryUpdate, Text: "half of it is back", Detail: &incident.Detail{Next: incident.SoFar + "rolled back"}},
			"Update: half of it is back / So far: rolled back"},
		{incident.Entry{Kind: incident.EntryUpdate, Text: "before there were details"}, "Update: before there were details"},
		{incident.Entry{Kind: incident.EntryNothing, Detail: later}, "No change / Next update by 2026-01-02 12:45 UTC"},
		{incident.Entry{Kind: incident.EntryReminder}, "Reminded of an update"},
		{incident.Entry{Kind: incident.EntrySnoozed, Detail: later}, "Snoozed the reminder / Until 2026-01-02 12:45 UTC"},
		{incident.Entry{Kind: incident.EntryStopped}, "Stopped the reminders"},
		{incident.Entry{Kind: incident.EntryPrompt}, "Asked for an incident commander"},
		{incident.Entry{Kind: incident.EntryStale}, "Open for too long"},
		{incident.Entry{Kind: incident.EntryKept}, "Still worked on"},
		{incident.Entry{Kind: incident.EntryReplaced}, "Had the review's page replaced"},
		{incident.Entry{Kind: incident.EntryChannel, From: "room", To: "archived", Text: "inc-1"}, "Channel #inc-1 was archived"},
		{incident.Entry{Kind: incident.EntryResolved, Text: "rolled back"}, "Resolved: rolled back"},
		{incident.Entry{Kind: incident.EntryCancelled, Text: "false alarm"}, "Cancelled: false alarm"},
		{incident.Entry{Kind: incident.EntryDuplicate, Text: "INC-41"}, "Closed as a duplicate of INC-41"},
		{incident.Entry{Kind: incident.EntryReopened}, "Reopened"},
		{incident.Entry{Kind: "from a later version"}, ""},
	} {
		got := strings.Join(report.Words(incidenttest.Definitions(), test.entry, report.Plain(named)), " / ")
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.entry.Kind, got, test.want)
		}
	}
}

func TestMilestones(t *testing.T) {
	t.Parallel()
	i := &incident.Incident{Declarer: "U1", DeclaredAt: noon}
	var timeline []incident.Entry
	for n, e := range []incident.Entry{
		{Kind: incident.EntryDeclared, By: "U1"},
		{Kind: incident.EntryNote, By: "U1"},
		{Kind: incident.EntryPrompt},
		{Kind: incident.EntryRole, By: "U1", To: "U1"},
		{Kind: incident.EntrySeverity, By: "U2", From: "SEV4", To: "SEV3"},
		{Kind: incident.EntrySeverity, By: "U2", From: "SEV3", To: "SEV2"},
		{Kind: incident.EntrySeverity, By: "U2", From: "SEV2", To: "SEV1"},
		{Kind: incident.EntryStatus, By: "U2", From: "investigating", To: "monitoring"},
		{Kind: incident.EntryUpdate, By: "U2"},
		{Kind: incident.EntryStatus, By: "U2", From: "monitoring", To: "identified"},
		{Kind: incident.EntryUpdate, By: "U2"},
		{Kind: incident.EntryStatus, By: "U2", From: "identified", To: "monitoring"},
		{Kind: incident.EntryResolved, By: "U2"},
		{Kind: incident.EntryReopened, By: "U2"},
		{Kind: incident.EntryResolved, By: "U2"},
	} {
		e.At = noon.Add(time.Duration(n) * time.Minute)
		timeline = append(timeline, e)
	}
	var got []string
	for _, m := range report.Milestones(i, timeline) {
		got = append(got, m.What+" "+m.Span())
	}
	want := []string{
		"Declared –", "First response 3 min", "Critical 5 min", "First update 8 min", "Cause identified 9 min",
		"Resolved 12 min", "Reopened 13 min", "Resolved 14 min",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = nil
	for _, m := range report.Milestones(i, timeline[:13]) {
		got = append(got, m.What+" "+m.Span())
	}
	if want = []string{
		"Declared –", "First response 3 min", "Critical 5 min", "First update 8 min", "Cause identified 9 min", "Mitigated 11 min", "Resolved 12 min",
	}; !cmp.Equal(want, got) {
		t.Error(cmp.Diff(want, got))
	}
}
