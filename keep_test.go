package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// timeline is what /incident timeline shows a person in a room.
func (w *world) timeline(p *workspace.Person, room string) string {
	w.t.Helper()
	reply, err := p.Slash(w.ctx, room, "/incident timeline")
	w.do(err)
	return reply.Text
}

// remembers waits until the timeline holds the words, or no longer does.
func (w *world) remembers(room, words string, want bool) {
	w.t.Helper()
	// Nothing in Slack shows when an event is heard.
	for deadline := time.Now().Add(patience); ; {
		w.rest()
		got := w.timeline(w.ana, room)
		if strings.Contains(got, words) == want {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the timeline holds %q: %v, want %v:\n%s", words, !want, want, got)
		}
		w.do(w.Settle(w.ctx, 20*time.Millisecond))
	}
}

func (w *world) declaredRoom() string {
	w.t.Helper()
	_, err := w.lee.Slash(w.ctx, "general", "/incident new checkout returns 500")
	w.do(err)
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.do(w.Invite("lee", firstRoom, "ana"))
	w.do(w.Invite("lee", firstRoom, "bo"))
	w.rest()
	return firstRoom
}

// A message joins the timeline with its author and address however it is put there,
// and leaves when the last way is gone.
func TestStoryOfTheTimelinesMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.start(quick())
	room := w.declaredRoom()
	_, err := w.lee.Slash(w.ctx, room, "/incident status identified")
	w.do(err)
	w.do(w.bo.Says(w.ctx, room, "db01 is <full> & @ana knows"))
	w.do(w.bo.Replies(w.ctx, room, "db01 is", "since 14:00"))
	_, err = w.lee.Slash(w.ctx, room, "/incident status monitoring")
	w.do(err)

	w.do(w.ana.Pin(w.ctx, room, "db01 is"))
	w.do(w.lee.React(w.ctx, room, "db01 is", ":pushpin:"))
	w.do(w.ana.React(w.ctx, room, "since 14:00", ":pushpin:"))
	w.remembers(room, "@Bo Berg: “db01 is <full> & @Ana Lima knows” open it", true)
	w.remembers(room, "@Bo Berg: “since 14:00” open it", true)
	// Each stands at its own time.
	got := w.timeline(w.ana, room)
	if a, b, c := strings.Index(got, "Identified"), strings.Index(got, "db01"), strings.Index(got, "Monitoring"); a > b || b > c {
		t.Errorf("the message is not at its time:\n%s", got)
	}

	w.do(w.ana.Unpin(w.ctx, room, "db01 is"))
	w.remembers(room, "db01 is", true)
	w.do(w.lee.Unreact(w.ctx, room, "db01 is", ":pushpin:"))
	w.remembers(room, "db01 is", false)
	w.do(w.ana.Unreact(w.ctx, room, "since 14:00", ":pushpin:"))
	w.remembers(room, "since 14:00", false)
	// The record keeps who did what.
	if got, want := w.query(`SELECT string_agg(author, ' ' ORDER BY id) FROM entries WHERE kind = 'message_out'`), "L A"; lettered(w, got) != want {
		t.Errorf("the record is %s, want %s", lettered(w, got), want)
	}

	w.do(w.ana.MessageShortcut(w.ctx, room, "db01 is", "Add to timeline"))
	w.do(w.ana.Hears(w.ctx, "Added to the timeline"))
	w.remembers(room, "db01 is", true)
	w.do(w.ana.Click(w.ctx, room, "Take it out"))
	w.do(w.ana.Hears(w.ctx, "Taken out of the timeline"))
	w.remembers(room, "db01 is", false)
	w.do(w.ana.Says(w.ctx, "general", "lunch?"))
	w.do(w.ana.MessageShortcut(w.ctx, "general", "lunch", "Add to timeline"))
	_, err = w.ana.AwaitForm(w.ctx, "Of which incident?: ( INC-1 checkout returns 500")
	w.do(err)
	w.submit(w.ana, "Of which incident?", "INC-1 checkout returns 500")
	w.eventually("it is added", func() bool { return strings.Contains(w.ana.SeesForm(), "Added to the timeline of *INC-1*") })
	w.remembers(room, "@Ana Lima: “lunch?” open it", true)
	w.do(w.ana.ClickInForm(w.ctx, "Take it out"))
	w.eventually("it is taken out", func() bool { return strings.Contains(w.ana.SeesForm(), "Taken out") })
	w.remembers(room, "lunch", false)
}

