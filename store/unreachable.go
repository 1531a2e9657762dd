package store

import (
	"errors"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Unreachable says in one line why no connection to a database could be made; ok is
// false if err is something else. It holds no password.
func Unreachable(err error) (why string, ok bool) {
	failed, ok := errors.AsType[*pgconn.ConnectError](err)
	if !ok {
		return "", false
	}
	return lastLine(failed), true
}

// Of an address that was tried, the library tells the host, what that resolved to,
// and once more both with the port.
var (
	dialed   = regexp.MustCompile(`dial error: dial \w+ \S+: `)
	resolved = regexp.MustCompile(`^(\S+?)((?::\d+)?) \((\S+)\): `)
)

// lastLine is what an error of the library says at last: it has a line for each
// address that was tried.
func lastLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	line := dialed.ReplaceAllString(strings.TrimSpace(lines[len(lines)-1]), "")
	if m := resolved.FindStringSubmatch(line); m != nil && m[1] == m[3] {
		line = m[1] + m[2] + ": " + line[len(m[0]):]
	}
	return line
}

// Brief is an error's text, in which a connection that could not be made takes one
// line instead of one for each try.
func Brief(err error) string {
	why, ok := Unreachable(err)
	if !ok {
		return err.Error()
	}
	failed, _ := errors.AsType[*pgconn.ConnectError](err)
	return strings.ReplaceAll(err.Error(), failed.Error(), "the database can't be reached ("+why+")")
}
