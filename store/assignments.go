package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

const selectRoles = `SELECT role, holder, made_by, made_at, note, typed_in FROM assignments WHERE number = $1 ORDER BY role`

type assignmentRow struct {
	Role    string
	Holder  string
	MadeBy  string
	MadeAt  time.Time
	Note    string
	TypedIn string
}

func (r assignmentRow) noun() incident.Assignment {
	return incident.Assignment{Role: r.Role, User: r.Holder, By: r.MadeBy, At: r.MadeAt, Note: r.Note, TypedIn: r.TypedIn}
}

func collectRoles(rows pgx.Rows) ([]incident.Assignment, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[assignmentRow])
	var roles []incident.Assignment
	for _, r := range found {
		roles = append(roles, r.noun())
	}
	return roles, err
}

func (s *Store) loadRoles(ctx context.Context, i *incident.Incident) error {
	rows, err := s.hear.Query(ctx, selectRoles, i.Number)
	if err != nil {
		return fmt.Errorf("read the roles: %w", err)
	}
	i.Roles, err = collectRoles(rows)
	return err
}

func roleSet(i *incident.Incident) map[incident.Assignment]bool {
	set := make(map[incident.Assignment]bool, len(i.Roles))
	for _, a := range i.Roles {
		set[a] = true
	}
	return set
}

const upsertRole = `
	INSERT INTO assignments (number, role, holder, made_by, made_at, note, typed_in)
	VALUES (@number, @role, @holder, @by, @at, @note, @typed_in)
	ON CONFLICT (number, role) DO UPDATE
	   SET holder = excluded.holder, made_by = excluded.made_by, made_at = excluded.made_at, note = excluded.note, typed_in = excluded.typed_in`

const deleteRole = `DELETE FROM assignments WHERE number = $1 AND role = $2`

// queueRoles writes the assignments that differ from before.
func queueRoles(batch *pgx.Batch, i *incident.Incident, before map[incident.Assignment]bool) {
	for _, a := range i.Roles {
		if !before[a] {
			batch.Queue(upsertRole, pgx.NamedArgs{
				"number": i.Number, "role": a.Role, "holder": a.User, "by": a.By, "at": a.At, "note": a.Note, "typed_in": a.TypedIn,
			})
		}
	}
	for a := range before {
		if _, held := i.Holder(a.Role); !held {
			batch.Queue(deleteRole, i.Number, a.Role)
		}
	}
}
