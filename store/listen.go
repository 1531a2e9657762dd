package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Listen tells heard each subject that changed anywhere and its new wanted
// count, as it is committed, and calls missed after each (re)connect, when some
// may have gone by. It returns when ctx ends. It has a connection of its own.
func (s *Store) Listen(ctx context.Context, heard func(subject string, wanted int64), missed func()) error {
	for {
		err := s.listenOnce(ctx, heard, missed)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(time.Second):
			}
		}
	}
}

func (s *Store) listenOnce(ctx context.Context, heard func(string, int64), missed func()) error {
	conn, err := pgx.ConnectConfig(ctx, s.speak.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, `LISTEN muster`); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	missed()
	for {
		note, err := conn.WaitForNotification(ctx)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("wait for a notification: %w", err)
		}
		subject, count, _ := strings.Cut(note.Payload, " ")
		wanted, err := strconv.ParseInt(count, 10, 64)
		if err == nil {
			heard(subject, wanted)
		}
	}
}
