package workspace

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

// Action is a control that a person uses: a button, a select, a date. It is in
// a view (View is set) or in a message (Channel and TS are set; the message may
// be an ephemeral one).
type Action struct {
	View              string
	Channel, TS       string
	BlockID, ActionID string
	// Fields are what the control's kind adds to what the block says, in Slack's
	// names: "selected_option", "selected_user", "selected_date", "value"…
	Fields map[string]any
}

// DeliverAction uses a control.
func (w *Workspace) DeliverAction(userRef string, a Action) Delivered {
	w.mu.Lock()
	u, err := w.findUser(userRef)
	if err != nil {
		w.mu.Unlock()
		return Delivered{Err: err}
	}
	payload := w.interaction("block_actions", u)
	if a.View != "" {
		err = w.actInView(payload, u, a)
	} else {
		err = w.actInMessage(payload, u, a)
	}
	w.mu.Unlock()
	if err != nil {
		return Delivered{Err: err}
	}
	return w.dispatch(envelope{kind: "interactive", payload: payload})
}

func (w *Workspace) actInView(payload map[string]any, u *member, a Action) error {
	v := w.views[a.View]
	if v == nil || v.user != u.ID || v.closed {
		return fmt.Errorf("%s does not see the view %s", u.Name, a.View)
	}
	done, err := acted(v.blocks(), a, payload["action_ts"])
	if err != nil {
		return err
	}
	if e := inputOf(done); e != nil {
		v.enter(a.BlockID, a.ActionID, e)
	}
	payload["trigger_id"] = w.trigger(u.ID, v.id)
	payload["container"] = map[string]any{"type": "view", "view_id": v.id}
	payload["view"] = w.viewJSON(v)
	payload["actions"] = []any{done}
	return nil
}

func (w *Workspace) actInMessage(payload map[string]any, u *member, a Action) error {
	c, err := w.findChannel(a.Channel)
	if err != nil {
		return err
	}
	m, secret := c.message(a.TS), false
	if s := w.whisperTo(u.ID, c.id, a.TS); s != nil {
		m, secret = &s.message, true
	}
	if m == nil || !c.has(u.ID) && c.private {
		return fmt.Errorf("%s does not see the message %s in %s", u.Name, a.TS, w.title(c))
	}
	done, err := acted(m.blocks, a, payload["action_ts"])
	if err != nil {
		return err
	}
	container := map[string]any{"type": "message", "message_ts": m.ts, "channel_id": c.id, "is_ephemeral": secret}
	if m.threadTS != "" {
		container["thread_ts"] = m.threadTS
	}
	values := map[string]map[string]any{}
	for _, k := range controls(m.blocks) {
		if e := k.initial(); e != nil {
			put(values, k.block, k.action(), e)
		}
	}
	if e := inputOf(done); e != nil {
		put(values, a.BlockID, a.ActionID, e)
	}
	payload["trigger_id"], payload["container"] = w.trigger(u.ID, ""), container
	payload["channel"] = map[string]any{"id": c.id, "name": c.channelName()}
	payload["state"], payload["actions"] = map[string]any{"values": values}, []any{done}
	payload["response_url"] = w.responseURL(&responseURL{
		kind: "actions", channel: c.id, user: u.ID, original: m.ts, secret: secret, thread: m.threadTS,
	})
	if !secret {
		payload["message"] = w.messageJSON(c, m, true)
	}
	return nil
}

// acted is the entry of actions[] for the control that was used.
func acted(blocks json.RawMessage, a Action, ts any) (map[string]any, error) {
	for _, k := range controls(blocks) {
		if k.block != a.BlockID || k.action() != a.ActionID {
			continue
		}
		done := map[string]any{
			"type": k.element["type"], "block_id": k.block, "action_id": a.ActionID, "action_ts": ts,
		}
		for _, field := range []string{"text", "value", "placeholder", "style"} {
			if value, ok := k.element[field]; ok {
				done[field] = value
			}
		}
		maps.Copy(done, a.Fields)
		return done, nil
	}
	return nil, fmt.Errorf("%w: %s in block %s", errNoControl, a.ActionID, a.BlockID)
}

