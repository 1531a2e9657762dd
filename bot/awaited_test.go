package bot

import (
	"context"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/incident"
)

type awaitedKey struct{}

// attentive is a Slack that notes for whom somebody waits, and knows only people of another organisation.
type attentive struct {
	Slack
	awaited []bool
}

func (s *attentive) GetUserInfoContext(ctx context.Context, id string, _ ...slack.GetUserInfoOption) (*slack.User, error) {
	s.awaited = append(s.awaited, ctx.Value(awaitedKey{}) != nil)
	return &slack.User{ID: id, TeamID: "T2"}, nil
}

// Who types a command waits for what Slack is asked before the answer.
func TestWhatAPayloadAsksOfSlackIsAwaited(t *testing.T) {
	t.Parallel()
	api := &attentive{}
	b := &Bot{
		Slack: api, Place: incident.Installation{Team: "T1"},
		Awaited: func(ctx context.Context) context.Context { return context.WithValue(ctx, awaitedKey{}, true) },
	}
	b.handle(t.Context(), socketmode.Event{Data: slack.SlashCommand{UserID: "UEVE", Text: "list"}}, func(any) {})
	if len(api.awaited) != 1 || !api.awaited[0] {
		t.Errorf("calls that are awaited: %v", api.awaited)
	}
}
