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
	w.contains(w.says(w.lee, firstRoom, "/incident status resolved rolled back"), "Nobody has these roles", "Communications liaison")
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

// A sentence behind a verb that ends an incident may be the title of another: the room's
// own ends only when its form is sent.
func TestStorySentencesThatMayBeTitlesEndNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 92})
	w.start(quick())
	w.says(w.lee, "general", "/incident new checkout returns 500")
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.shows(firstRoom, "Claim")
	for line, words := range map[string]string{
		"cancel the order page is broken": "Cancel INC-1", "resolve conflicts in the order table": "Resolve INC-1",
	} {
		w.says(w.lee, firstRoom, "/incident "+line)
		_, rest, _ := strings.Cut(line, " ")
		form, err := w.lee.AwaitForm(w.ctx, rest)
		w.do(err)
		w.contains(w.lee.SeesForm(), words, rest, "Nothing has changed yet", "[ Declare “"+line+"” instead ]")
		w.do(form.Close(w.ctx))
	}
	w.says(w.lee, firstRoom, "/incident cancel the order page is broken")
	_, err := w.lee.AwaitForm(w.ctx, "[ Keep it open ] [ Cancel incident ]")
	w.do(err)
	w.do(w.lee.ClickInForm(w.ctx, "Declare “cancel the order page is broken” instead"))
	w.eventually("the form to declare has the title", func() bool {
		return strings.Contains(w.lee.SeesForm(), "What is wrong?") && strings.Contains(w.lee.SeesForm(), "cancel the order page is broken")
	})
	form, err := w.form(w.lee)
	w.do(err)
	_, err = form.Submit(w.ctx)
	w.do(err)
	w.contains(w.says(w.ana, "general", "/incident list"), "*INC-1*", "*INC-2*", "cancel the order page is broken")

	// What was typed needs no second typing.
	w.says(w.lee, firstRoom, "/incident resolve rolled back")
	form, err = w.lee.AwaitForm(w.ctx, "rolled back")
	w.do(err)
	_, err = form.Submit(w.ctx)
	w.do(err)
	w.shows(firstRoom, "by @Lee Wong: rolled back")
}
