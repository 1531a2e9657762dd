package embedded

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// program is the helper of TestMain, running a server in another process.
type program struct {
	command *exec.Cmd
	input   io.Closer
	url     string
}

// startProgram copies the test binary to a place where every account can run it,
// since go test's own folder is closed to others.
func startProgram(t *testing.T, o Options, as *syscall.Credential) *program {
	t.Helper()
	binary, err := os.Executable()
	must(t, err)
	if as != nil {
		binary = copyProgram(t, binary)
	}
	options, err := json.Marshal(o)
	must(t, err)
	command := exec.Command(binary)
	command.Env = append(os.Environ(), helperVariable+"="+string(options))
	command.Dir = "/"
	command.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	input, err := command.StdinPipe()
	must(t, err)
	output, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	line, _ := bufio.NewReader(output).ReadString('\n')
	p := &program{command: command, input: input, url: strings.TrimSpace(line)}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	if !strings.HasPrefix(p.url, "postgres://") {
		t.Fatalf("the helper says %q", line)
	}
	return p
}

func copyProgram(t *testing.T, binary string) string {
	t.Helper()
	text, err := os.ReadFile(binary)
	must(t, err)
	path := filepath.Join(newBase(t), "helper")
	must(t, os.WriteFile(path, text, 0o755))
	must(t, os.Chmod(path, 0o755))
	return path
}

func TestKilledProgramTakesTheServerDown(t *testing.T) {
	t.Parallel()
	if !diesWithParent {
		t.Skip("this system cannot tie a process to its parent")
	}
	dir := filledDir(t)
	p := startProgram(t, Options{DataDir: dir, NoFsync: true}, nil)
	mustExec(t, p.url, "CREATE TABLE kept AS SELECT 'committed' AS word")
	session := mustConnect(t, p.url)
	must(t, p.command.Process.Kill())

	waitUntil(t, "the session is ended", func() bool { return session.Ping(testContext(t)) != nil })
	waitUntil(t, "the socket is gone", func() bool {
		_, err := os.Stat(filepath.Join(dir, socketName))
		return errors.Is(err, os.ErrNotExist)
	})
	again := mustStart(t, Options{DataDir: dir})
	if got := queryText(t, again.URL(), "SELECT word FROM kept"); got != "committed" {
		t.Errorf("got %q", got)
	}
}

// The next program need not know that the last one was killed a moment ago.
func TestStartWaitsForTheServerOfAKilledProgram(t *testing.T) {
	t.Parallel()
	dir := filledDir(t)
	for range 3 {
		p := startProgram(t, Options{DataDir: dir, NoFsync: true}, nil)
		must(t, p.command.Process.Kill())
		_ = p.command.Wait()
		must(t, mustStart(t, Options{DataDir: dir}).Stop())
	}
}

func TestThrowawayOfAKilledProgramIsSwept(t *testing.T) {
	t.Parallel()
	base := newBase(t)
	p := startProgram(t, Options{Throwaway: true, DataDir: base, NoFsync: true}, nil)
	config, err := pgx.ParseConfig(p.url)
	must(t, err)
	must(t, p.command.Process.Kill())
	_ = p.command.Wait()
	waitUntil(t, "the server is gone", func() bool {
		_, err := os.Stat(filepath.Join(config.Host, socketName))
		return errors.Is(err, os.ErrNotExist)
	})
	must(t, mustStart(t, Options{Throwaway: true, DataDir: base}).Stop())
	wantEmpty(t, base)
}

// Most people are not root; where the tests are, another account stands in.
func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("every other test runs as an ordinary user")
	}
	nobody, err := user.Lookup("nobody")
	must(t, err)
	account, err := accountOf(nobody)
	must(t, err)
	dir := newDir(t)
	must(t, os.Mkdir(dir, 0o700))
	must(t, account.own(dir))
	p := startProgram(t, Options{DataDir: dir, NoFsync: true}, account.credential())
	info, err := os.Stat(filepath.Join(dir, dataName))
	must(t, err)
	if ownerOf(info) != account.uid {
		t.Errorf("the data folder belongs to %d", ownerOf(info))
	}
	if _, err := pgx.Connect(testContext(t), p.url); err == nil {
		t.Error("root may connect to another account's server")
	}
	// The helper connected as itself, or it had not reported; now it ends in order.
	must(t, p.input.Close())
	must(t, p.command.Wait())

	// Later root runs the program on the same folder: it opens for root, and the
	// server still runs as the folder's owner.
	server := mustStart(t, Options{DataDir: dir})
	if got := queryText(t, server.URL(), "SELECT current_user::text"); got != DatabaseName || server.folder.account.uid != account.uid {
		t.Errorf("role %q, server's account %+v", got, server.folder.account)
	}
}

// waitUntil polls a condition of another process, which cannot signal us.
func waitUntil(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
