package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
)

// numbers reads a list and gives its incidents in order.
func numbers(t *testing.T, list func(incident.Query) (incident.Page, error), q incident.Query) string {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 10
	}
	page, err := list(q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	text := ""
	for _, i := range page.List {
		text += fmt.Sprint(i.Number, " ")
	}
	return fmt.Sprintf("%sfrom %d of %d", text, page.Offset, page.Total)
}

func TestLists(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	list := func(q incident.Query) (incident.Page, error) { return s.List(t.Context(), q) }
	if got := numbers(t, list, incident.Query{}); got != "from 0 of 0" {
		t.Errorf("of none: %s", got)
	}
	for _, severity := range []incident.Severity{4, 2, 1, 2, 3} {
		declared(t, s, severity)
	}
	exec(t, address, `
		INSERT INTO rooms (number, purpose, channel, name) VALUES (2, 'room', 'C2', 'inc-2'), (2, 'rca', 'C3', 'inc-2-rca');
		INSERT INTO assignments VALUES (2, 'commander', 'UBO', 'UBO', now()), (2, 'lead', 'UANA', 'UANA', now()),
			(5, 'lead', 'UBO', 'UBO', now()), (5, 'comms', 'UBO', 'UBO', now());
		UPDATE incidents SET declarer = 'UANA' WHERE number IN (1, 3)`)
	for n, number := range []int64{5, 3} {
		end := func(i *incident.Incident) error { return i.Resolve("x", "U", noon.Add(time.Duration(n)*time.Hour)) }
		if _, err := s.Change(t.Context(), number, "", end); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		q    incident.Query
		want string
	}{
		{incident.Query{}, "2 4 1 from 0 of 3"},
		{incident.Query{Scope: incident.ScopeOpen}, "2 4 1 from 0 of 3"},
		{incident.Query{Limit: 2}, "2 4 from 0 of 3"},
		{incident.Query{Limit: 2, Offset: 2}, "1 from 2 of 3"},
		{incident.Query{Limit: 2, Offset: 4}, "2 4 from 0 of 3"},
		{incident.Query{Scope: incident.ScopeAll}, "5 4 3 2 1 from 0 of 5"},
		{incident.Query{Scope: incident.ScopeResolved}, "3 5 from 0 of 2"},
		{incident.Query{Scope: incident.ScopeMine, Viewer: "UANA"}, "2 1 3 from 0 of 3"},
		{incident.Query{Scope: incident.ScopeMine, Viewer: "UBO"}, "2 5 from 0 of 2"},
		{incident.Query{Scope: incident.ScopeHeld, Viewer: "UBO"}, "2 from 0 of 1"},
		{incident.Query{Scope: incident.ScopeMine, Viewer: "U"}, "from 0 of 0"},
	} {
		if got := numbers(t, list, c.q); got != c.want {
			t.Errorf("%+v: %s, want %s", c.q, got, c.want)
		}
	}
	page, err := list(incident.Query{Scope: incident.ScopeAll, Viewer: "UBO", Limit: 1, Offset: 3})
	want := []incident.Listed{{
		Number: 2, Title: "db down", Severity: 2, SeverityName: "SEV2", Status: incident.Investigating, DeclaredAt: noon,
		Room: "C2", Commander: "UBO", Mine: []string{"commander"},
	}}
	if d := cmp.Diff(want, page.List); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	page, err = list(incident.Query{Scope: incident.ScopeAll, Viewer: "UBO", Limit: 1})
	if err != nil || !page.List[0].ResolvedAt.Equal(noon) || len(page.List[0].Mine) != 2 {
		t.Errorf("%+v, %v", page.List, err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	for n, text := range [][2]string{
		{"Checkout returns 500", "since the 14:00 deploy"}, // 1
		{"checkout is slow", "p99 at 100% o'clock"},        // 2
		{"支付服务不可用", ""},                                    // 3
		{"Datenbank überlastet", `C:\temp_dir full`},       // 4
		{"checkout 4 is down", ""},                         // 5, resolved
		{"database checkouts", ""},                         // 6, resolved
	} {
		i := declared(t, s, incident.SEV4)
		exec(t, address, fmt.Sprintf(`UPDATE incidents SET title = $m$%s$m$, summary = $m$%s$m$ WHERE number = %d`, text[0], text[1], i.Number))
		if n >= 4 {
			if _, err := s.Change(t.Context(), i.Number, "", func(i *incident.Incident) error { return i.Resolve("x", "U", noon) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	list := func(q incident.Query) (incident.Page, error) { return s.List(t.Context(), q) }
	for words, want := range map[string]string{
		"checkout":            "2 1 6 5",
		"CHECKOUT deploy":     "1",
		"check":               "2 1 6 5",
		"out":                 "2 1", // within a word: open ones alone
		"付服":                  "3",
		"überl":               "4",
		"4":                   "4 1 5",
		"inc-4":               "4",
		"INC-1 checkout":      "1",
		"inc-3 checkout":      "",
		"inc-1 inc-2":         "2 1",
		"#6":                  "6",
		"100%":                "2",
		"o'clock":             "2",
		`C:\temp_`:            "4",
		"temp%dir":            "4",
		"nowhere":             "",
		"!!!":                 "",
		"' | '":               "",
		"checkout & !slow":    "2",
		"a:* b":               "",
		string(rune(0)) + "x": "",
	} {
		got, _, _ := strings.Cut(numbers(t, list, incident.Query{Scope: incident.ScopeAll, Words: words}), "from")
		if strings.TrimSpace(got) != want {
			t.Errorf("find %q: %s, want %s", words, got, want)
		}
	}
	if got := numbers(t, list, incident.Query{Scope: incident.ScopeOpen, Words: "inc-2 check"}); got != "2 from 0 of 1" {
		t.Errorf("a reference and a word: %s", got)
	}
	if got := numbers(t, list, incident.Query{Scope: incident.ScopeOpen, Words: "checkout"}); got != "1 2 from 0 of 2" {
		t.Errorf("open ones: %s", got)
	}
}
