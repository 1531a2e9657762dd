package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

const newestFirst = `declared_at DESC, number DESC`

// The place of the last incident of the page before, by values that the planner
// takes for constants: so that an index begins there.
const (
	afterNewest = `(declared_at, number) < ((SELECT declared_at FROM incidents WHERE number = @after), @after)`
	afterWorst  = `(severity, number) > ((SELECT severity FROM incidents WHERE number = @after), @after)`
)

const mine = `number IN (SELECT number FROM incidents WHERE declarer = @viewer
	UNION SELECT number FROM assignments WHERE holder = @viewer)`

// browseStatement names only what is asked for, so that each question gets a plan
// of its own.
func browseStatement(f incident.Filter) (string, pgx.NamedArgs) {
	args := pgx.NamedArgs{"viewer": f.Viewer, "limit": f.Limit + 1}
	where, order, after := []string{`true`}, newestFirst, afterNewest
	add := func(condition, name string, value any) {
		where = append(where, condition)
		args[name] = value
	}
	if f.Open {
		where, order, after = append(where, open), `severity, number`, afterWorst
	}
	if f.Status != "" {
		add(`status = @status`, "status", string(f.Status))
	}
	if f.Severity != 0 {
		add(`severity = @severity`, "severity", int(f.Severity))
	}
	if f.Mine {
		where = append(where, mine)
	}
	if !f.From.IsZero() {
		add(`declared_at >= @from`, "from", f.From)
	}
	if !f.Until.IsZero() {
		add(`declared_at < @until`, "until", f.Until)
	}
	if f.After > 0 {
		add(after, "after", f.After)
	}
	words, named := splitRefs(incident.FindWords(f.Words))
	if len(named) > 0 {
		add(numbered, "numbers", named)
	}
	switch query := textQuery(words); {
	case len(words) == 0:
	case len(perhapsNumber(words)) > 0:
		add(`(`+numbered+` OR words @@ to_tsquery('simple', @query))`, "query", query)
		args["numbers"] = perhapsNumber(words)
	case query == "":
		add(holdsWords, "like", patterns(words))
	default:
		add(`words @@ to_tsquery('simple', @query)`, "query", query)
	}
	return browseSQL(strings.Join(where, ` AND `), order), args
}

func browseSQL(where, order string) string {
	return `
	SELECT i.number, i.title, i.severity, i.status, i.test, i.private, i.declared_at, i.resolved_at,
	       coalesce((SELECT r.channel FROM rooms r WHERE r.number = i.number AND r.purpose = 'room'), '') AS room,
	       coalesce((SELECT a.holder FROM assignments a WHERE a.number = i.number AND a.role = 'commander'), '') AS commander,
	       ARRAY(SELECT m.role FROM assignments m WHERE m.number = i.number AND m.holder = @viewer ORDER BY m.role) AS mine,
	       0 AS total
	  FROM (SELECT ` + listedColumns + ` FROM incidents i WHERE ` + visible + ` AND ` + where + ` ORDER BY ` + order + ` LIMIT @limit) i
	 ORDER BY ` + order
}

// Browse reads a page of what a filter chooses, without what the viewer may not
// know of.
func (s *Store) Browse(ctx context.Context, f incident.Filter) (incident.Shelf, error) {
	sql, args := browseStatement(f)
	rows, err := s.hear.Query(ctx, sql, args)
	if err != nil {
		return incident.Shelf{}, fmt.Errorf("browse incidents: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[listedRow])
	if err != nil {
		return incident.Shelf{}, fmt.Errorf("browse incidents: %w", err)
	}
	shelf := incident.Shelf{More: len(list) > f.Limit}
	for _, row := range list[:min(len(list), f.Limit)] {
		shelf.List = append(shelf.List, row.noun())
	}
	return shelf, nil
}
