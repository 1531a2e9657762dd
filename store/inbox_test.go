package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"muster/incident"
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
				e, ok, _, err := from.TakeEvent(t.Context(), lease)
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
		e, ok, _, err := s.TakeEvent(t.Context(), lease)
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

// Whoever resolves, wherever they do, the messages of the timeline are read once
// more: that is committed with the resolution.
func TestResolvingLooksAtTheMessagesAgain(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	change := func(fn func(*incident.Incident) error) {
		t.Helper()
		if _, err := s.Change(t.Context(), number, nextKey(), fn); err != nil {
			t.Fatal(err)
		}
	}
	const messages = 7
	for n := range messages {
		change(func(i *incident.Incident) error {
			pin := incident.Mark{Way: incident.WayPin, On: true, At: noon, By: "UANA"}
			return i.Mark("C1", fmt.Sprintf("17.%06d", n), &incident.Said{At: noon, Author: "UANA", Text: "x"}, pin, noon)
		})
	}
	change(func(i *incident.Incident) error {
		return i.Mark("C1", "17.000000", nil, incident.Mark{Way: incident.WayPin, At: noon.Add(time.Second), By: "UANA"}, noon)
	})
	const asked = `SELECT count(*) || ' ' || count(*) FILTER (WHERE claimed_until <= now()) FROM inbox WHERE done_at IS NULL`
	if got := query(t, address, asked); got != "0 0" {
		t.Errorf("before: %s", got)
	}
	resolve := func(i *incident.Incident) error { return i.Resolve("x", "UANA", noon) }
	change(resolve)
	if got := query(t, address, asked); got != "6 5" {
		t.Errorf("%s events, at once; want 6, of which 5 at once", got)
	}
	e, ok, _, err := s.TakeEvent(t.Context(), lease)
	const want = `{"event": {"type": "message", "channel": "C1", "message": {"ts": "17.000001"}, "subtype": "message_changed"}, "event_id": "message:C1:17.000001"}`
	if err != nil || !ok || string(e.Payload) != want {
		t.Errorf("the first of %t is %s, %v; want %s", ok, e.Payload, err, want)
	}
	if err := s.EndEvent(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	change(func(i *incident.Incident) error { return i.Reopen("UANA", noon) })
	change(resolve)
	if got := query(t, address, asked); got != "6 5" {
		t.Errorf("resolved again: %s", got)
	}
}
