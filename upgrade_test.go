package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"muster/sandbox/workspace"
	"muster/store/storetest"
)

// schemas lists the numbers of all migrations, oldest first.
func schemas(t *testing.T) (list []int64) {
	t.Helper()
	files, err := filepath.Glob("store/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	for _, f := range files {
		number, _, _ := strings.Cut(filepath.Base(f), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, n)
	}
	return list
}

// migrated gives databases with the schemas that earlier programs had.
func migrated(t *testing.T, list []int64) map[int64]string {
	t.Helper()
	grows, found := storetest.Empty(t), map[int64]string{}
	for _, schema := range list {
		config, err := pgx.ParseConfig(grows)
		if err == nil {
			err = migrateTo(t.Context(), *config, schema)
		}
		if err != nil {
			t.Fatal(err)
		}
		found[schema] = storetest.Copy(t, grows)
	}
	return found
}

func migrateTo(ctx context.Context, config pgx.ConnConfig, schema int64) error {
	db := stdlib.OpenDB(config)
	provider, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("store/migrations"))
	if err == nil {
		_, err = provider.UpTo(ctx, schema)
	}
	return errors.Join(err, db.Close())
}

func (w *world) exec(statements string) {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.dsn)
	w.do(err)
	defer func() { w.do(conn.Close(w.ctx)) }()
	_, err = conn.Exec(w.ctx, statements)
	w.do(err)
}

// older is what an earlier program left: INC-1 with its room and a commander,
// at SEV2 for 20 minutes; INC-2 just declared, when that program was stopped;
// INC-3 resolved and at rest. The two %s are the room's channel and the holder.
const older = `
	INSERT INTO installation (last_number, digest_name) VALUES (3, 'incidents');
	INSERT INTO severities SELECT n, 'SEV' || n, 'ours' FROM generate_series(1, 4) n;
	INSERT INTO roles VALUES ('commander', 'Incident commander', 'ours', 1), ('liaison', 'Communications liaison', 'ours', 2), ('lead', 'Technical lead', 'ours', 3);
	INSERT INTO incidents (number, title, summary, severity, severity_at, severity_by, status, status_at, status_by, declarer, declared_at,
		resolved_at, resolved_by, resolution, origin_kind, origin_key, origin_channel, origin_view, origin_response_url)
	SELECT n, 'old case ' || n, 'as it was', CASE n WHEN 1 THEN 2 ELSE 4 END, now() - interval '20 min', holder,
		CASE n WHEN 3 THEN 'resolved' ELSE 'investigating' END, now() - interval '20 min', holder, holder, now() - interval '30 min',
		CASE n WHEN 3 THEN now() END, CASE n WHEN 3 THEN holder ELSE '' END, CASE n WHEN 3 THEN 'gone' ELSE '' END,
		'terminal', 'terminal:' || n, '', '', ''
	FROM generate_series(1, 3) n, (VALUES ('%[2]s')) h (holder);
	INSERT INTO assignments (number, role, holder, made_by, made_at) VALUES (1, 'commander', '%[2]s', '%[2]s', now());
	INSERT INTO entries (number, kind, at, author, quiet, from_value, to_value, role, body)
	SELECT n, 'declared', now() - interval '30 min', '%[2]s', false, '', '', '', '' FROM generate_series(1, 3) n;
	INSERT INTO reconciliations (subject, wanted, seen, urgency) SELECT 'incident:' || n, 1, CASE n WHEN 2 THEN 0 ELSE 1 END, 4 FROM generate_series(1, 3) n;
	INSERT INTO rooms (number, purpose, channel, name) VALUES (1, 'room', '%[1]s', 'inc-1-old-case-1');
`

// since is what programs knew beyond that from a schema on.
var since = map[int64]string{
	2:  `INSERT INTO inbox (event_id, payload, done_at) VALUES ('Ev0OLD', '{}', now())`,
	6:  `UPDATE incidents SET critical_since = severity_at, clock_from = now(), last_update = 'half of it', last_update_by = declarer, last_update_at = now() WHERE number = 1`,
	7:  `UPDATE installation SET stale_at = now(), stale_leader = 1`,
	8:  `UPDATE assignments SET note = 'see the graphs'`,
	10: `UPDATE incidents SET title_by = declarer, summary_by = declarer`,
}

// TestStoryGoesOnAfterAnUpgrade lets this program begin with what each earlier
// one left behind. Without -torture the story is told from every fifth schema on,
// and from those that somebody may have updated from yesterday.
func TestStoryGoesOnAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	all := schemas(t)
	var list []int64
	for n, schema := range all {
		if *torture || n%5 == 0 || n >= len(all)-3 {
			list = append(list, schema)
		}
	}
	databases := migrated(t, list)
	for _, schema := range list {
		t.Run(fmt.Sprint("from ", schema), func(t *testing.T) {
			t.Parallel()
			w := newWorldOn(t, workspace.Config{}, databases[schema])
			room, err := w.AddChannel("inc-1-old-case-1", []string{"lee"})
			w.do(err)
			w.do(w.Invite("lee", room, "muster"))
			w.exec(fmt.Sprintf(older, room, w.UserID("lee")))
			for _, s := range all {
				if s <= schema && since[s] != "" {
					w.exec(since[s])
				}
			}
			w.start(impatient())

			w.shows("incidents", "INC-2")
			w.shows("inc-2-old-case-2", "Claim")
			says(w, "inc-1-old-case-1", "/incident severity sev1", "SEV2 → SEV1")
			says(w, "inc-1-old-case-1", "/incident assign lead @ana", "Technical lead")
			says(w, "inc-1-old-case-1", "/incident status resolved new disks", "new disks")
			w.shows("incidents", "INC-1 resolved")
			says(w, "inc-1-old-case-1", "/incident reopen", "Reopened")
			w.rest()
			if loose := w.query(selectLoose); loose != "" {
				t.Errorf("loose ends:\n%s", loose)
			}
			if strings.Contains(w.Dump(), "inc-3-old-case-3") {
				t.Errorf("what was at rest has been touched:\n%s", w.Dump())
			}
		})
	}
}

// says types a line and waits for words.
func says(w *world, where, line, words string) {
	w.t.Helper()
	_, err := w.lee.Slash(w.ctx, where, line)
	w.do(err)
	w.eventually(where+" shows "+words, func() bool { return strings.Contains(w.lee.Sees(where), words) })
}

// An older program beside the database of a newer one ends at once, with the code
// that tells supervisors not to try again.
func TestAnOlderProgramRefusesANewerSchema(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, true)`)
	var said bytes.Buffer
	if code := report(&said, run(w.ctx, w.config(), testLog(t), quick())); code != exitSetup {
		t.Errorf("exit code %d, not %d", code, exitSetup)
	}
	if !strings.Contains(said.String(), "schema 9000") || !strings.Contains(said.String(), "newer muster") {
		t.Errorf("it says %q", said.String())
	}
}
