package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/incident"
	"muster/store"
)

// claim takes what is due at noon; the test fails if nothing is.
func claim(t testing.TB, s *store.Store) *incident.Claim {
	t.Helper()
	c, err := s.Claim(t.Context(), noon, lease)
	if err != nil || c == nil {
		t.Fatalf("claim: %+v, %v", c, err)
	}
	return c
}

func wantNothingDue(t *testing.T, s *store.Store, now time.Time) {
	t.Helper()
	if c, err := s.Claim(t.Context(), now, lease); c != nil || err != nil {
		t.Errorf("claimed %+v, %v; want nothing due", c, err)
	}
}

func release(t *testing.T, s *store.Store, c *incident.Claim, o incident.Outcome) {
	t.Helper()
	if err := s.Release(t.Context(), c, o); err != nil {
		t.Fatalf("release: %v", err)
	}
}

// taken gives a claim that its holder slept on until another took it over.
func taken(t *testing.T, s *store.Store) (sleeper, holder *incident.Claim) {
	t.Helper()
	sleeper, err := s.Claim(t.Context(), noon, time.Microsecond)
	if err != nil || sleeper == nil {
		t.Fatalf("claim: %+v, %v", sleeper, err)
	}
	eventually(t, "the lease runs out and another takes over", func() bool {
		holder, err = s.Claim(t.Context(), noon, lease)
		return err == nil && holder != nil
	})
	return sleeper, holder
}

func TestTwoClaimantsNeverShare(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	const subjects = 12
	for range subjects {
		declared(t, one, incident.SEV4)
	}
	var mu sync.Mutex
	owners := map[string]int{}
	var group sync.WaitGroup
	for n := range 4 {
		s := open(t, address)
		group.Go(func() {
			for {
				c, err := s.Claim(t.Context(), noon, time.Minute)
				if err != nil {
					t.Error(err)
				}
				if c == nil {
					return
				}
				mu.Lock()
				if before, shared := owners[c.Subject]; shared {
					t.Errorf("%s is claimed by %d and %d", c.Subject, before, n)
				}
				owners[c.Subject] = n
				mu.Unlock()
			}
		})
	}
	group.Wait()
	// A claimant that meets a row which another is just taking skips it, but some
	// claimant always gets it.
	if len(owners) != subjects {
		t.Errorf("%d of %d subjects are claimed", len(owners), subjects)
	}
}

// A subject that is being changed is skipped, not waited for.
func TestALockedSubjectIsSkipped(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV1)
	other := declared(t, s, incident.SEV4)
	entered, leave := make(chan struct{}), make(chan struct{})
	changing := open(t, address, store.WithHook(store.Hook{Before: beforeOnce(entered, leave)}))
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := changing.Change(t.Context(), 1, "", to(incident.SEV2)); err != nil {
			t.Error(err)
		}
	})
	<-entered
	// One that waits for the lock would wait for ever.
	soon, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	first, err := s.Claim(soon, noon, lease)
	if err != nil || first == nil || first.Subject != incident.Subject(other.Number) {
		t.Errorf("claimed %+v, %v", first, err)
	}
	if second, err := s.Claim(soon, noon, lease); second != nil || err != nil {
		t.Errorf("claimed %+v, %v; want nothing due", second, err)
	}
	close(leave)
	group.Wait()
	if c := claim(t, s); c.Subject != incident.Subject(1) || c.Wanted != 2 {
		t.Errorf("claimed %+v", c)
	}
}

func TestALeaseRunsOut(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	declared(t, s, incident.SEV4)
	sleeper, holder := taken(t, s)
	if holder.Token == sleeper.Token || holder.Attempts != sleeper.Attempts+1 || holder.Wanted != sleeper.Wanted {
		t.Errorf("first %+v, then %+v", sleeper, holder)
	}
	if held, err := s.Renew(t.Context(), sleeper, lease); held || err != nil {
		t.Errorf("the sleeper renewed: %v, %v", held, err)
	}
	if err := s.Release(t.Context(), sleeper, incident.Outcome{Done: true, RetryAt: noon}); !errors.Is(err, incident.ErrFenced) {
		t.Errorf("the sleeper released: %v", err)
	}
	wantNothingDue(t, s, noon)
	if held, err := s.Renew(t.Context(), holder, lease); !held || err != nil {
		t.Errorf("the holder renews: %v, %v", held, err)
	}
	release(t, s, holder, incident.Outcome{Done: true, RetryAt: noon})
	if held, err := s.Renew(t.Context(), holder, lease); held || err != nil {
		t.Errorf("renewed after the release: %v, %v", held, err)
	}
	if err := s.Release(t.Context(), holder, incident.Outcome{Done: true, RetryAt: noon}); !errors.Is(err, incident.ErrFenced) {
		t.Errorf("released twice: %v", err)
	}
}

