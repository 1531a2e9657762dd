package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// Two people declare the same: one of the two is closed, and whoever is in its
// room is led to the other.
func TestStoryOfADuplicate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	w.says(w.bo, "general", "/incident new checkout returns 500")
	w.do(w.bo.Hears(w.ctx, "declared: #inc-2-checkout-returns-500"))
	const room = "inc-2-checkout-returns-500"

	w.do(w.bo.Click(w.ctx, room, "More"))
	w.do(w.bo.ClickInForm(w.ctx, "Duplicate"))
	form, err := w.bo.AwaitForm(w.ctx, "Duplicate INC-2")
	w.do(err)
	w.do(form.Fill("Which incident is it the same as?", "INC-2 checkout returns 500"))
	outcome, err := form.Submit(w.ctx)
	w.do(err)
	w.contains(outcome.Errors["Which incident is it the same as?"], "itself")
	w.do(form.Fill("Which incident is it the same as?", "INC-1 db down"))
	outcome, err = form.Submit(w.ctx)
	w.do(err)
	if !outcome.Closed {
		t.Fatalf("%+v", outcome)
	}
	w.do(w.bo.AwaitSees(w.ctx, room, "*Duplicate of INC-1*"))
	w.do(w.bo.AwaitSees(w.ctx, room, "Work goes on in #inc-1-db-down: db down"))
	w.do(w.bo.AwaitSees(w.ctx, room, "Go to INC-1"))
	w.do(w.bo.AwaitSees(w.ctx, room, "SEV4 · Duplicate of INC-1 · IC unclaimed"))
	w.shows("incidents", "INC-2 is a duplicate of INC-1")
	w.rest()
	if list := w.says(w.lee, "general", "/incident list"); strings.Contains(list, "INC-2") {
		t.Errorf("it is still listed as open:\n%s", list)
	}
	w.contains(w.says(w.lee, "general", "/incident 2"), "Duplicate of INC-1")
	w.contains(w.says(w.lee, "general", "/incident 2 severity sev1"), "INC-2 is a duplicate of INC-1; reopen it")
	w.contains(w.says(w.lee, "general", "/incident 1 duplicate of 2"), "INC-2 is closed as a duplicate of INC-1: the work goes on here")
	w.contains(w.says(w.lee, "general", "/incident 1 duplicate of 99"), "no incident 99")

	w.do(w.bo.Click(w.ctx, room, "Reopen"))
	w.shows("incidents", "Investigating")
	w.rest()
	if strings.Contains(w.ana.Sees("incidents"), "duplicate") {
		t.Errorf("it is still called a duplicate:\n%s", w.ana.Sees("incidents"))
	}
}

// A false alarm is closed with its reason and leads to no review.
func TestStoryOfAFalseAlarm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	const room = "inc-1-db-down"
	w.says(w.ana, room, "/incident severity sev1")
	w.do(w.bo.Click(w.ctx, "incidents", "Subscribe"))
	w.says(w.ana, room, "/incident cancel")
	form, err := w.ana.AwaitForm(w.ctx, "Cancel INC-1")
	w.do(err)
	w.do(form.Fill("Why is it no incident?", "a drill <!channel>"))
	both, err := form.SubmitTwice(w.ctx)
	w.do(err)
	if !both[0].Closed {
		t.Fatalf("%+v", both)
	}
	w.shows(room, "*Cancelled after")
	w.shows("incidents", "INC-1 cancelled after")
	w.shows("incidents", "a drill <!channel>")
	w.do(w.bo.AwaitDM(w.ctx, "*Cancelled after"))
	w.rest()
	if n := strings.Count(w.ana.Sees(room), "*Cancelled after"); n != 2 {
		t.Errorf("the card and one line should tell of it, %d do:\n%s", n, w.ana.Sees(room))
	}
	if strings.Contains(w.Dump(), "-rca") {
		t.Errorf("there is a review:\n%s", w.Dump())
	}
	w.contains(w.says(w.ana, "general", "/incident 1 resolve fixed"), "INC-1 is cancelled; reopen it")
	w.contains(w.says(w.ana, "general", "/incident list"), "No incident is open")
	w.contains(w.says(w.ana, "general", "/incident 1 status cancelled"), "INC-1 is cancelled; reopen it")

	w.says(w.ana, "general", "/incident reopen 1")
	w.shows("incidents", "Investigating")
	w.says(w.ana, room, "/incident status resolved rolled back")
	w.shows("incidents", "resolved after")
	w.eventually("there is a review", func() bool { return strings.Contains(w.Dump(), "-rca") })
}
