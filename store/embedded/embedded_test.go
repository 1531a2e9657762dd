package embedded

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRestartKeepsData(t *testing.T) {
	t.Parallel()
	dir := filledDir(t)
	server := mustStart(t, Options{DataDir: dir})
	mustExec(t, server.URL(), "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')")

	address := server.URL()
	must(t, server.Restart(testContext(t)))
	if got := queryText(t, address, "SELECT word FROM kept"); got != "here" {
		t.Errorf("after Restart: %q", got)
	}

	must(t, server.Stop())
	again := mustStart(t, Options{DataDir: dir})
	if got := queryText(t, again.URL(), "SELECT word FROM kept"); got != "here" {
		t.Errorf("after Stop and Start: %q", got)
	}
	if again.URL() != address {
		t.Errorf("URL changed from %s to %s", address, again.URL())
	}
}

func TestServerSettings(t *testing.T) {
	t.Parallel()
	server := mustStart(t, Options{DataDir: newDir(t), MaxConnections: 17})
	for setting, want := range map[string]string{
		"listen_addresses": "", "max_connections": "17", "fsync": "off",
		"server_encoding": "UTF8", "lc_collate": "C", "logging_collector": "off",
	} {
		if setting == "lc_collate" {
			got := queryText(t, server.URL(), "SELECT datcollate::text FROM pg_database WHERE datname = current_database()")
			if got != want {
				t.Errorf("collation is %q, want %q", got, want)
			}
			continue
		}
		if got := queryText(t, server.URL(), "SHOW "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if got := queryText(t, server.URL(), "SELECT current_database() || ' ' || current_user"); got != "muster muster" {
		t.Errorf("connected as %q", got)
	}
}

func TestFsyncIsOnUnlessAskedOff(t *testing.T) {
	t.Parallel()
	server, err := Start(testContext(t), Options{Throwaway: true})
	must(t, err)
	if got := queryText(t, server.URL(), "SELECT current_setting('fsync') || current_setting('synchronous_commit') || current_setting('full_page_writes')"); got != "ononon" {
		t.Errorf("fsync, synchronous_commit, full_page_writes: %s", got)
	}
	must(t, server.Stop())
}

func TestPathWithBlanksAndQuotes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newBase(t), `My "Files" + 100%`)
	server := mustStart(t, Options{DataDir: dir})
	if got := queryText(t, server.URL(), "SELECT 'answer'"); got != "answer" {
		t.Errorf("got %q", got)
	}
	_, err := Start(testContext(t), Options{DataDir: dir + ","})
	wantError(t, err, "comma", "DATA_DIR")
}

func TestTwoOnOneFolder(t *testing.T) {
	t.Parallel()
	server := mustStart(t, Options{DataDir: filledDir(t)})
	_, err := Start(testContext(t), Options{DataDir: server.Dir()})
	wantError(t, err, "is in use by process", "DATA_DIR")
	if got := queryText(t, server.URL(), "SELECT 'unharmed'"); got != "unharmed" {
		t.Errorf("got %q", got)
	}
}

func TestStopEndsSessionsAndIsFinal(t *testing.T) {
	t.Parallel()
	server := mustStart(t, Options{DataDir: filledDir(t)})
	conn := mustConnect(t, server.URL())
	must(t, server.Stop())
	if err := conn.Ping(testContext(t)); err == nil {
		t.Error("the session outlived the server")
	}
	must(t, server.Stop())
	wantError(t, server.Restart(testContext(t)), "was stopped")
}

func TestWaitTellsOfDeath(t *testing.T) {
	t.Parallel()
	server := mustStart(t, Options{DataDir: filledDir(t)})
	asked, cancel := context.WithCancel(testContext(t))
	cancel()
	if err := server.Wait(asked); err != nil {
		t.Errorf("a living server: %v", err)
	}
	must(t, server.Restart(testContext(t)))
	if err := server.Wait(asked); err != nil {
		t.Errorf("a restarted server: %v", err)
	}
	must(t, server.process.command.Process.Signal(os.Interrupt))
	wantError(t, server.Wait(testContext(t)), "stopped by itself", "exit status 0", "shut down")
}

func TestCanceledStartLeavesNothing(t *testing.T) {
	t.Parallel()
	base := newBase(t)
	for _, cancelAt := range []string{"", "initdb-*/PG_VERSION", "data/postmaster.pid"} {
		ctx, cancel := context.WithCancel(testContext(t))
		if cancelAt == "" {
			cancel()
		} else {
			go cancelWhenThere(ctx, cancel, filepath.Join(base, throwawayPrefix+"*", cancelAt))
		}
		server, err := Start(ctx, Options{Throwaway: true, DataDir: base, NoFsync: true})
		if err == nil {
			// The start may win the race by a hair; then there is nothing to see.
			must(t, server.Stop())
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("at %q: %v", cancelAt, err)
		}
		<-ctx.Done()
		wantEmpty(t, base)
	}
}

func cancelWhenThere(ctx context.Context, cancel func(), pattern string) {
	defer cancel()
	for ctx.Err() == nil {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return
		}
	}
}

func TestFailedStartQuotesTheServer(t *testing.T) {
	t.Parallel()
	dir := filledDir(t)
	must(t, os.WriteFile(filepath.Join(dir, "data", "postgresql.conf"), []byte("wrong_setting = 1\n"), 0o600))
	_, err := Start(testContext(t), Options{DataDir: dir})
	wantError(t, err, "did not start", "wrong_setting")
}

func TestURLHasNoSecretAndParses(t *testing.T) {
	t.Parallel()
	address, err := url.Parse((&folder{path: "/a b/c&d"}).url("x"))
	must(t, err)
	if _, secret := address.User.Password(); secret || address.Query().Get("host") != "/a b/c&d" || address.Path != "/x" {
		t.Errorf("URL %s", address)
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, entry := range entries {
		t.Errorf("%s is left", entry.Name())
	}
}
