package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"muster/config"
)

// demoCommand is `muster demo`: the whole product on this machine, in a
// make-believe Slack and with a database that is thrown away. The program is the
// one that an operator runs; only its waits are shorter. With -play a story runs
// to its end; without, the terminal speaks for the people.
func demoCommand(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	flags := flag.NewFlagSet("muster demo", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	play := flags.Bool("play", false, "")
	logged := flags.Bool("log", false, "")
	switch err := flags.Parse(args); {
	case err != nil:
		return misused(errs, "demo", err)
	case flags.NArg() > 1 || flags.NArg() == 1 && (!*play || flags.Arg(0) != "cadence"):
		fmt.Fprintf(errs, "muster: demo takes no %q: muster demo -play tells a story, muster demo -play cadence the one of the reminders\n", flags.Arg(flags.NArg()-1))
		return exitSetup
	}
	what := show{timers: demoTimers(os.Getenv), lively: true}
	switch {
	case flags.NArg() == 1:
		what = show{story: tellCadence, timers: demoTimers(nobody)}
	case *play:
		what = show{story: tell}
	}
	log := io.Discard
	if *logged {
		log = errs
	}
	return report(errs, demo(ctx, what, in, out, log))
}

// show is what is played on the stage.
type show struct {
	// story is told, or nil for people who type.
	story func(ctx context.Context, s *stage, p *painter) error
	// lively fills the workspace before people come, and leaves the opening of the
	// prompt out.
	lively bool
	// timers are settings of muster's, of which only the timers are set.
	timers config.Environment
}

// nobody sets anything.
func nobody(string) string { return "" }

// demoTimers are muster's timers as the environment sets them, but for a clock that
// is looked at often: nobody at the prompt waits for it.
func demoTimers(getenv func(string) string) config.Environment {
	e := config.Environment{
		ReminderFirstAfter: getenv("REMINDER_FIRST_AFTER"), ReminderEvery: getenv("REMINDER_EVERY"),
		StaleAfter: getenv("STALE_AFTER"), StaleEvery: getenv("STALE_EVERY"),
		CommanderPromptAfter: getenv("COMMANDER_PROMPT_AFTER"), SchedulerTick: getenv("SCHEDULER_TICK"),
	}
	if e.SchedulerTick == "" {
		e.SchedulerTick = "200ms"
	}
	return e
}

// demo opens the stage, plays on it, and clears it away whatever happens.
func demo(ctx context.Context, what show, in io.Reader, out, log io.Writer) (err error) {
	began := time.Now()
	clock := &demoClock{}
	p := newPainter(out)
	switch {
	case what.story != nil:
		clock.set(storyDay())
		p.zone = time.UTC
	case what.lively:
		clock.set(time.Now().Add(-livelyBefore))
	}
	s, err := openStage(ctx, clock, what.timers, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if what.story != nil {
		p.title("muster demo", fmt.Sprintf("ready in %s", seconds(time.Since(began))))
		return what.story(ctx, s, p)
	}
	open := s.page
	if what.lively {
		open = s.openPage
	}
	page, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, page.Close()) }()
	p.title("muster demo", fmt.Sprintf("ready in %s", seconds(time.Since(began))))
	p.print("", "  Open "+p.styled(bold, page.URL())+" in a browser.")
	return prompt(ctx, s, p, in)
}

// seconds says a time that a person waited for, such as "1.2 s".
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// colourful says whether out is a terminal whose owner has nothing against
// colour (https://no-color.org).
func colourful(out io.Writer) bool {
	return terminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
