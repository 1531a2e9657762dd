package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox/wiki"
)

// onePage fails unless there is one page that tells of the resolution.
func (w *world) onePage() {
	w.t.Helper()
	page := w.page()
	if page.Title != "INC-1 checkout returns 500" || page.Version != 1 || !strings.Contains(wiki.Text(page.Body), "Resolved: rolled back") {
		w.t.Errorf("the page is %+v", page)
	}
}

// wikiCalledAgain lets minutes pass until Confluence has been called once more.
// An attempt that was in hand notes its next time only when it has failed, so
// that one step of the clock may come too early for it.
func (w *world) wikiCalledAgain(clock *ahead) {
	w.t.Helper()
	before := w.wiki.Calls()
	for deadline := time.Now().Add(patience); w.wiki.Calls() <= before; {
		if time.Now().After(deadline) {
			w.t.Fatalf("Confluence is not asked again\n%s", w.Dump())
		}
		clock.passes(6 * time.Minute)
		w.do(w.Settle(w.ctx, 20*time.Millisecond))
	}
}

// comes waits for what happens outside the workspace.
func (w *world) comes(what string, cond func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(patience); !cond(); {
		if time.Now().After(deadline) {
			w.t.Fatalf("%s: not in time\n%s", what, w.Dump())
		}
		w.do(w.Settle(w.ctx, 20*time.Millisecond))
	}
}

// Confluence is away for an hour: people are told why, it is tried again and
// again, and the page comes by itself when it is back.
func TestStoryConfluenceIsAwayForAnHour(t *testing.T) {
	t.Parallel()
	w, clock := newWiki(t, 95), &ahead{}
	w.wiki.Fault(wiki.Fault{Status: 503, Times: -1})
	w.start(clock.ticking())
	w.resolve("rolled back")
	w.shows(firstReview, "Confluence answered 503")
	for range 10 {
		w.wikiCalledAgain(clock)
	}
	if pages := w.wiki.Pages(); len(pages) != 0 {
		t.Fatalf("there are pages: %+v", pages)
	}
	w.wiki.ClearFaults()
	w.wikiCalledAgain(clock)
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.onePage()
}

// What an operator has to mend is said in words, and Retry makes the page once it
// is.
func TestStoryConfluenceRefuses(t *testing.T) {
	t.Parallel()
	for status, words := range map[int]string{403: "may not write in the space", 400: "Confluence answered 400", 404: "no such page or space"} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			w := newWiki(t, 96)
			w.wiki.Fault(wiki.Fault{Method: "POST", Path: "pages", Status: status, Times: -1})
			w.start(quick())
			w.resolve("rolled back")
			w.shows(firstReview, words)
			w.wiki.ClearFaults()
			w.do(w.lee.Click(w.ctx, firstReview, "Retry"))
			w.shows(firstReview, "/wiki/spaces/OPS/pages/")
			w.onePage()
		})
	}
}

// selectWaiting counts the pages that wait for their time.
const selectWaiting = `SELECT count(*)::text FROM steps WHERE step = 'rca page' AND not_before > now() + interval '5 minutes'`

// Confluence asks to wait: nobody is troubled with it, and the page comes by
// itself when the time is over.
func TestStoryConfluenceAsksToWait(t *testing.T) {
	t.Parallel()
	w, clock := newWiki(t, 97), &ahead{}
	w.wiki.Fault(wiki.Fault{Method: "POST", Path: "pages", Status: 429, RetryAfter: 10 * time.Minute})
	w.start(clock.ticking())
	w.resolve("rolled back")
	w.comes("the wait", func() bool { return w.query(selectWaiting) == "1" })
	w.shows(firstReview, "being created")
	if pages := w.wiki.Pages(); len(pages) != 0 || strings.Contains(w.lee.Sees(firstReview), "Retry") {
		t.Errorf("%d pages:\n%s", len(pages), w.lee.Sees(firstReview))
	}
	clock.passes(10*time.Minute + time.Second)
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.onePage()
}
