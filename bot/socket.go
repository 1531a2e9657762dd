package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/errgroup"

	"muster/outage"
)

// Sockets keeps connections to Slack open and hands each payload on. There are
// two, so that one hears while the other is being replaced, as Slack asks for
// every few hours.
type Sockets struct {
	API *slack.Client
	Bot *Bot
	Log zerolog.Logger
	// Apart is how much later the second connection opens: Slack then recycles
	// the two at different times. Apart is the package's unless a test wants less.
	Apart time.Duration
	// Options are further ones of the library, for tests.
	Options []socketmode.Option
	// Figures are told of what is heard, if they are set.
	Figures Figures
	// QuietLimit is the package's unless a test wants less.
	QuietLimit time.Duration
	// Hello is called each time that a connection is ready, if it is set.
	Hello func()

	away     *outage.Outage
	lines    [sockets]atomic.Pointer[line]
	handlers sync.WaitGroup
	slots    chan struct{}
	// came counts the payloads.
	came atomic.Int64
}

// Figures count what is heard. A kind is "slash_commands", "interactive", an event's
// or the like.
type Figures interface {
	Heard(kind string)
	Acked(kind string, took time.Duration, err error)
}

const (
	// Apart is longer than any reconnect takes.
	Apart = 15 * time.Second
	// sockets is how many connections stand; Slack allows ten for an app.
	sockets = 2
	// atOnce is how many payloads may be in hand. Past it the library's buffer
	// fills; handlers end within handleLimit, so it never stays full.
	atOnce = 256
	// ackLimit bounds the wait for a place in the library's queue.
	ackLimit = 2 * time.Second
	// flush gives the library time to write the last acknowledgements: it has
	// no way to tell when its queue is empty.
	flush = 50 * time.Millisecond
	// lullLimit is how long a lull is waited for before hearing ends all the same.
	lullLimit = 2 * time.Second
	// reconnectAfter is the pause when the library gives up for another reason
	// than a bad token.
	reconnectAfter = 5 * time.Second
)

// Run hears until ctx ends; then it finishes the payloads in hand and closes.
// Its error is of the kind that no waiting mends: the token is bad.
func (s *Sockets) Run(ctx context.Context) error {
	s.slots = make(chan struct{}, atOnce)
	s.away = &outage.Outage{What: "Slack", Log: s.Log, Least: awayLeast}
	hearing, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, hearing := errgroup.WithContext(hearing)
	first := make(chan struct{})
	var once sync.Once
	for n := range sockets {
		group.Go(func() error {
			if n > 0 && !s.wait(hearing, first) {
				return nil
			}
			return s.hear(hearing, &s.lines[n], func() { once.Do(func() { close(first) }) })
		})
	}
	group.Go(func() error {
		select {
		case <-hearing.Done():
		case <-ctx.Done():
			if !s.lull(hearing) {
				s.drain(hearing)
				time.Sleep(flush)
			}
			stop()
		}
		return nil
	})
	err := group.Wait()
	s.handlers.Wait()
	return err
}

// lull goes on hearing until nothing came and nothing was in hand for as long as
// acknowledgements take to be written: whoever is heard until the end is
// answered, and Slack sends the next ones elsewhere. It is false if there is no
// such moment.
func (s *Sockets) lull(ctx context.Context) bool {
	for limit := time.Now().Add(lullLimit); time.Now().Before(limit); {
		before := s.came.Load()
		idle := len(s.slots) == 0
		select {
		case <-ctx.Done():
			return false
		case <-time.After(flush):
		}
		if idle && s.came.Load() == before && len(s.slots) == 0 {
			return true
		}
	}
	return false
}

// drain takes every slot: it returns when all payloads in hand are finished, and
// from then on none is begun.
func (s *Sockets) drain(ctx context.Context) {
	for range atOnce {
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
	}
}

// wait lets the later connection follow the first one at a distance.
func (s *Sockets) wait(ctx context.Context, first <-chan struct{}) bool {
	select {
	case <-ctx.Done():
		return false
	case <-first:
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(s.Apart):
		return true
	}
}

