package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// boss is an administrator of the workspace, who may delete what others wrote.
func (w *world) boss() *workspace.Person {
	w.AddUser(workspace.User{Name: "zoe", RealName: "Zoe Adams", Admin: true})
	for _, channel := range []string{updateRoom, "incidents"} {
		w.do(w.Join("zoe", channel))
	}
	return w.Person("zoe")
}

// once checks that words are to be seen one time in a channel.
func (w *world) once(channel, words string) {
	w.t.Helper()
	w.shows(channel, words)
	w.rest()
	if n := strings.Count(w.ana.Sees(channel), words); n != 1 {
		w.t.Errorf("%q is said %d times in %s:\n%s", words, n, channel, w.ana.Sees(channel))
	}
}

// ts finds the message of muster's in a channel that has the words.
func (w *world) ts(channel, words string) string {
	w.t.Helper()
	ts := ""
	w.eventually(channel+" has a message with "+words, func() bool {
		for _, m := range w.Messages(channel) {
			if strings.Contains(m.Shown, words) && m.Author == "muster" {
				ts = m.TS
			}
		}
		return ts != ""
	})
	return ts
}

// Somebody archives the room of an open incident: that is said once, outside, the
// digest follows on, and the room catches up when it is there again.
func TestActsOfHumansArchiveARoom(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.do(w.Archive("bo", updateRoom))
	w.once("incidents", "was archived by @Bo Berg.")
	before := w.ana.Sees(updateRoom)
	w.says(w.ana, "general", "/incident 1 severity sev2")
	w.says(w.ana, "general", "/incident 1 claim commander")
	w.shows("incidents", "SEV2")
	w.shows("incidents", "@Ana Lima")
	w.rest()
	w.says(w.ana, "general", "/incident 1 show")
	w.do(w.ana.Hears(w.ctx, "channel: it is archived"))
	if now := w.ana.Sees(updateRoom); now != before {
		t.Errorf("the archived room changed:\n%s", now)
	}
	w.once("incidents", "was archived by")

	w.do(w.Unarchive("bo", updateRoom))
	w.shows(updateRoom, "SEV4 → SEV2")
	w.shows(updateRoom, "topic: SEV2 · Investigating · IC @Ana Lima")
	w.once("incidents", "was archived by")
	w.do(w.Archive("bo", updateRoom))
	w.eventually("the second time is said, too", func() bool {
		return strings.Count(w.ana.Sees("incidents"), "was archived by @Bo Berg.") == 2
	})
}

// Of a room that is archived while nobody listens, the next contact tells.
func TestActsOfHumansWhileNobodyListens(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(w *world) error
		says string
	}{
		"archive": {func(w *world) error { return w.Archive("bo", updateRoom) }, "was archived."},
		"delete":  {func(w *world) error { return w.DeleteChannel("bo", updateRoom) }, "can't be reached any more"},
		"kick":    {func(w *world) error { return w.Kick("bo", updateRoom, "muster") }, "is without muster"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{Redelivery: []time.Duration{0}})
			m := w.start(quick())
			w.says(w.ana, "general", "/incident new db down")
			w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
			w.rest()
			m.stop()
			w.do(c.do(w))
			w.start(quick())
			w.start(quick())
			w.says(w.ana, "general", "/incident 1 severity sev2")
			w.shows("incidents", "SEV2")
			w.once("incidents", c.says)
			w.says(w.ana, "general", "/incident 1 resolve rolled back")
			w.shows("incidents", "resolved after")
			w.rest()
			if w.ChannelID(updateRoom+"-rca") == "" {
				t.Error("the root-cause channel is not made")
			}
		})
	}
}

func TestActsOfHumansRemoveTheBot(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.do(w.Kick("bo", updateRoom, "muster"))
	w.once("incidents", "is without muster: somebody removed it.")
	w.says(w.ana, "general", "/incident 1 status identified")
	w.shows("incidents", "Identified")
	w.do(w.Invite("bo", updateRoom, "muster"))
	w.shows(updateRoom, "Investigating → Identified")
	w.once("incidents", "is without muster")
}

