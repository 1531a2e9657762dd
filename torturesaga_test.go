package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

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
	// pass lets half an hour pass, once however often it is called.
	pass func()
}

// taleWorld is a world with all that the tale needs: a Confluence, and a clock
// that Slack has, too.
func taleWorld(t testing.TB, cfg workspace.Config) *world {
	t.Helper()
	clock := &ahead{}
	cfg.Now = clock.now
	w := newWorld(t, cfg)
	w.clock = clock
	w.openWiki()
	return w
}

// saga is of this world, in which programs die and come back as told.
func (w *world) saga(deaths func() int64, recover func()) *saga {
	return &saga{world: w, deaths: deaths, recover: recover, pass: func() { w.clock.by.Store(int64(31 * time.Minute)) }}
}

// alone is a saga of a world in which no program dies.
func alone(w *world) *saga {
	return w.saga(func() int64 { return 0 }, func() {
		w.t.Helper()
		w.eventually("a socket", func() bool { return len(w.Sockets()) > 0 })
	})
}

// tell tells the tale: one incident by form, through all its changes, a reminder
// and an update, to its review and back; one by command, declared again and then
// closed as a duplicate; and one by a reaction on an alert.
func (s *saga) tell() told {
	s.t.Helper()
	s.declares()
	s.updates()
	s.others()
	s.ends()
	return s.ended()
}

func (s *saga) declares() {
	s.t.Helper()
	// Whoever has another form open by then hears of it directly.
	s.until("the form leads to the room", func() bool {
		return strings.Contains(s.lee.SeesForm()+s.lee.DirectMessages(), "declared: #"+firstRoom)
	},
		s.byForm(s.lee, s.types(s.lee, "general", "/incident"), "What is wrong?", "checkout returns 500", "Summary", "since <14:00> & worse"))
	s.close(s.lee)
	s.sees(s.lee, firstRoom, "Claim")
	s.until("lee is commander", func() bool {
		return strings.Contains(s.lee.Sees(firstRoom), "is now Incident commander") &&
			strings.Contains(s.lee.DirectMessages(), "Incident commander")
	}, func() error { return s.lee.Click(s.ctx, firstRoom, "Claim") })
	s.until("bo leads", func() bool {
		return strings.Contains(s.lee.Sees(firstRoom), "is now Technical lead") &&
			strings.Contains(s.bo.DirectMessages(), "Technical lead")
	}, s.types(s.lee, firstRoom, "/incident assign lead @bo"))
	s.until("SEV2", s.reads(s.lee, firstRoom, "SEV4 → SEV2"),
		s.byForm(s.lee, s.clicks(s.lee, firstRoom, "Severity"), "Severity", "SEV2"))
	s.close(s.lee)
}

// updates tells of half an hour in which nobody outside hears anything, and of
// the update that the reminder brings.
func (s *saga) updates() {
	s.t.Helper()
	s.until("a reminder", s.reads(s.lee, firstRoom, "readers wait for it"), func() error {
		s.pass()
		return nil
	})
	s.until("the update", s.reads(s.lee, "incidents", "failed over"),
		s.byForm(s.lee, s.types(s.lee, firstRoom, "/incident update"), "What changed?", "failed over", "Impact", "checkout is slow"))
	s.close(s.lee)
	s.until("the reminder is answered", s.reads(s.lee, firstRoom, "Reminder answered"), func() error { return nil })
}

func (s *saga) others() {
	s.t.Helper()
	s.until("the command leads to the room", s.reads(s.ana, "general", "declared: #"+secondRoom),
		s.types(s.ana, "general", "/incident new search is slow"))
	s.sees(s.ana, secondRoom, "Claim")
	s.until("ana leads", func() bool {
		return strings.Contains(s.ana.Sees(secondRoom), "is now Technical lead") &&
			strings.Contains(s.ana.DirectMessages(), "Technical lead")
	}, s.types(s.ana, secondRoom, "/incident claim lead"))
	s.until("it is not declared twice", s.reads(s.ana, "general", "Declare another"),
		s.types(s.ana, "general", "/incident new search is slow"))
	s.until("the duplicate is closed", s.reads(s.ana, secondRoom, "Duplicate of INC-1"),
		s.types(s.ana, secondRoom, "/incident duplicate of 1"))

	s.alertChannel(true)
	s.until("the alert becomes an incident", s.reads(s.lee, "alerts", "*INC-3* declared by"), func() error {
		// Whoever sees nothing happen takes the reaction back and tries again.
		_ = s.lee.Unreact(s.ctx, "alerts", "HighErrorRate", "rotating_light")
		return s.lee.React(s.ctx, "alerts", "HighErrorRate", "rotating_light")
	})
	s.sees(s.lee, thirdRoom, "Claim")
	s.until("the alert is over", s.reads(s.lee, "alerts", "resolved after"), s.types(s.lee, thirdRoom, "/incident status resolved it was us"))
}

