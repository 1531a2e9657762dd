package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"muster/sandbox/blockkit"
)

// Form is a modal that a person has open.
type Form struct {
	p  *Person
	id string
}

// Outcome is what submitting a form did.
type Outcome struct {
	// Closed is whether this form went away.
	Closed bool
	// Updated is whether it stayed and shows something else; Pushed is whether
	// another form lies on it now (Person.Form finds it).
	Updated, Pushed bool
	// Errors are the complaints beside the fields, by label: the app's, or those
	// of Slack's own client, which then sent nothing.
	Errors map[string]string
}

// Form waits until the person has a modal open and is the one on top.
func (p *Person) Form(ctx context.Context) (*Form, error) {
	return p.AwaitForm(ctx, "")
}

// AwaitForm waits until the modal on top shows the words.
func (p *Person) AwaitForm(ctx context.Context, words string) (*Form, error) {
	id := ""
	err := p.await(ctx, strings.TrimSpace("for a form "+words), p.SeesForm, func() bool {
		v, open := p.top()
		id = v.ID
		return open && contains(p.w.viewText(v), words)
	})
	if err != nil {
		return nil, err
	}
	return &Form{p: p, id: id}, nil
}

// SeesForm is the modal on top as text, with what is entered; "" when none is open.
func (p *Person) SeesForm() string {
	v, open := p.top()
	if !open {
		return ""
	}
	return p.w.viewText(v)
}

// SeesHome is the app's Home tab as text; "" when nothing was published.
func (p *Person) SeesHome() string {
	v, published := p.w.Home(p.name)
	if !published {
		return ""
	}
	return p.w.viewText(v)
}

func (p *Person) top() (View, bool) {
	open := p.w.Modals(p.name)
	if len(open) == 0 {
		return View{}, false
	}
	return open[len(open)-1], true
}

func (f *Form) view() (View, bool) {
	for _, v := range f.p.w.Modals(f.p.name) {
		if v.ID == f.id {
			return v, true
		}
	}
	return View{}, false
}

// Title is what the form is called; "" when it has been closed.
func (f *Form) Title() string {
	v, _ := f.view()
	return v.Title
}

// Text is the form as the person sees it now, with what is entered and the
// complaints beside the fields; "" when it has been closed.
func (f *Form) Text() string {
	v, open := f.view()
	if !open {
		return ""
	}
	return f.p.w.viewText(v)
}

// Fill sets a field by its visible label: text, options by their words, people
// and channels by name, a date as 2006-01-02, a time as 15:04. No values at all
// empty it. It waits for the field, because an app may first show a form that
// says it is loading. The app hears of it where the field asks for that.
func (f *Form) Fill(label string, values ...string) error {
	var found spot
	err := f.p.await(f.p.w.ctx, fmt.Sprintf("for the field %q", label), f.Text, func() (ok bool) {
		v, _ := f.view()
		found, ok = choose(spots(v.Blocks, Action{View: v.ID}), "", func(k blockkit.Control) bool {
			return !clickable(k) && blockkit.SameWords(k.Label, label)
		})
		return ok
	})
	if err != nil {
		return err
	}
	if !found.control.Field {
		return f.p.use(f.p.w.ctx, found, values)
	}
	if err := f.fits(found.control, values); err != nil {
		return f.p.failed("fills "+label, err)
	}
	return f.p.failed("fills "+label, f.enter(found, values))
}

func (f *Form) enter(s spot, values []string) error {
	fields, err := f.p.fields(s, values)
	if err != nil {
		return err
	}
	if s.control.Dispatch {
		s.at.Fields = fields
		return f.p.w.DeliverAction(f.p.name, s.at).Err
	}
	return f.p.w.SetInput(f.id, s.control.BlockID, s.control.ActionID, fields)
}