// A deleted room is not made anew behind people's backs, and a renamed one is
// called by its new name.
func TestActsOfHumansDeleteAndRename(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.do(w.Rename("bo", updateRoom, "db-is-down-again"))
	w.rest()
	w.eventually("the new name is on record", func() bool {
		return w.query(`SELECT name FROM rooms WHERE purpose = 'room'`) == "db-is-down-again"
	})
	w.do(w.DeleteChannel("bo", "db-is-down-again"))
	w.once("incidents", "#db-is-down-again, can't be reached any more")
	w.says(w.ana, "general", "/incident 1 severity sev1")
	w.shows("incidents", "SEV1")
	w.says(w.ana, "general", "/incident 1 timeline")
	w.do(w.ana.Hears(w.ctx, "Channel #db-is-down-again has this name now"))
	w.do(w.ana.Hears(w.ctx, "can't be reached any more"))
	w.rest()
	if w.ChannelID(updateRoom) != "" {
		t.Error("the room is there again")
	}
}

// A review's channel is told of in the room.
func TestActsOfHumansOnTheReview(t *testing.T) {
	t.Parallel()
	w := resolvedWorld(t)
	w.do(w.Archive("ana", updateRoom+"-rca"))
	w.once(updateRoom, "The root-cause channel of *INC-1*, #"+updateRoom+"-rca, was archived by @Ana Lima.")
	// What becomes of the room of an incident that is over is nobody's matter.
	w.do(w.Archive("ana", updateRoom))
	w.rest()
	if strings.Contains(w.ana.Sees("incidents"), "was archived") {
		t.Errorf("it is said of an incident that is over:\n%s", w.ana.Sees("incidents"))
	}
}

// Reopening brings the room back, or makes another where Slack does not let us.
func TestReopeningAnArchivedRoom(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]bool{"unarchived": false, "another room": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := resolvedWorld(t)
			w.do(w.Archive("bo", updateRoom))
			if refused {
				w.Fault(workspace.Fault{Method: "conversations.unarchive", Kind: workspace.Refuse, Code: "not_in_channel", Times: -1})
			}
			w.says(w.bo, "general", "/incident 1 reopen")
			room := updateRoom
			if refused {
				room = updateRoom + "-2"
			}
			w.eventually("the room is there", func() bool { return w.ChannelID(room) != "" })
			w.shows(room, "topic: SEV4 · Investigating")
			w.shows(room, "*Reopened* by @Bo Berg")
			w.shows(room, "pinned")
			w.says(w.ana, room, "/incident severity sev2")
			w.shows(room, "SEV4 → SEV2")
			w.quiet()
			if sees := w.ana.Sees("incidents"); strings.Contains(sees, "was archived") {
				t.Errorf("it is said of a room that is brought back:\n%s", sees)
			}
		})
	}
}

// Slack refuses the app for a moment, or shows late that the room is there again: that
// costs no room.
func TestReopeningWhileSlackIsInTrouble(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]workspace.Fault{
		"refused": {Method: "conversations.unarchive", Kind: workspace.Refuse, Code: "invalid_auth"},
		"late":    {Method: "conversations.unarchive", Kind: workspace.Refuse, Code: "not_archived"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := resolvedWorld(t)
			w.do(w.Archive("bo", updateRoom))
			w.rest()
			w.Fault(fault)
			w.says(w.bo, "general", "/incident 1 reopen")
			w.shows(updateRoom, "*Reopened* by @Bo Berg")
			w.rest()
			if room := w.ChannelID(updateRoom + "-2"); room != "" {
				t.Errorf("there is another room:\n%s", w.Dump())
			}
		})
	}
}

