package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/confluence"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// resolve tells of an incident from the declaration to its end.
func (w *world) resolve(what string) {
	w.t.Helper()
	_, err := w.lee.Slash(w.ctx, "general", "/incident new checkout returns 500")
	w.do(err)
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.shows(firstRoom, "Claim")
	_, err = w.lee.Slash(w.ctx, firstRoom, "/incident status resolved "+what)
	w.do(err)
	w.shows("incidents", "resolved after")
}

func TestStoryTheReviewHasAChannelOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 60})
	w.start(quick())
	w.resolve("rolled back")
	const rca = firstRoom + "-rca"
	w.shows(rca, "rolled back")
	w.shows(firstRoom, "#"+rca)
	_, err := w.lee.Slash(w.ctx, firstRoom, "/incident reopen")
	w.do(err)
	w.shows(rca, "was reopened")
	_, err = w.bo.Slash(w.ctx, "general", "/incident 1 claim commander")
	w.do(err)
	_, err = w.lee.Slash(w.ctx, firstRoom, "/incident status resolved new disks")
	w.do(err)
	w.shows(rca, "new disks")
	w.rest()
	if n := strings.Count(w.Dump(), "== #inc-"); n != 2 {
		t.Errorf("%d channels instead of a room and its review:\n%s", n, w.Dump())
	}
	_, err = w.lee.Slash(w.ctx, "general", "/incident 1 export")
	w.do(err)
	w.do(w.lee.Hears(w.ctx, "Lee Wong: Resolved: rolled back"))
	// What is typed in the review is told in the room, so the person hears of it here.
	w.contains(w.says(w.bo, rca, "/incident note the disks were 9 years old"), "Your note is in the timeline of *INC-1*")
	w.shows(firstRoom, "9 years old")
	w.contains(w.says(w.bo, rca, "/incident claim lead"), "You are now Technical lead of *INC-1*")
	w.contains(w.says(w.bo, rca, "/incident leave lead"), "You are no longer Technical lead of *INC-1*")
	w.contains(w.says(w.bo, rca, "/incident title disks are old"), "*INC-1* is now “disks are old”")
	w.contains(w.says(w.bo, rca, "/incident reopen"), "disks are old is now SEV4, investigating")
	if !strings.Contains(w.bo.Sees(rca), "Root-cause analysis") {
		t.Errorf("the commander is not in the review:\n%s", w.Dump())
	}
}

const firstReview = firstRoom + "-rca"

// newWiki is a world with a Confluence.
func newWiki(t *testing.T, seed uint64) *world {
	t.Helper()
	w := newWorld(t, workspace.Config{Seed: seed})
	w.openWiki()
	return w
}

func (w *world) openWiki() {
	w.t.Helper()
	var err error
	w.wiki, err = wiki.Start("OPS")
	w.do(err)
	w.t.Cleanup(func() { _ = w.wiki.Close() })
}

// page waits until there is one page, and gives it.
func (w *world) page() wiki.Page {
	w.t.Helper()
	w.rest()
	pages := w.wiki.Pages()
	if len(pages) != 1 {
		w.t.Fatalf("%d pages: %+v\n%s", len(pages), pages, w.Dump())
	}
	return pages[0]
}

func TestStoryTheReviewHasAPage(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 61)
	w.start(quick())
	w.resolve("rolled back <&> ]]>")
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.shows("incidents", "/wiki/spaces/OPS/pages/")
	page := w.page()
	if drawn := page.Files["severity.png"]; !strings.HasPrefix(string(drawn), "\x89PNG") || !strings.Contains(page.Body, `ri:filename="severity.png"`) {
		t.Errorf("%d bytes of a picture are attached", len(drawn))
	}
	text := wiki.Text(page.Body)
	for _, words := range []string{"rolled back <&> ]]>", "Declared by | Lee Wong", "SEV4", "Resolved: rolled back"} {
		if page.Title != "INC-1 checkout returns 500" || page.Version != 1 || !strings.Contains(text, words) {
			t.Errorf("the page does not say %q: %+v\n%s", words, page, text)
		}
	}
	_, err := w.lee.Slash(w.ctx, firstRoom, "/incident reopen")
	w.do(err)
	w.shows(firstReview, "was reopened")
	_, err = w.lee.Slash(w.ctx, firstRoom, "/incident status resolved new disks")
	w.do(err)
	w.shows(firstReview, "new disks")
	page = w.page()
	if page.Version != 2 || !strings.Contains(wiki.Text(page.Body), "Resolved: new disks") || len(page.Comments) != 0 {
		t.Errorf("the page after the second resolution: %+v", page)
	}
}

