package blockkit

import (
	"encoding/json"
	"strings"
)

// Control is something that a person can use: a button, one entry of an overflow
// menu, a select, a date, a text field.
type Control struct {
	BlockID, ActionID string
	// Type is the element's type: button, overflow, static_select…
	Type string
	// Label is what a person calls it: the words on a button or menu entry, the
	// label of an input, the placeholder of another element, or else the text of
	// the section that it stands beside.
	Label string
	// Value is what the app gets back from a button or a menu entry.
	Value string
	// Options are the choices that are known without asking the app.
	Options []Choice
	// Selected are the visible words of what it is set to at first; ids for
	// people and conversations.
	Selected []string
	URL      string // the page that a button or menu entry opens
	Style    string // "", "primary" or "danger"
	Confirm  *Confirm
	// Field is whether it stands in an input block, and Dispatch whether that
	// input tells the app of every change.
	Field, Dispatch bool
}

// Choice is one option of a select, a menu or a group of boxes.
type Choice struct {
	Text, Value, URL string
	// JSON is the option as the app wrote it, which is what the app gets back.
	JSON json.RawMessage
}

// Confirm is the dialog that asks before the app hears of an action.
type Confirm struct{ Title, Text, Yes, No string }

// Controls lists what a person can use in blocks, in reading order.
func Controls(blocks json.RawMessage) []Control {
	v, err := decode(blocks)
	if err != nil {
		return nil
	}
	var out []Control
	list, _ := v.([]any)
	for _, b := range list {
		if o, ok := b.(map[string]any); ok {
			out = append(out, controlsOf(o)...)
		}
	}
	return out
}

// ReadChoices reads options as an app answers a block_suggestion with them:
// {"options":[…]} or {"option_groups":[…]}.
func ReadChoices(answer json.RawMessage) []Choice {
	v, _ := decode(answer)
	o, _ := v.(map[string]any)
	return choices(o)
}

func controlsOf(block map[string]any) []Control {
	var out []Control
	for _, e := range usable(block) {
		kind := str(e.object["type"])
		switch kind {
		case "image", "mrkdwn", "plain_text", "", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted":
			continue
		}
		k := Control{
			BlockID: str(block["block_id"]), ActionID: str(e.object["action_id"]), Type: kind,
			Label: label(block, e.object), Value: str(e.object["value"]), Options: choices(e.object),
			Selected: newPenPlain().selected(e.object), URL: str(e.object["url"]), Style: str(e.object["style"]),
			Confirm: confirmOf(e.object["confirm"]), Field: block["type"] == "input", Dispatch: block["dispatch_action"] == true,
		}
		if kind == "overflow" {
			out = append(out, entries(k)...)
			continue
		}
		out = append(out, k)
	}
	return out
}

// entries makes a control of each entry of an overflow menu.
func entries(menu Control) []Control {
	var out []Control
	for _, choice := range menu.Options {
		k := menu
		k.Label, k.Value, k.URL, k.Options = choice.Text, choice.Value, choice.URL, []Choice{choice}
		out = append(out, k)
	}
	return out
}

func label(block, element map[string]any) string {
	beside := ""
	if block["type"] == "section" {
		beside = newPenPlain().object(block["text"])
	}
	return strings.TrimSpace(first(textOf(block["label"]), textOf(element["text"]), textOf(element["placeholder"]), beside))
}

func choices(o map[string]any) []Choice {
	var out []Choice
	for _, choice := range options(o) {
		out = append(out, Choice{
			Text: newPenPlain().object(choice["text"]), Value: str(choice["value"]), URL: str(choice["url"]), JSON: encode(choice),
		})
	}
	return out
}

func confirmOf(v any) *Confirm {
	o, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	return &Confirm{
		Title: textOf(o["title"]), Text: newPenPlain().object(o["text"]),
		Yes: textOf(o["confirm"]), No: textOf(o["deny"]),
	}
}

// newPenPlain draws without names, for labels and choices.
func newPenPlain() *pen { return newPen(nil, nil) }

// selected gives what an element is set to: visible words, or bare ids.
func (p *pen) selected(o map[string]any) []string {
	if set := initialOptions(o); len(set) > 0 {
		return p.optionTexts(set)
	}
	return initialValues(o)
}

func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil // a decoded value always encodes
	}
	return raw
}
