package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// editWorld is a world with one incident, whose channel is open.
func editWorld(t *testing.T) *world {
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	w.shows("inc-1-db-down", "More")
	return w
}

// A new title and summary are told in the room, and card and digest follow; the
// channel keeps its name.
func TestStoryOfAnEdit(t *testing.T) {
	t.Parallel()
	w := editWorld(t)
	const room = "inc-1-db-down"
	w.do(w.ana.Click(w.ctx, room, "More"))
	w.do(w.ana.ClickInForm(w.ctx, "Edit"))
	_, err := w.ana.AwaitForm(w.ctx, "Edit INC-1")
	w.do(err)
	w.submit(w.ana, "What is wrong?", "disk of <!channel> full", "Summary", "since *noon*\nall of it")
	w.shows(room, "“disk of <!channel> full”, before “db down”")
	w.shows(room, "*Summary* by")
	w.shows("incidents", "INC-1  disk of <!channel> full")
	w.shows("incidents", "since *noon*")
	_, err = w.ana.AwaitForm(w.ctx, "disk of <!channel> full")
	w.do(err)

	w.contains(w.says(w.bo, "general", "/incident 1 title disk full"), "INC-1", "disk full")
	w.shows("incidents", "INC-1  disk full")
	w.contains(w.says(w.bo, "general", "/incident 1 title disk full"), "says so already")
	w.contains(w.says(w.bo, "general", "/incident 1 title "+strings.Repeat("x", 200)), "200 characters; 150 fit")
	w.says(w.bo, "general", "/incident 1 summary space is made")
	w.shows("incidents", "space is made")
	w.rest()
	w.contains(w.says(w.bo, "general", "/incident 1 timeline"), "Title: disk full", "Summary: space is made")
	w.shows(room, "INC-1  disk full")
}

// A drill that turns out to be the real thing is announced and watched from then on,
// and what was none after all is taken back from everybody.
func TestStoryOfADrillThatIsNone(t *testing.T) {
	t.Parallel()
	w, clock := newWorld(t, workspace.Config{}), &ahead{}
	w.start(clock.ticking())
	const room = "inc-1-test-db-down"
	w.says(w.ana, "general", "/incident")
	w.submit(w.ana, "What is wrong?", "db down", "Severity", "SEV1", "What kind is it?", "Test")
	w.shows(room, "INC-1 TEST")
	w.rest()
	w.closeForms(w.ana)
	w.says(w.ana, room, "/incident update")
	_, err := w.ana.AwaitForm(w.ctx, "What changed?")
	w.do(err)
	w.submit(w.ana, "What changed?", "we practise")
	w.shows(room, "we practise")
	w.rest()
	clock.passes(time.Hour)
	edits := func(kinds ...string) {
		t.Helper()
		w.says(w.ana, room, "/incident title")
		form, err := w.ana.AwaitForm(w.ctx, "Edit INC-1")
		w.do(err)
		w.do(form.Fill("What kind is it?", kinds...))
		_, err = form.Submit(w.ctx)
		w.do(err)
	}
	edits()
	w.shows(room, "*INC-1 is no test*, says @Ana Lima")
	w.shows("incidents", "INC-1  db down")
	w.rest()
	if seen := w.ana.Sees("incidents"); strings.Contains(seen, "Update on INC-1") {
		t.Errorf("what was said in the drill is sent out:\n%s", seen)
	}
	if seen := w.ana.Sees(room); strings.Contains(seen, "INC-1 TEST") || strings.Contains(seen, "(topic: TEST") || strings.Contains(seen, "Nothing new") {
		t.Errorf("the room:\n%s", seen)
	}
	clock.passes(31 * time.Minute)
	w.shows(room, "Nothing new")
	w.says(w.ana, room, "/incident update")
	w.submit(w.ana, "What changed?", "failing over")
	w.shows("incidents", "failing over")
	w.rest()

	edits("Test")
	w.shows(room, "*INC-1 is a test*, says @Ana Lima")
	w.rest()
	if seen := w.ana.Sees("incidents"); strings.Contains(seen, "INC-1") || strings.Contains(seen, "failing over") {
		t.Errorf("everybody is still told:\n%s", seen)
	}
	if strings.Contains(w.Dump(), "bookmark:  Digest") {
		t.Errorf("the room leads to what is gone:\n%s", w.Dump())
	}
	said := strings.Count(w.ana.Sees(room), "Nothing new")
	clock.passes(2 * time.Hour)
	w.rest()
	if again := strings.Count(w.ana.Sees(room), "Nothing new"); again != said {
		t.Errorf("a drill is reminded of:\n%s", w.ana.Sees(room))
	}
	w.contains(w.says(w.bo, "general", "/incident 1 timeline"), "Marked as a test", "No test any more")
	edits()
	w.shows("incidents", "INC-1  db down")
	w.rest()
	if n := strings.Count(w.Dump(), "bookmark:  Digest"); n != 1 {
		t.Errorf("%d bookmarks lead to the digest:\n%s", n, w.Dump())
	}
}

// Two people edit at once: the second is told, and overrules only what they were
// told of.
func TestAnEditOverrulesNobodyUnknowingly(t *testing.T) {
	t.Parallel()
	w := editWorld(t)
	const room = "inc-1-db-down"
	w.says(w.ana, room, "/incident title")
	form, err := w.form(w.ana)
	w.do(err)
	w.says(w.bo, "general", "/incident 1 title disk full")
	w.says(w.bo, "general", "/incident 1 summary since noon")
	w.do(form.Fill("What is wrong?", "disk slow"))
	outcome, err := form.Submit(w.ctx)
	w.do(err)
	w.contains(outcome.Errors["What is wrong?"], "Bo Berg", "disk full", "Send again")
	outcome, err = form.Submit(w.ctx)
	w.do(err)
	if !outcome.Closed {
		t.Fatalf("insisting: %+v", outcome)
	}
	w.shows("incidents", "INC-1  disk slow")
	w.shows("incidents", "since noon")
}

// Slack loses the answer to the making of the channel, and the title changes
// before that is settled: there is one channel all the same.
func TestATitleThatChangesBeforeTheChannelIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	retitled, begun := make(chan struct{}), make(chan struct{}, 9)
	w.OnCall(func(c workspace.Call) workspace.Verdict {
		if c.Method != "conversations.create" || c.Phase == workspace.Before || len(begun) > 0 {
			return workspace.Verdict{}
		}
		begun <- struct{}{}
		return workspace.Verdict{Drop: true, Wait: retitled}
	})
	w.says(w.ana, "general", "/incident new db down")
	w.eventually("the channel is begun", func() bool { return len(begun) > 0 })
	w.says(w.ana, "general", "/incident 1 title disk full")
	close(retitled)
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	w.shows("inc-1-db-down", "INC-1  disk full")
	w.rest()
	if strings.Contains(w.Dump(), "inc-1-disk") {
		t.Errorf("there is another channel:\n%s", w.Dump())
	}
}
