package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"muster/config"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
	"muster/store"
)

// killable is a running muster that can be killed. After its death nothing of it
// reaches Slack or the database any more, as if the power had gone; what it
// still does in memory is of no consequence, just as after a real death.
type killable struct {
	cancel context.CancelFunc
	done   chan error
	dead   atomic.Bool
	// doomed makes the next change its last deed: the commit happens, and
	// nothing after it.
	doomed atomic.Bool
	next   http.RoundTripper
}

var errDead = errors.New("killed for the demo")

// startLimit is how long muster may take to connect: many times what it needs.
const startLimit = 30 * time.Second

// demoPause is the least time between two edits of one message or topic. Slack
// allows few; the demo's Slack does not mind.
const demoPause = 50 * time.Millisecond

// settings are what muster is configured with.
func (s *stage) settings() config.Environment {
	settings := s.timers
	settings.SlackAppToken, settings.SlackBotToken, settings.SlackAPIURL = s.AppToken(), s.BotToken(), s.APIURL()
	settings.DatabaseURL = s.server.URL()
	settings.ReactEnabled = "true"
	settings.AutoCreateRCA, settings.ConfluenceURL, settings.ConfluenceSpace, settings.ConfluenceParentPage = "true", s.wiki.URL(), demoSpace, "Home"
	settings.ConfluenceUsername, settings.ConfluenceToken = wiki.User, wiki.Token
	settings.ConsoleAddr = "127.0.0.1:0"
	return settings
}

// start runs muster, as an operator's command would, and returns once it hears.
func (s *stage) start(ctx context.Context) error {
	if s.fleet != nil {
		return s.fleet.spawn(ctx, firstBot)
	}
	cfg, err := s.settings().Check()
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	m := &killable{done: make(chan error, 1), next: transport}
	ctx, m.cancel = context.WithCancel(ctx)
	hello := make(chan struct{}, 1)
	go func() {
		defer transport.CloseIdleConnections()
		m.done <- run(ctx, cfg, s.log, m.seams(s.clock, hello))
	}()
	s.muster = m
	select {
	case <-hello:
		return nil
	case err := <-m.done:
		s.muster = nil
		return errors.Join(err, ctx.Err())
	case <-time.After(startLimit):
		return fmt.Errorf("muster does not connect within %s", startLimit)
	}
}

// seams shorten the waits in which nothing happens, and nothing else.
func (m *killable) seams(clock *demoClock, hello chan<- struct{}) seams {
	return seams{
		now: clock.now, transport: m, hook: store.Hook{Before: m.before},
		apart: time.Millisecond, editEvery: demoPause, topicEvery: demoPause,
		settleAfter: []time.Duration{0, 100 * time.Millisecond, 300 * time.Millisecond},
		hello: func() {
			select {
			case hello <- struct{}{}:
			default:
			}
		},
	}
}

// before lets no commit of a dead muster happen.
func (m *killable) before(_ context.Context, act string) error {
	if m.dead.Load() {
		return errDead
	}
	if (act == "declare" || act == "change") && m.doomed.CompareAndSwap(true, false) {
		m.dead.Store(true)
	}
	return nil
}

// RoundTrip lets no call of a dead muster out.
func (m *killable) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.dead.Load() {
		return nil, errDead
	}
	return m.next.RoundTrip(r)
}

// kill ends muster without a last word.
func (s *stage) kill() {
	if s.fleet != nil {
		for _, c := range s.fleet.kill() {
			<-c.done
		}
		return
	}
	s.muster.dead.Store(true)
	s.CutSockets(workspace.Abruptly)
	s.muster.cancel()
	<-s.muster.done
	s.muster = nil
}

// stop ends muster as an operator does, and says how it ended.
func (s *stage) stop() error {
	if s.fleet != nil {
		return s.fleet.close()
	}
	if s.muster == nil {
		return nil
	}
	s.muster.cancel()
	err := <-s.muster.done
	s.muster = nil
	return err
}

// ended is a channel on which muster says how it ended by itself; the processes
// of a fleet are started again instead.
func (s *stage) ended() <-chan error {
	if s.fleet != nil || s.muster == nil {
		return nil
	}
	return s.muster.done
}

// busy says whether there is work in hand or about to begin.
func (s *stage) busy(ctx context.Context) bool {
	rests, err := s.db.AtRest(ctx)
	return err == nil && !rests
}

// pass lets time go by.
func (s *stage) pass(d time.Duration) {
	s.clock.pass(d)
	if s.fleet != nil {
		s.fleet.setClock(s.clock.offset())
	}
}
