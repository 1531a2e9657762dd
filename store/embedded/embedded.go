// Package embedded runs a PostgreSQL of our own for people who have no
// database server at hand: it launches the programs initdb and postgres that it
// finds on the machine, and stops them when the program ends.
//
// The rules that keep such a server harmless:
//
//   - It listens on a unix socket only, and only the account that runs this
//     program may connect (peer authentication; there is no password to leak).
//   - One folder belongs to one program. The lock on it is handed down to every
//     server process, so the lock is free only when none of them lives.
//   - The server dies with the program, even when the program is killed (Linux);
//     elsewhere the next start stops what was left running.
//   - A folder is made beside its place and renamed into it, so a half-made
//     database is never mistaken for a whole one.
//   - A folder of another major version is never touched, let alone deleted.
//   - PostgreSQL refuses to run as root. For root the server runs as the owner of
//     the folder, which is postgres, else nobody, when we make it.
//
// Nothing is ever installed here: without PostgreSQL, Start fails with a
// [NotFoundError] that says where it looked and what can be done.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// DatabaseName is the database that [Server.URL] leads to. The superuser role
// has the same name.
const DatabaseName = "muster"

// Options says which server Start starts. The zero value is the lasting server
// of this account, with the PostgreSQL that Find finds.
type Options struct {
	// DataDir is the folder of the database; made if missing, refused if it
	// holds other people's things. Empty means DefaultDataDir. For a throwaway
	// server it is the folder in which the throwaway folder is made; empty means
	// the system's temporary folder.
	DataDir string
	// BinDir is the folder with initdb and postgres. Empty means to search.
	BinDir string
	// Throwaway makes a new folder for this run, which Stop removes.
	Throwaway bool
	// NoFsync gives up safety against a crash of the machine for speed. For tests.
	NoFsync bool
	// MaxConnections bounds the sessions; 0 means 60: room for the two pools of
	// ten of this program and of its subcommands, and small enough to start quickly.
	MaxConnections int
	// Log receives what the server writes to its log; nil discards it.
	Log io.Writer
}

// Server is a running PostgreSQL. Its methods may be called from any goroutine.
type Server struct {
	options  Options
	programs Programs
	folder   *folder

	mu      sync.Mutex
	process *process
	stopped bool
	stopErr error

	died    chan struct{} // closed when the server ended without being asked
	diedNow sync.Once
}

// Start starts a server and returns once it answers and the database exists: in
// about a second when the folder has to be made, else in about 50 ms. It waits
// for crash recovery as long as ctx lets it. ctx bounds the start alone: the
// server runs until Stop.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.MaxConnections == 0 {
		o.MaxConnections = 60
	}
	s := &Server{options: o, died: make(chan struct{})}
	if err := s.start(ctx); err != nil {
		return nil, fmt.Errorf("start an own PostgreSQL: %w", errors.Join(err, s.Stop()))
	}
	return s, nil
}

// start goes as far as it can; Stop undoes however far that was.
func (s *Server) start(ctx context.Context) (err error) {
	path, err := s.options.place()
	if err != nil {
		// Without a PostgreSQL no place would help.
		if _, missing := Find(s.options.BinDir, 0); missing != nil {
			return missing
		}
		return err
	}
	if s.programs, err = Find(s.options.BinDir, majorOf(path)); err != nil {
		return err
	}
	if s.folder, err = openFolder(ctx, path, s.options.Throwaway); err != nil {
		return err
	}
	if err = s.folder.create(ctx, s.programs, s.options.NoFsync); err != nil {
		return err
	}
	if err = s.folder.writeAccess(); err != nil {
		return err
	}
	if err = s.launch(ctx); err != nil {
		return err
	}
	return s.ensureDatabase(ctx)
}

// Stop ends the sessions, stops the server, removes a throwaway folder and
// releases the lock. Later calls return what the first one returned.
func (s *Server) Stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return s.stopErr
	}
	s.stopped = true
	if s.process != nil {
		s.stopErr = s.process.stop()
	}
	if s.folder != nil {
		s.stopErr = errors.Join(s.stopErr, s.folder.close())
	}
	return s.stopErr
}

// Restart stops the server, which ends every session, and starts it again on the
// same folder and the same URL.
func (s *Server) Restart(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return errors.New("restart PostgreSQL: it was stopped")
	}
	if err := s.process.stop(); err != nil {
		return fmt.Errorf("restart PostgreSQL: %w", err)
	}
	if err := s.launchLocked(ctx); err != nil {
		return fmt.Errorf("restart PostgreSQL: %w", err)
	}
	return nil
}

// Wait blocks until ctx ends (nil) or until the server has ended without being
// asked to (an error with its last words).
func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-s.died:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.process.failure("PostgreSQL has stopped by itself")
	}
}

// Dir returns the folder that holds database, lock and socket.
func (s *Server) Dir() string { return s.folder.path }

func (s *Server) launch(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.launchLocked(ctx)
}

func (s *Server) launchLocked(ctx context.Context) error {
	command := s.folder.serverCommand(s.programs, s.options)
	p, err := launch(command, s.options.Log, func() { s.diedNow.Do(func() { close(s.died) }) })
	if err != nil {
		return err
	}
	s.process = p
	return p.ready(ctx, s.folder.data())
}

// Stopping gets this long in each of its stages: sessions end and a checkpoint is
// written (SIGINT), at once without checkpoint (SIGQUIT), killed (SIGKILL).
const (
	fastStop      = 30 * time.Second
	immediateStop = 5 * time.Second
)
