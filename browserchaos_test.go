package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// The page kills muster at the worst moment, and shows that nothing is lost and
// nothing is there twice.
func TestStoryOfChaosButtons(t *testing.T) {
	t.Parallel()
	chromium(t)
	s, page := stageWithPage(t)
	b := openTab(t, page.URL()+"?as=ana&in=general", 1280, 800, false)
	b.click("⚡ Break things")
	b.sees("each one once")
	b.sees("muster 1 pid")

	b.click("kill -9 in its next message")
	b.until("it is armed", `document.querySelector('[data-chaos=last][aria-pressed]')`)
	b.clickOn("document.getElementById('say')")
	b.types("/incident new queue is stuck" + kb.Enter)
	b.sees("its message is posted, the answer never comes")
	b.sees("Answers that never came")
	b.sees("✓ settled: there once")
	b.sees("INC-3 declared")

	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	b.click("Confluence down")
	b.click("Start a second one")
	b.sees("muster 2 (pid")
	sockets := func(n int) {
		if err := s.Await(ctx, func() bool { return len(s.Sockets()) == n }); err != nil {
			t.Fatalf("%d sockets are open, not %d: %v", len(s.Sockets()), n, err)
		}
	}
	sockets(4)
	b.click("kill -9 muster")
	sockets(2)
	b.click("Slack answers 500")
	b.clickOn("document.getElementById('say')")
	b.types("/incident 3 resolve restarted the broker" + kb.Enter)
	b.click("Cut the socket")
	if err := s.Await(ctx, func() bool { return strings.Contains(s.people[1].Sees("#incidents"), "INC-3 resolved after") }); err != nil {
		t.Errorf("INC-3 is not resolved: %v\n%s", err, s.people[1].Sees("#incidents"))
	}
	b.click("Confluence down")
	b.sees("Confluence is up again")
	b.until("all is once", `document.querySelector('.verdict:not(.bad)')`)
}
