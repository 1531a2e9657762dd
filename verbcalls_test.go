package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// opened waits until ana has a form with the words open, which comes beside the
// acknowledgement.
func (w *world) opened(words string) {
	w.t.Helper()
	_, err := w.ana.AwaitForm(w.ctx, words)
	w.do(err)
}

// TestCallsOfEachVerb counts the calls to Slack that each thing people do costs,
// alone and at rest, and holds them to the table in bench/README.md.
func TestCallsOfEachVerb(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 1})
	w.start(quick())
	w.connected()
	command := func(line string) func() {
		return func() { w.says(w.ana, "inc-1-db-down", "/incident "+line) }
	}
	// The second incident is declared where all people are known already.
	w.says(w.ana, "general", "/incident new db down")
	w.shows("inc-1-db-down", "Claim")
	for _, person := range []*workspace.Person{w.bo, w.lee} {
		w.says(person, "general", "/incident list")
	}
	w.rest()
	var table strings.Builder
	table.WriteString("| act | calls | which |\n| --- | --- | --- |\n")
	for _, c := range []struct {
		what string
		act  func()
	}{
		{"declare by command", func() {
			w.says(w.ana, "general", "/incident new cache down")
			w.shows("inc-2-cache-down", "Claim")
		}},
		{"open the form to declare", func() { w.says(w.ana, "general", "/incident"); w.opened("What is wrong?") }},
		{"declare by that form", func() {
			w.submit(w.ana, "What is wrong?", "queue down")
			w.shows("inc-3-queue-down", "Claim")
		}},
		{"change the severity", command("severity sev2")},
		{"change the status", command("status identified")},
		{"change the title", command("title db is down")},
		{"change the summary", command("summary since noon")},
		{"take a role", command("claim commander")},
		{"give a role to somebody new in the room", command("assign lead @bo")},
		{"hand a role over", command("handover commander @bo all is well")},
		{"open the form of an update", func() { command("update we restart the pool")(); w.opened("INC-1 update") }},
		{"send that form", func() { w.submit(w.ana) }},
		{"write a note", command("note the pool is full")},
		{"write a follow-up", command("todo alert on the pool")},
		{"show, timeline, list, find, help", func() {
			for _, line := range []string{"show", "timeline", "list", "find db", "help"} {
				w.says(w.ana, "inc-1-db-down", "/incident "+line)
			}
		}},
		{"open the Home tab", func() {
			w.do(w.OpenHome("ana"))
			w.eventually("the tab", func() bool { return w.counts()["views.publish"] > 0 })
		}},
		{"open the form to resolve", func() { command("resolve restarted")(); w.opened("Resolve INC-1") }},
		{"resolve by that form", func() { w.submit(w.ana); w.shows("inc-1-db-is-down-rca", "Root-cause analysis") }},
		{"reopen", command("reopen")},
		{"close as a duplicate", command("duplicate of 2")},
		{"the same command again, and nothing to do", command("duplicate of 2")},
	} {
		w.ResetCalls()
		c.act()
		w.rest()
		total, which := 0, []string(nil)
		counts := w.counts()
		for _, method := range slices.Sorted(maps.Keys(counts)) {
			total += counts[method]
			if n := counts[method]; n > 1 {
				method = fmt.Sprintf("%d × %s", n, method)
			}
			which = append(which, method)
		}
		fmt.Fprintf(&table, "| %s | %d | %s |\n", c.what, total, strings.Join(which, ", "))
	}
	between(t, "bench/README.md", "calls of each verb", table.String())
}
