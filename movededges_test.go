package main

import (
	"fmt"
	"strings"
	"testing"

	"muster/incident"
	"muster/sandbox/workspace"
	"muster/store"
)

// Slack gives a channel another id: what is in the timeline stays one message, and an
// unpinned one leaves it.
func TestATimelineOfAChannelThatMoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	m := w.start(quick())
	room := w.declaredRoom()
	w.do(w.bo.Says(w.ctx, room, "db01 is full"))
	w.do(w.bo.Says(w.ctx, room, "db02 is full"))
	for _, words := range []string{"db01 is", "db02 is"} {
		w.do(w.ana.Pin(w.ctx, room, words))
		w.remembers(room, words, true)
	}
	w.rest()
	_, err := w.MoveChannel(room)
	w.do(err)
	w.rest()
	w.do(w.ana.Unpin(w.ctx, room, "db02 is"))
	w.remembers(room, "db02 is", false)
	m.stop()
	w.start(quick())
	w.rest()
	if got := w.timeline(w.ana, room); strings.Count(got, "db01 is full") != 1 {
		t.Errorf("the timeline:\n%s", got)
	}
}

// The post that an incident came from is in a channel that gets another id: its thread
// is told the end there.
func TestAPostOfAChannelThatMoved(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	w.do(w.ana.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.submit(w.ana, "What is wrong?", "db down")
	w.shows("alerts", "*INC-1* declared by @Ana Lima")
	w.rest()
	_, err := w.MoveChannel("alerts")
	w.do(err)
	w.rest()
	w.says(w.ana, "general", "/incident 1 resolve rolled back")
	w.shows("alerts", "resolved after")
	w.do(w.bo.React(w.ctx, "alerts", "HighErrorRate", ":rotating_light:"))
	w.rest()
	if list := w.says(w.bo, "general", "/incident list all"); strings.Contains(list, "INC-2") {
		t.Errorf("the post became another incident:\n%s", list)
	}
}

// Slack gives the digest channel another id, heard by one of two replicas: both go on in
// it at once, in the messages that are there.
func TestADigestChannelThatMoved(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{true, false} {
		t.Run(fmt.Sprint("named ", named), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			if !named {
				w.digest = w.ChannelID("incidents")
			}
			first := w.start(quick())
			w.start(quick())
			room := w.declaredRoom()
			w.says(w.ana, room, "/incident claim commander")
			w.shows("incidents", "@Ana Lima")
			w.rest()
			_, err := w.MoveChannel("incidents")
			w.do(err)
			w.rest()
			db, err := store.Open(w.ctx, w.dsn)
			w.do(err)
			defer db.Close()
			desk := incident.NewDesk(db, w.clock.now, rules(w.config().Timers))
			told := func(severity string) {
				t.Helper()
				to, err := incident.ParseSeverity(severity)
				w.do(err)
				_, err = desk.SetSeverity(w.ctx, 1, to, 0, incident.Act{By: w.UserID("ana"), Key: severity})
				w.do(err)
				w.shows("incidents", severity)
				w.rest()
				if seen := w.ana.Sees("incidents"); strings.Count(seen, "INC-1") != 1 {
					t.Errorf("the digest channel shows\n%s", seen)
				}
			}
			told("SEV3")
			w.says(w.ana, "general", "/incident new cables are out")
			w.shows("incidents", "cables are out")
			w.do(w.bo.React(w.ctx, "incidents", "cables are out", ":rotating_light:"))
			w.rest()
			if list := w.says(w.bo, "general", "/incident list all"); strings.Contains(list, "INC-3") {
				t.Errorf("the digest message became another incident:\n%s", list)
			}
			first.stop()
			told("SEV2")
			w.start(quick())
			told("SEV1")
			if seen := w.ana.Sees(room); strings.Contains(seen, "Nobody outside is told") {
				t.Errorf("a false alarm:\n%s", seen)
			}
		})
	}
}

// The digest channel gets another id while nobody listens.
func TestADigestChannelThatMovedUnheard(t *testing.T) {
	t.Parallel()
	for _, anew := range []bool{false, true} {
		t.Run(fmt.Sprint("made anew ", anew), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			m := w.start(quick())
			room := w.declaredRoom()
			w.rest()
			m.stop()
			if anew {
				w.do(w.DeleteChannel("ana", "incidents"))
				_, err := w.AddChannel("incidents", []string{"ana", "bo", "lee"})
				w.do(err)
				w.do(w.Invite("lee", "incidents", "muster"))
			} else {
				_, err := w.MoveChannel("incidents")
				w.do(err)
			}
			w.start(quick())
			w.says(w.ana, room, "/incident severity sev2")
			w.shows("incidents", "SEV2")
			w.rest()
			if seen := w.ana.Sees("incidents"); strings.Count(seen, "INC-1") != 1 {
				t.Errorf("the digest channel shows\n%s", seen)
			}
		})
	}
}

// Slack refuses the old id before it tells of the new one: nobody is alarmed, and what
// could not be said meanwhile is said then.
func TestAChannelThatMovedBeforeItsEvent(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"incidents", firstRoom} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			w.start(quick())
			room := w.declaredRoom()
			w.rest()
			release := w.Hold()
			_, err := w.MoveChannel(place)
			w.do(err)
			db, err := store.Open(w.ctx, w.dsn)
			w.do(err)
			defer db.Close()
			_, err = incident.NewDesk(db, w.clock.now, rules(w.config().Timers)).SetSeverity(w.ctx, 1, incident.SEV2, 0, incident.Act{By: w.UserID("ana"), Key: "sev2"})
			w.do(err)
			w.eventually("a pass is refused", func() bool {
				return w.query(`SELECT count(*)::text FROM steps JOIN reconciliations USING (subject) WHERE error <> '' AND claimed_until < now()`) != "0"
			})
			release()
			w.shows("incidents", "SEV2")
			w.shows(room, "SEV4 → SEV2")
			w.rest()
			for _, channel := range []string{"incidents", room} {
				if seen := w.ana.Sees(channel); strings.Contains(seen, "Nobody outside is told") || strings.Contains(seen, "can't be reached") {
					t.Errorf("a false alarm:\n%s", seen)
				}
			}
		})
	}
}
