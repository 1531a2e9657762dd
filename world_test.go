package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"muster/bot"
	"muster/config"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
	"muster/store/storetest"
)

// world is a workspace with people in it, a database, and any number of
// musters that run on them.
type world struct {
	t   testing.TB
	ctx context.Context
	*workspace.Workspace
	dsn string
	// group is the handle of the user group to invite, or empty.
	group string
	// digest is INCIDENTS_DIGEST_CHANNEL, unless it is empty.
	digest string
	// admins is ADMIN_USERS, and health HEALTH_ADDR.
	admins, health string
	// wiki is the Confluence in which pages are made, or nil, and privateSpace the
	// key of its space for private incidents, or empty.
	wiki         *wiki.Wiki
	privateSpace string
	// templates is TEMPLATES_DIR.
	templates string
	// clock is what its programs go by, unless their seams say otherwise.
	clock *ahead
	// log is where its programs log.
	log zerolog.Logger
	// console is the address of the web console, or empty.
	console string
	// line is for the story's own questions.
	line hotline

	ana, bo, lee *workspace.Person
}

// patience is how long a story waits for something that must happen. It measures
// nothing: on a machine with much else to do a story takes twenty times as long as on
// an idle one.
const patience = time.Minute

// unhurried is how long Slack waits for acknowledgements in stories that are not
// about that, and the program for what it needs to give them.
const unhurried = 15 * time.Second

func newWorld(t testing.TB, cfg workspace.Config) *world {
	t.Helper()
	return newWorldOn(t, cfg, storetest.New(t))
}

// newWorldOn is newWorld with a database that holds something.
func newWorldOn(t testing.TB, cfg workspace.Config, dsn string) *world {
	t.Helper()
	cfg.Manifest = bot.Manifest
	if cfg.Redelivery == nil {
		cfg.Redelivery = []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond}
	}
	cfg.AckTimeout, cfg.TriggerLife = cmp.Or(cfg.AckTimeout, unhurried), cmp.Or(cfg.TriggerLife, unhurried)
	cfg.Patience = patience
	ws, err := workspace.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute+*loadFor)
	t.Cleanup(func() {
		cancel()
		if err := ws.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, ctx: ctx, Workspace: ws, dsn: dsn, clock: &ahead{}, log: testLog(t)}
	t.Cleanup(w.hangUp)
	for _, u := range []workspace.User{
		{Name: "ana", RealName: "Ana Lima"}, {Name: "bo", RealName: "Bo Berg"}, {Name: "lee", RealName: "Lee Wong"},
	} {
		ws.AddUser(u)
	}
	w.ana, w.bo, w.lee = ws.Person("ana"), ws.Person("bo"), ws.Person("lee")
	for _, channel := range []string{"general", "incidents"} {
		if _, err := ws.AddChannel(channel, []string{"ana", "bo", "lee"}); err != nil {
			t.Fatal(err)
		}
	}
	w.do(ws.Invite("lee", "incidents", "muster"))
	return w
}

// config is the configuration that connects a muster to this world.
func (w *world) config() config.Config {
	w.t.Helper()
	env := config.Environment{
		SlackAppToken: w.AppToken(), SlackBotToken: w.BotToken(), SlackAPIURL: w.APIURL(),
		DatabaseURL: w.dsn, GroupName: w.group, ReactEnabled: "true", ConsoleAddr: w.console,
		AdminUsers: w.admins, HealthAddr: w.health, TemplatesDir: w.templates,
	}
	if w.digest != "" {
		env.DigestChannel = w.digest
	}
	if w.group != "" {
		env.GroupEnabled = "true"
	}
	if w.wiki != nil {
		env.AutoCreateRCA, env.ConfluenceURL, env.ConfluenceSpace, env.ConfluenceParentPage = "true", w.wiki.URL(), "OPS", "Home"
		env.ConfluencePrivateSpace = w.privateSpace
		env.ConfluenceUsername, env.ConfluenceToken = wiki.User, wiki.Token
	}
	cfg, err := env.Check()
	if err != nil {
		w.t.Fatal(err)
	}
	return cfg
}

// quick are seams that make a story wait for nothing but its events.
func quick() seams {
	return seams{
		ackWithin: unhurried, apart: time.Millisecond, pinsApart: 10 * time.Millisecond, editEvery: 30 * time.Millisecond, topicEvery: 30 * time.Millisecond,
		settleAfter:  []time.Duration{0, 50 * time.Millisecond, 150 * time.Millisecond},
		accountLooks: []time.Duration{300 * time.Millisecond, 600 * time.Millisecond},
	}
}

