package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"

	"muster/store"
)

// cutKind is the side of a call or commit on which a program dies.
type cutKind string

const (
	beforeCall   cutKind = "before a call"
	afterCall    cutKind = "call applied, answer lost"
	beforeCommit cutKind = "before a commit"
	afterCommit  cutKind = "after a commit"
)

// cut is where a program dies: at the nth time of one Slack method or one of the
// store's acts.
type cut struct {
	kind cutKind
	name string
	nth  int
}

// aLook stands for any of the calls by which a program finds out whether something
// was made.
const aLook = "a look"

var looks = map[string]bool{
	"conversations.history": true, "conversations.replies": true, "conversations.list": true, "bookmarks.list": true, "wiki GET pages": true,
}

// atCommits has a program die before and after each of the store's acts, last times
// by name: those that sampled picks, or all with -torture.
func atCommits(t *testing.T, last map[string]int, crash func(*testing.T, cut), sampled func(cut) bool) {
	t.Helper()
	for _, kind := range []cutKind{beforeCommit, afterCommit} {
		for name, times := range last {
			for n := 1; n <= times; n++ {
				at := cut{kind, name, n}
				if !*torture && !sampled(at) {
					continue
				}
				t.Run(fmt.Sprintf("%s %s %d", kind, name, n), func(t *testing.T) {
					t.Parallel()
					crash(t, at)
				})
			}
		}
	}
}

// errKilled is what a dead program gets from everything that it still tries.
var errKilled = errors.New("the program is dead")

// victim stands between a program and the world. From the moment of death on
// nothing passes in either direction, as after SIGKILL: no call, no commit, no
// acknowledgement, not even a frame that closes a socket.
type victim struct {
	at    cut
	base  *http.Transport
	death context.Context
	die   context.CancelFunc
	// dying is called first of all.
	dying func()

	mu     sync.Mutex
	counts map[cut]int       // nth is 0
	from   map[codeLine]bool // the lines that called
	looks  map[cutKind]int
	conns  []net.Conn
}

func newVictim(at cut, dying func()) *victim {
	m := &victim{at: at, base: &http.Transport{MaxIdleConnsPerHost: 16}, dying: dying, counts: map[cut]int{}, from: map[codeLine]bool{}, looks: map[cutKind]int{}}
	m.death, m.die = context.WithCancel(context.Background())
	return m
}

func (m *victim) dead() bool { return m.death.Err() != nil }

func (m *victim) kill() {
	m.dying()
	m.die()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.conns {
		_ = c.Close()
	}
}

// pass counts one passage and dies if it is the one.
func (m *victim) pass(kind cutKind, name string) error {
	if m.dead() {
		return errKilled
	}
	m.mu.Lock()
	m.counts[cut{kind: kind, name: name}]++
	here := m.at == cut{kind, name, m.counts[cut{kind: kind, name: name}]}
	if looks[name] {
		m.looks[kind]++
		here = here || m.at == cut{kind, aLook, m.looks[kind]}
	}
	if kind == beforeCall {
		for _, line := range callers() {
			m.from[line] = true
		}
	}
	m.mu.Unlock()
	if here {
		m.kill()
		return errKilled
	}
	return nil
}

// passages gives how often each thing was passed.
func (m *victim) passages() map[cut]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.counts)
}

// RoundTrip carries a call and its whole answer.
func (m *victim) RoundTrip(req *http.Request) (*http.Response, error) {
	name := path.Base(req.URL.Path)
	if page, ok := strings.CutPrefix(req.URL.Path, "/wiki/api/v2/"); ok {
		kind, _, _ := strings.Cut(page, "/")
		name = "wiki " + req.Method + " " + kind
	} else if strings.HasPrefix(req.URL.Path, "/wiki/rest/") {
		name = "wiki " + req.Method + " " + name
	} else if strings.HasPrefix(req.URL.Path, "/files-pri/") {
		name = "file"
	} else if !strings.Contains(req.URL.Path, "/api/") {
		name = "response_url"
	}
	if err := m.pass(beforeCall, name); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	defer context.AfterFunc(m.death, cancel)()
	resp, err := m.base.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, m.pass(afterCall, name)
}

func (m *victim) CloseIdleConnections() { m.base.CloseIdleConnections() }

func (m *victim) hook() store.Hook {
	return store.Hook{
		Before: func(_ context.Context, act string) error { return m.pass(beforeCommit, act) },
		After:  func(_ context.Context, act string) error { return m.pass(afterCommit, act) },
	}
}

// socket is the option that puts the sockets under the same fate.
func (m *victim) socket() socketmode.Option {
	return socketmode.OptionDialer(&websocket.Dialer{NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.dead() {
			_ = conn.Close()
			return nil, errKilled
		}
		m.conns = append(m.conns, conn)
		return &victimConn{conn, m}, nil
	}})
}

type victimConn struct {
	net.Conn
	m *victim
}

func (c *victimConn) Write(p []byte) (int, error) {
	if c.m.dead() {
		return 0, errKilled
	}
	return c.Conn.Write(p)
}

func (c *victimConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.m.dead() {
		return 0, errKilled
	}
	return n, err
}

// through gives the seams of a program that lives behind m.
func (m *victim) through(s seams) seams {
	s.transport, s.hook, s.socket = m, m.hook(), []socketmode.Option{m.socket()}
	return s
}
