package blockkit

import (
	"encoding/json"
	"regexp"
	"strings"
)

// Input is a field of a form.
type Input struct {
	Control
	Optional, Multiline  bool
	Hint, Placeholder    string
	MinLength, MaxLength int // in characters; MaxLength 0 means no limit
	MaxSelected          int // for multi-selects; 0 means no limit
}

// Inputs lists the fields of a view: the elements of its input blocks.
func Inputs(view json.RawMessage) []Input {
	v, err := decode(view)
	o, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil
	}
	var out []Input
	for _, k := range fieldsOf(o) {
		if k.Field {
			out = append(out, k.Input)
		}
	}
	return out
}

// stateful is an element whose value is part of view.state.values.
type stateful struct {
	Input
	element map[string]any
}

// fieldsOf lists all elements of a view that hold a value, in input blocks and
// outside of them.
func fieldsOf(view map[string]any) []stateful {
	var out []stateful
	blocks, _ := view["blocks"].([]any)
	for _, v := range blocks {
		block, ok := v.(map[string]any)
		if !ok {
			continue
		}
		elements := map[string]map[string]any{}
		for _, e := range usable(block) {
			elements[str(e.object["action_id"])] = e.object
		}
		for _, k := range controlsOf(block) {
			if _, holds := slots[k.Type]; holds {
				out = append(out, stateful{inputOf(k, block, elements[k.ActionID]), elements[k.ActionID]})
			}
		}
	}
	return out
}

func inputOf(k Control, block, element map[string]any) Input {
	return Input{
		Control: k, Optional: block["optional"] == true, Multiline: element["multiline"] == true,
		Hint: textOf(block["hint"]), Placeholder: textOf(element["placeholder"]),
		MinLength: count(element["min_length"]), MaxLength: count(element["max_length"]),
		MaxSelected: count(element["max_selected_items"]),
	}
}

func count(v any) int {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return int(i)
}

// SameWords compares visible words as a forgiving reader does: case, spacing
// and :emoji: names do not count, unless there is nothing else.
func SameWords(a, b string) bool { return a == b || words(a) == words(b) }

// emojiName matches a :name: of an emoji, with or without a skin tone.
var emojiName = regexp.MustCompile(`:([a-z][a-z0-9_+'-]*|[+-]1):(:skin-tone-[2-6]:)?`)

func words(s string) string {
	plain := strings.Join(strings.Fields(strings.ToLower(emojiName.ReplaceAllString(s, " "))), " ")
	return first(plain, s)
}
