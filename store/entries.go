package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

type entryRow struct {
	ID        int64
	Kind      string
	At        time.Time
	Author    string
	Quiet     bool
	FromValue string
	ToValue   string
	Role      string
	Body      string
	Detail    *incident.Detail
}

func (r entryRow) noun() incident.Entry {
	return incident.Entry{
		ID: r.ID, Kind: incident.EntryKind(r.Kind), At: r.At, By: r.Author, Quiet: r.Quiet,
		From: r.FromValue, To: r.ToValue, Role: r.Role, Text: r.Body, Detail: r.Detail,
	}
}

func collectEntries(rows pgx.Rows) ([]incident.Entry, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[entryRow])
	entries := make([]incident.Entry, len(found))
	for n, row := range found {
		entries[n] = row.noun()
	}
	return entries, err
}

const entryColumns = `id, kind, at, author, quiet, from_value, to_value, role, body, detail`

const insertEntry = `
	INSERT INTO entries (number, kind, at, author, quiet, from_value, to_value, role, body, detail, act_key)
	VALUES (@number, @kind, @at, @author, @quiet, @from, @to, @role, @body, @detail, NULLIF(@key, ''))`

// queueEntries saves what the verb left behind; the first entry carries the
// key of the event that asked for it.
func queueEntries(batch *pgx.Batch, i *incident.Incident, key string) {
	for _, e := range i.News() {
		batch.Queue(insertEntry, pgx.NamedArgs{
			"number": i.Number, "kind": string(e.Kind), "at": e.At, "author": e.By, "quiet": e.Quiet,
			"from": e.From, "to": e.To, "role": e.Role, "body": e.Text, "detail": e.Detail, "key": key,
		})
		key = ""
	}
}

// timeline is what a timeline shows: the entries, and the messages that are in it
// between them, each at its own time.
const timeline = `(
	SELECT ` + entryColumns + `, id AS place, 0 AS behind FROM entries WHERE number = $1 AND kind NOT LIKE 'message_%'
	UNION ALL
	SELECT 0, 'message', said_at, author, false, '', '', '', body,
	       jsonb_build_object('tool', tool, 'link', link, 'files', files), after, 1 FROM messages WHERE number = $1 AND shown) t`

const selectTimeline = `SELECT ` + entryColumns + ` FROM ` + timeline + ` ORDER BY place, behind, at, detail ->> 'link'`

const selectLatest = `SELECT ` + entryColumns + ` FROM ` + timeline + `
	ORDER BY place DESC, behind DESC, at DESC, detail ->> 'link' DESC LIMIT $2 OFFSET $3`

const countEntries = `SELECT count(*) FROM ` + timeline

const selectLatestID = `SELECT coalesce(max(id), 0) FROM entries WHERE number = $1`

// LatestEntry gives the id of the newest entry of an incident, or 0.
func (s *Store) LatestEntry(ctx context.Context, number int64) (id int64, err error) {
	if err := s.hear.QueryRow(ctx, selectLatestID, number).Scan(&id); err != nil {
		return 0, fmt.Errorf("look for news: %w", err)
	}
	return id, nil
}

// TimelinePage reads some entries, the newest but for offset of them. A page
// beyond the end is the newest.
func (s *Store) TimelinePage(ctx context.Context, number int64, limit, offset int) (incident.TimelinePage, error) {
	page := incident.TimelinePage{Offset: offset}
	batch := &pgx.Batch{}
	batch.Queue(countEntries, number).QueryRow(func(row pgx.Row) error { return row.Scan(&page.Total) })
	batch.Queue(selectLatest, number, limit, offset).Query(into(&page.Entries, collectEntries))
	if err := s.hear.SendBatch(ctx, batch).Close(); err != nil {
		return incident.TimelinePage{}, fmt.Errorf("read a page of the timeline: %w", err)
	}
	if len(page.Entries) == 0 && offset > 0 {
		return s.TimelinePage(ctx, number, limit, 0)
	}
	slices.Reverse(page.Entries)
	return page, nil
}

// Timeline reads all entries of an incident, oldest first.
func (s *Store) Timeline(ctx context.Context, number int64) ([]incident.Entry, error) {
	rows, err := s.hear.Query(ctx, selectTimeline, number)
	if err != nil {
		return nil, fmt.Errorf("read the timeline: %w", err)
	}
	return collectEntries(rows)
}
