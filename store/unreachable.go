package store

import (
	"errors"
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

// lastLine is what an error of the library says at last: it has a line for each
// address that was tried.
func lastLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
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