// Messages that are to stay come back at once, and after six hours where nobody heard
// that they were deleted; a reminder that somebody deleted stays away.
func TestActsOfHumansDeleteMessages(t *testing.T) {
	t.Parallel()
	w, clock := criticalWorld(t)
	zoe := w.boss()
	w.do(w.DeleteMessage(zoe.Name(), "incidents", w.ts("incidents", "First update by")))
	w.once("incidents", "First update by")
	w.rest()
	w.says(w.ana, updateRoom, "/incident status identified")
	w.once("incidents", "Identified")

	clock.passes(31 * time.Minute)
	w.asks(1)
	w.do(w.DeleteMessage(zoe.Name(), updateRoom, w.ts(updateRoom, "readers wait for it")))
	w.says(w.ana, updateRoom, "/incident severity sev3")
	w.shows(updateRoom, "SEV2 → SEV3")
	w.rest()
	if n := w.reminders(); n != 0 {
		t.Errorf("the reminder is there again:\n%s", w.ana.Sees(updateRoom))
	}

	w.RevokeScope("channels:history")
	w.do(w.DeleteMessage(zoe.Name(), "incidents", w.ts("incidents", "Join channel")))
	w.do(w.DeleteMessage(zoe.Name(), updateRoom, w.ts(updateRoom, "Post update")))
	w.rest()
	if strings.Contains(w.ana.Sees("incidents"), "Join channel") {
		t.Fatal("the digest message was not deleted")
	}
	w.GrantScope("channels:history")
	clock.passes(6*time.Hour + time.Minute)
	w.once("incidents", "Join channel")
	w.shows(updateRoom, "Post update")
	w.rest()
	if pins := w.Messages(updateRoom); !slices.ContainsFunc(pins, func(m workspace.Message) bool { return m.Pinned && strings.Contains(m.Shown, "Post update") }) {
		t.Error("the new card is not pinned")
	}
}

// People archived the channel of the review. Resolved again, the incident has it back, or
// another one.
func TestResolvingAgainWithAnArchivedReview(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]bool{"unarchived": false, "another channel": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := resolvedWorld(t)
			review := updateRoom + "-rca"
			w.do(w.Archive("ana", review))
			w.shows(updateRoom, "was archived")
			w.says(w.ana, updateRoom, "/incident reopen")
			w.rest()
			if refused {
				w.Fault(workspace.Fault{Method: "conversations.unarchive", Kind: workspace.Refuse, Code: "not_in_channel", Times: -1})
				review += "-2"
			}
			w.says(w.ana, updateRoom, "/incident status resolved new disks")
			w.eventually("the review is told", func() bool { return strings.Contains(w.ana.Sees(review), "by @Ana Lima: new disks") })
			w.rest()
			if refused && !strings.Contains(w.ana.Sees(updateRoom), "is worked out in #"+review) {
				t.Errorf("the room does not lead there:\n%s", w.ana.Sees(updateRoom))
			}
			if n := strings.Count(w.Dump(), "bookmark:  Root-cause analysis"); n != 1 {
				t.Errorf("%d bookmarks lead there:\n%s", n, w.Dump())
			}
		})
	}
}

// Who can't act any more holds no role.
func TestActsOfHumansDeactivateSomebody(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.shows(updateRoom, "IC @Bo Berg")
	w.do(w.ChangeUser("lee", func(u *workspace.User) { u.Deleted = true }))
	w.do(w.Deactivate("bo"))
	w.once(updateRoom, "is deactivated: Incident commander is free to claim.")
	w.shows(updateRoom, "IC unclaimed")
	w.says(w.ana, updateRoom, "/incident claim commander")
	w.shows(updateRoom, "IC @Ana Lima")
}

