package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
	"muster/sandbox/workspace"
	"muster/store"
)

// How to run and read these is told in bench/README.md.

// slackLatency is what each answer of a slow Slack takes.
const slackLatency = 100 * time.Millisecond

// report reports the median of durations, and the 99th of 100, in ms.
func reportMs(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1)+0.5)].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDeclare measures from the click on Declare until the room can be used:
// its card is pinned, and the digest message is there. Before the pin two answers of
// Slack are waited for, one after the other, the channel's and the card's: that is
// the minimum, which of-minimum compares with.
func BenchmarkDeclare(b *testing.B) {
	for _, latency := range []time.Duration{0, slackLatency, 3 * slackLatency} {
		b.Run("slack="+latency.String(), func(b *testing.B) { benchmarkDeclare(b, latency) })
	}
}

func benchmarkDeclare(b *testing.B, latency time.Duration) {
	w := newWorld(b, workspace.Config{Seed: 1, Latency: latency, Jitter: -1})
	w.start(seams{apart: time.Millisecond})
	pinned := make(chan struct{}, 1)
	w.OnCall(func(call workspace.Call) workspace.Verdict {
		if call.Phase == workspace.After && call.Method == "pins.add" {
			pinned <- struct{}{}
		}
		return workspace.Verdict{}
	})
	var took []time.Duration
	declare := func() {
		room := fmt.Sprintf("inc-%d-db-down", len(took)+1)
		_, err := w.ana.Slash(w.ctx, "general", "/incident")
		w.do(err)
		form, err := w.form(w.ana)
		w.do(err)
		w.do(form.Fill("What is wrong?", "db down"))
		began := time.Now()
		_, err = form.Submit(w.ctx)
		w.do(err)
		<-pinned
		w.eventually("room, card and digest", func() bool { return w.holds(room, "Claim") && w.holds("incidents", room) })
		took = append(took, time.Since(began))
		w.rest()
		w.do(form.Close(w.ctx))
	}
	for b.Loop() {
		for range 10 {
			declare()
		}
	}
	reportMs(b, took)
	if latency > 0 {
		b.ReportMetric(float64(took[len(took)/2])/float64(2*latency), "of-minimum")
	}
}

// holds is whether a message of a channel has the words; false if there is none.
func (w *world) holds(channel, words string) bool {
	return w.ChannelID(channel) != "" && slices.ContainsFunc(w.Messages(channel), func(m workspace.Message) bool {
		return strings.Contains(m.Shown, words)
	})
}

// envelopesPerSecond is the load of a large company's worst minute.
const envelopesPerSecond = 200

// ackFor is how long BenchmarkAck goes on.
const ackFor = 4 * time.Second

// BenchmarkAck changes severities of many incidents, so many a second whatever the
// answers take, and measures from sending an envelope to its acknowledgement, which
// is sent after the commit. Slack takes 100 ms; the passes run at the same time.
// With a slow disk, each write of PostgreSQL's log takes 5 ms more: then it shows
// whether commits share their writes.
func BenchmarkAck(b *testing.B) {
	for _, rate := range []int{50, envelopesPerSecond, 500} {
		b.Run(fmt.Sprintf("disk=own,%d/s", rate), func(b *testing.B) { benchmarkAck(b, 0, rate) })
	}
	b.Run(fmt.Sprintf("disk=slow,%d/s", envelopesPerSecond), func(b *testing.B) { benchmarkAck(b, 5*time.Millisecond, envelopesPerSecond) })
}

