package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"muster/sandbox/browser"
)

// most is how many clicks a newcomer may need.
const most = 12

// stageWithPage is the demo as people find it.
func stageWithPage(t *testing.T) (*stage, *browser.Server) {
	t.Helper()
	clock := &demoClock{}
	clock.set(time.Now().Add(-livelyBefore))
	s, err := openStage(t.Context(), clock, demoTimers(nobody), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	page, err := s.openPage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := page.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, page
}

// A newcomer who never read a word about muster takes an alert to its end.
func TestStoryOfANewcomer(t *testing.T) {
	// Not beside others: who waits too long for an answer acts again.
	chromium(t)
	s, page := stageWithPage(t)
	b := openTab(t, page.URL(), 1280, 800, false)
	b.sees("PaymentLatency")

	b.click("More actions") // of the newest message: the alert
	b.click("⚡ Declare as incident")
	b.sees("What is wrong?")
	b.click("Declare")
	b.sees("INC-3")
	b.click("#inc-3-")
	b.clickFirst("Claim") // the first free role is the commander's
	b.sees("Ana Lima is now Incident commander")
	b.click("Post update")
	b.sees("What changed?")
	b.clickOn(`document.querySelector('#form textarea')`)
	b.types("payments are slow in us-east; we look into the new load balancer")
	b.picks("#form select[aria-label=Severity]", "SEV2")
	b.click("Post")
	b.until("the form closes", `!document.querySelector('#form[open]')`)
	b.sees("SEV4 → SEV2")
	b.click("Resolve")
	b.sees("What fixed it?")
	b.types("took the new load balancer out")
	b.click("Resolve")
	b.sees("Resolved after")

	b.drawsAll()
	if b.clicks > most {
		t.Errorf("%d clicks, at most %d are allowed", b.clicks, most)
	}
	t.Logf("%d clicks", b.clicks)
	lee := s.people[2]
	for _, words := range []string{"INC-3 resolved after", "SEV2 · resolved by @Ana Lima"} {
		if err := lee.AwaitSees(t.Context(), "#incidents", words); err != nil {
			t.Error(err)
		}
	}
	if err := lee.AwaitSees(t.Context(), "#incidents", "we look into the new load balancer"); err != nil {
		t.Error(err)
	}
	if strings.Contains(b.text(), "did not respond") {
		t.Errorf("an error is shown:\n%s", b.text())
	}
}
