package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/incident"
	"muster/store"
)

// waiting is the number of sessions that wait for a lock.
const waiting = `SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

// Two replicas change one incident: the second waits for the first, decides on
// what the first left, and both are kept in order.
func TestChangesArePutInOrder(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	two := open(t, address)
	number := declared(t, one, incident.SEV4).Number
	entered, leave := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		_, err := one.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error {
			close(entered)
			<-leave
			return i.Claim(stock().Roles[0], "UANA", noon)
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-entered
	var second error
	group.Go(func() {
		_, second = two.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error {
			return i.Claim(stock().Roles[0], "UBO", noon)
		})
	})
	eventually(t, "the second change waits", func() bool { return query(t, address, waiting) == "1" })
	close(leave)
	group.Wait()
	refusal, ok := errors.AsType[*incident.Error](second)
	if !ok || refusal.Kind != incident.Conflict || refusal.Who != "UANA" {
		t.Errorf("the second claim got %v, want to be told of UANA", second)
	}
}

func TestManyChangesAreAllKept(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	two := open(t, address)
	number := declared(t, one, incident.SEV4).Number
	var group sync.WaitGroup
	const changes = 24
	for n := range changes {
		s := []*store.Store{one, two}[n%2]
		group.Go(func() {
			_, err := s.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error {
				next := i.Severity%4 + 1
				return i.SetSeverity(next, fmt.Sprint("U", n), noon)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	timeline, err := one.Timeline(t.Context(), number)
	if err != nil || len(timeline) != 1+changes {
		t.Fatalf("%d entries, %v; want %d", len(timeline), err, 1+changes)
	}
	for n, e := range timeline[1:] {
		if before := timeline[n].To; e.From != before {
			t.Errorf("entry %d goes from %s, the one before went to %s", n+1, e.From, before)
		}
	}
	if got := query(t, address, `SELECT wanted::text FROM reconciliations`); got != fmt.Sprint(1+changes) {
		t.Errorf("wanted is %s, want %d", got, 1+changes)
	}
}

func TestAnActKeyActsOnce(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	two := open(t, address)
	number := declared(t, one, incident.SEV4).Number
	other := declared(t, one, incident.SEV4).Number
	var group sync.WaitGroup
	var mu sync.Mutex
	ran := 0
	for n := range 8 {
		s := []*store.Store{one, two}[n%2]
		group.Go(func() {
			i, err := s.Change(t.Context(), number, "T1", func(i *incident.Incident) error {
				mu.Lock()
				ran++
				mu.Unlock()
				return to(incident.SEV2)(i)
			})
			if err != nil || i.Severity != incident.SEV2 {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
	group.Wait()
	if ran != 1 {
		t.Errorf("it acted %d times", ran)
	}
	before := image(t, address)
	if _, err := one.Change(t.Context(), number, "T1", to(incident.SEV1)); err != nil {
		t.Error(err)
	}
	if after := image(t, address); after != before {
		t.Errorf("the repeat changed\n%s\nto\n%s", before, after)
	}
	if i, err := one.Change(t.Context(), other, "T1", to(incident.SEV1)); err != nil || i.Severity != incident.SEV1 {
		t.Errorf("on another incident the key is a new one: %+v, %v", i, err)
	}
}

func TestWithoutAKeyEachActCounts(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	for _, level := range []incident.Severity{1, 2} {
		if i, err := s.Change(t.Context(), number, "", to(level)); err != nil || i.Severity != level {
			t.Errorf("%+v, %v", i, err)
		}
	}
}

func TestARefusalChangesNothing(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	before := image(t, address)
	ours := errors.New("not today")
	_, err := s.Change(t.Context(), number, "T1", func(i *incident.Incident) error {
		if err := errors.Join(to(incident.SEV1)(i), i.Claim(stock().Roles[0], "UBO", noon)); err != nil {
			return err
		}
		return ours
	})
	if !errors.Is(err, ours) {
		t.Errorf("error %v", err)
	}
	_, err = s.Change(t.Context(), number, "T1", to(incident.SEV4))
	if _, bare := err.(*incident.Error); !bare || !incident.IsKind(err, incident.NothingToDo) {
		t.Errorf("error %v (%T), want the refusal as it is", err, err)
	}
	if after := image(t, address); after != before {
		t.Errorf("the refusal changed\n%s\nto\n%s", before, after)
	}
	if i, err := s.Change(t.Context(), number, "T1", to(incident.SEV2)); err != nil || i.Severity != incident.SEV2 {
		t.Errorf("the key was used up by a refusal: %+v, %v", i, err)
	}
}

func TestAPanicLeavesNothingLocked(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	func() {
		defer func() { _ = recover() }()
		_, _ = s.Change(t.Context(), number, "", func(*incident.Incident) error { panic("a defect") })
	}()
	if _, err := s.Change(t.Context(), number, "", to(incident.SEV2)); err != nil {
		t.Error(err)
	}
}

func TestThereIsNoSuchIncident(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	_, changed := s.Change(t.Context(), 7, "T1", func(*incident.Incident) error { t.Error("it ran"); return nil })
	_, read := s.Incident(t.Context(), 7)
	_, whole := s.Case(t.Context(), 7)
	for name, err := range map[string]error{"change": changed, "incident": read, "case": whole} {
		if !incident.IsKind(err, incident.NotFound) || !strings.Contains(err.Error(), "7") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := query(t, address, `SELECT count(*)::text FROM reconciliations`); got != "0" {
		t.Errorf("%s subjects", got)
	}
}

func TestRolesAreWrittenAsTheyAre(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	for _, want := range [][]incident.Assignment{
		{{Role: "commander", User: "U1", By: "U1", At: noon}, {Role: "lead", User: "U2", By: "U1", At: noon}},
		{{Role: "commander", User: "U3", By: "U1", At: noon.Add(time.Second)}, {Role: "lead", User: "U2", By: "U1", At: noon}},
		{{Role: "lead", User: "U2", By: "U1", At: noon}},
		nil,
	} {
		changed, err := s.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error { i.Roles = want; return nil })
		if err != nil {
			t.Fatal(err)
		}
		read, err := s.Incident(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string][]incident.Assignment{"changed": changed.Roles, "read": read.Roles} {
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%s (-want +got):\n%s", name, d)
			}
		}
	}
}

func TestResolvingAndReopeningAreReadBack(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number := declared(t, s, incident.SEV1).Number
	resolved, err := s.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error {
		return i.Resolve("rolled back", "UBO", noon.Add(time.Hour))
	})
	if err != nil {
		t.Fatal(err)
	}
	read, err := s.Incident(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(resolved, read, cmpopts.IgnoreUnexported(incident.Incident{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-changed +read):\n%s", d)
	}
	if got := query(t, address, `SELECT urgency::text FROM reconciliations`); got != "5" {
		t.Errorf("urgency %s, want 5", got)
	}
	reopened, err := s.Change(t.Context(), number, nextKey(), func(i *incident.Incident) error { return i.Reopen("UBO", noon) })
	if err != nil || !reopened.ResolvedAt.IsZero() {
		t.Fatalf("%+v, %v", reopened, err)
	}
	if read, err := s.Incident(t.Context(), number); err != nil || !read.ResolvedAt.IsZero() || read.Status != incident.Investigating {
		t.Errorf("%+v, %v", read, err)
	}
	if got := query(t, address, `SELECT urgency::text FROM reconciliations`); got != "1" {
		t.Errorf("urgency %s, want 1", got)
	}
}
