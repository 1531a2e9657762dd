package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"muster/sandbox/workspace"
)

var torture = flag.Bool("torture", false, "cut the program at every call and commit, not at a sample of them")

// impatient are the seams of a world in which programs die.
func impatient() seams {
	s := quick()
	s.lease, s.tickEvery = 700*time.Millisecond, 50*time.Millisecond
	s.inboxLease = 500 * time.Millisecond
	s.settleAfter = []time.Duration{0, 100 * time.Millisecond, 400 * time.Millisecond}
	return s
}

// telling starts a world and tells the tale in it, with one death if at is set.
func telling(t *testing.T, seed uint64, at cut) (told, *keeper) {
	t.Helper()
	w := taleWorld(t, workspace.Config{Seed: seed, AckTimeout: 2 * time.Second})
	k := w.keep(impatient(), at)
	s := w.saga(k.deaths.Load, k.recover)
	return s.tell(), k
}

// TestTorture cuts the program at each of its calls and commits in turn, starts
// it again, and compares what is left with an undisturbed telling.
func TestTorture(t *testing.T) {
	t.Parallel()
	want, k := telling(t, 1, cut{})
	if want.loose != "" {
		t.Fatalf("the undisturbed telling leaves loose ends:\n%s", want.loose)
	}
	points := cuts(k.present().m.passages())
	if !*torture {
		points = sample(points)
	}
	results := &tally{began: time.Now()}
	t.Run("cut", func(t *testing.T) {
		for n, at := range points {
			t.Run(fmt.Sprintf("%s %s %d", at.kind, at.name, at.nth), func(t *testing.T) {
				t.Parallel()
				got, k := telling(t, uint64(n+2), at)
				same(t, want, got)
				results.add(at.kind, k.deaths.Load() > 0, t.Failed())
			})
		}
	})
	if *torture {
		results.print()
	}
}

// cuts lists all points at which a program can be cut that passed so often.
func cuts(passed map[cut]int) []cut {
	var list []cut
	for at, times := range passed {
		for n := range times {
			list = append(list, cut{at.kind, at.name, n + 1})
		}
	}
	slices.SortFunc(list, func(a, b cut) int {
		return cmp.Or(cmp.Compare(a.nth, b.nth), cmp.Compare(a.name, b.name), cmp.Compare(a.kind, b.kind))
	})
	return list
}

// every is how many further points a sample leaves out.
const every = 97

// sample takes the first time of every third method or act, on one of its two
// sides in turn, and some of the rest.
func sample(points []cut) []cut {
	var list []cut
	side := map[string]int{}
	names := 0
	for n, at := range points {
		// The two sides of a first time follow each other.
		if side[at.name]++; side[at.name] == 1 {
			names++
		}
		first := at.nth == 1 && names%3 == 1 && side[at.name] == 1+names%2
		if first || at.nth > 1 && n%every == 0 {
			list = append(list, at)
		}
	}
	return list
}

// tally counts what came of the cuts of each kind.
type tally struct {
	began time.Time

	mu   sync.Mutex
	rows map[cutKind]row
}

type row struct{ tried, reached, differ int }

func (t *tally) add(kind cutKind, reached, differs bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows == nil {
		t.rows = map[cutKind]row{}
	}
	r := t.rows[kind]
	r.tried++
	if reached {
		r.reached++
	}
	if differs {
		r.differ++
	}
	t.rows[kind] = r
}

func (t *tally) print() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "cut\ttried\treached\tdifferences")
	var all row
	for _, kind := range []cutKind{beforeCall, afterCall, beforeCommit, afterCommit} {
		r := t.rows[kind]
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\n", kind, r.tried, r.reached, r.differ)
		all = row{all.tried + r.tried, all.reached + r.reached, all.differ + r.differ}
	}
	fmt.Fprintf(out, "together, in %s\t%d\t%d\t%d\n", time.Since(t.began).Round(time.Second), all.tried, all.reached, all.differ)
	_ = out.Flush()
}
