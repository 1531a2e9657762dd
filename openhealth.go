package main

import (
	"context"

	"github.com/rs/zerolog"

	"muster/bot"
	"muster/config"
	"muster/health"
	"muster/incident"
	"muster/slackhttp"
	"muster/store"
)

// openHealth begins to answer probes, if that is configured, and gives what ends
// it. It comes first, so that a start that hangs can be seen.
func openHealth(ctx context.Context, cfg config.Config, log zerolog.Logger, s seams) (*health.Health, func(), error) {
	b := builtFrom()
	h := &health.Health{Figures: health.New(b.version, b.commit, b.goVersion), Log: log.With().Str("part", "health").Logger()}
	if cfg.HealthAddr == "" {
		return h, func() {}, nil
	}
	at, stop, err := h.Listen(ctx, cfg.HealthAddr)
	if err != nil {
		return nil, nil, setupErrorf("HEALTH_ADDR: %v: name an address of this machine and a port that nothing uses", err)
	}
	h.Log.Info().Str("address", at).Msg("health")
	if s.healthAt != nil {
		s.healthAt(at)
	}
	return h, stop, nil
}

// observe counts the calls to Slack, and passes them on.
func observe(f *health.Figures, next func(slackhttp.Call)) func(slackhttp.Call) {
	return func(c slackhttp.Call) {
		next(c)
		f.Called(health.Call{
			Method: c.Method, Status: c.Status, Code: c.Code, Answered: c.Err == nil && c.Status != 0,
			Paced: c.Paced, Waited: c.Waited, Took: c.Duration,
		})
	}
}

// watchHealth lets probes and figures see the database and the sockets.
func watchHealth(h *health.Health, db *store.Store, sockets *bot.Sockets, s seams) {
	h.Add("database", db.Ping)
	h.Add("Slack", sockets.Check)
	h.Figures.Listen(sockets.Hearing)
	h.Figures.Watch(health.Database{
		Backlog: func(ctx context.Context) (incident.Backlog, error) { return db.Backlog(ctx, s.now()) },
		Pools:   func() []health.Pool { return poolsOf(db) },
		Log:     h.Log,
	})
	h.Ready()
}

func poolsOf(db *store.Store) []health.Pool {
	pools := db.Pools()
	list := make([]health.Pool, len(pools))
	for n, p := range pools {
		list[n] = health.Pool(p)
	}
	return list
}
