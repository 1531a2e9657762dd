package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Incomplete is what Slack's client says beside the fields instead of sending a
// form, by label.
type Incomplete map[string]string

// Error lists the fields in the order of their labels.
func (e Incomplete) Error() string {
	var lines []string
	for _, label := range names(e) {
		lines = append(lines, label+": "+e[label])
	}
	return "the form is not complete: " + strings.Join(lines, "; ")
}

// State builds view.state.values as Slack sends it with a submission: for each
// field what filled says, by label, or else what the app set at first. Fields
// left empty are null, or [] where several may be chosen. Elements outside of
// input blocks are included when they hold something.
//
// The error is Incomplete when Slack's own client would hold the form back, and
// another one when filled does not fit the view.
func State(view json.RawMessage, filled map[string]Value) (json.RawMessage, error) {
	v, err := decode(view)
	o, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil, fmt.Errorf("read the view: not a JSON object")
	}
	fields := fieldsOf(o)
	if err := known(fields, filled); err != nil {
		return nil, err
	}
	values, missing := map[string]map[string]any{}, Incomplete{}
	for _, f := range fields {
		entry, err := f.entry(filled)
		if err != nil {
			return nil, err
		}
		if complaint := f.complaint(entry); complaint != "" {
			missing[f.Label] = complaint
		}
		if !f.Field && empty(entry) {
			continue
		}
		if values[f.BlockID] == nil {
			values[f.BlockID] = map[string]any{}
		}
		values[f.BlockID][f.ActionID] = entry
	}
	if len(missing) > 0 {
		return nil, missing
	}
	return encode(values), nil
}

// known refuses labels that are not in the view, or that name two fields.
func known(fields []stateful, filled map[string]Value) error {
	for _, label := range names(filled) {
		n := 0
		for _, f := range fields {
			if SameWords(f.Label, label) {
				n++
			}
		}
		if n != 1 {
			return fmt.Errorf("%d fields are labelled %q", n, label)
		}
	}
	return nil
}

// entry is the field's entry: what was filled in, or what it started with.
func (f stateful) entry(filled map[string]Value) (map[string]any, error) {
	for label, v := range filled {
		if SameWords(f.Label, label) {
			return f.Entry(v)
		}
	}
	s := slots[f.Type]
	entry := map[string]any{"type": f.Type, s.name: nil}
	for _, key := range []string{"initial_option", "initial_options", "initial_value", "initial_user", "initial_users",
		"initial_channel", "initial_channels", "initial_conversation", "initial_conversations",
		"initial_date", "initial_time", "initial_date_time"} {
		if v := f.element[key]; v != nil {
			entry[s.name] = v
		}
	}
	if s.many && entry[s.name] == nil {
		entry[s.name] = []any{}
	}
	return entry, nil
}

// complaint is the message of Slack's client beside the field, or "".
func (f stateful) complaint(entry map[string]any) string {
	text, _ := entry["value"].(string)
	chosen, _ := entry[slots[f.Type].name].([]any)
	switch {
	case empty(entry) && !f.Optional && f.Field:
		return "Please complete this required field."
	case empty(entry):
		return ""
	case f.MaxLength > 0 && length(text) > f.MaxLength:
		return fmt.Sprintf("Enter no more than %d characters.", f.MaxLength)
	case text != "" && length(text) < f.MinLength:
		return fmt.Sprintf("Enter at least %d characters.", f.MinLength)
	case f.MaxSelected > 0 && len(chosen) > f.MaxSelected:
		return fmt.Sprintf("Choose no more than %d.", f.MaxSelected)
	}
	return ""
}

// empty says whether an entry holds nothing.
func empty(entry map[string]any) bool {
	kind, _ := entry["type"].(string)
	v := entry[slots[kind].name]
	list, isList := v.([]any)
	return v == nil || v == "" || isList && len(list) == 0
}
