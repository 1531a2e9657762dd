package workspace_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// lampBot is an app of a hundred lines on the real client: it keeps a form, a
// message with every kind of control, a Home tab and suggestions.
type lampBot struct {
	s *scene
}

// lampScene is a scene with that bot connected.
func lampScene(t *testing.T) *scene {
	s, _ := lampApp(t)
	return s
}

func lampApp(t *testing.T) (*scene, *app) {
	s := setup(t)
	b := &lampBot{s: s}
	return s, s.connect(func(e socketmode.Event) (any, bool) { return b.handle(e), true })
}

func (b *lampBot) handle(e socketmode.Event) any {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		return b.command(data)
	case slack.InteractionCallback:
		return b.interact(data)
	case slackevents.EventsAPIEvent:
		b.event(data)
	}
	return nil
}

func (b *lampBot) command(c slack.SlashCommand) any {
	verb, rest, _ := strings.Cut(c.Text, " ")
	switch verb {
	case "new":
		b.open(c.TriggerID, newLamp(rest))
	case "panel":
		b.post(c.ChannelID, panel)
	case "quiet":
		return nil
	case "later":
		b.answer(c.ResponseURL, &slack.WebhookMessage{Text: "done " + rest})
	default:
		return map[string]any{"text": "*Hello* <@" + c.UserID + ">, you typed " + rest}
	}
	return nil
}

func (b *lampBot) interact(i slack.InteractionCallback) any {
	switch i.Type {
	case slack.InteractionTypeBlockSuggestion:
		return suggestions(i.Value)
	case slack.InteractionTypeViewSubmission:
		return b.submitted(i)
	case slack.InteractionTypeShortcut:
		opened := b.open(i.TriggerID, `{"type":"modal","title":{"type":"plain_text","text":"Loading"},"blocks":[{"type":"divider"}]}`)
		b.must(b.s.api.UpdateViewContext(b.s.t.Context(), modalOf(newLamp("")), "", "", opened))
	case slack.InteractionTypeMessageAction:
		b.open(i.TriggerID, newLamp(i.Message.Text))
	case slack.InteractionTypeBlockActions:
		b.acted(i, i.ActionCallback.BlockActions[0])
	}
	return nil
}

func (b *lampBot) submitted(i slack.InteractionCallback) any {
	values := i.View.State.Values
	title := values["title"]["x"].Value
	if title == "bad" {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{"title": "Choose a better title"})
	}
	done := modalOf(`{"type":"modal","title":{"type":"plain_text","text":"Made"},"blocks":[{"type":"section","text":{"type":"mrkdwn","text":` +
		quote(fmt.Sprintf("%s for <@%s> in %s at %s", title, values["owner"]["x"].SelectedUser, values["room"]["x"].SelectedOption.Value,
			values["level"]["x"].SelectedOption.Value)) + `}}]}`)
	if title == "more" {
		return slack.NewPushViewSubmissionResponse(&done)
	}
	if title == "plain" {
		return nil
	}
	return slack.NewUpdateViewSubmissionResponse(&done)
}

func (b *lampBot) acted(i slack.InteractionCallback, a *slack.BlockAction) {
	switch a.ActionID {
	case "claim":
		b.answer(i.ResponseURL, &slack.WebhookMessage{Text: "You hold it"})
		b.post(i.User.ID, `[{"type":"section","text":{"type":"mrkdwn","text":"You hold the lamp"}}]`)
	case "remove":
		b.answer(i.ResponseURL, &slack.WebhookMessage{Text: "Removed by <@" + i.User.ID + ">", ReplaceOriginal: true})
	case "peek":
		b.open(i.TriggerID, newLamp(a.Value))
	default:
		chosen := a.SelectedOption.Value + a.SelectedUser
		b.answer(i.ResponseURL, &slack.WebhookMessage{Text: a.ActionID + " is " + chosen, ResponseType: "in_channel"})
	}
}

func (b *lampBot) event(e slackevents.EventsAPIEvent) {
	switch inner := e.InnerEvent.Data.(type) {
	case *slackevents.AppHomeOpenedEvent:
		view := slack.HomeTabViewRequest{Type: slack.VTHomeTab}
		_ = json.Unmarshal([]byte(`{"blocks":[`+lampRow("Kitchen")+`,`+lampRow("Hall")+`]}`), &view)
		b.must(b.s.api.PublishViewContext(b.s.t.Context(), slack.PublishViewContextRequest{UserID: inner.User, View: view}))
	case *slackevents.AppMentionEvent:
		b.post(inner.Channel, `[{"type":"section","text":{"type":"mrkdwn","text":"You called?"}}]`)
	case *slackevents.ReactionAddedEvent:
		_, _, err := b.s.api.PostMessageContext(b.s.t.Context(), inner.Item.Channel, slack.MsgOptionText("Saw :"+inner.Reaction+":", false), slack.MsgOptionTS(inner.Item.Timestamp))
		b.must(nil, err)
	}
}

