// Package health tells machines how muster is: whether it lives, whether it can
// work, and in figures. It has a listener of its own, which is off by default:
// nothing that people or Slack use goes through it.
package health

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// Check reports why something that muster needs is not there; nil if it is.
type Check func(ctx context.Context) error

// Health answers probes. Until Ready is called, muster is starting.
type Health struct {
	Figures *Figures
	Log     zerolog.Logger

	mu       sync.Mutex
	checks   []named
	ready    bool
	stopping bool
}

type named struct {
	name  string
	check Check
}

// Add adds a check that readiness depends on; its name is for people.
func (h *Health) Add(name string, check Check) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.checks = append(h.checks, named{name, check})
}

// Ready says that the start is over.
func (h *Health) Ready() { h.set(func() { h.ready = true }) }

// Stopping says that the end has begun: no work may be sent here any more.
func (h *Health) Stopping() { h.set(func() { h.stopping = true }) }

func (h *Health) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

// checkLimit bounds each check: probes wait for a second or a few.
const checkLimit = 900 * time.Millisecond

// Faults lists what is not as it should be, one short line each.
func (h *Health) Faults(ctx context.Context) []string {
	h.mu.Lock()
	checks, ready, stopping := h.checks, h.ready, h.stopping
	h.mu.Unlock()
	switch {
	case stopping:
		return []string{"stopping"}
	case !ready:
		return []string{"starting"}
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	errs := make([]error, len(checks))
	var all sync.WaitGroup
	for n, c := range checks {
		all.Go(func() { errs[n] = c.check(ctx) })
	}
	all.Wait()
	var faults []string
	for n, err := range errs {
		if err != nil {
			faults = append(faults, checks[n].name+": "+err.Error())
		}
	}
	return faults
}

// Handler serves /healthz, /readyz and /metrics.
func (h *Health) Handler() http.Handler {
	mux := http.NewServeMux()
	// That it answers is the answer: a database or a Slack that is away is no
	// reason to start anew.
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if faults := h.Faults(r.Context()); len(faults) > 0 {
			say(w, http.StatusServiceUnavailable, strings.Join(faults, "\n"))
			return
		}
		say(w, http.StatusOK, "ready")
	})
	mux.Handle("GET /metrics", h.Figures.handler())
	return mux
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text)
}

// shutLimit bounds the wait for answers in hand.
const shutLimit = time.Second

// Listen begins to answer at an address, and gives the one that it became, and
// what ends it.
func (h *Health) Listen(ctx context.Context, address string) (at string, stop func(), err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return "", nil, fmt.Errorf("listen for health: %w", err)
	}
	server := &http.Server{
		Handler: h.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second,
		WriteTimeout: 15 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 1 << 14,
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); err != nil && err != http.ErrServerClosed {
			h.Log.Error().Err(err).Msg("serve health")
		}
	}()
	return listener.Addr().String(), func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutLimit)
		defer cancel()
		if server.Shutdown(ending) != nil {
			_ = server.Close()
		}
		<-ended
	}, nil
}
