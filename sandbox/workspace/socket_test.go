package workspace_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox/workspace"
)

func TestCommandIsAnsweredByItsAck(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var got slack.SlashCommand
	s.connect(func(e socketmode.Event) (any, bool) {
		got = e.Data.(slack.SlashCommand)
		return map[string]any{"text": "Switched on"}, true
	})
	d := s.DeliverCommand("alice", "#ops", "/lamp on for @bob in #ops & <here>")
	if d.Err != nil || !d.Acked {
		t.Fatalf("command: %+v", d)
	}
	want := "on for <@" + s.bob + "> in <#" + s.ops + "|ops> &amp; &lt;here&gt;"
	if got.Command != "/lamp" || got.Text != want || got.ChannelName != "ops" || got.UserID != s.alice || got.TriggerID == "" {
		t.Errorf("got %+v, want the text %q", got, want)
	}
	whispers := s.Whispers("alice")
	if len(whispers) != 1 || whispers[0].Shown != "Switched on" || whispers[0].Via != "command" {
		t.Errorf("alice was told %+v", whispers)
	}
	if seen := s.VisibleTo("bob", "ops"); len(seen) != 0 {
		t.Errorf("bob sees %+v", seen)
	}
}

func TestCommandWithoutEscapeComesRaw(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var got slack.SlashCommand
	s.connect(func(e socketmode.Event) (any, bool) {
		got = e.Data.(slack.SlashCommand)
		return map[string]any{"text": "hello", "response_type": "in_channel"}, true
	})
	s.DeliverCommand("alice", "#ops", "/raw @bob & co")
	if got.Text != "@bob & co" {
		t.Errorf("got %q", got.Text)
	}
	if seen := s.VisibleTo("bob", "ops"); len(seen) != 2 || seen[0].Text != "/raw @bob & co" || seen[1].Text != "hello" {
		t.Errorf("bob sees %+v", seen)
	}
}

func TestAcksThatSlackDrops(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what                string
		filler, writeBuffer int
		acked               bool
	}{
		{"below 20 KB", 19 * 1024, 32 * 1024, true},
		{"over 20 KB", 20 * 1024, 32 * 1024, false},
		{"in several frames", 9 * 1024, 4 * 1024, false},
		{"small", 3 * 1024, 4 * 1024, true},
	} {
		s := setup(t, func(c *workspace.Config) { c.AckTimeout = 300 * time.Millisecond })
		raw := rawSocket(t, s, c.writeBuffer)
		done := make(chan workspace.Delivered, 1)
		go func() { done <- s.DeliverCommand("alice", "#ops", "/lamp") }()
		var envelope struct {
			ID string `json:"envelope_id"`
		}
		must(t, raw.ReadJSON(&envelope))
		must(t, raw.WriteJSON(map[string]any{
			"envelope_id": envelope.ID, "payload": map[string]any{"text": strings.Repeat("x", c.filler)},
		}))
		if d := <-done; d.Acked != c.acked || d.Acked == errors.Is(d.Err, workspace.ErrNoAck) {
			t.Errorf("an ack %s: acked %v, %v", c.what, d.Acked, d.Err)
		}
	}
}

func TestPersonSeesAtOnceThatNobodyListens(t *testing.T) {
	t.Parallel()
	s := setup(t)
	if d := s.DeliverShortcut("alice", "switch_on"); !errors.Is(d.Err, workspace.ErrNoSocket) {
		t.Errorf("got %+v", d)
	}
}

func TestEventIsRedeliveredUntilAcked(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) {
		c.AckTimeout = 100 * time.Millisecond
		c.Redelivery = []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond}
	})
	tries := 0
	a := s.connect(func(socketmode.Event) (any, bool) { tries++; return nil, tries == 3 })
	ts, err := s.Post("alice", "ops", "look")
	if err != nil {
		t.Fatal(err)
	}
	s.await(func() bool { return len(a.events(socketmode.EventTypeEventsAPI)) == 3 })
	ids, envelopes := map[string]bool{}, map[string]bool{}
	for i, e := range a.events(socketmode.EventTypeEventsAPI) {
		outer := e.Data.(slackevents.EventsAPIEvent)
		ids[outer.Data.(*slackevents.EventsAPICallbackEvent).EventID] = true
		envelopes[e.Request.EnvelopeID] = true
		if e.Request.RetryAttempt != i || (i > 0) != (e.Request.RetryReason == "timeout") {
			t.Errorf("attempt %d has %d %q", i, e.Request.RetryAttempt, e.Request.RetryReason)
		}
		if m := outer.InnerEvent.Data.(*slackevents.MessageEvent); m.TimeStamp != ts || m.Text != "look" {
			t.Errorf("got %+v", m)
		}
	}
	if len(ids) != 1 || len(envelopes) != 3 {
		t.Errorf("event ids %v, envelopes %v", ids, envelopes)
	}
}

