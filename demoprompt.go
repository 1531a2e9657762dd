package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"muster/sandbox/workspace"
)

// talk is the demo at the prompt: the terminal speaks for one person at a time.
type talk struct {
	ctx context.Context
	*screen
	who *workspace.Person
	// at is where each person stands; forms is what each had open at last.
	at, forms map[string]string
}

var errQuit = errors.New("quit")

// prompt obeys lines until there are no more, somebody quits, or ctx ends.
func prompt(ctx context.Context, s *stage, p *painter, in io.Reader) error {
	t := &talk{ctx: ctx, screen: newScreen(s, p), who: s.people[0], at: map[string]string{}, forms: map[string]string{}}
	for _, person := range s.people {
		t.at[person.Name()] = "#general"
	}
	if err := t.opening(); err != nil {
		return err
	}
	t.help()
	read, lines := 0, readLines(ctx, in)
	for ctx.Err() == nil {
		t.ask()
		select {
		case <-ctx.Done():
		case err := <-s.ended():
			s.muster = nil
			return fmt.Errorf("muster ended by itself: %w", err)
		case line, more := <-lines:
			if !more && read == 0 && s.filled {
				// Nobody is at a terminal: the page is what people came for.
				lines = nil
				continue
			}
			if !more {
				p.print("")
				return nil
			}
			read++
			if !interactive(in) {
				p.print(line)
			}
			if err := t.obey(line); errors.Is(err, errQuit) {
				return nil
			} else if err != nil {
				p.print("  ! " + err.Error())
			}
		}
	}
	p.print("")
	return nil
}

// readLines hands on what is read from in, and closes the channel at its end.
// A read from a terminal can't be interrupted: then the reader ends with the
// process.
func readLines(ctx context.Context, in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(in)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// interactive says whether somebody types, and so sees what they type.
func interactive(in io.Reader) bool {
	file, ok := in.(*os.File)
	return ok && terminal(file)
}

func (t *talk) ask() {
	fmt.Fprint(t.p.out, "\n"+t.p.styled(bold, t.who.Name())+t.p.styled(dim, " in "+t.where()+"> "))
}

// where the person who acts stands.
func (t *talk) where() string { return t.at[t.who.Name()] }

// opening sets the stage: an alert, and an incident that runs already.
func (t *talk) opening() error {
	lee := t.s.people[2]
	if t.s.filled {
		for _, person := range t.s.people {
			t.look(person, "dm")
			for _, place := range t.s.Places(person.Name()) {
				t.look(person, "#"+place.Name)
			}
		}
		t.forget("#incidents")
		t.p.sees("#incidents", t.look(lee, "#incidents"))
		return nil
	}
	if err := t.s.alert("SearchLatency firing", "p95 of GET /search is 4.1 s (eu-west)"); err != nil {
		return err
	}
	t.p.does("Monitoring", "posts in #alerts:", "SearchLatency firing", "")
	t.p.does("Lee", "types in #alerts", "/incident new search is slow", "")
	if _, err := lee.Slash(t.ctx, "#alerts", "/incident new search is slow"); err != nil {
		return err
	}
	if err := lee.AwaitSees(t.ctx, "#incidents", "[ Join channel ]"); err != nil {
		return err
	}
	t.s.quiet(t.ctx)
	t.p.sees("#incidents", t.look(lee, "#incidents"))
	// Lee was there and has seen the rest.
	for _, place := range t.s.Places(lee.Name()) {
		t.look(lee, "#"+place.Name)
	}
	return nil
}

func (t *talk) help() {
	t.p.print("",
		"  You act for @ana, @bo and @lee in a Slack that only lives here; muster answers. Try:",
		"",
		"    @ana /incident new checkout is down    a slash command, where Ana stands",
		"    in #inc-2                              go to a channel; the beginning of its name will do",
		"    click Severity                         a button; click Claim on Technical lead says which",
		"    fill Severity = SEV2                   a field of the form that opened; then submit, or close",
		"    @bo in #inc-2                          another person; who is named last is meant from then on",
		"    say I am on it                         an ordinary message",
		"    see, see #incidents, see dm            look at the channel, at another one, at direct messages",
		"    shortcut Declare an incident           what Slack's search bar offers",
		"    react rotating_light on Payment        an emoji on a message; pin, and shortcut … on, work alike",
		"    wait 31m                               let time pass; what is due then happens",
		"    crash                                  kill muster, and start it again",
		"    channels, people, dump, help, quit")
}

// actLimit is how long an act may take that needs something which is not there.
const actLimit = 1500 * time.Millisecond

// obey does what a line says and shows what changed by it.
func (t *talk) obey(line string) error {
	o, err := parseOrder(line)
	if err != nil {
		return err
	}
	if o.who != "" {
		if err := t.become(o.who); err != nil {
			return err
		}
	}
	written := t.p.lines
	ctx, cancel := context.WithTimeout(t.ctx, actLimit)
	defer cancel()
	switch o.verb {
	case "":
		return nil
	case "quit":
		return errQuit
	case "help":
		t.help()
		return nil
	case "channels":
		t.channels()
		return nil
	case "people":
		t.persons()
		return nil
	case "dump":
		t.p.print("", strings.TrimSpace(t.s.Dump()))
		return nil
	case "see":
		return t.see(o.words)
	case "in":
		return t.move(o.words)
	case "crash":
		err = t.crash()
	case "wait":
		err = t.wait(o.words)
	default:
		err = t.act(ctx, o)
	}
	if err != nil {
		return err
	}
	t.news()
	if t.p.lines == written {
		t.p.print("  (nothing new to see)")
	}
	return nil
}

// become makes the person with this name the one who acts.
func (t *talk) become(name string) error {
	var all []string
	for _, person := range t.s.people {
		if person.Name() == name {
			t.who = person
			return nil
		}
		all = append(all, "@"+person.Name())
	}
	return fmt.Errorf("nobody is called @%s here; there are %s", name, strings.Join(all, ", "))
}
