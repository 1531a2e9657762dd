package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// process is one run of the program postgres.
type process struct {
	command  *exec.Cmd
	log      *tail
	stopping atomic.Bool
	ended    chan struct{}
}

// serverCommand passes every setting on the command line, where it beats what the
// data folder's postgresql.conf says.
func (f *folder) serverCommand(programs Programs, o Options) *exec.Cmd {
	settings := []string{
		"listen_addresses=",
		// The setting is a list, so a path with a space or comma needs quotes.
		`unix_socket_directories="` + strings.ReplaceAll(f.path, `"`, `""`) + `"`,
		"unix_socket_permissions=0700",
		"port=5432",
		"hba_file=" + filepath.Join(f.path, rulesName),
		"ident_file=" + filepath.Join(f.path, accountsName),
		"max_connections=" + strconv.Itoa(o.MaxConnections),
		"shared_buffers=32MB",
		"logging_collector=off",
		"log_destination=stderr",
		"timezone=UTC",
		"log_timezone=UTC",
		// Whoever takes the log knows the time, and what people typed, which DETAIL
		// can quote, is not for it.
		"log_line_prefix=",
		"log_error_verbosity=terse",
		"log_checkpoints=off",
		"ssl=off",
		"jit=off",
		"max_wal_senders=0",
		"cluster_name=" + DatabaseName,
	}
	if o.NoFsync {
		// Nothing is recovered from the log, so little of it is kept.
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=64MB")
	} else {
		settings = append(settings, "fsync=on")
	}
	args := []string{"-D", f.data()}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return f.command(filepath.Join(programs.Dir, "postgres"), args...)
}

// launch starts the server. died is called if it ends without stop.
func launch(command *exec.Cmd, log io.Writer, died func()) (*process, error) {
	p := &process{command: command, log: &tail{next: log}, ended: make(chan struct{})}
	command.Stdout, command.Stderr = p.log, p.log
	started := make(chan error, 1)
	go p.run(started, died)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("launch %s: %w", command.Path, err)
	}
	return p, nil
}

// run starts the server and stays with it to its end on one thread: the kernel
// ties the server's life to the thread that forked it.
func (p *process) run(started chan<- error, died func()) {
	defer close(p.ended)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.command.Start()
	started <- err
	if err != nil {
		return
	}
	_ = p.command.Wait() // command.ProcessState tells how it ended
	if !p.stopping.Load() {
		died()
	}
}

// ready waits until the server accepts sessions. postmaster.pid tells, but only
// if it is our child's: a crashed server leaves its file behind.
func (p *process) ready(ctx context.Context, data string) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if pid, status := postmaster(data); pid == p.command.Process.Pid && status == "ready" {
			return nil
		}
		select {
		case <-tick.C:
		case <-p.ended:
			return p.failure("PostgreSQL did not start")
		case <-ctx.Done():
			return fmt.Errorf("wait for PostgreSQL: %w", ctx.Err())
		}
	}
}

// postmaster reads the process id and the status from a data folder's
// postmaster.pid: lines 1 and 8.
func postmaster(data string) (pid int, status string) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0, ""
	}
	lines := strings.Split(string(text), "\n")
	pid, _ = strconv.Atoi(strings.TrimSpace(lines[0]))
	if len(lines) >= 8 {
		status = strings.TrimSpace(lines[7])
	}
	return pid, status
}

// stop ends the server and returns when it is gone. A server that ended before,
// whatever the reason, is stopped.
func (p *process) stop() error {
	p.stopping.Store(true)
	for _, stage := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGINT, fastStop}, {syscall.SIGQUIT, immediateStop}} {
		if err := p.command.Process.Signal(stage.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop PostgreSQL: %w", err)
		}
		select {
		case <-p.ended:
			return nil
		case <-time.After(stage.patience):
		}
	}
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL)
	<-p.ended
	return errors.New("stop PostgreSQL: it did not stop and was killed; its next start repairs the database")
}

// failure tells how the server ended, with its last words.
func (p *process) failure(what string) error {
	<-p.ended
	return fmt.Errorf("%s: %v\n%s", what, p.command.ProcessState, p.log.text())
}
