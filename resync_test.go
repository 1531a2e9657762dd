package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// spoil changes by hand whatever muster keeps.
func (w *world) spoil(zoe *workspace.Person) {
	w.t.Helper()
	w.do(w.SetTopic("bo", updateRoom, "party at five"))
	w.do(w.Unpin("bo", updateRoom, w.ts(updateRoom, "Post update")))
	w.do(w.Leave("ana", updateRoom))
	w.do(w.RemoveBookmark("bo", updateRoom, "Digest"))
	w.do(w.DeleteMessage(zoe.Name(), "incidents", w.ts("incidents", "Join channel")))
}

// wantMatch checks that everything is again as muster keeps it.
func (w *world) wantMatch() {
	w.t.Helper()
	w.rest()
	w.contains(w.ana.Sees(updateRoom), "topic: SEV4 · Investigating", "bookmark: Digest")
	w.contains(w.ana.Sees("incidents"), "Join channel")
	if !slices.ContainsFunc(w.Messages(updateRoom), func(m workspace.Message) bool { return m.Pinned && strings.Contains(m.Shown, "Post update") }) {
		w.t.Errorf("the card is not pinned:\n%s", w.Dump())
	}
	if n := strings.Count(w.bo.Sees("incidents"), "Join channel"); n != 1 {
		w.t.Errorf("%d digest messages:\n%s", n, w.Dump())
	}
}

const putRight = ":wrench: Compared with Slack and put right:"

func TestStoryOfAResync(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	zoe := w.boss()
	w.do(w.Join("bo", updateRoom))
	w.rest()
	w.says(w.bo, updateRoom, "/incident resync")
	w.do(w.bo.Hears(w.ctx, "*INC-1* is compared with Slack now"))
	w.rest()
	if strings.Contains(w.bo.Sees(updateRoom), putRight) {
		t.Errorf("nothing was wrong:\n%s", w.bo.Sees(updateRoom))
	}

	w.spoil(zoe)
	w.rest()
	w.says(w.bo, updateRoom, "/incident resync")
	w.eventually("it says what was wrong", func() bool {
		return strings.Contains(w.bo.Sees(updateRoom), putRight+" the topic, who is in the channel, the card's pin, the bookmarks.")
	})
	w.wantMatch()

	// What was deleted comes back without anybody's asking.
	w.do(w.DeleteMessage(zoe.Name(), updateRoom, w.ts(updateRoom, "Post update")))
	w.shows(updateRoom, "Post update")
	w.wantMatch()
	w.says(w.bo, "general", "/incident 1 resync")
	w.rest()
	if n := strings.Count(w.bo.Sees(updateRoom), putRight); n != 1 {
		t.Errorf("it says %d times that something was wrong:\n%s", n, w.bo.Sees(updateRoom))
	}
}

// TestAResyncAfterALinkIsGone takes a link away that somebody had taken out of the
// room by hand already: a comparison does not wait for it to come back.
func TestAResyncAfterALinkIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.admins = w.UserID("lee")
	w.start(quick())
	s := alone(w)
	w.do(s.sets("Guide", "https://wiki.example/one")())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.rest()
	w.contains(w.ana.Sees(updateRoom), "bookmark: Guide")
	w.do(w.RemoveBookmark("ana", updateRoom, "Guide"))
	w.do(s.sets("Guide", "")())
	w.says(w.ana, updateRoom, "/incident note it is slow")
	w.rest()
	w.do(w.SetTopic("ana", updateRoom, "party at five"))
	w.says(w.ana, updateRoom, "/incident resync")
	w.shows(updateRoom, putRight+" the topic.")
	w.rest()
}

// TestAResyncWhateverCrashes kills the program around the facts that it writes
// down in a comparison: all is put right in the end, and said once.
func TestAResyncWhateverCrashes(t *testing.T) {
	t.Parallel()
	points := map[string]int{"begin deed": 3, "forget deeds": 1, "see room": 1, "begin edit": 2, "gone": 1, "end posting": 2, "end deed": 4}
	atCommits(t, points, crashWhileComparing,
		func(at cut) bool { return at.nth == 1 && (at.kind == beforeCommit) == (len(at.name)%2 == 0) })
}

func crashWhileComparing(t *testing.T, at cut) {
	t.Helper()
	w := newWorld(t, workspace.Config{})
	k := w.keep(impatient(), cut{})
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.rest()
	zoe := w.boss()
	w.do(w.Join("bo", updateRoom))
	w.rest()
	dies := func() {
		for k.deaths.Load() == 0 && w.ctx.Err() == nil {
			w.do(w.Settle(w.ctx, 20*time.Millisecond))
		}
		k.recover()
	}
	// That a message was deleted is noticed at once, before anything is compared.
	if at.name == "gone" {
		k.present().m.after(at)
		w.spoil(zoe)
		dies()
		w.rest()
		_, _ = w.bo.Slash(w.ctx, updateRoom, "/incident resync")
	} else {
		w.spoil(zoe)
		w.rest()
		k.present().m.after(at)
		_, _ = w.bo.Slash(w.ctx, updateRoom, "/incident resync")
		dies()
	}
	w.eventually("it says what was wrong", func() bool { return strings.Contains(w.bo.Sees(updateRoom), putRight) })
	w.wantMatch()
	if n := strings.Count(w.bo.Sees(updateRoom), putRight); n != 1 {
		t.Errorf("said %d times:\n%s", n, w.bo.Sees(updateRoom))
	}
}
