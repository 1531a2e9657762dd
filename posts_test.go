package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
	"muster/store"
)

// reactsUnheard lets Ana react to a post while no program runs, and gives its ts.
func (w *world) reactsUnheard(ts string) {
	w.t.Helper()
	db, err := store.Open(w.ctx, w.dsn)
	w.do(err)
	defer db.Close()
	w.do(db.Receive(w.ctx, "EvUnheard", []byte(`{"event_id": "EvUnheard", "event": {"type": "reaction_added", "user": "`+w.UserID("ana")+`",
		"reaction": "rotating_light", "item": {"type": "message", "channel": "`+w.ChannelID("alerts")+`", "ts": "`+ts+`"}}}`)))
}

// A post may be edited, deleted, or deleted under its replies before anybody reads it:
// the incident is there all the same, with the words that are left.
func TestAPostThatChangesBeforeItIsRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		changes func(w *world, ts string)
		title   string
	}{
		"edited":  {func(w *world, ts string) { w.do(w.ChangeMessage("bo", "alerts", ts, "disk full on db-2")) }, "INC-1  disk full on db-2"},
		"deleted": {func(w *world, ts string) { w.do(w.DeleteMessage("bo", "alerts", ts)) }, "INC-1  Alert in #alerts"},
		"deleted under its replies": {func(w *world, ts string) {
			_, err := w.Reply("lee", "alerts", ts, "looking")
			w.do(err)
			w.do(w.DeleteMessage("bo", "alerts", ts))
		}, "INC-1  Alert in #alerts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			w.alertChannel(true)
			ts, err := w.Post("bo", "alerts", "disk full on db-1")
			w.do(err)
			c.changes(w, ts)
			w.reactsUnheard(ts)
			w.start(quick())
			w.shows("incidents", c.title)
			w.rest()
		})
	}
}

// Where nobody may write below the post, who reacted is told by direct message, once.
func TestAReactionIsAnsweredWhereTheThreadIsClosed(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	alerts := w.ChannelID("alerts")
	w.Fault(workspace.Fault{
		Method: "chat.postMessage", Kind: workspace.Refuse, Code: "restricted_action_non_threadable_channel", Times: -1,
		When: func(v url.Values) bool { return v.Get("channel") == alerts },
	})
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.do(w.ana.AwaitDM(w.ctx, "*INC-1* declared from this post: #"+alertRoom))
	w.shows("alerts", ":eyes:")
	w.rest()
	w.says(w.ana, alertRoom, "/incident severity sev2")
	w.says(w.ana, alertRoom, "/incident status resolved rolled back")
	w.shows("alerts", ":white_check_mark:")
	w.rest()
	if n := strings.Count(w.ana.DirectMessages(), "declared from"); n != 1 {
		t.Errorf("ana was told %d times:\n%s", n, w.ana.DirectMessages())
	}
}

// An alert channel that is archived keeps nothing waiting.
func TestAnAlertChannelIsArchivedMeanwhile(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.shows("alerts", "declared by @Ana Lima")
	w.rest()
	w.do(w.Archive("lee", "alerts"))
	w.says(w.ana, alertRoom, "/incident status resolved rolled back")
	w.shows("incidents", "INC-1 resolved after")
	w.rest()
	w.contains(w.says(w.ana, alertRoom, "/incident show"), "rolled back")
}

// What muster says itself is no alert: who declares from it is sent to its incident.
func TestDeclaringFromWhatMusterSays(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.shows("alerts", "declared by @Ana Lima")
	w.shows("incidents", "Join channel")
	w.shows(alertRoom, "A post by Alertmanager")
	w.rest()
	for channel, words := range map[string][2]string{
		"alerts":    {"declared by", "about *INC-1* [FIRING:1] HighErrorRate. It is investigating. Go to #" + alertRoom},
		alertRoom:   {"Claim", "about *INC-1*"},
		"incidents": {"Join channel", "muster wrote this itself. To declare another incident"},
	} {
		w.do(w.ana.MessageShortcut(w.ctx, channel, words[0], "Declare as incident"))
		w.do(w.ana.AwaitSees(w.ctx, channel, words[1]))
	}
	w.quiet()
	if got := w.query(`SELECT count(*)::text FROM incidents`); got != "1" {
		t.Errorf("%s incidents", got)
	}
	if seen := formOf(w.ana); seen != "" {
		t.Errorf("a form is open:\n%s", seen)
	}
}

