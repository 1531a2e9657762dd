package store_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
	"muster/store"
	"muster/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m, store.Migrate)) }

// patience bounds every wait for a condition.
const patience = 20 * time.Second

// noon is the time of the program's clock in most tests. The database has its own.
var noon = time.Date(2025, 3, 4, 12, 0, 0, 0, time.UTC)

// lease is longer than any test takes.
const lease = time.Minute

func stock() incident.Definitions {
	return incident.Definitions{
		Roles: []incident.Role{
			{Key: incident.Commander, Name: "Incident commander", Text: "decides", Position: 1},
			{Key: incident.TechnicalLead, Name: "Technical lead", Text: "finds out", Position: 2},
		},
		Severities: []incident.SeverityDefinition{
			{Level: 1, Name: "SEV1", Text: "all is down"}, {Level: 2, Name: "SEV2", Text: "much is down"},
			{Level: 3, Name: "SEV3", Text: "some is down"}, {Level: 4, Name: "SEV4", Text: "little is down"},
		},
	}
}

// fresh opens a store on a database of this test's own, installed, and gives the
// address of the database, too.
func fresh(t testing.TB, options ...store.Option) (*store.Store, string) {
	t.Helper()
	address := storetest.New(t)
	s := open(t, address, options...)
	if _, err := s.Install(t.Context(), stock()); err != nil {
		t.Fatal(err)
	}
	return s, address
}

// open opens one more store on a database, as another replica does.
func open(t testing.TB, address string, options ...store.Option) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), address, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

var keys atomic.Int64

// nextKey is an origin or act key that nobody had.
func nextKey() string { return fmt.Sprintf("key-%d", keys.Add(1)) }

// declared declares an incident of a severity.
func declared(t testing.TB, s *store.Store, severity incident.Severity) *incident.Incident {
	t.Helper()
	d := incident.Declaration{Title: "db down", By: "ULEE", Severity: severity, Origin: incident.Origin{Kind: incident.OriginForm, Key: nextKey()}}
	i, made, err := s.Declare(t.Context(), d, time.Time{}, build(d, noon))
	if err != nil || !made {
		t.Fatalf("declare: made %v, %v", made, err)
	}
	return i
}

func build(d incident.Declaration, now time.Time) func(int64, incident.Set) *incident.Incident {
	return func(number int64, _ incident.Set) *incident.Incident { return incident.New(number, d, now) }
}

// to is a change that sets the severity.
func to(level incident.Severity) func(*incident.Incident) error {
	return func(i *incident.Incident) error { return i.SetSeverity(level, "UBO", noon.Add(time.Minute)) }
}

// query reads one text on a connection of its own.
func query(t testing.TB, address, sql string, args ...any) (text string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&text); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return text
}

// exec runs statements on a connection of its own.
func exec(t testing.TB, address, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for end := time.After(patience); !so(); {
		select {
		case <-ticker.C:
		case <-end:
			t.Fatalf("waited %s for this: %s", patience, what)
		}
	}
}

// image is all that people wished for, as text: what a refusal must not change.
func image(t testing.TB, address string) string {
	t.Helper()
	return query(t, address, `
		SELECT (SELECT coalesce(jsonb_agg(i ORDER BY number), '[]') FROM incidents i)::text
		    || (SELECT coalesce(jsonb_agg(a ORDER BY number, role), '[]') FROM assignments a)::text
		    || (SELECT coalesce(jsonb_agg(e ORDER BY id), '[]') FROM entries e)::text
		    || (SELECT coalesce(jsonb_agg(r ORDER BY subject), '[]') FROM reconciliations r)::text
		    || (SELECT last_number FROM installation)::text`)
}

// beforeOnce is a hook that stops the first commit until leave is closed.
func beforeOnce(entered, leave chan struct{}) func(context.Context, string) error {
	var once sync.Once
	return func(context.Context, string) error {
		once.Do(func() {
			close(entered)
			<-leave
		})
		return nil
	}
}
