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
	w.contains(w.says(w.ana, roleRoom, "/incident assign lead @zoe ask @bo"), "nobody here as @zoe")
	w.contains(w.says(w.ana, roleRoom, "/incident assign @bo"), "Say which role")
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

// The form gives, claims and leaves roles, and says beside the field what does not
// work. The person who gets one reads what they need, and can pass it on from there.
func TestTheFormOfTheRoles(t *testing.T) {
	t.Parallel()
	w := rolesWorld(t)
	w.do(w.ana.Click(w.ctx, roleRoom, "Roles"))
	form, err := w.form(w.ana)
	w.do(err)
	for _, c := range []struct{ label, value, beside, why string }{
		{"", "", "Person", "Say who gets it"},
		{"Person", "robot", "Person", "is a bot"},
		{"Person", "guest", "Person", "belongs to a guest"},
		{"What", "Claim it for myself", "Person", "Leave this empty"},
	} {
		if c.label != "" {
			w.do(form.Fill(c.label, c.value))
		}
		outcome, err := form.Submit(w.ctx)
		w.do(err)
		if !strings.Contains(outcome.Errors[c.beside], c.why) {
			t.Errorf("%s %s: %+v", c.label, c.value, outcome)
		}
	}
	w.submit(w.ana, "Role", "Technical lead", "What", "Give it to somebody", "Person", "bo", "Note", "the <db> is & was down")
	w.shows(roleRoom, "is now Technical lead, assigned by")
	w.do(w.bo.AwaitDM(w.ctx, "assigned you"))
	told := w.bo.DirectMessages()
	for _, words := range []string{"INC-1", "db down", "Ana Lima", "Technical lead", "“the <db> is & was down”", "Open channel", "Hand over", "I can't"} {
		if !strings.Contains(told, words) {
			t.Errorf("the direct message does not show %q:\n%s", words, told)
		}
	}

	w.do(w.bo.Click(w.ctx, "dm", "Hand over"))
	_, err = w.bo.AwaitForm(w.ctx, "Technical lead")
	w.do(err)
	w.submit(w.bo, "Person", "lee", "Note", "you know it")
	w.shows(roleRoom, "handed Technical lead over to")

	w.do(w.lee.AwaitDM(w.ctx, "“you know it”"))
	w.do(w.lee.Click(w.ctx, "dm", "I can't"))
	w.do(w.lee.AwaitDM(w.ctx, "You are no longer Technical lead"))
	w.shows(roleRoom, "is no longer Technical lead")

	w.says(w.lee, roleRoom, "/incident assign commander")
	w.submit(w.lee, "What", "Claim it for myself")
	w.shows(roleRoom, "IC @Lee Wong")
	w.do(w.lee.Click(w.ctx, roleRoom, "Roles"))
	w.submit(w.lee, "What", "Leave it")
	w.shows(roleRoom, "IC unclaimed")
}

// Who opened the form before somebody else claimed is told of it, and may insist.
func TestARoleFormThatIsOlderThanAClaim(t *testing.T) {
	t.Parallel()
	w := rolesWorld(t)
	w.do(w.ana.Click(w.ctx, roleRoom, "Roles"))
	_, err := w.form(w.ana)
	w.do(err)
	w.says(w.lee, "general", "/incident 1 claim commander")
	outcome := w.submit(w.ana, "Person", "bo")
	if !strings.Contains(outcome.Errors["Person"], "Lee Wong became Incident commander meanwhile") {
		t.Errorf("not told: %+v", outcome)
	}
	w.submit(w.ana)
	w.shows(roleRoom, "instead of")
}

