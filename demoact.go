package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"muster/sandbox/blockkit"
	"muster/sandbox/workspace"
)

// act does something in Slack for the person.
func (t *talk) act(ctx context.Context, o order) error {
	var err error
	switch o.verb {
	case "/":
		_, err = t.who.Slash(ctx, t.where(), o.words)
	case "say":
		err = t.who.Says(ctx, t.where(), o.words)
	case "click":
		return t.click(ctx, o)
	case "shortcut":
		return t.shortcut(ctx, o)
	case "react":
		err = t.who.React(ctx, t.where(), o.on, o.words)
	case "pin":
		err = t.who.Pin(ctx, t.where(), o.words)
	default:
		return t.inForm(ctx, o)
	}
	return t.friendly(err)
}

// shortcut picks one of Slack's search bar, or of a message's menu.
func (t *talk) shortcut(ctx context.Context, o order) error {
	if o.on != "" {
		return t.friendly(t.who.MessageShortcut(ctx, t.where(), o.on, o.words))
	}
	return t.friendly(t.who.Shortcut(ctx, o.words))
}

// click uses a button of the open form, or else of the channel. A link to a
// channel is followed.
func (t *talk) click(ctx context.Context, o order) error {
	opened := len(t.who.Opened())
	err := t.press(ctx, o)
	if pages := t.who.Opened(); err == nil && len(pages) > opened {
		return t.follow(ctx, pages[len(pages)-1])
	}
	return err
}

// follow goes to the channel that an address leads to; a form on the way is
// closed.
func (t *talk) follow(ctx context.Context, address string) error {
	for _, name := range t.open() {
		if id := t.s.ChannelID(name); !strings.HasSuffix(address, "/archives/"+id) {
			continue
		}
		if t.who.SeesForm() != "" {
			if err := t.inForm(ctx, order{verb: "close"}); err != nil {
				return err
			}
			t.forms[t.who.Name()] = ""
		}
		return t.move(name)
	}
	return fmt.Errorf("a browser would open %s now", address)
}

// press uses the button with this label.
func (t *talk) press(ctx context.Context, o order) error {
	var err error
	switch {
	case t.who.SeesForm() != "":
		err = t.who.ClickInForm(ctx, o.words)
	case o.on != "":
		err = t.who.ClickOn(ctx, t.where(), o.on, o.words)
	default:
		err = t.who.Click(ctx, t.where(), o.words)
	}
	if !errors.Is(err, context.DeadlineExceeded) && (err == nil || !strings.Contains(err.Error(), "sees instead")) {
		return t.friendly(err)
	}
	if t.who.SeesForm() != "" {
		return fmt.Errorf("the open form has no [ %s ] to click; submit sends it, close closes it", o.words)
	}
	return fmt.Errorf("%s sees no [ %s ] in %s; see shows what is there, and in goes elsewhere", firstName(t.who), o.words, t.where())
}

// inForm acts on the form that the person has open.
func (t *talk) inForm(ctx context.Context, o order) error {
	if t.who.SeesForm() == "" {
		return fmt.Errorf("%s has no form open; click Severity or shortcut Declare an incident open one", firstName(t.who))
	}
	form, err := t.who.Form(ctx)
	if err != nil {
		return t.friendly(err)
	}
	switch o.verb {
	case "fill":
		return t.fill(form, o)
	case "close":
		return t.friendly(form.Close(ctx))
	default:
		// What keeps the form open stands beside its fields.
		_, err := form.Submit(ctx)
		return t.friendly(err)
	}
}

func (t *talk) fill(form *workspace.Form, o order) error {
	var labels []string
	for _, in := range t.fields() {
		labels = append(labels, in.Label)
	}
	label, err := findField(o.words, labels)
	if err != nil {
		return err
	}
	var values []string
	if o.value != "" {
		values = []string{o.value}
	}
	return t.friendly(form.Fill(label, values...))
}

// fields are those of the form on top.
func (t *talk) fields() []blockkit.Input {
	open := t.s.Modals(t.who.Name())
	if len(open) == 0 {
		return nil
	}
	return blockkit.Inputs([]byte(`{"blocks":` + string(open[len(open)-1].Blocks) + `}`))
}

// friendly makes one line of an error.
func (t *talk) friendly(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, workspace.ErrNoSocket), errors.Is(err, workspace.ErrNoAck):
		return errors.New("muster does not answer")
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("that took too long")
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	if _, reason, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(line, t.who.Name()+" ") {
		line = reason
	}
	return errors.New(strings.TrimSuffix(line, "; sees instead:"))
}

// crash kills muster at once and starts it again.
func (t *talk) crash() error {
	t.s.kill()
	began := time.Now()
	if err := t.s.start(t.ctx); err != nil {
		return err
	}
	t.p.say(fmt.Sprintf("muster was killed without a warning, started again, and hears after %d ms.", time.Since(began).Milliseconds()))
	return nil
}

// ticks is how long muster may take to look at the clock and begin what is due.
const ticks = 500 * time.Millisecond

// wait lets the time of the demo pass, which takes a moment.
func (t *talk) wait(length string) error {
	d, err := time.ParseDuration(strings.ReplaceAll(length, " ", ""))
	if err != nil || d <= 0 {
		return fmt.Errorf("how long is %q? Write it as 90s, 31m or 168h", length)
	}
	t.s.pass(d)
	pause := time.NewTimer(ticks)
	defer pause.Stop()
	select {
	case <-t.ctx.Done():
	case <-pause.C:
	}
	return nil
}
