package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/incident"
	"muster/store"
)

// Numbers have no gaps, even when many replicas declare at once and some of the
// declarations are repeats.
func TestNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	stores := []*store.Store{s, open(t, address)}
	const declarations, repeats = 12, 3
	var mu sync.Mutex
	var numbers []int64
	var group sync.WaitGroup
	for n := range declarations * repeats {
		d := incident.Declaration{Title: "db down", By: "ULEE", Origin: incident.Origin{Key: fmt.Sprint("V", n%declarations)}}
		group.Go(func() {
			i, made, err := stores[n%2].Declare(t.Context(), d, time.Time{}, build(d, noon))
			if err != nil {
				t.Error(err)
				return
			}
			if made {
				mu.Lock()
				defer mu.Unlock()
				numbers = append(numbers, i.Number)
			}
		})
	}
	group.Wait()
	slices.Sort(numbers)
	want := make([]int64, declarations)
	for n := range want {
		want[n] = int64(n + 1)
	}
	if d := cmp.Diff(want, numbers); d != "" {
		t.Errorf("numbers (-want +got):\n%s", d)
	}
}

func TestSameOriginIsTheSameIncident(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	first := declared(t, s, incident.SEV3)
	if _, err := s.Change(t.Context(), first.Number, nextKey(), func(i *incident.Incident) error {
		return i.Claim(stock().Roles[0], "UBO", noon)
	}); err != nil {
		t.Fatal(err)
	}
	before := image(t, address)
	d := incident.Declaration{Title: "something else", By: "UANA", Origin: incident.Origin{Key: first.Origin.Key}}
	again, made, err := s.Declare(t.Context(), d, time.Time{}, build(d, noon.Add(time.Hour)))
	if err != nil || made || again.Number != first.Number || again.Title != first.Title {
		t.Errorf("made %v, %+v, %v", made, again, err)
	}
	if held, _ := again.Holder(incident.Commander); held.User != "UBO" {
		t.Errorf("its roles are %+v", again.Roles)
	}
	if after := image(t, address); after != before {
		t.Errorf("the repeat changed\n%s\nto\n%s", before, after)
	}
}

func TestSameTitle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(d *incident.Declaration)
		later  time.Duration
		// another is true when the person asked for another one.
		another, closed bool
		same            bool
	}{
		"at once":                {same: true},
		"within 5 min":           {later: 5*time.Minute - time.Millisecond, same: true},
		"spaced otherwise":       {change: func(d *incident.Declaration) { d.Title = "  db   down " }, same: true},
		"after 5 min":            {later: 5 * time.Minute},
		"another, asked for":     {another: true},
		"closed":                 {closed: true},
		"other title":            {change: func(d *incident.Declaration) { d.Title = "db down again" }},
		"somebody else's":        {change: func(d *incident.Declaration) { d.By = "UANA" }},
		"closed after 5 minutes": {closed: true, later: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := fresh(t)
			now := noon
			desk := incident.NewDesk(s, func() time.Time { return now }, incident.Rules{})
			d := incident.Declaration{Title: "db down", By: "ULEE", Origin: incident.Origin{Key: nextKey()}}
			first, _, err := desk.Declare(t.Context(), d, false)
			if err != nil {
				t.Fatal(err)
			}
			if c.closed {
				if _, err := desk.Resolve(t.Context(), first.Number, "rolled back", incident.Act{By: "ULEE"}); err != nil {
					t.Fatal(err)
				}
			}
			d.Origin.Key = nextKey()
			if c.change != nil {
				c.change(&d)
			}
			now = now.Add(c.later)
			second, made, err := desk.Declare(t.Context(), d, c.another)
			if err != nil {
				t.Fatal(err)
			}
			if made == c.same || (second.Number == first.Number) != c.same || !c.same && second.Number != 2 {
				t.Errorf("made %v, incident %d; want the same: %v", made, second.Number, c.same)
			}
		})
	}
}

// Two processes hear of the same person's same words at once.
func TestSameTitleAtOnce(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	stores := []*store.Store{s, open(t, address)}
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			d := incident.Declaration{Title: "db down", By: "ULEE", Origin: incident.Origin{Key: nextKey()}}
			if _, _, err := stores[n%2].Declare(t.Context(), d, noon.Add(-time.Minute), build(d, noon)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := query(t, address, `SELECT count(*)::text FROM incidents`); got != "1" {
		t.Errorf("%s incidents, want 1", got)
	}
}

func TestDeclaredIsReadBackWhole(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	d := incident.Declaration{
		Title: "<!channel> & `x` ]]> מסד 数据库 🏳️‍🌈 e\u0301", Summary: "one\n\ttwo ' \" \\ %s", By: "ULEE", Severity: incident.SEV2,
		Origin: incident.Origin{Kind: incident.OriginForm, Key: "V1", Channel: "C1", View: "V1", ResponseURL: "https://hooks.slack.test/x"},
	}
	made, _, err := s.Declare(t.Context(), d, time.Time{}, build(d, noon))
	if err != nil {
		t.Fatal(err)
	}
	read, err := s.Incident(t.Context(), made.Number)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made, read, cmpopts.IgnoreUnexported(incident.Incident{})); diff != "" {
		t.Errorf("(-made +read):\n%s", diff)
	}
	timeline, err := s.Timeline(t.Context(), made.Number)
	if err != nil {
		t.Fatal(err)
	}
	want := []incident.Entry{
		{Kind: incident.EntryDeclared, At: noon, By: "ULEE", Quiet: true, To: "SEV4", Text: d.Title},
		{Kind: incident.EntrySeverity, At: noon, By: "ULEE", Quiet: true, From: "SEV4", To: "SEV2"},
	}
	if diff := cmp.Diff(want, timeline, cmpopts.IgnoreFields(incident.Entry{}, "ID")); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestADeclarationNeedsAKey(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	d := incident.Declaration{Title: "db down", By: "ULEE"}
	if _, _, err := s.Declare(t.Context(), d, time.Time{}, build(d, noon)); err == nil || !strings.Contains(err.Error(), "no key") {
		t.Errorf("error %v", err)
	}
	if got := query(t, address, `SELECT count(*)::text FROM incidents`); got != "0" {
		t.Errorf("%s incidents", got)
	}
}
