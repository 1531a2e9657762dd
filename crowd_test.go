package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// crowd is many people who do things at a rate, whatever the answers take. What
// Slack tells them did not work they do again.
type crowd struct {
	w *world
	// every is the time between two acts.
	every time.Duration
	rooms []string

	acts    sync.WaitGroup
	notes   atomic.Int64
	updates atomic.Int64
	// deaf counts acts for which there was no socket, and cut those whose socket Slack
	// replaced before they could be acknowledged.
	deaf, cut atomic.Int64

	mu   sync.Mutex
	took []time.Duration // until acknowledged
	// unsure counts, for each note, how often Slack said that it was not heard. It
	// may have been, when only the acknowledgement was lost with its socket.
	unsure map[string]int
}

func newCrowd(w *world, rooms []string) *crowd {
	return &crowd{w: w, every: 20 * time.Millisecond, rooms: rooms, unsure: map[string]int{}}
}

// works lets the crowd act until done is closed: notes in all rooms, and one
// update after the other by form in the first.
func (c *crowd) works(done <-chan struct{}) {
	c.acts.Go(func() { c.sendForms(done) })
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-done:
			c.acts.Wait()
			return
		case <-tick.C:
			c.acts.Go(func() { c.note(n) })
		}
	}
}

func (c *crowd) note(n int) {
	text := fmt.Sprintf("observation %d.", n)
	for c.w.ctx.Err() == nil {
		began := time.Now()
		d := c.w.DeliverCommand("ana", c.rooms[n%len(c.rooms)], "/incident note "+text)
		if d.Err == nil {
			c.mu.Lock()
			c.took = append(c.took, time.Since(began))
			c.mu.Unlock()
			c.notes.Add(1)
			return
		}
		if !c.unheard(d.Err, text) {
			c.w.t.Error(d.Err)
			return
		}
	}
}

// unheard reports whether Slack tells the person that the app did not answer.
func (c *crowd) unheard(err error, what string) bool {
	if errors.Is(err, workspace.ErrNoSocket) {
		c.deaf.Add(1)
		return true
	}
	if errors.Is(err, workspace.ErrReplaced) {
		c.cut.Add(1)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unsure[what]++
	return errors.Is(err, workspace.ErrNoAck)
}

// sendForms keeps what is typed in a form until it is taken.
func (c *crowd) sendForms(done <-chan struct{}) {
	for n := 0; c.w.ctx.Err() == nil; n++ {
		select {
		case <-done:
			return
		default:
		}
		_, err := c.w.ana.Slash(c.w.ctx, c.rooms[0], "/incident update")
		if err != nil && !c.unheard(err, "a form") {
			c.w.t.Error(err)
			return
		}
		if err != nil && c.w.ana.SeesForm() == "" {
			continue
		}
		form, err := c.w.ana.Form(c.w.ctx)
		if err == nil {
			err = form.Fill("What changed?", fmt.Sprintf("step %d.", n))
		}
		if err != nil {
			continue // the form that was asked for again took its place
		}
		for outcome := (workspace.Outcome{}); !outcome.Closed; {
			if outcome, err = form.Submit(c.w.ctx); err != nil && !c.unheard(err, "a form") {
				c.w.t.Errorf("a form is lost: %v", err)
				return
			}
		}
		c.updates.Add(1)
	}
}

// slowest is the longest that it took until an act was acknowledged.
func (c *crowd) slowest() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Max(c.took)
}

// settled fails the test unless all that was done is on record and was said,
// once. A note that a person was told had failed may be there once more. So many as
// lost may have been told so though Slack replaced no socket.
func (c *crowd) settled(lost int) {
	c.w.t.Helper()
	c.w.rest()
	n, u := int(c.notes.Load()), int(c.updates.Load())
	got := c.w.query(`SELECT concat_ws(' ', count(DISTINCT body) FILTER (WHERE kind = 'note'),
		count(*) FILTER (WHERE kind = 'update'), count(DISTINCT body) FILTER (WHERE kind = 'update')) FROM entries`)
	if want := fmt.Sprintf("%d %d %d", n, u, u); got != want {
		c.w.t.Errorf("different notes, updates, different updates: %s, want %s", got, want)
	}
	recorded := map[string]int{}
	for body := range strings.Lines(c.w.query(`SELECT string_agg(body, E'\n') FROM entries WHERE kind = 'note'`)) {
		recorded[strings.TrimSpace(body)]++
	}
	said := map[string]int{}
	for _, room := range append([]string{"incidents"}, c.rooms...) {
		for _, m := range c.w.Messages(room) {
			said[m.Shown+"\nin "+room]++
		}
	}
	for what, times := range said {
		text, note := strings.CutPrefix(what, ":memo: *Note* by @Ana Lima\n")
		text, _, _ = strings.Cut(text, "\n")
		if note && (times != recorded[text] || times > 1+c.unsure[text]) || !note && times > 1 {
			c.w.t.Errorf("said %d times, on record %d times, told as failed %d times: %s", times, recorded[text], c.unsure[text], what)
		}
		delete(recorded, text)
	}
	if len(recorded) > 0 {
		c.w.t.Errorf("on record and not said: %v", recorded)
	}
	failed := 0
	for _, times := range c.unsure {
		failed += times
	}
	cut := int(c.cut.Load())
	c.w.t.Logf("%d notes, %d updates by form; Slack told people %d times that an act had failed, %d of them of a socket that it replaced", n, u, failed, cut)
	failed -= cut
	if failed > lost {
		c.w.t.Errorf("Slack told people %d times that an act had failed though it replaced no socket", failed)
	}
	if deaf := c.deaf.Load(); deaf > 0 {
		c.w.t.Errorf("%d times there was no socket", deaf)
	}
}

