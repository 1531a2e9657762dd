package blockkit

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// slot names the property of a state.values entry that holds an element's value,
// and whether that is a list.
type slot struct {
	name string
	many bool
}

// slots has a line for every element type that holds a value.
var slots = map[string]slot{
	"plain_text_input": {name: "value"}, "number_input": {name: "value"},
	"email_text_input": {name: "value"}, "url_text_input": {name: "value"},
	"rich_text_input": {name: "rich_text_value"}, "file_input": {"files", true},
	"static_select": {name: "selected_option"}, "multi_static_select": {"selected_options", true},
	"external_select": {name: "selected_option"}, "multi_external_select": {"selected_options", true},
	"radio_buttons": {name: "selected_option"}, "checkboxes": {"selected_options", true},
	"users_select": {name: "selected_user"}, "multi_users_select": {"selected_users", true},
	"channels_select": {name: "selected_channel"}, "multi_channels_select": {"selected_channels", true},
	"conversations_select": {name: "selected_conversation"}, "multi_conversations_select": {"selected_conversations", true},
	"datepicker": {name: "selected_date"}, "timepicker": {name: "selected_time"}, "datetimepicker": {name: "selected_date_time"},
}

// Value is what a person puts into a field.
type Value struct {
	// Texts are typed text, the visible words of options, ids of people and
	// conversations, a date (2006-01-02), a time (15:04), or both with a space
	// between (in UTC). None at all empties the field.
	Texts []string
	// Offered are the choices that the app suggested, for external selects; Texts
	// pick among them.
	Offered []Choice
}

// Entry builds what Slack sends for a control that holds v: the entry of
// state.values, which is also what a block_actions entry adds to the control.
// An empty control has null, or an empty list where several may be chosen.
func (k Control) Entry(v Value) (map[string]any, error) {
	s, holds := slots[k.Type]
	if !holds {
		return nil, fmt.Errorf("%s: a %s holds no value", k.Label, k.Type)
	}
	var set []any
	for _, text := range v.Texts {
		one, err := k.one(text, v.Offered)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.Label, err)
		}
		set = append(set, one)
	}
	entry := map[string]any{"type": k.Type}
	switch {
	case s.many && len(set) == 0:
		entry[s.name] = []any{}
	case s.many:
		entry[s.name] = set
	case len(set) > 1:
		return nil, fmt.Errorf("%s: takes one value, not %d", k.Label, len(set))
	case len(set) == 0 || set[0] == "":
		entry[s.name] = nil
	default:
		entry[s.name] = set[0]
	}
	return entry, nil
}

// one turns one text into the value of this kind of control.
func (k Control) one(text string, offered []Choice) (any, error) {
	switch k.Type {
	case "static_select", "multi_static_select", "radio_buttons", "checkboxes":
		return pick(text, k.Options)
	case "external_select", "multi_external_select":
		return pick(text, offered)
	case "datepicker":
		return parsed(text, "2006-01-02")
	case "timepicker":
		return parsed(text, "15:04")
	case "datetimepicker":
		at, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			return nil, fmt.Errorf("%q is no date and time like 2006-01-02 15:04", text)
		}
		return at.Unix(), nil
	case "rich_text_input":
		run := map[string]any{"type": "rich_text_section", "elements": []any{map[string]any{"type": "text", "text": text}}}
		return map[string]any{"type": "rich_text", "elements": []any{run}}, nil
	case "file_input":
		return map[string]any{"id": text}, nil
	}
	return text, k.acceptable(text)
}

// acceptable says what Slack's client says of typed text.
func (k Control) acceptable(text string) error {
	switch k.Type {
	case "number_input":
		if _, err := json.Number(text).Float64(); text != "" && err != nil {
			return fmt.Errorf("%q is not a number", text)
		}
	case "email_text_input":
		if name, host, ok := strings.Cut(text, "@"); text != "" && (!ok || name == "" || !strings.Contains(host, ".")) {
			return fmt.Errorf("%q is not an e-mail address", text)
		}
	case "url_text_input":
		if u, err := url.Parse(text); text != "" && (err != nil || u.Scheme == "" || u.Host == "") {
			return fmt.Errorf("%q is not a URL", text)
		}
	}
	return nil
}

func parsed(text, layout string) (any, error) {
	if _, err := time.Parse(layout, text); err != nil {
		return nil, fmt.Errorf("%q does not look like %s", text, layout)
	}
	return text, nil
}

// pick finds a choice by its visible words and gives it as Slack sends it back:
// the text object with its emoji flag filled in.
func pick(text string, from []Choice) (any, error) {
	i := slices.IndexFunc(from, func(c Choice) bool { return c.Text == text })
	if i < 0 {
		i = slices.IndexFunc(from, func(c Choice) bool { return SameWords(c.Text, text) })
	}
	if i < 0 {
		return nil, fmt.Errorf("no option %q among %s", text, quoted(from))
	}
	v, err := decode(from[i].JSON)
	if err != nil {
		return nil, fmt.Errorf("read option %q: %w", text, err)
	}
	if label, ok := v.(map[string]any)["text"].(map[string]any); ok && label["type"] == "plain_text" && label["emoji"] == nil {
		label["emoji"] = true
	}
	return v, nil
}

func quoted(from []Choice) string {
	texts := make([]string, 0, len(from))
	for _, c := range from {
		texts = append(texts, fmt.Sprintf("%q", c.Text))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}
