package workspace

import (
	"context"
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

// Click clicks the button or menu entry with this label on the newest message of
// the channel that has one, in threads and among what only this person sees too.
// A dialog that asks again is answered yes; a link is also opened.
func (p *Person) Click(ctx context.Context, channel, label string) error {
	return p.ClickOn(ctx, channel, "", label)
}

// ClickOn is Click on the newest message that contains the words. If the message
// has several controls with this label, the one near the words is meant.
func (p *Person) ClickOn(ctx context.Context, channel, containing, label string) error {
	return p.useInMessage(ctx, channel, containing, label, labelled(label), nil)
}

// Choose sets the select, date or boxes with this label (or placeholder, or
// present choice) to options by their visible words; "…" is an overflow menu.
func (p *Person) Choose(ctx context.Context, channel, control string, options ...string) error {
	return p.ChooseOn(ctx, channel, "", control, options...)
}

// ChooseOn is Choose on the newest message that contains the words.
func (p *Person) ChooseOn(ctx context.Context, channel, containing, control string, options ...string) error {
	return p.useInMessage(ctx, channel, containing, control, menu(control, options), options)
}

// ClickInForm clicks a button in the modal on top.
func (p *Person) ClickInForm(ctx context.Context, label string) error {
	return p.useInView(ctx, "form", "", label, labelled(label), nil)
}

// ClickHome clicks a button on the app's Home tab.
func (p *Person) ClickHome(ctx context.Context, label string) error {
	return p.ClickHomeOn(ctx, "", label)
}

// ClickHomeOn clicks, among several buttons with this label on the Home tab, the
// one near the words.
func (p *Person) ClickHomeOn(ctx context.Context, near, label string) error {
	return p.useInView(ctx, "Home tab", near, label, labelled(label), nil)
}

// ChooseHome sets a select on the Home tab, or picks from an overflow menu ("…").
func (p *Person) ChooseHome(ctx context.Context, control string, options ...string) error {
	return p.useInView(ctx, "Home tab", "", control, menu(control, options), options)
}

func (p *Person) useInMessage(ctx context.Context, channel, containing, label string,
	matches func(blockkit.Control) bool, options []string,
) error {
	var found spot
	what := fmt.Sprintf("for [ %s ] in %s", label, channel)
	if containing != "" {
		what += fmt.Sprintf(" on a message with %q", containing)
	}
	err := p.await(ctx, what, func() string { return p.Sees(channel) }, func() (ok bool) {
		for _, m := range slices.Backward(p.look(channel)) {
			if contains(m.Shown, containing) {
				at := Action{Channel: m.ChannelID, TS: m.TS}
				if found, ok = choose(spots(m.Blocks, at), containing, matches); ok {
					return true
				}
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	return p.use(ctx, found, options)
}

func (p *Person) useInView(ctx context.Context, surface, near, label string,
	matches func(blockkit.Control) bool, options []string,
) error {
	var found spot
	sees, view := p.SeesHome, func() (View, bool) { return p.w.Home(p.name) }
	if surface == "form" {
		sees, view = p.SeesForm, p.top
	}
	err := p.await(ctx, fmt.Sprintf("for [ %s ] on the %s", label, surface), sees, func() (ok bool) {
		v, open := view()
		if !open {
			return false
		}
		found, ok = choose(spots(v.Blocks, Action{View: v.ID}), near, matches)
		return ok && (near == "" || contains(found.near, near))
	})
	if err != nil {
		return err
	}
	return p.use(ctx, found, options)
}

// use acts on a control as a client does and tells the app.
func (p *Person) use(ctx context.Context, s spot, options []string) error {
	act := "uses " + s.control.Label
	if err := p.begin(ctx, s.at.Channel); err != nil {
		return p.failed(act, err)
	}
	fields, err := p.fields(s, options)
	if err != nil {
		return p.failed(act, err)
	}
	p.mu.Lock()
	if s.control.URL != "" {
		p.opened = append(p.opened, s.control.URL)
	}
	if s.control.Confirm != nil {
		p.confirmed = append(p.confirmed, *s.control.Confirm)
	}
	p.mu.Unlock()
	s.at.Fields = fields
	return p.failed(act, p.w.DeliverAction(p.name, s.at).Err)
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
