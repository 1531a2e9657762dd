package workspace_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/slack-go/slack/socketmode"

	"muster/sandbox/workspace"
)

// ear collects the names of the events that the app hears.
type ear struct {
	mu    sync.Mutex
	heard []map[string]any
}

func (e *ear) listen(s *scene) {
	s.connect(capture(func(p map[string]any) {
		inner, _ := p["event"].(map[string]any)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.heard = append(e.heard, inner)
	}))
}

func (e *ear) find(kind string) map[string]any {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range e.heard {
		if h["type"] == kind {
			return h
		}
	}
	return nil
}

func TestActsAreTold(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ts, err := s.Post("alice", "ops", "hello @lamp")
	if err != nil {
		t.Fatal(err)
	}
	var e ear
	e.listen(s)
	for _, c := range []struct {
		event string
		act   func() error
		check func(map[string]any) bool
	}{
		{"reaction_added", func() error { return s.React("bob", "ops", ts, "eyes") }, func(m map[string]any) bool {
			item := m["item"].(map[string]any)
			return item["ts"] == ts && item["channel"] == s.ops && m["item_user"] == s.alice && m["reaction"] == "eyes"
		}},
		{"reaction_removed", func() error { return s.Unreact("bob", "ops", ts, "eyes") }, nil},
		{"pin_added", func() error { return s.Pin("bob", "ops", ts) }, func(m map[string]any) bool {
			item := m["item"].(map[string]any)["message"].(map[string]any)
			return m["channel_id"] == s.ops && item["ts"] == ts && m["user"] == s.bob
		}},
		{"pin_removed", func() error { return s.Unpin("bob", "ops", ts) }, func(m map[string]any) bool { return m["has_pins"] == false }},
		{"app_mention", func() error { _, err := s.Post("bob", "ops", "@lamp on"); return err }, func(m map[string]any) bool {
			return m["text"] == "<@"+s.BotUserID()+"> on" && m["user"] == s.bob
		}},
		{"member_left_channel", func() error { return s.Leave("bob", "ops") }, func(m map[string]any) bool { return m["channel_type"] == "C" }},
		{"member_joined_channel", func() error { return s.Invite("alice", "ops", "bob") }, func(m map[string]any) bool { return m["inviter"] == s.alice }},
		{"channel_rename", func() error { return s.Rename("alice", "ops", "ops2") }, func(m map[string]any) bool {
			return m["channel"].(map[string]any)["name"] == "ops2"
		}},
		{"app_home_opened", func() error { return s.OpenHome("alice") }, func(m map[string]any) bool { return m["tab"] == "home" }},
		{"user_change", func() error { return s.Deactivate("bob") }, func(m map[string]any) bool {
			return m["user"].(map[string]any)["deleted"] == true
		}},
		{"channel_archive", func() error { return s.Archive("alice", "ops2") }, func(m map[string]any) bool { return m["channel"] == s.ops }},
		{"channel_unarchive", func() error { return s.Unarchive("alice", "ops2") }, nil},
		{"channel_left", func() error { return s.Kick("alice", "ops2", "lamp") }, func(m map[string]any) bool { return m["channel"] == s.ops }},
	} {
		if err := c.act(); err != nil {
			t.Fatalf("%s: %v", c.event, err)
		}
		s.await(func() bool { return e.find(c.event) != nil })
		if m := e.find(c.event); c.check != nil && !c.check(m) {
			t.Errorf("%s: %v", c.event, m)
		}
	}
}

func TestNothingIsToldWithoutMembershipScopeOrSubscription(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.RevokeScope("reactions:read")
	var e ear
	e.listen(s)
	foreign, err := s.Post("bob", "hall", "hello")
	if err != nil {
		t.Fatal(err)
	}
	own, err := s.Post("alice", "ops", "last") // the only one that may be heard
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []error{
		s.Pin("bob", "hall", foreign), s.React("alice", "ops", own, "eyes"), s.SetTopic("alice", "cave", "dark"),
	} {
		if act != nil {
			t.Fatal(act)
		}
	}
	if _, err := s.Post("alice", "ops", "end"); err != nil {
		t.Fatal(err)
	}
	s.await(func() bool { e.mu.Lock(); defer e.mu.Unlock(); return len(e.heard) >= 2 })
	if err := s.Settle(t.Context(), quiet); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, h := range e.heard {
		texts = append(texts, fmt.Sprint(h["type"], " ", h["text"]))
	}
	slices.Sort(texts)
	if want := []string{"message end", "message last"}; !slices.Equal(texts, want) {
		t.Errorf("heard %q, want %q", texts, want)
	}
}

func TestChannelMovesAndTurnsPrivate(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var e ear
	e.listen(s)
	id, err := s.MoveChannel("ops")
	must(t, err)
	s.await(func() bool { return e.find("channel_id_changed") != nil })
	if m := e.find("channel_id_changed"); m["old_channel_id"] != s.ops || m["new_channel_id"] != id {
		t.Errorf("moved: %v", m)
	}
	must(t, s.Convert("alice", "ops", true))
	must(t, s.Archive("alice", "ops"))
	s.await(func() bool { return e.find("group_archive") != nil })
	if m := e.find("channel_archive"); m != nil {
		t.Errorf("a private channel tells %v", m)
	}
}

func TestHundredsOfEnvelopes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.connect(func(socketmode.Event) (any, bool) { return nil, true })
	var wg sync.WaitGroup
	for range 300 {
		wg.Go(func() {
			if d := s.DeliverShortcut("alice", "switch_on"); !d.Acked {
				t.Errorf("lost: %+v", d)
			}
		})
	}
	wg.Wait()
}

func TestGuestsAndStrangers(t *testing.T) {
	t.Parallel()
	s := setup(t)
	guest := s.AddUser(workspace.User{Name: "gus", UltraRestricted: true})
	s.AddUser(workspace.User{Name: "sam", Stranger: true, TeamID: "T0OTHER"})
	s.channel("guests", []string{"gus"})
	_, err := s.api.InviteUsersToConversationContext(t.Context(), s.ops, guest)
	wantCode(t, "a second channel for a single-channel guest", err, "ura_max_channels")
	_, err = s.api.InviteUsersToConversationContext(t.Context(), s.ops, s.UserID("sam"))
	wantCode(t, "a stranger in a channel that is not shared", err, "org_user_not_in_team")
	u, err := s.api.GetUserInfoContext(t.Context(), s.UserID("sam"))
	if err != nil || !u.IsStranger || u.TeamID != "T0OTHER" {
		t.Errorf("sam: %+v, %v", u, err)
	}
}
