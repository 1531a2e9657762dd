package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

const roleRoom = "inc-1-db-down"

// rolesWorld is a world with one incident whose channel is open.
func rolesWorld(t *testing.T) *world {
	w := newWorld(t, workspace.Config{})
	w.AddUser(workspace.User{Name: "robot", Bot: true})
	w.AddUser(workspace.User{Name: "guest", Restricted: true})
	w.AddUser(workspace.User{Name: "far", Stranger: true, TeamID: "T0FAR"})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	return w
}

func TestRolesGoFromHandToHand(t *testing.T) {
	t.Parallel()
	w := rolesWorld(t)
	w.says(w.ana, "general", "/incident 1 assign commander @bo")
	w.do(w.bo.AwaitDM(w.ctx, "assigned you"))
	w.shows(roleRoom, "is now Incident commander, assigned by")
	w.shows(roleRoom, "IC @Bo Berg")

	w.contains(w.says(w.lee, "general", "/incident 1 claim commander"), "Bo Berg", "is already Incident commander")
	w.contains(w.says(w.lee, "general", "/incident 1 handover commander @ana"), "Bo Berg", "not you")
	w.contains(w.says(w.bo, roleRoom, "/incident assign commander @bo"), "is already Incident commander")

	w.says(w.bo, roleRoom, "/incident handover commander @lee db is on its second node")
	w.shows(roleRoom, "handed Incident commander over to")
	w.shows(roleRoom, "“db is on its second node”")
	w.do(w.lee.AwaitDM(w.ctx, "Incident commander"))

	w.do(w.lee.Click(w.ctx, "dm", "I can't"))
	w.shows(roleRoom, "is no longer Incident commander")
	w.shows(roleRoom, "IC unclaimed")
	w.contains(w.says(w.lee, roleRoom, "/incident leave commander"), "Nobody is Incident commander")
}

func TestWhoCannotHoldARoleIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	w := rolesWorld(t)
	for person, why := range map[string]string{
		"robot": "is a bot", "guest": "a guest", "far": "another organisation",
	} {
		w.contains(w.says(w.ana, roleRoom, "/incident assign lead @"+person), why)
	}
	w.contains(w.says(w.ana, roleRoom, "/incident assign lead"), "mention the person")
	w.contains(w.says(w.ana, roleRoom, "/incident assign pilot @bo"), "The roles are")
	w.rest()
	if strings.Contains(w.ana.Sees(roleRoom), "is now") {
		t.Errorf("somebody got a role:\n%s", w.ana.Sees(roleRoom))
	}
}

// An assignment that Slack delivers twice is told once.
func TestAnAssignmentDeliveredTwiceIsOne(t *testing.T) {
	t.Parallel()
	w := rolesWorld(t)
	w.SendTwice(1)
	w.says(w.ana, roleRoom, "/incident assign lead @bo")
	w.shows(roleRoom, "is now Technical lead")
	w.rest()
	if n := strings.Count(w.ana.Sees(roleRoom), "is now Technical lead"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if n := strings.Count(w.bo.DirectMessages(), "assigned you"); n != 1 {
		t.Errorf("%d direct messages:\n%s", n, w.bo.DirectMessages())
	}
}
