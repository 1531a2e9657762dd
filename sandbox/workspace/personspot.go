package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"muster/sandbox/blockkit"
)

// spot is a control and the place where it stands.
type spot struct {
	control blockkit.Control
	at      Action
	near    string // the text around the control
}

// spots lists the controls of blocks, each with the words of its own block and
// of the blocks since the control before.
func spots(blocks json.RawMessage, at Action) []spot {
	var list []json.RawMessage
	_ = json.Unmarshal(blocks, &list)
	var out []spot
	near := ""
	for _, b := range list {
		one, _ := marshal([]json.RawMessage{b})
		near += "\n" + blockkit.Text(one, nil)
		controls := blockkit.Controls(one)
		for _, k := range controls {
			at.BlockID, at.ActionID = k.BlockID, k.ActionID
			out = append(out, spot{control: k, at: at, near: near})
		}
		if len(controls) > 0 {
			near = ""
		}
	}
	return out
}

// clickable says whether one click is all it takes.
func clickable(k blockkit.Control) bool {
	return slices.Contains([]string{"button", "overflow", "icon_button"}, k.Type)
}

// labelled finds controls that a click on this label reaches.
func labelled(label string) func(blockkit.Control) bool {
	return func(k blockkit.Control) bool { return clickable(k) && blockkit.SameWords(k.Label, label) }
}

// menu finds controls in which something is chosen, by label or by what they
// are set to; an overflow menu, which has no words, is "…".
func menu(label string, options []string) func(blockkit.Control) bool {
	return func(k blockkit.Control) bool {
		if k.Type == "overflow" {
			return strings.Contains("⋯…...", label) && len(options) == 1 && blockkit.SameWords(k.Label, options[0])
		}
		return !clickable(k) && (blockkit.SameWords(k.Label, label) ||
			slices.ContainsFunc(k.Selected, func(s string) bool { return blockkit.SameWords(s, label) }))
	}
}

// choose picks the spot that matches; several with the same label are told
// apart by the words near them.
func choose(from []spot, containing string, matches func(blockkit.Control) bool) (spot, bool) {
	from = slices.DeleteFunc(from, func(s spot) bool { return !matches(s.control) })
	if len(from) == 0 {
		return spot{}, false
	}
	if i := slices.IndexFunc(from, func(s spot) bool { return containing != "" && contains(s.near, containing) }); i >= 0 {
		return from[i], true
	}
	return from[0], true
}

// fields is what using the control adds to what its block says.
func (p *Person) fields(s spot, options []string) (map[string]any, error) {
	switch {
	case s.control.Type == "overflow":
		return map[string]any{"selected_option": s.control.Options[0].JSON}, nil
	case clickable(s.control):
		return nil, nil
	}
	v, err := p.value(s, options)
	if err != nil {
		return nil, err
	}
	entry, err := s.control.Entry(v)
	delete(entry, "type")
	return entry, err
}

// value turns visible words into what the control takes: names into ids, and
// words typed into an external select into what the app suggests.
func (p *Person) value(s spot, options []string) (blockkit.Value, error) {
	v := blockkit.Value{}
	for _, option := range options {
		switch kind := s.control.Type; {
		case strings.HasSuffix(kind, "users_select"):
			id := p.w.UserID(option)
			if id == "" {
				return v, fmt.Errorf("nobody is called %q", option)
			}
			option = id
		case strings.HasSuffix(kind, "channels_select"), strings.HasSuffix(kind, "conversations_select"):
			id := p.w.ChannelID(option)
			if id == "" {
				return v, fmt.Errorf("no channel is called %q", option)
			}
			option = id
		case strings.HasSuffix(kind, "external_select"):
			offered, err := p.suggested(s, option)
			if err != nil {
				return v, err
			}
			v.Offered = append(v.Offered, offered...)
		}
		v.Texts = append(v.Texts, option)
	}
	return v, nil
}

// suggested types words into an external select. A person who finds nothing that
// way clears the field and looks through what is offered without words.
func (p *Person) suggested(s spot, words string) ([]blockkit.Choice, error) {
	var offered []blockkit.Choice
	for _, query := range []string{words, ""} {
		d := p.w.DeliverSuggestions(p.name, s.at, query)
		if d.Err != nil {
			return nil, fmt.Errorf("look for %q: %w", query, d.Err)
		}
		offered = append(offered, blockkit.ReadChoices(d.Payload)...)
		if slices.ContainsFunc(offered, func(c blockkit.Choice) bool { return blockkit.SameWords(c.Text, words) }) {
			break
		}
	}
	return offered, nil
}
