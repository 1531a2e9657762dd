package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"muster/config"
	"muster/store"
)

// An outage that is met each second fills no disk, and no line that says
// something new is lost.
func TestTheLogRepeatsItselfOnceAMinute(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	now := time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC)
	log := zerolog.New(&calm{out: &out, now: func() time.Time { return now }}).Hook(zerolog.HookFunc(func(e *zerolog.Event, _ zerolog.Level, _ string) {
		e.Str(zerolog.TimestampFieldName, now.Format(time.RFC3339))
	}))
	for second := range 150 {
		now = now.Add(time.Second)
		log.Warn().Str("part", "bot").Msg("look into the inbox")
		if second < 2 {
			log.Error().Int("incident", second).Msg("a step failed")
			log.Info().Msg("connected to Slack")
		}
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, timeless([]byte(strings.TrimSpace(line))))
	}
	const warning = `{"level":"warn","part":"bot",,"message":"look into the inbox"`
	want := []string{
		warning + "}", `{"level":"error","incident":0,,"message":"a step failed"}`, `{"level":"info",,"message":"connected to Slack"}`,
		`{"level":"error","incident":1,,"message":"a step failed"}`, `{"level":"info",,"message":"connected to Slack"}`,
		warning + `,"again":59}`, warning + `,"again":59}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the log is\n%s", out.String())
	}
}

func TestAnUnreachableDatabaseIsOneLine(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("take an event: %w", store.Migrate(t.Context(), "postgres://u:hunter2@127.0.0.1:1/x"))
	var out bytes.Buffer
	log := zerolog.New(&out)
	log.Warn().Err(err).Send()
	log.Warn().Err(errors.New("another one")).Send()
	said := out.String()
	if strings.Contains(said, `\n`) || strings.Contains(said, "hunter2") || !strings.Contains(said, "take an event: ") ||
		!strings.Contains(said, "the database can't be reached (127.0.0.1:1: ") || !strings.Contains(said, "another one") {
		t.Errorf("the log says %s", said)
	}
}

func TestTheOwnServersLinesHaveLevels(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	_, _ = serverLog{zerolog.New(&out).Level(zerolog.InfoLevel)}.Write([]byte("LOG:  listening\nFATAL:  terminating connection due to administrator command\n\nFATAL:  no space\nPANIC:  no more\n"))
	want := `{"level":"info","message":"LOG:  listening"}
{"level":"warn","message":"FATAL:  no space"}
{"level":"error","message":"PANIC:  no more"}
`
	if out.String() != want {
		t.Errorf("the log is\n%s", out.String())
	}
}

// A lease that was lost is logged with the error of asking for it, which may be none.
func TestNoErrorIsNoneInTheLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := newLog(config.Log{Format: "json"}, &out)
	log.Warn().Err(nil).Msg("the lease was lost")
	if strings.Contains(out.String(), "error") {
		t.Errorf("it says %s", out.String())
	}
}
