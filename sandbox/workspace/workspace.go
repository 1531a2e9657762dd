// Package workspace is a Slack that behaves and remembers: a server on
// loopback that an unchanged slack-go client talks to as it talks to Slack,
// through the Web API and through Socket Mode.
//
// The story. Start reads the app's manifest, makes the app's bot user and
// listens. People and channels are added with AddUser and AddChannel. The app
// opens sockets and calls methods; people act through the Go methods of
// Workspace (Post, React, Pin…) and through the Deliver methods (a command, a
// click, a form). Every act changes one state behind one mutex, tells the app
// what the manifest subscribes to and the bot may see, and wakes Await.
//
// The rules:
//   - What Slack refuses, the workspace refuses, with Slack's error code:
//     missing scopes, wrong names, foreign messages, spent triggers, bad blocks.
//   - What Slack does not promise is not kept: deliveries come a little late, to
//     a random socket, in any order; a message shows in history a moment late;
//     a page is short, or empty, and not the last.
//   - Everything that can go wrong on the way can be ordered: see Fault, OnCall
//     and the socket faults.
//   - Message times follow Config.Now; the short lives (an ack, a trigger, the
//     history lag) follow the machine's clock, so that a test may jump hours
//     without spoiling a click under way.
//
// Dump writes the whole workspace as stable text, for golden files.
package workspace

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// Workspace is one running Slack workspace with one installed app.
type Workspace struct {
	cfg      Config
	manifest manifest
	server   *http.Server
	base     string // "http://127.0.0.1:port", without a slash
	ctx      context.Context
	cancel   context.CancelFunc
	wg       sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	changed chan struct{} // closed and replaced at each change of state
	rng     *rand.Rand
	lastTS  int64 // microseconds of the newest message time given out

	teamID, appID, botUserID, botID string
	appToken, botToken              string

	state
	traffic
	faultState
}

// Start makes a workspace and serves it on a free loopback port.
func Start(cfg Config) (*Workspace, error) {
	m, err := parseManifest(cfg.Manifest)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the workspace: %w", err)
	}
	cfg = cfg.withDefaults()
	w := &Workspace{
		cfg: cfg, manifest: m, changed: make(chan struct{}),
		rng:   rand.New(rand.NewPCG(cfg.Seed, 0x51ac)),
		state: newState(), traffic: newTraffic(),
		base: "http://" + listener.Addr().String(),
	}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.install()
	w.server = &http.Server{Handler: w.routes()}
	w.wg.Go(func() { _ = w.server.Serve(listener) })
	return w, nil
}

// Close cuts all sockets and calls, and returns when everything has ended.
func (w *Workspace) Close() error {
	w.mu.Lock()
	w.closed = true
	sockets := append([]*socket(nil), w.sockets...)
	w.touch()
	w.mu.Unlock()
	w.cancel()
	for _, s := range sockets {
		_ = s.conn.Close()
	}
	err := w.server.Close()
	w.wg.Wait()
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("close the workspace: %w", err)
	}
	return nil
}

// APIURL is the address for SLACK_API_URL; it ends with "/api/".
func (w *Workspace) APIURL() string { return w.base + "/api/" }

// URL is the workspace address as auth.test gives it, with a slash at the end.
func (w *Workspace) URL() string { return "https://" + w.cfg.TeamDomain + ".slack.com/" }

// AppToken is the app-level token (xapp-…) that opens sockets.
func (w *Workspace) AppToken() string { return w.appToken }

// BotToken is the bot token (xoxb-…) for all other methods.
func (w *Workspace) BotToken() string { return w.botToken }

// BotUserID is the id of the app's own bot user.
func (w *Workspace) BotUserID() string { return w.botUserID }

// TeamID is the id of the workspace.
func (w *Workspace) TeamID() string { return w.teamID }

// AppID is the id of the installed app.
func (w *Workspace) AppID() string { return w.appID }

// install gives the app its ids, tokens and bot user.
func (w *Workspace) install() {
	w.teamID, w.appID, w.botID = w.id("T"), w.id("A"), w.id("B")
	w.appToken = "xapp-1-" + w.appID + "-" + w.id("S")
	w.botToken = "xoxb-" + w.id("1") + "-" + w.id("2")
	w.botUserID = w.addUser(User{
		Name: w.manifest.BotName, RealName: w.manifest.Name, Bot: true,
	}).ID
}

// touch tells everybody who waits that the state has changed. mu is held.
func (w *Workspace) touch() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// spawn runs f in a goroutine that Close waits for. mu is held.
func (w *Workspace) spawn(f func()) {
	if !w.closed {
		w.wg.Go(f)
	}
}

// enter admits a request, unless the workspace is closing; the caller then
// owes wg.Done.
func (w *Workspace) enter() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.wg.Add(1)
	return true
}

// pause waits for d, or returns early with false when ctx or the workspace ends.
func (w *Workspace) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-w.ctx.Done():
		return false
	}
}

// jitter is a small random delay, up to Config.Jitter.
func (w *Workspace) jitter() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Duration(w.rng.Int64N(int64(w.cfg.Jitter) + 1))
}

// Await returns nil as soon as cond holds. It asks once now and again after
// every change of the workspace; cond may call any reading method.
func (w *Workspace) Await(ctx context.Context, cond func() bool) error {
	for {
		w.mu.Lock()
		changed := w.changed
		w.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the workspace: %w", ctx.Err())
		case <-w.ctx.Done():
			return fmt.Errorf("wait for the workspace: it was closed")
		}
	}
}

// Settle returns when nothing has changed and no call or delivery has been
// under way for the time quiet.
func (w *Workspace) Settle(ctx context.Context, quiet time.Duration) error {
	for {
		w.mu.Lock()
		changed, busy := w.changed, w.inFlight > 0 || len(w.pending) > 0 || w.leaving > 0
		w.mu.Unlock()
		timer := time.NewTimer(quiet)
		select {
		case <-changed:
			timer.Stop()
		case <-timer.C:
			if !busy {
				return nil
			}
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("wait until the workspace is quiet: %w", ctx.Err())
		}
	}
}
