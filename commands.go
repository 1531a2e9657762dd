package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"muster/bot"
	"muster/config"
	"muster/store"
)

// streams are what a command reads and writes.
type streams struct {
	in        io.Reader
	out, errs io.Writer
}

// verb is one command of the terminal.
type verb struct {
	name string
	// args is what may follow, as the help shows it.
	args string
	// does says in one line what it does, and more what else there is to know:
	// flags, exit codes, variables.
	does, more string
	// takes is whether run looks at the arguments; else none may be given.
	takes bool
	run   func(ctx context.Context, args []string, s streams) int
}

// verbs are all commands in the order of the help.
func verbs() []verb {
	return []verb{
		{name: "run", does: "connect to Slack and work; the same as muster alone", more: `Configured by the environment; docs/configuration.md lists the variables, docs/setup.md says
how to begin. It ends by SIGINT or SIGTERM, after the calls in hand.

Exit codes: 0 it was told to end; 1 it failed, start it again; 2 something has to be
mended first, which is said in a sentence each; 3 there is no PostgreSQL to run.`,
			run: func(ctx context.Context, _ []string, s streams) int { return runCommand(ctx, s.errs) }},
		{name: "doctor", does: "check all that muster needs, with a remedy for each fault", more: `Tokens, scopes (missing ones and ones too many), Socket Mode, digest channel, user group,
database and schema, Confluence's space, parent page and permission, templates, clocks. It
changes nothing, and may run beside muster.

Exit codes: 0 muster can work; 2 something has to be mended.`,
			run: func(ctx context.Context, _ []string, s streams) int { return doctorCommand(ctx, s.out, s.errs) }},
		{name: "declare", args: `"what is wrong" [-severity sev2] [-summary "what is known"]`, takes: true,
			does: "declare through the database, also while Slack is down", more: `The running muster opens the channel as soon as it can. The number goes to standard output.

  -severity sev2    sev1 to sev4; without it sev4, or what the title begins with
  -summary text     what is known so far

Exit codes: 0 declared; 1 the database can't be reached; 2 that is no declaration.`,
			run: func(ctx context.Context, args []string, s streams) int {
				return declareCommand(ctx, args, s.out, s.errs)
			}},
		{name: "export", args: "[-since 2026-01-31] [-format csv|json|md] [-private] [-o file]", takes: true,
			does: "write incidents down, through the database", more: `One after the other, by number; people by the names that muster knows. docs/export.md tells the columns.

  -since day        those declared on that day (UTC) or later; without it all
  -format f         csv (a table), json (an array) or md (a document); csv without it
  -private          private ones, too
  -o file           where to; standard output without it

Exit codes: 0 written; 1 the database can't be reached; 2 that is no order.`,
			run: func(ctx context.Context, args []string, s streams) int {
				return exportCommand(ctx, args, s.out, s.errs)
			}},
		{name: "demo", args: "[-play [cadence]] [-log]", takes: true,
			does: "the whole product on this machine, without a Slack account", more: `A make-believe Slack, a throwaway PostgreSQL and the real bot. Open the address that it prints
and be any of the people, or type as them here.

  -play             tell a story that ends by itself; -play cadence tells the one of the
                    reminders
  -log              write muster's own log to standard error`,
			run: func(ctx context.Context, args []string, s streams) int {
				return demoCommand(ctx, args, s.in, s.out, s.errs)
			}},
		{name: "health", does: "ask the muster on this machine whether it can work", more: `It asks /readyz at HEALTH_ADDR, for the health checks of containers.

Exit codes: 0 it is ready; 1 it is not, or nothing answers; 2 HEALTH_ADDR is not set.`,
			run: func(ctx context.Context, _ []string, s streams) int { return healthCommand(ctx, s.out, s.errs) }},
		{name: "migrate", does: "bring the database's schema up to date, and end", more: `muster does so by itself at each start. By hand it is for a user who may make tables, where
the one that muster runs as may not. Any number may run at once: one works.

Exit codes: 0 it is up to date; 1 it failed; 2 DATABASE_URL is not set or wrong.`,
			run: func(ctx context.Context, _ []string, s streams) int { return migrateCommand(ctx, s) }},
		{name: "manifest", does: "print the Slack app manifest to create the app from", more: `Each scope says why it is asked for. Paste it at https://api.slack.com/apps, Create New App,
From a manifest; for an app that exists, under App Manifest, and install it again.`,
			run: func(_ context.Context, _ []string, s streams) int { _, _ = s.out.Write(bot.Manifest); return 0 }},
		{name: "version", does: "print what this program was built from", more: "The version, the commit, and Go's.",
			run: func(_ context.Context, _ []string, s streams) int {
				b := builtFrom()
				fmt.Fprintf(s.out, "muster %s (commit %s, %s)\n", b.version, b.commit, b.goVersion)
				return 0
			}},
		{name: "help", args: "[command]", takes: true, does: "print this, or all about one command"},
	}
}

