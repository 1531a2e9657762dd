package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

const secretRoom = "inc-1-payroll-leaked"

// declaresSecret lets ana declare a private incident.
func (w *world) declaresSecret() {
	w.t.Helper()
	w.says(w.ana, "general", "/incident")
	w.submit(w.ana, "What is wrong?", "payroll leaked", "Severity", "SEV1", "What kind is it?", "Private")
	form, err := w.ana.AwaitForm(w.ctx, "declared: #"+secretRoom)
	w.do(err)
	w.do(form.Close(w.ctx))
	w.rest()
}

const noSuchOne = "no incident 1 that you can see"

// What is private stays among the members of its room, and follows who comes and
// goes.
func TestStoryOfAPrivateIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	_, err := w.AddGroup("oncall", "On call", "lee")
	w.do(err)
	w.group = "oncall"
	w.start(quick())
	w.declaresSecret()
	w.shows(secretRoom, "INC-1 PRIVATE  payroll leaked")
	if !strings.Contains(w.Dump(), "#"+secretRoom+" (private) ==\nmembers: Ana Lima, muster\n") {
		t.Errorf("the group was invited:\n%s", w.Dump())
	}
	outside := func() {
		t.Helper()
		for _, line := range []string{"1", "1 timeline", "1 export", "1 claim commander", "1 note hello", "1 resolve", "1 severity sev2", "1 update"} {
			w.contains(w.says(w.bo, "general", "/incident "+line), noSuchOne)
		}
		for _, line := range []string{"list", "list all", "list mine", "find payroll", "find 1"} {
			if said := w.says(w.bo, "general", "/incident "+line); strings.Contains(said, "payroll leaked") || strings.Contains(said, "INC-1") {
				t.Errorf("%s tells bo:\n%s", line, said)
			}
		}
	}
	outside()
	for _, line := range []string{"1", "list", "find payroll", "list mine"} {
		w.contains(w.says(w.ana, "general", "/incident "+line), "payroll leaked")
	}

	// Somebody who is added is in at once, also by acting in the room.
	w.do(w.Invite("ana", secretRoom, "bo"))
	w.contains(w.says(w.bo, secretRoom, "/incident show"), "payroll leaked")
	w.rest()
	w.contains(w.says(w.bo, "general", "/incident list"), "*INC-1 PRIVATE*")
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.do(w.bo.AwaitDM(w.ctx, "INC-1"))
	w.says(w.bo, secretRoom, "/incident update")
	w.submit(w.bo, "What changed?", "keys are rotated")
	w.shows(secretRoom, "keys are rotated")

	// Who leaves is outside again, whatever they were.
	w.do(w.Leave("bo", secretRoom))
	w.rest()
	outside()

	w.says(w.ana, secretRoom, "/incident status resolved all keys rotated")
	w.shows(secretRoom+"-rca", "all keys rotated")
	w.rest()
	if sees := w.ana.Sees("incidents"); strings.Contains(sees, "INC-1") || strings.Contains(sees, "rotated") {
		t.Errorf("the digest channel was told:\n%s", sees)
	}
	for _, name := range []string{secretRoom, secretRoom + "-rca"} {
		if !strings.Contains(w.Dump(), "#"+name+" (private") {
			t.Errorf("#%s is not private:\n%s", name, w.Dump())
		}
	}
}

