package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
	"muster/incident/incidenttest"
	"muster/report"
)

func exported() (*incident.Incident, []incident.Entry) {
	i := &incident.Incident{
		Number: 42, Title: `=HYPERLINK("x")`, Severity: 2, Status: incident.Resolved, Declarer: "U1", DeclaredAt: noon, Test: true,
		Summary: "two\nlines, \"quoted\"", ResolvedAt: noon.Add(48 * time.Minute), ResolvedBy: "U2", Resolution: "rolled back <&>",
		Roles: []incident.Assignment{{Role: "commander", User: "U2"}},
		FollowUps: []incident.FollowUp{
			{N: 1, Text: "try it first", By: "U1", DoneAt: noon.Add(50 * time.Minute), DoneBy: "U1"}, {N: 2, Text: "alert on disks", Owner: "U2", Due: "2026-01-09"},
			{N: 3, Text: "nonsense", Dropped: true},
		},
	}
	return i, []incident.Entry{
		{Kind: incident.EntryDeclared, At: noon, By: "U1"},
		{Kind: incident.EntryRole, At: noon.Add(time.Minute), By: "U2", To: "U2", Role: "commander"},
		{Kind: "unknown", At: noon, By: "U2"},
		{Kind: incident.EntryResolved, At: noon.Add(48 * time.Minute), By: "U2", Text: "rolled back <&>"},
	}
}

func list(t *testing.T, format report.Format, times int) string {
	t.Helper()
	var out bytes.Buffer
	w := report.NewWriter(&out, format)
	i, timeline := exported()
	for range times {
		if err := w.Add(i, incidenttest.Definitions(), timeline, func(user string) string { return user }); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestATableOfIncidents(t *testing.T) {
	t.Parallel()
	want := `number,ref,title,severity,status,test,private,declared_at,declared_by,responded_at,critical_at,first_update_at,identified_at,mitigated_at,ended_at,ended_by,seconds,resolution,duplicate_of,roles,summary,severity_name,follow_ups,follow_ups_open
42,INC-42,"'=HYPERLINK(""x"")",SEV2,resolved,true,false,2026-01-02T12:00:00Z,U1,2026-01-02T12:01:00Z,,,,,2026-01-02T12:48:00Z,U2,2880,rolled back <&>,,commander=U2,"two
lines, ""quoted""",SEV2,2,1
`
	if diff := cmp.Diff(want, list(t, report.FormatCSV, 1)); diff != "" {
		t.Error(diff)
	}
	for _, n := range []int{0, 3} {
		rows, err := csv.NewReader(strings.NewReader(list(t, report.FormatCSV, n))).ReadAll()
		if err != nil || len(rows) != n+1 {
			t.Errorf("%d rows of %d: %v", len(rows), n, err)
		}
	}
}

func TestAnArrayOfIncidents(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3} {
		var records []report.Record
		if err := json.Unmarshal([]byte(list(t, report.FormatJSON, n)), &records); err != nil || len(records) != n {
			t.Errorf("%d of %d: %v", len(records), n, err)
		}
	}
}

func TestADocumentOfIncidents(t *testing.T) {
	t.Parallel()
	if text := list(t, report.FormatMarkdown, 3); strings.Count(text, "\n# INC-42 ") != 2 || !strings.HasPrefix(text, "# INC-42 ") || !strings.Contains(text, "\n---\n") {
		t.Errorf("%s", text)
	}
}

func TestARecord(t *testing.T) {
	t.Parallel()
	i, timeline := exported()
	raw, err := report.RecordOf(i, incidenttest.Definitions(), timeline, named).JSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "number": 42,
  "ref": "INC-42",
  "title": "=HYPERLINK(\"x\")",
  "summary": "two\nlines, \"quoted\"",
  "severity": "SEV2",
  "severity_name": "SEV2",
  "status": "resolved",
  "test": true,
  "private": false,
  "declared_at": "2026-01-02T12:00:00Z",
  "declared_by": {
    "id": "U1",
    "name": "Ana Lima"
  },
  "responded_at": "2026-01-02T12:01:00Z",
  "critical_at": null,
  "first_update_at": null,
  "identified_at": null,
  "mitigated_at": null,
  "ended_at": "2026-01-02T12:48:00Z",
  "ended_by": {
    "id": "U2",
    "name": "Bo Berg"
  },
  "seconds": 2880,
  "resolution": "rolled back <&>",
  "roles": [
    {
      "role": "commander",
      "name": "Incident commander",
      "person": {
        "id": "U2",
        "name": "Bo Berg"
      }
    }
  ],
  "follow_ups": [
    {
      "text": "alert on disks",
      "owner": {
        "id": "U2",
        "name": "Bo Berg"
      },
      "due": "2026-01-09",
      "done_at": null,
      "done_by": null
    },
    {
      "text": "try it first",
      "owner": null,
      "done_at": "2026-01-02T12:50:00Z",
      "done_by": {
        "id": "U1",
        "name": "Ana Lima"
      }
    }
  ],
  "timeline": [
    {
      "at": "2026-01-02T12:00:00Z",
      "kind": "declared",
      "by": {
        "id": "U1",
        "name": "Ana Lima"
      },
      "words": [
        "Declared"
      ]
    },
    {
      "at": "2026-01-02T12:01:00Z",
      "kind": "role",
      "by": {
        "id": "U2",
        "name": "Bo Berg"
      },
      "words": [
        "Took Incident commander"
      ]
    },
    {
      "at": "2026-01-02T12:48:00Z",
      "kind": "resolved",
      "by": {
        "id": "U2",
        "name": "Bo Berg"
      },
      "words": [
        "Resolved: rolled back <&>"
      ]
    }
  ]
}
`
	if diff := cmp.Diff(want, string(raw)); diff != "" {
		t.Error(diff)
	}
}
