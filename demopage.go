package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"muster/sandbox/browser"
	"muster/sandbox/workspace"
)

// livelyBefore is how long before now the lively start begins.
const livelyBefore = 3 * time.Hour

// The rooms of the lively start.
const (
	pastRoom    = "#inc-1-checkout-returns-500"
	runningRoom = "#inc-2-search-is-slow"
)

// firstBot is what the first process is called.
const firstBot = "muster 1"

// lively fills the workspace with what a team would find in it: one incident
// that is over and has its page, one that runs, and an alert that nobody has
// taken. It happens in the past, in the seconds that it takes. The last alert is
// left to the caller.
func lively(ctx context.Context, s *stage) error {
	t := &tale{ctx: ctx, screen: newScreen(s, newPainter(io.Discard)), day: time.Now(), ana: s.people[0], bo: s.people[1], lee: s.people[2]}
	for _, part := range []func(*tale){pastDeclared, pastResolved, stillRunning} {
		part(t)
	}
	t.back(0)
	s.filled = true
	if t.err != nil {
		return fmt.Errorf("prepare the workspace: %w", t.err)
	}
	return nil
}

// page shows the workspace to browsers.
func (s *stage) page(context.Context) (*browser.Server, error) {
	return browser.Start(browser.Config{Workspace: s.Workspace, Wiki: s.wiki, Now: s.clock.now})
}

// openPage fills the workspace and shows it; a last alert waits for somebody.
func (s *stage) openPage(ctx context.Context) (*browser.Server, error) {
	page, err := s.page(ctx)
	if err != nil {
		return nil, err
	}
	err = errors.Join(lively(ctx, s), s.stop())
	if err == nil {
		s.fleet = newFleet(s, page)
		page.Break(s.fleet.buttons(), s.fleet.world)
		page.AllRead()
		err = errors.Join(s.fleet.spawn(ctx, firstBot), s.lastAlert())
	}
	if err != nil {
		return nil, errors.Join(err, page.Close())
	}
	return page, nil
}

// back makes it so long ago.
func (t *tale) back(ago time.Duration) {
	t.do(func() error {
		t.s.quiet(t.ctx)
		t.s.clock.set(time.Now().Add(-ago))
		return nil
	})
}

func pastDeclared(t *tale) {
	t.back(150 * time.Minute)
	t.says(t.bo, "#general", "payments-client 4.2 goes out at the full hour")
	t.back(134 * time.Minute)
	t.do(func() error {
		return t.s.firing("CheckoutErrors", "checkout returns 500", "38 % of POST /checkout answer 500", "eu-west", "critical")
	})
	t.back(131 * time.Minute)
	t.do(func() error {
		return t.ana.MessageShortcut(t.ctx, "#alerts", "CheckoutErrors", "Declare as incident")
	})
	t.do(func() error {
		form, err := t.ana.AwaitForm(t.ctx, "What is wrong?")
		if err != nil {
			return err
		}
		err = errors.Join(form.Fill("What is wrong?", "checkout returns 500"), form.Fill("Severity", "SEV2"))
		if err != nil {
			return err
		}
		_, err = form.Submit(t.ctx)
		return err
	})
	t.skip(t.ana, pastRoom, "[ Resolve ]")
	t.do(func() error {
		form, err := t.ana.Form(t.ctx)
		if err != nil {
			return err
		}
		return form.Close(t.ctx)
	})
	t.back(129 * time.Minute)
	t.clicks(t.ana, pastRoom, "Claim", "")
	t.comes(t.bo, pastRoom)
	t.types(t.bo, pastRoom, "/incident claim technical lead")
	t.comes(t.lee, pastRoom)
	t.types(t.lee, pastRoom, "/incident claim liaison")
	t.types(t.ana, pastRoom, "/incident summary a third of payments fail in eu-west since the full hour")
}