func findVerb(name string) (verb, bool) {
	for _, v := range verbs() {
		if v.name == name {
			return v, true
		}
	}
	return verb{}, false
}

// isHelp reports a word that asks for help.
func isHelp(word string) bool { return word == "-h" || word == "-help" || word == "--help" }

// command runs what the arguments ask for and gives the exit code.
func command(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	s := streams{in, out, errs}
	name := "run"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch {
	case name == childCommand:
		return runChild(ctx, in, out, errs)
	case isHelp(name):
		return helpCommand(args, s)
	}
	v, known := findVerb(name)
	switch {
	case !known:
		return unknown(errs, name)
	case name == "help":
		return helpCommand(args, s)
	case slices.ContainsFunc(args, isHelp):
		return helpCommand([]string{name}, s)
	case len(args) > 0 && !v.takes:
		fmt.Fprintf(errs, "muster: %s takes no %q\n\n%s", name, args[0], about(v))
		return exitSetup
	}
	return v.run(ctx, args, s)
}

func unknown(errs io.Writer, word string) int {
	fmt.Fprintf(errs, "muster: there is no %q\n\n%s", word, usage())
	return exitSetup
}

// usage lists the commands.
func usage() string {
	var text strings.Builder
	text.WriteString("muster runs incidents from Slack.\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(&text, "  muster %-10s %s\n", v.name, v.does)
	}
	text.WriteString("\nmuster help COMMAND says all about one.\n")
	return text.String()
}

// usage says how a command is called.
func (v verb) usage() string { return strings.TrimSpace("usage: muster " + v.name + " " + v.args) }

// misused says what is wrong with a command's arguments, and gives the exit code.
func misused(errs io.Writer, name string, err error) int {
	v, _ := findVerb(name)
	words := err.Error()
	if unknown, ok := strings.CutPrefix(words, unknownFlag); ok {
		words = fmt.Sprintf("%s takes no %q", name, unknown)
	}
	fmt.Fprintf(errs, "muster: %s\n%s\n", words, v.usage())
	return exitSetup
}

// unknownFlag begins what the library says of a flag that it does not know.
const unknownFlag = "flag provided but not defined: "

// about says all about one command.
func about(v verb) string {
	text := v.usage() + "\n\n" + strings.ToUpper(v.does[:1]) + v.does[1:] + ".\n"
	if v.more != "" {
		text += "\n" + v.more + "\n"
	}
	return text
}

func helpCommand(args []string, s streams) int {
	if len(args) == 0 {
		fmt.Fprint(s.out, usage())
		return 0
	}
	v, known := findVerb(args[0])
	if !known || len(args) > 1 {
		return unknown(s.errs, args[len(args)-1])
	}
	fmt.Fprint(s.out, about(v))
	return 0
}

// migrateCommand brings the configured database up to date. An own PostgreSQL is
// brought up to date by whoever runs it.
func migrateCommand(ctx context.Context, s streams) int {
	cfg, err := config.LoadDatabase()
	if err != nil {
		return report(s.errs, err)
	}
	if cfg.Database.URL.IsZero() {
		return report(s.errs, setupErrorf("DATABASE_URL is not set: muster brings a PostgreSQL of its own up to date when it starts"))
	}
	return migrate(ctx, cfg.Database.URL.Reveal(), s)
}

func migrate(ctx context.Context, dsn string, s streams) int {
	if err := store.Migrate(ctx, dsn); err != nil {
		return report(s.errs, err)
	}
	f, err := store.Inspect(ctx, dsn)
	if err != nil {
		return report(s.errs, err)
	}
	fmt.Fprintf(s.out, "the database has schema %d\n", f.Have)
	return 0
}
