package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"muster/incident"
	"muster/store"
)

var rules = incident.Rules{First: 30 * time.Minute, Every: 25 * time.Minute}

// tick looks at the clock as a replica does.
func tick(t testing.TB, s *store.Store, now time.Time, limit int) int {
	t.Helper()
	looked, err := s.ChangeDue(t.Context(), now, limit, rules.StaleEvery, func(i *incident.Incident) bool { return i.Tick(rules, now) })
	if err != nil {
		t.Fatal(err)
	}
	return looked
}

// watched declares a critical incident whose clock runs.
func watched(t testing.TB, s *store.Store) int64 {
	t.Helper()
	number := declared(t, s, incident.SEV4).Number
	_, err := s.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error {
		defer i.Schedule(rules)
		return i.SetSeverity(incident.SEV2, "UANA", noon)
	})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

const reminders = `SELECT count(*)::text FROM entries WHERE kind = 'reminder'`

func TestWhatIsDueIsDoneOnceAndWakesTheReconciler(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number := watched(t, s)
	_, err := s.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error {
		return i.Claim(incident.Role{Key: incident.Commander}, "UBO", noon)
	})
	if err != nil {
		t.Fatal(err)
	}
	wanted := func() string { return query(t, address, `SELECT wanted::text FROM reconciliations`) }
	before := wanted()
	if n := tick(t, s, noon.Add(29*time.Minute), 100); n != 0 || wanted() != before {
		t.Errorf("a minute early, %d are due", n)
	}
	if n := tick(t, s, noon.Add(30*time.Minute), 100); n != 1 || wanted() == before {
		t.Errorf("%d were due, wanted %s after %s", n, wanted(), before)
	}
	if n := tick(t, s, noon.Add(30*time.Minute), 100); n != 0 {
		t.Errorf("%d are due again", n)
	}
	i, err := s.Incident(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	want := []incident.Reminder{{N: 1, At: noon.Add(30 * time.Minute), To: "UBO", Due: noon.Add(30 * time.Minute)}}
	if d := cmp.Diff(want, i.Cadence.Reminders); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := query(t, address, reminders); got != "1" {
		t.Errorf("%s reminders", got)
	}
}

