package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// into lets what a statement of a batch reads be kept in a place.
func into[T any](place *T, collect func(pgx.Rows) (T, error)) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*place, err = collect(rows)
		return err
	}
}

// sendBatch sends all statements in one round trip.
func sendBatch(ctx context.Context, tx pgx.Tx, batch *pgx.Batch) error {
	return tx.SendBatch(ctx, batch).Close()
}