// Renewing keeps a claim beyond its first lease: the lease is as long as said.
func TestRenewExtends(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV4)
	c := claim(t, s)
	if held, err := s.Renew(t.Context(), c, time.Hour); !held || err != nil {
		t.Fatalf("%v, %v", held, err)
	}
	const left = `SELECT (claimed_until > now() + interval '59 minutes')::text FROM reconciliations`
	if got := query(t, address, left); got != "true" {
		t.Error("the lease is not an hour")
	}
}

func TestDoneIsAtRest(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	release(t, s, claim(t, s), incident.Outcome{Done: true})
	wantNothingDue(t, s, noon.Add(1000*time.Hour))
	if _, err := s.Change(t.Context(), number, "", to(incident.SEV2)); err != nil {
		t.Fatal(err)
	}
	if c := claim(t, s); c.Wanted != 2 || c.Attempts != 1 {
		t.Errorf("%+v", c)
	}
}

// A wish that came during a claim makes the subject due at once, whatever the
// pass wanted to wait for, and is not taken for seen.
func TestAWishDuringAClaimIsDueAtOnce(t *testing.T) {
	t.Parallel()
	for name, done := range map[string]bool{"done": true, "not done": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := fresh(t)
			number := declared(t, s, incident.SEV4).Number
			c := claim(t, s)
			if _, err := s.Change(t.Context(), number, "", to(incident.SEV2)); err != nil {
				t.Fatal(err)
			}
			wantNothingDue(t, s, noon) // it is still claimed
			release(t, s, c, incident.Outcome{Done: done, Counted: true, RetryAt: noon.Add(time.Hour)})
			if again := claim(t, s); again.Wanted != 2 {
				t.Errorf("%+v", again)
			}
		})
	}
}

func TestRetryAtIsOfTheProgramsClock(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	declared(t, s, incident.SEV4)
	wantNext(t, s, noon, 0)
	retryAt := noon.Add(90 * time.Second)
	release(t, s, claim(t, s), incident.Outcome{Counted: true, RetryAt: retryAt})
	wantNext(t, s, noon.Add(30*time.Second), time.Minute)
	wantNothingDue(t, s, retryAt.Add(-time.Microsecond))
	c, err := s.Claim(t.Context(), retryAt, lease)
	if err != nil || c == nil || c.Attempts != 2 {
		t.Fatalf("%+v, %v", c, err)
	}
	wantNext(t, s, noon, lease)
	release(t, s, c, incident.Outcome{RetryAt: retryAt})
	if c, err = s.Claim(t.Context(), retryAt, lease); err != nil || c.Attempts != 1 {
		t.Errorf("an uncounted pass counts: %+v, %v", c, err)
	}
}

// wantNext checks the wait for the next claim, but for the second that a slow
// machine may take.
func wantNext(t *testing.T, s *store.Store, now time.Time, want time.Duration) {
	t.Helper()
	wait, some, err := s.NextClaim(t.Context(), now)
	if off := want - wait; !some || off > time.Second || off < -10*time.Millisecond || err != nil {
		t.Errorf("the next claim is in %s (%v), %v; want %s", wait, some, err, want)
	}
}

func TestNothingToClaimNext(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	declared(t, s, incident.SEV4)
	release(t, s, claim(t, s), incident.Outcome{Done: true})
	if wait, some, err := s.NextClaim(t.Context(), noon); some || err != nil {
		t.Errorf("%s, %v, %v", wait, some, err)
	}
}

func TestTheWorstIsClaimedFirst(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for _, severity := range []incident.Severity{4, 2, 1, 3, 1} {
		declared(t, s, severity)
	}
	// What is over comes last, even if it was the worst.
	if _, err := s.Change(t.Context(), 3, "", func(i *incident.Incident) error { return i.Resolve("x", "U", noon) }); err != nil {
		t.Fatal(err)
	}
	var order []string
	for range 5 {
		order = append(order, claim(t, s).Subject)
	}
	want := []string{"incident:5", "incident:2", "incident:4", "incident:1", "incident:3"}
	if d := cmp.Diff(want, order); d != "" {
		t.Errorf("order (-want +got):\n%s", d)
	}
}

