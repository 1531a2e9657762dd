package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// selectStats reads each incident's entries once, for the first response and the
// worst severity: report.Responds says the same of one entry. Then it counts by
// month and severity, by each of them, and all.
const selectStats = `
	WITH chosen AS (
		SELECT number, declarer, declared_at, CASE WHEN status = 'resolved' THEN resolved_at END AS resolved_at
		  FROM incidents i
		 WHERE declared_at >= @since AND declared_at < @until
		   AND NOT test AND status NOT IN ('cancelled', 'duplicate') AND ` + visible + `
	), happened AS (
		SELECT i.number,
		       min(at) FILTER (WHERE kind = 'role' AND to_value <> '' OR author NOT IN ('', declarer) AND kind NOT LIKE 'message\_%') AS first,
		       min(right(to_value, 1)) FILTER (WHERE kind = 'severity') AS worst
		  FROM chosen i JOIN entries e ON e.number = i.number GROUP BY i.number
	), counted AS (
		SELECT date_trunc('month', declared_at AT TIME ZONE 'UTC') AS month, coalesce(worst, '4')::int AS severity,
		       extract(epoch FROM first - declared_at)::float8 AS response,
		       extract(epoch FROM resolved_at - declared_at)::float8 AS took
		  FROM chosen LEFT JOIN happened USING (number)
	)
	SELECT month, severity, count(*) AS declared, count(response) AS responded, count(took) AS resolved,
	       percentile_cont(0.5) WITHIN GROUP (ORDER BY response) AS response,
	       percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS median,
	       percentile_cont(0.9) WITHIN GROUP (ORDER BY took) AS p90
	  FROM counted GROUP BY CUBE (month, severity) ORDER BY month NULLS FIRST, severity NULLS FIRST`

type tallyRow struct {
	Month    *time.Time
	Severity *int
	Declared, Responded,
	Resolved int
	Response, Median,
	P90 *float64
}

func (r tallyRow) noun() incident.Tally {
	t := incident.Tally{
		Declared: r.Declared, Responded: r.Responded, Resolved: r.Resolved,
		Response: took(r.Response), Median: took(r.Median), P90: took(r.P90),
	}
	if r.Month != nil {
		t.Month = r.Month.UTC()
	}
	if r.Severity != nil {
		t.Severity = incident.Severity(*r.Severity)
	}
	return t
}

// took makes a duration of seconds, to the whole second; NULL is none, and what a
// clock that went back made negative is nothing.
func took(seconds *float64) time.Duration {
	if seconds == nil {
		return 0
	}
	return max(0, time.Duration(*seconds)*time.Second)
}

// Stats counts incidents, by month and severity.
func (s *Store) Stats(ctx context.Context, q incident.StatsQuery) (incident.Stats, error) {
	var found []tallyRow
	err := pgx.BeginTxFunc(ctx, s.hear, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		// Compiling the statement takes longer than it saves, and its sorts fit.
		batch.Queue(`SET LOCAL jit = off`)
		batch.Queue(`SET LOCAL work_mem = '32MB'`)
		batch.Queue(selectStats, pgx.NamedArgs{"viewer": q.Viewer, "since": q.Since, "until": q.Until}).Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, pgx.RowToStructByName[tallyRow])
			return err
		})
		return sendBatch(ctx, tx, batch)
	})
	if err != nil {
		return incident.Stats{}, fmt.Errorf("count incidents: %w", err)
	}
	stats := incident.Stats{StatsQuery: q}
	for _, row := range found {
		if row.Declared > 0 {
			stats.Tallies = append(stats.Tallies, row.noun())
		}
	}
	return stats, nil
}
