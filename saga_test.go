package main

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jackc/pgx/v5"

	"muster/sandbox/workspace"
)

const (
	firstRoom  = "inc-1-checkout-returns-500"
	secondRoom = "inc-2-search-is-slow"
	thirdRoom  = "inc-3-firing-1-higherrorrate"
)

// saga is a whole story told by people who do what people do when something
// breaks: they look, and if they don't see what they wanted, they do it again.
type saga struct {
	*world
	// deaths counts the programs that have died so far.
	deaths func() int64
	// recover waits until a program is there again.
	recover func()
	// between is called before each chapter, counted from 1, if it is set.
	between func(chapter int)
	chapter int
	// trust is how long people wait for something before they look whether it
	// ever comes; zero means that it must come.
	trust time.Duration
}

// alone is a saga of a world in which no program dies.
func alone(w *world) *saga {
	return &saga{world: w, deaths: func() int64 { return 0 }, recover: func() {
		w.t.Helper()
		w.eventually("a socket", func() bool { return len(w.Sockets()) > 0 })
	}}
}

// told is what is left of a tale, without what may differ between two tellings.
type told struct{ slack, timeline, loose string }

// tell tells the tale: one incident by form, through all its changes and back,
// one by command, and one by a reaction on an alert.
func (s *saga) tell() told {
	s.t.Helper()
	s.until("the form leads to the room", func() bool { return strings.Contains(s.lee.SeesForm(), "declared: #"+firstRoom) },
		s.byForm(s.lee, s.types(s.lee, "general", "/incident"), "What is wrong?", "checkout returns 500", "Summary", "since <14:00> & worse"))
	s.close(s.lee)
	s.sees(s.lee, firstRoom, "Claim")
	s.until("lee is commander", func() bool {
		return strings.Contains(s.lee.Sees(firstRoom), "is now Incident commander") &&
			strings.Contains(s.lee.DirectMessages(), "Incident commander")
	}, func() error { return s.lee.Click(s.ctx, firstRoom, "Claim") })
	s.until("SEV2", s.reads(s.lee, firstRoom, "SEV4 → SEV2"),
		s.byForm(s.lee, s.clicks(s.lee, firstRoom, "Severity"), "Severity", "SEV2"))
	s.close(s.lee)

	s.until("the command leads to the room", s.reads(s.ana, "general", "declared: #"+secondRoom),
		s.types(s.ana, "general", "/incident new search is slow"))
	s.sees(s.ana, secondRoom, "Claim")
	s.until("ana leads", func() bool {
		return strings.Contains(s.ana.Sees(secondRoom), "is now Technical lead") &&
			strings.Contains(s.ana.DirectMessages(), "Technical lead")
	}, s.types(s.ana, secondRoom, "/incident claim lead"))

	s.alertChannel(true)
	s.until("the alert becomes an incident", s.reads(s.lee, "alerts", "*INC-3* declared by"), func() error {
		// Whoever sees nothing happen takes the reaction back and tries again.
		_ = s.lee.Unreact(s.ctx, "alerts", "HighErrorRate", "rotating_light")
		return s.lee.React(s.ctx, "alerts", "HighErrorRate", "rotating_light")
	})
	s.sees(s.lee, thirdRoom, "Claim")
	s.until("the alert is over", s.reads(s.lee, "alerts", "resolved after"), s.types(s.lee, thirdRoom, "/incident resolve it was us"))

	s.until("monitoring", s.reads(s.lee, firstRoom, "Investigating → Monitoring"),
		s.types(s.lee, firstRoom, "/incident status monitoring"))
	s.until("resolved", s.reads(s.lee, firstRoom, "rolled back"),
		s.byForm(s.lee, s.clicks(s.lee, firstRoom, "Resolve"), "What fixed it?", "rolled back"))
	s.close(s.lee)
	s.until("reopened", s.reads(s.lee, firstRoom, "Reopened"), s.clicks(s.lee, firstRoom, "Reopen"))
	s.until("resolved again", s.reads(s.lee, firstRoom, "new disks"), s.types(s.lee, firstRoom, "/incident resolve new disks"))
	s.recover()
	s.rest()
	return s.told()
}

// until lets a person act until they see what they wanted.
func (s *saga) until(what string, seen func() bool, act func() error) {
	s.t.Helper()
	const enough = 12
	var err error
	if s.chapter++; s.between != nil {
		s.between(s.chapter)
	}
	for range enough {
		before := s.deaths()
		if err = act(); err == nil {
			s.wait(what, func() bool { return seen() || s.deaths() > before })
		}
		if !seen() {
			s.recover()
			s.rest()
		}
		if seen() {
			return
		}
	}
	s.t.Fatalf("%s: not after %d tries: %v\n%s", what, enough, err, s.Dump())
}

// wait waits as long as people do.
func (s *saga) wait(what string, cond func() bool) {
	s.t.Helper()
	if s.trust == 0 {
		s.eventually(what, cond)
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.trust)
	defer cancel()
	_ = s.Await(ctx, cond)
}

func (s *saga) reads(p *workspace.Person, channel, words string) func() bool {
	return func() bool { return strings.Contains(p.Sees(channel), words) }
}