func TestStoryConfluenceIsDownWhenAnIncidentEnds(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 62)
	w.wiki.Fault(wiki.Fault{Status: 401, Times: -1})
	w.start(quick())
	w.resolve("rolled back")
	w.shows(firstReview, "tokens expire")
	w.wiki.ClearFaults()
	w.do(w.lee.Click(w.ctx, firstReview, "Retry"))
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.page()
	if strings.Contains(w.lee.Sees(firstReview), "Retry") {
		t.Errorf("the trouble is still shown:\n%s", w.Dump())
	}
}

func TestStoryTheAnswerOfConfluenceIsLost(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 63)
	w.wiki.Fault(wiki.Fault{Method: "POST", Path: "pages", Lost: true})
	w.start(quick())
	w.resolve("rolled back")
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	if page := w.page(); page.Version != 1 || page.Title != "INC-1 checkout returns 500" {
		t.Errorf("the page was made once, but is %+v", page)
	}
}

func TestStoryAStrangersPageHasTheTitle(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 64)
	w.wiki.AddPage("OPS", "INC-1 Checkout returns 500", "<p>mine</p>")
	w.start(quick())
	w.resolve("rolled back")
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.rest()
	pages := w.wiki.Pages()
	if len(pages) != 2 || pages[0].Body != "<p>mine</p>" || pages[1].Title != "INC-1 checkout returns 500 (2)" {
		t.Errorf("the pages are %+v", pages)
	}
}

func TestStoryPeopleEditThePage(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 65)
	w.start(quick())
	w.resolve("rolled back")
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.rest()
	w.do(w.wiki.Edit("INC-1 checkout returns 500", "it was the disks"))
	w.wiki.Fault(wiki.Fault{Method: "POST", Path: "comments", Lost: true})
	_, err := w.lee.Slash(w.ctx, firstRoom, "/incident reopen")
	w.do(err)
	w.shows(firstReview, "was reopened")
	_, err = w.lee.Slash(w.ctx, firstRoom, "/incident status resolved new disks")
	w.do(err)
	w.shows(firstReview, "comments below")
	page := w.page()
	if !strings.Contains(page.Body, "it was the disks") || page.Version != 2 || len(page.Comments) != 1 {
		t.Fatalf("the page is %+v", page)
	}
	told := wiki.Text(page.Comments[0])
	w.contains(told, "Lee Wong: Reopened", "Lee Wong: Resolved: new disks")
	if strings.Contains(told, "Declared") || strings.Contains(told, "rolled back") {
		t.Errorf("the comment repeats the page: %s", told)
	}
	w.shows(firstReview, "@Lee Wong: Resolved: new disks")

	// Another fact is another comment, with the news alone.
	w.says(w.lee, firstRoom, "/incident note disk 7 was bad <&>")
	w.shows(firstReview, "@Lee Wong: Note: disk 7 was bad")
	page = w.page()
	if len(page.Comments) != 2 || !strings.Contains(wiki.Text(page.Comments[1]), "disk 7 was bad <&>") || strings.Contains(page.Comments[1], "Reopened") {
		t.Errorf("the comments are %q", page.Comments)
	}

	// Replaced once, however often and wherever somebody clicks; an answer that is
	// lost does not replace it again.
	w.wiki.Fault(wiki.Fault{Method: "PUT", Path: "pages", Lost: true})
	w.SendTwice(1)
	w.do(w.lee.ClickOn(w.ctx, firstReview, "this went into a comment", "Replace page"))
	w.do(w.lee.Hears(w.ctx, "stays in its history"))
	w.shows(firstReview, "@Lee Wong had the page replaced")
	page = w.page()
	if text := wiki.Text(page.Body); page.Version != 3 || strings.Contains(text, "it was the disks") || !strings.Contains(text, "disk 7 was bad <&>") {
		t.Errorf("the page is %+v", page)
	}
	if seen := w.lee.Sees(firstReview); strings.Count(seen, "had the page replaced") != 1 || strings.Contains(seen, "comments below") {
		t.Errorf("the channel shows\n%s", seen)
	}

	// The page is muster's again, until somebody edits it.
	w.says(w.lee, firstRoom, "/incident note ordered new disks")
	if page = w.page(); !strings.Contains(page.Body, "ordered new disks") || page.Version != 4 || len(page.Comments) != 2 {
		t.Errorf("the page is %+v", page)
	}

	// Who asks again gets a page on which nobody wrote since, and is not announced; after
	// another edit it is replaced again, by a click on the same button.
	w.do(w.lee.ClickOn(w.ctx, firstReview, "this went into a comment", "Replace page"))
	if page = w.page(); strings.Count(w.lee.Sees(firstReview), "had the page replaced") != 1 {
		t.Errorf("what was muster's own is replaced:\n%s", w.lee.Sees(firstReview))
	}
	w.do(w.wiki.Edit("INC-1 checkout returns 500", "no, the cables"))
	w.do(w.bo.ClickOn(w.ctx, firstReview, "this went into a comment", "Replace page"))
	w.shows(firstReview, "@Bo Berg had the page replaced")
	if page = w.page(); strings.Contains(page.Body, "cables") || !strings.Contains(page.Body, "ordered new disks") {
		t.Errorf("the page is %+v", page)
	}
}

