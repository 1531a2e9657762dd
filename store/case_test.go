package store_test

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"muster/incident"
	"muster/store"
)

// A case is read at one instant: however fast people change it, the severity of
// the incident is the one that its last entry tells.
func TestACaseIsOneSnapshot(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	writer := open(t, address)
	number := declared(t, s, incident.SEV4).Number
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		defer close(done)
		for n := range 60 {
			level := incident.Severity(n%4 + 1)
			_, err := writer.Change(t.Context(), number, "", func(i *incident.Incident) error {
				i.Roles = []incident.Assignment{{Role: "commander", User: level.String(), By: "U", At: noon}}
				return i.SetSeverity(level, "U", noon)
			})
			if err != nil && !incident.IsKind(err, incident.NothingToDo) {
				t.Error(err)
			}
		}
	})
	defer group.Wait()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		c, err := s.Case(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.News) == 0 {
			continue
		}
		last := c.News[len(c.News)-1].To
		if held, _ := c.Holder("commander"); last != c.Severity.String() || held.User != last {
			t.Fatalf("the incident is %s, its holder of %s, its last entry of %s", c.Severity, held.User, last)
		}
	}
}

func TestACaseHasTheDefinitions(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	c, err := s.Case(t.Context(), declared(t, s, incident.SEV4).Number)
	if err != nil || len(c.Definitions.Roles) != 2 || len(c.Definitions.Severities) != 4 || len(c.News) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// Lines that are said or refused are no news, and their postings are left out.
func TestACaseDoesNotGrowWithOldLines(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	const changes = 10
	for n := range changes {
		if _, err := s.Change(t.Context(), number, "", to(incident.Severity(n%2+1))); err != nil {
			t.Fatal(err)
		}
	}
	c := claim(t, s)
	before, err := s.Case(t.Context(), number)
	if err != nil || len(before.News) != changes {
		t.Fatalf("%d news, %v", len(before.News), err)
	}
	for n, e := range before.News[:changes-1] {
		line := incident.Posting{Key: fmt.Sprint("line:", e.ID), Channel: "C1", TS: fmt.Sprint("1.", n), AttemptedAt: noon}
		if err := s.BeginPosting(t.Context(), c, line); err != nil {
			t.Fatal(err)
		}
		switch n {
		case 0: // the outcome is unknown
		case 1:
			err = s.RefusePosting(t.Context(), c, line.Key, "")
		case 2:
			err = s.RefusePosting(t.Context(), c, line.Key, "too long")
		default:
			_, err = s.EndPosting(t.Context(), c, line)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	after, err := s.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	var news []int64
	for _, e := range after.News {
		news = append(news, e.ID)
	}
	ids := before.News
	if want := fmt.Sprint([]int64{ids[0].ID, ids[1].ID, ids[changes-1].ID}); fmt.Sprint(news) != want {
		t.Errorf("news %v, want %s: begun, refused for now, new", news, want)
	}
	if len(after.Postings) != 2 {
		t.Errorf("postings %+v, want the two that are not settled", after.Postings)
	}
}

// fill makes a database of years: closed incidents with entries, postings and
// rooms, and open ones after them.
func fill(t testing.TB, address string, closed, open int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, sql := range []string{
		`INSERT INTO incidents SELECT n, 'title ' || n, 'summary', n % 4 + 1, now(), 'U1',
			CASE WHEN n > $1 THEN 'investigating' ELSE 'resolved' END, now(), 'U1', 'U' || n % 50, now() - n * interval '1 minute',
			CASE WHEN n > $1 THEN NULL ELSE now() END, 'U1', 'fixed', 'form', 'old-' || n, 'C1', '', '' FROM generate_series(1, $1::int + $2::int) n`,
		`INSERT INTO reconciliations (subject, wanted, seen, urgency)
			SELECT 'incident:' || n, 4, CASE WHEN n > $1 THEN 3 ELSE 4 END, n % 4 + 1 FROM generate_series(1, $1::int + $2::int) n`,
		`INSERT INTO entries (number, kind, at, author, quiet, from_value, to_value, role, body)
			SELECT n, 'severity', now(), 'U1', false, 'SEV4', 'SEV1', '', '' FROM generate_series(1, $1::int + $2::int) n, generate_series(1, 3)`,
		`INSERT INTO postings (subject, key, channel, thread, ts, sent_at)
			SELECT 'incident:' || number, 'line:' || id, 'C1', '', '1.' || id, now() FROM entries WHERE number <= $1::int + $2::int`,
		`INSERT INTO rooms (number, purpose, channel, name)
			SELECT n, 'room', 'C' || n, 'inc-' || n FROM generate_series(1, $1::int + $2::int) n`,
		`INSERT INTO deeds (subject, key, value)
			SELECT 'incident:' || n, 'topic', 'x' FROM generate_series(1, $1::int + $2::int) n`,
		`INSERT INTO assignments (number, role, holder, made_by, made_at)
			SELECT n, 'commander', 'U1', 'U1', now() FROM generate_series(1, $1::int + $2::int) n`,
		`INSERT INTO steps (subject, step, attempts, not_before, error, since)
			SELECT 'incident:' || n, 'card', 1, now(), 'is_archived', now() FROM generate_series(1, $1::int + $2::int) n`,
		`UPDATE installation SET last_number = $1::int + $2::int`,
	} {
		if _, err := conn.Exec(t.Context(), sql, closed, open); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	if _, err := conn.Exec(t.Context(), `ANALYZE`); err != nil {
		t.Fatal(err)
	}
}

// wholeTables finds the tables that a plan reads from end to end.
var wholeTables = regexp.MustCompile(`Seq Scan on (?:incidents|entries|postings|rooms|deeds|steps|reconciliations|assignments)\b`)

// In a database of years no statement that people or passes wait for reads a
// whole table.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	fill(t, address, 20000, 30)
	i, err := s.Incident(t.Context(), 20010)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for name, statement := range store.Statements(i, noon) {
		custom, generic, err := store.Plan(t.Context(), conn, statement)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for kind, plan := range map[string]string{"these arguments": custom, "any arguments": generic} {
			if found := wholeTables.FindString(plan); found != "" {
				t.Errorf("%s, for %s: %s\n%s", name, kind, found, plan)
			}
		}
	}
}
