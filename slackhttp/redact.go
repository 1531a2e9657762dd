package slackhttp

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

const hidden = "[hidden]"

var (
	// tokens are Slack's: bot, user, app-level, refreshable.
	tokens = regexp.MustCompile(`xox[a-z](\.xox[a-z])?-[0-9A-Za-z-]+|xapp-[0-9A-Za-z-]+`)
	// addresses: scheme, user, host, path, query.
	addresses = regexp.MustCompile(`((?:https?|wss?)://)([^/\s"'?#@]*@)?([^/\s"'?#]+)(/[^\s"'?#]*)?([?#][^\s"']*)?`)
	// methodPath is the one kind of path without a secret.
	methodPath = regexp.MustCompile(`^/api/[A-Za-z.]*$`)
)

// Redact gives a text without Slack's tokens and without the secret parts of addresses: of a
// response_url and an upload the path is the secret, of a socket's address the query. What is
// left of an address is the host, and the path if it names a method.
func Redact(text string) string {
	text = addresses.ReplaceAllStringFunc(text, func(address string) string {
		part := addresses.FindStringSubmatch(address)
		scheme, host, path, query := part[1], part[3], part[4], part[5]
		if path = strings.TrimSuffix(path, ":"); path != "" && path != "/" && !methodPath.MatchString(path) {
			path = "/" + hidden
		}
		if query != "" {
			query = "?" + hidden
		}
		return scheme + host + path + query
	})
	return tokens.ReplaceAllString(text, hidden)
}

// safe is an error whose text was redacted. What it wraps can still be asked what it is.
type safe struct {
	text  string
	cause error
}

func (s *safe) Error() string { return s.text }
func (s *safe) Unwrap() error { return s.cause }

// hide redacts an error. The address in a url.Error is replaced in place, because callers
// take that type out and print it.
func hide(err error) error {
	if err == nil {
		return nil
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		failed.URL = Redact(failed.URL)
	}
	if text := Redact(err.Error()); text != err.Error() {
		return &safe{text: text, cause: err}
	}
	return err
}
