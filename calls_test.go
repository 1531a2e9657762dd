package main

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"muster/sandbox/workspace"
)

// turnstile holds the answers to a program's calls until it is told to let one go, so
// that a test sees which calls are made side by side and what waits for what.
type turnstile struct {
	w *world
	// digest is the id of the digest channel: posting there is called "digest",
	// elsewhere "card".
	digest string

	mu    sync.Mutex
	calls map[string]*heldCall
	order []string // "begins card", "ends card"
}

type heldCall struct {
	begun, free chan struct{}
	times       int
}

func (w *world) turnstile() *turnstile {
	g := &turnstile{w: w, digest: w.ChannelID("incidents"), calls: map[string]*heldCall{}}
	w.OnCall(g.see)
	w.t.Cleanup(func() { w.OnCall(nil) })
	return g
}

func (g *turnstile) name(c workspace.Call) string {
	switch {
	case c.Method != "chat.postMessage":
		return c.Method
	case c.Form.Get("channel") == g.digest:
		return "digest"
	default:
		return "card"
	}
}

func (g *turnstile) see(c workspace.Call) workspace.Verdict {
	name := g.name(c)
	h := g.call(name)
	if c.Phase == workspace.After {
		return workspace.Verdict{Wait: h.free}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.order = append(g.order, "begins "+name)
	if h.times++; h.times == 1 {
		close(h.begun)
	}
	return workspace.Verdict{}
}

func (g *turnstile) call(name string) *heldCall {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.calls[name] == nil {
		g.calls[name] = &heldCall{begun: make(chan struct{}), free: make(chan struct{})}
	}
	return g.calls[name]
}

// begin waits until calls are under way at the same time: none of them has been
// answered.
func (g *turnstile) begin(names ...string) {
	g.w.t.Helper()
	for _, name := range names {
		select {
		case <-g.call(name).begun:
		case <-time.After(patience):
			g.w.t.Fatalf("%s is not called; so far: %s; in the way: %s", name, g.order, g.w.query(selectStuck))
		}
	}
}

// answer lets the answer to a call go.
func (g *turnstile) answer(name string) {
	h := g.call(name)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.order = append(g.order, "ends "+name)
	close(h.free)
}

// after checks that a call began only when another was answered.
func (g *turnstile) after(later, earlier string) {
	g.w.t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if slices.Index(g.order, "begins "+later) < slices.Index(g.order, "ends "+earlier) {
		g.w.t.Errorf("%s does not wait for %s: %s", later, earlier, g.order)
	}
}

// counts are the calls so far by method.
func (w *world) counts() map[string]int {
	counts := map[string]int{}
	for _, c := range w.Calls() {
		counts[c.Method]++
	}
	return counts
}

// makes checks which calls were made since the last time, once all is at rest.
func (w *world) makes(what string, want map[string]int) {
	w.t.Helper()
	w.rest()
	if d := cmp.Diff(want, w.counts()); d != "" {
		w.t.Errorf("%s (-want +got calls):\n%s", what, d)
	}
	w.ResetCalls()
}

// connected waits until both sockets of the only program stand: what it asks Slack for
// them and for its start is asked by then.
func (w *world) connected() {
	w.t.Helper()
	w.eventually("two sockets", func() bool { return len(w.Sockets()) == 2 })
}

// running is a world with an open incident, where all is at rest.
func running(t *testing.T, s seams) (*world, *muster) {
	w := newWorld(t, workspace.Config{Seed: 1, PageSize: 100})
	m := w.start(s)
	w.connected()
	_, err := w.ana.Slash(w.ctx, "general", "/incident new db down")
	w.do(err)
	w.shows("inc-1-db-down", "Claim")
	w.rest()
	w.ResetCalls()
	return w, m
}

// TestADeclarationTakesThreeCallsOneAfterTheOther holds every answer: the room can
// be used after the channel, the card and the pin, whatever the rest does.
func TestADeclarationTakesThreeCallsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	// The event that muster came into the digest channel begins a pass anew. It is
	// not sent again, which could be after the declaration.
	w := newWorld(t, workspace.Config{Seed: 1, Redelivery: []time.Duration{}})
	// The test holds the answers for as long as the machine takes.
	patient := quick()
	patient.callTimeout, patient.lease = time.Minute, time.Minute
	w.start(patient)
	w.connected()
	_, err := w.ana.Slash(w.ctx, "general", "/incident")
	w.do(err)
	form, err := w.form(w.ana)
	w.do(err)
	w.do(form.Fill("What is wrong?", "db down"))
	// Who she is is asked once the form is there.
	w.eventually("ana is known", func() bool { return w.counts()["users.info"] == 1 })
	w.ResetCalls()

	g := w.turnstile()
	const answer = "views.update"
	_, err = form.Submit(w.ctx) // acknowledged while nothing is answered yet
	w.do(err)
	g.begin("conversations.create")
	g.answer("conversations.create")
	g.begin("card", "conversations.invite", "conversations.setTopic", "digest")
	g.answer("card")
	g.begin("pins.add")
	g.answer("conversations.invite")
	g.begin(answer)
	g.answer("pins.add")
	g.answer("digest")
	g.begin("bookmarks.add")
	g.answer(answer)
	g.answer("bookmarks.add")
	g.answer("conversations.setTopic")

	for _, later := range []string{"card", "conversations.invite", "conversations.setTopic", "digest"} {
		g.after(later, "conversations.create")
	}
	g.after("pins.add", "card")
	g.after("bookmarks.add", "digest")
	g.after(answer, "card")
	g.after(answer, "conversations.invite")
	w.makes("declaring", map[string]int{
		"conversations.create": 1, "chat.postMessage": 2, "conversations.invite": 1, "conversations.setTopic": 1,
		"pins.add": 1, answer: 1, "bookmarks.add": 1,
	})
}

