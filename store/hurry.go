package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// Hurry implements incident.DeskStore. It raises wanted, so that a pass in hand
// begins anew as well.
func (s *Store) Hurry(ctx context.Context, number int64) error {
	_, err := s.exec(ctx, "hurry", `
		WITH due AS (UPDATE steps SET not_before = 'epoch' WHERE subject = @subject AND not_before > 'epoch'),
		raised AS (
			UPDATE reconciliations SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
			 WHERE subject = @subject RETURNING subject, wanted)
		SELECT pg_notify('muster', subject || ' ' || wanted) FROM raised`, pgx.NamedArgs{"subject": incident.Subject(number)})
	return err
}