func (s *saga) sees(p *workspace.Person, channel, words string) {
	s.t.Helper()
	s.eventually(channel+" shows "+words, s.reads(p, channel, words))
}

func (s *saga) types(p *workspace.Person, channel, line string) func() error {
	return func() error {
		_, err := p.Slash(s.ctx, channel, line)
		return err
	}
}

func (s *saga) clicks(p *workspace.Person, channel, label string) func() error {
	return func() error { return p.Click(s.ctx, channel, label) }
}

var (
	errNoForm  = errors.New("no form came")
	errNotSent = errors.New("the form was not taken")
)

// byForm opens a form, unless the person has one, fills it and sends it. A form
// that has become something else was sent before.
func (s *saga) byForm(p *workspace.Person, open func() error, fields ...string) func() error {
	return func() error {
		if p.SeesForm() == "" {
			before := s.deaths()
			if err := open(); err != nil {
				return err
			}
			s.wait("a form", func() bool { return p.SeesForm() != "" || s.deaths() > before })
		}
		switch seen := p.SeesForm(); {
		case seen == "":
			return errNoForm
		case !strings.Contains(seen, fields[0]):
			return nil
		}
		form, err := p.Form(s.ctx)
		if err != nil {
			return err
		}
		for n := 0; n+1 < len(fields); n += 2 {
			if err := form.Fill(fields[n], fields[n+1]); err != nil {
				return err
			}
		}
		outcome, err := form.Submit(s.ctx)
		if err == nil && len(outcome.Errors) > 0 {
			err = errNotSent
		}
		return err
	}
}

// close closes what the person still has open, once it has said all that it will:
// whoever closes it before gets the rest as a direct message.
func (s *saga) close(p *workspace.Person) {
	s.t.Helper()
	s.recover()
	s.rest()
	for p.SeesForm() != "" {
		form, err := p.Form(s.ctx)
		s.do(err)
		s.do(form.Close(s.ctx))
	}
}

var (
	lasted = regexp.MustCompile(`after \d+ (s|min)`)
	// What is no message has no order that anybody promised.
	bookmarks = regexp.MustCompile(`(?m)(?:^bookmark: .*\n)+`)
	whisper   = regexp.MustCompile(`(?m)^- .* \(only .* sees this, by .*\):\n(?:    .*\n)+`)
)

// told reads what there is now. Answers that only one person sees are
// at-least-once: they count once, and those that tell of a wait or a trouble, which
// the undisturbed tale has not, do not count.
func (s *saga) told() told {
	s.t.Helper()
	text := lasted.ReplaceAllString(s.Dump(workspace.WithoutSystem), "after <time>")
	text = bookmarks.ReplaceAllStringFunc(text, func(list string) string {
		return strings.Join(slices.Sorted(strings.Lines(list)), "")
	})
	heard := map[string]bool{}
	text = whisper.ReplaceAllStringFunc(text, func(w string) string {
		if heard[w] || strings.Contains(w, "is being opened; the link follows here") || strings.Contains(w, "did not work: muster can't reach") {
			return ""
		}
		heard[w] = true
		return w
	})
	return told{slack: text, timeline: s.query(selectTold), loose: s.query(selectLoose)}
}

// reference is told once for all tests, which compare with it.
var reference struct {
	sync.Mutex
	told
}

// undisturbed is how the tale ends when nothing goes wrong.
func undisturbed(t *testing.T) told {
	t.Helper()
	reference.Lock()
	defer reference.Unlock()
	if reference.slack == "" {
		w := newWorld(t, workspace.Config{Seed: 1})
		m := w.start(impatient())
		defer m.stop()
		reference.told = alone(w).tell()
	}
	return reference.told
}

// same fails the test if two tales ended differently.
func same(t *testing.T, want, got told) {
	t.Helper()
	if differs := cmp.Diff(want, got, cmp.AllowUnexported(told{})); differs != "" {
		t.Errorf("the world differs (-undisturbed +this):\n%s", differs)
	}
}

const selectTold = `
	SELECT coalesce(string_agg(concat_ws(' ', number, kind, from_value, to_value = author, nullif(to_value, author), role, body), E'\n' ORDER BY id), '') FROM entries`

// selectLoose lists whatever was begun and has no result.
const selectLoose = `
	SELECT coalesce(string_agg(what, E'\n'), '') FROM (
		SELECT subject || ' posting ' || key AS what FROM postings WHERE ts = '' OR attempted_at IS NOT NULL OR key IN ('card', 'digest') AND hash = ''
		UNION ALL SELECT subject || ' deed ' || key FROM deeds WHERE done_at IS NULL OR attempted_at IS NOT NULL
		UNION ALL SELECT number || ' room ' || name FROM rooms WHERE channel = '' OR attempted_at IS NOT NULL
		UNION ALL SELECT subject || ' step ' || step FROM steps WHERE error <> '') AS loose`

// query gives the one text that a statement selects.
func (w *world) query(statement string) (text string) {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.dsn)
	w.do(err)
	defer func() { w.do(conn.Close(w.ctx)) }()
	w.do(conn.QueryRow(w.ctx, statement).Scan(&text))
	return text
}