// A person makes the room of an incident private in Slack's settings: the incident
// follows, whatever was told of it outside is taken back, and what muster can't do is
// said in the room.
func TestStoryOfARoomThatTurnsPrivate(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 64)
	w.start(quick())
	w.alertChannel(true)
	w.do(w.ana.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.submit(w.ana, "What is wrong?", "payroll leaked")
	w.shows("alerts", "*INC-1* declared by @Ana Lima")
	w.closeForms(w.ana)
	w.says(w.ana, secretRoom, "/incident update")
	_, err := w.ana.AwaitForm(w.ctx, "What changed?")
	w.do(err)
	w.submit(w.ana, "What changed?", "keys are rotated")
	w.shows("incidents", "keys are rotated")
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.says(w.ana, secretRoom, "/incident status resolved all keys rotated")
	w.shows("alerts", "resolved after")
	w.shows(secretRoom+"-rca", "/wiki/spaces/OPS/pages/")
	w.says(w.ana, secretRoom, "/incident reopen")
	w.shows(secretRoom, "*Reopened*")
	w.rest()
	w.do(w.Leave("bo", secretRoom))
	page := w.page()

	w.do(w.Convert("ana", secretRoom, true))
	w.shows(secretRoom, "This channel was made private by @Ana Lima, and so *INC-1* is")
	w.shows(secretRoom, "#"+secretRoom+"-rca is still public")
	w.shows(secretRoom, "Restrict it in Confluence")
	w.rest()
	w.shows(secretRoom, "INC-1 PRIVATE  payroll leaked")
	for _, place := range []string{"incidents", "alerts"} {
		if seen := w.bo.Sees(place); strings.Contains(seen, "INC-1") || strings.Contains(seen, "rotated") {
			t.Errorf("#%s tells still:\n%s", place, seen)
		}
	}
	// Bo holds a role, but has left.
	w.contains(w.says(w.bo, "general", "/incident 1"), noSuchOne)
	w.contains(w.says(w.bo, "general", "/incident list"), "No incident is open")
	w.contains(w.says(w.ana, secretRoom, "/incident show"), "payroll leaked")
	w.contains(w.says(w.ana, "general", "/incident list"), "payroll leaked")

	said := w.ana.Sees(secretRoom + "-rca")
	w.says(w.ana, secretRoom, "/incident todo watch the keys")
	w.says(w.ana, secretRoom, "/incident status resolved moved the payroll")
	w.shows(secretRoom, "moved the payroll")
	w.rest()
	if now := w.ana.Sees(secretRoom + "-rca"); now != said {
		t.Errorf("the public review is told:\n%s", now)
	}
	if now := w.page(); now.Version != page.Version || len(now.Comments) != len(page.Comments) {
		t.Errorf("the public page is told: %+v", now)
	}
	w.do(w.Convert("ana", secretRoom+"-rca", true))
	w.shows(secretRoom+"-rca", "watch the keys")
	w.says(w.ana, secretRoom, "/incident title")
	_, err = w.ana.AwaitForm(w.ctx, "It is private")
	w.do(err)
}

// Who makes the channels of a private incident public again makes them so, and not the
// incident; whoever is there hears what that means.
func TestARoomThatIsPublicAgainLeavesTheIncidentPrivate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new payroll leaked")
	w.do(w.ana.Hears(w.ctx, "declared: #"+secretRoom))
	w.rest()
	w.do(w.Convert("ana", secretRoom, true))
	w.shows(secretRoom, "This channel was made private by @Ana Lima")
	w.rest()
	w.do(w.Convert("ana", secretRoom, false))
	w.shows(secretRoom, "This channel was made public by @Ana Lima: everybody can read it. *INC-1* stays private")
	w.says(w.ana, secretRoom, "/incident status resolved all keys rotated")
	review := secretRoom + "-rca"
	w.shows(review, "all keys rotated")
	w.rest()
	if seen := w.bo.Sees("incidents"); strings.Contains(seen, "INC-1") {
		t.Errorf("everybody is told:\n%s", seen)
	}
	w.contains(w.says(w.bo, "general", "/incident 1"), noSuchOne)

	w.do(w.Convert("ana", review, false))
	w.shows(secretRoom, "#"+review+" was made public by @Ana Lima")
	w.rest()
	said := w.ana.Sees(review)
	w.says(w.ana, secretRoom, "/incident title watch the keys")
	w.shows(secretRoom, "“watch the keys”")
	w.rest()
	if now := w.ana.Sees(review); now != said {
		t.Errorf("the public review is told:\n%s", now)
	}
	w.do(w.Convert("ana", review, true))
	w.shows(review, "watch the keys")
	w.shows(secretRoom, "#"+review+" is private again.")
	w.do(w.Convert("ana", secretRoom, true))
	w.shows(secretRoom, "This channel is private again.")
	w.rest()
	if n := strings.Count(w.ana.Sees(secretRoom), "was made p"); n != 3 {
		t.Errorf("%d conversions are told:\n%s", n, w.ana.Sees(secretRoom))
	}
}

