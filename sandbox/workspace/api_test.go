package workspace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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

func TestChannelNames(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, want := range map[string]string{
		"inc-1": "", "ops": "name_taken", "cave": "name_taken", "": "invalid_name_required", "Inc": "invalid_name_specials",
		"a b": "invalid_name_specials", "---": "invalid_name_punctuation", strings.Repeat("a", 81): "invalid_name_maxlength",
	} {
		c, err := s.api.CreateConversationContext(t.Context(), slack.CreateConversationParams{ChannelName: name})
		wantCode(t, fmt.Sprintf("create %q", name), err, want)
		if err == nil && (c.Creator != s.BotUserID() || !c.IsMember || c.Name != name) {
			t.Errorf("created %+v", c)
		}
	}
	if err := s.Archive("alice", "ops"); err != nil {
		t.Fatal(err)
	}
	_, err := s.api.CreateConversationContext(t.Context(), slack.CreateConversationParams{ChannelName: "ops"})
	wantCode(t, "name of an archived channel", err, "name_taken")
}

func TestMembershipRules(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	post := func(channel string) error {
		_, _, err := s.api.PostMessageContext(ctx, channel, slack.MsgOptionText("hi", false))
		return err
	}
	wantCode(t, "post where a member", post(s.ops), "")
	wantCode(t, "post in a foreign public channel", post(s.hall), "not_in_channel")
	wantCode(t, "post in a foreign private channel", post(s.cave), "channel_not_found")
	_, err := s.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: s.hall})
	wantCode(t, "history of a foreign public channel", err, "not_in_channel")
	_, err = s.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: s.cave})
	wantCode(t, "info of a foreign private channel", err, "channel_not_found")
	_, warning, _, err := s.api.JoinConversationContext(ctx, s.hall)
	wantCode(t, "join", err, "")
	if warning != "" {
		t.Errorf("the first join warns %q", warning)
	}
	_, warning, _, err = s.api.JoinConversationContext(ctx, s.hall)
	if err != nil || warning != "already_in_channel" {
		t.Errorf("the second join: %q, %v", warning, err)
	}
	_, err = s.api.InviteUsersToConversationContext(ctx, s.hall, s.alice, "U0NOBODY")
	refused, _ := errors.AsType[slack.SlackErrorResponse](err)
	if refused.Err != "user_not_found" || len(refused.Errors) != 1 {
		t.Errorf("invite a nobody: %+v", refused)
	}
	_, err = s.api.InviteUsersToConversationContext(ctx, s.hall, s.alice)
	wantCode(t, "invite alice", err, "")
	_, err = s.api.InviteUsersToConversationContext(ctx, s.hall, s.alice)
	wantCode(t, "invite alice again", err, "already_in_channel")
	_, err = s.api.InviteUsersToConversationContext(ctx, s.hall, s.BotUserID())
	wantCode(t, "invite itself", err, "cant_invite_self")
	wantCode(t, "kick", s.api.KickUserFromConversationContext(ctx, s.hall, s.alice), "")
	wantCode(t, "kick again", s.api.KickUserFromConversationContext(ctx, s.hall, s.alice), "not_in_channel")
	wantCode(t, "archive", s.api.ArchiveConversationContext(ctx, s.hall), "")
	wantCode(t, "archive again", s.api.ArchiveConversationContext(ctx, s.hall), "already_archived")
	wantCode(t, "post in an archived channel", post(s.hall), "is_archived")
	_, err = s.api.SetTopicOfConversationContext(ctx, s.ops, strings.Repeat("x", 251))
	wantCode(t, "long topic", err, "too_long")
}

func TestListsComeInShortPages(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) { c.PageSize = 2 })
	var want []string
	for i := range 9 {
		s.channel(fmt.Sprintf("room-%d", i), nil)
		want = append(want, fmt.Sprintf("room-%d", i))
	}
	want = append(want, "ops", "hall")
	slices.Sort(want)
	var got []string
	cursor, pages := "", 0
	for first := true; first || cursor != ""; first = false {
		list, next, err := s.api.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{Cursor: cursor, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			got = append(got, c.Name)
		}
		cursor = next
		pages++
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || pages < 6 {
		t.Errorf("%d pages, %s", pages, diff)
	}
}

