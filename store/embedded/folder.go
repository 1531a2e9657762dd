package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// A folder holds these. The port is only a part of the socket's name: nothing
// listens on TCP.
const (
	dataName   = "data"
	socketName = ".s.PGSQL.5432"
)

// longestSocketPath is the system's limit: 107 bytes on Linux, 103 on macOS.
const longestSocketPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// folder is a place on disk that we hold the lock of: <path>/data is PostgreSQL's
// data folder, beside it lie the lock, the socket and the access rules.
type folder struct {
	path      string
	throwaway bool
	account   account
	lock      *os.File
}

func (f *folder) data() string { return filepath.Join(f.path, dataName) }

// DefaultDataDir is where the lasting database of this account lives:
// /var/lib/muster/postgres for root, else in the account's data folder.
func DefaultDataDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/muster/postgres", nil
	}
	if base := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(base) {
		return filepath.Join(base, "muster", "postgres"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the database (DATA_DIR names one): %w", err)
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "muster", "postgres"), nil
	}
	return filepath.Join(home, ".local", "share", "muster", "postgres"), nil
}

// place returns the absolute folder that the options lead to.
func (o Options) place() (string, error) {
	if o.Throwaway {
		return throwawayPath(o.DataDir)
	}
	if o.DataDir != "" {
		return filepath.Abs(o.DataDir)
	}
	return DefaultDataDir()
}

// majorOf returns the major version of the database in a folder, 0 if none.
func majorOf(path string) int {
	text, err := os.ReadFile(filepath.Join(path, dataName, "PG_VERSION"))
	if err != nil {
		return 0
	}
	major, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return major
}

// openFolder makes the folder if need be, checks that it is ours, and locks it.
func openFolder(ctx context.Context, path string, throwaway bool) (*folder, error) {
	if socket := filepath.Join(path, socketName); len(socket) > longestSocketPath {
		return nil, folderErrorf("the folder's path is too long for a unix socket: %s has %d bytes, at most %d work: choose a shorter DATA_DIR", socket, len(socket), longestSocketPath)
	}
	if strings.Contains(path, ",") {
		return nil, folderErrorf("the folder %s has a comma in its path, which separates hosts in PostgreSQL's addresses: choose another DATA_DIR", path)
	}
	account, err := serverAccount(path)
	if err != nil {
		return nil, err
	}
	f := &folder{path: path, throwaway: throwaway, account: account}
	if throwaway {
		f.lock, err = f.makeThrowaway(ctx)
	} else {
		f.lock, err = f.claim(ctx)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// FolderError says why a folder can't hold the database until somebody has chosen
// another one or has mended it.
type FolderError struct{ text string }

func (e *FolderError) Error() string { return e.text }

func folderErrorf(format string, args ...any) error {
	return &FolderError{fmt.Sprintf(format, args...)}
}

// claim makes a lasting folder, or makes sure that an existing one is empty or
// ours, and locks it.
func (f *folder) claim(ctx context.Context) (*os.File, error) {
	parent := filepath.Dir(f.path)
	if err := f.account.canEnter(parent); err != nil {
		return nil, err
	}
	if err := f.makeParent(parent); err != nil {
		return nil, fmt.Errorf("make the database's folder: %w", err)
	}
	if err := os.Mkdir(f.path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("make the database's folder: %w", err)
	}
	if err := f.checkOurs(); err != nil {
		return nil, err
	}
	if err := f.close0700(f.path); err != nil {
		return nil, err
	}
	return takeLock(ctx, f.path, orphanPatience)
}

// makeParent makes the folders above ours: closed to others, but when the server
// runs as another account, open for it to pass, whatever the umask.
func (f *folder) makeParent(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := f.makeParent(filepath.Dir(path)); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil || !f.account.other() {
		return err
	}
	return os.Chmod(path, 0o711)
}

func (f *folder) checkOurs() error {
	info, err := os.Stat(f.path)
	if err != nil {
		return fmt.Errorf("look at the database's folder: %w", err)
	}
	if !info.IsDir() {
		return folderErrorf("%s is not a folder: choose another DATA_DIR", f.path)
	}
	if owner := ownerOf(info); owner != f.account.uid && os.Geteuid() != 0 {
		return folderErrorf("%s belongs to the user %s: run this program as that user, or choose another DATA_DIR", f.path, userName(owner))
	}
	if info.Mode().Perm()&0o002 != 0 {
		return folderErrorf("%s is open to all users: choose a folder inside it for DATA_DIR", f.path)
	}
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return fmt.Errorf("look into the database's folder: %w", err)
	}
	if _, err := os.Lstat(filepath.Join(f.path, lockName)); err == nil {
		return nil
	}
	for _, entry := range entries {
		if entry.Name() != "lost+found" {
			return folderErrorf("%s is not empty and not a folder of this program (it holds %s): choose an empty folder for DATA_DIR", f.path, entry.Name())
		}
	}
	return nil
}

// close0700 gives a folder to the server's account and closes it to all others.
func (f *folder) close0700(path string) error {
	if err := f.account.own(path); err != nil {
		return fmt.Errorf("give the folder to user %s: %w", f.account.name, err)
	}
	if err := os.Chmod(path, 0o700); err != nil {
		return fmt.Errorf("close the folder to other users: %w", err)
	}
	return nil
}

// close removes a throwaway folder, then gives up the lock.
func (f *folder) close() error {
	var err error
	if f.throwaway {
		err = os.RemoveAll(f.path)
	}
	// Unlocking frees the lock at once; closing alone would leave it to copies of
	// the open file in processes that this program is forking just now.
	unlocked := syscall.Flock(int(f.lock.Fd()), syscall.LOCK_UN)
	if err = errors.Join(err, unlocked, f.lock.Close()); err != nil {
		return fmt.Errorf("leave the database's folder: %w", err)
	}
	return nil
}
