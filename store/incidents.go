package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// incidentColumns are the columns of incidentRow, in one place for every query.
const incidentColumns = `number, title, title_by, summary, summary_by, severity, severity_at, severity_by,
	status, status_at, status_by, test, private, private_at, declarer, declared_at, resolved_at, resolved_by, resolution, duplicate_of,
	origin_kind, origin_key, origin_channel, origin_view, origin_response_url, origin_post,
	last_update, last_update_by, last_update_at, ` + cadenceColumns

type incidentRow struct {
	Number            int64
	Title             string
	TitleBy           string
	Summary           string
	SummaryBy         string
	Severity          int
	SeverityAt        time.Time
	SeverityBy        string
	Status            string
	StatusAt          time.Time
	StatusBy          string
	Test              bool
	Private           bool
	PrivateAt         *time.Time
	Declarer          string
	DeclaredAt        time.Time
	ResolvedAt        *time.Time
	ResolvedBy        string
	Resolution        string
	DuplicateOf       int64
	OriginKind        string
	OriginKey         string
	OriginChannel     string
	OriginView        string
	OriginResponseURL string `db:"origin_response_url"`
	OriginPost        *incident.Post
	cadenceRow
}

func (r incidentRow) noun() *incident.Incident {
	return &incident.Incident{
		Number: r.Number, Title: r.Title, TitleBy: r.TitleBy, Summary: r.Summary, SummaryBy: r.SummaryBy,
		Severity: incident.Severity(r.Severity), SeverityAt: r.SeverityAt, SeverityBy: r.SeverityBy,
		Status: incident.Status(r.Status), StatusAt: r.StatusAt, StatusBy: r.StatusBy,
		Test: r.Test, Private: r.Private, PrivateAt: orZero(r.PrivateAt), Declarer: r.Declarer, DeclaredAt: r.DeclaredAt,
		ResolvedAt: orZero(r.ResolvedAt), ResolvedBy: r.ResolvedBy, Resolution: r.Resolution, DuplicateOf: r.DuplicateOf,
		Origin: incident.Origin{
			Kind: incident.OriginKind(r.OriginKind), Key: r.OriginKey, Channel: r.OriginChannel,
			View: r.OriginView, ResponseURL: r.OriginResponseURL, Post: r.OriginPost,
		},
		Last:    incident.LastUpdate{Text: r.LastUpdate, By: r.LastUpdateBy, At: orZero(r.LastUpdateAt)},
		Cadence: r.cadenceRow.noun(),
	}
}

func incidentArgs(i *incident.Incident) pgx.NamedArgs {
	args := pgx.NamedArgs{
		"number": i.Number, "title": i.Title, "title_by": i.TitleBy, "summary": i.Summary, "summary_by": i.SummaryBy,
		"severity": int(i.Severity), "severity_at": i.SeverityAt, "severity_by": i.SeverityBy,
		"status": string(i.Status), "status_at": i.StatusAt, "status_by": i.StatusBy,
		"test": i.Test, "private": i.Private, "private_at": nullable(i.PrivateAt), "declarer": i.Declarer, "declared_at": i.DeclaredAt,
		"resolved_at": nullable(i.ResolvedAt), "resolved_by": i.ResolvedBy, "resolution": i.Resolution, "duplicate_of": i.DuplicateOf,
		"origin_kind": string(i.Origin.Kind), "origin_key": i.Origin.Key, "origin_channel": i.Origin.Channel,
		"origin_view": i.Origin.View, "origin_response_url": i.Origin.ResponseURL,
		"origin_post": i.Origin.Post,
		"last_update": i.Last.Text, "last_update_by": i.Last.By, "last_update_at": nullable(i.Last.At),
	}
	cadenceArgs(args, i.Cadence)
	return args
}

const insertIncident = `
	INSERT INTO incidents (` + incidentColumns + `)
	VALUES (@number, @title, @title_by, @summary, @summary_by, @severity, @severity_at, @severity_by,
		@status, @status_at, @status_by, @test, @private, @private_at, @declarer, @declared_at, @resolved_at, @resolved_by, @resolution, @duplicate_of,
		@origin_kind, @origin_key, @origin_channel, @origin_view, @origin_response_url, @origin_post,
		@last_update, @last_update_by, @last_update_at, ` + cadenceValues + `)`

const updateIncident = `
	UPDATE incidents
	   SET title = @title, title_by = @title_by, summary = @summary, summary_by = @summary_by,
	       severity = @severity, severity_at = @severity_at, severity_by = @severity_by,
	       status = @status, status_at = @status_at, status_by = @status_by,
	       test = @test, resolved_at = @resolved_at, resolved_by = @resolved_by, resolution = @resolution, duplicate_of = @duplicate_of,
	       last_update = @last_update, last_update_by = @last_update_by, last_update_at = @last_update_at,
	       (` + cadenceColumns + `) = ROW(` + cadenceValues + `)
	 WHERE number = @number`

