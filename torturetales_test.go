package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// drama is one of the stories in which programs are cut. Many short ones cost less
// than a long one: each is told from its beginning for each of its cuts.
type drama struct {
	name string
	// prepare sets the world up before the program starts.
	prepare func(*world)
	tell    func(*saga) told
}

// tales are the stories that together reach whatever the program does outside.
var tales = []drama{
	{name: "saga", tell: (*saga).tell},
	{name: "private", tell: (*saga).tellPrivate, prepare: func(w *world) {
		w.wiki.AddSpace("SEC")
		w.privateSpace = "SEC"
	}},
	{name: "crew", tell: (*saga).tellCrew, prepare: func(w *world) {
		_, err := w.AddGroup("oncall", "On call", "lee")
		w.do(err)
		w.group = "oncall"
	}},
	{name: "page", tell: (*saga).tellPage, prepare: func(w *world) {
		w.wiki.AddPage("OPS", "INC-1 Checkout returns 500", "<p>somebody else's</p>")
	}},
	{name: "hands", tell: (*saga).tellHands, prepare: func(w *world) { w.admins = w.UserID("lee") }},
}

func (x drama) world(t testing.TB, cfg workspace.Config) *world {
	t.Helper()
	w := taleWorld(t, cfg)
	if x.prepare != nil {
		x.prepare(w)
	}
	return w
}

// ended is what is left when a tale is over.
func (s *saga) ended() told {
	s.t.Helper()
	s.calm()
	return s.told()
}

// calm waits until a program is there and has nothing left to do.
func (s *saga) calm() {
	s.t.Helper()
	s.recover()
	s.rest()
}

// dueDay is the day on which a follow-up of the tales is due.
var dueDay = time.Now().UTC().AddDate(0, 0, 3).Format(time.DateOnly)

// tellPrivate tells an incident that few may see, from a form to its review, with
// a note, a message with an image in its timeline, and a second one from a post.
func (s *saga) tellPrivate() told {
	s.t.Helper()
	const form = "the form leads to the room"
	s.until(form, func() bool {
		return strings.Contains(s.ana.SeesForm()+s.ana.DirectMessages(), "declared: #"+secretRoom)
	},
		s.byForm(s.ana, s.types(s.ana, "general", "/incident"), "What is wrong?", "payroll leaked", "What kind is it?", "Private"))
	s.close(s.ana)
	s.do(s.Invite("ana", secretRoom, "bo"))
	s.until("a note", s.reads(s.ana, secretRoom, "the keys were in the log"), s.types(s.bo, secretRoom, "/incident note the keys were in the log"))
	_, err := s.AddFile("bo", secretRoom, "keys.png", screenshot, "look at this")
	s.do(err)
	s.until("the message joins the timeline", s.holdsKept("look at this"), s.acts(s.holdsKept("look at this"), func() error {
		_ = s.ana.Unreact(s.ctx, secretRoom, "look at this", "pushpin")
		return s.ana.React(s.ctx, secretRoom, "look at this", "pushpin")
	}))
	s.until("resolved", s.reads(s.ana, secretRoom+"-rca", "/pages/"), s.types(s.ana, secretRoom, "/incident status resolved keys rotated"))

	s.alertChannel(true)
	const second = "inc-2-payroll-leaked-again"
	s.until("a private one from a post", func() bool {
		return s.ChannelID(second) != "" && strings.Contains(s.bo.Sees(second), "Claim")
	},
		s.byForm(s.bo, func() error { return s.bo.MessageShortcut(s.ctx, "alerts", "HighErrorRate", "Declare as incident") },
			"What is wrong?", "payroll leaked again", "What kind is it?", "Private"))
	s.close(s.bo)
	return s.ended()
}

func (s *saga) holdsKept(words string) func() bool {
	return func() bool { return strings.Contains(s.query(selectKept), words) }
}

// tired is how long who acts waits for an effect that may never come.
const tired = 5 * time.Second

// acts lets a person act where nothing in Slack shows the effect, and waits until
// it is there or the program died. What Slack could deliver to nobody is lost: who
// sees nothing come of it after a while does it again.
func (s *saga) acts(seen func() bool, act func() error) func() error {
	return func() error {
		s.recover()
		before := s.deaths()
		if err := act(); err != nil {
			return err
		}
		for enough := time.Now().Add(tired); !seen() && s.deaths() == before; {
			if time.Now().After(enough) {
				return errNotSent
			}
			s.do(s.Settle(s.ctx, 20*time.Millisecond))
		}
		return nil
	}
}

