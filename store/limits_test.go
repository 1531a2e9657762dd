package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"muster/store"
)

// Two replicas share one rate: a burst of them gets slots that are an interval
// apart, each slot once.
func TestReplicasShareTheRate(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	limits := []store.Limits{one.Limits(), open(t, address).Limits()}
	const calls, interval = 10, time.Second
	var mu sync.Mutex
	var slots []time.Duration
	var group sync.WaitGroup
	start := time.Now()
	for n := range calls {
		group.Go(func() {
			wait, taken, err := limits[n%2].Reserve(t.Context(), "chat.update", interval, time.Hour)
			if err != nil || !taken {
				t.Errorf("taken %v, %v", taken, err)
			}
			mu.Lock()
			defer mu.Unlock()
			slots = append(slots, wait)
		})
	}
	group.Wait()
	slack := time.Since(start) + time.Millisecond
	slices.Sort(slots)
	for n, wait := range slots {
		// Each wait is from its own moment, up to slack after the first one.
		if want := time.Duration(n) * interval; wait > want+time.Millisecond || wait < want-slack {
			t.Errorf("slot %d is in %s, want about %s (the calls took %s)", n, wait, want, slack)
		}
	}
}

func TestASlotOutOfReachIsNotTaken(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	l := s.Limits()
	reserve := func(within time.Duration, want bool, atMost time.Duration) {
		t.Helper()
		wait, taken, err := l.Reserve(t.Context(), "chat.update", time.Minute, within)
		if err != nil || taken != want || wait > atMost || wait < atMost-10*time.Second {
			t.Errorf("within %s: wait %s, taken %v, %v; want %v, %s", within, wait, taken, err, want, atMost)
		}
	}
	reserve(time.Second, true, 0)
	for range 3 { // asking in vain takes nothing
		reserve(time.Second, false, time.Minute)
	}
	reserve(time.Minute, true, time.Minute)
	reserve(time.Minute, false, 2*time.Minute)
	// Another bucket is another limit.
	if wait, taken, err := l.Reserve(t.Context(), "chat.postMessage C1", time.Minute, 0); wait != 0 || !taken || err != nil {
		t.Errorf("wait %s, taken %v, %v", wait, taken, err)
	}
	// What nobody used is lost, not saved up.
	exec(t, address, `UPDATE slack_limits SET next_at = now() - interval '1 hour'`)
	reserve(0, true, 0)
	reserve(0, false, time.Minute)
}

func TestAClosedBucketIsClosedForAll(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	two := open(t, address)
	near := func(got, want time.Duration) bool { return got <= want && got > want-10*time.Second }
	if err := one.Limits().Close(t.Context(), "chat.update", 30*time.Second, 10*time.Minute, time.Second); err != nil {
		t.Fatal(err)
	}
	// A shorter word that comes later does not open it.
	if err := two.Limits().Close(t.Context(), "chat.update", time.Second, time.Minute, time.Second); err != nil {
		t.Fatal(err)
	}
	wait, taken, err := two.Limits().Reserve(t.Context(), "chat.update", time.Second, time.Second)
	if taken || err != nil || !near(wait, 30*time.Second) {
		t.Errorf("wait %s, taken %v, %v", wait, taken, err)
	}
	if wait, taken, err = two.Limits().Reserve(t.Context(), "chat.update", time.Second, time.Minute); !taken || err != nil || !near(wait, 30*time.Second) {
		t.Errorf("patient: wait %s, taken %v, %v", wait, taken, err)
	}
	strict, err := two.Limits().Strict(t.Context())
	if err != nil || len(strict) != 1 || !near(strict["chat.update"], 10*time.Minute) {
		t.Errorf("strict %v, %v", strict, err)
	}
	// A longer one closes it for longer.
	if err := two.Limits().Close(t.Context(), "chat.update", time.Hour, 2*time.Hour, time.Second); err != nil {
		t.Fatal(err)
	}
	if strict, err := one.Limits().Strict(t.Context()); err != nil || !near(strict["chat.update"], 2*time.Hour) {
		t.Errorf("strict %v, %v", strict, err)
	}
}

// A bucket with slots but without a refusal is not strict, nor is one whose time
// is over.
func TestStrictEnds(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	l := s.Limits()
	if _, _, err := l.Reserve(t.Context(), "a", time.Second, 0); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(t.Context(), "b", time.Second, time.Minute, time.Second); err != nil {
		t.Fatal(err)
	}
	exec(t, address, `UPDATE slack_limits SET strict_until = now() WHERE bucket = 'b'`)
	if strict, err := l.Strict(t.Context()); err != nil || len(strict) != 0 {
		t.Errorf("strict %v, %v", strict, err)
	}
}

// Buckets that are not limited any more are forgotten at the next refusal.
func TestOldBucketsAreForgotten(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	l := s.Limits()
	for _, bucket := range []string{"old", "again", "live"} {
		if err := l.Close(t.Context(), bucket, time.Second, time.Minute, time.Second); err != nil {
			t.Fatal(err)
		}
	}
	exec(t, address, `UPDATE slack_limits SET strict_until = now() - interval '2 hours', next_at = now() - interval '2 hours' WHERE bucket <> 'live'`)
	if err := l.Close(t.Context(), "again", time.Second, time.Minute, time.Second); err != nil {
		t.Fatal(err)
	}
	if got := query(t, address, `SELECT string_agg(bucket, ' ' ORDER BY bucket) FROM slack_limits`); got != "again live" {
		t.Errorf("buckets %s", got)
	}
}

// What two replicas sent counts together, however many of them tell at once.
func TestWhatReplicasSentCountsTogether(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	limits := []store.Limits{one.Limits(), open(t, address).Limits()}
	const rate, interval = 4, 15 * time.Second
	began := time.Now()
	// next checks the wait for the next call, less what has passed since the test began.
	next := func(what string, want time.Duration) {
		t.Helper()
		wait, taken, err := limits[0].Reserve(t.Context(), "bookmarks.add", interval, 0)
		if err != nil || taken {
			t.Fatalf("taken %v, %v", taken, err)
		}
		if least := want - time.Since(began); wait > want || wait < least {
			t.Errorf("%s: the next in %s, want %s to %s", what, wait, least, want)
		}
	}
	if err := limits[0].Close(t.Context(), "bookmarks.add", 6*time.Second, time.Hour, interval); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for n, ago := range [][]time.Duration{{55 * time.Second, 5 * time.Second, 70 * time.Second}, {5 * time.Second}} {
		group.Go(func() {
			if err := limits[n].Sent(t.Context(), "bookmarks.add", ago, rate, time.Minute, interval); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	next("three calls of four in a minute", 6*time.Second)
	if err := limits[1].Sent(t.Context(), "bookmarks.add", []time.Duration{5 * time.Second}, rate, time.Minute, interval); err != nil {
		t.Fatal(err)
	}
	// The second of four may follow when the one 5 s ago is a minute old, an interval after
	// the first: 55 - 15 s, and a quarter of the interval.
	next("four calls of four in a minute", 43750*time.Millisecond)
}
