package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/incident"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// act begins a part of the story at a time of its day.
func (t *tale) act(hour, minute int, title string) {
	t.do(func() error {
		t.s.clock.set(t.day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute))
		when := fmt.Sprintf("%d:%02d", hour%24, minute)
		if hour >= 24 {
			when = fmt.Sprintf("%d days later, %s", hour/24, when)
		}
		t.p.act(when, title)
		return nil
	})
}

func (t *tale) say(sentence string) {
	t.do(func() error { t.p.say(sentence); return nil })
}

// types is a slash command that muster must acknowledge.
func (t *tale) types(who *workspace.Person, channel, line string) {
	t.do(func() error {
		t.p.does(firstName(who), "types in "+channel, line, "")
		_, err := who.Slash(t.ctx, channel, line)
		return err
	})
}

// says is an ordinary message.
func (t *tale) says(who *workspace.Person, channel, text string) {
	t.do(func() error {
		t.p.does(firstName(who), "says in "+channel, text, "")
		return who.Says(t.ctx, channel, text)
	})
}

// reacts adds an emoji to a message.
func (t *tale) reacts(who *workspace.Person, channel, containing, emoji, whose string) {
	t.do(func() error {
		t.p.does(firstName(who), "adds", ":"+emoji+":", "to "+whose)
		return who.React(t.ctx, channel, containing, emoji)
	})
}

// kept waits until a message with the words is in an incident's timeline: Slack
// shows it to programs a moment late.
func (t *tale) kept(number int64, words string) {
	t.do(func() error {
		in := func(e incident.Entry) bool {
			return e.Kind == incident.EntryMessage && strings.Contains(e.Text, words)
		}
		look := time.NewTicker(50 * time.Millisecond)
		defer look.Stop()
		for {
			timeline, err := t.s.db.Timeline(t.ctx, number)
			if err != nil || slices.ContainsFunc(timeline, in) {
				return err
			}
			select {
			case <-look.C:
			case <-t.ctx.Done():
				return t.ctx.Err()
			}
		}
	})
}

func (t *tale) clicks(who *workspace.Person, channel, label, where string) {
	t.do(func() error {
		t.p.does(firstName(who), "clicks", "[ "+label+" ]", where)
		return who.Click(t.ctx, channel, label)
	})
}

// joins follows the link of the digest message.
func (t *tale) joins(who *workspace.Person) {
	t.do(func() error {
		t.p.does(firstName(who), "clicks in #incidents", "[ Join channel ]", "")
		return errors.Join(who.Click(t.ctx, "#incidents", "Join channel"), t.s.Join(who.Name(), storyRoom))
	})
}

// form waits for the form that a click opened, and shows it.
func (t *tale) form(who *workspace.Person, words string) {
	t.do(func() error {
		form, err := who.AwaitForm(t.ctx, words)
		if err != nil {
			return err
		}
		t.p.sees("A form opens", t.p.legible(form.Text()))
		return nil
	})
}

// fills enters values in the open form, each behind its label, and sends it.
func (t *tale) fills(who *workspace.Person, fields ...string) {
	t.do(func() error {
		form, err := who.Form(t.ctx)
		if err != nil {
			return err
		}
		for n := 0; n+1 < len(fields); n += 2 {
			then := ""
			if n+2 == len(fields) {
				then = "and sends the form"
			}
			t.p.does(firstName(who), "enters", fields[n]+" = "+fields[n+1], then)
			if err := form.Fill(fields[n], fields[n+1]); err != nil {
				return err
			}
		}
		outcome, err := form.Submit(t.ctx)
		if err == nil && !outcome.Closed {
			err = fmt.Errorf("expected the form to close; it says %v:\n%s", outcome.Errors, form.Text())
		}
		return err
	})
}

// sees waits until all the words are there and nothing more happens, and prints
// what changed.
func (t *tale) sees(who *workspace.Person, channel, heading string, words ...string) {
	t.skip(who, channel, words...)
	t.do(func() error {
		t.p.sees(heading, t.look(who, channel))
		return nil
	})
}

// skip waits like sees, and leaves what changed for a later look.
func (t *tale) skip(who *workspace.Person, channel string, words ...string) {
	for _, w := range words {
		t.do(func() error { return who.AwaitSees(t.ctx, channel, w) })
	}
	t.do(func() error { t.s.quiet(t.ctx); return nil })
}

// pass waits like sees, and shows nothing of it, now or later.
func (t *tale) pass(who *workspace.Person, channel string, words ...string) {
	t.skip(who, channel, words...)
	t.do(func() error { t.look(who, channel); return nil })
}

// page shows the page with a title as plain text.
func (t *tale) page(title string) {
	t.do(func() error {
		for _, page := range t.s.wiki.Pages() {
			if page.Title == title {
				t.p.sees(title, wiki.Draw(t.p.timesOfDay(page.Body), pageWidth-7))
				return nil
			}
		}
		return fmt.Errorf("expected a page %q", title)
	})
}

// refused is a command that must fail because muster is not there.
func (t *tale) refused(who *workspace.Person, channel, line string) {
	t.do(func() error {
		t.p.does(firstName(who), "types in "+channel, line, "")
		_, err := who.Slash(t.ctx, channel, line)
		if !errors.Is(err, workspace.ErrNoSocket) {
			return fmt.Errorf("expected Slack to say that muster does not answer, not %w", err)
		}
		t.p.sees("Slackbot, only for "+firstName(who), []string{"/incident failed because the app did not respond."})
		return nil
	})
}

// unchanged fails if a person sees anything new.
func (t *tale) unchanged(who *workspace.Person, channels ...string) {
	for _, channel := range channels {
		t.do(func() error {
			if news := t.look(who, channel); len(news) > 0 {
				return fmt.Errorf("expected nothing new in %s; seen:\n%s", channel, strings.Join(news, "\n"))
			}
			return nil
		})
	}
}

// firstName is how the story calls a person.
func firstName(who *workspace.Person) string {
	for _, u := range cast {
		if u.Name == who.Name() {
			name, _, _ := strings.Cut(u.RealName, " ")
			return name
		}
	}
	return who.Name()
}