// What somebody was to do who can't act any more, also after the end of the incident,
// has nobody, and whoever wrote it down knows.
func TestActsOfHumansDeactivateWhoHasAFollowUp(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.says(w.ana, updateRoom, "/incident todo alert on full disks @bo")
	w.do(w.bo.AwaitDM(w.ctx, "gave you a follow-up"))
	w.says(w.ana, updateRoom, "/incident status resolved rolled back")
	w.shows(updateRoom+"-rca", "alert on full disks · @Bo Berg")
	w.rest()
	w.do(w.Deactivate("bo"))
	w.do(w.ana.AwaitDM(w.ctx, "has nobody any more"))
	w.rest()
	if seen := w.ana.Sees(updateRoom + "-rca"); !strings.Contains(seen, "alert on full disks") || strings.Contains(seen, "@Bo Berg") {
		t.Errorf("the review:\n%s", seen)
	}
	w.do(w.ana.ClickOn(w.ctx, updateRoom+"-rca", "alert on full disks", "Done"))
	w.rest()
	if n := strings.Count(w.ana.DirectMessages(), "has nobody any more"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// The news that somebody was deactivated comes when they are back already: they keep
// their role.
func TestActsOfHumansDeactivateAndBringBack(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.shows(updateRoom, "IC @Bo Berg")
	w.rest()
	release := w.Hold()
	w.do(w.Deactivate("bo"))
	w.do(w.ChangeUser("bo", func(u *workspace.User) { u.Deleted = false }))
	release()
	w.rest()
	w.says(w.ana, "general", "/incident 1 note somebody came back")
	w.shows(updateRoom, "somebody came back")
	w.rest()
	if seen := w.ana.Sees(updateRoom); strings.Contains(seen, "deactivated") || !strings.Contains(seen, "IC @Bo Berg") {
		t.Errorf("the role is gone:\n%s", seen)
	}
}

// Without the digest channel the incident goes on, and its people know.
func TestActsOfHumansOnTheDigestChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	s := quick()
	w.start(s)
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.rest()
	w.do(w.Archive("bo", "incidents"))
	w.says(w.ana, updateRoom, "/incident severity sev2")
	w.shows(updateRoom, "SEV4 → SEV2")
	w.shows(updateRoom, "Nobody outside is told of *INC-1* now")
	w.says(w.ana, "general", "/incident new mail is slow")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-2-mail-is-slow"))
	w.shows("inc-2-mail-is-slow", "Nobody outside is told of *INC-2* now")
	w.do(w.Unarchive("bo", "incidents"))
	w.shows("incidents", "INC-2")
	w.shows("incidents", "SEV2")
	w.rest()
	if n := strings.Count(w.ana.Sees(updateRoom), "Nobody outside"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

// Of who was deactivated while nobody listened, muster asks when it listens again.
func TestActsOfHumansDeactivateUnheard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Redelivery: []time.Duration{0}})
	m := w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.shows(updateRoom, "IC @Bo Berg")
	w.rest()
	m.stop()
	w.do(w.Deactivate("bo"))
	w.start(quick())
	w.start(quick())
	w.once(updateRoom, "is deactivated: Incident commander is free to claim.")
}

// Somebody is given a role while their account is being deactivated: Slack had just said
// that they could have it. They don't keep it.
func TestActsOfHumansAssignWhoIsBeingDeactivated(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	var once sync.Once
	w.OnCall(func(c workspace.Call) (v workspace.Verdict) {
		if c.Method == "users.info" && c.Form.Get("user") == w.UserID("bo") && c.Phase == workspace.After {
			once.Do(func() {
				close(asked)
				v.Wait = answer
			})
		}
		return v
	})
	said := make(chan error, 1)
	go func() {
		_, err := w.ana.Slash(w.ctx, updateRoom, "/incident assign lead @bo")
		said <- err
	}()
	<-asked
	w.do(w.Deactivate("bo"))
	w.eventually("that bo is deactivated is dealt with", func() bool {
		return w.query(`SELECT count(*)::text FROM inbox WHERE payload -> 'event' ->> 'type' = 'user_change' AND done_at IS NOT NULL`) != "0"
	})
	close(answer)
	w.do(<-said)
	w.once(updateRoom, "is now Technical lead")
	w.once(updateRoom, "is deactivated: Technical lead is free to claim.")
	w.rest()
	calls := w.Count("users.info")
	w.says(w.ana, updateRoom, "/incident severity sev2")
	w.rest()
	if n := w.Count("users.info") - calls; n != 0 {
		t.Errorf("%d questions about people after that", n)
	}
}

