package main

import (
	"context"

	"github.com/rs/zerolog"

	"muster/bot"
	"muster/config"
	"muster/console"
	"muster/incident"
)

// openConsole begins to listen for browsers and lets the bot invite people, or
// gives nil if the console is off.
func openConsole(ctx context.Context, cfg config.Console, log zerolog.Logger, s seams, p parts, desk *incident.Desk, ears *bot.Bot) (*console.Console, error) {
	if cfg.Addr == "" {
		return nil, nil
	}
	pages := &console.Console{
		Desk: desk, Reader: p.db, Sessions: p.db, People: ears, TeamURL: p.place.TeamURL, URL: cfg.URL,
		Now: s.now, Log: log.With().Str("part", "console").Logger(),
	}
	if err := pages.Open(ctx, cfg.Addr); err != nil {
		return nil, &setupError{err.Error()}
	}
	ears.Invite = pages.Invite
	return pages, nil
}
