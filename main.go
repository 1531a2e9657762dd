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

func runCommand(ctx context.Context, errs io.Writer) int {
	cfg, err := config.Load()
	if err != nil {
		return report(errs, err)
	}
	log := newLog(cfg.Log, errs)
	for _, warning := range cfg.Warnings {
		log.Warn().Msg(warning.String())
	}
	log.Info().Str("version", builtFrom().version).Str("commit", builtFrom().commit).Msg("muster starts")
	if err := run(ctx, cfg, log, seams{}); err != nil {
		return report(errs, err)
	}
	log.Info().Msg("muster has stopped, as it was told")
	return 0
}

// report says an error to the operator and gives the exit code.
func report(errs io.Writer, err error) int {
	if err == nil {
		return 0
	}
	if why, ok := store.Unreachable(err); ok {
		fmt.Fprintf(errs, "muster: the database can't be reached (%s). Check that it runs, and host, port, user, password and database in DATABASE_URL\n", why)
		return exitFailed
	}
	fmt.Fprintln(errs, "muster:", err)
	switch {
	case is[*embedded.NotFoundError](err):
		return exitPostgreSQL
	case is[config.Problems](err), is[*setupError](err), is[*embedded.FolderError](err), is[*bot.TokenError](err),
		is[*store.NewerSchemaError](err), is[*store.UnfitError](err), errors.Is(err, store.ErrAddress):
		return exitSetup
	}
	return exitFailed
}

// is reports whether an error is, or wraps, one of the kind E.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
