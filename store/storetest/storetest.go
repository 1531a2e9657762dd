// Package storetest gives tests and benchmarks real databases, quickly. A test
// binary starts one PostgreSQL of its own when the first test asks for a
// database, migrates one template there, and copies it for each test:
//
//	func TestMain(m *testing.M) { os.Exit(storetest.Main(m, store.Migrate)) }
//
//	func TestDeclare(t *testing.T) {
//		t.Parallel()
//		address := storetest.New(t)
//		…
//	}
//
// TEST_DATABASE_URL names a server to use instead, with the right to create
// databases; PG_BINDIR names the PostgreSQL to start. TEST_FSYNC=on makes the own
// server as slow and as safe as in earnest, for benchmarks.
//
// The package knows nothing of the schema: how to migrate is passed in, so that
// the tests of package store can use it too.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"muster/store/embedded"
)

// patience bounds each thing done to the server outside of a test's own work.
const patience = 2 * time.Minute

// Migrate brings an empty database to the present schema and closes its
// connections, since a database with sessions cannot be copied.
type Migrate func(ctx context.Context, dsn string) error

// Main runs the tests of a package and returns the code to exit with. After the
// tests it stops the server, and fails if goroutines are left.
func Main(m *testing.M, migrate Migrate) int {
	shared.migrate = migrate
	shared.fsync = os.Getenv("TEST_FSYNC") == "on"
	code := m.Run()
	if err := errors.Join(shared.stop(), goleak.Find()); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "storetest: after the tests:", err)
		code = 1
	}
	return code
}

// New returns the address of a migrated database of this test's own. It is
// dropped when the test ends, whoever is still connected.
func New(t testing.TB) string {
	t.Helper()
	return shared.database(t, shared.template)
}

// Empty is New without the migration.
func Empty(t testing.TB) string {
	t.Helper()
	return shared.database(t, func(context.Context, string) (string, error) { return "template0", nil })
}

// Copy is New with what another test's database holds at this moment. Nobody may be
// connected to that one.
func Copy(t testing.TB, address string) string {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	return shared.database(t, func(context.Context, string) (string, error) { return config.Database, nil })
}

// Server returns the server behind New, nil if TEST_DATABASE_URL names another.
// Restarting it ends the sessions of every test that runs at the same time: tests
// in parallel take Own.
func Server(t testing.TB) *embedded.Server {
	t.Helper()
	if _, err := shared.start(); err != nil {
		t.Fatal(err)
	}
	return shared.own
}

// Own starts a server for this test alone, always an own one, and migrates its
// database; for tests that restart PostgreSQL. It takes about a second.
func Own(t testing.TB) *embedded.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	own, err := shared.launch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := own.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := shared.migrate(ctx, own.URL()); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return own
}

// shared is the server of this test binary. It has to be a package variable: New
// gets nothing but the test.
var shared server

type server struct {
	migrate Migrate
	fsync   bool

	startOnce sync.Once
	startErr  error
	address   string           // of the server's first database
	own       *embedded.Server // nil with TEST_DATABASE_URL

	templateOnce sync.Once
	templateErr  error
	templateName string
}

// start starts the server once and returns its address.
func (s *server) start() (string, error) {
	s.startOnce.Do(func() {
		if s.migrate == nil {
			s.startErr = errors.New("storetest: TestMain has to call storetest.Main")
			return
		}
		if s.address = os.Getenv("TEST_DATABASE_URL"); s.address != "" {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if s.own, s.startErr = s.launch(ctx); s.startErr == nil {
			s.address = s.own.URL()
		}
	})
	return s.address, s.startErr
}

func (s *server) launch(ctx context.Context) (*embedded.Server, error) {
	base := ""
	if !s.fsync {
		base = throwawayBase()
	}
	return embedded.Start(ctx, embedded.Options{
		BinDir:    os.Getenv("PG_BINDIR"),
		DataDir:   base,
		Throwaway: true,
		NoFsync:   !s.fsync,
		// Tests in parallel, each with two pools of about ten.
		MaxConnections: 200 + 30*runtime.GOMAXPROCS(0),
	})
}

func (s *server) stop() error {
	if s.own != nil {
		return s.own.Stop()
	}
	return s.dropTemplate()
}
