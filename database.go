package main

import (
	"context"

	"github.com/rs/zerolog"

	"muster/config"
	"muster/incident"
	"muster/store"
	"muster/store/embedded"
)

// database gives the address of the database, starting our own server if none is
// configured; then server is not nil, and the caller stops it.
func database(ctx context.Context, cfg config.Database, log zerolog.Logger) (dsn string, server *embedded.Server, err error) {
	if !cfg.URL.IsZero() {
		return cfg.URL.Reveal(), nil, nil
	}
	says := log.With().Str("part", "postgres").Logger()
	server, err = embedded.Start(ctx, embedded.Options{DataDir: cfg.DataDir, BinDir: cfg.BinDir, Log: serverLog{says}})
	if err != nil {
		return "", nil, err
	}
	return server.URL(), server, nil
}

func openStore(ctx context.Context, dsn string, stock incident.Definitions, s seams) (*store.Store, string, error) {
	if err := store.Migrate(ctx, dsn); err != nil {
		return nil, "", err
	}
	db, err := store.Open(ctx, dsn, append([]store.Option{store.WithHook(s.hook)}, s.database...)...)
	if err != nil {
		return nil, "", err
	}
	id, err := db.Install(ctx, stock)
	return db, id, err
}
