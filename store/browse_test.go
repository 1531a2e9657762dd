package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
	"muster/store"
)

// browse reads all pages of a filter and gives the numbers, with a bar between
// pages. Each page leads back to the one before it.
func browse(t testing.TB, s *store.Store, f incident.Filter) string {
	t.Helper()
	if f.Limit == 0 {
		f.Limit = 10
	}
	var text []string
	var before []incident.Listed
	for range 20 {
		shelf, err := s.Browse(t.Context(), f)
		if err != nil {
			t.Fatalf("%+v: %v", f, err)
		}
		for _, i := range shelf.List {
			text = append(text, fmt.Sprint(i.Number))
			f.After = i.Number
		}
		if len(before) > 0 && len(shelf.List) > 0 {
			back := f
			back.After, back.Before = 0, shelf.List[0].Number
			got, err := s.Browse(t.Context(), back)
			if diff := cmp.Diff(before, got.List); err != nil || diff != "" {
				t.Errorf("%+v does not lead back: %v %s", back, err, diff)
			}
		}
		before = shelf.List
		if !shelf.More || f.Before > 0 {
			break
		}
		text = append(text, "|")
	}
	return strings.Join(text, " ")
}

func TestBrowse(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	if got := browse(t, s, incident.Filter{}); got != "" {
		t.Errorf("of none: %s", got)
	}
	for _, severity := range []incident.Severity{4, 2, 1, 2, 3} {
		declared(t, s, severity)
	}
	exec(t, address, `
		INSERT INTO assignments VALUES (2, 'commander', 'UBO', 'UBO', now()), (5, 'lead', 'UBO', 'UBO', now());
		UPDATE incidents SET declared_at = '2025-03-01Z'::timestamptz + number * interval '1 day', declarer = CASE number WHEN 1 THEN 'UBO' ELSE 'ULEE' END,
		       title = CASE number WHEN 3 THEN 'checkout is <b>slow</b> 5' ELSE title END`)
	if _, err := s.Change(t.Context(), 5, "", func(i *incident.Incident) error { return i.Resolve("x", "U", noon) }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Change(t.Context(), 3, "", func(i *incident.Incident) error { return i.Cancel("x", "U", noon) }); err != nil {
		t.Fatal(err)
	}
	day := func(n int) time.Time { return time.Date(2025, 3, n, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		f    incident.Filter
		want string
	}{
		{incident.Filter{}, "5 4 3 2 1"},
		{incident.Filter{Limit: 2}, "5 4 | 3 2 | 1"},
		{incident.Filter{Open: true}, "2 4 1"},
		{incident.Filter{Open: true, Limit: 1}, "2 | 4 | 1"},
		{incident.Filter{Open: true, Severity: 2}, "2 4"},
		{incident.Filter{Status: incident.Cancelled}, "3"},
		{incident.Filter{Severity: 2, Limit: 1}, "4 | 2"},
		{incident.Filter{Mine: true, Viewer: "UBO"}, "5 2 1"},
		{incident.Filter{Mine: true, Viewer: "UBO", Open: true}, "2 1"},
		{incident.Filter{From: day(3), Until: day(5)}, "3 2"},
		{incident.Filter{Words: "checkout"}, "3"},
		{incident.Filter{Words: "db dow"}, "5 4 2 1"},
		{incident.Filter{Words: "5"}, "5 3"},
		{incident.Filter{Words: "inc-3 slow"}, "3"},
		{incident.Filter{Words: "inc-2 slow"}, ""},
		{incident.Filter{Words: "%"}, ""},
		{incident.Filter{Words: `'\ :* & !`}, ""},
		{incident.Filter{Words: "db", Severity: 3, Status: incident.Resolved, Mine: true, Viewer: "UBO", From: day(1), Until: day(30)}, "5"},
		{incident.Filter{After: 3}, "2 1"},
		{incident.Filter{Before: 3}, "5 4"},
		{incident.Filter{Before: 1, Limit: 2}, "3 2"},
		{incident.Filter{Before: 5}, ""},
		{incident.Filter{Open: true, Before: 1}, "2 4"},
		{incident.Filter{Open: true, Before: 1, Limit: 1}, "4"},
		{incident.Filter{Mine: true, Viewer: "UBO", Before: 1}, "5 2"},
		{incident.Filter{Mine: true, Viewer: "UBO", Before: 1, Limit: 1}, "2"},
		{incident.Filter{Words: "db dow", Before: 1, Limit: 2}, "4 2"},
		{incident.Filter{Severity: 2, Before: 2}, "4"},
	} {
		if got := browse(t, s, c.f); got != c.want {
			t.Errorf("%+v: %s, want %s", c.f, got, c.want)
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	for _, severity := range []incident.Severity{4, 1, 2} {
		declared(t, s, severity)
	}
	exec(t, address, `
		UPDATE reconciliations SET seen = wanted WHERE subject = 'incident:3';
		UPDATE reconciliations SET retry_at = '2025-03-01Z' WHERE subject = 'incident:1';
		UPDATE reconciliations SET claimed_until = now() + interval '1 minute' WHERE subject = 'incident:2';
		INSERT INTO reconciliations (subject, urgency) VALUES ('workspace', 9);
		INSERT INTO steps VALUES ('incident:1', 'topic', 3, now(), 'Slack says no', now()), ('incident:1', 'card', 0, now(), '', now());
		INSERT INTO postings (subject, key, channel, thread, sent_at, error) VALUES ('incident:3', 'incident:3:card', 'C', '', now(), 'is_archived');
		INSERT INTO deeds (subject, key, value, error) VALUES ('incident:2', 'invite:U1', 'x', 'cant_invite')`)
	list, err := s.Unfinished(t.Context(), "UANA")
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if u := list[0]; u.Number != 2 || !u.Working || !u.RetryAt.IsZero() || len(u.Steps) != 0 || u.Severity != 1 {
		t.Errorf("%+v", u)
	}
	if u := list[1]; u.Number != 1 || u.Working || u.RetryAt.IsZero() || len(u.Steps) != 1 || u.Steps[0].Error != "Slack says no" || u.Steps[0].Attempts != 3 || u.Steps[0].Since.IsZero() {
		t.Errorf("%+v", u)
	}
	refused, err := s.Refusals(t.Context(), "UANA")
	if err != nil || len(refused) != 2 || refused[0].What() != "invite U1" || refused[1].What() != "card" {
		t.Errorf("%+v, %v", refused, err)
	}
}
