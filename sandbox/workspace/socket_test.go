package workspace_test

import (
	"encoding/json"
	"errors"
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

func TestEnvelopesTwiceReversedAndHeld(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a := s.connect(nil)
	s.SendTwice(1)
	if _, err := s.Post("alice", "ops", "one"); err != nil {
		t.Fatal(err)
	}
	s.await(func() bool { return len(a.events(socketmode.EventTypeEventsAPI)) == 2 })
	release := s.Hold()
	if _, err := s.Post("alice", "ops", "two"); err != nil {
		t.Fatal(err)
	}
	if d := s.deliverDuring(release); !d.Acked {
		t.Errorf("after the release: %+v", d)
	}
	s.await(func() bool { return len(a.events(socketmode.EventTypeEventsAPI)) == 3 })
}

// deliverDuring begins a delivery while envelopes are held, then lets them go.
func (s *scene) deliverDuring(release func()) workspace.Delivered {
	done := make(chan workspace.Delivered)
	go func() { done <- s.DeliverShortcut("alice", "switch_on") }()
	release()
	return <-done
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
