package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// helperVariable makes the test binary a program that runs a server until it is
// killed; its value is the Options as JSON.
const helperVariable = "EMBEDDED_TEST_HELPER"

func TestMain(m *testing.M) {
	if options := os.Getenv(helperVariable); options != "" {
		helper(options)
		return
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if dir, err := seed(); err == nil {
			_ = os.RemoveAll(filepath.Dir(dir))
		}
		os.Exit(code)
	}))
}

// seed is a folder with a database that no server runs on, to be copied by tests
// that are not about making one: that takes a second of two processors.
var seed = sync.OnceValues(func() (string, error) {
	base, err := makeBase()
	if err != nil {
		return "", err
	}
	server, err := Start(context.Background(), Options{DataDir: filepath.Join(base, "db"), NoFsync: true})
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(base))
	}
	return server.Dir(), server.Stop()
})

// helper starts a server, reports its URL on standard output, and ends its life
// when standard input does.
func helper(options string) {
	var o Options
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		panic(err)
	}
	server, err := Start(context.Background(), o)
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println(server.URL())
	_, _ = os.Stdin.Read(make([]byte, 1))
	if err := server.Stop(); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

// newBase returns a new folder with a short path, since a socket's is limited, that
// every account may enter.
func newBase(t *testing.T) string {
	t.Helper()
	base, err := makeBase()
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(base)) })
	return base
}

func makeBase() (string, error) {
	base, err := os.MkdirTemp(roomyDir(), "embedded-test-")
	if err != nil {
		return "", err
	}
	return base, os.Chmod(base, 0o711)
}

// roomyDir is in memory where that has room for the 40 MB of each test's server:
// making three hundred files is what takes the time on a slow disk.
func roomyDir() string {
	const memory, room = "/dev/shm", 2 << 30
	var disk syscall.Statfs_t
	if err := syscall.Statfs(memory, &disk); err != nil || uint64(disk.Bavail)*uint64(disk.Bsize) < room {
		return temporaryDir()
	}
	return memory
}

func newDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(newBase(t), "db")
}

// filledDir returns a copy of the seed.
func filledDir(t *testing.T) string {
	t.Helper()
	from, err := seed()
	must(t, err)
	dir := newDir(t)
	copyTree(t, from, dir)
	return dir
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	out, err := exec.Command("cp", "-a", from, to).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func mustStart(t *testing.T, o Options) *Server {
	t.Helper()
	o.NoFsync = true
	server, err := Start(testContext(t), o)
	must(t, err)
	t.Cleanup(func() { must(t, server.Stop()) })
	return server
}

func mustExec(t *testing.T, url, sql string) {
	t.Helper()
	conn := mustConnect(t, url)
	_, err := conn.Exec(testContext(t), sql)
	must(t, err)
	must(t, conn.Close(testContext(t)))
}

func queryText(t *testing.T, url, sql string) (text string) {
	t.Helper()
	conn := mustConnect(t, url)
	must(t, conn.QueryRow(testContext(t), sql).Scan(&text))
	must(t, conn.Close(testContext(t)))
	return text
}

func mustConnect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(testContext(t), url)
	must(t, err)
	return conn
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
