package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// subscribe begins with the entry after the newest. A subscription that is there
// stays as it is.
const subscribe = `
	INSERT INTO subscriptions (number, person, after)
	SELECT i.number, @person, coalesce((SELECT max(id) FROM entries e WHERE e.number = i.number), 0)
	  FROM incidents i WHERE i.number = @number AND ` + visible + `
	ON CONFLICT (number, person) DO UPDATE SET after = subscriptions.after`

const unsubscribe = `DELETE FROM subscriptions WHERE number = @number AND person = @person`

// Subscribe implements incident.DeskStore. To ask twice changes nothing, so that
// an outcome that is not known can be asked for again.
func (s *Store) Subscribe(ctx context.Context, number int64, person string, wanted bool) error {
	sql := unsubscribe
	if wanted {
		sql = subscribe
	}
	tag, err := s.hear.Exec(ctx, sql, pgx.NamedArgs{"number": number, "person": person, "viewer": person})
	switch {
	case err != nil:
		return fmt.Errorf("subscribe: %w", err)
	case wanted && tag.RowsAffected() == 0:
		return incident.NoSuch(number)
	}
	return nil
}

// selectNotices finds what subscribers have not been told since they subscribed.
const selectNotices = `
	SELECT ` + entryColumns + `, person FROM subscriptions s
	  JOIN entries e ON e.number = s.number AND e.id > s.after
	 WHERE s.number = $1 AND NOT quiet AND kind IN ('severity', 'status', 'resolved', 'cancelled', 'duplicate', 'reopened', 'update')
	   AND NOT EXISTS (SELECT FROM postings p
	                    WHERE p.subject = $2 AND p.key = 'notice:' || e.id || ':' || s.person AND (p.ts <> '' OR p.error <> ''))
	 ORDER BY id, person`

type noticeRow struct {
	entryRow
	Person string
}

func collectNotices(rows pgx.Rows) ([]incident.Notice, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[noticeRow])
	var notices []incident.Notice
	for _, r := range found {
		notices = append(notices, incident.Notice{Entry: r.entryRow.noun(), Person: r.Person})
	}
	return notices, err
}
