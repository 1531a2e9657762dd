package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// A duplicate of a duplicate names the last one of the chain, wherever in it
// something changes: what becomes private is named no more, and what is called
// otherwise is called so everywhere.
func TestChainsOfDuplicatesFollowTheirEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	for _, title := range []string{"payroll leaked", "db down", "checkout slow"} {
		w.says(w.ana, "general", "/incident new "+title)
	}
	w.do(w.ana.Hears(w.ctx, "declared: #inc-3-checkout-slow"))
	w.rest()
	w.says(w.bo, "general", "/incident 3 duplicate of 2")
	w.says(w.bo, "general", "/incident 2 duplicate of 1")
	w.rest()
	if n := strings.Count(w.bo.Sees("incidents"), "Work goes on in #inc-1-payroll-leaked: payroll leaked"); n != 2 {
		t.Errorf("%d of 2 duplicates lead there:\n%s", n, w.bo.Sees("incidents"))
	}
	w.says(w.ana, "general", "/incident 1 title salaries leaked")
	w.rest()
	if n := strings.Count(w.bo.Sees("incidents"), ": salaries leaked"); n != 2 {
		t.Errorf("%d of 2 duplicates have the new title:\n%s", n, w.bo.Sees("incidents"))
	}
	w.do(w.Convert("ana", "inc-1-payroll-leaked", true))
	w.shows("inc-1-payroll-leaked", "This channel was made private")
	w.rest()
	if seen := w.bo.Sees("incidents"); strings.Contains(seen, "leaked") {
		t.Errorf("the digest names what is private:\n%s", seen)
	}
}