// A long post is not lost: the title is short, and the summary is all of it.
func TestALongPostIsKeptWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	_, err := w.AddChannel("alerts", []string{"ana", "bo", "lee"})
	w.do(err)
	w.do(w.Invite("lee", "alerts", "muster"))
	first, rest := strings.Repeat("checkout answers 500 ", 9)+"first end", strings.Repeat("and then more ", 40)+"last end"
	w.alert(first, rest)
	w.alert("disk full", rest)

	w.do(w.ana.React(w.ctx, "alerts", "first end", "rotating_light"))
	w.shows("incidents", "first end")
	w.shows("incidents", "last end")
	w.do(w.bo.MessageShortcut(w.ctx, "alerts", "disk full", "Declare as incident"))
	form, err := w.form(w.bo)
	w.do(err)
	w.contains(form.Text(), "What is wrong?: disk full", "last end")
	w.submit(w.bo)
	w.shows("incidents", "INC-2  disk full")
	w.rest()
	if got := w.query(`SELECT length(title) || ' ' || (summary LIKE 'checkout%first end%last end') FROM incidents WHERE number = 1`); got != "149 true" && got != "150 true" {
		t.Errorf("title and summary: %s", got)
	}
	if got := w.query(`SELECT (summary = $$` + rest + `$$)::text FROM incidents WHERE number = 2`); got != "true" {
		t.Errorf("the summary repeats the title: %s", got)
	}
}

// Of an incident that turned private nobody learns at the post that it came from, who
// may still become somebody else's.
func TestAPostOfAnIncidentThatTurnedPrivate(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	w.do(w.bo.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	_, err := w.form(w.bo)
	w.do(err)
	w.do(w.ana.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.submit(w.ana, "What is wrong?", "payroll leaked")
	w.shows("alerts", "*INC-1* declared by @Ana Lima")
	w.closeForms(w.ana)
	w.do(w.Convert("ana", secretRoom, true))
	w.shows(secretRoom, "PRIVATE")
	w.rest()
	w.submit(w.bo)
	w.shows("alerts", "*INC-2* declared by @Bo Berg")
	w.rest()
	if seen := w.bo.Sees("alerts") + w.bo.SeesForm(); strings.Contains(seen, "payroll") || strings.Contains(seen, "INC-1") {
		t.Errorf("bo learns of it:\n%s", seen)
	}
}

// Who reacts while no channel can be made hears what is in the way.
func TestAReactionHearsWhatIsInTheWay(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	w.Fault(workspace.Fault{Method: "conversations.create", Kind: workspace.Refuse, Code: "restricted_action", Times: -1})
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.shows("incidents", "HighErrorRate")
	w.clock.passes(time.Minute)
	w.do(w.ana.AwaitDM(w.ctx, "*INC-1* is declared and safe, but its channel can't be opened yet"))
	w.ClearFaults()
	w.clock.passes(10 * time.Minute)
	w.shows("alerts", "declared by @Ana Lima: #"+alertRoom)
	w.rest()
}

// In rooms and reviews people talk about an incident that is there already.
func TestAReactionInARoomDeclaresNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.resolve("rolled back")
	for _, channel := range []string{firstRoom, firstReview} {
		w.shows(channel, "rolled back")
		w.do(w.Join("bo", channel))
		w.do(w.bo.Says(w.ctx, channel, "it burns again"))
		w.do(w.bo.React(w.ctx, channel, "it burns again", "rotating_light"))
	}
	w.quiet()
	if got := w.query(`SELECT count(*)::text FROM incidents`); got != "1" {
		t.Errorf("%s incidents", got)
	}
	// Who means it uses the shortcut, in a thread as well.
	w.do(w.bo.Replies(w.ctx, firstRoom, "it burns again", "and search is slow"))
	thread := w.Messages(firstRoom)
	w.do(w.bo.MessageShortcutAt(w.ctx, firstRoom, thread[len(thread)-1].TS, "Declare as incident"))
	w.submit(w.bo)
	w.shows(firstRoom, "*INC-2* declared by @Bo Berg: #inc-2-and-search-is-slow")
	w.shows("inc-2-and-search-is-slow", "A post by @Bo Berg in #"+firstRoom)
	w.rest()
}

// An alert that is the same as another one is over when that one is.
func TestAnAlertThatIsADuplicateWaitsForTheOriginal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.bo, "general", "/incident new the database is down")
	w.do(w.bo.Hears(w.ctx, "declared: #inc-1-the-database-is-down"))
	w.alertChannel(true)
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.shows("alerts", "*INC-2* declared by @Ana Lima")
	w.rest()
	w.says(w.ana, "general", "/incident 2 duplicate of 1")
	w.shows("alerts", "*INC-2* is a duplicate of INC-1. Work goes on in #inc-1-the-database-is-down")
	w.rest()
	if seen := w.ana.Sees("alerts"); strings.Contains(seen, ":white_check_mark:") {
		t.Errorf("it is not over:\n%s", seen)
	}
	w.says(w.bo, "general", "/incident 1 resolve failed over")
	w.shows("alerts", "*INC-1*, of which *INC-2* is a duplicate, resolved after")
	w.eventually("the post is marked", func() bool { return strings.Count(w.ana.Sees("alerts"), ":white_check_mark:") == 2 })
	w.rest()
	w.says(w.bo, "general", "/incident 1 reopen")
	w.shows("alerts", "Work goes on in #inc-1-the-database-is-down")
	w.rest()
	if seen := w.ana.Sees("alerts"); strings.Contains(seen, ":white_check_mark:") || strings.Count(seen, "is a duplicate") != 1 {
		t.Errorf("it goes on:\n%s", seen)
	}
}
