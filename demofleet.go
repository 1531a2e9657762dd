package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"muster/sandbox/browser"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// fleet are the musters of the demo's page: processes of their own, with which
// people may do what an operator fears.
type fleet struct {
	s      *stage
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	page   *browser.Server

	mu       sync.Mutex
	bots     []*child // the dead ones too, until another takes their name
	happened []browser.Happening
	// until says how long Slack answers with an error of this kind.
	until map[workspace.Kind]time.Time
	// armed lets the next message be the last deed.
	armed    bool
	wikiDown bool
}

const (
	// lying is how long a killed muster stays down before a supervisor would have
	// started it again.
	lying = 2 * time.Second
	// trouble is how long Slack answers with errors.
	trouble = 6 * time.Second
	// remembered is how many happenings are kept.
	remembered = 12
)

// newFleet gets everything ready to go wrong.
func newFleet(s *stage, page *browser.Server) *fleet {
	f := &fleet{s: s, page: page, until: map[workspace.Kind]time.Time{}}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	for _, kind := range []workspace.Kind{workspace.RateLimited, workspace.ServerError} {
		s.Fault(workspace.Fault{Times: -1, Kind: kind, RetryAfter: time.Second, When: func(url.Values) bool { return f.lasts(kind) }})
	}
	s.OnCall(f.atCall)
	return f
}

// close ends all of them.
func (f *fleet) close() error {
	f.cancel()
	f.wg.Wait()
	var err error
	for _, c := range f.all() {
		err = errors.Join(err, c.stop())
	}
	return err
}

func (f *fleet) all() []*child {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.bots)
}

func (f *fleet) alive() []*child {
	return slices.DeleteFunc(f.all(), (*child).dead)
}

func (f *fleet) note(format string, values ...any) {
	f.mu.Lock()
	f.happened = append([]browser.Happening{{At: time.Now(), Words: fmt.Sprintf(format, values...)}}, f.happened...)
	f.happened = f.happened[:min(len(f.happened), remembered)]
	f.mu.Unlock()
	f.page.Refresh()
}

// spawn starts a process and returns once it hears.
func (f *fleet) spawn(ctx context.Context, name string) error {
	began := time.Now()
	c, err := startChild(name, f.s.settings(), f.s.clock.offset(), f.s.output, f.page.Refresh)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.bots = slices.DeleteFunc(f.bots, func(b *child) bool { return b.name == name && b.dead() })
	f.bots = append(f.bots, c)
	f.mu.Unlock()
	f.wg.Go(func() { f.supervise(c) })
	if err := c.awaitHello(ctx); err != nil {
		return err
	}
	f.note("%s (pid %d) hears, %d ms after its start", name, c.cmd.Process.Pid, time.Since(began).Milliseconds())
	return nil
}

// supervise starts a killed muster again, unless another one lives.
func (f *fleet) supervise(c *child) {
	select {
	case <-c.done:
	case <-f.ctx.Done():
		return
	}
	f.page.Refresh()
	timer := time.NewTimer(lying)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-f.ctx.Done():
		return
	}
	if len(f.alive()) > 0 || !slices.Contains(f.all(), c) {
		return
	}
	if err := f.spawn(f.ctx, c.name); err != nil && f.ctx.Err() == nil {
		f.note("%s does not start: %v", c.name, err)
	}
}

// kill is kill -9 of all, and says whom it met.
func (f *fleet) kill() []*child {
	alive := f.alive()
	for _, c := range alive {
		c.kill()
	}
	return alive
}

// setClock tells all the time of the demo.
func (f *fleet) setClock(ahead time.Duration) {
	for _, c := range f.alive() {
		_ = c.setClock(ahead)
	}
}

func (f *fleet) lasts(kind workspace.Kind) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Now().Before(f.until[kind])
}

// atCall kills muster when its message has reached Slack and the answer has not
// come back, which is the worst moment of all.
func (f *fleet) atCall(c workspace.Call) workspace.Verdict {
	f.mu.Lock()
	now := f.armed && c.Phase == workspace.After && c.Method == "chat.postMessage"
	if now {
		f.armed = false
	}
	f.mu.Unlock()
	if !now {
		return workspace.Verdict{}
	}
	for _, c := range f.kill() {
		f.note("kill -9 of %s (pid %d): its message is posted, the answer never comes", c.name, c.cmd.Process.Pid)
	}
	return workspace.Verdict{Drop: true}
}

