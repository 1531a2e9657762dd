package workspace

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/sandbox/blockkit"
)

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

// ClickInFormOn clicks, among several buttons with this label in the modal on top,
// the one near the words.
func (p *Person) ClickInFormOn(ctx context.Context, near, label string) error {
	return p.useInView(ctx, "form", near, label, labelled(label), nil)
}

// ChooseInFormOn sets a select near the words in the modal on top, or picks from
// an overflow menu ("…") there.
func (p *Person) ChooseInFormOn(ctx context.Context, near, control string, options ...string) error {
	return p.useInView(ctx, "form", near, control, menu(control, options), options)
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

// useInMessage looks again when the message was edited between the look and the
// act, as a person does.
func (p *Person) useInMessage(ctx context.Context, channel, containing, label string,
	matches func(blockkit.Control) bool, options []string,
) error {
	for {
		found, err := p.findInMessage(ctx, channel, containing, label, matches)
		if err == nil {
			err = p.use(ctx, found, options)
		}
		if !errors.Is(err, errNoControl) {
			return err
		}
	}
}

func (p *Person) findInMessage(ctx context.Context, channel, containing, label string, matches func(blockkit.Control) bool) (spot, error) {
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
	return found, err
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