// What happened while nobody listened is made up for: pins and reactions when the
// program starts, edits and deletions at the latest when the incident is resolved.
func TestTheTimelineCatchesUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Redelivery: []time.Duration{0}})
	m := w.start(quick())
	room := w.declaredRoom()
	for _, text := range []string{"pinned before", "pinned meanwhile", "reacted, and edited", "reacted, and deleted", "reacted, and taken back", "reacted meanwhile", "taken back meanwhile"} {
		w.do(w.bo.Says(w.ctx, room, text))
	}
	w.do(w.ana.Pin(w.ctx, room, "pinned before"))
	w.do(w.ana.React(w.ctx, room, "and edited", ":pushpin:"))
	w.do(w.ana.React(w.ctx, room, "and deleted", ":pushpin:"))
	w.do(w.ana.React(w.ctx, room, "and taken back", ":pushpin:"))
	w.do(w.ana.React(w.ctx, room, "back meanwhile", ":pushpin:"))
	w.remembers(room, "back meanwhile", true)
	w.remembers(room, "and taken back", true)
	// Muster's own card is pinned, and is not taken for somebody's.
	w.remembers(room, "and deleted", true)
	if n := strings.Count(w.timeline(w.ana, room), "open it"); n != 5 {
		t.Errorf("%d messages in the timeline:\n%s", n, w.timeline(w.ana, room))
	}
	m.stop()
	w.do(w.ana.Pin(w.ctx, room, "pinned meanwhile"))
	w.do(w.lee.React(w.ctx, room, "reacted meanwhile", ":pushpin:"))
	w.do(w.lee.React(w.ctx, room, "pinned before", ":eyes:"))
	w.do(w.ChangeMessage("bo", room, w.tsOf(room, "and edited"), "now it says more"))
	w.do(w.DeleteMessage("bo", room, w.tsOf(room, "and deleted")))
	// What was done to a pin a moment ago is newer than a look, so that this one
	// stays until the next.
	w.do(w.Settle(w.ctx, 100*time.Millisecond))
	m = w.start(quick())
	w.remembers(room, "pinned meanwhile", true)
	w.remembers(room, "reacted meanwhile", true)
	m.stop()
	w.do(w.ana.Unreact(w.ctx, room, "back meanwhile", ":pushpin:"))
	later := quick()
	later.now = func() time.Time { return time.Now().Add(2 * time.Minute) }
	w.do(w.ana.Unpin(w.ctx, room, "pinned before"))
	w.do(w.ana.Unreact(w.ctx, room, "and taken back", ":pushpin:"))
	w.start(later)
	w.remembers(room, "back meanwhile", false)
	w.remembers(room, "reacted meanwhile", true)
	_, err := w.ana.Slash(w.ctx, room, "/incident status resolved rolled back")
	w.do(err)
	w.remembers(room, "now it says more", true)
	w.remembers(room, "and deleted", false)
	w.remembers(room, "pinned meanwhile", true)
	w.remembers(room, "pinned before", false)
	w.remembers(room, "and taken back", false)
}

// Edits and deletions are followed while the program listens.
func TestTheTimelineFollowsEdits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	room := w.declaredRoom()
	w.do(w.bo.Says(w.ctx, room, "the password is hunter2"))
	ts := w.tsOf(room, "hunter2")
	w.do(w.ana.Pin(w.ctx, room, "hunter2"))
	w.remembers(room, "hunter2", true)
	w.do(w.ChangeMessage("bo", room, ts, "the password is wrong"))
	w.eventually("the edit is followed", func() bool { return strings.Contains(w.timeline(w.ana, room), "is wrong") })
	w.do(w.DeleteMessage("bo", room, ts))
	w.eventually("the deletion is followed", func() bool { return !strings.Contains(w.timeline(w.ana, room), "the password") })
	if got := w.query(`SELECT coalesce(string_agg(body, ' '), '') FROM entries`) + w.query(`SELECT coalesce(string_agg(body, ' '), '') FROM messages`); strings.Contains(got, "hunter2") {
		t.Errorf("the first words are still there: %s", got)
	}
	// What only one person in the channel may do nothing about is left alone.
	w.AddUser(workspace.User{Name: "gus", Restricted: true})
	w.do(w.Invite("lee", room, "gus"))
	w.do(w.bo.Says(w.ctx, room, "only a guest likes this"))
	w.do(w.Person("gus").React(w.ctx, room, "only a guest", ":pushpin:"))
	w.remembers(room, "only a guest", false)
}

// tsOf is the ts of the newest message with the words.
func (w *world) tsOf(channel, words string) string {
	w.t.Helper()
	found := ""
	for _, m := range w.Messages(channel) {
		if strings.Contains(m.Shown, words) {
			found = m.TS
		}
	}
	if found == "" {
		w.t.Fatalf("no message in %s says %q", channel, words)
	}
	return found
}

// lettered writes letters in place of ids.
func lettered(w *world, text string) string {
	for name, letter := range map[string]string{"ana": "A", "bo": "B", "lee": "L"} {
		text = strings.ReplaceAll(text, w.UserID(name), letter)
	}
	return text
}
