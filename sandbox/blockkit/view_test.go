package blockkit

import (
	"encoding/json"
	"strings"
	"testing"
)

func modal(more, blocks string) string {
	return `{"type":"modal","title":{"type":"plain_text","text":"Declare"},"submit":{"type":"plain_text","text":"Go"},"blocks":` + blocks + more + `}`
}

func TestCheckViewAccepts(t *testing.T) {
	t.Parallel()
	fields := `[` + input("Title", `{"type":"plain_text_input","action_id":"t","max_length":200,"focus_on_load":true}`) + `,` +
		input("Who", `{"type":"multi_users_select","max_selected_items":5,"initial_users":["U1"]}`) + `,` +
		input("Search", `{"type":"external_select","min_query_length":0}`) + `,` +
		input("When", `{"type":"datetimepicker","initial_date_time":1700000000}`) + `,` +
		input("Which", `{"type":"checkboxes","options":[`+choice("a", "1")+`],"initial_options":[`+choice("a", "1")+`]}`) + `]`
	for name, view := range map[string]string{
		"form":   modal(`,"private_metadata":"x","callback_id":"c","notify_on_close":true`, fields),
		"home":   `{"type":"home","blocks":[{"type":"divider"}]}`,
		"100":    `{"type":"home","blocks":` + many(100, `{"type":"divider"}`) + `}`,
		"no end": `{"type":"modal","title":{"type":"plain_text","text":"Look"},"blocks":[{"type":"divider"}]}`,
	} {
		if got := CheckView(json.RawMessage(view)); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCheckViewRefuses(t *testing.T) {
	t.Parallel()
	divider := `[{"type":"divider"}]`
	for name, c := range map[string]struct{ view, code, at string }{
		"not JSON":          {`{`, "invalid_arguments", "/view"},
		"no type":           {`{"blocks":[]}`, "invalid_arguments", "/view/type"},
		"too large":         {modal(`,"callback_id":"`+strings.Repeat("x", ViewSizeLimit)+`"`, divider), "view_too_large", "/view"},
		"no title":          {`{"type":"modal","blocks":` + divider + `}`, "invalid_arguments", "/view"},
		"long title":        {`{"type":"modal","title":{"type":"plain_text","text":"` + long(25) + `"},"blocks":` + divider + `}`, "invalid_arguments", "/view/title/text"},
		"mrkdwn title":      {`{"type":"modal","title":{"type":"mrkdwn","text":"x"},"blocks":` + divider + `}`, "invalid_arguments", "/view/title/type"},
		"long close":        {modal(`,"close":{"type":"plain_text","text":"`+long(25)+`"}`, divider), "invalid_arguments", "/view/close/text"},
		"no submit":         {`{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[` + input("T", `{"type":"plain_text_input"}`) + `]}`, "invalid_arguments", "/view"},
		"title on a home":   {`{"type":"home","title":{"type":"plain_text","text":"x"},"blocks":` + divider + `}`, "invalid_arguments", "/view"},
		"101 blocks":        {`{"type":"home","blocks":` + many(101, `{"type":"divider"}`) + `}`, "invalid_arguments", "/view/blocks"},
		"metadata":          {modal(`,"private_metadata":"`+long(3001)+`"`, divider), "invalid_arguments", "/view/private_metadata"},
		"callback":          {modal(`,"callback_id":"`+long(256)+`"`, divider), "invalid_arguments", "/view/callback_id"},
		"label too long":    {modal("", `[`+input(long(2001), `{"type":"plain_text_input"}`)+`]`), "invalid_arguments", "/view/blocks/0/label/text"},
		"button as input":   {modal("", `[`+input("T", button("a", "x", ""))+`]`), "invalid_arguments", "/view/blocks/0/element/type"},
		"max_length":        {modal("", `[`+input("T", `{"type":"plain_text_input","max_length":3001}`)+`]`), "invalid_arguments", "/view/blocks/0/element/max_length"},
		"two in focus":      {modal("", `[`+input("T", `{"type":"plain_text_input","focus_on_load":true}`)+`,`+input("U", `{"type":"plain_text_input","focus_on_load":true}`)+`]`), "invalid_arguments", "/view/blocks/1/element/focus_on_load"},
		"options and group": {modal("", `[`+input("T", `{"type":"static_select","options":[`+choice("a", "1")+`],"option_groups":[]}`)+`]`), "invalid_arguments", "/view/blocks/0/element"},
		"files on a home":   {`{"type":"home","blocks":[` + input("F", `{"type":"file_input"}`) + `]}`, "invalid_arguments", "/view/blocks/0/element/type"},
		"markdown":          {modal("", `[{"type":"markdown","text":"x"}]`), "invalid_arguments", "/view/blocks/0/type"},
	} {
		wantProblem(t, name, CheckView(json.RawMessage(c.view)), c.code, c.at)
	}
}
