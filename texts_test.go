package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"muster/incident"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// vile is text of up to n characters that nobody types by accident.
func vile(n int) string {
	zalgo := "Z" + strings.Repeat("\u0351\u0363", 20) + "algo"
	return incident.Shorten(hostileText+" ```x``` "+zalgo+" שלום \u202eolleh\u202c 👩\u200d👩\u200d👧 🏳️\u200d🌈 "+strings.Repeat("🔥&<> ", n), n)
}

// Every field takes the longest and the worst text that fits it: nobody is called,
// Slack refuses nothing, and the page stays a page.
func TestVileTextInEveryField(t *testing.T) {
	t.Parallel()
	w := taleWorld(t, workspace.Config{Seed: 63})
	log := &scribe{}
	w.log = zerolog.New(log).Level(zerolog.WarnLevel)
	w.start(quick())
	desk := w.desk()
	for n := 1; n <= 4; n++ {
		w.set(desk, fmt.Sprintf("severity.%d.name", n), vile(incident.MaxName-1)+fmt.Sprint(n), fmt.Sprintf("severity.%d.text", n), vile(incident.MaxSeverityText))
	}
	w.set(desk, "topic", incident.Shorten(hostileText, 150)+" {severity} {status} {commander} {ref}",
		"role.commander.name", vile(incident.MaxName), "role.commander.text", vile(incident.MaxRoleText))
	w.do(desk.AddRole(w.ctx, "<!here> *"+strings.Repeat("🔥", 30), vile(incident.MaxRoleText), incident.Act{By: "UMAX"}))

	w.do(w.lee.Shortcut(w.ctx, "Declare an incident"))
	w.submit(w.lee, "What is wrong?", vile(incident.MaxTitle), "Summary", vile(incident.MaxSummary))
	w.eventually("the room", func() bool { return w.query(`SELECT coalesce(max(channel), '') FROM rooms`) != "" })
	room := w.query(`SELECT channel FROM rooms`)
	w.eventually("the card", func() bool { return w.holds(room, "Claim") })
	w.rest() // lee is in the room
	w.closeForms(w.lee)
	w.says(w.lee, room, "/incident claim commander")
	w.says(w.lee, room, "/incident handover commander @bo "+vile(incident.MaxHandover-20))
	w.do(w.bo.AwaitDM(w.ctx, "Open channel"))
	w.says(w.lee, room, "/incident note "+vile(incident.MaxNote))
	w.says(w.lee, room, "/incident title "+vile(incident.MaxTitle-1))
	w.says(w.lee, room, "/incident summary "+vile(incident.MaxSummary-1))
	w.says(w.lee, room, "/incident severity sev1")
	w.says(w.lee, room, "/incident todo")
	w.do(w.lee.ClickInForm(w.ctx, "Add follow-up"))
	_, err := w.lee.AwaitForm(w.ctx, "What is to be done?")
	w.do(err)
	w.fits(w.submit(w.lee, "What is to be done?", vile(incident.MaxFollowUp), "Who", "Bo Berg"))
	w.closeForms(w.lee)
	w.says(w.lee, room, "/incident update")
	w.fits(w.submit(w.lee, "What changed?", vile(incident.MaxUpdate), "Impact", vile(incident.MaxAside), "Next step", vile(incident.MaxAside)))
	for _, look := range []string{"show", "timeline", "export", "todo"} {
		w.says(w.lee, room, "/incident "+look)
	}
	w.do(w.lee.OpensHome(w.ctx))
	for _, look := range []string{"list all", "find channel", "stats", "settings"} {
		w.says(w.lee, "general", "/incident "+look)
	}
	_, err = w.lee.AwaitForm(w.ctx, "User group to invite")
	w.do(err)
	w.closeForms(w.lee)
	w.says(w.lee, room, "/incident resolve")
	w.fits(w.submit(w.lee, "What fixed it?", vile(incident.MaxResolution)))
	w.shows("incidents", "resolved after")
	w.rest()
	w.says(w.lee, "general", "/incident 1 reopen")
	w.says(w.lee, "general", "/incident 1 cancel "+vile(incident.MaxResolution))
	w.shows("incidents", "cancelled")
	w.rest()
	w.neverFires()
	if said := log.String(); said != "" {
		t.Errorf("the log says\n%s", said)
	}
	if stuck := w.query(selectStuck); strings.TrimSpace(stuck) != "" {
		t.Errorf("in the way: %s", stuck)
	}
	w.eventually("a page", func() bool { return len(w.wiki.Pages()) == 1 })
	page := w.page()
	if err := wiki.WellFormed(page.Body); err != nil || strings.Contains(page.Body, "<script") || strings.Contains(page.Body, "<ac:link") {
		t.Errorf("the page: %v\n%s", err, page.Body)
	}
}

// fits fails unless a form was taken.
func (w *world) fits(o workspace.Outcome) {
	w.t.Helper()
	if len(o.Errors) > 0 {
		w.t.Errorf("the form is refused: %v", o.Errors)
	}
}

// neverFires fails if anything that was sent calls somebody or is a link.
func (w *world) neverFires() {
	w.t.Helper()
	for _, c := range w.Calls() {
		for _, sent := range append(formatted(c.Form.Get("blocks")), c.Form.Get("text")) {
			for _, fires := range []string{"<!channel", "<!here", "<!everyone", "<@U0EVERY", "<https://evil", "|login>"} {
				if strings.Contains(sent, fires) {
					w.t.Errorf("%s sends %s: %s", c.Method, fires, sent)
				}
			}
		}
	}
}
