package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// The two orders. Numbers are given in the order of declaration.
const newestFirst, worstFirst = `number DESC`, `severity, number`

// backwards are the orders of a page that is read from its end.
var backwards = map[string]string{newestFirst: `number`, worstFirst: `severity DESC, number DESC`}

// afterWorst is the place of the last incident of the page before, and beforeWorst
// that of the first one of the page after, by values that the planner takes for
// constants: so that an index begins there.
const (
	afterWorst  = `(severity, number) > ((SELECT severity FROM incidents WHERE number = @after), @after)`
	beforeWorst = `(severity, number) < ((SELECT severity FROM incidents WHERE number = @before), @before)`
)

const heldByViewer = `(SELECT count(*) FROM assignments h WHERE h.number = i.number AND h.holder = @viewer) > 0`

// searchedFirst is how many of the newest incidents are looked through for words
// before the index of words is asked, which is slow for words that very many have.
const searchedFirst = 3000

// browsing is a filter on its way to SQL. It names only what is asked for, so that
// each question gets a plan of its own.
type browsing struct {
	where []string
	order string
	// beyond bounds the numbers of a page that does not begin at one end of the list
	// of the newest; it may be empty.
	beyond string
	args   pgx.NamedArgs
}

func (b *browsing) add(condition, name string, value any) {
	b.where = append(b.where, condition)
	b.args[name] = value
}

// browseStatement is the statement of a filter. near looks only through the newest.
func browseStatement(f incident.Filter, near bool) (string, pgx.NamedArgs) {
	b := &browsing{where: []string{visible}, order: newestFirst, args: pgx.NamedArgs{"viewer": f.Viewer, "limit": f.Limit + 1}}
	b.state(f)
	b.words(f.Words)
	b.place(f)
	where := strings.Join(b.where, ` AND `)
	switch {
	case f.Mine && f.Open:
		where += ` AND (declarer = @viewer OR ` + heldByViewer + `)`
	case f.Mine:
		return b.page(b.mine(where)), b.args
	case near:
		return b.page(b.near(where)), b.args
	}
	return b.page(`SELECT ` + listedColumns + ` FROM incidents i WHERE ` + where), b.args
}

// place begins the page after an incident, or ends it before one.
func (b *browsing) place(f incident.Filter) {
	after, before := `number < @after`, `number > @before`
	if !f.Open && f.After+f.Before > 0 {
		b.beyond = map[bool]string{true: before, false: after}[f.Before > 0]
	}
	if f.Open {
		after, before = afterWorst, beforeWorst
	}
	switch {
	case f.Before > 0:
		b.add(before, "before", f.Before)
		b.order = backwards[b.order]
	case f.After > 0:
		b.add(after, "after", f.After)
	}
}

func (b *browsing) state(f incident.Filter) {
	if f.Open {
		b.where, b.order = append(b.where, open), worstFirst
	}
	if f.Status != "" {
		b.add(`status = @status`, "status", string(f.Status))
	}
	if f.Severity != 0 {
		b.add(`severity = @severity`, "severity", int(f.Severity))
	}
	if !f.From.IsZero() {
		b.add(`declared_at >= @from`, "from", f.From)
	}
	if !f.Until.IsZero() {
		b.add(`declared_at < @until`, "until", f.Until)
	}
}

func (b *browsing) words(text string) {
	words, named := splitRefs(incident.FindWords(text))
	if len(named) > 0 {
		b.add(numbered, "numbers", named)
	}
	switch query := textQuery(words); {
	case len(words) == 0:
	case len(named) > 0, query == "":
		b.add(holdsWords, "like", patterns(words))
	case len(perhapsNumber(words)) > 0:
		b.add(`(`+numbered+` OR words @@ to_tsquery('simple', @query))`, "query", query)
		b.args["numbers"] = perhapsNumber(words)
	default:
		b.add(`words @@ to_tsquery('simple', @query)`, "query", query)
	}
}

// mine takes a page from each of the two ways to be somebody's, in their own
// order.
func (b *browsing) mine(where string) string {
	end := ` ORDER BY ` + b.order + ` LIMIT @limit)`
	held := `SELECT number AS wanted FROM assignments WHERE holder = @viewer`
	if b.beyond != "" {
		held += ` AND ` + b.beyond
	}
	return `(SELECT ` + listedColumns + ` FROM incidents i WHERE declarer = @viewer AND ` + where + end + ` UNION
		(SELECT ` + listedColumns + ` FROM (` + held + ` ORDER BY ` + b.order + `) n
		  CROSS JOIN LATERAL (SELECT ` + listedColumns + `, words FROM incidents WHERE number = n.wanted OFFSET 0) i WHERE ` + where +
		` ORDER BY ` + strings.Replace(b.order, "number", "n.wanted", 1) + ` LIMIT @limit)`
}

func (b *browsing) near(where string) string {
	newest := `SELECT ` + listedColumns + `, words FROM incidents`
	if b.beyond != "" {
		newest += ` WHERE ` + b.beyond
	}
	return `SELECT ` + listedColumns + ` FROM (` + newest + ` ORDER BY ` + b.order + ` LIMIT ` + strconv.Itoa(searchedFirst) + `) i WHERE ` + where
}

// page looks up rooms and holders for the page alone.
func (b *browsing) page(source string) string {
	return selectListed + `0 AS total
	  FROM (SELECT * FROM (` + source + `) found ORDER BY ` + b.order + ` LIMIT @limit) i
	 ORDER BY ` + b.order
}

// Browse reads a page of what a filter chooses, without what the viewer may not
// know of.
func (s *Store) Browse(ctx context.Context, f incident.Filter) (incident.Shelf, error) {
	if f.Words != "" && !f.Open && !f.Mine {
		if shelf, err := s.browse(ctx, f, true); err != nil || shelf.More {
			return shelf, err
		}
	}
	return s.browse(ctx, f, false)
}

func (s *Store) browse(ctx context.Context, f incident.Filter, near bool) (incident.Shelf, error) {
	sql, args := browseStatement(f, near)
	rows, err := s.hear.Query(ctx, sql, planned, args)
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
	if f.Before > 0 {
		slices.Reverse(shelf.List)
	}
	return shelf, nil
}
