package main

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"muster/bot"
	"muster/sandbox/workspace"
)

var torture = flag.Bool("torture", false, "cut the program at every call and commit, not at a sample of them")

// impatient are the seams of a world in which programs die.
func impatient() seams {
	s := quick()
	s.lease, s.tickEvery = 700*time.Millisecond, 50*time.Millisecond
	s.inboxLease = 500 * time.Millisecond
	// A program that dies waits for its handlers.
	s.ackWithin = bot.AckWithin
	s.settleAfter = []time.Duration{0, 100 * time.Millisecond, 400 * time.Millisecond}
	return s
}

// telling starts a world and tells a tale in it; the first program dies at the first
// cut, the next at the second.
func telling(t *testing.T, x drama, seed uint64, at ...cut) (told, *keeper) {
	t.Helper()
	w := x.world(t, workspace.Config{
		Seed: seed, AckTimeout: 2 * time.Second,
		// Slack goes on for longer than a program takes to come back.
		Redelivery: []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond, time.Second, 3 * time.Second},
	})
	k := w.keep(impatient(), at...)
	return x.tell(w.saga(k.deaths.Load, k.recover)), k
}

// TestTorture cuts the program at each of its calls and commits in turn, starts
// it again, and compares what is left with an undisturbed telling. Where what it
// made may or may not be there, it dies once more while it looks. Whatever the
// program can call is called in some tale, or excused.
func TestTorture(t *testing.T) {
	t.Parallel()
	results := &tally{began: time.Now()}
	said := &saying{lines: map[codeLine]bool{}}
	t.Run("of", func(t *testing.T) {
		for n, x := range tales {
			t.Run(x.name, func(t *testing.T) {
				t.Parallel()
				x.torture(t, n == 0, results, said)
			})
		}
	})
	if !t.Failed() && said.tales == len(tales) {
		said.everything(t)
	}
	if *torture {
		results.print()
	}
}

// torture tells one tale again and again. Of the main one it tells a larger sample.
func (x drama) torture(t *testing.T, main bool, results *tally, said *saying) {
	said.begins()
	want, k := telling(t, x, 1)
	if want.loose != "" {
		t.Fatalf("the undisturbed telling leaves loose ends:\n%s", want.loose)
	}
	said.add(k)
	points := cuts(k.present().m.passages())
	var deaths [][]cut
	if *torture {
		deaths = twice(points)
	} else {
		points = sample(points, main)
	}
	for _, at := range points {
		deaths = append(deaths, []cut{at})
	}
	t.Run("cut", func(t *testing.T) {
		for n, at := range deaths {
			t.Run(fmt.Sprintf("%s %s %d %d", at[0].kind, at[0].name, at[0].nth, len(at)), func(t *testing.T) {
				t.Parallel()
				got, k := telling(t, x, uint64(n+2), at...)
				same(t, want, got)
				said.add(k)
				results.add(x.name, at, k.deaths.Load() > 0, t.Failed())
			})
		}
	})
}

// makes are the calls after which a program that does not know whether they worked
// looks.
var makes = []string{"chat.postMessage", "bookmarks.add", "conversations.create", "wiki POST pages"}

// twice has a program die after it made something, and the next one at its first
// look, before and after it in turn.
func twice(points []cut) (deaths [][]cut) {
	sides := []cutKind{beforeCall, afterCall}
	for _, at := range points {
		if at.kind == afterCall && slices.Contains(makes, at.name) {
			deaths = append(deaths, []cut{at, {sides[at.nth%2], aLook, 1}})
		}
	}
	return deaths
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
const every = 397

// sample takes the first time of every seventh method or act, on one of its two
// sides in turn, and some of the rest; of what is not the main tale only the first.
func sample(points []cut, main bool) []cut {
	var list []cut
	side := map[string]int{}
	names := 0
	for n, at := range points {
		// The two sides of a first time follow each other.
		if side[at.name]++; side[at.name] == 1 {
			names++
		}
		first := at.nth == 1 && names%7 == 1 && side[at.name] == 1+names%2
		if first || at.nth > 1 && n%every == 0 {
			list = append(list, at)
		}
	}
	if !main {
		list = list[:min(len(list), 1)]
	}
	return list
}

// tally counts what came of the cuts of each tale and kind.
type tally struct {
	began time.Time

	mu   sync.Mutex
	rows map[string]row
}

type row struct{ tried, reached, differ int }

func (t *tally) add(tale string, at []cut, reached, differs bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows == nil {
		t.rows = map[string]row{}
	}
	kind := string(at[0].kind)
	if len(at) > 1 {
		kind += ", and at the look for it"
	}
	name := tale + "\t" + kind
	r := t.rows[name]
	r.tried++
	if reached {
		r.reached++
	}
	if differs {
		r.differ++
	}
	t.rows[name] = r
}

func (t *tally) print() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "tale\tcut\ttried\treached\tdifferences")
	var all row
	for _, name := range slices.Sorted(maps.Keys(t.rows)) {
		r := t.rows[name]
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\n", name, r.tried, r.reached, r.differ)
		all = row{all.tried + r.tried, all.reached + r.reached, all.differ + r.differ}
	}
	fmt.Fprintf(out, "together, in %s\t\t%d\t%d\t%d\n", time.Since(t.began).Round(time.Second), all.tried, all.reached, all.differ)
	_ = out.Flush()
}
