package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/user"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"muster/config"
	"muster/incident"
	"muster/store"
	"muster/store/embedded"
)

// declareLimit bounds a declaration from a terminal: a cron job must not hang.
const declareLimit = time.Minute

// declareCommand declares from a terminal, through the database alone: it works
// while Slack is down, and the running muster opens the channel when it can.
// The number goes to out.
func declareCommand(ctx context.Context, args []string, out, errs io.Writer) int {
	d, err := parseDeclare(args)
	if err != nil {
		return misused(errs, "declare", err)
	}
	cfg, err := config.LoadDatabase()
	if err != nil {
		return report(errs, err)
	}
	ctx, cancel := context.WithTimeout(ctx, declareLimit)
	defer cancel()
	return report(errs, declare(ctx, cfg, d, out, errs))
}

// declareOrder is what to declare.
type declareOrder struct {
	incident.Declaration
	// severity is the word for it, which may be a name that it has here.
	severity string
}

// parseDeclare reads the arguments; flags may stand before or after the title.
func parseDeclare(args []string) (declareOrder, error) {
	flags := flag.NewFlagSet("declare", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	severity := flags.String("severity", "", "")
	summary := flags.String("summary", "", "")
	var words []string
	for {
		if err := flags.Parse(args); err != nil {
			return declareOrder{}, err
		}
		if flags.NArg() == 0 {
			break
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
	d := incident.Declaration{
		Title: strings.Join(words, " "), Summary: *summary, Severity: incident.SEV4, By: incident.Terminal(account()),
		Origin: incident.Origin{Kind: incident.OriginTerminal, Key: "terminal:" + rand.Text()},
	}.Named().Fit()
	return declareOrder{d, cmp.Or(*severity, d.Severity.String())}, d.Check()
}

func account() string {
	if us, err := user.Current(); err == nil {
		return us.Username
	}
	return ""
}

func declare(ctx context.Context, cfg config.Config, o declareOrder, out, errs io.Writer) error {
	db, done, err := terminalStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer done()
	definitions, err := db.Definitions(ctx)
	if err != nil {
		return err
	}
	d := o.Declaration
	if d.Severity, err = definitions.FindSeverity(o.severity); err != nil {
		return &setupError{err.Error()}
	}
	i, made, err := incident.NewDesk(db, time.Now, incident.Rules{}).Declare(ctx, d, false)
	if err != nil {
		return err
	}
	if !made {
		fmt.Fprintf(errs, "muster: %s was declared %s ago and is still open.\n", i.Ref(), time.Since(i.DeclaredAt).Round(time.Second))
	}
	if _, err = fmt.Fprintln(out, i.Ref()); err != nil || !made {
		return err
	}
	tellAlike(ctx, db, i, errs)
	return nil
}

// tellAlike names what is open already and sounds like what was declared. It is only a
// hint: no answer of the database is none.
func tellAlike(ctx context.Context, db *store.Store, i *incident.Incident, errs io.Writer) {
	alike, err := db.Alike(ctx, i)
	if err != nil {
		return
	}
	for _, a := range alike {
		fmt.Fprintf(errs, "muster: %s %s sounds alike, and is open already: %s (if it is the same, /incident %d duplicate of %d)\n",
			incident.Ref(a.Number), a.SeverityName, a.Title, i.Number, a.Number)
	}
}

// terminalStore opens the database for one command. done must be called.
func terminalStore(ctx context.Context, cfg config.Config) (db *store.Store, done func(), err error) {
	dsn, stop, err := anyDatabase(ctx, cfg.Database)
	if err != nil {
		return nil, nil, err
	}
	stock, err := stockDefinitions("")
	if err == nil {
		db, _, err = openStore(ctx, dsn, stock, seams{})
	}
	done = func() {
		if db != nil {
			db.Close()
		}
		stop()
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return db, done, nil
}

// anyDatabase is database, but for the own one that a running muster has open:
// then that one is used.
func anyDatabase(ctx context.Context, cfg config.Database) (string, func(), error) {
	if !cfg.URL.IsZero() {
		return cfg.URL.Reveal(), func() {}, nil
	}
	dsn, err := embedded.Address(embedded.Options{DataDir: cfg.DataDir})
	if err != nil {
		return "", nil, err
	}
	db, err := store.Open(ctx, dsn)
	if err == nil {
		err = db.Ping(ctx)
		db.Close()
	}
	if err == nil {
		return dsn, func() {}, nil
	}
	dsn, server, started := database(ctx, cfg, zerolog.Nop())
	if started != nil {
		return "", nil, errors.Join(started, err)
	}
	return dsn, func() { _ = server.Stop() }, nil
}
