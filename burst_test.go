package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// creates is how many channels an app may make a minute.
const creates = 20

// burst is one minute in which incidents are declared.
type burst struct {
	*world
	incidents, programs int
	began               time.Time
	// minute is what one of Slack's lasts: a second is as little as Retry-After can
	// say.
	minute time.Duration
	// done are the channels that are usable.
	done map[string]bool
}

// TestABurstOfDeclarationsUnderSlacksLimits declares many incidents within one of
// Slack's minutes.
func TestABurstOfDeclarationsUnderSlacksLimits(t *testing.T) {
	t.Parallel()
	size, minute := burstSize(), 6*time.Second
	if *torture {
		minute = 12 * time.Second
	}
	for programs := 1; programs <= 2; programs++ {
		if programs == 1 && !*torture {
			continue
		}
		t.Run(fmt.Sprintf("by %d", programs), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{Seed: 51, Limits: true, Minute: minute})
			s := seams{apart: time.Millisecond, minute: minute, connect: 100 * time.Millisecond}
			for range programs {
				w.start(s)
			}
			b := &burst{world: w, incidents: size, programs: programs, minute: minute, done: map[string]bool{}}
			b.declare()
			b.usable()
			b.ordered()
			b.refusals()
			b.answers()
		})
	}
}

// Without limits, as many rooms are usable within seconds though each answer of
// Slack takes 100 ms; and while Slack is strict with what runs in the background,
// nobody who opens a form waits for that.
func TestABurstOfDeclarationsWithoutLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 52, Latency: slackLatency})
	w.declares(burstSize())
	began := time.Now()
	w.start(seams{apart: time.Millisecond})
	b := &burst{world: w, incidents: burstSize(), done: map[string]bool{}}
	for b.ready() < b.incidents {
		b.do(b.Settle(b.ctx, 20*time.Millisecond))
	}
	took := time.Since(began)
	t.Logf("%d rooms are usable after %s", b.incidents, took.Round(time.Millisecond))
	if *torture && took > 3*time.Second {
		t.Errorf("it took %s, not 3s at the most", took)
	}
}

func burstSize() int {
	if *torture {
		return 100
	}
	return 30
}

// While the making of channels waits for Slack's limit, forms open and answers
// come at once.
func TestNobodyWaitsBehindBackgroundWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 53})
	w.start(quick())
	w.says(w.ana, "general", "/incident new checkout returns 500")
	w.do(w.ana.Hears(w.ctx, "declared: #"+firstRoom))
	w.rest()
	for _, method := range []string{"conversations.create", "chat.postMessage", "chat.update", "views.update", "conversations.setTopic"} {
		w.Fault(workspace.Fault{Method: method, Kind: workspace.RateLimited, RetryAfter: 10 * time.Minute, Times: -1})
	}
	for n := range 5 {
		w.fromTerminal(fmt.Sprint("case ", n))
	}
	w.eventually("the limit", func() bool { return w.Count("conversations.create") > 1 })
	w.says(w.ana, "general", "/incident 1 severity")
	form, err := w.ana.Form(w.ctx)
	w.do(err)
	w.do(form.Fill("Severity", "SEV2"))
	outcome, err := form.Submit(w.ctx)
	w.do(err)
	if !outcome.Closed && !outcome.Updated {
		t.Errorf("the form: %+v", outcome)
	}
	w.contains(w.says(w.bo, "general", "/incident list"), "checkout returns 500", "SEV2")
}

// declare lets people declare by command, and every tenth time a machine, which
// says SEV1.
func (b *burst) declare() {
	b.t.Helper()
	b.began = time.Now()
	tick := time.NewTicker(b.minute / time.Duration(b.incidents))
	defer tick.Stop()
	var all sync.WaitGroup
	for n := range b.incidents {
		<-tick.C
		all.Go(func() {
			if n%10 == 9 {
				b.fromTerminal(fmt.Sprintf("grave %d", n), "-severity", "sev1")
			} else {
				b.insists(fmt.Sprintf("/incident new case %d", n))
			}
		})
	}
	all.Wait()
}

// insists types a command until it is taken: a machine that has too much to do
// makes people wait, and they are told.
func (b *burst) insists(line string) {
	for b.ctx.Err() == nil {
		d := b.DeliverCommand("ana", "general", line)
		if d.Err == nil && !strings.Contains(string(d.Payload), "did not work") {
			return
		}
	}
}

// usable waits until each incident has its room with the card and its declarer in
// it, which must not take much longer than Slack's limits make it.
func (b *burst) usable() {
	b.t.Helper()
	least := time.Duration(b.incidents) * b.minute / creates
	// Retry-After has whole seconds, which are long here.
	limit := least*115/100 + time.Second
	for b.ready() < b.incidents {
		if time.Since(b.began) > 4*limit {
			b.t.Fatalf("only %d rooms are usable after %s: %s\n%s", b.ready(), time.Since(b.began), b.query(selectStuck), b.query(selectRoomless))
		}
		b.do(b.Settle(b.ctx, 200*time.Millisecond))
	}
	took := time.Since(b.began)
	b.t.Logf("%d rooms are usable after %s; at %d a minute, which lasts %s here, it takes %s", b.incidents, took.Round(time.Millisecond), creates, b.minute, least)
	// A sample runs beside other tests, which make nothing faster.
	if took > limit && (*torture || took > 3*limit) {
		b.t.Errorf("it took %s, not %s at the most", took, limit)
	}
}

