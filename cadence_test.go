package main

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"muster/sandbox/workspace"
	"muster/store"
)

// ahead is a clock that goes as the real one does, and that a test puts forward.
type ahead struct{ by atomic.Int64 }

func (a *ahead) now() time.Time { return time.Now().Add(time.Duration(a.by.Load())) }

func (a *ahead) passes(d time.Duration) { a.by.Add(int64(d)) }

// ticking are seams of a program that looks at this clock, often.
func (a *ahead) ticking() seams {
	s := quick()
	s.now, s.tickEvery = a.now, 5*time.Millisecond
	// Waits are begun by the clock as it was.
	s.database = []store.Option{store.WithLookEvery(100 * time.Millisecond)}
	return s
}

// criticalWorld is a world with one critical incident, and a clock to move.
func criticalWorld(t *testing.T) (*world, *ahead) {
	w, clock := newWorld(t, workspace.Config{}), &ahead{}
	w.start(clock.ticking())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.says(w.ana, updateRoom, "/incident severity sev2")
	w.shows(updateRoom, "SEV4 → SEV2")
	w.shows("incidents", "First update by")
	return w, clock
}

// asks waits until so many reminders were said, of which one asks.
func (w *world) asks(reminders int) {
	w.t.Helper()
	w.eventually("one reminder asks", func() bool {
		sees := w.ana.Sees(updateRoom)
		return strings.Count(sees, "readers wait for it") == 1 && w.reminders() == reminders
	})
}

// reminders counts those that were said, whatever became of them.
func (w *world) reminders() int {
	sees := w.ana.Sees(updateRoom)
	return strings.Count(sees, "readers wait for it") + strings.Count(sees, "Reminder answered") + strings.Count(sees, "Reminder snoozed") +
		strings.Count(sees, "Reminders stopped") + strings.Count(sees, "Reminder over") + strings.Count(sees, "Reminder superseded")
}

func TestStoryOfReminders(t *testing.T) {
	t.Parallel()
	w, clock := criticalWorld(t)
	clock.passes(31 * time.Minute)
	w.asks(1)
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.shows(updateRoom, "is now Incident commander")

	// Nobody answers: the next one takes its place and asks the commander.
	clock.passes(26 * time.Minute)
	w.asks(2)
	w.shows(updateRoom, "superseded by a newer one")
	w.shows(updateRoom, "@Bo Berg *INC-1*")

	w.do(w.bo.Click(w.ctx, updateRoom, "Nothing new"))
	w.shows(updateRoom, "nothing new, next update by")
	w.shows("incidents", "No change, says @Bo Berg. Next update by")

	clock.passes(31 * time.Minute)
	w.asks(3)
	w.do(w.bo.Click(w.ctx, updateRoom, "Snooze 15"))
	w.shows(updateRoom, "Reminder snoozed by @Bo Berg")
	clock.passes(16 * time.Minute)
	w.asks(4)

	w.do(w.bo.Click(w.ctx, updateRoom, "Post update"))
	form, err := w.form(w.bo)
	w.do(err)
	w.do(form.Fill("What changed?", "failed over"))
	w.do(form.Fill("Next update", "In 15 minutes"))
	w.submit(w.bo)
	w.shows(updateRoom, "Reminder answered by @Bo Berg with an update")
	clock.passes(16 * time.Minute)
	w.asks(5)

	w.do(w.bo.Click(w.ctx, updateRoom, "Stop"))
	w.shows(updateRoom, "Reminders stopped by @Bo Berg")
	clock.passes(10 * time.Hour)
	w.says(w.bo, updateRoom, "/incident severity sev1")
	w.shows(updateRoom, "SEV2 → SEV1")
	clock.passes(31 * time.Minute)
	w.asks(6)
	w.says(w.bo, updateRoom, "/incident status resolved rolled back")
	w.shows(updateRoom, "no update is due any more")
	clock.passes(10 * time.Hour)
	w.rest()
	if n := w.reminders(); n != 6 {
		t.Errorf("%d reminders, want 6:\n%s", n, w.ana.Sees(updateRoom))
	}
}

