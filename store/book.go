package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// selectSet reads what verbs schedule by: a row for each severity.
const selectSet = `
	SELECT level, coalesce(s.first_after, '0') AS first, coalesce(s.every, '0') AS every,
	       coalesce(i.commander_after, '0') AS commander
	  FROM severities s CROSS JOIN installation i`

type setRow struct {
	Level                   int
	First, Every, Commander time.Duration
}

func queueSet(batch *pgx.Batch, found func(incident.Set)) {
	batch.Queue(selectSet).Query(func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, pgx.RowToStructByName[setRow])
		if err == nil {
			found(setOf(list))
		}
		return err
	})
}

func setOf(list []setRow) incident.Set {
	var set incident.Set
	for _, r := range list {
		set.Commander = r.Commander
		if level := incident.Severity(r.Level); level.Valid() {
			set.Paces[level-1] = incident.Pace{First: r.First, Every: r.Every}
		}
	}
	return set
}

const changeColumns = `setting, from_value AS "from", to_value AS "to", author AS by, at`

const selectLastChanges = `SELECT DISTINCT ON (setting) ` + changeColumns + ` FROM setting_changes ORDER BY setting, id DESC`

// recentChanges is how many changes are shown.
const recentChanges = 20

const selectRecentChanges = `SELECT ` + changeColumns + ` FROM setting_changes ORDER BY id DESC LIMIT $1`

// lockSettings puts changes in order, also with declarations: these read what is
// set with the same row locked.
const lockSettings = selectSettings + ` FOR NO KEY UPDATE`

func queueBook(batch *pgx.Batch, b *incident.Book, settings string) {
	queueDefinitionsBy(batch, &b.Definitions, settings)
	batch.Queue(selectLastChanges).Query(func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, pgx.RowToStructByName[incident.SettingChange])
		b.Last = map[incident.Setting]incident.SettingChange{}
		for _, c := range list {
			b.Last[c.Setting] = c
		}
		return err
	})
	batch.Queue(selectRecentChanges, recentChanges).Query(func(rows pgx.Rows) (err error) {
		b.Recent, err = pgx.CollectRows(rows, pgx.RowToStructByName[incident.SettingChange])
		return err
	})
}

// Book implements incident.SettingsStore.
func (s *Store) Book(ctx context.Context) (*incident.Book, error) {
	b := &incident.Book{}
	batch := &pgx.Batch{}
	batch.Queue(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
	queueBook(batch, b, selectSettings)
	batch.Queue(`COMMIT`)
	if err := s.hear.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	return b, nil
}

const selectChanged = `SELECT EXISTS (SELECT FROM setting_changes WHERE act_key = $1)`

// ChangeBook implements incident.SettingsStore.
func (s *Store) ChangeBook(ctx context.Context, key string, fn func(*incident.Book) error) error {
	b := &incident.Book{}
	acted := false
	read := func(batch *pgx.Batch) {
		*b = incident.Book{}
		queueBook(batch, b, lockSettings)
		batch.Queue(selectChanged, key).QueryRow(func(row pgx.Row) error { return row.Scan(&acted) })
	}
	err := s.verb(ctx, "settings", read, func() (*pgx.Batch, string, error) {
		if acted {
			return nil, "", errFound
		}
		before := b.Set()
		if err := fn(b); err != nil {
			return nil, "", err
		}
		return writeBook(b, key, b.Set() != before), "", nil
	})
	if errors.Is(err, errFound) {
		return nil
	}
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		return s.settleBook(ctx, key, unknown)
	}
	return err
}

// settleBook finds out, as settleChange does, whether a change was committed
// after all.
func (s *Store) settleBook(ctx context.Context, key string, unknown *UnknownError) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	acted := false
	err := pgx.BeginFunc(ctx, s.hear, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(`SELECT FROM installation FOR SHARE`)
		batch.Queue(selectChanged, key).QueryRow(func(row pgx.Row) error { return row.Scan(&acted) })
		return sendBatch(ctx, tx, batch)
	})
	if err != nil || !acted {
		return unknown
	}
	return nil
}

const (
	updateSettings = `
		UPDATE installation
		   SET guide = @guide, meeting = @meeting, topic = @topic, invite_group = @group,
		       commander_after = nullif(@commander_after::interval, '0'), guests = @guests`
	updateSeverity = `
		UPDATE severities
		   SET name = $2, definition = $3, first_after = nullif($4::interval, '0'), every = nullif($5::interval, '0')
		 WHERE level = $1`
	upsertDefinition = `
		INSERT INTO roles (key, name, definition, position, retired) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (key) DO UPDATE
		   SET name = excluded.name, definition = excluded.definition, position = excluded.position, retired = excluded.retired`
	insertChange = `
		INSERT INTO setting_changes (setting, from_value, to_value, author, at, act_key)
		VALUES ($1, $2, $3, $4, $5, nullif($6, ''))`
	// dueAgain makes the clock look at all open incidents, and work out anew when
	// they are due: too early does no harm.
	dueAgain = `UPDATE incidents SET reminder_due_at = declared_at WHERE resolved_at IS NULL`
)

func writeBook(b *incident.Book, key string, again bool) *pgx.Batch {
	batch := &pgx.Batch{}
	batch.Queue(updateSettings, pgx.NamedArgs{
		"guide": b.Settings.Guide, "meeting": b.Settings.Meeting, "topic": b.Settings.Topic, "group": b.Settings.Group,
		"commander_after": b.Settings.CommanderAfter, "guests": b.Settings.Guests,
	})
	for _, s := range b.Severities {
		batch.Queue(updateSeverity, int(s.Level), s.Name, s.Text, s.First, s.Every)
	}
	for _, roles := range [][]incident.Role{b.Roles, b.Retired} {
		for _, r := range roles {
			batch.Queue(upsertDefinition, r.Key, r.Name, r.Text, r.Position, r.Retired)
		}
	}
	for _, c := range b.News() {
		batch.Queue(insertChange, string(c.Setting), c.From, c.To, c.By, c.At, key)
		key = ""
	}
	if again {
		batch.Queue(dueAgain)
	}
	return batch
}