func benchmarkAck(b *testing.B, slower time.Duration, rate int) {
	const incidents = 100
	w := newWorld(b, workspace.Config{Seed: 1, Latency: slackLatency})
	w.slowsDisk(slower)
	w.declares(incidents)
	w.start(seams{apart: time.Millisecond})
	w.eventually("two sockets", func() bool { return len(w.Sockets()) == 2 })
	w.rest()
	_, late := w.changes(0, 2*rate, incidents, rate) // connections and statements are ready then
	sent := 2 * rate
	b.ResetTimer()
	var took []time.Duration
	for b.Loop() {
		more, missed := w.changes(sent, int(ackFor.Seconds())*rate, incidents, rate)
		sent += int(ackFor.Seconds()) * rate
		took, late = append(took, more...), late+missed
	}
	b.StopTimer()
	reportMs(b, took)
	b.ReportMetric(float64(late), "late")
	committed, err := strconv.Atoi(w.query(`SELECT count(*)::text FROM entries WHERE kind = 'severity'`))
	w.do(err)
	// What takes longer than it is until the incident's next change may come after
	// that, and then changes nothing.
	if inOrder := took[len(took)-1] < time.Second*incidents/time.Duration(rate); inOrder && committed != sent {
		b.Errorf("%d changes were committed of %d", committed, sent)
	}
}

// slowsDisk makes PostgreSQL sleep before each write of its log to the disk, as if
// the disk took that much longer. It has no effect where it does not write durably.
func (w *world) slowsDisk(by time.Duration) {
	w.t.Helper()
	db, err := pgx.Connect(w.ctx, w.dsn)
	w.do(err)
	defer func() { w.do(db.Close(w.ctx)) }()
	name := pgx.Identifier{db.Config().Database}.Sanitize()
	for _, setting := range []string{fmt.Sprintf("commit_delay = %d", by.Microseconds()), "commit_siblings = 0"} {
		_, err := db.Exec(w.ctx, "ALTER DATABASE "+name+" SET "+setting)
		w.do(err)
	}
}

// changes sends so many severity changes at a rate per second, after so many that
// were sent before, and gives the times until they were acknowledged, and how many
// were not within Slack's 3 s.
func (w *world) changes(before, envelopes, incidents, rate int) (took []time.Duration, late int) {
	took = make([]time.Duration, envelopes)
	var answering sync.WaitGroup
	var missed atomic.Int64
	ticker := time.NewTicker(time.Second / time.Duration(rate))
	defer ticker.Stop()
	for n := range envelopes {
		<-ticker.C
		answering.Go(func() {
			began := time.Now()
			turn := before + n
			line := fmt.Sprintf("/incident %d severity sev%d", turn%incidents+1, (turn/incidents)%4+1)
			if d := w.DeliverCommand("ana", "general", line); d.Err != nil {
				missed.Add(1)
			}
			took[n] = time.Since(began)
		})
	}
	answering.Wait()
	return took, int(missed.Load())
}

// BenchmarkForm measures from sending an envelope to the call that answers it, with
// 1,000 open incidents that nothing is to be done about: forms and the Home tab to
// their views.* call, lists to the acknowledgement.
func BenchmarkForm(b *testing.B) {
	w := newWorld(b, workspace.Config{Seed: 1, Jitter: -1})
	w.declares(1000)
	w.query(`WITH done AS (UPDATE reconciliations SET seen = wanted RETURNING 1) SELECT count(*)::text FROM done`)
	w.start(seams{apart: time.Millisecond})
	w.eventually("two sockets", func() bool { return len(w.Sockets()) == 2 })
	command := func(line string) func() error {
		return func() error { return w.DeliverCommand("ana", "general", line).Err }
	}
	for _, c := range []struct {
		name, call string
		act        func() error
	}{
		{"declare", "views.open", command("/incident")},
		{"severity", "views.open", command("/incident 7 severity")},
		{"update", "views.open", command("/incident 7 update")},
		{"home", "views.publish", func() error { return w.OpenHome("ana") }},
		{"list", "", command("/incident list 30")},
		{"find", "", command("/incident find db 99")},
	} {
		b.Run(c.name, func(b *testing.B) {
			called := make(chan struct{}, 1)
			w.OnCall(func(call workspace.Call) workspace.Verdict {
				if call.Phase == workspace.Before && call.Method == c.call {
					called <- struct{}{}
				}
				return workspace.Verdict{}
			})
			defer w.OnCall(nil)
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				w.do(c.act())
				if c.call != "" {
					<-called
				}
				took = append(took, time.Since(began))
			}
			reportMs(b, took)
		})
	}
}

