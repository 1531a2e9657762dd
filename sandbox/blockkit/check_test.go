package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestCheckMessageAccepts(t *testing.T) {
	t.Parallel()
	for name, blocks := range map[string]string{
		"nothing but text": ``,
		"null":             `null`,
		"everything": `[
			{"type":"header","text":{"type":"plain_text","text":"Down","emoji":true},"block_id":"h"},
			{"type":"section","text":{"type":"mrkdwn","text":"*db*","verbatim":true},"fields":[{"type":"mrkdwn","text":"a"}],
			 "accessory":{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"},"url":"https://x.test/a","style":"danger",
			  "confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"mrkdwn","text":"Really"},
			   "confirm":{"type":"plain_text","text":"Yes"},"deny":{"type":"plain_text","text":"No"}}}},
			{"type":"divider"},
			{"type":"context","elements":[{"type":"image","image_url":"https://x.test/i.png","alt_text":"i"},{"type":"mrkdwn","text":"since <!date^1700000000^{date_short} {time}|then>"}]},
			{"type":"actions","elements":[
			 {"type":"static_select","action_id":"s","placeholder":{"type":"plain_text","text":"SEV"},"options":[{"text":{"type":"plain_text","text":"SEV1"},"value":"1"}],
			  "initial_option":{"text":{"type":"plain_text","text":"SEV1"},"value":"1"}},
			 {"type":"overflow","action_id":"o","options":[{"text":{"type":"plain_text","text":"Edit"},"value":"e","url":"https://x.test"}]},
			 {"type":"users_select","action_id":"u","initial_user":"U1"}]},
			{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"hi"}]}]},
			{"type":"image","image_url":"https://x.test/i.png","alt_text":"i","title":{"type":"plain_text","text":"T"}},
			{"type":"markdown","text":"# hi"},
			{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}]`,
	} {
		if got := CheckMessage("hello", json.RawMessage(blocks), nil); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCheckMessageRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, blocks, attachments, code, at string }{
		"nothing":             {code: "no_text", at: "/text"},
		"long text":           {text: long(4001), code: "msg_too_long", at: "/text"},
		"not JSON":            {blocks: `[`, code: "invalid_blocks_format", at: "/blocks"},
		"JSON in a string":    {blocks: `"[]"`, code: "invalid_blocks_format", at: "/blocks"},
		"unknown block":       {blocks: `[{"type":"sections"}]`, code: "invalid_blocks", at: "/blocks/0/type"},
		"no type":             {blocks: `[{}]`, code: "invalid_blocks", at: "/blocks/0/type"},
		"51 blocks":           {blocks: many(51, `{"type":"divider"}`), code: "invalid_blocks", at: "/blocks"},
		"all text too long":   {blocks: many(4, section(`{"type":"mrkdwn","text":"`+long(2600)+`"}`)), code: "msg_blocks_too_long", at: "/blocks"},
		"empty text":          {blocks: `[` + section(`{"type":"mrkdwn","text":""}`) + `]`, code: "invalid_blocks", at: "/blocks/0/text/text"},
		"section too long":    {blocks: `[` + section(`{"type":"mrkdwn","text":"`+long(3001)+`"}`) + `]`, code: "invalid_blocks", at: "/blocks/0/text/text"},
		"emoji on mrkdwn":     {blocks: `[` + section(`{"type":"mrkdwn","text":"x","emoji":true}`) + `]`, code: "invalid_blocks", at: "/blocks/0/text"},
		"empty section":       {blocks: `[{"type":"section"}]`, code: "invalid_blocks", at: "/blocks/0"},
		"empty fields":        {blocks: `[{"type":"section","fields":[]}]`, code: "invalid_blocks", at: "/blocks/0/fields"},
		"11 fields":           {blocks: `[{"type":"section","fields":` + many(11, `{"type":"mrkdwn","text":"x"}`) + `}]`, code: "invalid_blocks", at: "/blocks/0/fields"},
		"field too long":      {blocks: `[{"type":"section","fields":[{"type":"mrkdwn","text":"` + long(2001) + `"}]}]`, code: "invalid_blocks", at: "/blocks/0/fields/0/text"},
		"header mrkdwn":       {blocks: `[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, code: "invalid_blocks", at: "/blocks/0/text/type"},
		"header too long":     {blocks: `[{"type":"header","text":{"type":"plain_text","text":"` + long(151) + `"}}]`, code: "invalid_blocks", at: "/blocks/0/text/text"},
		"header of emoji":     {blocks: `[{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("🔥", 76) + `"}}]`, code: "invalid_blocks", at: "/blocks/0/text/text"},
		"11 context elements": {blocks: `[{"type":"context","elements":` + many(11, `{"type":"mrkdwn","text":"x"}`) + `}]`, code: "invalid_blocks", at: "/blocks/0/elements"},
		"button in context":   {blocks: `[{"type":"context","elements":[` + button("a", "x", ``) + `]}]`, code: "invalid_blocks", at: "/blocks/0/elements/0/type"},
		"26 buttons":          {blocks: `[{"type":"actions","elements":` + many(26, `{"type":"button","text":{"type":"plain_text","text":"x"}}`) + `}]`, code: "invalid_blocks", at: "/blocks/0/elements"},
		"button too long":     {blocks: actions(button("a", long(76), ``)), code: "invalid_blocks", at: "/blocks/0/elements/0/text/text"},
		"button style":        {blocks: actions(button("a", "x", `,"style":"default"`)), code: "invalid_blocks", at: "/blocks/0/elements/0/style"},
		"button url":          {blocks: actions(button("a", "x", `,"url":"javascript:alert(1)"`)), code: "invalid_blocks", at: "/blocks/0/elements/0/url"},
		"button value":        {blocks: actions(button("a", "x", `,"value":"`+long(2001)+`"`)), code: "invalid_blocks", at: "/blocks/0/elements/0/value"},
		"confirm too long":    {blocks: actions(button("a", "x", `,"confirm":{"title":{"type":"plain_text","text":"`+long(101)+`"},"text":{"type":"mrkdwn","text":"x"},"confirm":{"type":"plain_text","text":"x"},"deny":{"type":"plain_text","text":"x"}}`)), code: "invalid_blocks", at: "/blocks/0/elements/0/confirm/title/text"},
		"confirm incomplete":  {blocks: actions(button("a", "x", `,"confirm":{"title":{"type":"plain_text","text":"x"},"text":{"type":"mrkdwn","text":"x"},"confirm":{"type":"plain_text","text":"x"}}`)), code: "invalid_blocks", at: "/blocks/0/elements/0/confirm"},
		"text input outside":  {blocks: actions(`{"type":"plain_text_input","action_id":"x"}`), code: "invalid_blocks", at: "/blocks/0/elements/0/type"},
		"multi in actions":    {blocks: actions(`{"type":"multi_users_select","action_id":"x"}`), code: "invalid_blocks", at: "/blocks/0/elements/0/type"},
		"input in a message":  {blocks: `[` + input("b", `{"type":"plain_text_input"}`) + `]`, code: "invalid_blocks", at: "/blocks/0/type"},
		"same block_id":       {blocks: `[{"type":"divider","block_id":"x"},{"type":"divider","block_id":"x"}]`, code: "invalid_blocks", at: "/blocks/1/block_id"},
		"same action_id":      {blocks: actions(button("a", "x", ``) + `,` + button("a", "y", ``)), code: "invalid_blocks", at: "/blocks/0/elements/1"},
		"long block_id":       {blocks: `[{"type":"divider","block_id":"` + long(256) + `"}]`, code: "invalid_blocks", at: "/blocks/0/block_id"},
		"no options":          {blocks: actions(`{"type":"static_select","options":[]}`), code: "invalid_blocks", at: "/blocks/0/elements/0/options"},
		"6 overflow options":  {blocks: actions(`{"type":"overflow","options":` + many(6, choice("a", "1")) + `}`), code: "invalid_blocks", at: "/blocks/0/elements/0/options"},
		"101 options":         {blocks: actions(`{"type":"static_select","options":` + many(101, choice("a", "1")) + `}`), code: "invalid_blocks", at: "/blocks/0/elements/0/options"},
		"11 radio buttons":    {blocks: actions(`{"type":"radio_buttons","options":` + many(11, choice("a", "1")) + `}`), code: "invalid_blocks", at: "/blocks/0/elements/0/options"},
		"option too long":     {blocks: actions(`{"type":"static_select","options":[` + choice(long(76), "1") + `]}`), code: "invalid_blocks", at: "/blocks/0/elements/0/options/0/text/text"},
		"option value":        {blocks: actions(`{"type":"static_select","options":[` + choice("a", long(151)) + `]}`), code: "invalid_blocks", at: "/blocks/0/elements/0/options/0/value"},
		"initial elsewhere":   {blocks: actions(`{"type":"static_select","options":[` + choice("a", "1") + `],"initial_option":` + choice("b", "1") + `}`), code: "invalid_blocks", at: "/blocks/0/elements/0/initial_option"},
		"initials elsewhere":  {blocks: actions(`{"type":"checkboxes","options":[` + choice("a", "1") + `],"initial_options":[` + choice("a", "2") + `]}`), code: "invalid_blocks", at: "/blocks/0/elements/0/initial_options/0"},
		"long placeholder":    {blocks: actions(`{"type":"users_select","placeholder":{"type":"plain_text","text":"` + long(151) + `"}}`), code: "invalid_blocks", at: "/blocks/0/elements/0/placeholder/text"},
		"bad date":            {blocks: actions(`{"type":"datepicker","initial_date":"01/02/2026"}`), code: "invalid_blocks", at: "/blocks/0/elements/0/initial_date"},
		"bad date token":      {blocks: `[` + section(`{"type":"mrkdwn","text":"<!date^soon^{time}|soon>"}`) + `]`, code: "invalid_blocks", at: "/blocks/0/text/text"},
		"date, no fallback":   {blocks: `[` + section(`{"type":"mrkdwn","text":"<!date^1700000000^{time}>"}`) + `]`, code: "invalid_blocks", at: "/blocks/0/text/text"},
		"date, unknown word":  {blocks: `[` + section(`{"type":"mrkdwn","text":"<!date^1700000000^{hour}|x>"}`) + `]`, code: "invalid_blocks", at: "/blocks/0/text/text"},
		"image without alt":   {blocks: `[{"type":"image","image_url":"https://x.test/i"}]`, code: "invalid_blocks", at: "/blocks/0"},
		"unknown property":    {blocks: `[{"type":"divider","color":"red"}]`, code: "invalid_blocks", at: "/blocks/0"},
		"markdown together":   {blocks: many(2, `{"type":"markdown","text":"`+long(6001)+`"}`), code: "invalid_blocks", at: "/blocks"},
		"101 attachments":     {text: "x", attachments: many(101, `{"text":"x"}`), code: "too_many_attachments", at: "/attachments"},
		"attached blocks":     {text: "x", attachments: `[{"blocks":[{"type":"nope"}]}]`, code: "invalid_attachments", at: "/attachments/0/blocks/0/type"},
		"attachments no list": {text: "x", attachments: `{}`, code: "invalid_attachments", at: "/attachments"},
	} {
		got := CheckMessage(c.text, json.RawMessage(c.blocks), json.RawMessage(c.attachments))
		wantProblem(t, name, got, c.code, c.at)
	}
}

func TestProblemReadsLikeSlack(t *testing.T) {
	t.Parallel()
	got := CheckMessage("x", json.RawMessage(`[{"type":"divider"},`+actions(button("a", long(76), ``))[1:]), nil)
	want := "invalid_blocks: [ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]"
	if len(got) != 1 || got[0].String() != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func wantProblem(t *testing.T, name string, got []Problem, code, at string) {
	t.Helper()
	for _, p := range got {
		if p.Code == code && strings.Contains(p.Message, "[json-pointer:"+at+"]") {
			return
		}
	}
	t.Errorf("%s: got %v, want %s at %s", name, got, code, at)
}

func long(n int) string { return strings.Repeat("x", n) }

func many(n int, one string) string { return "[" + strings.Repeat(one+",", n-1) + one + "]" }

func section(text string) string { return `{"type":"section","text":` + text + `}` }

func actions(elements string) string { return `[{"type":"actions","elements":[` + elements + `]}]` }

func button(id, label, more string) string {
	return fmt.Sprintf(`{"type":"button","action_id":%q,"text":{"type":"plain_text","text":%q}%s}`, id, label, more)
}

func choice(label, value string) string {
	return fmt.Sprintf(`{"text":{"type":"plain_text","text":%q},"value":%q}`, label, value)
}

func input(label, element string) string {
	return fmt.Sprintf(`{"type":"input","label":{"type":"plain_text","text":%q},"element":%s}`, label, element)
}
