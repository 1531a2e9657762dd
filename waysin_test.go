package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
	"muster/store"
)

// alertWorld has an alert in a channel that muster is in.
func alertWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.alertChannel(true)
	return w
}

// alertChannel makes #alerts with an alert post in it, with all its content in
// an attachment; muster is in the channel if in says so.
func (w *world) alertChannel(in bool) (ts string) {
	w.t.Helper()
	_, err := w.AddChannel("alerts", []string{"ana", "bo", "lee"})
	w.do(err)
	if in {
		w.do(w.Invite("lee", "alerts", "muster"))
	}
	return w.alert("[FIRING:1] HighErrorRate", "checkout <!channel> answers 500 & worse")
}

// alert posts one as an alert tool does.
func (w *world) alert(title, text string) string {
	w.t.Helper()
	attachments, err := json.Marshal([]map[string]any{{"color": "a30200", "fallback": title + " | http://am", "title": title, "text": text}})
	w.do(err)
	ts, err := w.PostAs(workspace.OtherApp{Name: "Alertmanager", Attachments: attachments}, "alerts")
	w.do(err)
	return ts
}

const alertRoom = "inc-1-firing-1-higherrorrate"

func TestStoryFromAnAlertPost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.start(quick())
	ts := w.alertChannel(true)
	w.do(w.ana.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	form, err := w.form(w.ana)
	w.do(err)
	for _, words := range []string{"[FIRING:1] HighErrorRate", "answers 500 & worse"} {
		if !strings.Contains(form.Text(), words) {
			t.Errorf("the form is not prefilled with %q:\n%s", words, form.Text())
		}
	}
	// Bo opens the form before Ana sends hers.
	w.do(w.bo.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.submit(w.ana)
	w.shows("alerts", "declared by @Ana Lima: #"+alertRoom)
	w.submit(w.bo, "What is wrong?", "errors")
	w.eventually("bo is told", func() bool { return strings.Contains(w.bo.SeesForm(), "@Ana Lima declared") })
	w.shows("alerts", ":eyes:")
	w.shows(alertRoom, "A post by Alertmanager in #alerts: open it")
	if !strings.Contains(w.ana.Sees(alertRoom), "answers 500 & worse") {
		t.Errorf("the room does not quote the post:\n%s", w.ana.Sees(alertRoom))
	}
	// Whoever comes later is sent there.
	w.do(w.lee.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.do(w.lee.Hears(w.ctx, "Go to #"+alertRoom))

	_, err = w.ana.Slash(w.ctx, alertRoom, "/incident status resolved rolled back")
	w.do(err)
	w.shows("alerts", ":white_check_mark:")
	w.shows("alerts", "resolved after")
	w.rest()
	_, err = w.ana.Slash(w.ctx, alertRoom, "/incident reopen")
	w.do(err)
	w.shows("alerts", "was reopened")
	w.rest()
	_, err = w.ana.Slash(w.ctx, alertRoom, "/incident status resolved new disks")
	w.do(err)
	w.shows("alerts", "new disks")
	w.rest()
	if got := w.query(`SELECT count(*) || ' ' || min(origin_key) FROM incidents`); got != "1 post:"+w.ChannelID("alerts")+":"+ts {
		t.Errorf("incidents: %s", got)
	}
	if sees := w.ana.Sees("alerts"); strings.Count(sees, "resolved after") != 1 || strings.Count(sees, "declared by") != 1 {
		t.Errorf("the alert's thread:\n%s", sees)
	}
}

func TestStoryFromAPostInAStrangeChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.alertChannel(false)
	w.do(w.ana.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.submit(w.ana)
	w.do(w.ana.Hears(w.ctx, "declared from this post: #"+alertRoom))
	w.shows(alertRoom, "A post by Alertmanager")
	w.rest()
	if sees := w.bo.Sees("alerts"); strings.Contains(sees, "declared") {
		t.Errorf("others see it:\n%s", sees)
	}
	// Whoever invites muster later has the post marked.
	w.do(w.Invite("bo", "alerts", "muster"))
	w.shows("alerts", "declared by @Ana Lima: #"+alertRoom)
	w.shows("alerts", ":eyes:")
	w.rest()
	_, err := w.ana.Slash(w.ctx, alertRoom, "/incident status resolved rolled back")
	w.do(err)
	w.shows("incidents", "resolved after")
	w.shows("alerts", ":white_check_mark:")
	w.rest()
}

func TestStoryFromAReaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.start(quick())
	ts := w.alertChannel(true)
	// Many react at once, one with a skin tone, and one uses the shortcut.
	w.do(w.lee.MessageShortcut(w.ctx, "alerts", "HighErrorRate", "Declare as incident"))
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "eyes"))
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.do(w.bo.React(w.ctx, "alerts", "HighErrorRate", "rotating_light::skin-tone-3"))
	w.do(w.lee.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.shows("alerts", "*INC-1* declared by")
	w.submit(w.lee)
	w.eventually("the form leads to the same", func() bool { return strings.Contains(w.lee.SeesForm(), "*INC-1*") })
	w.shows(alertRoom, "answers 500 & worse")
	w.quiet()
	if got := w.query(`SELECT count(*) || ' ' || min(origin_key) || ' ' || min(origin_kind) FROM incidents`); got != "1 post:"+w.ChannelID("alerts")+":"+ts+" reaction" {
		t.Errorf("incidents: %s", got)
	}
	// Neither in the room nor in the digest channel, and not on our own replies.
	w.do(w.ana.Says(w.ctx, "incidents", "look at this"))
	w.do(w.ana.React(w.ctx, "incidents", "look at this", "rotating_light"))
	w.do(w.lee.Says(w.ctx, "general", "in a strange channel"))
	w.do(w.ana.React(w.ctx, "alerts", "declared by", "rotating_light"))
	w.quiet()
	if got := w.query(`SELECT count(*)::text FROM incidents`); got != "1" {
		t.Errorf("%s incidents", got)
	}
}

