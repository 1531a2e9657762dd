package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// Somebody else's channel has the name, and Slack is strict about making
// channels: looking at the taken name must not cost the turn of the next name.
func TestTakenNameIsPassedWhileChannelsArePaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	_, err := w.AddChannel("inc-1-db-down", []string{"bo"})
	w.do(err)
	w.Fault(workspace.Fault{Method: "conversations.create", Kind: workspace.RateLimited, RetryAfter: time.Second, Times: 1})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.eventually("a room of another name", func() bool { return strings.Contains(w.ana.Sees("general"), "declared: #inc-1-db-down-2") })
}

// One of the group can't be invited, and Slack is strict about invitations: the
// others come in all the same.
func TestWhoCannotBeInvitedKeepsNobodyOutWhilePaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.AddUser(workspace.User{Name: "gone", Deleted: true})
	if _, err := w.AddGroup("oncall", "On call", "bo", "gone", "lee"); err != nil {
		t.Fatal(err)
	}
	w.group = "@oncall"
	w.Fault(workspace.Fault{Method: "conversations.invite", Kind: workspace.RateLimited, RetryAfter: time.Second, Times: 1})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.eventually("all others are in the room", func() bool {
		return strings.Contains(w.Dump(workspace.Only("inc-1-db-down")), "members: Ana Lima, Bo Berg, Lee Wong, muster")
	})
	w.rest()
	if n := w.Count("conversations.invite"); n != 3 {
		t.Errorf("%d calls, not one limited, one refused and one without who can't be invited", n)
	}
}

// A channel was made though Slack said that it failed, and the repetition meets a
// limit: the channel is found and kept, not made a second time.
func TestRoomMadeUnheardSurvivesALimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.Fault(workspace.Fault{Method: "conversations.create", Kind: workspace.AppliedRefuse, Code: "internal_error", Times: 1})
	w.Fault(workspace.Fault{Method: "conversations.create", Kind: workspace.RateLimited, RetryAfter: time.Second, Times: 1})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.eventually("the room", func() bool { return strings.Contains(w.ana.Sees("general"), "declared: #inc-1-db-down") })
	w.rest()
	if strings.Contains(w.Dump(), "inc-1-db-down-2") {
		t.Errorf("a second channel was made:\n%s", w.Dump())
	}
}

// In a burst of declarations Slack closes the making of channels for a while.
// Readers of the digest learn of every incident all the same, and nothing is
// called again and again in vain.
func TestDigestGoesOutWhileChannelsArePaced(t *testing.T) {
	t.Parallel()
	const burst = 3
	w := newWorld(t, workspace.Config{Seed: 14, Limits: true})
	w.start(impatient())
	w.Fault(workspace.Fault{Method: "conversations.create", Kind: workspace.RateLimited, RetryAfter: 8 * time.Second})
	refusals := func() map[string]int {
		refused := map[string]int{}
		for _, r := range w.Calls() {
			if r.Status == http.StatusTooManyRequests {
				refused[r.Method]++
			}
		}
		return refused
	}
	for n := range burst {
		_, err := w.ana.Slash(w.ctx, "general", fmt.Sprintf("/incident new case %d", n+1))
		w.do(err)
		// A call that is under way when the limit is told would still succeed.
		w.eventually("the refusal", func() bool { return refusals()["conversations.create"] > 0 })
	}
	told := func() int { return strings.Count(w.bo.Sees("incidents"), "being opened") }
	w.eventually("all digest messages without rooms", func() bool { return told() == burst })
	if rooms := w.Count("conversations.create") - 1; rooms > 0 {
		t.Errorf("%d channels were made while the limit was closed", rooms)
	}
	w.eventually("the first room", func() bool { return strings.Contains(w.bo.Sees("incidents"), "#inc-1-case-1") })
	for method, times := range refusals() {
		if times > 2 {
			t.Errorf("%s was refused %d times", method, times)
		}
	}
	w.eventually("the second room", func() bool { return strings.Count(w.bo.Sees("incidents"), "being opened") <= 1 })
	w.eventually("all rooms", func() bool {
		return strings.Count(w.bo.Sees("incidents"), "being opened") == 0
	})
}
