package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// People type commands as they would say them, inside a room and outside.
func TestCommandsAsPeopleSayThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new SEV2: db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	w.shows(roleRoom, "*SEV2* ·")
	w.contains(w.says(w.ana, "general", "/incident new sev2 db down"), "You declared *INC-1* db down")
	w.do(w.ana.Click(w.ctx, "general", "Declare another"))
	w.do(w.ana.Hears(w.ctx, "declared: #inc-2-db-down"))
	w.eventually("the other is a SEV2, too", func() bool { return w.query(`SELECT min(severity) || ' ' || max(severity) FROM incidents`) == "2 2" })

	// Where no incident is at hand, the number may stand behind the verb.
	w.contains(w.says(w.bo, "general", "/incident sev1"), "Say which: `/incident 1 severity sev1`", "INC-2*")
	w.contains(w.says(w.bo, "general", "/incident severity 1 sev1"), "db down is now SEV1")
	w.contains(w.says(w.bo, "general", "/incident claim 2"), "You are now Incident commander of *INC-2*")
	w.contains(w.says(w.bo, "general", "/incident note 2 restarted"), "Say which: `/incident 2 note restarted`")
	w.contains(w.says(w.bo, "general", "/incident timeline 2"), "Timeline of INC-2")
	w.contains(w.says(w.bo, "general", "/incident 2 reslove"), "Did you mean `/incident 2 resolve`?", "Declare “2 reslove” instead")
	w.contains(w.says(w.bo, "general", "/incident resolve 2 made space"), "db down is resolved")
	w.contains(w.says(w.bo, "general", "/incident list closed"), "INC-2*")
	w.contains(w.says(w.bo, "general", "/incident reopen"), "Say which: `/incident 2 reopen`", "*Resolved incidents*", "INC-2*")
	w.contains(w.says(w.bo, "general", "/incident 2 assign commander"), "INC-2 is resolved; reopen it to change who does what", "[ Reopen ]")

	// A click outside the room is answered, too.
	w.contains(w.says(w.lee, "general", "/incident show 2"), "INC-2", "Reopen")
	w.do(w.lee.Click(w.ctx, "general", "Reopen"))
	w.do(w.lee.Hears(w.ctx, "db down is open again, investigating"))
	w.says(w.bo, "general", "/incident 2 leave commander")
	w.says(w.lee, "general", "/incident show 2")
	w.do(w.lee.Click(w.ctx, "general", "Claim commander"))
	w.do(w.lee.Hears(w.ctx, "You are now Incident commander of *INC-2*"))

	// In a room, only what can be nothing else.
	w.do(w.Join("bo", roleRoom))
	w.says(w.bo, roleRoom, "/incident SEV-3")
	w.shows(roleRoom, "SEV1 → SEV3")
	w.says(w.bo, roleRoom, "/incident assign commander to @ana")
	w.shows(roleRoom, "@Ana Lima is now Incident commander, assigned by @Bo Berg.")
	w.says(w.bo, roleRoom, "/incident assign @lee as tl")
	w.shows(roleRoom, "@Lee Wong is now Technical lead, assigned by @Bo Berg.")
	w.contains(w.says(w.bo, roleRoom, "/incident monitoring"), "Did you mean `/incident status monitoring`?")
	w.do(w.bo.Click(w.ctx, roleRoom, "/incident status monitoring"))
	w.submit(w.bo, "Status", "Monitoring")
	w.shows(roleRoom, "Investigating → Monitoring")
	w.says(w.bo, roleRoom, "/incident comms")
	w.do(w.bo.Click(w.ctx, roleRoom, "/incident claim comms"))
	w.shows(roleRoom, "@Bo Berg is now Communications liaison.")
	w.says(w.lee, "general", "/incident 2 resolve made space again")
	w.contains(w.says(w.bo, roleRoom, "/incident resolve INC-2"), "INC-2 is already resolved")
	w.says(w.bo, roleRoom, "/incident status resolved failed over")
	w.shows(roleRoom, "by @Bo Berg: failed over")

	// The room may stand for the number.
	w.contains(w.says(w.lee, "general", "/incident #inc-2-db-down reopen"), "db down is now SEV2, investigating")
	w.contains(w.says(w.lee, "general", "/incident show #inc-2-db-down"), "*INC-2* db down")
	w.contains(w.says(w.lee, "general", "/incident #inc-2-db-down reslove"), "Did you mean `/incident 2 resolve`?")
	w.contains(w.says(w.lee, "general", "/incident 2 note see #"+roleRoom), "Your note is in the timeline of *INC-2*")
	w.contains(w.says(w.lee, "general", "/incident 2 timeline"), "see #"+roleRoom)
	w.contains(w.says(w.lee, "general", "/incident #inc-2-db-down duplicate of #"+roleRoom), "is now a duplicate of INC-1")

	// A title may say how bad it is.
	w.says(w.lee, "general", "/incident sev3 search is slow")
	form, err := w.form(w.lee)
	w.do(err)
	w.contains(form.Text(), "What is wrong?: search is slow", "( SEV3 ▾ )")
	w.rest()

	w.do(w.Invite("lee", "general", "muster"))
	for says, hears := range map[string]string{
		"@muster 2 resolve it": "`/incident 2 resolve`", "@muster lsit": "Did you mean `@muster list`?", "@muster close": "Did you mean `/incident resolve`?",
	} {
		w.do(w.bo.Mentions(w.ctx, "general", says))
		w.do(w.bo.Hears(w.ctx, hears))
	}
}

