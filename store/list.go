package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

type listedRow struct {
	Number       int64
	Title        string
	Severity     int
	SeverityName string
	Status       string
	DeclaredAt   time.Time
	ResolvedAt   *time.Time
	Test         bool
	Private      bool
	Room         string
	Commander    string
	Mine         []string
	Total        int
}

func (r listedRow) noun() incident.Listed {
	return incident.Listed{
		Number: r.Number, Title: r.Title, Severity: incident.Severity(r.Severity), SeverityName: r.SeverityName, Status: incident.Status(r.Status),
		DeclaredAt: r.DeclaredAt, ResolvedAt: orZero(r.ResolvedAt), Test: r.Test, Private: r.Private, Room: r.Room, Commander: r.Commander, Mine: r.Mine,
	}
}

// listing is where a list takes its incidents from, and its order. Each source
// is one that indexes answer in the time of at most incident.ListLimit rows,
// however many incidents are closed.
type listing struct{ source, order string }

// most stands in the statements as a number, so that PostgreSQL plans for it.
var most = strconv.Itoa(incident.ListLimit)

const listedColumns = `number, title, summary, severity, status, test, private, declarer, declared_at, resolved_at`

const fromIncidents = `SELECT ` + listedColumns + ` FROM incidents `

// open uses the index of open incidents, which holds no others.
const open = `resolved_at IS NULL`

// byNumber looks each number up, instead of reading all incidents to join them.
const byNumber = ` CROSS JOIN LATERAL (` + fromIncidents + `WHERE number = n.wanted OFFSET 0) i`

var listings = map[incident.Scope]listing{
	incident.ScopeOpen:     {fromIncidents + `WHERE ` + open, `severity, number`},
	incident.ScopeAll:      {fromIncidents + `ORDER BY number DESC LIMIT ` + most, `number DESC`},
	incident.ScopeResolved: {fromIncidents + `WHERE resolved_at IS NOT NULL AND status = 'resolved' ORDER BY resolved_at DESC LIMIT ` + most, `resolved_at DESC`},
	incident.ScopeHeld: {fromIncidents + `WHERE ` + open + ` AND (
		SELECT count(*) FROM assignments h WHERE h.number = incidents.number AND h.holder = @viewer) > 0`, `severity, number`},
	incident.ScopeMine: {`
		(` + fromIncidents + `WHERE declarer = @viewer ORDER BY declared_at DESC LIMIT ` + most + `)
		UNION SELECT i.* FROM (SELECT number AS wanted FROM assignments WHERE holder = @viewer ORDER BY number DESC LIMIT ` + most + `) n` + byNumber,
		`resolved_at IS NOT NULL, CASE WHEN ` + open + ` THEN severity END, number DESC`},
}

// holdsWords finds what stands inside a word, too, and in scripts without spaces.
const holdsWords = `(title || ' ' || summary) ILIKE ALL (@like)`

const numbered = `number = ANY (@numbers)`

// found looks for words, the beginnings of which are enough, in all incidents,
// and for any letters in the open ones.
var found = listing{`
	(` + fromIncidents + `WHERE words @@ to_tsquery('simple', @query) ORDER BY number DESC LIMIT ` + most + `)
	UNION ` + fromIncidents + `WHERE ` + open + ` AND ` + holdsWords + `
	UNION ` + fromIncidents + `WHERE ` + numbered,
	`number = ANY (@numbers) DESC, resolved_at IS NOT NULL, number DESC`}

// severityName is what the severity of the alias before it is called here.
const severityName = `coalesce((SELECT nullif(s.name, '') FROM severities s WHERE s.level = i.severity), 'SEV' || i.severity, '') AS severity_name`

// selectListed shows incidents of the alias i; what it looks up, it looks up for
// each of them, and the total follows.
const selectListed = `
	SELECT i.number, i.title, i.severity, ` + severityName + `, i.status, i.test, i.private, i.declared_at, i.resolved_at,
	       coalesce((SELECT r.channel FROM rooms r WHERE r.number = i.number AND r.purpose = 'room'), '') AS room,
	       coalesce((SELECT a.holder FROM assignments a WHERE a.number = i.number AND a.role = 'commander'), '') AS commander,
	       ARRAY(SELECT m.role FROM assignments m WHERE m.number = i.number AND m.holder = @viewer ORDER BY m.role) AS mine,
	       `