// A template that shows little makes one content of many states: each is told and
// replaced for itself.
func TestStoryAStateOfThePageReturns(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 69)
	w.templates = t.TempDir()
	w.do(os.MkdirAll(filepath.Join(w.templates, "confluence"), 0o700))
	w.do(os.WriteFile(filepath.Join(w.templates, "confluence", "rca.html"), []byte("<p>{{.Title}}</p>"), 0o600))
	w.start(quick())
	w.resolve("rolled back")
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.rest()
	w.do(w.bo.Joins(w.ctx, firstReview))
	for round, title := range []string{"disks are full", "cables are out", "disks are full", "cables are out"} {
		page := w.page()
		w.do(w.wiki.Edit(page.Title, page.Body+"<p>it was me</p>"))
		w.says(w.lee, firstRoom, "/incident title "+title)
		w.rest()
		if page = w.page(); len(page.Comments) != round+1 || !strings.Contains(page.Body, "it was me") {
			t.Fatalf("in round %d, the page is %+v", round, page)
		}
		w.do(w.bo.ClickOn(w.ctx, firstReview, "Root-cause analysis", "Replace page"))
		w.eventually("it is said", func() bool {
			return strings.Count(w.bo.Sees(firstReview), "had the page replaced") == round+1
		})
		if page = w.page(); strings.Contains(page.Body, "it was me") || !strings.Contains(page.Body, title) {
			t.Fatalf("in round %d, the page is %+v", round, page)
		}
	}
}

// A Confluence that hangs holds nothing up, and a rewriting whose answer was
// lost is no edit by people.
func TestStoryConfluenceHangsAndForgets(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 66)
	w.wiki.Fault(wiki.Fault{Method: "POST", Path: "pages", Hang: true})
	w.start(quick())
	w.resolve("rolled back")
	for len(w.wiki.Pages()) == 0 && w.ctx.Err() == nil {
		w.do(w.Settle(w.ctx, 20*time.Millisecond))
	}
	began := time.Now()
	_, err := w.lee.Slash(w.ctx, firstRoom, "/incident reopen")
	w.do(err)
	w.shows("incidents", "Investigating")
	if took := time.Since(began); took > confluence.Timeout/2 {
		t.Errorf("reopening took %v", took)
	}
	w.wiki.Fault(wiki.Fault{Method: "PUT", Path: "pages", Lost: true})
	_, err = w.lee.Slash(w.ctx, firstRoom, "/incident status resolved new disks")
	w.do(err)
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	page := w.page()
	if page.Version != 2 || !strings.Contains(page.Body, "new disks") || len(page.Comments) != 0 {
		t.Errorf("the page is %+v", page)
	}
}
