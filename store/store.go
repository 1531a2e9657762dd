// Package store keeps nouns as rows in PostgreSQL. Every SQL statement,
// transaction, migration and LISTEN of muster is here, and nothing else is.
//
// Wishes (incidents, assignments, entries) are written by Declare and Change,
// one transaction a verb, which raise the subject's wanted count and wake the
// reconcilers. Facts (rooms, postings, deeds, steps) are written one by one
// while a claim holds. NOTIFY only shortens the wait: whoever misses one finds
// the row when it looks, which it does now and then; see Listen.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"muster/incident"
)

// MaxConns bounds each of the two pools. Hearing needs little: a verb takes a
// few milliseconds. Speaking needs a connection only to record a fact.
const MaxConns = 10

// Store is a database of muster's, open and migrated.
type Store struct {
	// hear serves what people wait for, speak serves the reconciler, so that
	// people never queue behind background work.
	hear, speak *pgxpool.Pool
	// hook is told of each commit, for tests that cut the program there.
	hook Hook
	// tracer is told of each round trip.
	tracer pgx.QueryTracer
	// lookEvery is LookEvery, unless a test wants less.
	lookEvery time.Duration
}

// Hook is called around every commit; see WithHook. An error of Before makes
// the commit not happen; one of After pretends that its outcome is unknown.
type Hook struct {
	Before func(ctx context.Context, act string) error
	After  func(ctx context.Context, act string) error
}

// Option changes how Open opens.
type Option func(*Store)

// WithHook makes commits observable.
func WithHook(h Hook) Option { return func(s *Store) { s.hook = h } }

// WithTracer makes round trips observable: each query, and each batch if t is a
// pgx.BatchTracer, too.
func WithTracer(t pgx.QueryTracer) Option { return func(s *Store) { s.tracer = t } }

// Open connects to the database behind a DSN, which must have been migrated.
func Open(ctx context.Context, dsn string, options ...Option) (*Store, error) {
	s := &Store{lookEvery: LookEvery}
	for _, option := range options {
		option(s)
	}
	var err error
	if s.hear, err = s.open(ctx, dsn); err != nil {
		return nil, err
	}
	if s.speak, err = s.open(ctx, dsn); err != nil {
		s.hear.Close()
		return nil, err
	}
	return s, nil
}

// Close waits for the connections in use and closes all.
func (s *Store) Close() {
	s.hear.Close()
	s.speak.Close()
}

// Ping reports whether the database answers; if not, why, in one line.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.hear.Ping(ctx); err != nil {
		return errors.New(Brief(err))
	}
	return nil
}

// idleLimit ends the session of a program that stands still in the middle of a
// transaction, such as one whose machine is paused: its row locks would keep an
// incident from everybody. Our transactions take milliseconds. It is no start-up
// parameter, because poolers refuse those.
const idleLimit = `SET idle_in_transaction_session_timeout = '5s'`

// ErrAddress stands for pgx's own error, which has the address in it.
var ErrAddress = errors.New("DATABASE_URL can't be understood: write postgres://user:password@host:5432/database, and after a ? only parameters that PostgreSQL knows")

func (s *Store) open(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, ErrAddress
	}
	config.MaxConns = MaxConns
	config.MinIdleConns = 1
	config.MaxConnIdleTime = 5 * time.Minute
	config.ConnConfig.RuntimeParams["application_name"] = "muster"
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	config.ConnConfig.Tracer = s.tracer
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, idleLimit)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return pool, nil
}

// inTx runs fn in a transaction and commits if it succeeds. act names the
// transaction in errors and to the hook.
func (s *Store) inTx(ctx context.Context, pool *pgxpool.Pool, act string, fn func(pgx.Tx) error) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("%s: begin: %w", act, err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := fn(tx); err != nil {
		if _, ok := errors.AsType[*incident.Error](err); ok {
			return err
		}
		return fmt.Errorf("%s: %w", act, err)
	}
	if err := s.before(ctx, act); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return &UnknownError{Act: act, Err: err}
	}
	return s.after(ctx, act)
}

// exec runs one statement that commits by itself and says how many rows it
// touched.
func (s *Store) exec(ctx context.Context, act, sql string, args pgx.NamedArgs) (int64, error) {
	if err := s.before(ctx, act); err != nil {
		return 0, err
	}
	var tag pgconn.CommandTag
	err := crossing(ctx, func() (err error) {
		tag, err = s.speak.Exec(ctx, sql, args)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	return tag.RowsAffected(), s.after(ctx, act)
}

func (s *Store) before(ctx context.Context, act string) error {
	if s.hook.Before == nil {
		return nil
	}
	return s.hook.Before(ctx, act)
}

func (s *Store) after(ctx context.Context, act string) error {
	if s.hook.After == nil {
		return nil
	}
	if err := s.hook.After(ctx, act); err != nil {
		return &UnknownError{Act: act, Err: err}
	}
	return nil
}

// UnknownError says that a commit was sent and its outcome is not known. Look
// the thing up by its key before saying that it failed.
type UnknownError struct {
	Act string
	Err error
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("%s: commit with unknown outcome: %v", e.Act, e.Err)
}

func (e *UnknownError) Unwrap() error { return e.Err }

// nullable is the database's form of a time that may be zero.
func nullable(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// orZero is the Go form of a time that may be null.
func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