// declaredRooms declares incidents, and gives their rooms once they are there.
func (w *world) declaredRooms(n int) (rooms []string) {
	w.t.Helper()
	for i := range n {
		w.says(w.ana, "general", fmt.Sprintf("/incident new case %d", i+1))
		rooms = append(rooms, fmt.Sprintf("inc-%d-case-%d", i+1, i+1))
		w.do(w.ana.Hears(w.ctx, "declared: #"+rooms[i]))
	}
	w.rest()
	return rooms
}

// Three programs are replaced one after the other, and Slack replaces sockets,
// while people do fifty things a second. All are done, none twice, and no form is
// lost.
func TestRollingRestartUnderLoad(t *testing.T) {
	// Not beside others: who waits too long for an answer acts again.
	w := newWorld(t, workspace.Config{Seed: 41, MaxSockets: 20})
	replicas := []*muster{w.start(quick()), w.start(quick()), w.start(quick())}
	c := newCrowd(w, w.declaredRooms(4))
	done, ended := make(chan struct{}), make(chan struct{})
	go func() { defer close(ended); c.works(done) }()
	for n := range replicas {
		before := c.notes.Load()
		w.Recycle(50*time.Millisecond, w.Sockets()[0])
		w.eventually("people go on", func() bool { return c.notes.Load() > before+20 })
		replicas[n].stop()
		replicas[n] = w.start(quick())
	}
	close(done)
	<-ended
	// What Slack sends to a program that finishes what is in hand is lost: a third of
	// what comes during an act, at each of three stops.
	c.settled(10 + int(c.slowest()/c.every))
}

// Slack replaces each socket of the only program again and again: there is always
// another one that hears.
func TestPlannedReconnectsLeaveNoGap(t *testing.T) {
	// Not beside others: who waits too long for an answer acts again.
	w := newWorld(t, workspace.Config{Seed: 42})
	hasty := quick()
	hasty.connect = 100 * time.Millisecond
	w.start(hasty)
	c := newCrowd(w, w.declaredRooms(2))
	w.connected()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() { defer close(ended); c.works(done) }()
	for range 3 {
		for _, socket := range w.Sockets() {
			before := c.notes.Load()
			w.eventually("people go on", func() bool { return c.notes.Load() > before+10 })
			w.Recycle(30*time.Millisecond, socket)
			w.eventually("another socket", func() bool { open := w.Sockets(); return len(open) == 2 && open[0] != socket })
		}
	}
	close(done)
	<-ended
	c.settled(0)
}

// takenOver is how soon another program must go on with what a dead one had begun.
const takenOver = 15 * time.Second

// With the real lease, another program goes on within 15 s of a sudden death.
func TestADeadProgramsWorkIsTakenOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 43})
	s := quick()
	m := newVictim(cut{beforeCall, "chat.postMessage", 1}, func() {})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = run(m.death, w.config(), testLog(t), m.through(s))
	}()
	t.Cleanup(func() { m.kill(); <-ended })
	w.eventually("sockets", func() bool { return len(w.Sockets()) > 0 })
	w.fromTerminal("checkout returns 500")
	<-m.death.Done()
	died, held := time.Now(), w.query(selectHolder)
	w.start(s)
	w.eventually("another takes it over", func() bool { return w.query(selectHolder) != held })
	if took := time.Since(died); took > takenOver {
		t.Errorf("it took %s, not %s at the most", took, takenOver)
	}
	w.eventually("the room and its card", func() bool { return w.holds(firstRoom, "Claim") })
	w.rest()
	if n := w.count(firstRoom, "Declared by"); n != 1 {
		t.Errorf("%d cards", n)
	}
}

// count counts the messages with the words.
func (w *world) count(channel, words string) (n int) {
	for _, m := range w.Messages(channel) {
		if strings.Contains(m.Shown, words) {
			n++
		}
	}
	return n
}