// DeliverSuggestions types query into an external select; Payload holds
// "options" or "option_groups". Fields of a are not used.
func (w *Workspace) DeliverSuggestions(userRef string, a Action, query string) Delivered {
	w.mu.Lock()
	u, err := w.findUser(userRef)
	if err != nil {
		w.mu.Unlock()
		return Delivered{Err: err}
	}
	payload := w.interaction("block_suggestion", u)
	payload["action_id"], payload["block_id"], payload["value"] = a.ActionID, a.BlockID, query
	if v := w.views[a.View]; v != nil {
		payload["view"] = w.viewJSON(v)
		payload["container"] = map[string]any{"type": "view", "view_id": v.id}
	} else if c, err := w.findChannel(a.Channel); err == nil {
		payload["channel"] = map[string]any{"id": c.id, "name": c.channelName()}
		payload["container"] = map[string]any{"type": "message", "message_ts": a.TS, "channel_id": c.id}
	}
	w.mu.Unlock()
	return w.dispatch(envelope{kind: "interactive", payload: payload, accepts: true})
}

// DeliverSubmit submits the person's top modal. A required field without a value
// is refused by Slack's client itself: Err names it and nothing is delivered.
// What the app answers (close, errors, update, push, clear) is applied.
func (w *Workspace) DeliverSubmit(userRef string) Delivered {
	w.mu.Lock()
	u, v, err := w.topView(userRef)
	if err == nil {
		err = v.incomplete()
		w.touch()
	}
	if err != nil {
		w.mu.Unlock()
		return Delivered{Err: err}
	}
	payload := w.interaction("view_submission", u)
	delete(payload, "action_ts")
	payload["trigger_id"], payload["view"] = w.trigger(u.ID, v.id), w.viewJSON(v)
	payload["response_urls"] = w.responseURLs(u, v)
	w.mu.Unlock()
	d := w.dispatch(envelope{kind: "interactive", payload: payload, accepts: true})
	if d.Acked {
		d.Err = w.answerSubmit(v, d.Payload)
	}
	return d
}

// responseURLs gives an address for each conversation select that asks for one.
func (w *Workspace) responseURLs(u *member, v *view) []any {
	urls := []any{}
	for _, k := range controls(v.blocks()) {
		if k.element["response_url_enabled"] != true {
			continue
		}
		var chosen struct {
			Conversation string `json:"selected_conversation"`
			Channel      string `json:"selected_channel"`
		}
		_ = json.Unmarshal(v.value(k), &chosen)
		if id := chosen.Conversation + chosen.Channel; id != "" {
			urls = append(urls, map[string]any{
				"block_id": k.block, "action_id": k.action(), "channel_id": id,
				"response_url": w.responseURL(&responseURL{kind: "app", channel: id, user: u.ID}),
			})
		}
	}
	return urls
}

// DeliverClose closes the person's top modal, or with all the whole stack (the
// x). The app hears it only with notify_on_close.
func (w *Workspace) DeliverClose(userRef string, all bool) Delivered {
	w.mu.Lock()
	u, v, err := w.topView(userRef)
	if err != nil {
		w.mu.Unlock()
		return Delivered{Err: err}
	}
	var tell bool
	_ = json.Unmarshal(v.body["notify_on_close"], &tell)
	payload := w.interaction("view_closed", u)
	payload["view"], payload["is_cleared"], payload["response_urls"] = w.viewJSON(v), all, []any{}
	if all || v.flag("clear_on_close") {
		w.closeAll(u.ID)
	} else {
		w.closeTop(u.ID)
	}
	w.touch()
	w.mu.Unlock()
	if !tell {
		return Delivered{}
	}
	return w.dispatch(envelope{kind: "interactive", payload: payload})
}

func (w *Workspace) topView(userRef string) (*member, *view, error) {
	u, err := w.findUser(userRef)
	if err != nil {
		return nil, nil, err
	}
	stack := w.stacks[u.ID]
	if len(stack) == 0 {
		return nil, nil, fmt.Errorf("%s has no modal open", u.Name)
	}
	return u, stack[len(stack)-1], nil
}

// errNoControl says that the message has no such control, perhaps any more.
var errNoControl = errors.New("there is no control")
