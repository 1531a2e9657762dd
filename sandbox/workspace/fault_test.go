package workspace_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox/workspace"
)

// capture acks everything and shows each payload as it came.
func capture(see func(map[string]any)) func(socketmode.Event) (any, bool) {
	return func(e socketmode.Event) (any, bool) {
		var payload map[string]any
		if json.Unmarshal(e.Request.Payload, &payload) == nil {
			see(payload)
		}
		return nil, true
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	limited := func(want time.Duration) func(error) bool {
		return func(err error) bool {
			e, ok := errors.AsType[*slack.RateLimitedError](err)
			return ok && e.RetryAfter == want
		}
	}
	status := func(want int) func(error) bool {
		return func(err error) bool {
			e, ok := errors.AsType[slack.StatusCodeError](err)
			return ok && e.Code == want
		}
	}
	refused := func(err error) bool { return code(err) == "internal_error" }
	broken := func(err error) bool { _, ok := errors.AsType[*url.Error](err); return ok }
	syntax := func(err error) bool { _, ok := errors.AsType[*json.SyntaxError](err); return ok }
	none := func(err error) bool { return err == nil }
	for _, c := range []struct {
		fault   workspace.Fault
		seen    func(error) bool
		applied bool
	}{
		{workspace.Fault{Kind: workspace.RateLimited, RetryAfter: 7 * time.Second}, limited(7 * time.Second), false},
		{workspace.Fault{Kind: workspace.RateLimitedOther}, limited(time.Second), false},
		{workspace.Fault{Kind: workspace.RateLimitedBare}, status(429), false},
		{workspace.Fault{Kind: workspace.ServerError}, status(500), false},
		{workspace.Fault{Kind: workspace.HTML}, syntax, false},
		{workspace.Fault{Kind: workspace.Empty}, none, false},
		{workspace.Fault{Kind: workspace.Refuse, Code: "internal_error"}, refused, false},
		{workspace.Fault{Kind: workspace.AppliedRefuse, Code: "internal_error"}, refused, true},
		{workspace.Fault{Kind: workspace.Cut}, broken, false},
		{workspace.Fault{Kind: workspace.Lost}, broken, true},
		{workspace.Fault{Kind: workspace.Hang}, broken, false},
		{workspace.Fault{Kind: workspace.AppliedHang}, broken, true},
		{workspace.Fault{Kind: workspace.Slow, Delay: 20 * time.Millisecond}, none, true},
	} {
		t.Run(string(c.fault.Kind), func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			c.fault.Method = "chat.postMessage"
			c.fault.When = func(form url.Values) bool { return form.Get("text") == "x" }
			s.Fault(c.fault)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			post := func(text string) error {
				_, _, err := s.api.PostMessageContext(ctx, s.ops, slack.MsgOptionText(text, false))
				return err
			}
			wantCode(t, "a call that is not meant", post("y"), "")
			if c.fault.Kind == workspace.Hang || c.fault.Kind == workspace.AppliedHang {
				// The client gives up once the call is there, which by itself changes nothing.
				there := func() bool { return len(s.Calls()) == 2 && (len(s.Messages("ops")) == 2) == c.applied }
				go func() {
					defer cancel()
					for !there() && ctx.Err() == nil {
						soon, stop := context.WithTimeout(ctx, 10*time.Millisecond)
						_ = s.Await(soon, there)
						stop()
					}
				}()
			}
			if err := post("x"); !c.seen(err) {
				t.Errorf("the client sees %v", err)
			}
			s.await(func() bool { calls := s.Calls(); return len(calls) == 2 && !calls[1].End.IsZero() })
			if got := s.Calls()[1].Applied; got != c.applied || (len(s.Messages("ops")) == 2) != c.applied {
				t.Errorf("applied: %v, messages: %d", got, len(s.Messages("ops")))
			}
		})
	}
}

func TestHookStopsTheProgramAtOneCall(t *testing.T) {
	t.Parallel()
	for _, phase := range []workspace.Phase{workspace.Before, workspace.After} {
		s := setup(t)
		reached, goOn := make(chan workspace.Call), make(chan struct{})
		s.OnCall(func(c workspace.Call) workspace.Verdict {
			if c.N != 2 || c.Phase != phase {
				return workspace.Verdict{}
			}
			reached <- c
			return workspace.Verdict{Wait: goOn, Drop: true}
		})
		post := func() error {
			_, _, err := s.api.PostMessageContext(t.Context(), s.ops, slack.MsgOptionText("x", false))
			return err
		}
		wantCode(t, "the first call", post(), "")
		answer := make(chan error)
		go func() { answer <- post() }()
		if c := <-reached; c.Method != "chat.postMessage" || c.Form.Get("text") != "x" {
			t.Errorf("the hook saw %+v", c)
		}
		if got, want := len(s.Messages("ops")), 1+int(phase); got != want {
			t.Errorf("phase %d: %d messages while it stands still, want %d", phase, got, want)
		}
		close(goOn)
		if err := <-answer; err == nil {
			t.Error("the dropped call got an answer")
		}
	}
}
