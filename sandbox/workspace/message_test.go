package workspace_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/sandbox/workspace"
)

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
