package workspace_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/sandbox/workspace"
)

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
