package workspace_test

import (
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox/workspace"
)

func modal(title string) slack.ModalViewRequest {
	plain := func(s string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
	}
	name := slack.NewInputBlock("name", plain("Name"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	note := slack.NewInputBlock("note", plain("Note"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	note.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(title), Submit: plain("Save"), CallbackID: "lamp_form", PrivateMetadata: "p",
		NotifyOnClose: true, Blocks: slack.Blocks{BlockSet: []slack.Block{name, note}},
	}
}

// opened is a scene in which alice has a modal open.
func opened(t *testing.T, answer func(slack.InteractionCallback) (any, bool)) (*scene, slack.View, string) {
	t.Helper()
	s := setup(t)
	trigger := ""
	s.connect(func(e socketmode.Event) (any, bool) {
		i := e.Data.(slack.InteractionCallback)
		if i.Type == slack.InteractionTypeShortcut {
			trigger = i.TriggerID
			return nil, true
		}
		if answer == nil {
			return nil, true
		}
		return answer(i)
	})
	if d := s.DeliverShortcut("alice", "switch_on"); !d.Acked {
		t.Fatal(d.Err)
	}
	v, err := s.api.OpenViewContext(t.Context(), trigger, modal("Lamp"))
	if err != nil {
		t.Fatal(err)
	}
	return s, v.View, trigger
}

func enter(t *testing.T, s *scene, view, block, text string) {
	t.Helper()
	if err := s.SetInput(view, block, "text", map[string]any{"value": text}); err != nil {
		t.Fatal(err)
	}
}

func TestTriggerOpensOneModal(t *testing.T) {
	t.Parallel()
	s, _, trigger := opened(t, nil)
	_, err := s.api.OpenViewContext(t.Context(), trigger, modal("Lamp"))
	wantCode(t, "the trigger again", err, "exchanged_trigger_id")
	_, err = s.api.OpenViewContext(t.Context(), "1.2.3", modal("Lamp"))
	wantCode(t, "a made-up trigger", err, "invalid_trigger_id")
	if m := s.Modals("alice"); len(m) != 1 || m[0].Title != "Lamp" || m[0].CallbackID != "lamp_form" {
		t.Errorf("alice has open %+v", m)
	}
}

func TestTriggerExpires(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *workspace.Config) { c.TriggerLife = -1 })
	trigger := ""
	s.connect(capture(func(p map[string]any) { trigger, _ = p["trigger_id"].(string) }))
	s.DeliverShortcut("alice", "switch_on")
	_, err := s.api.OpenViewContext(t.Context(), trigger, modal("Lamp"))
	wantCode(t, "a late trigger", err, "expired_trigger_id")
}

func TestSubmission(t *testing.T) {
	t.Parallel()
	var got slack.InteractionCallback
	var answer any
	s, v, _ := opened(t, func(i slack.InteractionCallback) (any, bool) { got = i; return answer, true })
	if d := s.DeliverSubmit("alice"); d.Err == nil || d.Acked {
		t.Fatalf("an empty required field was delivered: %+v", d)
	}
	enter(t, s, v.ID, "name", "desk")
	answer = slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "taken"})
	if d := s.DeliverSubmit("alice"); d.Err != nil {
		t.Fatal(d.Err)
	}
	if got.View.State.Values["name"]["text"].Value != "desk" || got.View.PrivateMetadata != "p" || got.View.ID != v.ID {
		t.Errorf("submitted %+v", got.View)
	}
	if _, there := got.View.State.Values["note"]["text"]; !there {
		t.Error("the empty optional field is not in the state")
	}
	if m := s.Modals("alice"); len(m) != 1 || m[0].Errors["name"] != "taken" || string(m[0].Values["name"]["text"]) == "" {
		t.Errorf("after errors: %+v", m)
	}
	answer = slack.NewErrorsViewSubmissionResponse(map[string]string{"text": "an action id"})
	if d := s.DeliverSubmit("alice"); d.Err == nil {
		t.Error("an error at no input block is accepted")
	}
	next := modal("Second")
	answer = slack.NewPushViewSubmissionResponse(&next)
	s.DeliverSubmit("alice")
	if m := s.Modals("alice"); len(m) != 2 || m[1].Title != "Second" {
		t.Fatalf("after push: %+v", m)
	}
	enter(t, s, s.Modals("alice")[1].ID, "name", "x")
	answer = nil
	s.DeliverSubmit("alice")
	if m := s.Modals("alice"); len(m) != 1 || m[0].Title != "Lamp" {
		t.Fatalf("after close: %+v", m)
	}
	next = modal("Third")
	answer = slack.NewUpdateViewSubmissionResponse(&next)
	s.DeliverSubmit("alice")
	if m := s.Modals("alice"); len(m) != 1 || m[0].Title != "Third" || m[0].ID != v.ID {
		t.Fatalf("after update: %+v", m)
	}
	answer = slack.NewClearViewSubmissionResponse()
	s.DeliverSubmit("alice")
	if m := s.Modals("alice"); len(m) != 0 {
		t.Errorf("after clear: %+v", m)
	}
	_, err := s.api.UpdateViewContext(t.Context(), modal("Late"), "", "", v.ID)
	wantCode(t, "update of a closed modal", err, "not_found")
}