func TestHistoryLagsAndHidesMetadata(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) { c.HistoryLag = 300 * time.Millisecond })
	ctx := t.Context()
	read := func(all bool) []slack.Message {
		h, err := s.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: s.ops, Oldest: "1.000000", IncludeAllMetadata: all,
		})
		if err != nil {
			t.Fatal(err)
		}
		return h.Messages
	}
	_, ts, err := s.api.PostMessageContext(ctx, s.ops, slack.MsgOptionText("one", false), slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: "lamp", EventPayload: map[string]any{"key": "INC-1"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := read(true); len(got) != 0 {
		t.Errorf("history shows %d messages at once", len(got))
	}
	s.await(func() bool { s.poke(); return len(read(true)) == 1 })
	if got := read(false)[0].Metadata; got.EventType != "lamp" || got.EventPayload != nil {
		t.Errorf("without asking: %+v", got)
	}
	if got := read(true)[0]; got.Metadata.EventPayload["key"] != "INC-1" || got.Timestamp != ts {
		t.Errorf("with asking: %+v", got)
	}
	if _, _, _, err := s.api.UpdateMessageContext(ctx, s.ops, ts, slack.MsgOptionText("two", false)); err != nil {
		t.Fatal(err)
	}
	if got := read(true)[0]; got.Metadata.EventPayload["key"] != "INC-1" || got.Text != "two" || got.Edited == nil {
		t.Errorf("after an update: %+v", got)
	}
}

// poke changes the state, so that Await asks again.
func (s *scene) poke() { s.GrantScope("poke") }

func TestHistoryPagesFromTheNewest(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) { c.HistoryLag = -1 })
	var want []string
	for i := range 8 {
		ts, err := s.Post("alice", "ops", fmt.Sprint("line ", i))
		if err != nil {
			t.Fatal(err)
		}
		want = append([]string{ts}, want...)
	}
	if _, err := s.Reply("bob", "ops", want[0], "in the thread"); err != nil {
		t.Fatal(err)
	}
	var got []string
	cursor := ""
	for first := true; first || cursor != ""; first = false {
		h, err := s.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: s.ops, Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range h.Messages {
			got = append(got, m.Timestamp)
		}
		cursor = h.ResponseMetaData.NextCursor
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	one, err := s.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{
		ChannelID: s.ops, Latest: want[3], Inclusive: true, Limit: 1,
	})
	if err != nil || len(one.Messages) != 1 || one.Messages[0].Timestamp != want[3] {
		t.Errorf("one message: %+v, %v", one, err)
	}
	thread, _, _, err := s.api.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: s.ops, Timestamp: want[0]})
	if err != nil || len(thread) != 2 || thread[1].Text != "in the thread" || thread[0].ReplyCount != 1 {
		t.Errorf("thread: %+v, %v", thread, err)
	}
}

func TestOnlyOwnMessagesCanBeChanged(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	ts, err := s.Post("alice", "ops", "mine")
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, err = s.api.UpdateMessageContext(ctx, s.ops, ts, slack.MsgOptionText("yours", false))
	wantCode(t, "update alice's message", err, "cant_update_message")
	_, _, err = s.api.DeleteMessageContext(ctx, s.ops, ts)
	wantCode(t, "delete alice's message", err, "cant_delete_message")
	_, own, err := s.api.PostMessageContext(ctx, s.ops, slack.MsgOptionText("ours", false))
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, err = s.api.UpdateMessageContext(ctx, s.ops, own, slack.MsgOptionText(strings.Repeat("x", 4001), false))
	wantCode(t, "a long update", err, "msg_too_long")
	_, _, err = s.api.DeleteMessageContext(ctx, s.ops, own)
	wantCode(t, "delete", err, "")
	_, _, err = s.api.DeleteMessageContext(ctx, s.ops, own)
	wantCode(t, "delete again", err, "message_not_found")
	_, _, err = s.api.PostMessageContext(ctx, s.ops, slack.MsgOptionText("", false))
	wantCode(t, "an empty message", err, "no_text")
	_, _, err = s.api.PostMessageContext(ctx, s.ops, slack.MsgOptionText("x", false), slack.MsgOptionTS("1.000000"))
	wantCode(t, "a reply to nothing", err, "thread_not_found")
	header := slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, strings.Repeat("x", 151), false, false))
	_, _, err = s.api.PostMessageContext(ctx, s.ops, slack.MsgOptionText("x", false), slack.MsgOptionBlocks(header))
	refused, _ := errors.AsType[slack.SlackErrorResponse](err)
	if refused.Err != "invalid_blocks" || len(refused.ResponseMetadata.Messages) != 1 {
		t.Errorf("a long header: %+v", refused)
	}
}

