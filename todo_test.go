package main

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// Follow-ups are written down in the room, worked on wherever they are shown, and
// asked for once on their day.
func TestStoryOfTheFollowUps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	var ahead atomic.Int64
	s := quick()
	s.tickEvery = 30 * time.Millisecond
	s.now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	m := w.start(s)
	room := w.declaredRoom()
	day := time.Now().UTC().AddDate(0, 0, 3).Format(time.DateOnly)
	_, err := w.ana.Slash(w.ctx, room, "/incident todo alert on <full> disks @bo by "+day)
	w.do(err)
	w.shows(room, "*Follow-up* by @Ana Lima: alert on <full> disks · @Bo Berg · by")
	w.shows(room, "1 of 1 follow-ups to be done")
	w.do(w.bo.AwaitDM(w.ctx, "gave you a follow-up"))

	// Two people in forms at once: the second is told.
	w.do(w.ana.ClickOn(w.ctx, room, "Follow-up", "Change"))
	w.do(w.lee.ClickOn(w.ctx, room, "Follow-up", "Change"))
	w.submit(w.ana, "What is to be done?", "alert on disks at 80 %")
	w.rest()
	outcome := w.submit(w.lee, "What is to be done?", "alert on disks at 90 %")
	if got := outcome.Errors["What is to be done?"]; !strings.Contains(got, "changed it meanwhile: “alert on disks at 80 %”") {
		t.Errorf("lee is told %q", got)
	}
	form, err := w.form(w.lee)
	w.do(err)
	_, err = form.Submit(w.ctx)
	w.do(err)
	w.rest()

	// The list of the panel adds and ends.
	_, err = w.lee.Slash(w.ctx, room, "/incident todo")
	w.do(err)
	w.do(w.lee.ClickInForm(w.ctx, "Add follow-up"))
	_, err = w.lee.AwaitForm(w.ctx, "What is to be done?")
	w.do(err)
	w.submit(w.lee, "What is to be done?", "write a runbook")
	w.eventually("the list shows it", func() bool { return strings.Contains(w.lee.SeesForm(), "write a runbook") })
	w.do(w.lee.OpensHome(w.ctx))
	w.rest()

	// Resolved, the review shows the list; what is added there is no line in the room.
	_, err = w.lee.Slash(w.ctx, room, "/incident status resolved rolled back")
	w.do(err)
	w.shows(firstReview, "2 of 2 to be done")
	w.rest()
	_, err = w.lee.Slash(w.ctx, firstReview, "/incident todo ask the vendor")
	w.do(err)
	w.shows(firstReview, "ask the vendor")
	w.do(w.lee.ChooseOn(w.ctx, firstReview, "ask the vendor", "…", "Done"))
	w.shows(firstReview, "ask the vendor · done by @Lee Wong")
	w.rest()
	if strings.Contains(w.ana.Sees(room), "ask the vendor") {
		t.Errorf("the room tells of it:\n%s", w.ana.Sees(room))
	}

	// Nobody is reminded early; then once, though the program was away for days.
	if strings.Contains(w.bo.DirectMessages(), "is due") {
		t.Error("bo is reminded at once")
	}
	m.stop()
	ahead.Store(int64(6 * 24 * time.Hour))
	w.start(s)
	w.start(s)
	w.do(w.bo.AwaitDM(w.ctx, "is due"))
	w.rest()
	if n := strings.Count(w.bo.DirectMessages(), "is due"); n != 1 {
		t.Errorf("bo is reminded %d times", n)
	}
	w.do(w.bo.OpensHome(w.ctx))
	w.do(w.bo.AwaitHome(w.ctx, "Your follow-ups"))
	w.do(w.bo.ClickOn(w.ctx, "dm", "is due", "Done"))
	w.shows(firstReview, "alert on disks at 90 % · done by @Bo Berg")
	w.rest()
	export, err := w.ana.Slash(w.ctx, room, "/incident export")
	w.do(err)
	for _, words := range []string{"## Follow-ups", "- [ ] write a runbook", "- [x] alert on disks at 90 %, Bo Berg, by " + day} {
		if !strings.Contains(export.Text, words) {
			t.Errorf("the export lacks %q:\n%s", words, export.Text)
		}
	}
}
