package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// lockName is the file that marks a folder as ours. Whoever works in the folder
// holds a lock on it. The open file is handed down to initdb and to every server
// process, so the lock outlives a killed program for as long as its server does.
const lockName = "muster.lock"

// orphanPatience is how long a start waits for the server of a program that was
// killed: it has got its SIGINT and writes a last checkpoint.
const orphanPatience = 20 * time.Second

// takeLock makes and locks the lock file of a folder, waiting if only an orphaned
// server still holds it.
func takeLock(ctx context.Context, dir string, patience time.Duration) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := waitForLock(ctx, file, dir, patience); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	// The holder's process id is for the person who meets the lock, and tells a
	// running program from an orphaned server.
	if err := file.Truncate(0); err != nil {
		return nil, errors.Join(fmt.Errorf("sign the lock: %w", err), file.Close())
	}
	if _, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return nil, errors.Join(fmt.Errorf("sign the lock: %w", err), file.Close())
	}
	return file, nil
}

func waitForLock(ctx context.Context, file *os.File, dir string, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("lock %s: %w", file.Name(), err)
		}
		holder := processID(file)
		if alive(holder) || time.Now().After(deadline) {
			return fmt.Errorf("the database in %s is in use by process %d: stop that one first, or choose another folder with DATA_DIR", dir, holder)
		}
		stopOrphan(dir)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stopOrphan asks a server to stop whose program is dead, on systems where it
// does not notice by itself. That something answers on the socket proves that
// the process id in postmaster.pid is the server's and not a recycled one.
func stopOrphan(dir string) {
	if diesWithParent {
		return
	}
	conn, err := net.Dial("unix", filepath.Join(dir, socketName))
	if err != nil {
		return
	}
	_ = conn.Close()
	if pid, _ := postmaster(filepath.Join(dir, dataName)); pid > 0 {
		_ = syscall.Kill(pid, syscall.SIGINT)
	}
}

func processID(file *os.File) int {
	text, err := io.ReadAll(io.NewSectionReader(file, 0, 32))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(string(bytes.TrimSpace(text)))
	return pid
}

func alive(pid int) bool {
	return pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
