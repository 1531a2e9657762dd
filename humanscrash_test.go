package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// A reminder is one, wherever the program dies between the clock and Slack.
func TestAReminderWhateverCrashes(t *testing.T) {
	t.Parallel()
	for _, at := range []cut{
		{beforeCommit, "tick", 1}, {afterCommit, "tick", 1}, {beforeCommit, "begin posting", 1}, {afterCommit, "begin posting", 1},
		{afterCall, "chat.postMessage", 1}, {beforeCommit, "end posting", 1}, {afterCommit, "end posting", 1},
	} {
		if !*torture && at.kind == afterCommit {
			continue
		}
		t.Run(string(at.kind)+" "+at.name, func(t *testing.T) {
			t.Parallel()
			// Slack's clock goes as ours does: by it, a message is looked for.
			clock := &ahead{}
			w := newWorld(t, workspace.Config{Now: clock.now})
			w.clock = clock
			k := w.keep(impatient(), cut{})
			w.says(w.ana, "general", "/incident new db down")
			w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
			w.says(w.ana, updateRoom, "/incident claim commander")
			w.says(w.ana, updateRoom, "/incident severity sev2")
			w.shows("incidents", "First update by")
			w.rest()
			k.present().m.after(at)
			w.clock.passes(31 * time.Minute)
			for k.deaths.Load() == 0 && w.ctx.Err() == nil {
				w.do(w.Settle(w.ctx, 20*time.Millisecond))
			}
			k.recover()
			w.asks(1)
			w.rest()
			w.clock.passes(26 * time.Minute)
			w.asks(2)
		})
	}
}

// A room that is given up is replaced by one, wherever the program dies.
func TestReopeningWhateverCrashes(t *testing.T) {
	t.Parallel()
	for _, at := range []cut{
		{beforeCommit, "renew room", 1}, {afterCommit, "renew room", 1}, {beforeCommit, "see room", 1}, {afterCommit, "see room", 1},
		{afterCall, "conversations.unarchive", 1}, {beforeCommit, "begin room", 1}, {afterCall, "conversations.create", 1},
	} {
		if !*torture && at.kind == beforeCommit {
			continue
		}
		refused := at.name != "see room" && at.name != "conversations.unarchive"
		t.Run(string(at.kind)+" "+at.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			k := w.keep(impatient(), cut{})
			w.says(w.ana, "general", "/incident new db down")
			w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
			w.says(w.ana, updateRoom, "/incident 1 cancel no alarm")
			w.shows(updateRoom, "Cancelled")
			w.rest()
			w.do(w.Archive("bo", updateRoom))
			w.quiet()
			room := updateRoom
			if refused {
				w.Fault(workspace.Fault{Method: "conversations.unarchive", Kind: workspace.Refuse, Code: "not_in_channel", Times: -1})
				room += "-2"
			}
			k.present().m.after(at)
			_, _ = w.bo.Slash(w.ctx, "general", "/incident 1 reopen")
			for k.deaths.Load() == 0 && w.ctx.Err() == nil {
				w.do(w.Settle(w.ctx, 20*time.Millisecond))
			}
			k.recover()
			w.eventually("the room is there", func() bool { return w.ChannelID(room) != "" })
			w.once(room, "*Reopened* by @Bo Berg")
			w.once(room, "[ Post update ]")
			if n := strings.Count(w.Dump(), "== #inc-"); refused && n != 2 || !refused && n != 1 {
				t.Errorf("%d channels:\n%s", n, w.Dump())
			}
		})
	}
}