func TestPinsReactionsBookmarks(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	ts, err := s.Post("alice", "ops", "the cause")
	if err != nil {
		t.Fatal(err)
	}
	item := slack.NewRefToMessage(s.ops, ts)
	wantCode(t, "pin", s.api.AddPinContext(ctx, s.ops, item), "")
	wantCode(t, "pin again", s.api.AddPinContext(ctx, s.ops, item), "already_pinned")
	items, _, err := s.api.ListPinsContext(ctx, s.ops)
	if err != nil || len(items) != 1 || items[0].Message.Text != "the cause" {
		t.Errorf("pins: %+v, %v", items, err)
	}
	wantCode(t, "unpin", s.api.RemovePinContext(ctx, s.ops, item), "")
	wantCode(t, "unpin again", s.api.RemovePinContext(ctx, s.ops, item), "no_pin")
	wantCode(t, "react", s.api.AddReactionContext(ctx, "eyes", item), "")
	wantCode(t, "react again", s.api.AddReactionContext(ctx, "eyes", item), "already_reacted")
	wantCode(t, "react to nothing", s.api.AddReactionContext(ctx, "eyes", slack.NewRefToMessage(s.ops, "1.5")), "message_not_found")
	if err := s.React("bob", "ops", ts, "eyes"); err != nil {
		t.Fatal(err)
	}
	got, err := s.api.GetReactionsContext(ctx, item, slack.GetReactionsParameters{})
	if err != nil || len(got.Reactions) != 1 || got.Reactions[0].Count != 2 {
		t.Errorf("reactions: %+v, %v", got, err)
	}
	for range 2 {
		_, err = s.api.AddBookmarkContext(ctx, s.ops, slack.AddBookmarkParameters{Title: "Wiki", Type: "link", Link: "https://wiki.test/"})
		wantCode(t, "bookmark", err, "")
	}
	marks, err := s.api.ListBookmarksContext(ctx, s.ops)
	if err != nil || len(marks) != 2 {
		t.Errorf("bookmarks are idempotent: %+v, %v", marks, err)
	}
	_, err = s.api.AddBookmarkContext(ctx, s.ops, slack.AddBookmarkParameters{Title: "Wiki", Type: "link", Link: "wiki"})
	wantCode(t, "bad link", err, "invalid_link")
	wantCode(t, "remove", s.api.RemoveBookmarkContext(ctx, s.ops, marks[0].ID), "")
	wantCode(t, "remove again", s.api.RemoveBookmarkContext(ctx, s.ops, marks[0].ID), "not_found")
}

func TestFileGoesUpAndComesDown(t *testing.T) {
	t.Parallel()
	s := setup(t)
	data := "one,two\n"
	f, err := s.api.UploadFileContext(t.Context(), slack.UploadFileParameters{
		Filename: "export.csv", FileSize: len(data), Content: data, Channel: s.ops, Title: "Export", InitialComment: "here",
	})
	if err != nil {
		t.Fatal(err)
	}
	info, _, _, err := s.api.GetFileInfoContext(t.Context(), f.ID, 0, 0)
	if err != nil || info.Title != "Export" || len(info.Shares.Public[s.ops]) != 1 {
		t.Fatalf("info: %+v, %v", info, err)
	}
	var got bytes.Buffer
	if err := s.api.GetFileContext(t.Context(), info.URLPrivateDownload, &got); err != nil || got.String() != data {
		t.Errorf("download: %q, %v", got.String(), err)
	}
	if m := s.Messages("ops"); len(m) != 1 || m[0].Shown != "here\n[file export.csv]" {
		t.Errorf("messages: %+v", m)
	}
	stranger := slack.New("xoxb-none", slack.OptionAPIURL(s.APIURL()))
	if err := stranger.GetFileContext(t.Context(), info.URLPrivateDownload, io.Discard); err == nil {
		t.Error("the file comes without its token")
	}
	http.DefaultClient.CloseIdleConnections()
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

func TestResponseURL(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var address string
	s.connect(capture(func(payload map[string]any) { address, _ = payload["response_url"].(string) }))
	// bob's channel does not have the bot in it.
	s.DeliverCommand("bob", "hall", "/lamp")
	answer := func(body string) int {
		res, err := http.DefaultClient.Post(address, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body)
		return res.StatusCode
	}
	for i, want := range []int{200, 200, 200, 200, 200, 404} {
		if got := answer(`{"text":"working"}`); got != want {
			t.Errorf("use %d: status %d, want %d", i+1, got, want)
		}
	}
	if got := s.Whispers("bob"); len(got) != 5 || got[0].Via != "response_url" {
		t.Errorf("bob was told %+v", got)
	}
	http.DefaultClient.CloseIdleConnections()
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
