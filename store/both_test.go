package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/incident"
)

// Two people close each of two incidents as the duplicate of the other at one
// instant, in two replicas: one succeeds, and the other is told where the work goes
// on.
func TestTwoIncidentsAreNotEachOthersDuplicates(t *testing.T) {
	t.Parallel()
	one, address := fresh(t)
	two := open(t, address)
	desks := []*incident.Desk{}
	for _, s := range []incident.DeskStore{one, two} {
		desks = append(desks, incident.NewDesk(s, func() time.Time { return noon }, incident.Rules{}))
	}
	for round := range 10 {
		a, b := declared(t, one, incident.SEV4).Number, declared(t, one, incident.SEV3).Number
		errs := make([]error, 2)
		var group sync.WaitGroup
		for n, pair := range [][2]int64{{a, b}, {b, a}} {
			group.Go(func() {
				_, errs[n] = desks[n].JoinOriginal(t.Context(), pair[0], pair[1], incident.Act{By: "UBO", Key: fmt.Sprint("both ", round, n)})
			})
		}
		group.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("errors %v", errs)
		}
		refusal, ok := errors.AsType[*incident.Error](errors.Join(errs...))
		if !ok || refusal.Field != "incident" || !strings.Contains(refusal.Message, "the work goes on here") {
			t.Errorf("the second is told %v", errs)
		}
		if got := query(t, address, fmt.Sprintf(`SELECT count(*)::text FROM incidents WHERE number IN (%d, %d) AND duplicate_of <> 0`, a, b)); got != "1" {
			t.Errorf("%s are duplicates", got)
		}
		if got := query(t, address, fmt.Sprintf(`SELECT count(*)::text FROM joins WHERE number IN (%d, %d)`, a, b)); got != "1" {
			t.Errorf("%s joined", got)
		}
	}
}

// A duplicate of a duplicate leads to the last one, also if that is so only later.
func TestDuplicatesOfDuplicates(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	desk := incident.NewDesk(s, func() time.Time { return noon }, incident.Rules{})
	var n [4]int64
	for at := range n {
		n[at] = declared(t, s, incident.SEV4).Number
	}
	key := 0
	duplicate := func(number, of int64) error {
		key++
		_, err := desk.Duplicate(t.Context(), number, of, incident.Act{By: "UBO", Key: fmt.Sprint("chain ", key)})
		return err
	}
	leadsTo := func(number, to int64) {
		t.Helper()
		c, err := s.Case(context.Background(), number)
		if err != nil || c.Original == nil || c.Original.Number != to {
			t.Errorf("%d leads to %+v, %v", number, c.Original, err)
		}
	}
	if err := duplicate(n[0], n[1]); err != nil {
		t.Fatal(err)
	}
	leadsTo(n[0], n[1])
	if err := duplicate(n[1], n[2]); err != nil {
		t.Fatal(err)
	}
	leadsTo(n[0], n[2])
	leadsTo(n[1], n[2])
	err := duplicate(n[3], n[0])
	if want := "a duplicate of " + incident.Ref(n[2]) + ": name that one"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a duplicate of a duplicate: %v, want %s", err, want)
	}
	if err := duplicate(n[2], n[0]); err == nil || !strings.Contains(err.Error(), "the work goes on here") {
		t.Errorf("a ring: %v", err)
	}
}