// fits says what Slack's client would not let a person enter.
func (f *Form) fits(k blockkit.Control, values []string) error {
	in := f.input(k.BlockID)
	switch {
	case in.MaxSelected > 0 && len(values) > in.MaxSelected:
		return fmt.Errorf("takes no more than %d", in.MaxSelected)
	case in.MaxLength > 0 && len(values) == 1 && utf8.RuneCountInString(values[0]) > in.MaxLength:
		return fmt.Errorf("takes no more than %d characters", in.MaxLength)
	case strings.HasSuffix(k.Type, "text_input") && !in.Multiline && len(values) == 1 && strings.Contains(values[0], "\n"):
		return errors.New("takes one line")
	}
	return nil
}

func (f *Form) inputs() []blockkit.Input {
	v, _ := f.view()
	raw, _ := marshal(map[string]json.RawMessage{"blocks": v.Blocks})
	return blockkit.Inputs(raw)
}

func (f *Form) input(block string) blockkit.Input {
	inputs := f.inputs()
	if i := slices.IndexFunc(inputs, func(in blockkit.Input) bool { return in.BlockID == block }); i >= 0 {
		return inputs[i]
	}
	return blockkit.Input{}
}

// Submit sends the form, which must be the one on top, and tells what came of it.
// An error means that the person saw Slack's own trouble message: no answer in
// time, no app, an answer that Slack refuses.
func (f *Form) Submit(ctx context.Context) (Outcome, error) {
	if err := f.p.begin(ctx, ""); err != nil {
		return Outcome{}, err
	}
	v, open := f.p.top()
	if !open || v.ID != f.id {
		return Outcome{}, fmt.Errorf("%s submits a form that is not on top; sees instead:\n%s", f.p.name, indent(first(f.p.SeesForm(), "(no form)"), "  "))
	}
	if short := f.tooShort(v); len(short) > 0 {
		return Outcome{Errors: short}, nil
	}
	return f.outcome(f.labels(), f.p.w.DeliverSubmit(f.p.name))
}

// tooShort is what Slack's client complains about although every field is filled.
func (f *Form) tooShort(v View) map[string]string {
	short := map[string]string{}
	for _, in := range f.inputs() {
		var entry struct{ Value string }
		_ = json.Unmarshal(v.Values[in.BlockID][in.ActionID], &entry)
		if n := utf8.RuneCountInString(entry.Value); n > 0 && n < in.MinLength {
			short[in.Label] = fmt.Sprintf("Enter at least %d characters.", in.MinLength)
		}
	}
	return short
}

// labels names the fields by block id, as they were before the answer came.
func (f *Form) labels() map[string]string {
	labels := map[string]string{}
	for _, in := range f.inputs() {
		labels[in.BlockID] = in.Label
	}
	return labels
}

func (f *Form) outcome(labels map[string]string, d Delivered) (Outcome, error) {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
	}
	v, open := f.view()
	if d.Err != nil && !d.Acked && len(v.Errors) > 0 {
		answer.Errors = v.Errors // Slack's own client held the form back
	} else if d.Err != nil {
		return Outcome{}, fmt.Errorf("%s submits %s: %w", f.p.name, v.Title, d.Err)
	}
	_ = json.Unmarshal(d.Payload, &answer)
	o := Outcome{Closed: !open, Updated: answer.Action == "update", Pushed: answer.Action == "push"}
	for block, complaint := range answer.Errors {
		if o.Errors == nil {
			o.Errors = map[string]string{}
		}
		o.Errors[first(labels[block], block)] = complaint
	}
	return o, nil
}

// Close closes the form without submitting it; a form below it shows again.
func (f *Form) Close(ctx context.Context) error {
	if err := f.p.begin(ctx, ""); err != nil {
		return err
	}
	if v, open := f.p.top(); !open || v.ID != f.id {
		return fmt.Errorf("%s closes a form that is not on top", f.p.name)
	}
	return f.p.failed("closes the form", f.p.w.DeliverClose(f.p.name, false).Err)
}