// declares puts open incidents into the database that nobody has worked on yet.
func (w *world) declares(incidents int) {
	w.t.Helper()
	db, err := store.Open(w.ctx, w.dsn)
	w.do(err)
	defer db.Close()
	stock, err := stockDefinitions("")
	w.do(err)
	_, err = db.Install(w.ctx, stock)
	w.do(err)
	desk := incident.NewDesk(db, time.Now, incident.Rules{})
	for n := range incidents {
		_, _, err := desk.Declare(w.ctx, incident.Declaration{
			Title: fmt.Sprintf("db %d down", n), Severity: incident.SEV4, By: w.UserID("ana"),
			Origin: incident.Origin{Kind: incident.OriginForm, Key: fmt.Sprint("bench-", n)},
		}, true)
		w.do(err)
	}
}

// BenchmarkStart measures from the start of the program, inside this process, to
// the first hello of Slack, with a database that was used before.
func BenchmarkStart(b *testing.B) {
	w := newWorld(b, workspace.Config{Seed: 1, Jitter: -1})
	w.start(seams{}).stop()
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		m := w.start(seams{})
		took = append(took, time.Since(began))
		m.stop()
	}
	reportMs(b, took)
}

// BenchmarkProcess runs the program as operators do, as a process of its own, and
// reports the time until its first socket is ready and its memory, when it has
// nothing to do, and with 1,000 open incidents that it has just made rooms for.
func BenchmarkProcess(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "muster")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, open := range []int{0, 1000} {
		b.Run(fmt.Sprintf("open=%d", open), func(b *testing.B) { benchmarkProcess(b, binary, open) })
	}
}

func benchmarkProcess(b *testing.B, binary string, open int) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("this system tells no memory in /proc")
	}
	var took []time.Duration
	var idle, own, peak []float64
	for b.Loop() {
		w := newWorld(b, workspace.Config{Seed: 1, Jitter: -1})
		w.declares(open)
		program := exec.Command(binary)
		program.Env = []string{
			"SLACK_APP_TOKEN=" + w.AppToken(), "SLACK_BOT_TOKEN=" + w.BotToken(), "SLACK_API_URL=" + w.APIURL(),
			"DATABASE_URL=" + w.dsn, "LOG_LEVEL=warn",
		}
		var said bytes.Buffer
		program.Stderr = &said
		began := time.Now()
		w.do(program.Start())
		w.eventually("a socket", func() bool { return len(w.Sockets()) > 0 })
		took = append(took, time.Since(began))
		w.catchesUp()
		settled(b, program.Process.Pid)
		idle = append(idle, memory(b, program.Process.Pid, "VmRSS"))
		own = append(own, memory(b, program.Process.Pid, "RssAnon"))
		peak = append(peak, memory(b, program.Process.Pid, "VmHWM"))
		w.do(program.Process.Signal(syscall.SIGTERM))
		if err := program.Wait(); err != nil {
			b.Fatalf("%v\n%s", err, said.String())
		}
	}
	reportMs(b, took)
	slices.Sort(idle)
	slices.Sort(own)
	slices.Sort(peak)
	b.ReportMetric(own[len(own)/2], "own-MB")
	b.ReportMetric(idle[len(idle)/2], "rss-MB")
	b.ReportMetric(peak[len(peak)/2], "peak-MB")
}

// catchesUp is rest for a program that has a minute's work to do.
func (w *world) catchesUp() {
	w.t.Helper()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for w.query(`SELECT count(*)::text FROM reconciliations WHERE seen < wanted OR claimed_until > now()`) != "0" {
		select {
		case <-ticker.C:
		case <-w.ctx.Done():
			w.t.Fatal("the program does not catch up")
		}
	}
}

// settled waits until the memory of a process has been the same for 2 s.
func settled(b *testing.B, pid int) {
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	last, same := 0.0, 0
	for same < 10 {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := memory(b, pid, "VmRSS")
		if same++; now != last {
			last, same = now, 0
		}
	}
}

// memory reads one of the kernel's accounts of a process, in MB.
func memory(b *testing.B, pid int, account string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, account+":"); found {
			kB, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return float64(kB) / 1024
		}
	}
	b.Fatalf("the kernel does not tell %s", account)
	return 0
}