// Who says that theirs is the same as one that ended meanwhile is told so, and theirs
// stays open: what they see goes on.
func TestTheSameAsWhatEndedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new checkout returns 500")
	w.do(w.ana.Hears(w.ctx, "declared: #"+firstRoom))
	w.says(w.bo, "general", "/incident new checkout answers 500")
	w.do(w.bo.AwaitSees(w.ctx, "general", "It is the same: join INC-1"))
	w.says(w.ana, firstRoom, "/incident status resolved rolled back")
	w.shows("incidents", "INC-1 resolved after")
	w.do(w.bo.Click(w.ctx, "general", "It is the same: join INC-1"))
	w.do(w.bo.Hears(w.ctx, "INC-1 was resolved meanwhile, so INC-2 stays open"))
	w.rest()
	if got := w.query(`SELECT string_agg(status, ' ' ORDER BY number) FROM incidents`); got != "resolved investigating" {
		t.Errorf("incidents: %s", got)
	}
	if strings.Contains(w.ana.Sees(firstRoom), "Bo Berg has joined") {
		t.Errorf("bo is in the room of what ended:\n%s", w.ana.Sees(firstRoom))
	}
	// Who knows better says so.
	w.contains(w.says(w.bo, "general", "/incident 2 duplicate of 1"), "a duplicate of INC-1")
	w.rest()
}

// A long text that a command can't take is given back: Slack has forgotten it.
func TestALongTextIsGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	long := strings.Repeat("rolled back ", 60) + "and the end"
	w.contains(w.says(w.ana, roleRoom, "/incident 1 resolve "+long), "characters; 500 fit", "It is not kept", "and the end")
	w.contains(w.says(w.ana, roleRoom, "/incident note "+strings.Repeat(long, 5)), "characters; 2000 fit", "This is what you typed", "and the end")
	w.contains(w.says(w.ana, "general", "/incident 9 resolve "+long), "no incident 9 that you can see", "and the end")
	if got := w.says(w.ana, roleRoom, "/incident severity sev9"); strings.Contains(got, "typed") {
		t.Errorf("a short one is given back:\n%s", got)
	}
	w.contains(w.says(w.ana, roleRoom, "/incident show"), "Investigating")
}

