package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakePostgres makes a folder whose postgres only tells its version.
func fakePostgres(t *testing.T, dir, version string) string {
	t.Helper()
	must(t, os.MkdirAll(dir, 0o755))
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version)
	must(t, os.WriteFile(filepath.Join(dir, "postgres"), []byte(script), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "initdb"), nil, 0o755))
	return dir
}

func TestFind(t *testing.T) {
	t.Parallel()
	base := newBase(t)
	current := fakePostgres(t, filepath.Join(base, "17"), "17.2 (Debian 17.2-1)")
	beta := fakePostgres(t, filepath.Join(base, "19"), "19beta1")
	old := fakePostgres(t, filepath.Join(base, "13"), "13.9")
	odd := fakePostgres(t, filepath.Join(base, "odd"), "")
	client := filepath.Join(base, "client")
	must(t, os.Mkdir(client, 0o755))
	must(t, os.Symlink(filepath.Join(current, "postgres"), filepath.Join(client, "postgres")))
	bare := fakePostgres(t, filepath.Join(base, "bare"), "17.2")
	must(t, os.Remove(filepath.Join(bare, "initdb")))

	for _, test := range []struct {
		name  string
		dir   string
		major int
		want  Programs
		unfit string
	}{
		{"any", current, 0, Programs{current, 17}, ""},
		{"the major of the data", current, 17, Programs{current, 17}, ""},
		{"a beta", beta, 0, Programs{beta, 19}, ""},
		{"a link leads home", client, 0, Programs{current, 17}, ""},
		{"another major", current, 16, Programs{}, "is PostgreSQL 17"},
		{"too old", old, 0, Programs{}, "is PostgreSQL 13"},
		{"the data is old too", old, 13, Programs{old, 13}, ""},
		{"without initdb", bare, 0, Programs{}, "has no initdb"},
		{"no version", odd, 0, Programs{}, "for its version"},
		{"nothing there", base, 0, Programs{}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := Find(test.dir, test.major)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if test.want.Dir != "" {
				must(t, err)
				return
			}
			var missing *NotFoundError
			if !errors.As(err, &missing) {
				t.Fatalf("error %v", err)
			}
			wantError(t, err, test.dir, "PG_BINDIR", "DATABASE_URL", "docker", test.unfit)
		})
	}
}

func TestNewestFirst(t *testing.T) {
	t.Parallel()
	base := newBase(t)
	for _, major := range []string{"9", "17", "16"} {
		fakePostgres(t, filepath.Join(base, major, "bin"), major)
	}
	got := strings.Join(newestFirst(filepath.Join(base, "*", "bin")), " ")
	want := strings.ReplaceAll("B/17/bin B/16/bin B/9/bin", "B", base)
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNotFoundLeavesNoFolder(t *testing.T) {
	t.Parallel()
	base := newBase(t)
	_, err := Start(testContext(t), Options{DataDir: filepath.Join(base, "db"), BinDir: base})
	var missing *NotFoundError
	if !errors.As(err, &missing) || missing.BinDir != base {
		t.Errorf("error %v", err)
	}
	wantEmpty(t, base)
}
