package main

import (
	"fmt"
	"strings"

	"muster/sandbox/blockkit"
)

// open lists the names of the channels that the person may look at.
func (t *talk) open() []string {
	var names []string
	for _, p := range t.s.Places(t.who.Name()) {
		names = append(names, p.Name)
	}
	return names
}

// move takes the person to a channel, which they join if need be, and shows it.
func (t *talk) move(meant string) error {
	channel, err := findPlace(meant, t.open())
	if err != nil {
		return err
	}
	for _, p := range t.s.Places(t.who.Name()) {
		if "#"+p.Name == channel && !p.Joined {
			if err := t.s.Join(t.who.Name(), channel); err != nil {
				return t.friendly(err)
			}
		}
	}
	t.at[t.who.Name()] = channel
	return t.see(channel)
}

// see shows all of a channel; "" is where the person stands.
func (t *talk) see(meant string) error {
	channel := t.where()
	if meant != "" {
		found, err := findPlace(meant, t.open())
		if err != nil {
			return err
		}
		channel = found
	}
	if channel == "dm" {
		t.forget("@" + t.who.Name())
	} else {
		t.forget(channel)
	}
	lines := t.look(t.who, channel)
	if len(lines) == 0 {
		lines = []string{"_nothing yet_"}
	}
	t.p.sees(t.heading(channel), lines)
	return nil
}

func (t *talk) heading(channel string) string {
	if channel == "dm" {
		return firstName(t.who) + "'s direct messages"
	}
	return channel
}

// news waits until nothing happens any more, and shows what changed where the
// person is, in #incidents, and in their form.
func (t *talk) news() {
	t.s.quiet(t.ctx)
	t.form()
	places := []string{t.where(), "dm"}
	for _, p := range t.s.Places(t.who.Name()) {
		if p.Joined || p.Name == "incidents" {
			places = append(places, "#"+p.Name)
		}
	}
	for _, channel := range places {
		if lines := t.look(t.who, channel); len(lines) > 0 {
			t.p.sees(t.heading(channel), lines)
		}
	}
}

// form shows the person's form if it says something else than before.
func (t *talk) form() {
	name, now := t.who.Name(), t.who.SeesForm()
	before := t.forms[name]
	t.forms[name] = now
	switch now {
	case before:
		return
	case "":
		t.p.print("", "    The form is closed.")
		return
	}
	t.p.sees(firstName(t.who)+"'s form", t.p.legible(now))
	for _, in := range t.fields() {
		if len(in.Options) > 0 {
			t.p.print("    " + t.p.styled(dim, in.Label+": "+choices(in.Options)))
		}
	}
}

// channels lists the channels that the person may look at.
func (t *talk) channels() {
	t.p.print("")
	places, width := t.s.Places(t.who.Name()), 0
	for _, p := range places {
		width = max(width, len("#"+p.Name))
	}
	for _, p := range places {
		line := fmt.Sprintf("  %-*s  %s", width, "#"+p.Name, strings.Join(p.Members, ", "))
		if p.Topic != "" {
			line += "\n" + strings.Repeat(" ", width+4) + t.p.styled(dim, p.Topic)
		}
		t.p.print(line)
	}
}

// persons lists the people and where they stand.
func (t *talk) persons() {
	t.p.print("")
	for n, person := range t.s.people {
		t.p.print(fmt.Sprintf("  %-6s %-10s in %s", "@"+person.Name(), cast[n].RealName, t.at[person.Name()]))
	}
}

// choices names the options of a select.
func choices(options []blockkit.Choice) string {
	var all []string
	for _, o := range options {
		all = append(all, o.Text)
	}
	return strings.Join(all, ", ")
}
