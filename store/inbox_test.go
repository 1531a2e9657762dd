package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// Eight workers of two replicas share out what was delivered three times.
func TestEachEventIsTakenByOne(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	other := open(t, address)
	const events = 40
	var all sync.WaitGroup
	for n := range 3 * events {
		all.Go(func() {
			if err := s.Receive(t.Context(), fmt.Sprint("Ev", n%events), []byte(`{"text": "a\u0000b"}`)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var mu sync.Mutex
	taken := map[string]int{}
	for n := range 8 {
		from := s
		if n%2 == 1 {
			from = other
		}
		all.Go(func() {
			// A row that another one has locked is skipped, so that an empty answer
			// may come early to one worker, never to the last.
			for {
				e, ok, err := from.TakeEvent(t.Context(), lease)
				if err != nil {
					t.Error(err)
				}
				if !ok {
					return
				}
				mu.Lock()
				taken[e.ID]++
				mu.Unlock()
				if err := from.EndEvent(t.Context(), e.ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if len(taken) != events {
		t.Errorf("%d of %d events were taken", len(taken), events)
	}
	for id, times := range taken {
		if times != 1 {
			t.Errorf("%s was taken %d times", id, times)
		}
	}
}

func TestAnEventIsTakenAgainAfterItsLease(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	take := func(lease time.Duration) (int, bool) {
		t.Helper()
		e, ok, err := s.TakeEvent(t.Context(), lease)
		if err != nil {
			t.Fatal(err)
		}
		return e.Attempts, ok
	}
	if err := s.Receive(t.Context(), "Ev1", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if n, ok := take(lease); n != 1 || !ok {
		t.Errorf("first: attempt %d, %v", n, ok)
	}
	if _, ok := take(lease); ok {
		t.Error("it is taken while somebody has it")
	}
	if err := s.RetryEvent(t.Context(), "Ev1", -time.Second); err != nil {
		t.Fatal(err)
	}
	if n, ok := take(-time.Second); n != 2 || !ok {
		t.Errorf("after it was let go: attempt %d, %v", n, ok)
	}
	if n, ok := take(lease); n != 3 || !ok {
		t.Errorf("after the lease: attempt %d, %v", n, ok)
	}
	if err := s.EndEvent(t.Context(), "Ev1"); err != nil {
		t.Fatal(err)
	}
	if err := s.RetryEvent(t.Context(), "Ev1", -time.Second); err != nil {
		t.Fatal(err)
	}
	if _, ok := take(lease); ok {
		t.Error("it is taken though it is dealt with")
	}
	exec(t, address, `UPDATE inbox SET received_at = now() - interval '25 hours'`)
	if err := s.Receive(t.Context(), "Ev2", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if err := s.ForgetEvents(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := query(t, address, `SELECT string_agg(event_id, ' ') FROM inbox`); got != "Ev2" {
		t.Errorf("kept: %s", got)
	}
}
