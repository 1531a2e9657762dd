package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"muster/incident"
	"muster/sandbox/workspace"
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
	w.start(quick())
	w.shows("incidents", "SEV2")
	w.shows("incidents", "(terminal)")
	w.rest()
	w.shows("incidents", "since 14:00")
}

func TestDeclareArguments(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]string{{}, {"  "}, {"db down", "-severity", "sev9"}, {"db down", "-loud"}} {
		if _, err := parseDeclare(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
		var out, errs bytes.Buffer
		if code := declareCommand(t.Context(), bad, &out, &errs); code != exitSetup || !strings.Contains(errs.String(), "usage: muster declare") {
			t.Errorf("%q: exit code %d, %s", bad, code, errs.String())
		}
	}
	d, err := parseDeclare([]string{strings.Repeat("x", 400), "-severity", "1"})
	if err != nil || d.Severity != incident.SEV1 || len(d.Summary) != 400 || !incident.AtTerminal(d.By) {
		t.Errorf("%+v, %v", d, err)
	}
}
