package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// selectNews finds the entries whose line in the room is not settled. A line
// that Slack refuses for good is settled too.
const selectNews = `
	SELECT ` + entryColumns + ` FROM entries e
	 WHERE number = $1 AND NOT quiet
	   AND NOT EXISTS (SELECT FROM postings p
	                    WHERE p.subject = $2 AND p.key = 'line:' || e.id AND (p.ts <> '' OR p.error <> ''))
	 ORDER BY id`

// selectUpdates finds the entries that the digest channel has not been told, nor
// refused. What was said while the incident was a drill is for nobody there.
const selectUpdates = `
	SELECT ` + entryColumns + ` FROM entries e
	 WHERE number = $1 AND (kind IN ('update', 'nothing_new')
	           AND id > coalesce((SELECT max(id) FROM entries WHERE number = $1 AND kind = 'test' AND to_value = 'real'), 0) OR kind = 'channel' AND from_value = 'room' AND to_value <> '' AND NOT quiet)
	   AND NOT EXISTS (SELECT FROM postings p
	                    WHERE p.subject = $2 AND p.key = 'update:' || e.id AND (p.ts <> '' OR p.error <> ''))
	 ORDER BY id`

// selectPostings leaves out lines, updates and notices that are said, and reminders that
// are over: a case does not grow with what was said before. Updates that are to be
// taken back are in it.
const selectPostings = `
	SELECT key, channel, thread, ts, hash, sent_at, attempted_at, looks, error FROM postings
	 WHERE subject = $1 AND NOT ((key LIKE 'line:%' OR key LIKE 'notice:%' OR
	         key LIKE 'update:%' AND (ts = '' OR EXISTS (SELECT FROM incidents WHERE number = $2 AND NOT test AND NOT private)))
	       AND (ts <> '' OR error <> ''))
	   AND (key NOT LIKE 'reminder:%' OR key IN (SELECT 'reminder:' || (r ->> 'n')
	          FROM incidents, jsonb_array_elements(reminders) r WHERE number = $2))`

const selectRooms = `SELECT purpose, channel, name, attempted_at, state, noticed, noticed_by, looked, wanted_back, private, exposed FROM rooms WHERE number = $1`

const selectDeeds = `SELECT key, value, ref, attempted_at, done_at, error FROM deeds WHERE subject = $1`

const selectSteps = `SELECT step, attempts, not_before, error, since FROM steps WHERE subject = $1`

// selectOriginal finds the incident that a duplicate is the same as: the last one, where
// that is a duplicate itself.
const selectOriginal = `
	WITH RECURSIVE chain AS (
		SELECT duplicate_of AS number FROM incidents WHERE number = $1 AND duplicate_of <> 0
		UNION
		SELECT i.duplicate_of FROM chain JOIN incidents i USING (number) WHERE i.duplicate_of <> 0)
	SELECT o.number, o.title, coalesce(r.channel, '') AS room, o.status, o.resolution, o.declared_at, coalesce(o.resolved_at, o.declared_at) AS ended_at
	  FROM chain JOIN incidents o ON o.number = chain.number AND o.duplicate_of = 0 AND NOT o.private
	  LEFT JOIN rooms r ON r.number = o.number AND r.purpose = 'room'`