// muster is one running program.
type muster struct {
	stop func()
	done chan error
}

// start runs a muster until the test ends or it is stopped, and returns once it
// hears.
func (w *world) start(s seams) *muster {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.ctx)
	hello := make(chan struct{}, 100)
	s.hello = func() {
		// A story whose sockets break reconnects often, and nobody listens then.
		select {
		case hello <- struct{}{}:
		default:
		}
	}
	if s.now == nil {
		s.now = w.clock.now
	}
	m := &muster{done: make(chan error, 1)}
	m.stop = func() {
		cancel()
		if err := <-m.done; err != nil {
			w.t.Errorf("muster: %v", err)
		}
		m.done <- nil
	}
	go func() { m.done <- run(ctx, w.config(), w.log, s) }()
	w.t.Cleanup(m.stop)
	select {
	case <-hello:
	case err := <-m.done:
		m.done <- nil
		w.t.Fatalf("muster ended: %v", err)
	case <-time.After(patience):
		w.t.Fatal("muster does not connect")
	}
	return m
}

// do fails the story if an act did not work.
func (w *world) do(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// lookEvery is how often a story looks again though the workspace has not changed.
const lookEvery = 50 * time.Millisecond

// await is Await for what hangs on the database, too, of whose changes the
// workspace does not know.
func (w *world) await(ctx context.Context, cond func() bool) error {
	for {
		soon, cancel := context.WithTimeout(ctx, lookEvery)
		err := w.Await(soon, cond)
		cancel()
		if ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
	}
}

// eventually waits until a condition of the workspace or the database holds.
func (w *world) eventually(what string, cond func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := w.await(ctx, cond); err != nil {
		w.t.Fatalf("%s: %v\n%s", what, err, w.Dump())
	}
}

// shows waits until a channel, as ana sees it, holds the words.
func (w *world) shows(channel, words string) {
	w.t.Helper()
	w.eventually(channel+" shows "+words, func() bool { return strings.Contains(w.ana.Sees(channel), words) })
}

func testLog(t testing.TB) zerolog.Logger {
	if os.Getenv("MUSTER_TEST_LOG") == "" {
		return zerolog.Nop()
	}
	return zerolog.New(zerolog.ConsoleWriter{Out: os.Stderr, TimeFormat: "05.000"}).With().Timestamp().Str("test", t.Name()).Logger()
}

// formOf is the form that a person has open; a wait for it is none.
func formOf(p *workspace.Person) string {
	if seen := p.SeesForm(); !strings.Contains(seen, "One moment…") {
		return seen
	}
	return ""
}

// form waits until a person has a form open.
func (w *world) form(p *workspace.Person) (*workspace.Form, error) {
	w.t.Helper()
	w.eventually("a form", func() bool { return formOf(p) != "" })
	return p.Form(w.ctx)
}

// submit fills the form that a person has open, and sends it.
func (w *world) submit(p *workspace.Person, fields ...string) workspace.Outcome {
	w.t.Helper()
	form, err := w.form(p)
	w.do(err)
	for n := 0; n+1 < len(fields); n += 2 {
		w.do(form.Fill(fields[n], fields[n+1]))
	}
	outcome, err := form.Submit(w.ctx)
	w.do(err)
	return outcome
}

// selectBehind counts what is wished for and not so yet, and what came and is not
// dealt with.
const selectBehind = `SELECT (SELECT count(*) FROM reconciliations WHERE seen < wanted OR claimed_until > now())
	+ (SELECT count(*) FROM inbox WHERE done_at IS NULL)`

// selectStuck says what is in the way.
const selectStuck = `SELECT concat_ws('; ', (SELECT string_agg(r::text, ' ') FROM reconciliations r WHERE seen < wanted),
	(SELECT string_agg(s::text, ' ') FROM steps s))`

// rest waits until everything that people wished for is so.
func (w *world) rest() {
	w.t.Helper()
	// What is still on its way to muster is in no table yet.
	arrives, cancel := context.WithTimeout(w.ctx, patience/4)
	_ = w.Settle(arrives, 5*time.Millisecond)
	cancel()
	for deadline := time.Now().Add(3 * patience); ; {
		var behind int
		w.do(w.ask(selectBehind, &behind))
		if behind == 0 {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%d subjects do not come to rest: %s\n%s", behind, w.query(selectStuck), w.Dump())
		}
		w.do(w.Settle(w.ctx, 20*time.Millisecond))
	}
}

// query gives the one text that a statement selects.
func (w *world) query(statement string) (text string) {
	w.t.Helper()
	w.do(w.ask(statement, &text))
	return text
}