// listSQL looks up rooms and holders for the page alone. It leaves out what the
// viewer may not know of, and does not count it.
func listSQL(l listing, where string) string {
	return selectListed + `i.total
	  FROM (SELECT *, count(*) OVER () AS total, row_number() OVER (ORDER BY ` + l.order + `) AS place
	          FROM (` + l.source + `) i WHERE ` + visible + ` AND ` + where + `
	         ORDER BY place LIMIT @limit OFFSET @offset) i
	 ORDER BY i.place`
}

// listStatement is the statement of a query with its arguments.
func listStatement(q incident.Query) (string, pgx.NamedArgs) {
	l, known := listings[q.Scope]
	if !known {
		l = listings[incident.ScopeOpen]
	}
	words, named := splitRefs(incident.FindWords(q.Words))
	where, numbers := `true`, named
	switch {
	case len(named) > 0:
		where = numbered + ` AND ` + holdsWords
		if q.Scope == incident.ScopeAll {
			l.source = fromIncidents + `WHERE ` + numbered
		}
	case len(words) == 0:
	case q.Scope == incident.ScopeAll:
		l, numbers = found, perhapsNumber(words)
	default:
		where, numbers = `(`+holdsWords+` OR `+numbered+`)`, perhapsNumber(words)
	}
	return listSQL(l, where), pgx.NamedArgs{
		"viewer": q.Viewer, "limit": q.Limit, "offset": q.Offset,
		"query": textQuery(words), "like": patterns(words), "numbers": numbers,
	}
}

// splitRefs takes the references out of several words: there they name the
// incident, as in "INC-42 checkout".
func splitRefs(all []string) (words []string, named []int64) {
	named = []int64{}
	for _, word := range all {
		number, ok := incident.ParseRef(word)
		if ok && len(all) > 1 && !unicode.IsDigit(rune(word[0])) {
			named = append(named, number)
		} else {
			words = append(words, word)
		}
	}
	return words, named
}

// perhapsNumber reads a word that stands alone, which may be a number or a text.
func perhapsNumber(words []string) []int64 {
	if number, ok := incident.ParseRef(words[0]); ok && len(words) == 1 {
		return []int64{number}
	}
	return []int64{}
}

// textQuery asks for all words, of each the beginning at least.
func textQuery(words []string) string {
	var parts []string
	for _, word := range words {
		word = strings.NewReplacer(`'`, ` `, `\`, ` `).Replace(word)
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			parts = append(parts, `'`+word+`':*`)
		}
	}
	return strings.Join(parts, " & ")
}

func patterns(words []string) []string {
	list := make([]string, len(words))
	for n, word := range words {
		list[n] = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
	}
	return list
}

// planned lets PostgreSQL plan a statement for its arguments each time. A plan for
// any arguments, which it turns to after five runs, does not know a word that nearly
// all incidents have from a rare one: 200 ms instead of 3 ms among 100,000.
const planned = pgx.QueryExecModeCacheDescribe

// List reads a page of a list. A page beyond the end is the first one.
func (s *Store) List(ctx context.Context, q incident.Query) (incident.Page, error) {
	sql, args := listStatement(q)
	rows, err := s.hear.Query(ctx, sql, planned, args)
	if err != nil {
		return incident.Page{}, fmt.Errorf("list incidents: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[listedRow])
	if err != nil {
		return incident.Page{}, fmt.Errorf("list incidents: %w", err)
	}
	if len(list) == 0 && q.Offset > 0 {
		q.Offset = 0
		return s.List(ctx, q)
	}
	page := incident.Page{List: make([]incident.Listed, len(list)), Offset: q.Offset}
	for n, row := range list {
		page.List[n], page.Total = row.noun(), row.Total
	}
	return page, nil
}
