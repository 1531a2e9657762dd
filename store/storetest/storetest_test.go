package storetest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(Main(m, migrateStandIn)) }

func migrateStandIn(ctx context.Context, dsn string) error {
	return execute(ctx, dsn, "CREATE TABLE noted (word text)")
}

func TestEachTestHasAMigratedDatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	addresses := make([]string, 4)
	var group sync.WaitGroup
	for i := range addresses {
		group.Go(func() {
			addresses[i] = New(t)
			exec(t, addresses[i], "INSERT INTO noted VALUES ('mine')")
		})
	}
	group.Wait()
	for _, address := range addresses {
		if got := query(t, address, "SELECT count(*)::text FROM noted"); got != "1" {
			t.Errorf("%s has %s rows, want 1", address, got)
		}
	}
}

func TestACopyHoldsWhatIsThere(t *testing.T) {
	t.Parallel()
	first := New(t)
	exec(t, first, "INSERT INTO noted VALUES ('mine')")
	second := Copy(t, first)
	exec(t, first, "INSERT INTO noted VALUES ('later')")
	if got := query(t, second, "SELECT count(*)::text FROM noted"); got != "1" {
		t.Errorf("the copy has %s rows, want 1", got)
	}
}

func TestEmptyIsNotMigrated(t *testing.T) {
	t.Parallel()
	if got := query(t, Empty(t), "SELECT coalesce(to_regclass('noted')::text, 'none')"); got != "none" {
		t.Errorf("the table is there: %s", got)
	}
}

func TestDatabaseGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var (
		address string
		left    *pgx.Conn
	)
	t.Run("leaves a connection behind", func(t *testing.T) {
		address = New(t)
		conn, err := pgx.Connect(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		// Registered after New's own cleanup, this one would run before it: the
		// session has to be ended by the outer test, after the drop.
		left = conn
	})
	if left.Ping(t.Context()) == nil {
		t.Error("the session outlived its database")
	}
	_ = left.Close(t.Context())
	if conn, err := pgx.Connect(t.Context(), address); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the database is still there")
	}
}

func TestOwnServerCanBeRestarted(t *testing.T) {
	t.Parallel()
	own := Own(t)
	exec(t, own.URL(), "INSERT INTO noted VALUES ('kept')")
	if err := own.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := query(t, own.URL(), "SELECT word FROM noted"); got != "kept" {
		t.Errorf("got %q", got)
	}
}

func TestServerIsTheOneBehindNew(t *testing.T) {
	t.Parallel()
	own := Server(t)
	if own == nil {
		t.Skip("TEST_DATABASE_URL names another server")
	}
	here := query(t, New(t), "SELECT pg_postmaster_start_time()::text")
	if there := query(t, own.URL(), "SELECT pg_postmaster_start_time()::text"); here != there {
		t.Errorf("New is on a server of %s, Server of %s", here, there)
	}
}

func TestWithDatabase(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"postgres://u:p@h:1/first?sslmode=disable":    "h/second",
		"postgres://u@/first?host=%2Fa%20b&port=5432": "/a b/second",
		"postgresql://h?dbname=first&user=u":          "h/second",
		"host=h user=u dbname=first":                  "h/second",
	} {
		config, err := pgx.ParseConfig(withDatabase(address, "second"))
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if got := config.Host + "/" + config.Database; got != want {
			t.Errorf("%s leads to %s, want %s", address, got, want)
		}
	}
}

// A leftover server with a failed migration must say so at each New.
func TestFailedMigrationIsToldEachTime(t *testing.T) {
	t.Parallel()
	address, err := shared.start()
	if err != nil {
		t.Fatal(err)
	}
	broken := server{migrate: func(context.Context, string) error { return errors.New("no such column") }, address: address}
	defer func() {
		if err := broken.dropTemplate(); err != nil {
			t.Error(err)
		}
	}()
	for range 2 {
		if _, err := broken.template(t.Context(), address); err == nil || err.Error() != "migrate: no such column" {
			t.Errorf("error %v", err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(b)
	}
}

func exec(t *testing.T, address, statement string) {
	t.Helper()
	if err := execute(t.Context(), address, statement); err != nil {
		t.Error(err)
	}
}

func query(t *testing.T, address, statement string) (text string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(conn.QueryRow(t.Context(), statement).Scan(&text), conn.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	return text
}
