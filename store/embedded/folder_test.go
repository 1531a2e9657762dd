package embedded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestModesAndOwners(t *testing.T) {
	t.Parallel()
	server := mustStart(t, Options{DataDir: filepath.Join(newBase(t), "deep", "er", "db")})
	account := server.folder.account
	must(t, account.canEnter(server.Dir()))
	if os.Geteuid() == 0 && !account.other() {
		t.Error("the server would run as root")
	}
	must(t, filepath.WalkDir(server.Dir(), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil // the living server renames and removes files
		}
		must(t, err)
		info, err := entry.Info()
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		must(t, err)
		if open := info.Mode().Perm() & 0o077; open != 0 {
			t.Errorf("%s is open to others: %v", path, info.Mode())
		}
		if owner := ownerOf(info); owner != account.uid && entry.Name() != lockName {
			t.Errorf("%s belongs to user %d, want %d", path, owner, account.uid)
		}
		return nil
	}))
	info, err := os.Stat(server.Dir())
	must(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has mode %v", info.Mode())
	}
}

func TestOtherMajorIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	for path, text := range map[string]string{lockName: "", "data/PG_VERSION": "9\n", "data/base/1/1255": "rows"} {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, path), []byte(text), 0o600))
	}
	before := listing(t, dir)
	_, err := Start(testContext(t), Options{DataDir: dir})
	var missing *NotFoundError
	if !errors.As(err, &missing) || missing.Major != 9 {
		t.Errorf("error %v", err)
	}
	wantError(t, err, "made by PostgreSQL 9", "left as it is", "pg_upgrade")
	if diff := cmp.Diff(before, listing(t, dir)); diff != "" {
		t.Errorf("the folder changed:\n%s", diff)
	}
}

func TestForeignFoldersAreRefusedUntouched(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(dir string) error{
		"is not empty": func(dir string) error { return os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644) },
		"open to all":  func(dir string) error { return os.Chmod(dir, 0o1777) },
		"not a folder": func(dir string) error {
			return errors.Join(os.Remove(dir), os.WriteFile(dir, nil, 0o644))
		},
		"is not a PostgreSQL database": func(dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, lockName), nil, 0o600), os.Mkdir(filepath.Join(dir, dataName), 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newDir(t)
			must(t, os.Mkdir(dir, 0o755))
			must(t, prepare(dir))
			before := listing(t, dir)
			_, err := Start(testContext(t), Options{DataDir: dir})
			wantError(t, err, name, dir)
			if name == "is not a PostgreSQL database" {
				return // by its lock the folder is ours, so its mode was put right
			}
			if diff := cmp.Diff(before, listing(t, dir)); diff != "" {
				t.Errorf("the folder changed:\n%s", diff)
			}
		})
	}
}

func TestLeftoverOfUnfinishedInitdbIsReplaced(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	must(t, os.MkdirAll(filepath.Join(dir, unfinishedPrefix+"123", "base"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, lockName), nil, 0o600))
	server := mustStart(t, Options{DataDir: dir})
	left, err := filepath.Glob(filepath.Join(server.Dir(), unfinishedPrefix+"*"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestPathTooLong(t *testing.T) {
	t.Parallel()
	base := newBase(t)
	fits := longestSocketPath - len("/"+socketName)
	dir := filepath.Join(base, strings.Repeat("x", fits-len(base)-1))
	_, err := Start(testContext(t), Options{DataDir: dir + "x"})
	wantError(t, err, "too long", "DATA_DIR")
	wantEmpty(t, base)

	copyTree(t, filledDir(t), dir)
	longest := mustStart(t, Options{DataDir: dir})
	if got := queryText(t, longest.URL(), "SELECT 'fits'"); got != "fits" {
		t.Errorf("got %q", got)
	}
}

func TestThrowaway(t *testing.T) {
	t.Parallel()
	base := newBase(t)
	dead := filepath.Join(base, throwawayPrefix+"DEAD")
	foreign := filepath.Join(base, throwawayPrefix+"FOREIGN")
	must(t, os.MkdirAll(filepath.Join(dead, "data"), 0o700))
	must(t, os.WriteFile(filepath.Join(dead, lockName), []byte("1\n"), 0o600))
	must(t, os.MkdirAll(foreign, 0o700))

	first := mustStart(t, Options{Throwaway: true, DataDir: base})
	second := mustStart(t, Options{Throwaway: true, DataDir: base})
	if _, err := os.Stat(dead); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the dead folder is still there: %v", err)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Errorf("a folder without our lock: %v", err)
	}
	if got := queryText(t, first.URL(), "SELECT 'alive'"); got != "alive" {
		t.Errorf("got %q", got)
	}
	must(t, errors.Join(first.Stop(), second.Stop(), os.Remove(foreign)))
	wantEmpty(t, base)
}

// listing describes everything in a folder: kind, mode, time, content.
func listing(t *testing.T, dir string) map[string]string {
	t.Helper()
	seen := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		must(t, err)
		info, err := entry.Info()
		must(t, err)
		seen[path] = info.Mode().String() + info.ModTime().String()
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			must(t, err)
			seen[path] += string(text)
		}
		return nil
	}))
	return seen
}
