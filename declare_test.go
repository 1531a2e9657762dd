package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"muster/config"
	"muster/incident"
	"muster/sandbox/workspace"
	"muster/store"
)

// fromTerminal declares as the command does, in the world's database.
func (w *world) fromTerminal(args ...string) string {
	w.t.Helper()
	d, err := parseDeclare(args)
	w.do(err)
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	var out, errs bytes.Buffer
	w.do(declare(ctx, w.config(), d, &out, &errs))
	return strings.TrimSpace(out.String())
}

func TestStoryFromATerminalWhileSlackIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	// Nothing of muster's runs: what was declared waits in the database.
	if got := w.fromTerminal("checkout returns 500", "-severity", "sev2", "-summary", "since 14:00"); got != "INC-1" {
		t.Errorf("it prints %q", got)
	}
	if got := w.fromTerminal("-severity", "sev2", "checkout", "returns", "500"); got != "INC-1" {
		t.Errorf("the cron job's second run prints %q", got)
	}
	wrong, err := parseDeclare([]string{"db down", "-severity", "sev9"})
	w.do(err)
	var out, errs bytes.Buffer
	if err := declare(w.ctx, w.config(), wrong, &out, &errs); err == nil || !strings.Contains(err.Error(), "one of SEV1, SEV2") || out.Len() > 0 {
		t.Errorf("a severity that is none: %v, %s", err, out.String())
	}
	w.start(quick())
	w.shows("incidents", "SEV2")
	w.shows("incidents", "(terminal)")
	w.rest()
	w.shows("incidents", "since 14:00")
}

func TestDeclareArguments(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]string{{}, {"  "}, {"db down", "-loud"}} {
		if _, err := parseDeclare(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
		var out, errs bytes.Buffer
		if code := declareCommand(t.Context(), bad, &out, &errs); code != exitSetup || !strings.Contains(errs.String(), "usage: muster declare") {
			t.Errorf("%q: exit code %d, %s", bad, code, errs.String())
		}
	}
	d, err := parseDeclare([]string{strings.Repeat("x", 400), "-severity", "1"})
	if err != nil || d.severity != "1" || len(d.Summary) != 400 || !incident.AtTerminal(d.By) {
		t.Errorf("%+v, %v", d, err)
	}
	for severity, args := range map[string][]string{
		"SEV4": {"db", "down"}, "SEV2": {"sev2", "db down"}, "sev3": {"SEV-2: db down", "-severity", "sev3"},
	} {
		if d, err := parseDeclare(args); err != nil || d.Title != "db down" || d.severity != severity {
			t.Errorf("%q is %q of %q, %v", args, d.Title, d.severity, err)
		}
	}
}

// Without DATABASE_URL, a terminal finds the database that a muster has open, and
// opens it itself when none has.
func TestATerminalFindsTheOwnDatabase(t *testing.T) {
	t.Parallel()
	// The socket's path must be short, and the server's account may come in.
	dir, err := os.MkdirTemp("", "muster-own-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cfg := config.Config{Database: config.Database{DataDir: filepath.Join(dir, "db")}}
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	declares := func(title string) string {
		t.Helper()
		d, err := parseDeclare([]string{title})
		if err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		if err := declare(ctx, cfg, d, &out, &errs); err != nil {
			t.Fatalf("%v\n%s", err, errs.String())
		}
		return strings.TrimSpace(out.String())
	}
	dsn, server, err := database(ctx, cfg.Database, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Stop() }()
	if got := declares("db down"); got != "INC-1" {
		t.Errorf("beside a running muster it prints %q", got)
	}
	db, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	if i, err := db.Incident(ctx, 1); err != nil || i.Title != "db down" {
		t.Errorf("the running muster has %+v, %v", i, err)
	}
	db.Close()
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := declares("disk full"); got != "INC-2" {
		t.Errorf("while none runs it prints %q", got)
	}
}
