package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox/wiki"
)

// What people pinned is on the page, with its images, and nothing is made public
// for it.
func TestStoryThePageShowsWhatPeoplePinned(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 71)
	w.start(quick())
	room := w.declaredRoom()
	_, err := w.AddFile("bo", room, "disk <full>.png", screenshot, "look at <this>")
	w.do(err)
	_, err = w.AddFile("bo", room, "server.log", []byte("a log"), "and the log")
	w.do(err)
	_, err = w.AddFile("bo", room, "gone.png", screenshot, "a picture that Slack lost")
	w.do(err)
	_, err = w.AddFile("bo", room, "kitten.png", screenshot, "nobody pins this")
	w.do(err)
	for _, words := range []string{"look at", "and the log", "Slack lost"} {
		w.do(w.ana.Pin(w.ctx, room, words))
	}
	_, err = w.ana.Slash(w.ctx, room, "/incident todo alert on the disk @bo")
	w.do(err)
	w.remembers(room, "Slack lost", true)
	w.LoseFile("gone.png")
	_, err = w.lee.Slash(w.ctx, room, "/incident status resolved rolled back")
	w.do(err)
	page := w.page()
	if len(page.Files) != 2 {
		t.Errorf("attached: %d files", len(page.Files))
	}
	for name, content := range page.Files {
		if strings.Contains(page.Body, name) && (name == "severity.png" || string(content) == string(screenshot)) {
			continue
		}
		t.Errorf("%s is %q, or is not on the page:\n%s", name, content, page.Body)
	}
	text := wiki.Text(page.Body)
	for _, words := range []string{"Bo Berg", "look at <this>", "Attached in Slack: server.log", "Attached in Slack: gone.png", "alert on the disk, Bo Berg"} {
		if !strings.Contains(text, words) {
			t.Errorf("the page lacks %q:\n%s", words, text)
		}
	}
	if strings.Contains(text, "nobody pins") || !strings.Contains(page.Body, "/archives/") {
		t.Errorf("the page says\n%s", page.Body)
	}
	for _, c := range w.Calls() {
		if c.Method == "files.sharedPublicURL" {
			t.Error("a file was made public")
		}
	}
	// Taken out, it leaves the page.
	w.do(w.ana.Unpin(w.ctx, room, "look at"))
	w.rest()
	if got := w.page(); strings.Contains(wiki.Text(got.Body), "look at") || len(got.Files) != 1 {
		t.Errorf("the page still has %d files and says\n%s", len(got.Files), got.Body)
	}
	// Put in again, it comes back.
	w.do(w.ana.Pin(w.ctx, room, "look at"))
	w.rest()
	if got := w.page(); !strings.Contains(wiki.Text(got.Body), "look at") || len(got.Files) != 2 {
		t.Errorf("the page has %d files and says\n%s", len(got.Files), got.Body)
	}
	// Who deletes it takes it off a page that people edited, too.
	w.do(w.wiki.Edit(w.page().Title, "we thought about it"))
	w.do(w.DeleteMessage("bo", room, w.tsOf(room, "look at")))
	w.eventually("the image is gone", func() bool { return len(w.wiki.Pages()[0].Files) == 1 })
}

// The program dies around each call that brings an image to the page: it is there
// once in the end.
func TestImagesComeToThePageWhateverCrashes(t *testing.T) {
	t.Parallel()
	for _, kind := range []cutKind{beforeCall, afterCall} {
		for _, name := range []string{"file", "wiki PUT attachment"} {
			t.Run(string(kind)+" "+name, func(t *testing.T) {
				t.Parallel()
				w := newWiki(t, 72)
				k := w.keep(impatient(), cut{})
				room := w.declaredRoom()
				_, err := w.AddFile("bo", room, "disk.png", screenshot, "look at this")
				w.do(err)
				w.do(w.ana.Pin(w.ctx, room, "look at this"))
				w.remembers(room, "look at this", true)
				k.present().m.after(cut{kind, name, 1})
				_, _ = w.lee.Slash(w.ctx, room, "/incident status resolved rolled back")
				for k.deaths.Load() == 0 && w.ctx.Err() == nil {
					w.do(w.Settle(w.ctx, 20*time.Millisecond))
				}
				k.recover()
				page := w.page()
				if len(page.Files) != 2 || page.Version != 1 || !strings.Contains(wiki.Text(page.Body), "look at this") {
					t.Errorf("%d files on version %d:\n%s", len(page.Files), page.Version, page.Body)
				}
			})
		}
	}
}
