package main

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/slack-go/slack/socketmode"

	"muster/bot"
	"muster/sandbox/workspace"
	"muster/store/storetest"
)

// shortened are seams of a program that gives up on a silent Slack soon.
func shortened() seams {
	s := impatient()
	s.callTimeout, s.retryAfter, s.connect = 2*time.Second, time.Second, 100*time.Millisecond
	s.socket = []socketmode.Option{socketmode.OptionPingInterval(2 * time.Second)}
	return s
}

// wrong are the ways in which a tenth of Slack's answers go wrong.
var wrong = []workspace.Fault{
	{Kind: workspace.RateLimited, RetryAfter: time.Second},
	{Kind: workspace.RateLimitedBare},
	{Kind: workspace.ServerError},
	{Kind: workspace.Empty},
	{Kind: workspace.HTML},
	{Kind: workspace.Hang},
	{Kind: workspace.AppliedHang},
	{Kind: workspace.Lost},
	{Kind: workspace.Refuse, Code: "internal_error"},
	{Kind: workspace.AppliedRefuse, Code: "internal_error"},
}

func TestATenthOfSlacksAnswersIsWrong(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	mixes := map[string][]workspace.Fault{"a mix": wrong, "another mix": wrong}
	if *torture {
		for _, f := range wrong {
			mixes[string(f.Kind)+f.Code] = []workspace.Fault{f}
		}
	}
	for name, mix := range mixes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := taleWorld(t, workspace.Config{Seed: 10, Ping: 100 * time.Millisecond})
			w.start(shortened())
			var mu sync.Mutex
			dice := rand.New(rand.NewPCG(1, uint64(len(name))))
			for _, f := range mix {
				f.Times = -1
				f.When = func(url.Values) bool {
					mu.Lock()
					defer mu.Unlock()
					return dice.IntN(10*len(mix)) == 0
				}
				w.Fault(f)
			}
			s := alone(w)
			s.trust = 5 * time.Second
			same(t, want, s.tell())
		})
	}
}

func TestSocketsGoWrong(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 11, Ping: 100 * time.Millisecond, AckTimeout: bot.AckWithin})
	w.start(shortened())
	s := alone(w)
	s.trust = 3 * time.Second
	s.between = func(chapter int) {
		switch chapter {
		case 1:
			w.SendTwice(4)
		case 2:
			w.CutSockets(workspace.Abruptly)
		case 3:
			w.SendTwice(3)
		case 4:
			w.Recycle(10 * time.Millisecond)
		case 5:
			if open := w.Sockets(); len(open) > 0 {
				w.CutSockets(workspace.HalfOpen, open[0])
			}
		case 6:
			w.Reverse(2)
		case 7:
			w.CutSockets(workspace.Politely)
		default:
			w.SendTwice(2)
		}
	}
	same(t, want, s.tell())
}

func TestPostgreSQLIsRestartedInTheMiddle(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 12})
	own := storetest.Own(t)
	w.dsn = own.URL()
	w.start(impatient())
	s := alone(w)
	s.trust = 2 * time.Second
	s.between = func(chapter int) {
		if chapter%3 == 2 {
			w.do(own.Restart(w.ctx))
		}
	}
	same(t, want, s.tell())
}

// line is a connection to the database that can be taken away.
type line struct {
	listener net.Listener
	network  string
	address  string
	all      sync.WaitGroup

	mu    sync.Mutex
	away  bool
	conns []net.Conn
}

// through puts a line between a world and its database.
func through(t *testing.T, w *world) *line {
	t.Helper()
	config, err := pgx.ParseConfig(w.dsn)
	w.do(err)
	l := &line{}
	l.network, l.address = pgconn.NetworkAddress(config.Host, config.Port)
	l.listener, err = net.Listen("tcp", "127.0.0.1:0")
	w.do(err)
	l.all.Go(l.serve)
	t.Cleanup(func() {
		_ = l.listener.Close()
		l.cut(true)
		l.all.Wait()
	})
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: l.listener.Addr().String(),
		Path: "/" + config.Database, RawQuery: "sslmode=disable",
	}
	w.dsn = address.String()
	return l
}

func (l *line) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(l.network, l.address)
		if err != nil || !l.add(near, far) {
			_ = near.Close()
			if far != nil {
				_ = far.Close()
			}
			continue
		}
		for _, pair := range [][2]net.Conn{{near, far}, {far, near}} {
			l.all.Go(func() {
				_, _ = io.Copy(pair[0], pair[1])
				_ = pair[0].Close()
				_ = pair[1].Close()
			})
		}
	}
}

func (l *line) add(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, conns...)
	return !l.away
}

// cut takes the database away, or gives it back.
func (l *line) cut(away bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = away
	if away {
		for _, c := range l.conns {
			_ = c.Close()
		}
		l.conns = nil
	}
}

// While the database is away, a form keeps what was typed and says so; then it
// works, once.
func TestAFormOutlivesTheDatabasesAbsence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 13})
	direct := w.dsn
	l := through(t, w)
	w.start(impatient())
	w.dsn = direct
	_, err := w.lee.Slash(w.ctx, "general", "/incident")
	w.do(err)
	form, err := w.form(w.lee)
	w.do(err)
	w.do(form.Fill("What is wrong?", "checkout returns 500"))
	w.do(form.Fill("Summary", "a long text that nobody types twice"))
	l.cut(true)
	outcome, err := form.Submit(w.ctx)
	w.do(err)
	if outcome.Closed || len(outcome.Errors) != 1 {
		t.Fatalf("the form with no database: %+v", outcome)
	}
	for _, words := range []string{"Your text is kept here", "checkout returns 500", "a long text that nobody types twice"} {
		if !strings.Contains(form.Text(), words) {
			t.Errorf("the form does not say %q:\n%s", words, form.Text())
		}
	}
	l.cut(false)
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	for !outcome.Updated && ctx.Err() == nil {
		outcome, err = form.Submit(ctx)
		w.do(err)
	}
	w.eventually("the link in the form", func() bool { return strings.Contains(w.lee.SeesForm(), "declared: #"+firstRoom) })
	w.rest()
	if n := strings.Count(w.Dump(), "== #inc-"); n != 1 {
		t.Errorf("%d rooms:\n%s", n, w.Dump())
	}
}
