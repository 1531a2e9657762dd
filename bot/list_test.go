package bot

import (
	"strings"
	"testing"
	"time"

	"muster/incident"
	"muster/sandbox/golden"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func TestListOfEverything(t *testing.T) {
	t.Parallel()
	list := listing{Scope: incident.ScopeAll, Words: "checkout <!channel>", Offset: 15}
	page := incident.Page{Offset: 15, Total: incident.ListLimit, List: []incident.Listed{
		{Number: 42, Title: "checkout returns <500> & more", Severity: 2, SeverityName: "SEV2", Status: incident.Monitoring, DeclaredAt: noon, Room: "C42", Commander: "UANA"},
		{Number: 41, Title: "*checkout* <!channel> is slow", Severity: 1, SeverityName: "SEV1", Status: incident.Resolved, DeclaredAt: noon, ResolvedAt: noon.Add(time.Hour)},
		{Number: 7, Title: strings.Repeat("checkout ", 16), Severity: 4, SeverityName: "SEV4", Status: incident.Investigating, DeclaredAt: noon},
	}}
	blocks := append(list.blocks(page, perPage), pageButtons(page.Offset, perPage, page.Total, "Previous", "Next", list.at)...)
	golden.Check(t, "list", strings.TrimSpace(drawAnswer(t, only(list.title(), blocks...))))
}

// A full page of the longest titles in the widest letters is one acknowledgement.
func TestFullPageFits(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"x", "&", "<", "界", "🔥", "\u202e"} {
		var page incident.Page
		for n := range perPage {
			page.List = append(page.List, incident.Listed{
				Number: int64(100_000 + n), Title: strings.Repeat(letter, incident.MaxTitle), Severity: 1, SeverityName: "SEV1", Status: incident.Investigating,
				DeclaredAt: noon, Room: "C0123456789", Commander: "U0123456789",
			})
		}
		page.Total = 1000
		list := listing{Scope: incident.ScopeOpen}
		drawn := drawAnswer(t, only(list.title(), append(list.blocks(page, perPage), pageButtons(0, perPage, 1000, "Previous", "Next", list.at)...)...))
		if n := strings.Count(drawn, "INC-"); n != perPage {
			t.Errorf("%d of %d incidents are there for %q", n, perPage, letter)
		}
	}
}

func TestListingTravelsInAButton(t *testing.T) {
	t.Parallel()
	for _, want := range []listing{
		{Scope: incident.ScopeOpen}, {Scope: incident.ScopeMine, Offset: 30},
		{Scope: incident.ScopeAll, Words: "two words", Offset: 15},
	} {
		if got, ok := parseListing(want.at(want.Offset)); got != want || !ok {
			t.Errorf("%+v came back as %+v, %v", want, got, ok)
		}
	}
	for _, value := range []string{"", "open", "open -1", "open x words"} {
		if _, ok := parseListing(value); ok {
			t.Errorf("%q is no listing", value)
		}
	}
}