// What an update adds, and what the clock knows, comes back as it was.
func TestAnUpdateIsReadBackWhole(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := watched(t, s)
	tick(t, s, noon.Add(time.Hour), 100)
	u := incident.Update{Text: "rolled back", Impact: "none", Next: "watch", Within: 15 * time.Minute}
	made, err := s.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error {
		defer i.Schedule(rules)
		return i.Post(u, "UANA", noon.Add(61*time.Minute))
	})
	if err != nil {
		t.Fatal(err)
	}
	read, err := s.Incident(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(made.Cadence, read.Cadence) + cmp.Diff(made.Last, read.Last); d != "" {
		t.Errorf("(-made +read):\n%s", d)
	}
	c, err := s.Case(t.Context(), number)
	if err != nil || len(c.Updates) != 1 {
		t.Fatalf("%d updates to tell, %v", len(c.Updates), err)
	}
	want := &incident.Detail{Impact: "none", Next: "watch", Until: noon.Add(76 * time.Minute)}
	if d := cmp.Diff(want, c.Updates[0].Detail); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Many replicas look at the clock at once, over incidents that people change at
// the same time: each reminder is one.
func TestTicksOfManyReplicas(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	two := open(t, address)
	const incidents = 20
	for range incidents {
		watched(t, one)
	}
	now := noon.Add(40 * time.Minute)
	var group sync.WaitGroup
	for n := range 8 {
		s := []*store.Store{one, two}[n%2]
		group.Go(func() {
			for range 5 {
				tick(t, s, now, 3)
			}
		})
		group.Go(func() {
			_, err := s.Change(t.Context(), int64(n+1), nextKey(), func(i *incident.Incident) error {
				defer i.Schedule(rules)
				return i.Claim(incident.Role{Key: incident.Commander}, "UBO", noon)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for tick(t, one, now, 100) > 0 {
	}
	if got := query(t, address, reminders); got != fmt.Sprint(incidents) {
		t.Errorf("%s reminders of %d incidents", got, incidents)
	}
	if got := query(t, address, `SELECT count(*)::text FROM assignments`); got != "8" {
		t.Errorf("%s claims, want 8", got)
	}
}

// A tick does not wait for who is changing an incident, and leaves it for later.
func TestATickPassesOverWhatIsBeingChanged(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := watched(t, s)
	watched(t, s)
	now := noon.Add(time.Hour)
	_, err := s.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error {
		if n := tick(t, s, now, 100); n != 1 {
			t.Errorf("%d were looked at, want the other one", n)
		}
		return incident.Errorf(incident.NothingToDo, "no")
	})
	if !incident.IsKind(err, incident.NothingToDo) {
		t.Error(err)
	}
	if n := tick(t, s, now, 100); n != 1 {
		t.Errorf("%d were left", n)
	}
}

// A tick that does not reach its commit has done nothing.
func TestATickThatIsCutDoesNothing(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	watched(t, s)
	before := image(t, address)
	cut := errors.New("cut")
	broken := open(t, address, store.WithHook(store.Hook{Before: func(_ context.Context, act string) error {
		if act == "tick" {
			return cut
		}
		return nil
	}}))
	now := noon.Add(time.Hour)
	_, err := broken.ChangeDue(t.Context(), now, 100, rules.StaleEvery, func(i *incident.Incident) bool { return i.Tick(rules, now) })
	if !errors.Is(err, cut) || image(t, address) != before {
		t.Errorf("%v, and something changed", err)
	}
	if n := tick(t, s, now, 100); n != 1 {
		t.Errorf("then %d are due", n)
	}
}

// BenchmarkTick looks at open incidents, of which none or 100 are due, also beside
// closed ones of years.
func BenchmarkTick(b *testing.B) {
	for _, c := range []struct{ open, closed int }{{100, 0}, {1000, 0}, {10_000, 0}, {100, 100_000}} {
		b.Run(fmt.Sprintf("open=%d,closed=%d", c.open, c.closed), func(b *testing.B) { benchmarkTick(b, c.open, c.closed) })
	}
}

func benchmarkTick(b *testing.B, open, closed int) {
	s, address := fresh(b)
	fill(b, address, closed, open)
	exec(b, address, `UPDATE incidents SET severity = 2, clock_from = '2025-03-04 12:00Z', critical_since = '2025-03-04 12:00Z',
		reminder_due_at = '2025-03-04 12:30Z' WHERE resolved_at IS NULL; ANALYZE incidents`)
	conn, err := pgx.Connect(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close(b.Context()) }()
	custom, generic, err := store.Plan(b.Context(), conn, store.Statements(&incident.Incident{Number: 1}, noon)["due"])
	if open+closed > 1000 && (err != nil || !strings.Contains(custom, "incidents_due") || !strings.Contains(generic, "incidents_due")) {
		b.Fatalf("%v\n%s\n%s", err, custom, generic)
	}
	b.Run("nothing due", func(b *testing.B) {
		for b.Loop() {
			if n := tick(b, s, noon, 100); n != 0 {
				b.Fatal(n)
			}
		}
	})
	b.Run("100 due", func(b *testing.B) {
		now := noon.Add(time.Hour)
		for b.Loop() {
			b.StopTimer()
			exec(b, address, `UPDATE incidents SET reminder_due_at = '2026-01-01', reminders = '[]', reminded_at = NULL WHERE reminder_due_at < '2026-01-01';
				UPDATE incidents SET reminder_due_at = '2025-03-04 12:30Z' WHERE number IN (SELECT number FROM incidents WHERE resolved_at IS NULL ORDER BY number LIMIT 100)`)
			b.StartTimer()
			if n := tick(b, s, now, 100); n != 100 {
				b.Fatal(n)
			}
		}
	})
}

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := watched(t, s)
	subscribe := func(person string, wanted bool) {
		t.Helper()
		if err := s.Subscribe(t.Context(), number, person, wanted); err != nil {
			t.Fatal(err)
		}
	}
	notices := func() (list string) {
		t.Helper()
		c, err := s.Case(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range c.Notices {
			list += n.Person + " " + n.Entry.To + "; "
		}
		return list
	}
	subscribe("UBO", true)
	if got := notices(); got != "" {
		t.Errorf("told of what was before: %s", got)
	}
	for _, level := range []incident.Severity{1, 3} {
		if _, err := s.Change(t.Context(), number, nextKey(), to(level)); err != nil {
			t.Fatal(err)
		}
		subscribe("UBO", true)
		subscribe("UANA", true)
	}
	if got := notices(); got != "UBO SEV1; UANA SEV3; UBO SEV3; " {
		t.Errorf("notices: %s", got)
	}
	subscribe("UBO", false)
	subscribe("UBO", false)
	if got := notices(); got != "UANA SEV3; " {
		t.Errorf("notices: %s", got)
	}
	if err := s.Subscribe(t.Context(), 99, "UBO", true); !incident.IsKind(err, incident.NotFound) {
		t.Errorf("no such incident: %v", err)
	}
}
