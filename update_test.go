package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

const updateRoom = "inc-1-db-down"

// updateWorld is a world with one incident, whose channel is open.
func updateWorld(t *testing.T) *world {
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.shows(updateRoom, "Post update")
	w.rest()
	return w
}

// resolvedWorld has it resolved, with the channel of its review.
func resolvedWorld(t *testing.T) *world {
	t.Helper()
	w := updateWorld(t)
	w.says(w.ana, updateRoom, "/incident status resolved rolled back")
	w.shows(updateRoom, "is worked out in")
	w.rest()
	return w
}

// An update changes the severity and the status in the same act, and is told in
// the digest channel, in its thread, in the room and on the card.
func TestStoryOfAnUpdate(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.do(w.bo.Click(w.ctx, "incidents", "Join channel"))
	w.do(w.ana.Click(w.ctx, updateRoom, "Post update"))
	w.submit(w.ana, "What changed?", "failed over to the *second* node", "Impact", "<!channel> checkout is slow", "Severity", "SEV2", "Status", "Identified",
		"Next update", "In 15 minutes")
	w.shows("incidents", "Update on INC-1")
	w.shows("incidents", "Impact: <!channel> checkout is slow")
	w.shows("incidents", "Last update")
	w.shows("incidents", "next by")
	w.shows(updateRoom, "SEV4 → SEV2")
	w.shows(updateRoom, "Investigating → Identified")
	w.shows(updateRoom, "*Update* by")
	w.shows(updateRoom, "Last update")
	w.rest()
	sees := w.ana.Sees("incidents")
	if n := strings.Count(sees, "Update on INC-1"); n != 1 {
		t.Errorf("told %d times in the digest channel:\n%s", n, sees)
	}
	// What happened since then is the draft of the next one.
	w.says(w.ana, updateRoom, "/incident status monitoring")
	w.shows(updateRoom, "Identified → Monitoring")
	w.do(w.ana.Says(w.ctx, updateRoom, "error rate is back to normal."))
	w.do(w.ana.Pin(w.ctx, updateRoom, "error rate"))
	w.quiet()
	w.says(w.ana, updateRoom, "/incident update all well again")
	form, err := w.form(w.ana)
	w.do(err)
	w.contains(form.Text(), "all well again", "Since the last update: error rate is back to normal; now Monitoring", "In 30 minutes")
	if strings.Contains(form.Text(), "SEV4") && strings.Contains(form.Text(), "SEV4 → SEV2") {
		t.Errorf("the draft repeats what was told:\n%s", form.Text())
	}
	w.submit(w.ana)
	w.shows("incidents", "all well again")
}

// An update that Slack sends twice is told once.
func TestAnUpdateSentTwiceIsOne(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.says(w.ana, updateRoom, "/incident update")
	form, err := w.form(w.ana)
	w.do(err)
	w.do(form.Fill("What changed?", "failed over"))
	_, err = form.SubmitTwice(w.ctx)
	w.do(err)
	w.shows("incidents", "failed over")
	w.rest()
	if n := strings.Count(w.ana.Sees("incidents"), "Update on INC-1"); n != 1 {
		t.Errorf("told %d times:\n%s", n, w.ana.Sees("incidents"))
	}
}

func TestAnUpdateOfOneOfManyIncidents(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	// One that is open is the one.
	w.do(w.bo.Shortcut(w.ctx, "Provide incident update"))
	form, err := w.bo.AwaitForm(w.ctx, "INC-1 update")
	w.do(err)
	w.contains(form.Text(), "Status", "Severity")
	w.do(form.Close(w.ctx))

	w.says(w.bo, "general", "/incident new mail is slow")
	w.do(w.bo.Hears(w.ctx, "declared: #inc-2-mail-is-slow"))
	w.do(w.bo.Shortcut(w.ctx, "Provide incident update"))
	form, err = w.bo.AwaitForm(w.ctx, "Incident update")
	w.do(err)
	w.do(form.Fill("What changed?", "the queue is shrinking"))
	w.do(form.Fill("Incident", "INC-2 mail is slow"))
	form, err = w.bo.AwaitForm(w.ctx, "INC-2 update")
	w.do(err)
	w.contains(form.Text(), "the queue is shrinking")
	w.submit(w.bo, "Status", "Monitoring")
	w.shows("incidents", "Update on INC-2")
	w.shows("inc-2-mail-is-slow", "Investigating → Monitoring")
}

// Where nobody declared anything, the form says so.
func TestAnUpdateOfNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.do(w.ana.Shortcut(w.ctx, "Provide incident update"))
	_, err := w.ana.AwaitForm(w.ctx, "No incident is open")
	w.do(err)
	w.says(w.bo, "general", "/incident update")
	_, err = w.bo.AwaitForm(w.ctx, "No incident is open")
	w.do(err)
}

// What somebody else changed meanwhile is not overruled unknowingly, and what the
// person left alone is not changed.
func TestAnUpdateKeepsWhatOthersChanged(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.do(w.ana.Click(w.ctx, updateRoom, "Post update"))
	form, err := w.form(w.ana)
	w.do(err)
	w.says(w.bo, "general", "/incident 1 severity sev1")
	w.says(w.bo, "general", "/incident 1 status identified")
	w.do(form.Fill("What changed?", "failed over"))
	w.do(form.Fill("Severity", "SEV3"))
	outcome, err := form.Submit(w.ctx)
	w.do(err)
	w.contains(outcome.Errors["Severity"], "Bo Berg", "SEV1", "Send again")
	outcome, err = form.Submit(w.ctx)
	w.do(err)
	if !outcome.Closed {
		t.Fatalf("insisting: %+v", outcome)
	}
	w.shows(updateRoom, "SEV1 → SEV3")
	w.shows("incidents", "Identified")
}
