package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// RerenderApart is the time between two incidents that are looked at because texts
// changed: Slack takes 50 edits a minute, and people need most of them.
const RerenderApart = 2 * time.Second

// The incidents that have something to be done are looked at anyhow.
const rerender = `
	WITH before AS (SELECT rendered FROM installation FOR NO KEY UPDATE),
	told AS (UPDATE installation SET rendered = @made WHERE rendered <> @made),
	open AS (
		SELECT 'incident:' || number AS subject, row_number() OVER (ORDER BY severity, number) AS place
		  FROM incidents WHERE resolved_at IS NULL AND EXISTS (SELECT FROM before WHERE rendered NOT IN ('', @made)))
	UPDATE reconciliations r
	   SET wanted = wanted + 1, changed_at = now(), retry_at = now() + open.place * @apart::interval
	  FROM open WHERE r.subject = open.subject AND r.seen >= r.wanted`

// Rerender lets open incidents be compared with what they should show, one after
// the other, if what their texts are made of is other than when it was called
// last. made stands for that. It gives how many there are.
func (s *Store) Rerender(ctx context.Context, made string) (int64, error) {
	tag, err := s.speak.Exec(ctx, rerender, pgx.NamedArgs{"made": made, "apart": RerenderApart})
	if err != nil {
		return 0, fmt.Errorf("compare what texts are made of: %w", err)
	}
	return tag.RowsAffected(), nil
}