// hear keeps one connection open until ctx ends, and says in at how it is.
func (s *Sockets) hear(ctx context.Context, at *atomic.Pointer[line], hello func()) error {
	for ctx.Err() == nil {
		line := newLine()
		at.Store(line)
		client := socketmode.New(s.API, append([]socketmode.Option{socketmode.OptionDialer(line.dialer())}, s.Options...)...)
		connection, stop := context.WithCancel(ctx)
		var fatal error
		reading := make(chan struct{})
		go func() {
			defer close(reading)
			for {
				select {
				case <-connection.Done():
					return
				case event := <-client.Events:
					if line.follow(event.Type) {
						s.follow(line)
					}
					if err := s.event(connection, client, event, hello); err != nil {
						fatal = err
						stop()
					}
				}
			}
		}()
		err := client.RunContext(connection)
		stop()
		<-reading
		if line.ready.Swap(false) {
			s.follow(line)
		}
		if fatal = errors.Join(fatal, bad(err)); fatal != nil {
			return fatal
		}
		if ctx.Err() == nil {
			s.Log.Warn().Err(err).Msg("socket lost")
			select {
			case <-ctx.Done():
			case <-time.After(reconnectAfter):
			}
		}
	}
	return nil
}

// event looks at one event of a connection. An error means that hearing can't
// go on.
func (s *Sockets) event(ctx context.Context, client *socketmode.Client, event socketmode.Event, hello func()) error {
	switch event.Type {
	case socketmode.EventTypeHello:
		s.Log.Info().Msg("connected to Slack")
		hello()
		if s.Bot != nil {
			s.Bot.Heard()
		}
		if s.Hello != nil {
			s.Hello()
		}
	case socketmode.EventTypeConnectionError:
		if failed, ok := event.Data.(*slack.ConnectionErrorEvent); ok && ctx.Err() == nil {
			s.Log.Warn().Err(failed.ErrorObj).Dur("again_in", failed.Backoff).Msg("connect to Slack")
			return bad(failed.ErrorObj)
		}
	case socketmode.EventTypeErrorBadMessage:
		s.malformed(ctx, client, event)
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
		s.dispatch(ctx, client, event)
	}
	return nil
}

// dispatch handles a payload beside the others. It does not end with the
// connection: what was heard is finished.
func (s *Sockets) dispatch(ctx context.Context, client *socketmode.Client, event socketmode.Event) {
	s.came.Add(1)
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	s.handlers.Go(func() {
		defer func() { <-s.slots }()
		s.Bot.handle(context.WithoutCancel(ctx), event, s.acknowledge(client, event.Request.EnvelopeID, s.heard(event)))
	})
}

// malformed acknowledges what can't be understood, or Slack would send it again
// and count it as a failure of the app.
func (s *Sockets) malformed(ctx context.Context, client *socketmode.Client, event socketmode.Event) {
	broken, ok := event.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	id := envelopeID(broken.Message)
	s.Log.Warn().Str("envelope", id).Msg("a payload can't be understood")
	if id != "" {
		s.handlers.Go(func() { s.acknowledge(client, id, func(error) {})(nil) })
	}
}

// acknowledge answers an envelope once, and tells acked how that went; later calls
// do nothing.
func (s *Sockets) acknowledge(client *socketmode.Client, id string, acked func(error)) ack {
	var once sync.Once
	return func(answer any) {
		once.Do(func() {
			ctx, cancel := context.WithTimeout(context.Background(), ackLimit)
			defer cancel()
			err := client.AckCtx(ctx, id, answer)
			acked(err)
			if err != nil {
				s.Log.Error().Err(err).Str("envelope", id).Msg("acknowledge")
			}
		})
	}
}

// TokenError says that Slack does not take the app-level token. Waiting does
// not help; the library would try for ever.
type TokenError struct{ Code string }

func (e *TokenError) Error() string {
	return fmt.Sprintf("Slack does not accept SLACK_APP_TOKEN for Socket Mode (%s): make an app-level token with the scope connections:write under Basic Information, and switch Socket Mode on", e.Code)
}

var badTokens = []string{
	"invalid_auth", "account_inactive", "not_authed", "token_revoked", "token_expired",
	"not_allowed_token_type", "missing_scope", "forbidden_team",
}

// bad is a TokenError if err says that the token is at fault.
func bad(err error) error {
	if err == nil {
		return nil
	}
	for _, code := range badTokens {
		if strings.Contains(err.Error(), code) {
			return &TokenError{Code: code}
		}
	}
	return nil
}
