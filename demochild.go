package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"muster/config"
)

// childCommand is the hidden command of a muster of the demo in a process of its
// own. It is told how far its clock is ahead, in nanoseconds, a line each on
// standard input, and ends when that ends: so it never outlives the demo. It
// says on standard output what it is told to (by words below).
const childCommand = "demo-bot"

const (
	saysHello = "hello" // it hears
	saysTime  = "time"  // it has taken the new time
)

// childLease is shorter than muster's own, so that nobody at the page waits long
// until another process goes on with what a dead one held.
const childLease = 3 * time.Second

// runChild is that command.
func runChild(ctx context.Context, in io.Reader, out, errs io.Writer) int {
	cfg, err := config.Load()
	if err != nil {
		return report(errs, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var speaking sync.Mutex
	say := func(word string) {
		speaking.Lock()
		defer speaking.Unlock()
		fmt.Fprintln(out, word)
	}
	clock := &demoClock{}
	started := make(chan struct{})
	go func() {
		defer cancel()
		first := true
		for lines := bufio.NewScanner(in); lines.Scan(); {
			ahead, err := strconv.ParseInt(lines.Text(), 10, 64)
			if err != nil {
				return
			}
			clock.lead(time.Duration(ahead))
			if first {
				close(started)
				first = false
			}
			say(saysTime)
		}
	}()
	select {
	case <-started:
	case <-ctx.Done():
		return 0
	}
	m := &killable{cancel: cancel}
	s := m.seams(clock, nil)
	s.transport, s.lease, s.inboxLease = nil, childLease, childLease
	s.hello = func() { say(saysHello) }
	log := zerolog.New(errs).With().Timestamp().Int("pid", os.Getpid()).Logger()
	return report(errs, run(ctx, cfg, log, s))
}

// child is a muster in a process of its own.
type child struct {
	name  string
	cmd   *exec.Cmd
	since time.Time
	// told is closed when the first "hello" came.
	told chan struct{}
	// done is closed when the process has ended; err says how.
	done   chan struct{}
	err    error
	killed atomic.Bool
	clocks atomic.Int64 // times that it has taken

	mu   sync.Mutex
	in   io.WriteCloser
	sent int64
}

// startChild starts a process with these settings.
func startChild(name string, settings config.Environment, ahead time.Duration, log io.Writer, changed func()) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program itself: %w", err)
	}
	cmd := exec.Command(program, childCommand)
	cmd.Env = append(environ(settings), plainEnv()...)
	cmd.Stderr = log
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c := &child{name: name, cmd: cmd, since: time.Now(), in: in, told: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.listen(out, changed)
		c.err = cmd.Wait()
		changed()
	}()
	return c, c.setClock(ahead)
}

// listen reads what the child says until it ends.
func (c *child) listen(out io.Reader, changed func()) {
	hears := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		switch lines.Text() {
		case saysHello:
			if !hears {
				close(c.told)
				changed()
			}
			hears = true
		case saysTime:
			c.clocks.Add(1)
		}
	}
}

// setClock tells the child how far its clock is ahead.
func (c *child) setClock(ahead time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	if _, err := fmt.Fprintln(c.in, int64(ahead)); err != nil && !c.dead() {
		return fmt.Errorf("tell %s the time: %w", c.name, err)
	}
	return nil
}

func (c *child) dead() bool {
	select {
	case <-c.done:
		return true
	default:
		return c.killed.Load()
	}
}

// hears says whether it lives and has connected.
func (c *child) hears() bool {
	select {
	case <-c.told:
		return !c.dead()
	default:
		return false
	}
}

// kill is kill -9.
func (c *child) kill() {
	c.killed.Store(true)
	_ = c.cmd.Process.Kill()
}

// stopLimit is how long a child may take to finish what is in hand.
const stopLimit = 15 * time.Second

// stop ends it as an operator does.
func (c *child) stop() error {
	c.mu.Lock()
	_ = c.in.Close()
	c.mu.Unlock()
	select {
	case <-c.done:
	case <-time.After(stopLimit):
		c.kill()
		<-c.done
		return fmt.Errorf("%s did not stop within %s", c.name, stopLimit)
	}
	if c.err != nil && !c.killed.Load() {
		return fmt.Errorf("%s: %w", c.name, c.err)
	}
	return nil
}

// awaitHello returns once the child hears.
func (c *child) awaitHello(ctx context.Context) error {
	select {
	case <-c.told:
		return nil
	case <-c.done:
		return errors.Join(fmt.Errorf("%s ended", c.name), c.err)
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(startLimit):
		return fmt.Errorf("%s does not connect within %s", c.name, startLimit)
	}
}

// environ writes settings as the environment that config reads.
func environ(e config.Environment) []string {
	var list []string
	v := reflect.ValueOf(e)
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("envconfig")
		if value := v.Field(i); name != "" && value.Kind() == reflect.String && value.String() != "" {
			list = append(list, name+"="+value.String())
		}
	}
	return list
}

// plainEnv is what of our own environment a child needs that does not configure
// muster.
func plainEnv() []string {
	var list []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		switch name {
		case "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "GOCOVERDIR":
			list = append(list, pair)
		}
	}
	return list
}
