package main

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

// hotline is the connection on which a story asks the database its own questions, most
// of them again and again while it waits. Each new one would cost PostgreSQL a
// process with cold caches, ten times what the question does.
type hotline struct {
	mu   sync.Mutex
	dsn  string
	conn *pgx.Conn
}

// ask scans the one row that a statement selects. A story may move to another
// database, or have its sessions ended: then the question is asked anew.
func (w *world) ask(statement string, into any) error {
	w.line.mu.Lock()
	defer w.line.mu.Unlock()
	for {
		fresh, err := w.dial()
		if err != nil {
			return err
		}
		err = w.line.conn.QueryRow(w.ctx, statement).Scan(into)
		if err == nil || fresh || !w.line.conn.IsClosed() {
			return err
		}
	}
}

// dial makes the connection if there is none that serves; then it is fresh.
func (w *world) dial() (fresh bool, err error) {
	if w.line.conn != nil && w.line.dsn == w.dsn && !w.line.conn.IsClosed() {
		return false, nil
	}
	w.hangUp()
	config, err := pgx.ParseConfig(w.dsn)
	if err != nil {
		return false, err
	}
	// What was prepared would not survive a migration.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	w.line.conn, err = pgx.ConnectConfig(w.ctx, config)
	w.line.dsn = w.dsn
	return true, err
}

func (w *world) hangUp() {
	if w.line.conn != nil {
		_ = w.line.conn.Close(context.WithoutCancel(w.ctx))
		w.line.conn = nil
	}
}
