package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

const briefed = "You have come to"

// Who comes later is told how things stand, once, and nobody else is.
func TestStoryOfALateJoiner(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new checkout returns 500")
	w.do(w.ana.Hears(w.ctx, "declared: #"+firstRoom))
	w.shows(firstRoom, "Claim")
	w.says(w.ana, firstRoom, "/incident claim commander")
	w.says(w.ana, firstRoom, "/incident summary since the deploy of 14:00")
	w.says(w.ana, firstRoom, "/incident update")
	w.submit(w.ana, "What changed?", "rolled back in 2 of 4 clusters")
	w.shows(firstRoom, "rolled back in 2 of 4")
	w.rest()

	w.do(w.Join("bo", firstRoom))
	w.do(w.bo.AwaitSees(w.ctx, firstRoom, briefed))
	w.contains(w.bo.Sees(firstRoom), "*INC-1* checkout returns 500", "since the deploy of 14:00", "“rolled back in 2 of 4 clusters”",
		"Incident commander: @Ana Lima", "Technical lead is free")
	w.do(w.bo.ClickOn(w.ctx, firstRoom, "Technical lead is free", "Claim"))
	w.rest()
	if holders := w.query(`SELECT count(*) FROM assignments WHERE holder = '` + w.UserID("bo") + `'`); holders != "1" {
		t.Errorf("bo holds %s roles", holders)
	}
	w.do(w.Leave("bo", firstRoom))
	w.do(w.Invite("ana", firstRoom, "bo", "lee"))
	w.do(w.lee.AwaitSees(w.ctx, firstRoom, briefed))
	w.rest()
	for person, want := range map[*workspace.Person]int{w.ana: 0, w.bo: 2, w.lee: 1} {
		if got := strings.Count(person.Sees(firstRoom), briefed); got != want {
			t.Errorf("%s was briefed %d times, not %d:\n%s", person.Name(), got, want, person.Sees(firstRoom))
		}
	}
}

// The first ones, guests and other apps are not briefed.
func TestWhoIsNotBriefed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	_, err := w.AddGroup("oncall", "On call", "lee")
	w.do(err)
	w.group = "oncall"
	w.AddUser(workspace.User{Name: "guest", Restricted: true})
	w.start(quick())
	w.says(w.ana, "general", "/incident new checkout returns 500")
	w.do(w.ana.Hears(w.ctx, "declared: #"+firstRoom))
	w.shows(firstRoom, "Claim")
	w.do(w.Invite("ana", firstRoom, "guest"))
	w.do(w.Join("bo", firstRoom))
	w.do(w.bo.AwaitSees(w.ctx, firstRoom, briefed))
	w.rest()
	for _, person := range []*workspace.Person{w.ana, w.lee, w.Person("guest")} {
		if sees := person.Sees(firstRoom); strings.Contains(sees, briefed) {
			t.Errorf("%s was briefed:\n%s", person.Name(), sees)
		}
	}
}