// Of two who claim at once, one gets the role and the other reads who.
func TestTwoClaimsAtOnce(t *testing.T) {
	t.Parallel()
	w := rolesWorld(t)
	answers := make(chan string, 2)
	for _, p := range []*workspace.Person{w.bo, w.lee} {
		go func() {
			reply, err := p.Slash(w.ctx, "general", "/incident 1 claim commander")
			if err != nil {
				t.Error(err)
			}
			answers <- reply.Text
		}()
	}
	won, lost := <-answers, <-answers
	if strings.Contains(lost, "You are now") {
		won, lost = lost, won
	}
	w.contains(won, "You are now Incident commander")
	w.contains(lost, "is already Incident commander")
	w.rest()
	if n := strings.Count(w.ana.Sees(roleRoom), "is now Incident commander"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if n := strings.Count(w.bo.DirectMessages()+w.lee.DirectMessages(), "You claimed it"); n != 1 {
		t.Errorf("%d direct messages", n)
	}
}

// A click that comes twice, and one that is repeated, leave the role once.
func TestLeavingTwiceIsLeavingOnce(t *testing.T) {
	t.Parallel()
	w := rolesWorld(t)
	w.says(w.ana, roleRoom, "/incident assign lead @bo")
	w.do(w.bo.AwaitDM(w.ctx, "I can't"))
	w.SendTwice(1)
	w.do(w.bo.Click(w.ctx, "dm", "I can't"))
	w.do(w.bo.Click(w.ctx, "dm", "I can't"))
	w.rest()
	if n := strings.Count(w.ana.Sees(roleRoom), "is no longer Technical lead"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// Who left the room and gets a role is added again; who gives it up is left alone.
func TestARoleBringsItsHolderBack(t *testing.T) {
	t.Parallel()
	w := rolesWorld(t)
	in := func() bool { return strings.Contains(w.Dump(workspace.Only(roleRoom)), "members: Ana Lima, Bo Berg,") }
	w.says(w.ana, roleRoom, "/incident assign lead @bo")
	w.eventually("bo is in the room", in)
	w.rest()
	w.do(w.Leave("bo", roleRoom))
	w.says(w.ana, roleRoom, "/incident severity sev2")
	w.rest()
	if in() {
		t.Error("who left was fetched back without a reason")
	}
	w.says(w.ana, roleRoom, "/incident assign comms @bo")
	w.eventually("bo is in the room again", in)
	w.rest()
	w.do(w.Leave("bo", roleRoom))
	w.says(w.bo, "general", "/incident 1 leave comms")
	w.rest()
	if in() {
		t.Error("who gave a role up was fetched back")
	}
}

// Roles of one's own are claimed, given, listed and found like the stock ones; the
// card then shows one list.
func TestRolesOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.query(`WITH made AS (INSERT INTO roles (key, name, definition, position)
		VALUES ('scribe', 'Scribe', 'Writes everything down.', 10), ('legal', 'Legal & <privacy>', '', 11) RETURNING key)
		SELECT count(*) FROM made`)
	w.says(w.ana, "general", "/incident new db down")
	w.shows(roleRoom, "Scribe: _unclaimed_")
	if strings.Contains(w.ana.Sees(roleRoom), "[ Claim ]") {
		t.Errorf("five roles have buttons of their own:\n%s", w.ana.Sees(roleRoom))
	}
	w.eventually("ana in the room", func() bool { return strings.Contains(w.Dump(workspace.Only(roleRoom)), "members: Ana Lima") })
	w.says(w.ana, roleRoom, "/incident claim scribe")
	w.shows(roleRoom, "Scribe: @Ana Lima")
	w.do(w.ana.AwaitDM(w.ctx, "Writes everything down."))
	w.do(w.ana.Click(w.ctx, roleRoom, "Roles"))
	w.submit(w.ana, "Role", "Legal & <privacy>", "Person", "bo")
	w.shows(roleRoom, "Legal & <privacy>: @Bo Berg")
	w.contains(w.says(w.bo, "general", "/incident 1 show"), "Scribe: @Ana Lima", "Legal & <privacy>: @Bo Berg")
	w.says(w.ana, roleRoom, "/incident handover scribe @lee page 4")
	w.shows(roleRoom, "handed Scribe over to @Lee Wong. “page 4”")
	w.says(w.bo, "general", "/incident 1 leave legal")
	w.shows(roleRoom, "is no longer Legal & <privacy>")
}

// Who typed in the room when they took a role is there, and needs no invitation. Who
// clicked may have looked at the channel without being in it.
func TestOnlyWhoMayBeOutsideIsInvited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	w.do(w.Join("lee", roleRoom))
	w.rest()
	invited := func(act func()) int {
		w.ResetCalls()
		act()
		w.rest()
		return w.counts()["conversations.invite"]
	}
	if n := invited(func() { w.says(w.lee, roleRoom, "/incident claim lead") }); n != 0 {
		t.Errorf("who typed in the room is invited by %d calls", n)
	}
	if n := invited(func() { w.says(w.bo, "general", "/incident 1 claim comms") }); n != 1 {
		t.Errorf("who typed elsewhere is invited by %d calls", n)
	}
	if !strings.Contains(w.firstMembers(), "Bo Berg") {
		t.Error("bo is not in the room")
	}
	// They leave, and click on the card that they still see.
	w.do(w.Leave("ana", roleRoom))
	w.rest()
	if n := invited(func() { w.do(w.ana.Click(w.ctx, roleRoom, "Claim")) }); n != 1 {
		t.Errorf("who clicked is invited by %d calls", n)
	}
	// A role that was left by its holder, who left the room, is none that they typed for.
	w.says(w.lee, roleRoom, "/incident leave lead")
	w.do(w.Leave("lee", roleRoom))
	if n := invited(func() { w.says(w.ana, roleRoom, "/incident assign lead @lee") }); n != 1 {
		t.Errorf("who was given a role is invited by %d calls", n)
	}
	if !strings.Contains(w.firstMembers(), "Lee Wong") {
		t.Error("lee is not in the room")
	}
}
