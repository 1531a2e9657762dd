package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"muster/bot"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// kill is a call of the real program at which it gets SIGKILL: when the call has
// arrived, or when it was applied and before its answer.
type kill struct {
	method string
	nth    int
	phase  workspace.Phase
}

// process keeps the real program running as a supervisor does.
type process struct {
	w       *world
	program string
	deaths  atomic.Int64
	started atomic.Int64

	mu      sync.Mutex
	running *exec.Cmd
}

// build makes the real program once for all runs.
func build(t testing.TB) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "muster")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

func (w *world) process(program string, at kill) *process {
	w.t.Helper()
	p := &process{w: w, program: program}
	var times atomic.Int64
	w.OnCall(func(c workspace.Call) workspace.Verdict {
		if c.Method != at.method || c.Phase != at.phase || times.Add(1) != int64(at.nth) {
			return workspace.Verdict{}
		}
		p.deaths.Add(1)
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = p.running.Process.Kill()
		return workspace.Verdict{Drop: true}
	})
	ctx, stop := context.WithCancel(w.ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			p.run(ctx)
		}
	}()
	w.t.Cleanup(func() {
		stop()
		<-ended
	})
	p.recover()
	return p
}

// run runs the program once, to its end.
func (p *process) run(ctx context.Context) {
	cmd := exec.CommandContext(ctx, p.program)
	cmd.Env = append(os.Environ(), "SLACK_APP_TOKEN="+p.w.AppToken(), "SLACK_BOT_TOKEN="+p.w.BotToken(),
		"SLACK_API_URL="+p.w.APIURL(), "DATABASE_URL="+p.w.dsn,
		"INCIDENT_AUTO_CREATE_FROM_REACT_ENABLED=true", "SCHEDULER_TICK=1s",
		"AUTO_CREATE_RCA=true", "CONFLUENCE_API_URL="+p.w.wiki.URL(), "CONFLUENCE_API_USERNAME="+wiki.User, "CONFLUENCE_API_TOKEN="+wiki.Token,
		"CONFLUENCE_SPACE=OPS", "CONFLUENCE_PARENT_PAGE=Home")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if os.Getenv("MUSTER_TEST_LOG") != "" {
		cmd.Stderr = os.Stderr
	}
	p.mu.Lock()
	before := p.deaths.Load()
	err := cmd.Start()
	p.running = cmd
	p.mu.Unlock()
	if err != nil {
		p.w.t.Errorf("start the program: %v", err)
		return
	}
	p.started.Add(1)
	if err := cmd.Wait(); err != nil && p.deaths.Load() == before && ctx.Err() == nil {
		p.w.t.Errorf("the program ended: %v", err)
	}
}

func (p *process) recover() {
	p.w.t.Helper()
	p.w.eventually("the program is back", func() bool {
		return p.started.Load() > p.deaths.Load() && len(p.w.Sockets()) > 0
	})
}

// longAgo puts back what the clock of updates counts from: the real program has
// no other clock than the machine's.
const longAgo = `UPDATE incidents SET critical_since = critical_since - interval '31 min', clock_from = clock_from - interval '31 min',
	reminder_due_at = reminder_due_at - interval '31 min'`

// TestRealProgramIsKilled kills the program as it is shipped, with all its real
// waits, and starts it again. It takes most of a minute.
func TestRealProgramIsKilled(t *testing.T) {
	if !*torture {
		t.Skip("only with -torture: the real waits take most of a minute")
	}
	t.Parallel()
	want := undisturbed(t)
	program := build(t)
	for _, at := range []kill{
		{"conversations.create", 1, workspace.Before}, {"conversations.create", 2, workspace.After},
		{"chat.postMessage", 1, workspace.After}, {"chat.postMessage", 4, workspace.Before},
		{"chat.update", 2, workspace.After}, {"bookmarks.add", 1, workspace.After}, {"response_url", 1, workspace.After},
	} {
		t.Run(fmt.Sprintf("%s %d phase %d", at.method, at.nth, at.phase), func(t *testing.T) {
			t.Parallel()
			w := taleWorld(t, workspace.Config{Seed: 20})
			p := w.process(program, at)
			s := w.saga(p.deaths.Load, p.recover)
			s.pass = sync.OnceFunc(func() {
				w.rest()
				w.exec(longAgo)
			})
			same(t, want, s.tell())
			if p.deaths.Load() != 1 {
				t.Errorf("it died %d times", p.deaths.Load())
			}
		})
	}
}

// selectHolder is the claim of the first incident.
const selectHolder = `SELECT coalesce(claim_token::text, '') FROM reconciliations WHERE subject = 'incident:1'`

// TestRealProgramSleepsAndWakes stops the real program with SIGSTOP while it
// holds a claim and has a message on its way. Another one goes on within 15 s.
// When the sleeper wakes, it does nothing twice.
func TestRealProgramSleepsAndWakes(t *testing.T) {
	if !*torture {
		t.Skip("only with -torture: the real waits take most of a minute")
	}
	t.Parallel()
	w := taleWorld(t, workspace.Config{Seed: 21, MaxSockets: 6, AckTimeout: bot.AckWithin})
	program := build(t)
	sleeper := w.process(program, kill{})
	var once sync.Once
	slept := make(chan time.Time, 1)
	w.OnCall(func(c workspace.Call) workspace.Verdict {
		if c.Method == "chat.postMessage" && c.Phase == workspace.Before {
			once.Do(func() {
				_ = sleeper.signal(syscall.SIGSTOP)
				slept <- time.Now()
			})
		}
		return workspace.Verdict{}
	})
	t.Cleanup(func() { _ = sleeper.signal(syscall.SIGCONT) })
	w.fromTerminal("checkout returns 500")
	began := <-slept
	w.CutSockets(workspace.HalfOpen)
	w.OnCall(nil)
	held := w.query(selectHolder)
	w.process(program, kill{})
	w.eventually("somebody else takes it over", func() bool { return w.query(selectHolder) != held })
	if took := time.Since(began); took > takenOver {
		t.Errorf("it took %s, not %s at the most", took, takenOver)
	}
	// A message that never left is looked for until 20 s after its attempt.
	w.eventually("the room and its card", func() bool { return w.holds(firstRoom, "Claim") && w.holds("incidents", firstRoom) })
	w.rest()
	want := w.Dump(workspace.WithoutSystem)
	w.do(sleeper.signal(syscall.SIGCONT))
	w.CutSockets(workspace.Abruptly, w.Sockets()[0])
	s := alone(w)
	s.until("the tale goes on", s.reads(w.lee, "general", "declared: #"+secondRoom), s.types(w.lee, "general", "/incident new search is slow"))
	w.rest()
	w.eventually("the first incident as before:\n"+want, func() bool { return w.count(firstRoom, "Declared by") == 1 && w.count("incidents", "INC-1") == 1 })
	if loose := w.query(selectLoose); loose != "" {
		t.Errorf("loose ends:\n%s", loose)
	}
}

// signal sends one to the program that runs now.
func (p *process) signal(s os.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running.Process.Signal(s)
}
