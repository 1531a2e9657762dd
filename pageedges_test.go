package main

import (
	"net/url"
	"strings"
	"testing"

	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// Somebody saves the page between muster's look at it and its writing. What muster
// could not write is in a comment, all of it and nothing twice.
func TestStoryThePageIsEditedWhileItIsRewritten(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 70)
	w.start(quick())
	w.resolve("rolled back")
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.rest()
	w.wiki.Fault(wiki.Fault{Method: "PUT", Path: "pages", Status: 409, Edits: "it was the disks"})
	w.says(w.lee, firstRoom, "/incident note disk 7 was bad")
	w.shows(firstReview, "Note: disk 7 was bad")
	w.rest()
	page := w.page()
	if !strings.Contains(page.Body, "it was the disks") || strings.Contains(page.Body, "disk 7") || len(page.Comments) != 1 {
		t.Fatalf("the page is %+v", page)
	}
	told := wiki.Text(page.Comments[0])
	w.contains(told, "Note: disk 7 was bad")
	if strings.Contains(told, "rolled back") {
		t.Errorf("the comment repeats the page: %s", told)
	}
}

// What was written without muster's hearing of it, and edited since, is on the page
// and not told again.
func TestStoryThePageIsEditedAfterALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 71)
	w.start(quick())
	w.resolve("rolled back")
	w.shows(firstReview, "/wiki/spaces/OPS/pages/")
	w.rest()
	w.wiki.Fault(wiki.Fault{Method: "PUT", Path: "pages", Lost: true, Edits: "it was the disks"})
	w.says(w.lee, firstRoom, "/incident note disk 7 was bad")
	w.comes("the page has it", func() bool { return strings.Contains(w.page().Body, "disk 7 was bad") })
	w.rest()
	w.says(w.lee, firstRoom, "/incident note disk 8 was bad")
	w.shows(firstReview, "Note: disk 8 was bad")
	page := w.page()
	if !strings.Contains(page.Body, "it was the disks") || len(page.Comments) != 1 {
		t.Fatalf("the page is %+v", page)
	}
	if told := wiki.Text(page.Comments[0]); strings.Contains(told, "disk 7") || !strings.Contains(told, "disk 8") {
		t.Errorf("the comment: %s", told)
	}
}

// Somebody archives or deletes the page: muster says so, leaves it there, and goes on
// once it is back. Nothing is lost that came meanwhile.
func TestStoryThePageIsTakenAway(t *testing.T) {
	t.Parallel()
	for status, words := range map[string]string{"archived": "in Confluence it is archived", "trashed": "it was deleted, or the Confluence account"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := newWiki(t, 72)
			w.start(quick())
			w.resolve("rolled back")
			w.shows(firstReview, "/wiki/spaces/OPS/pages/")
			w.rest()
			const title = "INC-1 checkout returns 500"
			w.do(w.wiki.SetStatus(title, status))
			w.says(w.lee, firstRoom, "/incident note disk 7 was bad")
			w.shows(firstReview, words)
			w.rest()
			if page := w.page(); page.Version != 1 || page.Status != status || len(page.Comments) != 0 {
				t.Fatalf("the page is %+v", page)
			}
			w.do(w.lee.Click(w.ctx, firstReview, "Retry"))
			w.rest()
			w.shows(firstReview, words)
			w.do(w.wiki.SetStatus(title, "current"))
			w.do(w.lee.Click(w.ctx, firstReview, "Retry"))
			w.comes("the page goes on", func() bool { return strings.Contains(w.page().Body, "disk 7 was bad") })
			w.rest()
			if seen := w.lee.Sees(firstReview); strings.Contains(seen, "Retry") || strings.Contains(seen, "edited") {
				t.Errorf("the review shows\n%s", seen)
			}
		})
	}
}

// The room turns private while the page is being made, and nobody knows whether it was:
// the room is told to look.
func TestThePageThatWasBeingMadeWhenTheRoomTurnedPrivate(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 73)
	w.start(quick())
	w.wiki.Fault(wiki.Fault{Method: "POST", Path: "pages", Lost: true})
	w.resolve("rolled back")
	w.comes("the page is made", func() bool { return len(w.wiki.Pages()) == 1 })
	w.wiki.Fault(wiki.Fault{Method: "GET", Status: 503, Times: -1})
	w.do(w.Convert("lee", firstRoom, true))
	w.eventually("the room is told", func() bool {
		return strings.Contains(w.lee.Sees(firstRoom), "look for “INC-1 checkout returns 500” there, and restrict it")
	})
}

// The commander's account ends before the review begins: whoever resolved is there.
func TestAReviewToWhichNobodyCanComeHasWhoResolved(t *testing.T) {
	t.Parallel()
	w := ledWorld(t, 74)
	w.Fault(workspace.Fault{Method: "conversations.invite", Kind: workspace.Refuse, Code: "cant_invite", Times: -1,
		When: func(form url.Values) bool { return strings.Contains(form.Get("users"), w.UserID("bo")) }})
	w.says(w.lee, firstRoom, "/incident status resolved rolled back")
	w.eventually("lee is in the review", func() bool {
		return strings.Contains(w.Dump(workspace.Only(firstReview)), "members: Lee Wong, muster")
	})
}
