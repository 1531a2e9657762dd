package workspace

import (
	"encoding/json"
	"fmt"
	"slices"

	"muster/sandbox/blockkit"
)

// viewLimit is the largest view in bytes (250 KB); stackLimit is how many modals
// may lie on each other.
const (
	viewLimit  = 250 * 1024
	stackLimit = 3
)

// newView checks a view and gives it an id. mu is held.
func (w *Workspace) newView(userID, kind string, raw json.RawMessage) (*view, error) {
	v := &view{id: w.id("V"), user: userID, kind: kind}
	v.root = v.id
	if err := w.replaceView(v, raw); err != nil {
		return nil, err
	}
	return v, nil
}

// replaceView checks new content and puts it into a view. What was entered stays
// in fields whose block_id and action_id stay.
func (w *Workspace) replaceView(v *view, raw json.RawMessage) error {
	if len(raw) >= viewLimit {
		return refuse("view_too_large")
	}
	if err := refusal(blockkit.CheckView(raw)); err != nil {
		return err
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(raw, &body); err != nil {
		return refuse("invalid_arguments", "[ERROR] failed to parse view")
	}
	var kind string
	_ = json.Unmarshal(body["type"], &kind)
	if kind != v.kind {
		return refuse("invalid_arguments", fmt.Sprintf("[ERROR] expected a view of type `%s`", v.kind))
	}
	next := &view{body: body}
	if id := next.text("external_id"); id != "" && w.externalTaken(v, id) {
		return refuse("duplicate_external_id")
	}
	body["blocks"] = w.fillIDs(body["blocks"])
	v.body, v.errors = body, nil
	v.hash = fmt.Sprintf("%d.%08x", w.now(), w.rng.Uint32())
	v.keepEntered()
	w.touch()
	return nil
}

// keepEntered forgets what was entered in fields that are gone.
func (v *view) keepEntered() {
	kept := map[string]map[string]map[string]any{}
	for _, k := range controls(v.blocks()) {
		if e := v.entered[k.block][k.action()]; e != nil {
			if kept[k.block] == nil {
				kept[k.block] = map[string]map[string]any{}
			}
			kept[k.block][k.action()] = e
		}
	}
	v.entered = kept
}

func (w *Workspace) externalTaken(own *view, id string) bool {
	for _, v := range w.views {
		if v != own && !v.closed && v.text("external_id") == id {
			return true
		}
	}
	return false
}

// viewJSON is the view as payloads and answers carry it. mu is held.
func (w *Workspace) viewJSON(v *view) map[string]any {
	j := map[string]any{
		"id": v.id, "team_id": w.teamID, "type": v.kind, "hash": v.hash,
		"private_metadata": v.text("private_metadata"), "callback_id": v.text("callback_id"),
		"external_id": v.text("external_id"), "state": map[string]any{"values": v.values()},
		"blocks":         v.blocks(),
		"clear_on_close": v.flag("clear_on_close"), "notify_on_close": v.flag("notify_on_close"),
		"root_view_id": v.root, "previous_view_id": nil,
		"app_id": w.appID, "app_installed_team_id": w.teamID, "bot_id": w.botID,
	}
	if v.previous != "" {
		j["previous_view_id"] = v.previous
	}
	for _, field := range []string{"title", "submit", "close"} {
		j[field] = v.body[field]
	}
	return j
}

// push lays a view on the person's stack. mu is held.
func (w *Workspace) push(v *view) {
	stack := w.stacks[v.user]
	if len(stack) > 0 {
		v.root, v.previous = stack[0].id, stack[len(stack)-1].id
	}
	w.views[v.id] = v
	w.stacks[v.user] = append(slices.Clone(stack), v)
	w.touch()
}

// answerSubmit applies the ack of a view_submission.
func (w *Workspace) answerSubmit(v *view, payload json.RawMessage) error {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(payload) > 0 && json.Unmarshal(payload, &answer) != nil {
		return fmt.Errorf("the app answered the form with something unreadable: %s", payload)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.touch()
	switch answer.Action {
	case "":
		w.closeView(v)
	case "clear":
		w.closeAll(v.user)
	case "errors":
		return v.showErrors(answer.Errors)
	case "update":
		return w.replaceView(v, answer.View)
	case "push":
		if len(w.stacks[v.user]) >= stackLimit {
			return refuse("push_limit_reached")
		}
		next, err := w.newView(v.user, "modal", answer.View)
		if err != nil {
			return err
		}
		w.push(next)
	default:
		return fmt.Errorf("the app answered the form with an unknown response_action %q", answer.Action)
	}
	return nil
}

// showErrors puts messages beside fields. Slack's client shows an error of its
// own when a key is not the block_id of an input block.
func (v *view) showErrors(errors map[string]string) error {
	inputs := map[string]bool{}
	for _, k := range controls(v.blocks()) {
		inputs[k.block] = inputs[k.block] || k.input
	}
	for block := range errors {
		if !inputs[block] {
			return fmt.Errorf("the app answered the form with an error for %q, which is not an input block", block)
		}
	}
	if len(errors) == 0 {
		return fmt.Errorf("the app answered the form with response_action errors and no errors")
	}
	v.errors = errors
	return nil
}

func (w *Workspace) closeView(v *view) {
	v.closed = true
	w.stacks[v.user] = slices.DeleteFunc(slices.Clone(w.stacks[v.user]), func(o *view) bool { return o == v })
}