func TestStoryReactionToAnUnreadablePost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.alertChannel(true)
	w.Fault(workspace.Fault{Method: "conversations.history", Kind: workspace.Refuse, Code: "channel_not_found"})
	w.start(quick())
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.shows("alerts", "*INC-1* declared by @Ana Lima")
	w.shows("inc-1-alert-in-alerts", "A post in #alerts")
	w.rest()
}

// A reaction that was received by a program that then dies is dealt with by the
// next one, once.
func TestReactionOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	ts := w.alertChannel(true)
	alerts := w.ChannelID("alerts")
	payload := `{"event_id": "Ev1", "event": {"type": "reaction_added", "user": "` + w.UserID("ana") + `", "reaction": "rotating_light",
		"item": {"type": "message", "channel": "` + alerts + `", "ts": "` + ts + `"}}}`
	db, err := store.Open(w.ctx, w.dsn)
	w.do(err)
	defer db.Close()
	for range 3 {
		w.do(db.Receive(w.ctx, "Ev1", []byte(payload)))
	}
	// Somebody took it in hand and was never heard of again.
	_, ok, _, err := db.TakeEvent(w.ctx, time.Millisecond)
	w.do(err)
	if !ok {
		t.Fatal("the event is not there")
	}
	w.start(quick())
	w.start(quick())
	w.shows("alerts", "*INC-1* declared by @Ana Lima")
	w.do(db.Receive(w.ctx, "Ev1", []byte(payload)))
	w.quiet()
	if got := w.query(`SELECT (SELECT count(*) FROM incidents) || ' ' || (SELECT count(*) FROM inbox WHERE event_id = 'Ev1')`); got != "1 1" {
		t.Errorf("incidents and events: %s", got)
	}
	w.do(db.ForgetEvents(w.ctx, 0))
	if got := w.query(`SELECT count(*)::text FROM inbox WHERE event_id = 'Ev1'`); got != "0" {
		t.Errorf("%s events are kept", got)
	}
}

// quiet waits until what people did has arrived, too.
func (w *world) quiet() {
	w.t.Helper()
	w.do(w.Settle(w.ctx, 50*time.Millisecond))
	w.rest()
}

func TestStoryFromAMention(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.start(quick())
	w.do(w.Invite("lee", "general", "muster"))
	for _, c := range []struct{ says, hears string }{
		{"@muster help", "@muster new checkout returns 500"},
		{"@muster", "What you can write to me"},
		{"@muster list", "No incident is open"},
		{"@muster new", "What is wrong?"},
		{"@muster what now?", "I don't understand “what now?”"},
		{"@muster resolve it", "/incident resolve"},
		{"@muster new checkout returns 500", "declared: #" + firstRoom},
		{"hey @muster: new checkout returns 500", "It is still open. Go to #" + firstRoom},
	} {
		w.do(w.ana.Mentions(w.ctx, "general", c.says))
		w.do(w.ana.Hears(w.ctx, c.hears))
	}
	w.quiet()
	if strings.Contains(w.bo.Sees("general"), "declared: ") {
		t.Errorf("others see the answers:\n%s", w.bo.Sees("general"))
	}
	if got := w.query(`SELECT count(*)::text FROM incidents`); got != "1" {
		t.Errorf("%s incidents", got)
	}
	// Who asks in a thread is answered there.
	ts, err := w.Post("lee", "general", "the disk of db-1 is nearly full")
	w.do(err)
	w.ResetCalls()
	w.do(w.ana.RepliesTo(w.ctx, "general", ts, "@muster new disk full"))
	w.do(w.ana.Hears(w.ctx, "declared: #inc-2-disk-full"))
	w.do(w.ana.RepliesTo(w.ctx, "general", ts, "@muster list"))
	w.do(w.ana.Hears(w.ctx, "Open incidents"))
	for _, call := range w.Calls() {
		if call.Method == "chat.postEphemeral" && call.Form.Get("thread_ts") != ts {
			t.Errorf("answered outside the thread: %v", call.Form)
		}
	}
}
