package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
	"muster/report"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	i := &incident.Incident{
		Number: 42, Title: "checkout returns 500", Severity: 2, Status: incident.Resolved, Declarer: "U1", DeclaredAt: noon,
		Summary: "slow\n# not a heading", ResolvedAt: noon.Add(48 * time.Minute), ResolvedBy: "U2", Resolution: "rolled back",
		Roles: []incident.Assignment{{Role: "commander", User: "U2"}},
	}
	d := incident.Definitions{Roles: []incident.Role{{Key: "commander", Name: "Incident commander"}, {Key: "lead", Name: "Lead"}}}
	got := report.Markdown(i, d, []incident.Entry{
		{Kind: incident.EntryDeclared, At: noon, By: "U1"},
		{Kind: incident.EntrySeverity, At: noon, By: "U1", From: "SEV4", To: "SEV2"},
		{Kind: incident.EntryRole, At: noon, By: "U2", To: "U2", Role: "commander"},
		{Kind: "unknown", At: noon, By: "U2"},
		{Kind: incident.EntryResolved, At: noon.Add(48 * time.Minute), By: "U2", Text: "rolled back"},
	}, named)
	want := `# INC-42 checkout returns 500

- Severity: SEV2
- Status: Resolved
- Declared: 2026-01-02 12:00 UTC by Ana Lima
- Resolved: 2026-01-02 12:48 UTC by Bo Berg, after 48 min: rolled back
- Incident commander: Bo Berg

## Summary

slow # not a heading

## Milestones

- Declared: 2026-01-02 12:00 UTC (–)
- Critical: 2026-01-02 12:00 UTC (–)
- First response: 2026-01-02 12:00 UTC (–)
- Resolved: 2026-01-02 12:48 UTC (48 min)

## Timeline

- 2026-01-02 12:00 UTC Ana Lima: Declared
- 2026-01-02 12:00 UTC Ana Lima: SEV4 → SEV2
- 2026-01-02 12:00 UTC Bo Berg: Took Incident commander
- 2026-01-02 12:48 UTC Bo Berg: Resolved: rolled back
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
