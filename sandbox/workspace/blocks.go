package workspace

import (
	"bytes"
	"encoding/json"
	"strings"
)

// control is one interactive element of a message or a view.
type control struct {
	block    string
	element  map[string]any
	input    bool // it stands in an input block
	optional bool
	label    string
}

func (k control) action() string { id, _ := k.element["action_id"].(string); return id }
func (k control) kind() string   { kind, _ := k.element["type"].(string); return kind }

// decode keeps numbers as they are written.
func decode(raw json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

// controls lists the interactive elements of blocks, in order.
func controls(raw json.RawMessage) []control {
	var blocks []map[string]any
	if decode(raw, &blocks) != nil {
		return nil
	}
	var found []control
	for _, b := range blocks {
		id, _ := b["block_id"].(string)
		optional, _ := b["optional"].(bool)
		for _, e := range elements(b) {
			if e["action_id"] != nil {
				found = append(found, control{
					block: id, element: e, input: b["type"] == "input", optional: optional, label: textOf(b["label"]),
				})
			}
		}
	}
	return found
}

// elements are the interactive elements directly in a block.
func elements(b map[string]any) []map[string]any {
	var list []any
	switch b["type"] {
	case "input":
		list = []any{b["element"]}
	case "section":
		list = []any{b["accessory"]}
	case "actions", "context_actions":
		list, _ = b["elements"].([]any)
	}
	var found []map[string]any
	for _, e := range list {
		if m, ok := e.(map[string]any); ok && m["type"] != "image" {
			found = append(found, m)
		}
	}
	return found
}

func textOf(v any) string {
	m, _ := v.(map[string]any)
	text, _ := m["text"].(string)
	return text
}

// fillIDs gives every block and interactive element without an id one, as Slack
// does. Blocks that cannot be read are left as they are. mu is held.
func (w *Workspace) fillIDs(raw json.RawMessage) json.RawMessage {
	var blocks []map[string]any
	if len(raw) == 0 || decode(raw, &blocks) != nil {
		return raw
	}
	for _, b := range blocks {
		if id, _ := b["block_id"].(string); id == "" {
			b["block_id"] = strings.ToLower(w.id(""))[5:]
		}
		for _, e := range elements(b) {
			if id, _ := e["action_id"].(string); id == "" {
				e["action_id"] = strings.ToLower(w.id(""))[5:]
			}
		}
	}
	filled, err := marshal(blocks)
	if err != nil {
		return raw
	}
	return filled
}

// marshal writes JSON without escaping <, > and &, which Slack's texts are full of.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// stateFields are the fields that hold the value of each kind of element, and
// the initial_ fields that they start from.
var stateFields = map[string][2]string{
	"plain_text_input": {"value", "initial_value"}, "number_input": {"value", "initial_value"},
	"email_text_input": {"value", "initial_value"}, "url_text_input": {"value", "initial_value"},
	"rich_text_input": {"rich_text_value", "initial_value"},
	"static_select":   {"selected_option", "initial_option"}, "external_select": {"selected_option", "initial_option"},
	"radio_buttons": {"selected_option", "initial_option"},
	"users_select":  {"selected_user", "initial_user"}, "conversations_select": {"selected_conversation", "initial_conversation"},
	"channels_select":     {"selected_channel", "initial_channel"},
	"multi_static_select": {"selected_options", "initial_options"}, "multi_external_select": {"selected_options", "initial_options"},
	"multi_users_select":         {"selected_users", "initial_users"},
	"multi_conversations_select": {"selected_conversations", "initial_conversations"},
	"multi_channels_select":      {"selected_channels", "initial_channels"},
	"checkboxes":                 {"selected_options", "initial_options"},
	"datepicker":                 {"selected_date", "initial_date"}, "timepicker": {"selected_time", "initial_time"},
	"datetimepicker": {"selected_date_time", "initial_date_time"}, "file_input": {"files", ""},
}

// initial is the element's entry in state.values before anybody touched it, or
// nil for elements without a value (buttons, menus).
func (k control) initial() map[string]any {
	fields, ok := stateFields[k.kind()]
	if !ok {
		return nil
	}
	value := k.element[fields[1]]
	if value == nil && strings.HasSuffix(fields[0], "s") {
		value = []any{} // several may be chosen: an empty list, not null
	}
	return map[string]any{"type": k.kind(), fields[0]: value}
}

// inputOf is the state.values entry that an action leaves behind, or nil for
// elements without a value.
func inputOf(action map[string]any) map[string]any {
	kind, _ := action["type"].(string)
	fields, ok := stateFields[kind]
	if !ok {
		return nil
	}
	return map[string]any{"type": kind, fields[0]: action[fields[0]]}
}

func put(values map[string]map[string]any, block, action string, v any) {
	if values[block] == nil {
		values[block] = map[string]any{}
	}
	values[block][action] = v
}
