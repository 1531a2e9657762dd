package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"syscall"
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
	// meters see the calls of each program.
	meters []*meter
}

// meter notes when each call to Slack left its program, and when the program had the
// answer.
type meter struct {
	base *http.Transport

	mu    sync.Mutex
	calls []metered
}

type metered struct {
	bucket    string
	left, had time.Time
	refused   bool
}

func (m *meter) CloseIdleConnections() { m.base.CloseIdleConnections() }

func (m *meter) RoundTrip(req *http.Request) (*http.Response, error) {
	c := metered{bucket: bucketOf(req), left: time.Now()}
	resp, err := m.base.RoundTrip(req)
	c.had, c.refused = time.Now(), err == nil && resp.StatusCode == http.StatusTooManyRequests
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, c)
	return resp, err
}

// bucketOf is what Slack counts together: calls of one method, and messages to one
// channel.
func bucketOf(req *http.Request) string {
	method := path.Base(req.URL.Path)
	if method != "chat.postMessage" || req.GetBody == nil {
		return method
	}
	body, err := req.GetBody()
	if err != nil {
		return method
	}
	form, err := io.ReadAll(body)
	if err != nil {
		return method
	}
	values, err := url.ParseQuery(string(form))
	if err != nil {
		return method
	}
	return method + " " + values.Get("channel")
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
			b := &burst{world: w, incidents: size, programs: programs, minute: minute, done: map[string]bool{}}
			for range programs {
				meter := &meter{base: &http.Transport{MaxIdleConnsPerHost: 16}}
				b.meters = append(b.meters, meter)
				w.start(seams{apart: time.Millisecond, minute: minute, connect: 100 * time.Millisecond, transport: meter})
			}
			b.declare()
			b.usable()
			b.ordered()
			b.refusals()
			b.answers()
		})
	}
}

// Without limits, as many rooms are usable within seconds though each answer of
// Slack takes 100 ms.
func TestABurstOfDeclarationsWithoutLimits(t *testing.T) {
	if !*torture {
		t.Parallel() // else it is timed, and alone
	}
	w := newWorld(t, workspace.Config{Seed: 52, Latency: slackLatency})
	took := w.opensRooms(burstSize())
	t.Logf("%d rooms are usable after %s", burstSize(), took.Round(time.Millisecond))
	if *torture && took > 3*time.Second {
		t.Errorf("it took %s, not 3s at the most", took)
	}
}

// BenchmarkBurst has a program start with 100 declared incidents and no limits: the
// time until each has its room with the card and its declarer in it, and what this
// process, which is Slack as well, computes meanwhile.
func BenchmarkBurst(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, workspace.Config{Seed: 52, Latency: slackLatency, Jitter: -1})
		before := computed(b)
		took := w.opensRooms(100)
		b.ReportMetric(took.Seconds(), "s/100-rooms")
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64((computed(b) - before).Milliseconds()), "cpu-ms")
		b.StartTimer()
	}
}

// computed is the processor time of this process.
func computed(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// opensRooms starts a program on incidents that are declared, and waits until all
// have usable rooms.
func (w *world) opensRooms(incidents int) (took time.Duration) {
	w.t.Helper()
	w.declares(incidents)
	began := time.Now()
	w.start(seams{apart: time.Millisecond})
	b := &burst{world: w, incidents: incidents, done: map[string]bool{}}
	for b.ready() < b.incidents {
		b.do(b.Settle(b.ctx, 20*time.Millisecond))
	}
	return time.Since(began)
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
	form, err := w.form(w.ana)
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
