package store_test

import (
	"sync/atomic"
	"testing"
	"time"

	"muster/incident"
	"muster/store"
)

// Benchmarks are in earnest only with TEST_FSYNC=on, which makes the server write
// durably.

// turn sets another severity than the present one.
func turn(i *incident.Incident) error { return i.SetSeverity(i.Severity%4+1, "U", noon) }

func BenchmarkChange(b *testing.B) {
	for name, together := range map[string]int{"1": 1, "8": 8} {
		b.Run(name, func(b *testing.B) {
			s, _ := fresh(b)
			numbers := make([]int64, together)
			for n := range numbers {
				numbers[n] = declared(b, s, incident.SEV4).Number
			}
			b.ResetTimer()
			var left atomic.Int64
			left.Store(int64(b.N))
			done := make(chan error)
			for _, number := range numbers {
				go func() {
					var err error
					for err == nil && left.Add(-1) >= 0 {
						_, err = s.Change(b.Context(), number, "", turn)
					}
					done <- err
				}()
			}
			for range numbers {
				if err := <-done; err != nil {
					b.Error(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}

func BenchmarkDeclare(b *testing.B) {
	s, _ := fresh(b)
	for b.Loop() {
		declared(b, s, incident.SEV4)
	}
}

// BenchmarkYears reads from 1,000 open and 100,000 closed incidents.
func BenchmarkYears(b *testing.B) {
	s, address := fresh(b)
	fill(b, address, 100_000, 1000)
	for name, q := range map[string]incident.Query{
		"list open": {Scope: incident.ScopeOpen}, "list all": {Scope: incident.ScopeAll}, "list mine": {Scope: incident.ScopeMine},
		"list held": {Scope: incident.ScopeHeld}, "list resolved": {Scope: incident.ScopeResolved},
		"find many": {Scope: incident.ScopeAll, Words: "summary"}, "find few": {Scope: incident.ScopeAll, Words: "title 4711"},
		"find none": {Scope: incident.ScopeAll, Words: "nowhere"}, "choose": {Scope: incident.ScopeOpen, Words: "title 100"},
	} {
		b.Run(name, func(b *testing.B) {
			q.Viewer, q.Limit = "U1", 15
			for b.Loop() {
				if _, err := s.List(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for name, f := range store.Browses() {
		b.Run("browse "+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Browse(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for which, since := range map[string]time.Time{"10,000": time.Now().Add(-10_000 * time.Minute), "all": {}} {
		// The incidents were declared a minute apart.
		b.Run("stats of "+which, func(b *testing.B) {
			q := incident.StatsQuery{Viewer: "U1", Since: since, Until: time.Now()}
			for b.Loop() {
				if _, err := s.Stats(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("case", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Case(b.Context(), 100_500); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("case of a closed one", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Case(b.Context(), 500); err != nil {
				b.Fatal(err)
			}
		}
	})
	// The newest open one is compared with the others, as right after a declaration.
	b.Run("case of a new one", func(b *testing.B) {
		newest := newestOpen(b, s)
		for b.Loop() {
			c, err := s.Case(b.Context(), newest)
			if err != nil || len(c.Alike) == 0 {
				b.Fatal(c, err)
			}
		}
	})
	b.Run("claim and release", func(b *testing.B) {
		for b.Loop() {
			c := claim(b, s)
			if err := s.Release(b.Context(), c, incident.Outcome{Counted: true, RetryAt: noon}); err != nil {
				b.Fatal(err)
			}
		}
	})
	exec(b, address, `UPDATE reconciliations SET retry_at = now(), claimed_until = '-infinity' WHERE seen < wanted`)
	b.Run("nothing due", func(b *testing.B) {
		for b.Loop() {
			if c, err := s.Claim(b.Context(), noon, lease); c != nil || err != nil {
				b.Fatal(c, err)
			}
		}
	})
}

func newestOpen(b *testing.B, s *store.Store) (newest int64) {
	b.Helper()
	for offset := 0; ; offset += 200 {
		page, err := s.List(b.Context(), incident.Query{Scope: incident.ScopeOpen, Limit: 200, Offset: offset})
		if err != nil {
			b.Fatal(err)
		}
		for _, i := range page.List {
			newest = max(newest, i.Number)
		}
		if offset+200 >= page.Total {
			return newest
		}
	}
}