func TestASeverityChangeIsOnePostTwoEditsOneTopic(t *testing.T) {
	t.Parallel()
	w, _ := running(t, quick())
	_, err := w.ana.Slash(w.ctx, "inc-1-db-down", "/incident severity sev2")
	w.do(err)
	w.makes("a change", map[string]int{"chat.postMessage": 1, "chat.update": 2, "conversations.setTopic": 1})
}

func TestWhatChangesNothingSaysNothing(t *testing.T) {
	t.Parallel()
	w, m := running(t, quick())
	const room = "inc-1-db-down"
	nothing := map[string]int{}
	for _, line := range []string{"severity sev4", "status investigating", "show", "list"} {
		answer, err := w.ana.Slash(w.ctx, room, "/incident "+line)
		w.do(err)
		if answer.Text == "" {
			t.Errorf("%s: no answer", line)
		}
		w.makes(line, nothing)
	}
	for _, label := range []string{"Severity", "Status"} {
		w.do(w.ana.Click(w.ctx, room, label))
		w.submit(w.ana)
		w.makes("the form "+label+", saved as it was", map[string]int{"views.open": 1})
	}
	m.stop()
	w.makes("stopping", nothing)
}

// TestAStartMakesFourCalls starts again where all is done: who we are, whether the
// digest channel is still ours, and two sockets; and looks what was pinned and got a
// :pushpin: in the room that is open.
func TestAStartMakesFourCalls(t *testing.T) {
	t.Parallel()
	w, m := running(t, quick())
	m.stop()
	w.ResetCalls()
	m = w.start(quick())
	w.connected()
	w.eventually("a look at the pins", func() bool { return w.counts()["pins.list"] > 0 })
	w.rest()
	m.stop()
	w.makes("starting", map[string]int{"auth.test": 1, "conversations.info": 1, "apps.connections.open": 2, "pins.list": 1, "conversations.history": 1})
}

// handClock is a clock that a test moves.
type handClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *handClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// passes moves the clock on and wakes the program, which sleeps by the real one.
// Then it waits until the program has done what is due.
func (w *world) passes(c *handClock, db *pgx.Conn, d time.Duration) {
	w.t.Helper()
	c.mu.Lock()
	c.at = c.at.Add(d)
	c.mu.Unlock()
	const due = `SELECT count(*) FROM reconciliations WHERE claimed_until > now() OR seen < wanted AND retry_at <= $1`
	for deadline := time.Now().Add(patience); ; {
		_, err := db.Exec(w.ctx, `SELECT pg_notify('muster', 'clock 0')`)
		w.do(err)
		var left int
		w.do(db.QueryRow(w.ctx, due, c.now()).Scan(&left))
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the program does not do what is due at %s", c.now())
		}
		w.do(w.Settle(w.ctx, 5*time.Millisecond))
	}
}

// edits are the arguments of the edits in a channel so far.
func (w *world) edits(channel string) (list []url.Values) {
	for _, c := range w.Calls() {
		if c.Method == "chat.update" && c.Form.Get("channel") == w.ChannelID(channel) {
			list = append(list, c.Form)
		}
	}
	return list
}

// TestABurstOfChangesIsFewEdits changes the severity 20 times within 5 s, by a
// clock that the test moves, with the intervals of the real program.
func TestABurstOfChangesIsFewEdits(t *testing.T) {
	t.Parallel()
	clock := &handClock{at: time.Date(2025, 3, 4, 12, 0, 0, 0, time.UTC)}
	w, _ := running(t, seams{now: clock.now, apart: time.Millisecond})
	db, err := pgx.Connect(w.ctx, w.dsn)
	w.do(err)
	t.Cleanup(func() { _ = db.Close(w.ctx) })
	w.passes(clock, db, time.Minute)

	const changes = 20
	for n := range changes {
		_, err := w.ana.Slash(w.ctx, "general", fmt.Sprintf("/incident 1 severity sev%d", n%4+1))
		w.do(err)
		w.passes(clock, db, 5*time.Second/changes)
	}
	for range 15 {
		w.passes(clock, db, time.Second)
	}
	w.rest()
	for _, channel := range []string{"incidents", "inc-1-db-down"} {
		edits := w.edits(channel)
		if n := len(edits); n == 0 || n > 3 {
			t.Errorf("%d edits in #%s, want at most 3", n, channel)
		} else if last := edits[n-1].Get("blocks"); !strings.Contains(last, "SEV4") {
			t.Errorf("#%s does not show the last state: %s", channel, last)
		}
	}
	counts := w.counts()
	if counts["conversations.setTopic"] > 3 || counts["chat.postMessage"] != changes {
		t.Errorf("calls %v, want at most 3 topics and %d posts", counts, changes)
	}
	methods := slices.Sorted(maps.Keys(counts))
	if want := []string{"chat.postMessage", "chat.update", "conversations.setTopic"}; !slices.Equal(methods, want) {
		t.Errorf("calls %v, want only %v", methods, want)
	}
}
