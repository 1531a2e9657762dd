package store

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// incidentColumns are the columns of incidentRow, in one place for every query.
const incidentColumns = `number, title, title_by, summary, summary_by, severity, severity_at, severity_by,
	status, status_at, status_by, test, private, private_at, declarer, declared_at, resolved_at, resolved_by, resolution, duplicate_of,
	origin_kind, origin_key, origin_channel, origin_thread, origin_view, origin_response_url, origin_post,
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
	OriginThread      string
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
			Kind: incident.OriginKind(r.OriginKind), Key: r.OriginKey, Channel: r.OriginChannel, Thread: r.OriginThread,
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
		"origin_kind": string(i.Origin.Kind), "origin_key": i.Origin.Key, "origin_channel": i.Origin.Channel, "origin_thread": i.Origin.Thread,
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
		@origin_kind, @origin_key, @origin_channel, @origin_thread, @origin_view, @origin_response_url, @origin_post,
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

const selectIncident = `SELECT ` + incidentColumns + ` FROM incidents WHERE number = $1`

// lockIncident is selectIncident inside the row lock.
const lockIncident = selectIncident + ` FOR NO KEY UPDATE`

// queueIncident reads an incident with its roles, members and follow-ups. The
// statement is selectIncident or lockIncident.
func queueIncident(batch *pgx.Batch, statement string, number int64, i *incident.Incident) {
	batch.Queue(statement, number).Query(func(rows pgx.Rows) error {
		row, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[incidentRow])
		if errors.Is(err, pgx.ErrNoRows) {
			return incident.NoSuch(number)
		}
		*i = *row.noun()
		return err
	})
	batch.Queue(selectRoles, number).Query(into(&i.Roles, collectRoles))
	queueMembers(batch, number, i)
	queueFollowUps(batch, number, i)
}
