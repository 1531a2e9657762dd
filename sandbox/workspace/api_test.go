package workspace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/sandbox/workspace"
)

func TestIdentity(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) { c.TeamDomain = "acme" })
	who, err := s.api.AuthTestContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if who.URL != "https://acme.slack.com/" || who.UserID != s.BotUserID() || who.BotID == "" {
		t.Errorf("got %+v", who)
	}
	if scopes := who.Header.Get("X-OAuth-Scopes"); !strings.Contains(scopes, "chat:write") {
		t.Errorf("the scopes header is %q", scopes)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, c := range []struct{ what, bot, app, method, want string }{
		{"unknown token", "xoxb-none", "", "auth.test", "invalid_auth"},
		{"no token", "", "", "auth.test", "not_authed"},
		{"app token for a bot method", s.AppToken(), "", "auth.test", "not_allowed_token_type"},
		{"bot token for a socket", "", s.BotToken(), "apps.connections.open", "not_allowed_token_type"},
	} {
		api := slack.New(c.bot, slack.OptionAppLevelToken(c.app), slack.OptionAPIURL(s.APIURL()))
		var err error
		if c.method == "auth.test" {
			_, err = api.AuthTestContext(t.Context())
		} else {
			_, _, err = api.StartSocketModeContext(t.Context())
		}
		wantCode(t, c.what, err, c.want)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestUnknownMethodAndMissingScope(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, _, err := s.api.ListTeamsContext(t.Context(), slack.ListTeamsParameters{})
	wantCode(t, "auth.teams.list", err, "unknown_method")
	s.RevokeScope("pins:write")
	err = s.api.AddPinContext(t.Context(), s.ops, slack.NewRefToMessage(s.ops, "1.000000"))
	refused, _ := errors.AsType[slack.SlackErrorResponse](err)
	if refused.Err != "missing_scope" || refused.Needed != "pins:write" || !strings.Contains(refused.Provided, "chat:write") {
		t.Errorf("pins.add without its scope: %+v", refused)
	}
	s.RevokeScope("groups:write")
	_, err = s.api.CreateConversationContext(t.Context(), slack.CreateConversationParams{ChannelName: "secret", IsPrivate: true})
	wantCode(t, "private channel without groups:write", err, "missing_scope")
}

func TestPeopleAndGroups(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	u, err := s.api.GetUserByEmailContext(ctx, "ALICE@example.test")
	if err != nil || u.ID != s.alice || u.TZ != "Europe/Zurich" || u.TZOffset == 0 {
		t.Errorf("by mail: %+v, %v", u, err)
	}
	_, err = s.api.GetUserByEmailContext(ctx, "nobody@example.test")
	wantCode(t, "a nobody's mail", err, "users_not_found")
	id, err := s.AddGroup("oncall", "On call", "alice", "bob")
	if err != nil {
		t.Fatal(err)
	}
	members, err := s.api.GetUserGroupMembersContext(ctx, id)
	if err != nil || !slices.Equal(members, []string{s.alice, s.bob}) {
		t.Errorf("group: %v, %v", members, err)
	}
	if err := s.Deactivate("bob"); err != nil {
		t.Fatal(err)
	}
	_, _, _, err = s.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{s.bob}})
	wantCode(t, "open messages with a deactivated person", err, "user_disabled")
}

func TestJSONBodyIsReadOnlyWhereSlackReadsIt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ask := func(method string, args map[string]any) map[string]any {
		body, _ := json.Marshal(args)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+method, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		r.Header.Set("Authorization", "Bearer "+s.BotToken())
		r.Close = true
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var got map[string]any
		if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := ask("conversations.setTopic", map[string]any{"channel": s.ops, "topic": "lights"}); got["ok"] != true {
		t.Errorf("setTopic: %v", got)
	}
	if got := ask("conversations.info", map[string]any{"channel": s.ops}); got["error"] != "invalid_arguments" {
		t.Errorf("info read a JSON body: %v", got)
	}
}

func TestRateTiers(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) { c.Limits = true })
	var err error
	for range 21 {
		_, _, err = s.api.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{})
	}
	limited, ok := errors.AsType[*slack.RateLimitedError](err)
	if !ok || limited.RetryAfter < time.Second || limited.RetryAfter > time.Minute {
		t.Errorf("call 21 in a minute: %v", err)
	}
	for range 5 {
		_, _, err = s.api.PostMessageContext(t.Context(), s.ops, slack.MsgOptionText("x", false))
		wantCode(t, "a burst of posts", err, "")
	}
	_, _, err = s.api.PostMessageContext(t.Context(), s.ops, slack.MsgOptionText("x", false))
	if _, ok := errors.AsType[*slack.RateLimitedError](err); !ok {
		t.Errorf("post 6: %v", err)
	}
}

func TestCallsAreRecorded(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, _, _ = s.api.PostMessageContext(t.Context(), s.hall, slack.MsgOptionText("x", false))
	calls := s.Calls()
	if len(calls) != 1 || calls[0].Method != "chat.postMessage" || calls[0].Error != "not_in_channel" || calls[0].Status != 200 ||
		calls[0].Form.Get("channel") != s.hall || calls[0].Form.Has("token") || calls[0].End.Before(calls[0].Start) {
		t.Errorf("got %+v", calls)
	}
	s.ResetCalls()
	if n := s.Count("chat.postMessage"); n != 0 {
		t.Errorf("after the reset: %d", n)
	}
}
