package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// demoCommand is `muster demo`: the whole product on this machine, in a
// make-believe Slack and with a database that is thrown away. The program is the
// one that an operator runs; only its waits are shorter. With -play a story runs
// to its end; without, the terminal speaks for the people.
func demoCommand(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	flags := flag.NewFlagSet("muster demo", flag.ContinueOnError)
	flags.SetOutput(errs)
	play := flags.Bool("play", false, "tell a story that ends by itself")
	logged := flags.Bool("log", false, "write muster's own log to standard error")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitSetup
	case flags.NArg() > 0:
		return unknown(errs, "demo "+flags.Arg(0))
	}
	log := io.Discard
	if *logged {
		log = errs
	}
	return report(errs, demo(ctx, *play, in, out, log))
}

// demo opens the stage, plays on it, and clears it away whatever happens.
func demo(ctx context.Context, play bool, in io.Reader, out, log io.Writer) (err error) {
	began := time.Now()
	clock := &demoClock{}
	p := newPainter(out)
	if play {
		clock.set(storyDay())
		p.zone = time.UTC
	}
	s, err := openStage(ctx, clock, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	p.title("muster demo", fmt.Sprintf("ready in %s", seconds(time.Since(began))))
	if play {
		return tell(ctx, s, p)
	}
	return prompt(ctx, s, p, in)
}

// seconds says a time that a person waited for, such as "1.2 s".
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// colourful says whether out is a terminal whose owner has nothing against
// colour (https://no-color.org).
func colourful(out io.Writer) bool {
	return terminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