// That a room was made public is noticed unheard as well: when somebody comes in, or
// after six hours.
func TestARoomThatTurnedPublicUnheard(t *testing.T) {
	t.Parallel()
	for _, joins := range []bool{true, false} {
		t.Run(fmt.Sprint("somebody joins ", joins), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			m := w.start(quick())
			w.declaresSecret()
			w.rest()
			w.do(w.Convert("ana", secretRoom, false))
			w.shows(secretRoom, "was made public by @Ana Lima")
			w.rest()
			m.stop()
			w.exec(`UPDATE rooms SET exposed = false`)
			w.start(quick())
			w.rest()
			if joins {
				w.do(w.Join("bo", secretRoom))
			} else {
				w.clock.passes(7 * time.Hour)
			}
			w.shows(secretRoom, "This channel was made public: everybody can read it. *INC-1* stays private")
			w.rest()
			if seen := w.lee.Sees("incidents"); strings.Contains(seen, "INC-1") {
				t.Errorf("everybody is told:\n%s", seen)
			}
		})
	}
}

// While nobody heard, the room became private: the first act in it tells.
func TestARoomThatTurnedPrivateUnheard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	m := w.start(quick())
	w.says(w.ana, "general", "/incident new payroll leaked")
	w.do(w.ana.Hears(w.ctx, "declared: #"+secretRoom))
	w.rest()
	m.stop()
	w.do(w.Convert("ana", secretRoom, true))
	w.start(quick())
	w.says(w.ana, secretRoom, "/incident severity sev2")
	w.shows(secretRoom, "*INC-1* is: it is out of")
	w.rest()
	if seen := w.bo.Sees("incidents"); strings.Contains(seen, "INC-1") {
		t.Errorf("everybody is told:\n%s", seen)
	}
	if n := strings.Count(w.ana.Sees(secretRoom), "was made private"); n != 1 {
		t.Errorf("it is said %d times", n)
	}
}

// Nobody hears who leaves while muster is away.
func TestWhoLeftWhileNobodyHeardIsOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	m := w.start(quick())
	w.declaresSecret()
	w.do(w.Invite("ana", secretRoom, "bo", "lee"))
	w.rest()
	w.contains(w.says(w.bo, "general", "/incident list"), "payroll leaked")
	m.stop()
	w.do(w.Kick("ana", secretRoom, "bo"))
	w.start(quick())
	w.contains(w.says(w.bo, "general", "/incident 1"), noSuchOne)
	w.contains(w.says(w.bo, "general", "/incident list"), "No incident is open")
	w.contains(w.says(w.lee, "general", "/incident 1"), "payroll leaked")
	w.eventually("lee's list has it", func() bool { return strings.Contains(w.says(w.lee, "general", "/incident list"), "payroll leaked") })
}