func TestUpdateKeepsWhatIsEnteredAndKnowsTheHash(t *testing.T) {
	t.Parallel()
	s, v, _ := opened(t, nil)
	enter(t, s, v.ID, "name", "desk")
	if _, err := s.api.UpdateViewContext(t.Context(), modal("Again"), "", v.Hash, v.ID); err != nil {
		t.Fatal(err)
	}
	m := s.Modals("alice")
	if len(m) != 1 || m[0].Title != "Again" || string(m[0].Values["name"]["text"]) != `{"type":"plain_text_input","value":"desk"}` {
		t.Errorf("after the update: %+v", m)
	}
	_, err := s.api.UpdateViewContext(t.Context(), modal("Lost"), "", v.Hash, v.ID)
	wantCode(t, "an update with the old hash", err, "hash_conflict")
}

func TestCloseIsToldWhenAsked(t *testing.T) {
	t.Parallel()
	var got slack.InteractionCallback
	s, _, _ := opened(t, func(i slack.InteractionCallback) (any, bool) { got = i; return nil, true })
	if d := s.DeliverClose("alice", true); !d.Acked || got.Type != slack.InteractionTypeViewClosed || !got.IsCleared {
		t.Errorf("%+v: got %+v", d, got)
	}
	if m := s.Modals("alice"); len(m) != 0 {
		t.Errorf("still open: %+v", m)
	}
}

func TestButtonInAMessage(t *testing.T) {
	t.Parallel()
	s := setup(t)
	got := make(chan slack.InteractionCallback, 2)
	s.connect(func(e socketmode.Event) (any, bool) {
		if i, ok := e.Data.(slack.InteractionCallback); ok {
			got <- i
		}
		return nil, true
	})
	label := slack.NewTextBlockObject(slack.PlainTextType, "Claim", false, false)
	row := slack.NewActionBlock("row", slack.NewButtonBlockElement("claim", "7", label))
	_, ts, err := s.api.PostMessageContext(t.Context(), s.ops, slack.MsgOptionText("card", false), slack.MsgOptionBlocks(row))
	if err != nil {
		t.Fatal(err)
	}
	if d := s.DeliverAction("bob", workspace.Action{Channel: "ops", TS: ts, BlockID: "row", ActionID: "claim"}); !d.Acked {
		t.Fatal(d.Err)
	}
	i := <-got
	a := i.ActionCallback.BlockActions[0]
	if a.ActionID != "claim" || a.Value != "7" || a.Text.Text != "Claim" || i.Container.MessageTs != ts || i.Message.Text != "card" {
		t.Errorf("got %+v", i)
	}
	_, _, err = s.api.PostMessageContext(t.Context(), s.ops, slack.MsgOptionText("done", false),
		slack.MsgOptionReplaceOriginal(i.ResponseURL))
	if err != nil {
		t.Fatal(err)
	}
	if m := s.Messages("ops"); len(m) != 1 || m[0].Shown != "done" {
		t.Errorf("after replace_original: %+v", m)
	}
}

func TestHomeTab(t *testing.T) {
	t.Parallel()
	s := setup(t)
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
	got, err := s.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: s.alice, View: home})
	if err != nil {
		t.Fatal(err)
	}
	stale := got.Hash
	if _, err := s.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: s.alice, View: home}); err != nil {
		t.Fatal(err)
	}
	_, err = s.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: s.alice, View: home, Hash: &stale})
	wantCode(t, "publish with an old hash", err, "hash_conflict")
	if v, ok := s.Home("alice"); !ok || v.Type != "home" {
		t.Errorf("alice's home: %+v", v)
	}
	if _, ok := s.Home("bob"); ok {
		t.Error("bob has a home too")
	}
}