// tellCrew tells of a group that is invited, of nobody who commands, of a
// subscriber, a follow-up that is due, an incident that was declared twice, and
// one that is open for too long.
func (s *saga) tellCrew() told {
	s.t.Helper()
	s.until("the command leads to the room", s.reads(s.ana, "general", "declared: #"+firstRoom),
		s.types(s.ana, "general", "/incident new checkout returns 500"))
	s.until("a commander is asked for", s.reads(s.ana, firstRoom, "Nobody is Incident commander"), func() error { s.pass(); return nil })
	s.until("ana is commander", s.reads(s.ana, firstRoom, "is now Incident commander"), s.types(s.ana, firstRoom, "/incident claim commander"))
	subscribed := func() bool { return s.query(`SELECT count(*)::text FROM subscriptions`) == "1" }
	s.until("bo subscribes", subscribed, s.acts(subscribed, func() error { return s.bo.Click(s.ctx, "incidents", "Subscribe") }))
	s.until("bo is told", func() bool { return strings.Contains(s.bo.DirectMessages(), "SEV4 → SEV3") },
		s.types(s.ana, firstRoom, "/incident severity sev3"))
	s.until("another title", s.reads(s.bo, "incidents", "INC-1  checkout is slow"), s.types(s.ana, firstRoom, "/incident title checkout is slow"))
	s.until("bo has a follow-up", func() bool { return strings.Contains(s.bo.DirectMessages(), "gave you a follow-up") },
		s.types(s.ana, firstRoom, "/incident todo alert on the disks @bo by "+dueDay))

	const second = "inc-2-checkout-is-slow-again"
	answered := func() bool {
		sees := s.bo.Sees("general")
		return strings.Contains(sees, "join INC-1") || strings.Contains(sees, "You declared *INC-2*")
	}
	s.until("it is declared twice", func() bool { return answered() && strings.Contains(s.bo.Sees(second), "Claim") },
		s.types(s.bo, "general", "/incident new checkout is slow again"))
	s.until("it is the same", func() bool {
		return strings.Contains(s.bo.Sees(second), "Duplicate of INC-1") && strings.Contains(s.bo.Sees(firstRoom), "Bo Berg has joined")
	}, func() error {
		if strings.Contains(s.bo.Sees("general"), "join INC-1") {
			return s.bo.Click(s.ctx, "general", "It is the same: join INC-1")
		}
		// The answer with the button died with the program.
		s.do(s.Join("bo", firstRoom))
		return s.types(s.bo, second, "/incident duplicate of 1")()
	})

	s.until("the day has come", func() bool { return strings.Contains(s.bo.DirectMessages(), "is due") }, func() error {
		s.clock.by.Store(int64(8 * 24 * time.Hour))
		return nil
	})
	s.until("it is open for too long", s.reads(s.bo, "incidents", "Open for too long"), func() error { return nil })
	s.until("the follow-up is done", s.reads(s.ana, firstRoom, "0 of 1 follow-ups"), func() error { return s.bo.ClickOn(s.ctx, "dm", "is due", "Done") })
	s.until("cancelled", s.reads(s.ana, firstRoom, "false alarm"), s.types(s.ana, firstRoom, "/incident 1 cancel false alarm"))
	return s.ended()
}

// tellPage tells of a page that people edit, and that is replaced.
func (s *saga) tellPage() told {
	s.t.Helper()
	s.until("the command leads to the room", s.reads(s.lee, "general", "declared: #"+firstRoom),
		s.types(s.lee, "general", "/incident new checkout returns 500"))
	_, err := s.AddFile("lee", firstRoom, "disk.png", screenshot, "the disk is full")
	s.do(err)
	s.until("the message joins the timeline", s.holdsKept("the disk is full"), s.acts(s.holdsKept("the disk is full"), func() error {
		_ = s.lee.Unpin(s.ctx, firstRoom, "the disk is full")
		return s.lee.Pin(s.ctx, firstRoom, "the disk is full")
	}))
	s.until("resolved", s.reads(s.lee, firstReview, "/wiki/spaces/OPS/pages/"), s.types(s.lee, firstRoom, "/incident status resolved rolled back"))
	s.calm()
	gone := func() bool { return !s.holdsKept("the disk is full")() }
	s.until("the message leaves it", gone, s.acts(gone, func() error {
		if s.deaths() > 0 {
			_ = s.lee.Pin(s.ctx, firstRoom, "the disk is full")
		}
		return s.lee.Unpin(s.ctx, firstRoom, "the disk is full")
	}))
	s.calm()
	s.do(s.wiki.Edit("INC-1 checkout returns 500 (2)", "it was the disks"))
	s.until("a comment", s.reads(s.lee, firstReview, "Note: disk 7 was bad"), s.types(s.lee, firstRoom, "/incident note disk 7 was bad"))
	s.calm()
	s.until("replaced", s.reads(s.lee, firstReview, "had the page replaced"),
		func() error { return s.lee.ClickOn(s.ctx, firstReview, "this went into a comment", "Replace page") })
	return s.ended()
}