// Two replicas, and an hour without any, remind once each time.
func TestRemindersOfTwoReplicasAndAfterADowntime(t *testing.T) {
	t.Parallel()
	w, clock := newWorld(t, workspace.Config{}), &ahead{}
	one, two := w.start(clock.ticking()), w.start(clock.ticking())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.says(w.ana, updateRoom, "/incident severity sev1")
	w.shows("incidents", "First update by")
	clock.passes(31 * time.Minute)
	w.asks(1)
	w.rest()
	one.stop()
	two.stop()
	clock.passes(time.Hour)
	w.start(clock.ticking())
	w.asks(2)
	w.start(clock.ticking())
	w.rest()
	if n := w.reminders(); n != 2 {
		t.Errorf("%d reminders, want 2:\n%s", n, w.ana.Sees(updateRoom))
	}
}

func TestStoryOfACommanderWhoIsAskedFor(t *testing.T) {
	t.Parallel()
	w, clock := newWorld(t, workspace.Config{}), &ahead{}
	w.start(clock.ticking())
	w.start(clock.ticking())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	clock.passes(11 * time.Minute)
	w.shows(updateRoom, "Nobody is Incident commander of")
	w.rest()
	if n := strings.Count(w.ana.Sees(updateRoom), "Nobody is Incident commander of"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	w.do(w.ana.ClickOn(w.ctx, updateRoom, "Who takes it?", "Claim"))
	w.shows(updateRoom, "Asked for somebody to be Incident commander")
	w.shows(updateRoom, "IC @Ana Lima")
}

// What is open for too long is one message in the digest channel, however many
// incidents and replicas there are; what turns stale later joins it.
func TestStoryOfStaleIncidents(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	w, clock := newWorld(t, workspace.Config{}), &ahead{}
	one, two := w.start(clock.ticking()), w.start(clock.ticking())
	declare := func(title, room string) {
		w.says(w.ana, "general", "/incident new "+title)
		w.do(w.ana.Hears(w.ctx, "declared: #"+room))
		w.says(w.ana, room, "/incident claim commander")
		w.shows(room, "IC @Ana Lima")
	}
	declare("db down", updateRoom)
	declare("mail is slow", "inc-2-mail-is-slow")
	clock.passes(day)
	declare("old backup", "inc-3-old-backup")
	lists := func() int { return strings.Count(w.ana.Sees("incidents"), "Open for too long") }

	clock.passes(6*day + time.Minute)
	w.shows("incidents", "Open for too long: 2 incidents")
	w.shows(updateRoom, "Is it over, or is somebody still working on it?")
	w.shows("inc-2-mail-is-slow", "Is it over")
	clock.passes(day)
	w.shows("inc-3-old-backup", "Is it over")
	w.shows("incidents", "Open for too long: 3 incidents")
	w.rest()
	if n := lists(); n != 1 {
		t.Errorf("%d lists:\n%s", n, w.ana.Sees("incidents"))
	}

	w.do(w.ana.Click(w.ctx, updateRoom, "Still working"))
	w.shows(updateRoom, "is still working on it.")
	w.shows("incidents", "Open for too long: 2 incidents")
	w.do(w.ana.ClickOn(w.ctx, "inc-2-mail-is-slow", "Is it over", "Resolve"))
	w.submit(w.ana, "What fixed it?", "the queue is empty")
	w.shows("inc-2-mail-is-slow", "Resolved after")
	// The list is live: what is over leaves it.
	w.shows("incidents", "Open for too long: 1 incident*")
	w.rest()
	one.stop()
	two.stop()
	clock.passes(2 * day)
	w.start(clock.ticking())
	w.eventually("the list comes again", func() bool { return lists() > 1 })
	w.rest()
	if n := lists(); n != 2 {
		t.Errorf("%d lists, want another:\n%s", n, w.ana.Sees("incidents"))
	}
	if n := strings.Count(w.ana.Sees(updateRoom), "Is it over"); n != 1 {
		t.Errorf("asked %d times in a room that is kept", n)
	}
	w.says(w.ana, "inc-3-old-backup", "/incident status resolved deleted")
	w.shows("incidents", "Nothing of this list is open for too long any more.")
}
