package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
)

// view is a modal or a published Home tab.
type view struct {
	id, user, kind string
	body           map[string]json.RawMessage // as the app sent it, ids filled in
	hash           string
	root, previous string
	entered        map[string]map[string]map[string]any // by block id and action id, as in state.values
	errors         map[string]string                    // by block id, from the last submission
	closed         bool
}

// View is a modal or Home tab as a person sees it.
type View struct {
	ID, Hash, Type, CallbackID, ExternalID string
	Title, Submit, Close                   string
	PrivateMetadata                        string
	Blocks                                 json.RawMessage
	// Values is state.values: what is entered, by block id and action id.
	Values map[string]map[string]json.RawMessage
	// Errors are the messages beside the fields, by block id.
	Errors map[string]string
}

func (v *view) blocks() json.RawMessage { return v.body["blocks"] }

func (v *view) text(field string) string {
	var s string
	_ = json.Unmarshal(v.body[field], &s)
	return s
}

func (v *view) label(field string) string {
	var t struct {
		Text string `json:"text"`
	}
	_ = json.Unmarshal(v.body[field], &t)
	return t.Text
}

func (v *view) flag(field string) bool {
	var b bool
	_ = json.Unmarshal(v.body[field], &b)
	return b
}

func (v *view) enter(block, action string, entry map[string]any) {
	if v.entered[block] == nil {
		v.entered[block] = map[string]map[string]any{}
	}
	v.entered[block][action] = entry
}

// entry is a control's value in state.values: entered, or else initial.
func (v *view) entry(k control) map[string]any {
	if e := v.entered[k.block][k.action()]; e != nil && e["type"] == k.kind() {
		return e
	}
	return k.initial()
}

func (v *view) value(k control) json.RawMessage {
	raw, _ := marshal(v.entry(k))
	return raw
}

// values is state.values. An input block's element is always in it; others only
// when they have a value.
func (v *view) values() map[string]map[string]any {
	values := map[string]map[string]any{}
	for _, k := range controls(v.blocks()) {
		if e := v.entry(k); e != nil && (k.input || !empty(e)) {
			put(values, k.block, k.action(), e)
		}
	}
	return values
}

// empty says whether a state.values entry holds nothing.
func empty(entry map[string]any) bool {
	for name, value := range entry {
		if name == "type" {
			continue
		}
		switch x := value.(type) {
		case nil:
		case string:
			return x == ""
		case []any:
			return len(x) == 0
		case []string:
			return len(x) == 0
		default:
			return false
		}
	}
	return true
}

// incomplete is what Slack's client says when a required field is empty.
func (v *view) incomplete() error {
	v.errors = nil
	for _, k := range controls(v.blocks()) {
		if k.input && !k.optional && empty(v.entry(k)) {
			v.errors = map[string]string{k.block: "Please complete this required field."}
			return fmt.Errorf("%s: please complete this required field", k.label)
		}
	}
	return nil
}

// snapshot is the view for people. mu is held.
func (v *view) snapshot() View {
	s := View{
		ID: v.id, Hash: v.hash, Type: v.kind, CallbackID: v.text("callback_id"),
		ExternalID: v.text("external_id"), Title: v.label("title"), Submit: v.label("submit"),
		Close: v.label("close"), PrivateMetadata: v.text("private_metadata"),
		Blocks: v.blocks(), Values: map[string]map[string]json.RawMessage{}, Errors: map[string]string{},
	}
	for block, actions := range v.values() {
		s.Values[block] = map[string]json.RawMessage{}
		for action, entry := range actions {
			s.Values[block][action], _ = marshal(entry)
		}
	}
	for block, text := range v.errors {
		s.Errors[block] = text
	}
	return s
}

// Modals lists the modals a person has open, the top one last.
func (w *Workspace) Modals(userRef string) []View {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.findUser(userRef)
	if err != nil {
		return nil
	}
	var open []View
	for _, v := range w.stacks[u.ID] {
		open = append(open, v.snapshot())
	}
	return open
}

// Home is the Home tab that the app published for a person; false when none is.
func (w *Workspace) Home(userRef string) (View, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.findUser(userRef)
	if err != nil || w.homes[u.ID] == nil {
		return View{}, false
	}
	return w.homes[u.ID].snapshot(), true
}

// SetInput enters a value in an open view without telling the app. Fields are in
// Slack's names for that kind of element: "value", "selected_option"…
func (w *Workspace) SetInput(viewID, blockID, actionID string, fields map[string]any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.views[viewID]
	if v == nil || v.closed {
		return fmt.Errorf("the view %s is not open", viewID)
	}
	done, err := acted(v.blocks(), Action{BlockID: blockID, ActionID: actionID, Fields: fields}, nil)
	if err != nil {
		return err
	}
	entry := inputOf(done)
	if entry == nil {
		return fmt.Errorf("the control %s in block %s takes no value", actionID, blockID)
	}
	v.enter(blockID, actionID, entry)
	w.touch()
	return nil
}

func (w *Workspace) closeTop(userID string) {
	stack := w.stacks[userID]
	if len(stack) > 0 {
		stack[len(stack)-1].closed = true
		w.stacks[userID] = slices.Clone(stack[:len(stack)-1])
	}
}

func (w *Workspace) closeAll(userID string) {
	for _, v := range w.stacks[userID] {
		v.closed = true
	}
	delete(w.stacks, userID)
}