// takeNumber also puts declarations in order: the row stays locked until the
// commit, so the look for an earlier one below can't miss any.
const takeNumber = `UPDATE installation SET last_number = last_number + 1 RETURNING last_number`

const selectSame = `
	SELECT ` + incidentColumns + ` FROM incidents
	 WHERE origin_key = @key
	    OR (@recent AND declarer = @declarer AND declared_at > @since AND resolved_at IS NULL AND title = @title)
	 ORDER BY (origin_key = @key) DESC, number DESC LIMIT 1`

// errFound ends a transaction that has nothing to write.
var errFound = errors.New("found")

// errNoKey refuses a declaration that would be taken for another one without key.
var errNoKey = errors.New("declare: the origin has no key")

// Declare implements incident.DeskStore.
func (s *Store) Declare(ctx context.Context, d incident.Declaration, since time.Time, build func(int64, incident.Set) *incident.Incident) (*incident.Incident, bool, error) {
	if d.Origin.Key == "" {
		return nil, false, errNoKey
	}
	var number int64
	var set incident.Set
	var earlier, i *incident.Incident
	read := &pgx.Batch{}
	read.Queue(`BEGIN`)
	read.Queue(takeNumber).QueryRow(func(row pgx.Row) error { return row.Scan(&number) })
	queueSet(read, func(found incident.Set) { set = found })
	queueSame(read, d, since, &earlier)
	err := s.verb(ctx, "declare", read, func() (*pgx.Batch, string, error) {
		if earlier != nil {
			i = earlier
			return nil, "", errFound
		}
		i = build(number, set)
		write := &pgx.Batch{}
		write.Queue(insertIncident, incidentArgs(i))
		queueEntries(write, i, "")
		queueWanted(write, i)
		return write, incident.Subject(number), nil
	})
	if errors.Is(err, errFound) {
		return i, false, s.loadRoles(ctx, i)
	}
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		return s.settleDeclare(ctx, d, unknown)
	}
	if err != nil {
		return nil, false, err
	}
	return i, true, nil
}

// settleLimit bounds the look for what became of a commit. Of the 3 s that Slack
// waits for an acknowledgement, about half a second is left by then.
const settleLimit = 400 * time.Millisecond

// settleDeclare finds out whether a declaration was committed after all. The
// caller's context may be what cut the commit, so that the look has its own. It
// waits for the row that the commit holds: then the outcome is there to be seen.
func (s *Store) settleDeclare(ctx context.Context, d incident.Declaration, unknown *UnknownError) (*incident.Incident, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	var found *incident.Incident
	err := pgx.BeginFunc(ctx, s.hear, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(`SELECT FROM installation FOR SHARE`)
		queueSame(batch, d, time.Time{}, &found)
		return sendBatch(ctx, tx, batch)
	})
	if err != nil || found == nil {
		return nil, false, unknown
	}
	return found, true, nil
}

// queueSame looks for the incident that d asks for; found stays nil if none is.
func queueSame(batch *pgx.Batch, d incident.Declaration, since time.Time, found **incident.Incident) {
	batch.Queue(selectSame, pgx.NamedArgs{
		"key": d.Origin.Key, "recent": !since.IsZero(), "since": since,
		"declarer": d.By, "title": incident.CleanLine(d.Title),
	}).Query(func(rows pgx.Rows) error {
		row, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[incidentRow])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		*found = row.noun()
		return err
	})
}

const lockIncident = `SELECT ` + incidentColumns + ` FROM incidents WHERE number = $1 FOR NO KEY UPDATE`

const selectActed = `SELECT EXISTS (SELECT FROM entries WHERE number = $1 AND act_key = $2)`

// Change implements incident.DeskStore.
func (s *Store) Change(ctx context.Context, number int64, key string, fn func(*incident.Incident) error) (*incident.Incident, error) {
	var i *incident.Incident
	var acted bool
	read := &pgx.Batch{}
	read.Queue(`BEGIN`)
	queueLock(read, number, key, &i, &acted)
	err := s.verb(ctx, "change", read, func() (*pgx.Batch, string, error) {
		if acted {
			return nil, "", errFound
		}
		write, err := changed(i, key, func() error { return fn(i) })
		return write, incident.Subject(number), err
	})
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		return s.settleChange(ctx, number, key, unknown)
	}
	if err != nil && !errors.Is(err, errFound) {
		return nil, err
	}
	return i, nil
}