func TestClientReconnectsAfterACut(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(*scene){
		"politely": func(s *scene) { s.CutSockets(workspace.Politely) },
		"abruptly": func(s *scene) { s.CutSockets(workspace.Abruptly) },
		"recycled": func(s *scene) { s.Recycle(10 * time.Millisecond) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			s.connect(nil)
			old := s.Sockets()[0]
			cut(s)
			s.await(func() bool { now := s.Sockets(); return len(now) == 1 && now[0] != old })
			if d := s.DeliverShortcut("alice", "switch_on"); !d.Acked {
				t.Errorf("after the cut: %+v", d)
			}
			if n := s.Count("apps.connections.open"); n != 2 {
				t.Errorf("%d connections were opened", n)
			}
		})
	}
}

func TestHalfOpenSocketSwallowsDeliveries(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) { c.AckTimeout = 100 * time.Millisecond })
	s.connect(nil)
	s.CutSockets(workspace.HalfOpen)
	if d := s.DeliverShortcut("alice", "switch_on"); !errors.Is(d.Err, workspace.ErrNoAck) {
		t.Errorf("got %+v", d)
	}
}

func TestTooManySockets(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) { c.MaxSockets = 1 })
	rawSocket(t, s, 4096)
	second := dial(t, s, 4096)
	var f struct {
		Type, Reason string
		N            int `json:"num_connections"`
	}
	if err := second.ReadJSON(&f); err != nil || f.Reason != "too_many_websockets" || f.N != 1 {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestEachSocketGetsItsShare(t *testing.T) {
	t.Parallel()
	s := setup(t)
	one, two := s.connect(nil), s.connect(nil)
	for range 30 {
		if d := s.DeliverShortcut("alice", "switch_on"); !d.Acked {
			t.Fatal(d.Err)
		}
	}
	a, b := len(one.events(socketmode.EventTypeInteractive)), len(two.events(socketmode.EventTypeInteractive))
	if a+b != 30 || a == 0 || b == 0 {
		t.Errorf("the sockets got %d and %d", a, b)
	}
}

func TestEnvelopeTwice(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.connect(nil)
	s.SendTwice(1)
	_, err := s.Post("alice", "ops", "one")
	must(t, err)
	s.await(func() bool { return len(a.events(socketmode.EventTypeEventsAPI)) == 2 })
	both := a.events(socketmode.EventTypeEventsAPI)
	if both[0].Request.EnvelopeID != both[1].Request.EnvelopeID {
		t.Error("the copy is another envelope")
	}
}

func TestEnvelopesHeldAndReleased(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.connect(nil)
	release := s.Hold()
	done := make(chan workspace.Delivered)
	go func() { done <- s.DeliverShortcut("alice", "switch_on") }()
	s.never(func() bool { return len(a.events(socketmode.EventTypeInteractive)) > 0 })
	release()
	if d := <-done; !d.Acked {
		t.Errorf("after the release: %+v", d)
	}
}

func TestEnvelopesReversed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.connect(nil)
	s.Reverse(2)
	done := make(chan workspace.Delivered)
	deliver := func(user string) { go func() { done <- s.DeliverShortcut(user, "switch_on") }() }
	deliver("alice")
	s.never(func() bool { return len(a.events(socketmode.EventTypeInteractive)) > 0 })
	deliver("bob")
	for range 2 {
		if d := <-done; !d.Acked {
			t.Fatal(d.Err)
		}
	}
	first := a.events(socketmode.EventTypeInteractive)[0].Data.(slack.InteractionCallback)
	if first.User.ID != s.bob {
		t.Error("the first one came first")
	}
}

// never fails the test when cond comes true within a short while.
func (s *scene) never(cond func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), quiet)
	defer cancel()
	if s.Await(ctx, cond) == nil {
		s.t.Fatal("came true")
	}
}

func TestEventWaitsForASocketOnTheRetrySchedule(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) {
		c.Redelivery = slices.Repeat([]time.Duration{20 * time.Millisecond}, 100)
	})
	_, err := s.Post("alice", "ops", "is anybody there")
	must(t, err)
	a := s.connect(nil)
	s.await(func() bool { return len(a.events(socketmode.EventTypeEventsAPI)) == 1 })
	if n := a.events(socketmode.EventTypeEventsAPI)[0].Request.RetryAttempt; n < 1 {
		t.Errorf("the event came with attempt %d", n)
	}
}

func TestPayloadShapes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var got slack.InteractionCallback
	s.connect(func(e socketmode.Event) (any, bool) {
		if e.Type == socketmode.EventTypeInteractive {
			got = e.Data.(slack.InteractionCallback)
		}
		return nil, true
	})
	ts, err := s.PostAs(workspace.OtherApp{
		Name: "Alerts", Attachments: json.RawMessage(`[{"title":"Disk full","text":"on db-1"}]`),
	}, "hall")
	if err != nil {
		t.Fatal(err)
	}
	if d := s.DeliverMessageShortcut("bob", "hall", ts, "from_message"); !d.Acked {
		t.Fatal(d.Err)
	}
	if got.Type != slack.InteractionTypeMessageAction || got.Message.Text != "" || len(got.Message.Attachments) != 1 ||
		got.Channel.Name != "hall" || got.MessageTs != ts || got.ResponseURL == "" || got.User.ID != s.bob {
		t.Errorf("got %+v", got)
	}
}
