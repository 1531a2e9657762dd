package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Throwaway folders are called so. While one is being made its name has the other
// beginning: only a folder that is locked gets the name that sweep looks for.
const (
	throwawayPrefix = "muster-throwaway-"
	unbornPrefix    = "muster-making-"
)

// throwawayPath returns a new name in base, or in the system's temporary folder.
func throwawayPath(base string) (string, error) {
	if base == "" {
		base = temporaryDir()
	}
	base, err := filepath.Abs(base)
	if err != nil {
		return "", fmt.Errorf("find a place for a throwaway database: %w", err)
	}
	return filepath.Join(base, throwawayPrefix+rand.Text()[:8]), nil
}

// temporaryDir is the system's, unless the server's account may not enter it, as
// when root's TMPDIR lies in its home.
func temporaryDir() string {
	dir := os.TempDir()
	if account, err := serverAccount(""); err == nil && account.canEnter(dir) != nil {
		return "/tmp"
	}
	return dir
}

// makeThrowaway makes the folder and returns its lock. Leftovers of dead programs
// beside it are removed on the way.
func (f *folder) makeThrowaway(ctx context.Context) (*os.File, error) {
	base := filepath.Dir(f.path)
	if err := f.account.canEnter(base); err != nil {
		return nil, err
	}
	sweep(ctx, base)
	unborn, err := os.MkdirTemp(base, unbornPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a throwaway folder: %w", err)
	}
	lock, err := takeLock(ctx, unborn, 0)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(unborn))
	}
	err = f.close0700(unborn)
	if err == nil {
		err = os.Rename(unborn, f.path)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a throwaway folder: %w", err), os.RemoveAll(unborn), lock.Close())
	}
	return lock, nil
}

// sweep removes throwaway folders that are certainly ours and dead: a real folder
// whose lock file belongs to us and can be locked. It is a courtesy: whatever
// does not work is left for the next time.
func sweep(ctx context.Context, base string) {
	leftovers, err := filepath.Glob(filepath.Join(base, throwawayPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range leftovers {
		if !madeByUs(dir) {
			continue
		}
		lock, err := takeLock(ctx, dir, sweepPatience)
		if err != nil {
			continue
		}
		_ = os.RemoveAll(dir)
		_ = lock.Close()
	}
}

// sweepPatience lets a server whose program was killed a moment ago finish, but
// does not hold up a start.
const sweepPatience = 500 * time.Millisecond

// madeByUs looks at the lock file, which belongs to this program's account even
// when the folder belongs to the server's.
func madeByUs(dir string) bool {
	folder, err := os.Lstat(dir)
	if err != nil || !folder.IsDir() {
		return false
	}
	lock, err := os.Lstat(filepath.Join(dir, lockName))
	if err != nil || !lock.Mode().IsRegular() {
		return false
	}
	return ownerOf(lock) == os.Geteuid() && lock.Sys().(*syscall.Stat_t).Nlink == 1
}
