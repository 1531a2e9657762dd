package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"muster/incident"
	"muster/store"
)

// ear remembers what it heard.
type ear struct {
	mu     sync.Mutex
	heard  map[string]int64
	missed int
	why    error
}

// listen listens until the test ends, and fails if that takes an error.
func listen(t *testing.T, s *store.Store) *ear {
	t.Helper()
	e := &ear{heard: map[string]int64{}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Listen(ctx, e.hear, e.miss, e.hearing) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("listen: %v", err)
		}
	})
	eventually(t, "it listens", func() bool { return e.missing() > 0 })
	return e
}

func (e *ear) hear(subject string, wanted int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard[subject] = wanted
}

func (e *ear) miss() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.missed++
}

func (e *ear) hearing(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.why = err
	}
}

func (e *ear) missing() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.missed
}

func (e *ear) all() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return fmt.Sprint(e.heard)
}

func TestReplicasHearEachOther(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	one, other := listen(t, s), listen(t, open(t, address))
	speaker := open(t, address)
	number := declared(t, speaker, incident.SEV4).Number
	if _, err := speaker.Change(t.Context(), number, "", to(incident.SEV2)); err != nil {
		t.Fatal(err)
	}
	// A refusal is not told.
	_, _ = speaker.Change(t.Context(), number, "", to(incident.SEV2))
	declared(t, speaker, incident.SEV4)
	for _, e := range []*ear{one, other} {
		eventually(t, "both are heard", func() bool { return e.all() == "map[incident:1:2 incident:2:1]" })
	}
}

func TestListenComesBack(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	e := listen(t, s)
	query(t, address, `SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'SELECT pg_notify%'`)
	// Once because nobody listened, and once because somebody does again.
	eventually(t, "it says that it may have missed some", func() bool { return e.missing() == 3 })
	if e.why == nil {
		t.Error("it does not say why")
	}
	declared(t, s, incident.SEV4)
	eventually(t, "it hears again", func() bool { return e.all() == "map[incident:1:1]" })
}

// What is no wish of ours on the same channel is passed over.
func TestListenPassesOverNoise(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	e := listen(t, s)
	exec(t, address, `NOTIFY muster; NOTIFY muster, 'x y'; NOTIFY muster, 'incident:9'; NOTIFY other, 'incident:8 1'`)
	declared(t, s, incident.SEV4)
	eventually(t, "it hears", func() bool { return e.all() == "map[incident:1:1]" })
}

// An event is told to all who listen, and how long until the next one may be taken to
// whoever finds none.
func TestAnEventIsTold(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	e := listen(t, open(t, address))
	if err := s.Receive(t.Context(), "Ev1", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is heard", func() bool { return e.all() == "map[inbox:0]" })
	if _, ok, _, err := s.TakeEvent(t.Context(), lease); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, ok, next, err := s.TakeEvent(t.Context(), lease); ok || err != nil || next > lease+time.Second || next < lease-patience {
		t.Errorf("while it is in hand: %t, %s, %v", ok, next, err)
	}
	if err := s.EndEvent(t.Context(), "Ev1"); err != nil {
		t.Fatal(err)
	}
	if _, ok, next, err := s.TakeEvent(t.Context(), lease); ok || err != nil || next >= 0 {
		t.Errorf("when none is left: %t, %s, %v", ok, next, err)
	}
}

// Whoever listens looks now and then all the same.
func TestListenLooksNowAndThen(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t, store.WithLookEvery(time.Millisecond))
	e := listen(t, s)
	eventually(t, "it looks again", func() bool { return e.missing() > 3 })
	declared(t, s, incident.SEV4)
	eventually(t, "and hears", func() bool { return e.all() == "map[incident:1:1]" })
}
