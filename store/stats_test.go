package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
)

func TestStats(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	// number, month, status, test, private, resolved after minutes, entries as
	// (kind, minute, author, to)
	exec(t, address, `
		INSERT INTO incidents (number, title, summary, severity, severity_at, severity_by, status, status_at, status_by, declarer, declared_at,
			resolved_at, resolved_by, resolution, origin_kind, origin_key, origin_channel, origin_view, origin_response_url, test, private, duplicate_of)
		SELECT n, 'title', '', 4, at, 'U1', status, at, 'U1', 'U1', at, at + minutes * interval '1 minute', 'U1', '', 'form', 'k' || n, '', '', '', test, private, CASE WHEN status = 'duplicate' THEN 1 ELSE 0 END
		  FROM (VALUES
			(1, '2026-01-31 23:59Z'::timestamptz, 'resolved', 10, false, false),
			(2, '2026-01-02 10:00Z', 'resolved', 20, false, false),
			(3, '2026-02-01 00:00Z', 'resolved', 30, false, false),
			(4, '2026-02-02 10:00Z', 'investigating', NULL, false, false),
			(5, '2026-02-02 10:00Z', 'resolved', 99, true, false),
			(6, '2026-02-02 10:00Z', 'cancelled', 99, false, false),
			(7, '2026-02-02 10:00Z', 'duplicate', 99, false, false),
			(8, '2026-02-02 10:00Z', 'resolved', 40, false, true),
			(9, '2025-12-31 23:59Z', 'resolved', 99, false, false)
		  ) v (n, at, status, minutes, test, private);
		INSERT INTO entries (number, kind, at, author, quiet, from_value, to_value, role, body)
		SELECT number, kind, declared_at + minute * interval '1 minute', author, false, '', value, '', ''
		  FROM (VALUES
			(1, 'declared', 0, 'U1', 'SEV4'), (1, 'severity', 1, 'U1', 'SEV2'), (1, 'severity', 2, 'U1', 'SEV3'),
			(1, 'commander_prompt', 3, '', ''), (1, 'message_in', 3, 'U2', ''), (1, 'note', 4, 'U2', ''),
			(2, 'role', 2, 'U1', ''), (2, 'role', 6, 'U1', 'U1'), (2, 'note', 7, 'U2', ''),
			(3, 'note', 1, 'U1', ''),
			(8, 'role', -5, 'U9', 'U9')
		  ) v (number, kind, minute, author, value) JOIN incidents USING (number);`)
	month := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC) }
	minutes := func(n float64) time.Duration { return time.Duration(n * float64(time.Minute)) }
	q := incident.StatsQuery{Viewer: "U2", Since: month(1), Until: month(3)}
	got, err := s.Stats(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	want := incident.Stats{StatsQuery: q, Tallies: []incident.Tally{
		{Declared: 4, Responded: 2, Response: minutes(5), Resolved: 3, Median: minutes(20), P90: minutes(28)},
		{Severity: 2, Declared: 1, Responded: 1, Response: minutes(4), Resolved: 1, Median: minutes(10), P90: minutes(10)},
		{Severity: 4, Declared: 3, Responded: 1, Response: minutes(6), Resolved: 2, Median: minutes(25), P90: minutes(29)},
		{Month: month(1), Declared: 2, Responded: 2, Response: minutes(5), Resolved: 2, Median: minutes(15), P90: minutes(19)},
		{Month: month(1), Severity: 2, Declared: 1, Responded: 1, Response: minutes(4), Resolved: 1, Median: minutes(10), P90: minutes(10)},
		{Month: month(1), Severity: 4, Declared: 1, Responded: 1, Response: minutes(6), Resolved: 1, Median: minutes(20), P90: minutes(20)},
		{Month: month(2), Declared: 2, Resolved: 1, Median: minutes(30), P90: minutes(30)},
		{Month: month(2), Severity: 4, Declared: 2, Resolved: 1, Median: minutes(30), P90: minutes(30)},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// Who is in the private room counts it, as its declarer does.
	for viewer, declared := range map[string]int{"": 4, "U1": 5, "U3": 4} {
		q.Viewer = viewer
		if got, err := s.Stats(t.Context(), q); err != nil || got.Of(time.Time{}, 0).Declared != declared {
			t.Errorf("%q counts %+v, %v", viewer, got.Tallies, err)
		}
	}
}

func TestStatsOfNothing(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	got, err := s.Stats(t.Context(), incident.LastMonths("U1", 12, noon))
	if err != nil || len(got.Tallies) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
