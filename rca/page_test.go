package rca

import (
	"strings"
	"testing"
	"time"

	"muster/incident"
	"muster/sandbox/golden"
	"muster/sandbox/wiki"
)

// TestTheStockPage shows the whole page of one incident, in storage format and as
// it reads.
func TestTheStockPage(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 3, 9, 14, minute, 0, 0, time.UTC) }
	c := &incident.Case{
		Incident: incident.Incident{
			Number: 42, Title: "checkout returns <500> & more", Summary: "a third of payments fail\nsince the deploy",
			Severity: 2, Declarer: "UANA", DeclaredAt: at(4),
			Status: incident.Resolved, Resolution: `rolled back "payments" 4.2`, ResolvedBy: "UBO", ResolvedAt: at(52),
			Roles: []incident.Assignment{{Role: incident.Commander, User: "UBO", By: "UBO", At: at(9)}},
			FollowUps: []incident.FollowUp{
				{N: 1, Text: "alert on the error rate", Owner: "UBO", Due: "2026-03-20", By: "UANA", At: at(40)},
				{N: 2, Text: "write the runbook", By: "UANA", At: at(41)},
			},
		},
		Installation: incident.Installation{TeamURL: "https://example.slack.com/"},
		Rooms:        []incident.Room{{Purpose: incident.RoomMain, ID: "C42"}, {Purpose: incident.RoomRCA, ID: "C43"}},
		Definitions: incident.Definitions{
			Roles: []incident.Role{{Key: incident.Commander, Name: "Incident commander", Position: 1}, {Key: "lead", Name: "Technical lead", Position: 2}},
		},
	}
	timeline := []incident.Entry{
		{ID: 1, Kind: incident.EntryDeclared, At: at(4), By: "UANA", Text: c.Title},
		{ID: 2, Kind: incident.EntrySeverity, At: at(7), By: "UANA", From: "4", To: "2"},
		{ID: 3, Kind: incident.EntryRole, At: at(9), By: "UBO", To: "UBO", Role: incident.Commander},
		{ID: 4, Kind: incident.EntryMessage, At: at(12), By: "ULEE", Text: "the pool is exhausted ]]>", Detail: &incident.Detail{
			Link: "https://example.slack.com/archives/C1/p1?a=b&c=d", Files: []incident.File{{ID: "F1", Name: "pool.png", Type: "image/png"}},
		}},
		{ID: 5, Kind: incident.EntryUpdate, At: at(20), By: "UBO", Text: "rolling back", Detail: &incident.Detail{Impact: "payments in eu-west", Next: "watch the rate", Until: at(50)}},
		{ID: 6, Kind: incident.EntryResolved, At: at(52), By: "UBO", From: string(incident.Monitoring), To: string(incident.Resolved), Text: c.Resolution},
	}
	names := map[string]string{"UANA": "Ana Lima", "UBO": "Bo Berg", "ULEE": "李 Lee"}
	body, err := stock(t).Body(Describe(c, timeline, func(user string) string { return names[user] }, map[string]Text{"F1": "F1.png"}))
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "page", strings.TrimSpace(body)+"\n\n== as it reads ==\n"+wiki.Text(body))
}
