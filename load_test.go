package main

import (
	"bytes"
	"flag"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

var loadFor = flag.Duration("load", 5*time.Second, "how long BenchmarkLoad goes on")

// loadPerSecond is how many things people do a second under load.
const loadPerSecond = 100

// BenchmarkLoad runs the real program with 1,000 open incidents and their rooms,
// while people do 100 things a second, and reports how long acknowledgements take,
// its memory in the first and last fifth of the time, and the most connections
// that it had to the database. In the end Slack shows what is on record, once, and
// that is whatever was acknowledged. -load says for how long.
func BenchmarkLoad(b *testing.B) {
	const open = 1000
	w := newWorld(b, workspace.Config{Seed: 1, Jitter: -1})
	w.declares(open)
	program := exec.Command(build(b))
	program.Env = []string{
		"SLACK_APP_TOKEN=" + w.AppToken(), "SLACK_BOT_TOKEN=" + w.BotToken(), "SLACK_API_URL=" + w.APIURL(),
		"DATABASE_URL=" + w.dsn, "LOG_LEVEL=warn",
	}
	var said bytes.Buffer
	program.Stderr = &said
	w.do(program.Start())
	w.eventually("a socket", func() bool { return len(w.Sockets()) > 0 })
	w.catchesUp()
	b.ResetTimer()
	l := &load{world: w, pid: program.Process.Pid, incidents: open}
	l.goesOn(b, *loadFor)
	b.StopTimer()
	w.catchesUp()
	w.do(program.Process.Signal(syscall.SIGTERM))
	if err := program.Wait(); err != nil {
		b.Fatalf("%v\n%s", err, said.String())
	}
	reportMs(b, l.took)
	fifth := max(1, len(l.memory)/5)
	b.ReportMetric(slices.Max(l.memory[:fifth]), "first-MB")
	b.ReportMetric(slices.Max(l.memory[len(l.memory)-fifth:]), "last-MB")
	b.ReportMetric(float64(l.connections), "connections")
	b.ReportMetric(float64(l.unheard.Load()), "unacknowledged")
	l.settled(b)
}

// settled reports and fails the benchmark for what was acknowledged and is not on
// record, what is on record twice, and what is not said in its room once, as it is on
// record. What was not acknowledged may be on record, once.
func (l *load) settled(b *testing.B) {
	recorded := map[string]int{}
	for note := range strings.Lines(l.query(`SELECT string_agg(number || ' ' || body, E'\n') FROM entries WHERE kind = 'note'`)) {
		recorded[strings.TrimSpace(note)]++
	}
	said := map[string]int{}
	for room := range strings.Lines(l.query(`SELECT string_agg(number || ' ' || channel, E'\n') FROM rooms WHERE purpose = 'room'`)) {
		number, channel, _ := strings.Cut(strings.TrimSpace(room), " ")
		for _, m := range l.Messages(channel) {
			if text, note := strings.CutPrefix(m.Shown, ":memo: *Note* by @Ana Lima\n"); note {
				text, _, _ = strings.Cut(text, "\n")
				said[number+" "+text]++
			}
		}
	}
	lost, doubled, differ := 0, 0, 0
	for _, note := range l.heard {
		if recorded[note] == 0 {
			lost++
		}
	}
	for note, times := range recorded {
		doubled += times - 1
		if said[note] != times {
			differ++
		}
		delete(said, note)
	}
	differ += len(said)
	b.ReportMetric(float64(lost), "lost")
	b.ReportMetric(float64(doubled), "doubled")
	b.ReportMetric(float64(differ), "not-as-recorded")
	if lost+doubled+differ > 0 {
		b.Errorf("of %d acknowledged notes %d are lost; %d are on record twice, and %d are not said as they are on record", len(l.heard), lost, doubled, differ)
	}
}

// load is what people do to a program, and what is seen of it meanwhile.
type load struct {
	*world
	pid, incidents int

	mu          sync.Mutex
	took        []time.Duration
	heard       []string // the number and the text of each note that was acknowledged
	memory      []float64
	connections int
	unheard     atomic.Int64
}

func (l *load) goesOn(b *testing.B, long time.Duration) {
	act, look := time.NewTicker(time.Second/loadPerSecond), time.NewTicker(time.Second)
	defer act.Stop()
	defer look.Stop()
	var all sync.WaitGroup
	for n, until := 0, time.After(long); ; {
		select {
		case <-until:
			all.Wait()
			l.look(b)
			return
		case <-look.C:
			l.look(b)
		case <-act.C:
			this := n
			n++
			all.Go(func() { l.act(this) })
		}
	}
}

func (l *load) act(n int) {
	began := time.Now()
	number, text := n%l.incidents+1, fmt.Sprintf("observation %d.", n)
	d := l.DeliverCommand("ana", "general", fmt.Sprintf("/incident %d note %s", number, text))
	if d.Err != nil {
		l.unheard.Add(1)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, time.Since(began))
	l.heard = append(l.heard, fmt.Sprintf("%d %s", number, text))
}

func (l *load) look(b *testing.B) {
	n, err := strconv.Atoi(l.query(`SELECT (count(*) - 1)::text FROM pg_stat_activity WHERE datname = current_database()`))
	l.do(err)
	l.connections = max(l.connections, n)
	l.memory = append(l.memory, memory(b, l.pid, "VmRSS"))
}
