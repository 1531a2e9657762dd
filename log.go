package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"muster/config"
	"muster/store"
)

func init() {
	zerolog.ErrorMarshalFunc = errorInLog
	zerolog.TimeFieldFormat = "2006-01-02T15:04:05.000Z07:00"
}

// errorInLog is what the log says of an error. What went well is logged with none.
func errorInLog(err error) any {
	if err == nil {
		return nil
	}
	return store.Brief(err)
}

// newLog writes JSON lines, or readable ones to a terminal. A warning that is the
// same each second is written once a minute.
func newLog(c config.Log, out io.Writer) zerolog.Logger {
	level, err := zerolog.ParseLevel(c.Level)
	if err != nil {
		level = zerolog.InfoLevel
	}
	if c.Format == "console" || c.Format == "" && terminal(out) {
		out = zerolog.ConsoleWriter{Out: out, TimeFormat: "15:04:05.000", NoColor: !terminal(out)}
	}
	return zerolog.New(&calm{out: out, now: time.Now}).Level(level).With().Timestamp().Logger()
}

func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// calm passes log lines on, but a warning or error that is like one of the last
// minute in all but its time is only counted; the next one that is written has
// the count as "again".
type calm struct {
	out io.Writer
	now func() time.Time

	mu   sync.Mutex
	said map[string]*repeated
}

type repeated struct {
	at    time.Time
	again int
}

const (
	calmFor = time.Minute
	// calmMost bounds the lines that are remembered.
	calmMost = 200
)

// Write passes on what has no level.
func (c *calm) Write(line []byte) (int, error) { return c.WriteLevel(zerolog.NoLevel, line) }

// WriteLevel passes a line on, or counts it.
func (c *calm) WriteLevel(level zerolog.Level, line []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	written := line
	if level == zerolog.WarnLevel || level == zerolog.ErrorLevel {
		again, due := c.due(timeless(line))
		if !due {
			return len(line), nil
		}
		if again > 0 {
			written = fmt.Appendf(bytes.TrimSuffix(bytes.TrimSpace(line), []byte("}")), ",\"again\":%d}\n", again)
		}
	}
	if _, err := c.out.Write(written); err != nil {
		return 0, err
	}
	return len(line), nil
}

// due says whether a line is to be written, and how often it was not since it
// last was.
func (c *calm) due(line string) (again int, due bool) {
	now := c.now()
	if r, known := c.said[line]; known {
		if now.Sub(r.at) < calmFor {
			r.again++
			return 0, false
		}
		again = r.again
	}
	if c.said == nil || len(c.said) >= calmMost {
		c.said = map[string]*repeated{}
	}
	c.said[line] = &repeated{at: now}
	return again, true
}

// timeless is a line without its time.
func timeless(line []byte) string {
	before, rest, found := strings.Cut(string(line), `"`+zerolog.TimestampFieldName+`":"`)
	if !found {
		return before
	}
	_, after, _ := strings.Cut(rest, `"`)
	return before + after
}

// serverLog passes the lines of our own PostgreSQL on, each at the level that its
// first word means.
type serverLog struct{ log zerolog.Logger }

// harmless is what PostgreSQL says at each first start and each stop.
var harmless = []string{`database "muster" does not exist`, "due to administrator command", "could not send data to client"}

// Write takes whole lines, as PostgreSQL writes them.
func (s serverLog) Write(lines []byte) (int, error) {
	for line := range strings.Lines(string(lines)) {
		if line = strings.TrimSpace(line); line != "" {
			s.log.WithLevel(serverLevel(line)).Msg(line)
		}
	}
	return len(lines), nil
}

func serverLevel(line string) zerolog.Level {
	for _, words := range harmless {
		if strings.Contains(line, words) {
			return zerolog.DebugLevel
		}
	}
	switch word, _, _ := strings.Cut(line, ":"); word {
	case "WARNING", "ERROR", "FATAL":
		return zerolog.WarnLevel
	case "PANIC":
		return zerolog.ErrorLevel
	}
	return zerolog.InfoLevel
}