// The post that a private incident comes from is answered for one person alone,
// and others can still declare from it.
func TestAPrivateIncidentFromAPost(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	w.do(w.ana.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.submit(w.ana, "What is wrong?", "payroll leaked", "What kind is it?", "Private")
	w.do(w.ana.AwaitSees(w.ctx, "alerts", "*INC-1* declared from this post: #"+secretRoom))
	w.rest()
	if sees := w.bo.Sees("alerts"); strings.Contains(sees, "INC-1") || strings.Contains(sees, ":eyes:") {
		t.Errorf("bo sees at the post:\n%s", sees)
	}
	w.do(w.bo.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.submit(w.bo)
	w.shows("alerts", "*INC-2* declared by @Bo Berg")
}

// A private incident has a page where few can read it, or none.
func TestThePageOfAPrivateIncident(t *testing.T) {
	t.Parallel()
	for _, space := range []string{"", "SEC"} {
		t.Run("space "+space, func(t *testing.T) {
			t.Parallel()
			w := newWiki(t, 63)
			id := w.wiki.AddSpace("SEC")
			w.privateSpace = space
			w.start(quick())
			w.declaresSecret()
			w.says(w.ana, secretRoom, "/incident status resolved keys rotated")
			w.shows(secretRoom+"-rca", "keys rotated")
			w.rest()
			pages := w.wiki.Pages()
			switch {
			case space == "" && (len(pages) != 0 || strings.Contains(w.ana.Sees(secretRoom+"-rca"), "being created")):
				t.Errorf("%d pages:\n%s", len(pages), w.Dump())
			case space != "" && (len(pages) != 1 || pages[0].Space != id || !strings.Contains(pages[0].Title, "payroll leaked")):
				t.Errorf("pages: %+v\n%s", pages, w.Dump())
			}
		})
	}
}

// Of a room that muster was removed from, Slack says nothing. It is not asked again
// and again, and nobody comes in by that.
func TestAPrivateRoomThatCantBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	m := w.start(quick())
	w.declaresSecret()
	w.do(w.Invite("ana", secretRoom, "bo"))
	w.rest()
	m.stop()
	w.do(w.Kick("ana", secretRoom, "muster"))
	w.start(quick())
	w.eventually("it is asked once", func() bool { return w.query(`SELECT count(*) FROM rooms WHERE isfinite(members_at)`) == "1" })
	w.contains(w.says(w.lee, "general", "/incident 1"), noSuchOne)
	w.contains(w.says(w.bo, "general", "/incident list"), "No incident is open")
	// Who acts in it is in it.
	w.contains(w.says(w.bo, secretRoom, "/incident show"), "payroll leaked")
}

// What muster finds out by itself counts in private incidents, too: messages that
// are edited or deleted, pins that nobody heard of, and people who are no longer.
func TestAPrivateIncidentFollowsWhatHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Redelivery: []time.Duration{0}})
	m := w.start(quick())
	w.declaresSecret()
	w.do(w.Invite("ana", secretRoom, "bo", "lee"))
	w.says(w.bo, secretRoom, "/incident claim commander")
	w.do(w.bo.Says(w.ctx, secretRoom, "the key is 1234"))
	w.do(w.bo.Says(w.ctx, secretRoom, "it began at noon"))
	// A reaction counts whatever the record of the members says.
	w.rest()
	w.query(`WITH gone AS (UPDATE members SET present = false) UPDATE rooms SET members_at = clock_timestamp() RETURNING 1`)
	w.do(w.bo.React(w.ctx, secretRoom, "the key is", ":pushpin:"))
	w.remembers(secretRoom, "the key is 1234", true)
	ts := w.tsOf(secretRoom, "the key is")
	w.do(w.ChangeMessage("bo", secretRoom, ts, "the key is known"))
	w.remembers(secretRoom, "the key is known", true)
	w.do(w.DeleteMessage("bo", secretRoom, ts))
	w.remembers(secretRoom, "the key is known", false)

	m.stop()
	w.do(w.lee.Pin(w.ctx, secretRoom, "it began at noon"))
	w.start(quick())
	w.eventually("the pin is found", func() bool { return strings.Contains(w.timeline(w.ana, secretRoom), "it began at noon") })
	w.do(w.Deactivate("bo"))
	w.once(secretRoom, "is deactivated: Incident commander is free to claim.")
}

// A reminder that came due while it was not known who is in a private room is sent
// once it is.
func TestAPrivateReminderWaitsForTheRecord(t *testing.T) {
	t.Parallel()
	w, clock := newWorld(t, workspace.Config{}), &ahead{}
	m := w.start(clock.ticking())
	w.declaresSecret()
	w.do(w.Invite("ana", secretRoom, "bo"))
	w.rest()
	w.says(w.ana, secretRoom, "/incident todo rotate all keys @bo")
	w.do(w.bo.AwaitDM(w.ctx, "rotate all keys"))
	w.rest()
	m.stop()
	w.query(`WITH gone AS (UPDATE members SET present = false), forgot AS (UPDATE rooms SET members_at = '-infinity'),
		untold AS (DELETE FROM postings WHERE key LIKE 'todo:%')
		UPDATE reconciliations SET seen = wanted RETURNING 1`)
	before := strings.Count(w.bo.DirectMessages(), "rotate all keys")
	w.start(clock.ticking())
	w.eventually("bo is told", func() bool { return strings.Count(w.bo.DirectMessages(), "rotate all keys") > before })
}
