package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// healthMost bounds how much is told of what is not as it should be.
const healthMost = 200

// ofSubject looks each incident up, instead of reading all to join them.
const ofSubject = ` CROSS JOIN LATERAL (
	SELECT number, title, severity, private, declarer, resolved_at FROM incidents WHERE number = split_part(r.subject, ':', 2)::bigint OFFSET 0) i WHERE ` + visible + ` `

const selectUnfinished = `
	SELECT i.number, i.title, i.severity, r.changed_at AS since, r.claimed_until > now() AS working,
	       CASE WHEN r.retry_at > '-infinity' THEN r.retry_at END AS retry_at,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('Step', s.step, 'Attempts', s.attempts, 'NotBefore', s.not_before, 'Error', s.error, 'Since', s.since) ORDER BY s.since)
	                   FROM steps s WHERE s.subject = r.subject AND s.error <> ''), '[]') AS steps
	  FROM (SELECT * FROM reconciliations WHERE seen < wanted AND subject LIKE 'incident:%') r` + ofSubject + `
	 ORDER BY r.urgency, r.changed_at LIMIT @limit`

type unfinishedRow struct {
	Number   int64
	Title    string
	Severity int
	Since    time.Time
	Working  bool
	RetryAt  *time.Time
	Steps    []incident.StepState
}

// Unfinished lists the incidents of which something outside is not yet as people
// wish and that viewer may know of, the most urgent first.
func (s *Store) Unfinished(ctx context.Context, viewer string) ([]incident.Unfinished, error) {
	rows, err := s.hear.Query(ctx, selectUnfinished, pgx.NamedArgs{"viewer": viewer, "limit": healthMost})
	if err != nil {
		return nil, fmt.Errorf("look what is unfinished: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (incident.Unfinished, error) {
		r, err := pgx.RowToStructByName[unfinishedRow](row)
		return incident.Unfinished{
			Number: r.Number, Title: r.Title, Severity: incident.Severity(r.Severity), Since: r.Since,
			Working: r.Working, RetryAt: orZero(r.RetryAt), Steps: r.Steps,
		}, err
	})
}

const selectRefusals = `
	SELECT i.number, i.title, r.key, r.error
	  FROM (SELECT subject, key, error FROM postings WHERE error <> '' AND subject LIKE 'incident:%' UNION ALL
	        SELECT subject, key, error FROM deeds WHERE error <> '' AND subject LIKE 'incident:%') r` + ofSubject + `
	   AND i.resolved_at IS NULL
	 ORDER BY i.severity, i.number, r.key LIMIT @limit`

// Refusals lists what was given up of open incidents, the worst incident first.
func (s *Store) Refusals(ctx context.Context, viewer string) ([]incident.Refusal, error) {
	rows, err := s.hear.Query(ctx, selectRefusals, pgx.NamedArgs{"viewer": viewer, "limit": healthMost})
	if err != nil {
		return nil, fmt.Errorf("look what is refused: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[incident.Refusal])
}
