package main

import (
	"strings"
	"testing"

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

// Two people edit at once: the second is told, and overrules only what they were
// told of.
func TestAnEditOverrulesNobodyUnknowingly(t *testing.T) {
	t.Parallel()
	w := editWorld(t)
	const room = "inc-1-db-down"
	w.says(w.ana, room, "/incident title")
	form, err := w.ana.Form(w.ctx)
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