func (b *lampBot) open(trigger, view string) string {
	v, err := b.s.api.OpenViewContext(b.s.t.Context(), trigger, modalOf(view))
	if b.must(nil, err); err != nil {
		return ""
	}
	return v.ID
}

func (b *lampBot) post(channel, blocks string) {
	var list slack.Blocks
	b.must(nil, json.Unmarshal([]byte(blocks), &list))
	_, _, err := b.s.api.PostMessageContext(b.s.t.Context(), channel, slack.MsgOptionText("a lamp", false), slack.MsgOptionBlocks(list.BlockSet...))
	b.must(nil, err)
}

func (b *lampBot) answer(url string, m *slack.WebhookMessage) {
	b.must(nil, slack.PostWebhookCustomHTTPContext(b.s.t.Context(), url, b.s.http(), m))
}

func (b *lampBot) must(_ any, err error) {
	if err != nil && b.s.t.Context().Err() == nil {
		b.s.t.Errorf("the bot: %v", err)
	}
}

func modalOf(text string) slack.ModalViewRequest {
	var v slack.ModalViewRequest
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(err)
	}
	return v
}

func quote(s string) string {
	raw, _ := json.Marshal(s)
	return string(raw)
}

func suggestions(query string) any {
	options := []any{}
	for _, room := range []string{"Kitchen", "Hall", "Attic"} {
		if strings.Contains(strings.ToLower(room), strings.ToLower(query)) {
			options = append(options, map[string]any{"text": map[string]any{"type": "plain_text", "text": room}, "value": "room-" + room})
		}
	}
	return map[string]any{"options": options}
}

func newLamp(title string) string {
	field := func(id, label, element, more string) string {
		return `{"type":"input","block_id":"` + id + `","label":{"type":"plain_text","text":"` + label + `"},"element":{"action_id":"x",` + element + `}` + more + `}`
	}
	initial := ""
	if title != "" {
		initial = `,"initial_value":` + quote(title)
	}
	return `{"type":"modal","title":{"type":"plain_text","text":"New lamp"},"submit":{"type":"plain_text","text":"Make"},"close":{"type":"plain_text","text":"Cancel"},"blocks":[` +
		field("title", ":bulb: Title", `"type":"plain_text_input","min_length":3,"max_length":20`+initial, "") + `,` +
		field("level", "Brightness", `"type":"static_select","options":[`+option("Low", "1")+`,`+option("High", "2")+`],"initial_option":`+option("Low", "1"), "") + `,` +
		field("owner", "Owner", `"type":"users_select"`, `,"optional":true`) + `,` +
		field("room", "Room", `"type":"external_select","min_query_length":0`, `,"optional":true`) + `]}`
}

func option(label, value string) string {
	return `{"text":{"type":"plain_text","text":"` + label + `"},"value":"` + value + `"}`
}

func lampButton(id, label, more string) string {
	return `{"type":"button","action_id":"` + id + `","text":{"type":"plain_text","text":"` + label + `"}` + more + `}`
}

func lampRow(room string) string {
	return `{"type":"section","text":{"type":"mrkdwn","text":"Lamp in ` + room + `"},"accessory":` + lampButton("peek", "Open", `,"value":"`+room+`"`) + `}`
}

// panel is a message with every kind of control.
var panel = `[{"type":"header","text":{"type":"plain_text","text":"Lamp"}},
	{"type":"actions","block_id":"a","elements":[` + lampButton("claim", "Claim", `,"style":"primary"`) + `,` +
	lampButton("remove", "Remove", `,"style":"danger","confirm":{"title":{"type":"plain_text","text":"Remove it?"},"text":{"type":"plain_text","text":"For good"},"confirm":{"type":"plain_text","text":"Yes"},"deny":{"type":"plain_text","text":"No"}}`) + `,` +
	lampButton("docs", "Docs", `,"url":"https://docs.test/lamp"`) + `,
	{"type":"overflow","action_id":"more","options":[` + option("Edit", "e") + `,` + option("Archive", "z") + `]},
	{"type":"static_select","action_id":"sev","placeholder":{"type":"plain_text","text":"Brightness"},"options":[` + option("Low", "1") + `,` + option("High", "2") + `]},
	{"type":"users_select","action_id":"who","placeholder":{"type":"plain_text","text":"Owner"}}]}]`

// http is a client that leaves no connection behind.
func (s *scene) http() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}
