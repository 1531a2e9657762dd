package store

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// PreparesConnection is what each new connection of a pool is told.
const PreparesConnection = idleLimit

// Statement is one that somebody waits for, with arguments that find something.
type Statement struct {
	SQL  string
	Args []any
}

// Statements are all that read or change one incident, or look for the next.
func Statements(i *incident.Incident, now time.Time) map[string]Statement {
	subject := incident.Subject(i.Number)
	claim := pgx.NamedArgs{"subject": subject, "token": "00000000-0000-0000-0000-000000000000", "lease": time.Second, "now": now}
	statements := map[string]Statement{
		"incident":       {selectIncident, []any{i.Number}},
		"lock":           {lockIncident, []any{i.Number}},
		"update":         {updateIncident, []any{incidentArgs(i)}},
		"acted":          {selectActed, []any{i.Number, "T1"}},
		"roles":          {selectRoles, []any{i.Number}},
		"timeline":       {selectTimeline, []any{i.Number}},
		"latest entries": {selectLatest, []any{i.Number, 15, 0}},
		"latest id":      {selectLatestID, []any{i.Number}},
		"count entries":  {countEntries, []any{i.Number}},
		"news":           {selectNews, []any{i.Number, subject}},
		"rooms":          {selectRooms, []any{i.Number}},
		"alike":          {selectAlike, []any{i.Number, subject}},
		"joins":          {selectJoins, []any{i.Number}},
		"updates":        {selectUpdates, []any{i.Number, subject}},
		"notices":        {selectNotices, []any{i.Number, subject}},
		"stale":          {selectStale, []any{i.Number}},
		"due":            {lockDue, []any{pgx.NamedArgs{"now": now, "limit": 100}}},
		"roles of due":   {selectRolesOf, []any{pgx.NamedArgs{"numbers": []int64{i.Number}}}},
		"postings":       {selectPostings, []any{subject, i.Number}},
		"deeds":          {selectDeeds, []any{subject}},
		"steps":          {selectSteps, []any{subject}},
		"trouble":        {selectTrouble, []any{subject, i.Number}},
		"room number":    {selectRoomNumber, []any{"C7"}},
		"replacing": {selectReplacing, []any{pgx.NamedArgs{
			"number": i.Number, "kind": string(incident.EntryReplaced), "subject": subject, "key": incident.DeedReplaced,
		}}},
		"room of":         {selectRoomOf, []any{i.Number}},
		"raise wanted":    {raiseWanted, []any{subject, 1}},
		"claim":           {claimDue, []any{claim}},
		"renew":           {renewClaim, []any{claim}},
		"next claim":      {nextClaim, []any{claim}},
		"duplicates":      {raiseDuplicates, []any{pgx.NamedArgs{"number": i.Number}}},
		"original":        {selectOriginal, []any{i.Number}},
		"the same, again": {selectSame, []any{sameArgs(i, now.Add(-time.Minute))}},
		"the same key":    {selectSame, []any{sameArgs(i, time.Time{})}},
	}
	for scope := range listings {
		for _, words := range []string{"", "title 7", "inc-7 title"} {
			sql, args := listStatement(incident.Query{Scope: scope, Words: words, Viewer: "U1", Limit: 15})
			statements[fmt.Sprintf("list %s %s", scope, words)] = Statement{sql, []any{args}}
		}
	}
	for name, f := range Browses() {
		for _, near := range []bool{false, true} {
			sql, args := browseStatement(f, near)
			statements[fmt.Sprint("browse ", name, near)] = Statement{sql, []any{args}}
		}
	}
	health := pgx.NamedArgs{"viewer": "U1", "limit": 10}
	statements["unfinished"], statements["refusals"] = Statement{selectUnfinished, []any{health}}, Statement{selectRefusals, []any{health}}
	return statements
}

// Browses are the filters that a console's list offers, one by one and together.
func Browses() map[string]incident.Filter {
	all := map[string]incident.Filter{}
	for name, f := range map[string]incident.Filter{
		"all": {}, "open": {Open: true}, "open of a severity": {Open: true, Severity: 2}, "status": {Status: incident.Resolved},
		"rare status": {Status: incident.Cancelled}, "severity": {Severity: 1}, "both": {Severity: 1, Status: incident.Resolved},
		"neither": {Severity: 1, Status: incident.Cancelled}, "mine": {Mine: true}, "mine of a severity": {Mine: true, Severity: 1},
		"some days":      {From: time.Now().AddDate(0, 0, -4), Until: time.Now().AddDate(0, 0, -2)},
		"old":            {Until: time.Now().AddDate(0, 0, -10)},
		"common word":    {Words: "summary"},
		"rare word":      {Words: "title 4711"},
		"no such word":   {Words: "nowhere"},
		"number":         {Words: "4711"},
		"ref":            {Words: "inc-4711 title"},
		"word and state": {Words: "summary", Status: incident.Cancelled},
	} {
		f.Viewer, f.Limit = "U1", 50
		all[name] = f
		f.After = 9000
		all[name+", later"] = f
	}
	return all
}

func sameArgs(i *incident.Incident, since time.Time) pgx.NamedArgs {
	return pgx.NamedArgs{
		"key": i.Origin.Key, "recent": !since.IsZero(), "since": since, "declarer": i.Declarer, "title": i.Title,
	}
}

// plans counts, so that no two statements of a connection have one name.
var plans atomic.Int64

// Plan gives the plan of a statement: the one for these arguments, and the one
// for any, which PostgreSQL may turn to after five runs.
func Plan(ctx context.Context, conn *pgx.Conn, s Statement) (custom, generic string, err error) {
	sql, args := s.SQL, s.Args
	if len(args) == 1 {
		if named, ok := args[0].(pgx.NamedArgs); ok {
			if sql, args, err = named.RewriteQuery(ctx, conn, sql, args[1:]); err != nil {
				return "", "", err
			}
		}
	}
	prepared, err := conn.Prepare(ctx, fmt.Sprintf("plan_%d", plans.Add(1)), sql)
	if err != nil {
		return "", "", fmt.Errorf("prepare: %w", err)
	}
	call := prepared.Name
	if len(args) > 0 {
		call += "(" + literals(args) + ")"
	}
	if custom, err = explain(ctx, conn, "force_custom_plan", call); err != nil {
		return "", "", err
	}
	generic, err = explain(ctx, conn, "force_generic_plan", call)
	return custom, generic, err
}

func explain(ctx context.Context, conn *pgx.Conn, mode, call string) (string, error) {
	if _, err := conn.Exec(ctx, "SET plan_cache_mode = "+mode); err != nil {
		return "", err
	}
	rows, err := conn.Query(ctx, "EXPLAIN EXECUTE "+call, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return "", err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(lines, "\n"), err
}

func literals(args []any) string {
	list := make([]string, len(args))
	for n, arg := range args {
		text := fmt.Sprint(arg)
		switch v := arg.(type) {
		case time.Time:
			text = v.UTC().Format(time.RFC3339)
		case *time.Time:
			text = "-infinity"
		case time.Duration:
			text = fmt.Sprintf("%f s", v.Seconds())
		case []string:
			text = "{" + strings.Join(v, ",") + "}"
		case []int64:
			text = "{}"
		}
		list[n] = "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return strings.Join(list, ", ")
}
