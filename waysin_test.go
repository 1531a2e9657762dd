package main

import (
	"encoding/json"
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

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
	form, err := w.ana.Form(w.ctx)
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

	_, err = w.ana.Slash(w.ctx, alertRoom, "/incident resolve rolled back")
	w.do(err)
	w.shows("alerts", ":white_check_mark:")
	w.shows("alerts", "resolved after")
	w.rest()
	_, err = w.ana.Slash(w.ctx, alertRoom, "/incident reopen")
	w.do(err)
	w.shows("alerts", "was reopened")
	w.rest()
	_, err = w.ana.Slash(w.ctx, alertRoom, "/incident resolve new disks")
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
	_, err := w.ana.Slash(w.ctx, alertRoom, "/incident resolve rolled back")
	w.do(err)
	w.shows("incidents", "resolved after")
	w.rest()
}
