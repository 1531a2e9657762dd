package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

func TestStoryMissingRolesArePointedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 90})
	w.start(quick())
	w.says(w.lee, "general", "/incident new checkout returns 500")
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.shows(firstRoom, "Claim")
	w.do(w.lee.Click(w.ctx, firstRoom, "Resolve"))
	form, err := w.form(w.lee)
	w.do(err)
	w.do(form.Fill("What fixed it?", "rolled back"))
	w.contains(w.lee.SeesForm(), "Nobody has these roles", "Incident commander", "Technical lead")
	w.do(w.lee.ClickInForm(w.ctx, "Claim"))
	w.eventually("the form shows the other roles", func() bool { return !strings.Contains(w.lee.SeesForm(), "Incident commander") })
	w.shows(firstRoom, "@Lee Wong is now Incident commander")
	// What was typed is still there, and two missing roles hold nobody up.
	_, err = form.Submit(w.ctx)
	w.do(err)
	w.shows(firstRoom, "[ Export ] [ Reopen ]")
	w.do(w.lee.Click(w.ctx, firstRoom, "Export"))
	w.do(w.lee.Hears(w.ctx, "Lee Wong: Took Incident commander"))
}

func TestStoryARoleIsTakenAfterTheResolution(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 91})
	w.start(quick())
	w.says(w.lee, "general", "/incident new checkout returns 500")
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.shows(firstRoom, "Claim")
	w.says(w.lee, firstRoom, "/incident todo look at the disks")
	w.contains(w.says(w.lee, firstRoom, "/incident resolve rolled back"), "Nobody has these roles", "Communications liaison")
	w.shows(firstRoom, "1 follow-up is open.")
	w.do(w.lee.Click(w.ctx, firstRoom, "Claim"))
	w.do(w.lee.Hears(w.ctx, "You are now Incident commander"))
	w.shows(firstRoom, "@Lee Wong is now Incident commander")
	w.contains(w.says(w.bo, "general", "/incident 1 claim lead"), "You are now Technical lead")
	w.shows(firstReview, "@Bo Berg")
	w.rest()
	if !strings.Contains(w.bo.Sees(firstReview), "Root-cause analysis") {
		t.Errorf("the lead is not in the review:\n%s", w.Dump())
	}
	w.says(w.bo, "general", "/incident 1 leave lead")
	w.shows(firstRoom, "@Bo Berg is no longer Technical lead")
}
