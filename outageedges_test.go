package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// Slack answers 500 to everything about reminders for an hour: of those that nobody saw
// only the last is said, and none of how they ended.
func TestRemindersThatNobodySawAreNotSaidAfterwards(t *testing.T) {
	t.Parallel()
	w, clock := criticalWorld(t)
	w.rest()
	reminder := func(form url.Values) bool {
		return strings.Contains(form.Get("metadata"), ":reminder:") || strings.Contains(form.Get("metadata"), ":prompt")
	}
	w.Fault(workspace.Fault{Method: "chat.postMessage", Kind: workspace.ServerError, Times: -1, When: reminder})
	w.Fault(workspace.Fault{Method: "conversations.history", Kind: workspace.ServerError, Times: -1})
	for n, wait := range []time.Duration{31 * time.Minute, 26 * time.Minute, 26 * time.Minute} {
		clock.passes(wait)
		w.comes("a reminder is due", func() bool {
			return w.query(`SELECT jsonb_array_length(reminders)::text FROM incidents`) == string(rune('1'+n))
		})
		w.comes("it is tried", func() bool {
			clock.passes(time.Second)
			return w.query(`SELECT count(*)::text FROM postings WHERE key LIKE 'reminder:%' AND attempted_at IS NOT NULL`) == string(rune('1'+n))
		})
	}
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.ClearFaults()
	w.eventually("the last asks", func() bool {
		clock.passes(time.Second)
		return strings.Count(w.ana.Sees(updateRoom), "readers wait for it") == 1
	})
	for range 10 {
		clock.passes(30 * time.Second)
		w.rest()
	}
	if n := w.reminders(); n != 1 {
		t.Errorf("%d reminders, want 1:\n%s", n, w.ana.Sees(updateRoom))
	}
	if strings.Contains(w.ana.Sees(updateRoom), "Asked for somebody") {
		t.Errorf("it is told that somebody was asked for who nobody saw:\n%s", w.ana.Sees(updateRoom))
	}
}

// A program whose clock is two minutes ahead of Slack's finds what it said and made
// without hearing of it.
func TestAClockThatIsAheadOfSlacks(t *testing.T) {
	t.Parallel()
	w, clock := newWorld(t, workspace.Config{}), &ahead{}
	clock.passes(2 * time.Minute)
	w.Fault(workspace.Fault{Method: "conversations.create", Kind: workspace.Lost})
	w.Fault(workspace.Fault{Method: "chat.postMessage", Kind: workspace.Lost, Times: 2})
	w.start(clock.ticking())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.eventually("all is said", func() bool {
		return strings.Contains(w.ana.Sees(updateRoom), "Post update") && strings.Contains(w.ana.Sees("incidents"), "Subscribe")
	})
	w.rest()
	if cards, digests := strings.Count(w.ana.Sees(updateRoom), "Post update"), strings.Count(w.ana.Sees("incidents"), "Subscribe"); cards != 1 || digests != 1 {
		t.Errorf("%d cards and %d digest messages:\n%s", cards, digests, w.Dump())
	}
	if n := strings.Count(w.Dump(), "== #inc-"); n != 1 {
		t.Errorf("%d channels:\n%s", n, w.Dump())
	}
}