// By command, what is more than a line is kept.
func TestATitleOfSeveralLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down\nsince 14:00\nsee the graph")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	w.shows("incidents", "since 14:00")
	w.rest()
	if got := w.query(`SELECT title || '|' || summary FROM incidents`); got != "db down|db down\nsince 14:00\nsee the graph" {
		t.Errorf("%q", got)
	}
	for _, length := range []int{150, 151} {
		w.says(w.ana, "general", "/incident")
		outcome := w.submit(w.ana, "What is wrong?", strings.Repeat("é", length))
		if refused := outcome.Errors["What is wrong?"]; (refused != "") != (length > 150) {
			t.Errorf("%d characters: %q", length, refused)
		}
		w.closeForms(w.ana)
	}
}

// All that the card's More button leads to is there, a note among it.
func TestANoteFromThePanel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	w.shows(roleRoom, "More")
	w.rest()
	w.do(w.ana.Click(w.ctx, roleRoom, "More"))
	form, err := w.ana.AwaitForm(w.ctx, "*INC-1* db down")
	w.do(err)
	w.contains(form.Text(), "Post update", "Resolve", "Edit", "Duplicate", "Cancel incident", "Note", "Follow-ups", "Export")
	w.do(w.ana.ClickInForm(w.ctx, "Note"))
	_, err = w.ana.AwaitForm(w.ctx, "What happened?")
	w.do(err)
	if outcome := w.submit(w.ana, "What happened?", " \u200b "); outcome.Errors["What happened?"] == "" {
		t.Errorf("a note of nothing is taken: %+v", outcome)
	}
	form, err = w.form(w.ana)
	w.do(err)
	w.do(form.Fill("What happened?", "restarted the *database*\nand the cache"))
	_, err = form.SubmitTwice(w.ctx)
	w.do(err)
	w.shows(roleRoom, "*Note* by @Ana Lima")
	w.rest()
	if n := strings.Count(w.ana.Sees(roleRoom), "restarted the *database*"); n != 1 {
		t.Errorf("it is told %d times:\n%s", n, w.ana.Sees(roleRoom))
	}
}

// Slack sends ids of people whom somebody mentions; others read names.
func TestWhoIsMentionedIsCalledByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	const room = "inc-1-ask-lee-wong-about-the-db"
	w.says(w.bo, "general", "/incident new ask @lee about the db")
	w.do(w.bo.Hears(w.ctx, "declared: #"+room))
	w.shows("incidents", "INC-1  ask @Lee Wong about the db")
	w.contains(w.says(w.bo, "general", "/incident note @lee restarts it"), "Say which: `/incident 1 note @Lee Wong restarts it`", "Declare “note @Lee Wong restarts it” instead")
	for _, line := range []string{
		"note @lee restarts it", "summary @lee knows more", "todo let @lee write it down @ana by 2030-01-31",
		"handover commander @lee @ana knows the rest",
	} {
		w.says(w.bo, room, "/incident claim commander")
		w.says(w.bo, room, "/incident "+line)
	}
	w.says(w.bo, room, "/incident resolve @lee restarted it")
	form, err := w.form(w.bo)
	w.do(err)
	_, err = form.Submit(w.ctx)
	w.do(err)
	for _, words := range []string{
		"@Lee Wong restarts it", "@Lee Wong knows more", "let @Lee Wong write it down · @Ana Lima", "@Ana Lima knows the rest", "@Lee Wong restarted it",
	} {
		w.shows(room, words)
	}
	w.rest()
	if said := w.query(`SELECT coalesce(string_agg(e::text, E'\n'), '') FROM entries e WHERE e::text ~ '@U[A-Z0-9]{6,}'`); said != "" {
		t.Errorf("ids are shown:\n%s", said)
	}

	w.says(w.bo, "general", "/incident ask @lee about the queue")
	_, err = w.form(w.bo)
	w.do(err)
	w.contains(w.bo.SeesForm(), "ask @Lee Wong about the queue")
}
