package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// LookEvery is how often whoever listens looks all the same, since a notification
	// may be lost. As often it is tried whether they still come.
	LookEvery = 30 * time.Second
	// echoLimit bounds the wait for the answer to that, and for LISTEN.
	echoLimit = 5 * time.Second
	// deafEvery is how often whoever can't listen looks instead.
	deafEvery = time.Second
)

// InboxChanged is the subject of the notification that an event came.
const InboxChanged = "inbox"

// echo begins the subject of a notification that a listener sends to itself.
const echo = "echo:"

// errNoEcho says that a notification of our own did not come.
var errNoEcho = errors.New("notifications do not come through: a pooler before PostgreSQL has to pool by session")

// WithLookEvery replaces the constant of that name.
func WithLookEvery(d time.Duration) Option { return func(s *Store) { s.lookEvery = d } }

// Listen tells heard each subject that changed anywhere and its new wanted
// count, as it is committed. It calls missed when some may have gone by unheard: after
// each (re)connect, each second while there is no connection, and now and then all
// the same. hearing is told why there is none, and nil whenever one is known to work.
// It returns when ctx ends. It has a connection of its own.
func (s *Store) Listen(ctx context.Context, heard func(subject string, wanted int64), missed func(), hearing func(error)) error {
	for {
		err := s.listenOnce(ctx, heard, missed, hearing)
		if ctx.Err() != nil {
			return nil
		}
		hearing(err)
		missed()
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(deafEvery):
		}
	}
}

// listenOnce listens until the connection does not work.
func (s *Store) listenOnce(ctx context.Context, heard func(string, int64), missed func(), hearing func(error)) error {
	conn, err := pgx.ConnectConfig(ctx, s.speak.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if err := within(ctx, conn, `LISTEN muster`); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		// A firewall may have forgotten a connection on which nothing is said.
		mine := echo + rand.Text()
		if err := within(ctx, conn, `SELECT pg_notify('muster', $1)`, mine+" 0"); err != nil {
			return fmt.Errorf("try a notification: %w", err)
		}
		came, err := passOn(ctx, conn, echoLimit, mine, heard)
		if err != nil {
			return err
		}
		if !came {
			return errNoEcho
		}
		hearing(nil)
		missed()
		if _, err := passOn(ctx, conn, s.lookEvery, "", heard); err != nil {
			return err
		}
	}
}

// within runs a statement that should take no time.
func within(ctx context.Context, conn *pgx.Conn, sql string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, echoLimit)
	defer cancel()
	_, err := conn.Exec(ctx, sql, args...)
	return err
}

// passOn tells heard what comes within a time, and reports whether that ended with a
// subject that is waited for.
func passOn(ctx context.Context, conn *pgx.Conn, long time.Duration, until string, heard func(string, int64)) (bool, error) {
	waiting, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	for {
		note, err := conn.WaitForNotification(waiting)
		switch {
		case err != nil && waiting.Err() != nil && !conn.IsClosed():
			return false, ctx.Err()
		case err != nil:
			return false, fmt.Errorf("wait for a notification: %w", err)
		}
		subject, count, _ := strings.Cut(note.Payload, " ")
		if subject == until {
			return true, nil
		}
		wanted, err := strconv.ParseInt(count, 10, 64)
		if err == nil && !strings.HasPrefix(subject, echo) {
			heard(subject, wanted)
		}
	}
}
