package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// unfinishedPrefix is the beginning of a data folder's name until it is whole.
const unfinishedPrefix = "initdb-"

// create makes the data folder if there is none, by initdb under another name.
func (f *folder) create(ctx context.Context, programs Programs, noFsync bool) error {
	if err := f.account.canEnter(programs.Dir); err != nil {
		return err
	}
	if major := majorOf(f.path); major != 0 {
		if major != programs.Major {
			return &NotFoundError{Major: major, Looked: []string{programs.Dir}}
		}
		return nil
	}
	if _, err := os.Lstat(f.data()); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there but is not a PostgreSQL database (no PG_VERSION in it): move it away", f.data())
	}
	if err := f.removeUnfinished(); err != nil {
		return err
	}
	unfinished, err := os.MkdirTemp(f.path, unfinishedPrefix)
	if err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	if err := f.close0700(unfinished); err != nil {
		return err
	}
	if err := f.initdb(ctx, programs, unfinished, noFsync); err != nil {
		return errors.Join(err, os.RemoveAll(unfinished))
	}
	if err := os.Rename(unfinished, f.data()); err != nil {
		return fmt.Errorf("put the data folder in its place: %w", err)
	}
	if noFsync {
		return nil
	}
	return syncDir(f.path)
}

// removeUnfinished clears what killed runs left. We hold the lock, which an
// initdb at work would hold too, so nobody is working on them.
func (f *folder) removeUnfinished() error {
	leftovers, err := filepath.Glob(filepath.Join(f.path, unfinishedPrefix+"*"))
	if err != nil {
		return fmt.Errorf("look for unfinished data folders: %w", err)
	}
	for _, dir := range leftovers {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove an unfinished data folder: %w", err)
		}
	}
	return nil
}

func (f *folder) initdb(ctx context.Context, programs Programs, dir string, noFsync bool) error {
	args := []string{
		"-D", dir, "-U", DatabaseName, "--auth-local=peer", "--auth-host=reject",
		"--no-locale", "-E", "UTF8",
	}
	if noFsync {
		args = append(args, "--no-sync")
	}
	command := f.command(filepath.Join(programs.Dir, "initdb"), args...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := runUntil(ctx, command)
	if ctx.Err() != nil {
		return fmt.Errorf("make the database: %w", ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("make the database: initdb: %w\n%s", err, bytes.TrimSpace(output.Bytes()))
	}
	return nil
}

// command prepares a program to run as the server's account, in a process group
// of its own (a Ctrl-C in the terminal is for us to act on), holding our lock,
// and with an environment in which nobody's PG* settings are left. The current
// folder may be closed to the account, so it runs in /.
func (f *folder) command(program string, args ...string) *exec.Cmd {
	command := exec.Command(program, args...)
	command.Dir = "/"
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	command.ExtraFiles = []*os.File{f.lock}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: f.account.credential()}
	dieWithParent(command.SysProcAttr)
	command.WaitDelay = 5 * time.Second
	return command
}

// runUntil runs a command to its end, or ends its whole process group with ctx.
// The thread is held because the system's "parent" is the thread that forked.
func runUntil(ctx context.Context, command *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	defer close(ended)
	defer context.AfterFunc(ctx, func() { endGroup(command.Process.Pid, ended) })()
	return command.Wait()
}

// endGroup lets the processes clean up before it kills them: shared memory
// outlives a killed PostgreSQL.
func endGroup(leader int, ended <-chan struct{}) {
	_ = syscall.Kill(-leader, syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(immediateStop):
		_ = syscall.Kill(-leader, syscall.SIGKILL)
	}
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}
