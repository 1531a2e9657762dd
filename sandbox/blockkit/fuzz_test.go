package blockkit

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are shapes from which the fuzzer starts: whole ones and broken ones.
func seeds(f *testing.F) {
	for _, s := range []string{
		``, `null`, `[]`, `[null]`, `[1]`, `{}`, `[{"type":"section","text":null,"accessory":[]}]`,
		`[{"type":"section","text":{"type":"mrkdwn","text":"<@U1> <!date^1^{time}|x> <#C1|> <a|b> <<>"},"fields":[1]}]`,
		actions(button("a", "x", `,"confirm":{}`)), actions(`{"type":"static_select","options":[` + choice("a", "1") + `,3],"initial_option":[]}`),
		`[{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"date","timestamp":1}]}]}]}]`,
		modal(`,"private_metadata":7`, `[`+input("T", `{"type":"multi_users_select","initial_users":[1],"max_selected_items":"x"}`)+`,0]`),
		`[{"type":"table","rows":[[{"type":"rich_text"}],3]}]`, `[{"type":"input","element":3,"label":"x"}]`, "[{\"type\":\"\xff\"}]",
	} {
		f.Add(s)
	}
}

func FuzzReadersNeverPanic(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		raw := json.RawMessage(s)
		if problems := CheckMessage(s, raw, raw); !json.Valid(raw) && len(problems) == 0 && strings.TrimSpace(s) != "" {
			t.Errorf("accepted %q, which is not JSON", s)
		}
		CheckView(raw)
		if text := Text(raw, fakeNames{}) + ViewText(raw, nil) + Mrkdwn(s, nil); utf8.ValidString(s) && !utf8.ValidString(text) {
			t.Errorf("%q drawn as %q, which is not UTF-8", s, text)
		}
		Controls(raw)
		for _, in := range Inputs(raw) {
			_, _ = State(raw, map[string]Value{in.Label: {Texts: []string{"x"}}})
		}
		_, _ = State(raw, nil)
	})
}

// FuzzEscapeAgrees says that what a person typed and the app escaped is drawn
// exactly as typed, in verbatim mrkdwn and at top level, and calls nobody.
func FuzzEscapeAgrees(f *testing.F) {
	for _, s := range []string{"", "a & b", "<!channel>", "&lt;!here&gt;", "&amp;amp;", "<@U1> @here <", "<!date^1^{time}|x>", "\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		if got := Mrkdwn(Escape(s), fakeNames{}); got != s {
			t.Errorf("top level: typed %q, drawn %q", s, got)
		}
		object := map[string]any{"type": "mrkdwn", "verbatim": true, "text": Escape(s)}
		if got := newPenPlain().object(object); got != s {
			t.Errorf("verbatim: typed %q, drawn %q", s, got)
		}
	})
}
