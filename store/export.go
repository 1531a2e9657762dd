package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// exportPart is how many incidents Export reads at once.
const exportPart = 200

const selectPart = `SELECT ` + incidentColumns + ` FROM incidents
	 WHERE number > @after AND declared_at >= @since AND (@private OR NOT private)
	 ORDER BY number LIMIT @part`

// Export hands on the incidents that were declared since a moment, by number,
// with their roles and timelines; private ones only if they are asked for. It
// holds few of them in memory, and no transaction open between them. It ends
// with the first error of each.
func (s *Store) Export(ctx context.Context, since time.Time, private bool, each func(*incident.Incident, []incident.Entry) error) error {
	for after := int64(0); ; {
		part, err := s.exportPart(ctx, pgx.NamedArgs{"after": after, "since": since, "private": private, "part": exportPart})
		if err != nil {
			return fmt.Errorf("read incidents: %w", err)
		}
		for _, e := range part {
			if err := each(e.incident, e.timeline); err != nil {
				return err
			}
			after = e.incident.Number
		}
		if len(part) < exportPart {
			return nil
		}
	}
}

type exported struct {
	incident *incident.Incident
	timeline []incident.Entry
}

func (s *Store) exportPart(ctx context.Context, args pgx.NamedArgs) ([]*exported, error) {
	rows, err := s.hear.Query(ctx, selectPart, args)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[incidentRow])
	if err != nil || len(found) == 0 {
		return nil, err
	}
	part := make([]*exported, len(found))
	batch := &pgx.Batch{}
	for n, row := range found {
		e := &exported{incident: row.noun()}
		part[n] = e
		batch.Queue(selectRoles, row.Number).Query(into(&e.incident.Roles, collectRoles))
		queueFollowUps(batch, row.Number, e.incident)
		batch.Queue(selectTimeline, row.Number).Query(into(&e.timeline, collectEntries))
	}
	return part, s.hear.SendBatch(ctx, batch).Close()
}
