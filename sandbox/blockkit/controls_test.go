package blockkit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// show writes a control in one line for comparison.
func show(k Control) string {
	s := fmt.Sprintf("%s/%s %s %q", k.BlockID, k.ActionID, k.Type, k.Label)
	for name, v := range map[string]string{"value": k.Value} {
		if v != "" {
			s += " " + name + "=" + v
		}
	}
	for _, o := range k.Options {
		s += " " + o.Text + "=" + o.Value
	}
	if len(k.Selected) > 0 {
		s += " set=" + strings.Join(k.Selected, ",")
	}
	if k.URL != "" {
		s += " opens " + k.URL
	}
	if k.Confirm != nil {
		s += fmt.Sprintf(" asks %+v", *k.Confirm)
	}
	return strings.TrimSpace(s + " " + k.Style)
}

func TestControls(t *testing.T) {
	t.Parallel()
	blocks := `[
		{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"Pick &amp; go"},"accessory":{"type":"radio_buttons","action_id":"r","options":[` + choice("A", "a") + `],"initial_option":` + choice("A", "a") + `}},
		{"type":"actions","block_id":"a","elements":[
			` + button("go", "Go", `,"value":"7","style":"primary","url":"https://x.test","confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"plain_text","text":"Really"},"confirm":{"type":"plain_text","text":"Yes"},"deny":{"type":"plain_text","text":"No"}}`) + `,
			{"type":"overflow","action_id":"more","options":[` + choice("Edit", "e") + `,{"text":{"type":"plain_text","text":"Open"},"url":"https://y.test"}]},
			{"type":"static_select","action_id":"sev","placeholder":{"type":"plain_text","text":"Severity"},"option_groups":[{"label":{"type":"plain_text","text":"g"},"options":[` + choice("SEV1", "1") + `]}]},
			{"type":"users_select","action_id":"who","initial_user":"U1","placeholder":{"type":"plain_text","text":"Who"}}]},
		{"type":"context","elements":[{"type":"mrkdwn","text":"x"}]},
		{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[]}]},
		` + input("Title", `{"type":"plain_text_input","action_id":"t"}`) + `]`
	want := []string{
		`s/r radio_buttons "Pick & go" A=a set=A`,
		`a/go button "Go" value=7 opens https://x.test asks {Title:Sure? Text:Really Yes:Yes No:No} primary`,
		`a/more overflow "Edit" value=e Edit=e`,
		`a/more overflow "Open" Open= opens https://y.test`,
		`a/sev static_select "Severity" SEV1=1`,
		`a/who users_select "Who" set=U1`,
		`/t plain_text_input "Title"`,
	}
	var got []string
	for _, k := range Controls(json.RawMessage(blocks)) {
		got = append(got, show(k))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestInputs(t *testing.T) {
	t.Parallel()
	view := modal("", `[{"type":"input","block_id":"b","optional":true,"dispatch_action":true,"hint":{"type":"plain_text","text":"short"},
		"label":{"type":"plain_text","text":"Note"},"element":{"type":"plain_text_input","action_id":"n","multiline":true,"max_length":9,
		"min_length":2,"initial_value":"hi","placeholder":{"type":"plain_text","text":"say"}}},
		{"type":"actions","elements":[{"type":"users_select","action_id":"u"}]}]`)
	got := Inputs(json.RawMessage(view))
	if len(got) != 1 {
		t.Fatalf("got %d inputs, want 1", len(got))
	}
	in := got[0]
	if in.Label != "Note" || !in.Optional || !in.Dispatch || !in.Multiline || in.Hint != "short" || in.Placeholder != "say" ||
		in.MinLength != 2 || in.MaxLength != 9 || !slices.Equal(in.Selected, []string{"hi"}) {
		t.Errorf("got %+v", in)
	}
}

func TestSameWords(t *testing.T) {
	t.Parallel()
	for pair, want := range map[[2]string]bool{
		{"Claim", "claim"}:               true,
		{":raised_hand: Claim", "Claim"}: true,
		{"Take  over", " take over "}:    true,
		{":+1:", ":-1:"}:                 false,
		{"Claim", "Claims"}:              false,
		{"at 10:30:15", "at 10 15"}:      false,
	} {
		if got := SameWords(pair[0], pair[1]); got != want {
			t.Errorf("%q and %q: got %v, want %v", pair[0], pair[1], got, want)
		}
	}
}