func TestStepsAreKept(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	failing := incident.StepState{Step: "card", Attempts: 3, NotBefore: noon.Add(time.Minute), Error: "the channel is archived", Since: noon}
	waiting := incident.StepState{Step: "topic", NotBefore: noon.Add(time.Second)}
	release(t, s, claim(t, s), incident.Outcome{Counted: true, RetryAt: noon, Steps: []incident.StepState{failing, waiting}})

	c, err := s.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]incident.StepState{"card": failing, "topic": waiting}
	if d := cmp.Diff(want, c.Steps); d != "" {
		t.Errorf("steps (-want +got):\n%s", d)
	}
	trouble, err := s.Trouble(t.Context(), number)
	if err != nil || cmp.Diff([]incident.StepState{failing}, trouble) != "" {
		t.Errorf("trouble %+v, %v", trouble, err)
	}
	release(t, s, claim(t, s), incident.Outcome{Done: true, RetryAt: noon, Steps: []incident.StepState{{Step: "card"}, {Step: "topic"}}})
	if c, err = s.Case(t.Context(), number); err != nil || len(c.Steps) != 0 {
		t.Errorf("steps that are well: %+v, %v", c.Steps, err)
	}
}

// A release that is fenced keeps no step states either.
func TestAFencedReleaseChangesNothing(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	sleeper, _ := taken(t, s)
	before := image(t, address)
	err := s.Release(t.Context(), sleeper, incident.Outcome{Done: true, Counted: true, RetryAt: noon, Steps: []incident.StepState{{Step: "card", Error: "old", NotBefore: noon}}})
	if !errors.Is(err, incident.ErrFenced) {
		t.Errorf("error %v", err)
	}
	c, err := s.Case(t.Context(), number)
	if d := cmp.Diff(map[string]incident.StepState{}, c.Steps, cmpopts.EquateEmpty()); d != "" || err != nil {
		t.Errorf("%v, steps (-want +got):\n%s", err, d)
	}
	if after := image(t, address); after != before {
		t.Errorf("changed\n%s\nto\n%s", before, after)
	}
}

func TestSubjectsAreIncidents(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	if got := claim(t, s).Subject; got != fmt.Sprint("incident:", number) {
		t.Errorf("subject %q", got)
	}
}

// A clock that went back leaves waits behind that would last as long as the jump.
func TestUnwaitEndsWaitsOfTheClockBefore(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV4)
	state := incident.StepState{Step: "card", Error: "slack is down", NotBefore: noon.Add(time.Hour), Since: noon}
	if err := s.Release(t.Context(), claim(t, s), incident.Outcome{Counted: true, RetryAt: noon.Add(time.Hour), Steps: []incident.StepState{state}}); err != nil {
		t.Fatal(err)
	}
	for _, now := range []time.Time{noon.Add(2 * time.Hour), noon} {
		if err := s.Unwait(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		waits := query(t, address, `SELECT (retry_at > 'epoch' AND not_before > 'epoch')::text FROM reconciliations JOIN steps USING (subject)`)
		if want := now != noon; waits != fmt.Sprint(want) {
			t.Errorf("at %s it waits: %s, want %v", now, waits, want)
		}
	}
}

// The next room is the worst incident's, the oldest of those as bad; one in trouble
// holds up nobody.
func TestRoomsComeInTheirOrder(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	mild, worse := declared(t, s, incident.SEV4).Number, declared(t, s, incident.SEV1).Number
	ahead := func(number int64, want int) {
		t.Helper()
		if n, err := s.RoomsAhead(t.Context(), number); err != nil || n != want {
			t.Errorf("%d rooms ahead of INC-%d, want %d: %v", n, number, want, err)
		}
	}
	ahead(mild, 1)
	ahead(worse, 0)
	for range 2 {
		c := claim(t, s)
		release(t, s, c, incident.Outcome{RetryAt: noon.Add(time.Hour), Steps: []incident.StepState{{Step: "channel", NotBefore: noon.Add(time.Hour)}}})
	}
	wantNothingDue(t, s, noon)
	hurried := func(want int64) {
		t.Helper()
		if err := s.HurryRoom(t.Context()); err != nil {
			t.Fatal(err)
		}
		c := claim(t, s)
		if incident.SubjectNumber(c.Subject) != want {
			t.Errorf("%s comes next, not INC-%d", c.Subject, want)
		}
		wantNothingDue(t, s, noon)
		release(t, s, c, incident.Outcome{RetryAt: noon.Add(time.Hour), Steps: []incident.StepState{{Step: "channel", Error: "name_taken", NotBefore: noon.Add(time.Hour)}}})
	}
	hurried(worse)
	ahead(mild, 0)
	hurried(mild)
}