// ChangeBoth implements incident.DeskStore. Both rows are locked in the order of their
// numbers, so that two who do it at once wait for each other once.
func (s *Store) ChangeBoth(ctx context.Context, number, other int64, key string, fn func(i, other *incident.Incident) error) (*incident.Incident, *incident.Incident, error) {
	both := map[int64]*struct {
		*incident.Incident
		acted bool
	}{number: {}, other: {}}
	read := &pgx.Batch{}
	read.Queue(`BEGIN`)
	for _, n := range []int64{min(number, other), max(number, other)} {
		queueLock(read, n, key, &both[n].Incident, &both[n].acted)
	}
	err := s.verb(ctx, "change both", read, func() (*pgx.Batch, string, error) {
		i, o := both[number], both[other]
		if i.acted {
			return nil, "", errFound
		}
		write, err := changed(i.Incident, key, func() error { return fn(i.Incident, o.Incident) })
		if err != nil {
			return nil, "", err
		}
		own := write.Len()
		if queueJoins(write, o.Incident); write.Len() > own {
			queueWanted(write, o.Incident)
			write.Queue(notify, incident.Subject(other))
		}
		return write, incident.Subject(number), nil
	})
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		_, err = s.settleChange(ctx, number, key, unknown)
	}
	if err != nil && !errors.Is(err, errFound) {
		return nil, nil, err
	}
	return both[number].Incident, both[other].Incident, nil
}

// changed makes the statements that save what fn changes of an incident.
func changed(i *incident.Incident, key string, fn func() error) (*pgx.Batch, error) {
	before, listed, was := roleSet(i), onStaleList(i), i.Status
	if err := fn(); err != nil {
		return nil, err
	}
	write := &pgx.Batch{}
	write.Queue(updateIncident, incidentArgs(i))
	queueRoles(write, i, before)
	queueMessages(write, i)
	queuePutTodos(write, i)
	queueJoins(write, i)
	queueEntries(write, i, key)
	queueWanted(write, i)
	args := pgx.NamedArgs{"number": i.Number}
	if !was.Open() && i.Status.Open() {
		write.Queue(wantBack, args)
	}
	if was != incident.Resolved && i.Status == incident.Resolved {
		// The page is to have the last of what people said.
		write.Queue(lookAtMessages, args)
	}
	if (was == incident.Duplicate) != (i.Status == incident.Duplicate) {
		write.Queue(raiseDuplicates, args)
	}
	if listed || onStaleList(i) {
		// Who listens wakes for this incident, and finds the list as well.
		write.Queue(raiseStaleList)
	}
	return write, nil
}

// raiseDuplicates lets what is closed as a duplicate of an incident lead elsewhere: the
// work goes on where that one's does. Who polls finds them.
const raiseDuplicates = `
	UPDATE reconciliations SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
	 WHERE subject = ANY (ARRAY(SELECT 'incident:' || number FROM incidents WHERE duplicate_of = @number AND duplicate_of <> 0))`

// settleChange finds out, as settleDeclare does, whether a change was committed
// after all.
func (s *Store) settleChange(ctx context.Context, number int64, key string, unknown *UnknownError) (*incident.Incident, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	var i *incident.Incident
	var acted bool
	err := pgx.BeginFunc(ctx, s.hear, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		queueLock(batch, number, key, &i, &acted)
		return sendBatch(ctx, tx, batch)
	})
	if err != nil || !acted {
		return nil, unknown
	}
	return i, nil
}

// queueLock reads the incident inside its row lock and whether key acted on it.
func queueLock(batch *pgx.Batch, number int64, key string, i **incident.Incident, acted *bool) {
	batch.Queue(lockIncident, number).Query(func(rows pgx.Rows) error {
		row, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[incidentRow])
		if errors.Is(err, pgx.ErrNoRows) {
			return incident.NoSuch(number)
		}
		*i = row.noun()
		return err
	})
	batch.Queue(selectRoles, number).Query(func(rows pgx.Rows) (err error) {
		(*i).Roles, err = collectRoles(rows)
		return err
	})
	queueMembers(batch, number, func() *incident.Incident { return *i })
	queueSet(batch, func(set incident.Set) { (*i).Set = set })
	queueTodos(batch, number, func() *incident.Incident { return *i })
	batch.Queue(selectMessages, number).Query(func(rows pgx.Rows) (err error) {
		(*i).Messages, err = collectMessages(rows)
		return err
	})
	batch.Queue(selectActed, number, key).QueryRow(func(row pgx.Row) error { return row.Scan(acted) })
}

const raiseWanted = `
	INSERT INTO reconciliations (subject, urgency) VALUES ($1, $2)
	ON CONFLICT (subject) DO UPDATE
	   SET wanted = reconciliations.wanted + 1, urgency = excluded.urgency,
	       changed_at = now(), retry_at = '-infinity'`

func queueWanted(batch *pgx.Batch, i *incident.Incident) {
	batch.Queue(raiseWanted, incident.Subject(i.Number), urgency(i))
}

// urgency orders work: the worst severity first, what is over last.
func urgency(i *incident.Incident) int {
	if !i.Status.Open() {
		return int(incident.SEV4) + 1
	}
	return int(i.Severity)
}

// sendBatch sends all statements in one round trip.
func sendBatch(ctx context.Context, tx pgx.Tx, batch *pgx.Batch) error {
	return tx.SendBatch(ctx, batch).Close()
}
