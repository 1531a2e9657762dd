package workspace_test

import (
	"context"
	_ "embed"
	"errors"
	"io"
	"log"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"

	"muster/sandbox/workspace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

//go:embed testdata/manifest.yaml
var manifest []byte

// scene is a workspace with three people, a channel each may know, and a client.
type scene struct {
	*workspace.Workspace
	t     *testing.T
	api   *slack.Client
	alice string
	bob   string
	ops   string // public, with alice, bob and the bot
	cave  string // private, with alice alone
	hall  string // public, with bob alone
}

func setup(t *testing.T, change ...func(*workspace.Config)) *scene {
	t.Helper()
	cfg := workspace.Config{Manifest: manifest, Seed: 7, Jitter: time.Millisecond}
	for _, c := range change {
		c(&cfg)
	}
	ws, err := workspace.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() {
		if err := ws.Close(); err != nil {
			t.Error(err)
		}
		transport.CloseIdleConnections()
	})
	s := &scene{Workspace: ws, t: t}
	s.alice = ws.AddUser(workspace.User{Name: "alice", RealName: "Alice Archer", Email: "alice@example.test", TZ: "Europe/Zurich"})
	s.bob = ws.AddUser(workspace.User{Name: "bob", DisplayName: "Bob"})
	s.ops = s.channel("ops", []string{"alice", "bob", ws.BotUserID()})
	s.cave = s.channel("cave", []string{"alice"}, workspace.Private)
	s.hall = s.channel("hall", []string{"bob"})
	s.api = slack.New(ws.BotToken(), slack.OptionAppLevelToken(ws.AppToken()), slack.OptionAPIURL(ws.APIURL()),
		slack.OptionHTTPClient(&http.Client{Timeout: 5 * time.Second, Transport: transport}))
	return s
}

func (s *scene) channel(name string, members []string, options ...workspace.ChannelOption) string {
	s.t.Helper()
	id, err := s.AddChannel(name, members, options...)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// app is the bot under test: a socketmode client with a handler.
type app struct {
	client *socketmode.Client
	stop   func()
	mu     sync.Mutex
	seen   []socketmode.Event
}

// connect runs a socketmode client until the test ends and waits for its hello.
// handle is asked for each envelope; what it returns is the ack's payload, and
// false leaves the envelope without an ack.
func (s *scene) connect(handle func(socketmode.Event) (any, bool)) *app {
	s.t.Helper()
	before := len(s.Sockets())
	a := &app{client: socketmode.New(s.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	a.stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	s.t.Cleanup(a.stop)
	wg.Go(func() {
		if err := a.client.RunContext(ctx); !errors.Is(err, context.Canceled) {
			s.t.Errorf("the socket client ended with %v", err)
		}
	})
	wg.Go(func() {
		for {
			select {
			case e := <-a.client.Events:
				a.take(ctx, e, handle)
			case <-ctx.Done():
				return
			}
		}
	})
	s.await(func() bool { return len(s.Sockets()) > before })
	return a
}

func (a *app) take(ctx context.Context, e socketmode.Event, handle func(socketmode.Event) (any, bool)) {
	a.mu.Lock()
	a.seen = append(a.seen, e)
	a.mu.Unlock()
	if e.Request == nil || e.Type == socketmode.EventTypeHello {
		return
	}
	payload, ok := any(nil), true
	if handle != nil {
		payload, ok = handle(e)
	}
	switch {
	case !ok:
	case payload == nil:
		_ = a.client.AckCtx(ctx, e.Request.EnvelopeID, nil)
	default:
		_ = a.client.AckCtx(ctx, e.Request.EnvelopeID, payload)
	}
}

// events are the events of one type so far.
func (a *app) events(kind socketmode.EventType) []socketmode.Event {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []socketmode.Event
	for _, e := range a.seen {
		if e.Type == kind {
			found = append(found, e)
		}
	}
	return found
}

func (s *scene) await(cond func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.Await(ctx, cond); err != nil {
		s.t.Fatal(err)
	}
}

// code is Slack's error code in err, "" for none.
func code(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return e.Err
	}
	return err.Error()
}

func wantCode(t *testing.T, what string, err error, want string) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}