// screenshot looks like an image to whoever does not look closely.
var screenshot = []byte("\x89PNG\r\n\x1a\n of a full disk")

// keeps writes down what is to be done, and puts a message into the timeline.
func (s *saga) keeps() {
	s.t.Helper()
	s.until("the follow-up is told", func() bool {
		return strings.Contains(s.lee.Sees(firstRoom), "*Follow-up* by") && strings.Contains(s.bo.DirectMessages(), "look at the disks")
	}, s.types(s.lee, firstRoom, "/incident todo look at the disks @bo"))
	_, err := s.AddFile("lee", firstRoom, "disk.png", screenshot, "the disk is full")
	s.do(err)
	kept := func() bool { return s.query(selectKept) == "the disk is full" }
	s.until("the message joins the timeline", kept, func() error {
		_ = s.lee.Unpin(s.ctx, firstRoom, "the disk is full")
		if err := s.lee.Pin(s.ctx, firstRoom, "the disk is full"); err != nil {
			return err
		}
		// Nothing in Slack shows that it did.
		for before := s.deaths(); !kept() && s.deaths() == before && s.ctx.Err() == nil; {
			s.do(s.Settle(s.ctx, 20*time.Millisecond))
		}
		return nil
	})
}

// ends tells of a resolution, the review with its page, and how both come again.
func (s *saga) ends() {
	s.t.Helper()
	s.until("monitoring", s.reads(s.lee, firstRoom, "Investigating → Monitoring"),
		s.types(s.lee, firstRoom, "/incident status monitoring"))
	s.keeps()
	s.until("resolved", s.reads(s.lee, firstRoom, "rolled back"),
		s.byForm(s.lee, s.clicks(s.lee, firstRoom, "Resolve"), "What fixed it?", "rolled back"))
	s.close(s.lee)
	s.sees(s.lee, firstReview, "/wiki/spaces/OPS/pages/")
	s.until("reopened", s.reads(s.lee, firstRoom, "Reopened"), s.clicks(s.lee, firstRoom, "Reopen"))
	s.until("resolved again", s.reads(s.lee, firstRoom, "new disks"), s.types(s.lee, firstRoom, "/incident status resolved new disks"))
}

// until lets a person act until they see what they wanted. They give up after many
// tries, but not as long as each is refused at once.
func (s *saga) until(what string, seen func() bool, act func() error) {
	s.t.Helper()
	const enough = 12
	var err error
	if s.chapter++; s.between != nil {
		s.between(s.chapter)
	}
	for tries, began := 0, time.Now(); tries < enough || time.Since(began) < patience; tries++ {
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
	s.t.Fatalf("%s: not after %d tries and more: %v\n%s", what, enough, err, s.Dump())
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
	_ = s.await(ctx, cond)
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
		reply, err := p.Slash(s.ctx, channel, line)
		if err == nil && strings.Contains(reply.Text, "Nothing was changed. Please try again") {
			return errNotSent
		}
		return err
	}
}

func (s *saga) clicks(p *workspace.Person, channel, label string) func() error {
	return func() error { return p.Click(s.ctx, channel, label) }
}

var (
	errNoForm  = errors.New("no form came")
	errNotSent = errors.New("it was not taken")
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
			s.wait("a form", func() bool { return formOf(p) != "" || s.deaths() > before })
		}
		switch seen := formOf(p); {
		case seen == "" && p.SeesForm() != "":
			return errors.Join(errNoForm, s.closes(p))
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

// closes closes a form that never came to show anything.
func (s *saga) closes(p *workspace.Person) error {
	form, err := p.Form(s.ctx)
	if err != nil {
		return err
	}
	return form.Close(s.ctx)
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
