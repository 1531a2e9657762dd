package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"muster/sandbox/workspace"
	"muster/store"
)

// years puts closed incidents into the database and then open ones, a minute apart,
// all at rest: each with its room, its messages and a timeline of four entries, a
// third of them ana's. Slack knows nothing of them.
func (w *world) years(closed, open int) {
	w.t.Helper()
	w.do(store.Migrate(w.ctx, w.dsn))
	db, err := store.Open(w.ctx, w.dsn)
	w.do(err)
	stock, err := stockDefinitions("")
	w.do(err)
	_, err = db.Install(w.ctx, stock)
	w.do(err)
	db.Close()
	conn, err := pgx.Connect(w.ctx, w.dsn)
	w.do(err)
	defer func() { w.do(conn.Close(w.ctx)) }()
	args := pgx.NamedArgs{"closed": closed, "all": closed + open, "people": []string{w.UserID("ana"), w.UserID("bo"), w.UserID("lee")}}
	for _, sql := range []string{
		`INSERT INTO incidents (number, title, title_by, summary, summary_by, severity, severity_at, severity_by, status, status_at, status_by,
			declarer, declared_at, resolved_at, resolved_by, resolution, origin_kind, origin_key, origin_channel, origin_view, origin_response_url,
			prompted_at, stale_due_at)
		 SELECT n, 'checkout ' || n || ' returns errors', who, 'Customers of shop ' || n % 97 || ' cannot pay', who, n % 4 + 1, at, who,
			CASE WHEN ended IS NULL THEN 'investigating' ELSE 'resolved' END, coalesce(ended, at), who,
			who, at, ended, CASE WHEN ended IS NULL THEN '' ELSE who END, CASE WHEN ended IS NULL THEN '' ELSE 'rolled back' END,
			'form', 'old-' || n, 'C1', '', '', at, CASE WHEN ended IS NULL THEN now() + interval '7 days' END
		   FROM (SELECT n, at, who, CASE WHEN n <= @closed THEN at + interval '50 minutes' END AS ended FROM (
			SELECT n, now() - (@all - n) * interval '1 minute' AS at, (@people::text[])[n % 3 + 1] AS who FROM generate_series(1, @all::bigint) n) dated) ended`,
		`INSERT INTO reconciliations (subject, wanted, seen, urgency, check_at) SELECT 'incident:' || number, 4, 4, severity, now() FROM incidents`,
		`INSERT INTO entries (number, kind, at, author, quiet, from_value, to_value, role, body)
		 SELECT number, kind, declared_at, declarer, false, '', CASE kind WHEN 'severity' THEN 'SEV' || severity ELSE '' END, '', body
		   FROM incidents, (VALUES ('declared', ''), ('severity', ''), ('note', 'the pool of connections to the database is full'), ('update', 'we restart the pool')) e (kind, body)`,
		`INSERT INTO rooms (number, purpose, channel, name, members_at) SELECT number, 'room', 'C0Y' || number, 'inc-' || number || '-checkout', now() FROM incidents`,
		`INSERT INTO postings (subject, key, channel, thread, ts, hash, sent_at)
		 SELECT 'incident:' || number, key, 'C0Y' || number, '', number || '.' || n, 'abc', declared_at
		   FROM incidents, (VALUES ('card', 1), ('digest', 2), ('line:1', 3), ('line:2', 4)) k (key, n)`,
		`INSERT INTO deeds (subject, key, value, done_at) SELECT 'incident:' || number, key, 'x', declared_at
		   FROM incidents, (VALUES ('topic'), ('pin'), ('bookmark:guide')) k (key)`,
		`INSERT INTO assignments (number, role, holder, made_by, made_at) SELECT number, 'commander', declarer, declarer, declared_at FROM incidents`,
		`UPDATE installation SET last_number = @all`,
	} {
		if _, err := conn.Exec(w.ctx, sql, args); err != nil {
			w.t.Fatalf("%s: %v", sql, err)
		}
	}
	_, err = conn.Exec(w.ctx, `VACUUM ANALYZE`)
	w.do(err)
}

// readThrough is how many rows have been read of each large table by going through it.
func (w *world) readThrough() (rows map[string]int) {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.dsn)
	w.do(err)
	defer func() { w.do(conn.Close(w.ctx)) }()
	found, err := conn.Query(w.ctx, `SELECT relname::text, seq_tup_read::int FROM pg_stat_user_tables WHERE n_live_tup > 10000`)
	w.do(err)
	rows = map[string]int{}
	var table string
	var n int
	_, err = pgx.ForEachRow(found, []any{&table, &n}, func() error { rows[table] = n; return nil })
	w.do(err)
	return rows
}

// Nothing that people or the clock do goes through all the incidents of years: the
// program starts, runs a day's work and stops, and PostgreSQL has counted the rows
// that were read without an index. Statistics alone may.
func TestNothingGoesThroughTheYears(t *testing.T) {
	t.Parallel()
	const closed, open = 20_000, 50
	w := newWorld(t, workspace.Config{Seed: 1})
	w.years(closed, open)
	before := w.readThrough()
	m := w.start(quick())
	const room = "inc-20051-db-down"
	w.says(w.ana, "general", "/incident new db down")
	w.shows(room, "Claim")
	w.shows(room, "Ana Lima has joined the channel")
	for _, line := range []string{
		"severity sev1", "status identified", "claim lead", "assign lead @bo", "note it is the pool", "update we restart it", "title db is down",
		"summary since noon", "todo add an alert", "show", "timeline", "list", "list mine", "list all", "find checkout", "find 4711",
		"leave lead", "resync", "resolve restarted", "reopen", "duplicate of 20040", "export",
	} {
		w.says(w.ana, room, "/incident "+line)
	}
	w.do(w.OpenHome("ana"))
	// The harness's own question for rest goes through the reconciliations.
	w.eventually("rest", func() bool { return w.query(`SELECT count(*)::text FROM reconciliations WHERE seen < wanted`) == "0" })
	m.stop()
	var through []string
	for table, rows := range w.readThrough() {
		if n := rows - before[table]; n >= closed/2 {
			through = append(through, fmt.Sprintf("%s: %d rows", table, n))
		}
	}
	slices.Sort(through)
	if len(through) > 0 {
		t.Errorf("read from end to end:\n%s", strings.Join(through, "\n"))
	}
}
