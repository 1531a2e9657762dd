// Command muster runs incidents from Slack: it hears people over Socket Mode,
// remembers in PostgreSQL, and keeps channels, cards and the digest true.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/rs/zerolog"

	"muster/bot"
	"muster/config"
	"muster/store"
	"muster/store/embedded"
)

// Exit codes. Anything that an operator has to mend before a restart helps is
// exitSetup, so that supervisors can tell it from a crash.
const (
	exitFailed     = 1
	exitSetup      = 2
	exitPostgreSQL = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

const usage = `muster runs incidents from Slack.

  muster            connect to Slack and work; configured by the environment
  muster demo       the whole product on this machine, without a Slack account
  muster demo -play the same, told as a story that ends by itself
  muster demo -play cadence
                    the story of the reminders
  muster declare "checkout returns 500" [-severity sev2] [-summary text]
                    declare through the database, also while Slack is down
  muster health     ask the muster on this machine whether it can work, by
                    HEALTH_ADDR; exit code 1 if it can't
  muster manifest   print the Slack app manifest to create the app from
  muster help       print this
`

// command runs what the arguments ask for and gives the exit code.
func command(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	name := "run"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "demo":
		return demoCommand(ctx, args, in, out, errs)
	case "declare":
		return declareCommand(ctx, args, out, errs)
	case "health":
		return healthCommand(ctx, args, out, errs)
	case childCommand:
		return runChild(ctx, in, out, errs)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(out, usage)
		return 0
	}
	if len(args) > 0 {
		return unknown(errs, args[0])
	}
	switch name {
	case "run":
		return runCommand(ctx, errs)
	case "manifest":
		_, _ = out.Write(bot.Manifest)
		return 0
	}
	return unknown(errs, name)
}

func unknown(errs io.Writer, word string) int {
	fmt.Fprintf(errs, "muster: there is no %q\n\n%s", word, usage)
	return exitSetup
}

func runCommand(ctx context.Context, errs io.Writer) int {
	cfg, err := config.Load()
	if err != nil {
		return report(errs, err)
	}
	log := newLog(cfg.Log, errs)
	for _, warning := range cfg.Warnings {
		log.Warn().Msg(warning.String())
	}
	return report(errs, run(ctx, cfg, log, seams{}))
}

// report says an error to the operator and gives the exit code.
func report(errs io.Writer, err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(errs, "muster:", err)
	if _, ok := errors.AsType[*embedded.NotFoundError](err); ok {
		return exitPostgreSQL
	}
	if _, ok := errors.AsType[config.Problems](err); ok {
		return exitSetup
	}
	if _, ok := errors.AsType[*setupError](err); ok {
		return exitSetup
	}
	if _, ok := errors.AsType[*bot.TokenError](err); ok {
		return exitSetup
	}
	if _, ok := errors.AsType[*store.NewerSchemaError](err); ok {
		return exitSetup
	}
	return exitFailed
}

// newLog writes JSON lines, or readable ones to a terminal.
func newLog(c config.Log, out io.Writer) zerolog.Logger {
	level, err := zerolog.ParseLevel(c.Level)
	if err != nil {
		level = zerolog.InfoLevel
	}
	if c.Format == "console" || c.Format == "" && terminal(out) {
		out = zerolog.ConsoleWriter{Out: out, TimeFormat: "15:04:05.000", NoColor: !terminal(out)}
	}
	return zerolog.New(out).Level(level).With().Timestamp().Logger()
}

func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