// selectRoomless counts the incidents, and lists those that have no channel.
const selectRoomless = `
	SELECT count(*) || ' incidents, roomless: ' || coalesce(string_agg(number::text, ' ') FILTER (WHERE channel IS NULL), '')
	  FROM incidents LEFT JOIN rooms USING (number)`

// ready counts the rooms with a card and, where a person declared, with that one.
func (b *burst) ready() int {
	for _, p := range b.Places("ana") {
		if !b.done[p.ID] && strings.HasPrefix(p.Name, "inc-") && (p.Joined || strings.Contains(p.Name, "grave")) && b.holds(p.ID, "Claim") {
			b.done[p.ID] = true
		}
	}
	return len(b.done)
}

// roomMade is a channel that was made, at a place in the order.
type roomMade struct {
	number int
	grave  bool
	at     time.Time
}

// ordered checks that rooms came by severity, then by age, from the moment on that
// there was a queue. Those whose turns are near each other may change places.
func (b *burst) ordered() {
	b.t.Helper()
	var order []roomMade
	var queue time.Time
	for _, c := range b.Calls() {
		if c.Method != "conversations.create" {
			continue
		}
		if c.Status == http.StatusTooManyRequests && queue.IsZero() {
			queue = c.End
		}
		var m roomMade
		if _, err := fmt.Sscanf(c.Form.Get("name"), "inc-%d-", &m.number); err == nil && c.Applied && c.Error == "" {
			m.grave, m.at = strings.Contains(c.Form.Get("name"), "grave"), c.Start
			order = append(order, m)
		}
	}
	declared := map[int]time.Time{}
	for line := range strings.Lines(b.query(`SELECT string_agg(number || ' ' || extract(epoch FROM declared_at), E'\n') FROM incidents`)) {
		var number int
		var epoch float64
		if _, err := fmt.Sscan(line, &number, &epoch); err != nil {
			b.t.Fatal(err)
		}
		declared[number] = time.UnixMicro(int64(epoch * 1e6))
	}
	const overtake = 8
	for n, m := range order {
		before := 0
		for _, other := range order[:n] {
			worse, older := m.grave && !other.grave, m.grave == other.grave && m.number < other.number
			if (worse || older) && other.at.After(queue) && other.at.After(declared[m.number]) {
				before++
			}
		}
		if before > overtake {
			b.t.Errorf("%d rooms went before that of INC-%d (grave: %v) and should have waited", before, m.number, m.grave)
		}
	}
}

// refusals checks that Slack had to refuse no more calls than were under way when
// it first did, of each method, and in posting of each channel.
func (b *burst) refusals() {
	b.t.Helper()
	first, refused, flying := map[string]workspace.Record{}, map[string]int{}, map[string]int{}
	bucket := func(c workspace.Record) string {
		if c.Method == "chat.postMessage" {
			return c.Method + " " + c.Form.Get("channel")
		}
		return c.Method
	}
	calls := b.Calls()
	for _, c := range calls {
		if c.Status != http.StatusTooManyRequests {
			continue
		}
		refused[bucket(c)]++
		if f, ok := first[bucket(c)]; !ok || c.End.Before(f.End) {
			first[bucket(c)] = c
		}
	}
	for _, c := range calls {
		if f, ok := first[bucket(c)]; ok && c.Start.Before(f.End) && c.End.After(f.Start) {
			flying[bucket(c)]++
		}
	}
	for name, n := range refused {
		b.t.Logf("%s: refused %d times, %d in flight at the first", name, n, flying[name])
		// One may have left and not arrived yet; and the other program learns from the
		// database, or by a refusal of its own.
		if n > flying[name]+1+b.programs {
			b.t.Errorf("%s was refused %d times, while %d were in flight", name, n, flying[name])
		}
	}
}

// answers checks that each person was told the place in the queue, and the room.
func (b *burst) answers() {
	b.t.Helper()
	people := b.incidents - b.incidents/10
	led, placed := 0, 0
	count := func() bool {
		led, placed = 0, 0
		for _, m := range b.Whispers("ana") {
			if strings.Contains(m.Shown, "declared: #inc-") {
				led++
			}
			if strings.Contains(m.Shown, "in the queue") {
				placed++
			}
		}
		return led >= people
	}
	b.eventually("all are led to their rooms", count)
	b.t.Logf("%d people were led to their rooms, %d were told their place in the queue before", led, placed)
	if placed == 0 {
		b.t.Error("nobody was told a place in the queue")
	}
}