// Case reads an incident and all that was done about it at one instant: one
// round trip, one snapshot.
func (s *Store) Case(ctx context.Context, number int64) (*incident.Case, error) {
	c := &incident.Case{Postings: map[string]incident.Posting{}, Deeds: map[string]incident.Deed{}, Steps: map[string]incident.StepState{}}
	subject := incident.Subject(number)
	batch := &pgx.Batch{}
	batch.Queue(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
	queueIncident(batch, selectIncident, number, &c.Incident)
	batch.Queue(selectMessages, number).Query(into(&c.Messages, collectMessages))
	batch.Queue(selectNews, number, subject).Query(into(&c.News, collectEntries))
	batch.Queue(selectUpdates, number, subject).Query(into(&c.Updates, collectEntries))
	batch.Queue(selectNotices, number, subject).Query(into(&c.Notices, collectNotices))
	batch.Queue(selectJoins, number).Query(into(&c.Joins, collectJoins))
	batch.Queue(selectAlike, number, subject).Query(func(rows pgx.Rows) error {
		open, err := collectAlike(rows)
		c.Alike = incident.MostAlike(c.Title, open)
		return err
	})
	batch.Queue(selectOriginal, number).Query(into(&c.Original, collectOriginal))
	batch.Queue(selectStale, number).Query(into(&c.Stale, collectStale))
	batch.Queue(selectRooms, number).Query(into(&c.Rooms, collectRooms))
	batch.Queue(`SELECT check_at, resync_at, digest_id FROM reconciliations, installation WHERE subject = $1`, subject).QueryRow(func(row pgx.Row) error {
		var check, resync *time.Time
		err := row.Scan(&check, &resync, &c.Installation.Digest)
		c.CheckAt, c.ResyncAt = orZero(check), orZero(resync)
		return err
	})
	batch.Queue(selectPostings, subject, number).Query(func(rows pgx.Rows) error { return eachPosting(rows, c.Postings) })
	batch.Queue(selectDeeds, subject).Query(func(rows pgx.Rows) error { return eachDeed(rows, c.Deeds) })
	batch.Queue(selectSteps, subject).Query(func(rows pgx.Rows) error { return eachStep(rows, c.Steps) })
	queueDefinitions(batch, &c.Definitions)
	batch.Queue(`COMMIT`)
	if err := s.speak.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read the case of %s: %w", incident.Ref(number), err)
	}
	return c, nil
}

// collectOriginal is nil if the incident is no duplicate.
func collectOriginal(rows pgx.Rows) (*incident.Original, error) {
	o, err := pgx.CollectOneRow(rows, pgx.RowToAddrOfStructByName[incident.Original])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return o, err
}

type roomRow struct {
	Purpose     string
	Channel     string
	Name        string
	AttemptedAt *time.Time
	State       string
	Noticed     int64
	NoticedBy   string
	Looked      int64
	WantedBack  bool
	Private     bool
	Exposed     bool
}

func collectRooms(rows pgx.Rows) ([]incident.Room, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[roomRow])
	var rooms []incident.Room
	for _, r := range found {
		rooms = append(rooms, incident.Room{
			Purpose: incident.RoomPurpose(r.Purpose), ID: r.Channel, Name: r.Name, AttemptedAt: orZero(r.AttemptedAt),
			State: incident.RoomState(r.State), Noticed: r.Noticed, NoticedBy: r.NoticedBy, Looked: r.Looked, WantedBack: r.WantedBack, Private: r.Private, Exposed: r.Exposed,
		})
	}
	return rooms, err
}

type postingRow struct {
	Key         string
	Channel     string
	Thread      string
	TS          string `db:"ts"`
	Hash        string
	SentAt      time.Time
	AttemptedAt *time.Time
	Looks       int
	Error       string
}

func eachPosting(rows pgx.Rows, into map[string]incident.Posting) error {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[postingRow])
	for _, r := range found {
		into[r.Key] = incident.Posting{
			Key: r.Key, Channel: r.Channel, Thread: r.Thread, TS: r.TS, Hash: r.Hash, SentAt: r.SentAt,
			AttemptedAt: orZero(r.AttemptedAt), Looks: r.Looks, Error: r.Error,
		}
	}
	return err
}

type deedRow struct {
	Key         string
	Value       string
	Ref         string
	AttemptedAt *time.Time
	DoneAt      *time.Time
	Error       string
}

func eachDeed(rows pgx.Rows, into map[string]incident.Deed) error {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[deedRow])
	for _, r := range found {
		into[r.Key] = incident.Deed{
			Key: r.Key, Value: r.Value, Ref: r.Ref,
			AttemptedAt: orZero(r.AttemptedAt), DoneAt: orZero(r.DoneAt), Error: r.Error,
		}
	}
	return err
}

func eachStep(rows pgx.Rows, into map[string]incident.StepState) error {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[incident.StepState])
	for _, r := range found {
		into[r.Step] = r
	}
	return err
}