// The room is deleted while a message in it was asking and another may have been taken:
// once there is another room, neither holds anything up.
func TestActsOfHumansDeleteTheRoomWithWhatIsUnsettledInIt(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.says(w.ana, updateRoom, "/incident severity sev2")
	w.shows(updateRoom, "SEV4 → SEV2")
	w.clock.passes(31 * time.Minute)
	w.shows(updateRoom, "is due for an update")
	w.rest()
	w.do(w.DeleteChannel("ana", updateRoom))
	w.rest()
	w.says(w.ana, "general", "/incident 1 resolve rolled back")
	w.rest()
	w.exec(`UPDATE postings SET ts = '', attempted_at = sent_at WHERE key = (SELECT 'line:' || max(id) FROM entries WHERE kind = 'severity')`)
	w.says(w.ana, "general", "/incident 1 reopen")
	w.shows(updateRoom, "*Reopened*")
	w.rest()
	if seen := w.ana.Sees(updateRoom); strings.Count(seen, "SEV4 → SEV2") != 1 || strings.Contains(seen, "alarm_clock") {
		t.Errorf("the other room shows\n%s", seen)
	}
}

// Nobody outside may hear of a private incident: its commander is told alone.
func TestActsOfHumansOnAPrivateRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident db down")
	w.submit(w.ana, "What kind is it?", "Private")
	_, err := w.ana.AwaitForm(w.ctx, "declared: #"+updateRoom)
	w.do(err)
	w.rest()
	w.do(w.Kick("ana", updateRoom, "muster"))
	w.do(w.ana.AwaitDM(w.ctx, "can't be reached any more"))
	w.says(w.ana, "general", "/incident 1 severity sev2")
	w.rest()
	w.do(w.Invite("ana", updateRoom, "muster"))
	w.shows(updateRoom, "SEV4 → SEV2")
	w.rest()
	if n := strings.Count(w.ana.DirectMessages(), "can't be reached"); n != 1 {
		t.Errorf("said %d times", n)
	}
	if sees := w.bo.Sees("incidents"); strings.Contains(sees, "INC-1") {
		t.Errorf("others read of it:\n%s", sees)
	}
}

// Without muster in the digest channel, readers are told again when it is back.
func TestActsOfHumansRemoveTheBotFromTheDigestChannel(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.do(w.Kick("bo", "incidents", "muster"))
	w.says(w.ana, updateRoom, "/incident update rolled back")
	w.submit(w.ana)
	w.shows(updateRoom, "rolled back")
	w.shows(updateRoom, "Nobody outside is told of *INC-1* now")
	w.says(w.ana, updateRoom, "/incident severity sev2")
	w.do(w.Invite("bo", "incidents", "muster"))
	w.shows("incidents", "SEV2")
	w.shows("incidents", "Update on INC-1")
	w.rest()
}

// A room that was unarchived unheard is found again after six hours.
func TestActsOfHumansUndoneUnheard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Redelivery: []time.Duration{0}})
	m := w.start(w.clock.ticking())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.rest()
	w.do(w.Archive("bo", updateRoom))
	w.once("incidents", "was archived by @Bo Berg.")
	m.stop()
	w.do(w.Unarchive("bo", updateRoom))
	w.start(w.clock.ticking())
	w.says(w.ana, "general", "/incident 1 severity sev2")
	w.shows("incidents", "SEV2")
	w.rest()
	w.clock.passes(6*time.Hour + time.Minute)
	w.shows(updateRoom, "SEV4 → SEV2")
}

// Of a digest message that has updates below it Slack leaves a stone, which can't be
// edited: it comes back all the same, and later updates go below the new one.
func TestActsOfHumansDeleteADigestMessageWithReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	zoe := w.boss()
	w.says(w.ana, roleRoom, "/incident update")
	w.submit(w.ana, "What changed?", "failing over")
	w.shows("incidents", "failing over")
	w.rest()
	w.do(w.DeleteMessage(zoe.Name(), "incidents", w.ts("incidents", "Join channel")))
	w.shows("incidents", "This message was deleted.")
	w.once("incidents", "Join channel")
	w.rest()
	w.says(w.ana, roleRoom, "/incident severity sev3")
	w.once("incidents", "SEV3")
	w.says(w.ana, roleRoom, "/incident update")
	w.submit(w.ana, "What changed?", "failed over")
	w.shows("incidents", "failed over")
	w.rest()
	w.once("incidents", "Join channel")
}
