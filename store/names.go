package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// Names gives what is known of people's names, by their ids in Slack.
func (s *Store) Names(ctx context.Context, ids []string) (map[string]incident.Called, error) {
	rows, err := s.hear.Query(ctx, `SELECT id, name, at FROM names WHERE id = ANY(@ids)`, pgx.NamedArgs{"ids": ids})
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	found := make(map[string]incident.Called, len(ids))
	var id, name string
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &name, &at}, func() error {
		found[id] = incident.Called{Name: name, At: at}
		return nil
	})
	return found, err
}

// SaveName keeps a name, unless one is there that was heard later.
func (s *Store) SaveName(ctx context.Context, id string, name incident.Called) error {
	_, err := s.hear.Exec(ctx, `
		INSERT INTO names (id, name, at) VALUES (@id, @name, @at)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, at = excluded.at WHERE names.at < excluded.at`,
		pgx.NamedArgs{"id": id, "name": name.Name, "at": name.At})
	if err != nil {
		return fmt.Errorf("save a name: %w", err)
	}
	return nil
}
