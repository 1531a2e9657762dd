package blockkit

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func formField(id, label, element string, optional bool) string {
	more := ""
	if optional {
		more = `,"optional":true`
	}
	return `{"type":"input","block_id":"` + id + `","label":{"type":"plain_text","text":"` + label + `"},"element":{"action_id":"x",` +
		element + `}` + more + `}`
}

// TestStateOfEveryElement fills one field of each type and leaves it empty.
func TestStateOfEveryElement(t *testing.T) {
	t.Parallel()
	pair := `,"options":[` + choice("One", "1") + `,` + choice("Two", "2") + `]`
	one := `{"text":{"emoji":true,"text":"One","type":"plain_text"},"value":"1"}`
	offered := ReadChoices(json.RawMessage(`{"option_groups":[{"options":[` + choice("One", "1") + `]}]}`))
	for kind, c := range map[string]struct {
		more         string
		put          Value
		full, vacant string
	}{
		"plain_text_input":           {put: typed("a <b> & c"), full: `"value":"a <b> & c"`, vacant: `"value":null`},
		"number_input":               {put: typed("4"), full: `"value":"4"`, vacant: `"value":null`},
		"email_text_input":           {put: typed("a@b.test"), full: `"value":"a@b.test"`, vacant: `"value":null`},
		"url_text_input":             {put: typed("https://x.test"), full: `"value":"https://x.test"`, vacant: `"value":null`},
		"rich_text_input":            {put: typed("hi"), full: `"rich_text_value":{"elements":[{"elements":[{"text":"hi","type":"text"}],"type":"rich_text_section"}],"type":"rich_text"}`, vacant: `"rich_text_value":null`},
		"file_input":                 {put: typed("F1"), full: `"files":[{"id":"F1"}]`, vacant: `"files":[]`},
		"static_select":              {more: pair, put: typed("one"), full: `"selected_option":` + one, vacant: `"selected_option":null`},
		"multi_static_select":        {more: pair, put: typed("One"), full: `"selected_options":[` + one + `]`, vacant: `"selected_options":[]`},
		"external_select":            {put: Value{Texts: []string{"One"}, Offered: offered}, full: `"selected_option":` + one, vacant: `"selected_option":null`},
		"multi_external_select":      {put: Value{Texts: []string{"One"}, Offered: offered}, full: `"selected_options":[` + one + `]`, vacant: `"selected_options":[]`},
		"radio_buttons":              {more: pair, put: typed("One"), full: `"selected_option":` + one, vacant: `"selected_option":null`},
		"checkboxes":                 {more: pair, put: typed("One"), full: `"selected_options":[` + one + `]`, vacant: `"selected_options":[]`},
		"users_select":               {put: typed("U1"), full: `"selected_user":"U1"`, vacant: `"selected_user":null`},
		"multi_users_select":         {put: typed("U1", "U2"), full: `"selected_users":["U1","U2"]`, vacant: `"selected_users":[]`},
		"channels_select":            {put: typed("C1"), full: `"selected_channel":"C1"`, vacant: `"selected_channel":null`},
		"multi_channels_select":      {put: typed("C1"), full: `"selected_channels":["C1"]`, vacant: `"selected_channels":[]`},
		"conversations_select":       {put: typed("C1"), full: `"selected_conversation":"C1"`, vacant: `"selected_conversation":null`},
		"multi_conversations_select": {put: typed("C1"), full: `"selected_conversations":["C1"]`, vacant: `"selected_conversations":[]`},
		"datepicker":                 {put: typed("2026-01-02"), full: `"selected_date":"2026-01-02"`, vacant: `"selected_date":null`},
		"timepicker":                 {put: typed("09:30"), full: `"selected_time":"09:30"`, vacant: `"selected_time":null`},
		"datetimepicker":             {put: typed("2026-01-02 09:30"), full: `"selected_date_time":1767346200`, vacant: `"selected_date_time":null`},
	} {
		view := json.RawMessage(modal("", `[`+formField("b", "It", `"type":"`+kind+`"`+c.more, true)+`]`))
		for want, filled := range map[string]map[string]Value{c.full: {"It": c.put}, c.vacant: nil} {
			got, err := State(view, filled)
			if err != nil {
				t.Errorf("%s: %v", kind, err)
				continue
			}
			wantSameJSON(t, kind, got, `{"b":{"x":{"type":"`+kind+`",`+want+`}}}`)
		}
	}
	if len(slots) != 21 {
		t.Errorf("%d element types hold values, the table above has 21", len(slots))
	}
}

func typed(texts ...string) Value { return Value{Texts: texts} }

func wantSameJSON(t *testing.T, name string, got json.RawMessage, want string) {
	t.Helper()
	a, _ := decode(got)
	b, err := decode(json.RawMessage(want))
	if err != nil || !equalJSON(a, b) {
		t.Errorf("%s: got %s, want %s", name, got, want)
	}
}

func TestStateKeepsWhatTheAppSet(t *testing.T) {
	t.Parallel()
	view := modal("", `[`+formField("a", "Title", `"type":"plain_text_input","initial_value":"db"`, false)+`,`+
		formField("b", "Who", `"type":"multi_users_select","initial_users":["U1"]`, false)+`,
		{"type":"section","block_id":"c","text":{"type":"mrkdwn","text":"Kind"},"accessory":{"type":"users_select","action_id":"u"}},
		{"type":"section","block_id":"d","text":{"type":"mrkdwn","text":"Day"},"accessory":{"type":"datepicker","action_id":"d","initial_date":"2026-01-02"}}]`)
	got, err := State(json.RawMessage(view), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantSameJSON(t, "initial", got, `{"a":{"x":{"type":"plain_text_input","value":"db"}},
		"b":{"x":{"type":"multi_users_select","selected_users":["U1"]}},
		"d":{"d":{"type":"datepicker","selected_date":"2026-01-02"}}}`)
	got, err = State(json.RawMessage(view), map[string]Value{"title": typed(""), "Kind": typed("U2")})
	var missing Incomplete
	if !errors.As(err, &missing) || missing["Title"] == "" || len(missing) != 1 {
		t.Errorf("emptied title: got %s, %v; want it held back", got, err)
	}
}

func TestStateRefuses(t *testing.T) {
	t.Parallel()
	view := json.RawMessage(modal("", `[`+formField("a", "Title", `"type":"plain_text_input","min_length":3,"max_length":5`, true)+`,`+
		formField("b", "Twin", `"type":"plain_text_input"`, true)+`,`+formField("c", "Twin", `"type":"plain_text_input"`, true)+`,`+
		formField("d", "Sev", `"type":"static_select","options":[`+choice("SEV1", "1")+`]`, true)+`,`+
		formField("e", "Mail", `"type":"email_text_input"`, true)+`,`+formField("f", "Day", `"type":"datepicker"`, true)+`]`))
	for want, filled := range map[string]map[string]Value{
		`0 fields are labelled "Nope"`:    {"Nope": typed("x")},
		`2 fields are labelled "Twin"`:    {"Twin": typed("x")},
		`no option "SEV9" among ["SEV1"]`: {"Sev": typed("SEV9")},
		"takes one value, not 2":          {"Sev": typed("SEV1", "SEV1")},
		"no more than 5 characters":       {"Title": typed("too long")},
		"at least 3 characters":           {"Title": typed("a")},
		"is not an e-mail address":        {"Mail": typed("nobody")},
		"does not look like 2006-01-02":   {"Day": typed("tomorrow")},
	} {
		if _, err := State(view, filled); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %q", filled, err, want)
		}
	}
}
