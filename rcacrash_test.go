package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/incident"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
	"muster/store"
)

// TestOnePageWhateverCrashes kills the program around each fact that it writes
// down after a resolution: there is one page in the end, as if nothing had been.
func TestOnePageWhateverCrashes(t *testing.T) {
	t.Parallel()
	atCommits(t, map[string]int{"begin deed": 4, "end deed": 6}, crashAfterResolving,
		func(at cut) bool { return at.nth == 2 || at.nth == 4 })
}

// Two passes make the page, since the first one was given up too early, and its
// result comes while the other has only begun: there is one page all the same.
func TestOnePageThoughTheFirstPassComesLate(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 68)
	w.start(impatient())
	w.resolve("rolled back")
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.rest()
	w.exec(`UPDATE deeds SET attempted_at = done_at, done_at = NULL WHERE key = 'page'`)
	says(w, firstRoom, "/incident reopen", "Reopened")
	says(w, firstRoom, "/incident status resolved new disks", "new disks")
	w.shows(firstReview, "new disks")
	if page := w.page(); !strings.Contains(wiki.Text(page.Body), "Resolved: new disks") || len(page.Comments) != 0 {
		t.Errorf("the page is %+v", page)
	}
}

func crashAfterResolving(t *testing.T, at cut) {
	t.Helper()
	w := newWiki(t, 67)
	k := w.keep(impatient(), cut{})
	_, err := w.lee.Slash(w.ctx, "general", "/incident new checkout returns 500")
	w.do(err)
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.rest()
	k.present().m.after(at)
	// The answer may die with the program; the decision is made by then.
	_, _ = w.lee.Slash(w.ctx, firstRoom, "/incident status resolved rolled back")
	for k.deaths.Load() == 0 && w.ctx.Err() == nil {
		w.do(w.Settle(w.ctx, 20*time.Millisecond))
	}
	k.recover()
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	page := w.page()
	if page.Title != "INC-1 checkout returns 500" || page.Version != 1 || len(page.Comments) != 0 ||
		!strings.Contains(wiki.Text(page.Body), "Resolved: rolled back") {
		t.Errorf("the page is %+v", page)
	}
	if n := strings.Count(w.Dump(), "== #inc-"); n != 2 {
		t.Errorf("%d channels:\n%s", n, w.Dump())
	}
}

// after lets the program die at the nth passage from now on.
func (m *victim) after(at cut) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at.nth += m.counts[cut{kind: at.kind, name: at.name}]
	m.at = at
}

// TestAPageIsReplacedOnceWhateverCrashes kills the program around each fact that
// it writes down while it replaces a page that people edited.
func TestAPageIsReplacedOnceWhateverCrashes(t *testing.T) {
	t.Parallel()
	atCommits(t, map[string]int{"begin deed": 2, "end deed": 3, "begin posting": 1, "end posting": 1}, crashWhileReplacing,
		func(at cut) bool { return (at.kind == beforeCommit) == (at.name == "end deed") })
}

func crashWhileReplacing(t *testing.T, at cut) {
	t.Helper()
	w := newWiki(t, 68)
	k := w.keep(impatient(), cut{})
	w.says(w.lee, "general", "/incident new checkout returns 500")
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.says(w.lee, "general", "/incident 1 resolve rolled back")
	w.page()
	w.do(w.wiki.Edit("INC-1 checkout returns 500", "it was the disks"))
	w.says(w.lee, "general", "/incident 1 note disk 7 was bad")
	w.shows(firstReview, "Note: disk 7 was bad")
	w.rest()
	k.present().m.after(at)
	_ = w.lee.ClickOn(w.ctx, firstReview, "this went into a comment", "Replace page")
	for k.deaths.Load() == 0 && w.ctx.Err() == nil {
		w.do(w.Settle(w.ctx, 20*time.Millisecond))
	}
	k.recover()
	w.shows(firstReview, "had the page replaced")
	page := w.page()
	if page.Version != 3 || strings.Contains(page.Body, "it was the disks") || len(page.Comments) != 1 {
		t.Errorf("the page is %+v", page)
	}
	if n := strings.Count(w.lee.Sees(firstReview), "had the page replaced"); n != 1 {
		t.Errorf("it is told %d times", n)
	}
}

// The program dies when the review's channel is made and nobody knows of it, and the
// incident is reopened before the next one looks.
func TestAReviewThatNobodyKnowsOfIsNotLeftEmpty(t *testing.T) {
	t.Parallel()
	for made, phase := range map[bool]workspace.Phase{true: workspace.After, false: workspace.Before} {
		t.Run(fmt.Sprint("made ", made), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{Seed: 61})
			m := w.start(quick())
			says(w, "general", "/incident new checkout returns 500", "declared: #"+firstRoom)
			w.rest()
			asked := make(chan struct{})
			var once sync.Once
			at := phase
			w.OnCall(func(c workspace.Call) workspace.Verdict {
				if c.Method != "conversations.create" || c.Phase != at {
					return workspace.Verdict{}
				}
				once.Do(func() { close(asked) })
				return workspace.Verdict{Drop: true}
			})
			says(w, firstRoom, "/incident status resolved rolled back", "rolled back")
			<-asked
			m.stop()
			w.OnCall(nil)
			db, err := store.Open(w.ctx, w.dsn)
			w.do(err)
			defer db.Close()
			_, err = incident.NewDesk(db, w.clock.now, rules(w.config().Timers)).Reopen(w.ctx, 1, incident.Act{By: w.UserID("lee"), Key: "reopened"})
			w.do(err)
			w.start(quick())
			w.shows(firstRoom, "Reopened")
			if made {
				w.shows(firstReview, "The incident was reopened: the review goes on once it is resolved again.")
			}
			w.clock.passes(time.Minute)
			w.rest()
			says(w, firstRoom, "/incident status resolved new disks", "new disks")
			w.shows(firstReview, "new disks")
			w.rest()
			if n := strings.Count(w.Dump(), "== #inc-"); n != 2 {
				t.Errorf("%d channels:\n%s", n, w.Dump())
			}
			if n := strings.Count(w.lee.Sees(firstReview), "Root-cause analysis of INC-1"); n != 1 {
				t.Errorf("it begins %d times:\n%s", n, w.Dump())
			}
		})
	}
}
