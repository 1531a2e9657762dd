package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
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
