package main

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

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

// roomsMade are the channels that were made for incidents, in their order.
func (b *burst) roomsMade() (order []roomMade) {
	for _, c := range b.Calls() {
		var m roomMade
		name := c.Form.Get("name")
		if _, err := fmt.Sscanf(name, "inc-%d-", &m.number); err == nil && c.Method == "conversations.create" && c.Applied && c.Error == "" {
			m.grave, m.at = strings.Contains(name, "grave"), c.Start
			order = append(order, m)
		}
	}
	return order
}

// ordered checks that rooms came by severity, then by age, from the moment on that
// there was a queue.
func (b *burst) ordered() {
	b.t.Helper()
	order, declared := b.roomsMade(), b.declared()
	var queue time.Time
	for _, c := range b.Calls() {
		if c.Method == "conversations.create" && c.Status == http.StatusTooManyRequests && queue.IsZero() {
			queue = c.End
		}
	}
	// One may be on its way already, from each program.
	worst := 0
	for n, m := range order {
		before := 0
		for _, other := range order[:n] {
			worse, older := m.grave && !other.grave, m.grave == other.grave && m.number < other.number
			if (worse || older) && other.at.After(queue) && other.at.After(declared[strconv.Itoa(m.number)]) {
				before++
			}
		}
		worst = max(worst, before)
		if before > b.programs {
			b.t.Errorf("%d rooms went before that of INC-%d (grave: %v) and should have waited", before, m.number, m.grave)
		}
	}
	b.t.Logf("at most %d rooms went before one that should have come first", worst)
}

// learnt is how long after the answer a program may take to hold calls back; a sample
// runs beside other tests.
func learnt() time.Duration {
	if *torture {
		return 100 * time.Millisecond
	}
	return time.Second
}

// refusals checks that Slack had to refuse no more calls of each program than were
// under way when the program first heard of it, of each method, and in posting of
// each channel; and none that left later.
func (b *burst) refusals() {
	b.t.Helper()
	for _, m := range b.meters {
		m.mu.Lock()
		calls := slices.Clone(m.calls)
		m.mu.Unlock()
		first, refused, flying := map[string]time.Time{}, map[string]int{}, map[string]int{}
		for _, c := range calls {
			if at, ok := first[c.bucket]; c.refused && (!ok || c.had.Before(at)) {
				first[c.bucket] = c.had
			}
		}
		for _, c := range calls {
			heard, ok := first[c.bucket]
			if !ok {
				continue
			}
			if c.refused {
				refused[c.bucket]++
				if late := c.left.Sub(heard); late > learnt() {
					b.t.Errorf("%s was refused to a call that left %s after the first refusal was heard", c.bucket, late)
				}
			}
			if c.left.Before(heard.Add(learnt())) && !c.had.Before(heard) {
				flying[c.bucket]++
			}
		}
		for name, n := range refused {
			b.t.Logf("%s: refused %d times, %d in flight when that was first heard", name, n, flying[name])
			if n > flying[name] {
				b.t.Errorf("%s was refused %d times, while %d were in flight", name, n, flying[name])
			}
		}
	}
}

var (
	ledTo   = regexp.MustCompile(`\*INC-(\d+)\* declared: #`)
	inQueue = regexp.MustCompile(`\*INC-(\d+)\* is declared and safe.* number (\d+) in the queue`)
)

// answers checks that each person was led to the room, and that who waited longer
// than people wait without a word was told the place in the queue before.
func (b *burst) answers() {
	b.t.Helper()
	people := b.incidents - b.incidents/10
	led, placed := map[string]bool{}, map[string]bool{}
	b.eventually("all are led to their rooms", func() bool {
		for _, m := range b.Whispers("ana") {
			for _, found := range ledTo.FindAllStringSubmatch(m.Shown, -1) {
				led[found[1]] = true
			}
			for _, found := range inQueue.FindAllStringSubmatch(m.Shown, -1) {
				placed[found[1]] = true
			}
		}
		return len(led) >= people
	})
	b.t.Logf("%d people were led to their rooms, %d were told their place in the queue before", len(led), len(placed))
	declared, opened := b.declared(), b.opened()
	// A loaded machine is given a second, and a sample, which runs beside other tests, three.
	delay := 3 * time.Second
	if *torture {
		delay = time.Second
	}
	for number := range led {
		// Who has the room by then needs no place.
		if waited := opened[number].Sub(declared[number]); waited > withoutAWord+delay && !placed[number] {
			b.t.Errorf("who declared INC-%s waited %s for the room and was told no place", number, waited)
		}
	}
	if len(placed) == 0 {
		b.t.Error("nobody was told a place in the queue")
	}
}

// withoutAWord is how long a person waits for a room without a word.
const withoutAWord = 3 * time.Second

// declared is when each incident was declared, by number.
func (b *burst) declared() map[string]time.Time {
	b.t.Helper()
	at := map[string]time.Time{}
	for line := range strings.Lines(b.query(`SELECT string_agg(number || ' ' || extract(epoch FROM declared_at), E'\n') FROM incidents`)) {
		var number string
		var epoch float64
		if _, err := fmt.Sscan(line, &number, &epoch); err != nil {
			b.t.Fatal(err)
		}
		at[number] = time.UnixMicro(int64(epoch * 1e6))
	}
	return at
}

// opened is when the channel of each incident was made, by number.
func (b *burst) opened() map[string]time.Time {
	at := map[string]time.Time{}
	for _, m := range b.roomsMade() {
		at[strconv.Itoa(m.number)] = m.at
	}
	return at
}
