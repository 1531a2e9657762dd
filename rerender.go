package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/rs/zerolog"

	"muster/store"
)

// rerender lets what is open follow texts and settings that changed, or a program
// that words them otherwise, since one was started last. Nothing waits for it.
func rerender(ctx context.Context, db *store.Store, log zerolog.Logger) error {
	definitions, err := db.Definitions(ctx)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(definitions)
	if err != nil {
		return err
	}
	built := builtFrom()
	made := sha256.Sum256(append(raw, built.version+built.commit...))
	count, err := db.Rerender(ctx, hex.EncodeToString(made[:12]))
	if count > 0 {
		log.Info().Int64("incidents", count).Msg("texts have changed; what is open follows, one incident after the other")
	}
	return err
}