func pastResolved(t *tale) {
	t.back(124 * time.Minute)
	t.says(t.bo, pastRoom, "the errors began with payments-client 4.2; it retries without a limit")
	t.do(func() error { return t.ana.React(t.ctx, pastRoom, "without a limit", "eyes") })
	t.do(func() error { return t.bo.Pin(t.ctx, pastRoom, "without a limit") })
	t.types(t.ana, pastRoom, "/incident status identified")
	t.back(116 * time.Minute)
	t.says(t.bo, pastRoom, "rolling back: 2 of 4 clusters are done")
	t.do(func() error {
		return t.lee.Replies(t.ctx, pastRoom, "2 of 4 clusters", "support sees fewer tickets already")
	})
	t.do(func() error { return t.ana.Replies(t.ctx, pastRoom, "2 of 4 clusters", "thank you, go on") })
	t.back(104 * time.Minute)
	t.types(t.ana, pastRoom, "/incident status monitoring")
	t.back(86 * time.Minute)
	t.types(t.ana, pastRoom, "/incident status resolved rolled back payments-client 4.2")
	t.skip(t.ana, "#incidents", "resolved after")
	t.skip(t.ana, pastRoom+"-rca", "/pages/")
	t.says(t.lee, "#general", "checkout is well again, the analysis is in "+pastRoom+"-rca")
	t.do(func() error { return t.bo.React(t.ctx, "#general", "well again", "tada") })
}

func stillRunning(t *tale) {
	t.back(24 * time.Minute)
	t.types(t.lee, "#general", "/incident new search is slow")
	t.skip(t.lee, runningRoom, "[ Resolve ]")
	t.back(22 * time.Minute)
	t.types(t.lee, runningRoom, "/incident severity sev3")
	t.comes(t.bo, runningRoom)
	t.types(t.bo, runningRoom, "/incident claim commander")
	t.back(17 * time.Minute)
	t.says(t.lee, runningRoom, "p95 of GET /search is 4.1 s; one shard is rebuilding its index")
	t.says(t.bo, runningRoom, "can we route around it?")
	t.back(11 * time.Minute)
	t.types(t.bo, runningRoom, "/incident status identified")
	t.back(9 * time.Minute)
	t.clicks(t.bo, runningRoom, "Post update", "")
	t.do(func() error {
		form, err := t.bo.AwaitForm(t.ctx, "What changed?")
		if err != nil {
			return err
		}
		err = errors.Join(form.Fill("What changed?", "One shard rebuilds its index. Searches are slow for some, none fail."),
			form.Fill("Next step", "send searches past that shard"), form.Fill("Next update", "In 60 minutes"))
		if err != nil {
			return err
		}
		_, err = form.Submit(t.ctx)
		return err
	})
	t.skip(t.lee, "#incidents", "none fail")
	t.says(t.lee, runningRoom, "routing around it now")
	t.do(func() error { return t.bo.React(t.ctx, runningRoom, "routing around it", "pray") })
}

// comes lets somebody join a channel.
func (t *tale) comes(who *workspace.Person, channel string) {
	t.do(func() error { return t.s.Join(who.Name(), channel) })
}

// firing is how Alertmanager posts: no text, all in one attachment with a
// colour.
func (s *stage) firing(name, summary, text, region, severity string) error {
	attachments := fmt.Sprintf(`[{"color":"danger","fallback":"[FIRING:1] %[1]s (%[4]s %[5]s)","title":"[FIRING:1] %[1]s (%[4]s %[5]s)",
		"title_link":"https://alerts.example.com/#/alerts?silenced=false","text":"%[2]s: %[3]s",
		"fields":[{"title":"Region","value":"%[4]s","short":true},{"title":"Severity","value":"%[5]s","short":true}],"footer":"Alertmanager"}]`,
		name, summary, text, region, severity)
	_, err := s.PostAs(workspace.OtherApp{Name: "Alertmanager", Attachments: []byte(attachments)}, "alerts")
	return err
}

// lastAlert is the one that a visitor finds.
func (s *stage) lastAlert() error {
	return s.firing("PaymentLatency", "payments take too long", "p99 of POST /payments is 9.3 s, for 5 minutes", "us-east", "critical")
}