// buttons are what people can break.
func (f *fleet) buttons() []browser.Button {
	return []browser.Button{
		{Name: "kill", Label: "kill -9 muster", About: "Ends the process now. It starts again after two seconds.", Do: f.killNow},
		{Name: "last", Label: "kill -9 in its next message", About: "Ends the process between a message and Slack's answer.", Do: f.arm, On: func() bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.armed
		}},
		{Name: "second", Label: "Start a second one", About: "Two processes share the work. Press again to stop it.", Do: f.second, On: func() bool { return len(f.alive()) > 1 }},
		{Name: "limit", Label: "Slack answers 429", About: "For six seconds each call is told to come later.", Do: f.ails(workspace.RateLimited, "429"), On: func() bool { return f.lasts(workspace.RateLimited) }},
		{Name: "broken", Label: "Slack answers 500", About: "For six seconds each call fails.", Do: f.ails(workspace.ServerError, "500"), On: func() bool { return f.lasts(workspace.ServerError) }},
		{Name: "cut", Label: "Cut the socket", About: "All connections over which Slack tells muster something end.", Do: f.cut},
		{Name: "wiki", Label: "Confluence down", About: "Each call of the wiki is answered with 503 until you press again.", Do: f.breakWiki, On: func() bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.wikiDown
		}},
	}
}

// killNow leaves a second one alive, which then goes on with what the first held.
func (f *fleet) killNow(context.Context) error {
	alive := f.alive()
	if len(alive) == 0 {
		return errors.New("there is no muster alive; it starts again in a moment")
	}
	alive[0].kill()
	f.note("kill -9 of %s (pid %d)", alive[0].name, alive[0].cmd.Process.Pid)
	return nil
}

func (f *fleet) arm(context.Context) error {
	f.mu.Lock()
	f.armed = !f.armed
	f.mu.Unlock()
	return nil
}

func (f *fleet) second(ctx context.Context) error {
	alive := f.alive()
	if len(alive) < 2 {
		name := "muster 2"
		if len(alive) == 1 && alive[0].name == name {
			name = "muster 1"
		}
		return f.spawn(ctx, name)
	}
	last := alive[len(alive)-1]
	f.mu.Lock()
	f.bots = slices.DeleteFunc(f.bots, func(c *child) bool { return c == last })
	f.mu.Unlock()
	err := last.stop()
	f.note("%s was stopped", last.name)
	return err
}

func (f *fleet) ails(kind workspace.Kind, code string) func(context.Context) error {
	return func(context.Context) error {
		f.mu.Lock()
		f.until[kind] = time.Now().Add(trouble)
		f.mu.Unlock()
		f.note("Slack answers %s for %s", code, trouble)
		f.wg.Go(func() {
			timer := time.NewTimer(trouble)
			defer timer.Stop()
			select {
			case <-timer.C:
				f.page.Refresh()
			case <-f.ctx.Done():
			}
		})
		return nil
	}
}

func (f *fleet) cut(context.Context) error {
	n := len(f.s.Sockets())
	f.s.CutSockets(workspace.Abruptly)
	f.note("%d sockets were cut", n)
	return nil
}

func (f *fleet) breakWiki(context.Context) error {
	f.mu.Lock()
	f.wikiDown = !f.wikiDown
	down := f.wikiDown
	f.mu.Unlock()
	if down {
		f.s.wiki.Fault(wiki.Fault{Status: http.StatusServiceUnavailable, Times: -1})
		f.note("Confluence is down")
		return nil
	}
	f.s.wiki.ClearFaults()
	f.note("Confluence is up again")
	return nil
}

// world is how the musters are.
func (f *fleet) world() browser.World {
	var w browser.World
	for _, c := range f.all() {
		w.Bots = append(w.Bots, browser.Bot{Name: c.name, PID: c.cmd.Process.Pid, Since: c.since, Alive: !c.dead(), Hears: c.hears()})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	w.Happened = slices.Clone(f.happened)
	return w
}
