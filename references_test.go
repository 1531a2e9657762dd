package main

import (
	"testing"

	"muster/sandbox/workspace"
)

// What people and alerts refer to has its name wherever the text is told again, and no
// private channel has one.
func TestStoryOfReferencesInText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 93})
	for _, name := range []string{"alerts", "payments"} {
		_, err := w.AddChannel(name, []string{"ana", "bo", "lee", "muster"})
		w.do(err)
	}
	_, err := w.AddChannel("layoffs", []string{"bo"}, workspace.Private)
	w.do(err)
	_, err = w.AddGroup("oncall", "Who is on call", "ana")
	w.do(err)
	w.start(quick())

	said := "checkout is down, see #payments and #layoffs, @oncall @ana"
	w.do(w.bo.Says(w.ctx, "alerts", said))
	w.do(w.bo.MessageShortcut(w.ctx, "alerts", "checkout is down", "Declare as incident"))
	form, err := w.form(w.bo)
	w.do(err)
	_, err = form.Submit(w.ctx)
	w.do(err)
	const room = "inc-1-checkout-is-down-see-payments-and-private-channel-oncall-ana-lima"
	want := "checkout is down, see #payments and #private-channel, @oncall @Ana Lima"
	w.shows(room, want)
	w.shows("incidents", want)

	w.do(w.Invite("bo", room, "ana"))
	w.do(w.bo.Says(w.ctx, room, "the logs are in #payments, not #layoffs; @oncall knows"))
	w.do(w.bo.React(w.ctx, room, "the logs are", "pushpin"))
	w.remembers(room, "the logs are in #payments, not #private-channel; @oncall knows", true)
	w.says(w.bo, room, "/incident note see #payments and #layoffs, ask @oncall")
	w.shows(room, "see #payments and #private-channel, ask @oncall")
	w.contains(w.written(), want)
}