// tellHands tells of what people change by hand: links, the topic, a room that is
// archived, and comes back.
func (s *saga) tellHands() told {
	s.t.Helper()
	links := func(want string, fields ...string) {
		s.t.Helper()
		is := func() bool {
			return s.query(`SELECT coalesce(max(guide), '') FROM installation`) == want
		}
		s.until("the links are "+want, is, s.acts(is, s.sets(fields...)))
		// What they still see of a form says only what was so when it was shown.
		s.close(s.lee)
	}
	const one, two = "https://wiki.example/one", "https://wiki.example/two"
	links(one, "Guide", one)
	s.until("the command leads to the room", s.reads(s.ana, "general", "declared: #"+firstRoom),
		s.types(s.ana, "general", "/incident new checkout returns 500"))
	links(two, "Guide", two)
	s.until("a note", s.reads(s.ana, firstRoom, "it is slow"), s.types(s.ana, firstRoom, "/incident note it is slow"))
	links("", "Guide", "")
	s.until("another note", s.reads(s.ana, firstRoom, "it is fast"), s.types(s.ana, firstRoom, "/incident note it is fast"))
	s.calm()
	s.do(s.Join("bo", firstRoom))
	s.do(s.SetTopic("bo", firstRoom, "party at five"))
	s.do(s.RemoveBookmark("bo", firstRoom, "Digest"))
	s.until("compared", s.reads(s.bo, firstRoom, putRight), s.types(s.bo, firstRoom, "/incident resync"))
	s.calm()
	s.until("archived", s.reads(s.ana, "incidents", "was archived"), func() error {
		_ = s.Unarchive("bo", firstRoom)
		return s.Archive("bo", firstRoom)
	})
	s.until("there again", s.reads(s.ana, firstRoom, "SEV4 → SEV3"), func() error {
		_ = s.Unarchive("bo", firstRoom)
		return s.types(s.ana, "general", "/incident 1 severity sev3")()
	})
	s.until("cancelled", s.reads(s.ana, firstRoom, "false alarm"), s.types(s.ana, firstRoom, "/incident 1 cancel false alarm"))
	s.calm()
	s.do(s.Archive("bo", firstRoom))
	s.until("reopened", s.reads(s.ana, firstRoom, "*Reopened* by @Bo Berg"), s.types(s.bo, "general", "/incident 1 reopen"))
	s.until("cancelled again", s.reads(s.ana, firstRoom, "all is well"), s.types(s.ana, firstRoom, "/incident 1 cancel all is well"))
	s.calm()
	s.do(s.Kick("bo", firstRoom, "muster"))
	s.until("reopened again", s.reads(s.ana, firstRoom, "*Reopened* by @Lee Wong"), s.types(s.lee, "general", "/incident 1 reopen"))
	return s.ended()
}

// sets changes the links by the form of the settings.
func (s *saga) sets(fields ...string) func() error {
	return func() error {
		for s.lee.SeesForm() != "" {
			form, err := s.lee.Form(s.ctx)
			if err == nil {
				err = form.Close(s.ctx)
			}
			if err != nil {
				return err
			}
		}
		before := s.deaths()
		shows := func(words string) bool { return strings.Contains(s.lee.SeesForm(), words) }
		if err := s.types(s.lee, "general", "/incident settings")(); err != nil {
			return err
		}
		s.wait("the settings", func() bool { return shows("Links, topic") || s.deaths() > before })
		if !shows("Links, topic") {
			return errNoForm
		}
		if err := s.lee.ClickInFormOn(s.ctx, "Links, topic", "Edit"); err != nil {
			return err
		}
		s.wait("the form", func() bool { return shows("[ Save ]") || s.deaths() > before })
		return s.byForm(s.lee, func() error { return errNoForm }, fields...)()
	}
}
