package confluence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Kind says what an Error means for whoever asked.
type Kind int

const (
	// Unclear: it may have been done. Look before repeating.
	Unclear Kind = iota
	// Unreachable: it was never sent.
	Unreachable
	// Unauthorized: the account or its token is not accepted.
	Unauthorized
	// Forbidden: the account may not do this.
	Forbidden
	// Missing: there is no such thing, or the account can't see it.
	Missing
	// TitleTaken: another page of the space has this title.
	TitleTaken
	// Conflict: somebody wrote a newer version.
	Conflict
	// Limited: too many calls; see Error.RetryAfter.
	Limited
	// Invalid: Confluence does not take what was sent.
	Invalid
)

// Error is a call that did not work. Its text is for people, and holds neither
// addresses nor secrets.
type Error struct {
	Kind Kind
	// Status is the HTTP status, or 0 without an answer.
	Status int
	Text   string
	// RetryAfter is how long Confluence asks to wait, or 0.
	RetryAfter time.Duration
}

func (e *Error) Error() string { return e.Text }

// Is reports whether err is an Error of this kind.
func (k Kind) Is(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == k
}

// failed is a call without an answer. The cause names the address: it is left
// out.
func failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return &Error{Kind: Unreachable, Text: "Confluence can't be reached"}
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return &Error{Kind: Unclear, Text: "Confluence does not answer in time"}
	}
	return &Error{Kind: Unclear, Text: "Confluence broke off the connection"}
}

// explanations say what an operator can do, by status.
var explanations = map[int]struct {
	kind Kind
	text string
}{
	http.StatusUnauthorized:    {Unauthorized, "Confluence does not accept CONFLUENCE_API_USERNAME with CONFLUENCE_API_TOKEN: tokens expire, make a new one"},
	http.StatusForbidden:       {Forbidden, "the Confluence account may not write in the space"},
	http.StatusNotFound:        {Missing, "Confluence has no such page or space that the account can see"},
	http.StatusConflict:        {Conflict, "somebody changed the page meanwhile"},
	http.StatusTooManyRequests: {Limited, "Confluence asks to wait"},
}

// foreign is an answer that is JSON and lacks what Confluence would say.
func foreign() error {
	return &Error{Kind: Unclear, Status: http.StatusOK, Text: "Confluence's answer lacks what it should hold: is a proxy in between?"}
}

func refusal(response *http.Response, raw []byte) error {
	e := &Error{Status: response.StatusCode, RetryAfter: retryAfter(response.Header.Get("Retry-After"))}
	says := said(raw)
	if strings.Contains(says, "already exists") && (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict) {
		e.Kind, e.Text = TitleTaken, "another page has this title"
		return e
	}
	if known, ok := explanations[e.Status]; ok {
		e.Kind, e.Text = known.kind, known.text
		return e
	}
	if e.Status >= http.StatusInternalServerError || e.Status == http.StatusRequestTimeout || e.Status < http.StatusBadRequest {
		e.Kind, e.Text = Unclear, fmt.Sprintf("Confluence answered %d %s", e.Status, http.StatusText(e.Status))
		return e
	}
	e.Kind, e.Text = Invalid, fmt.Sprintf("Confluence answered %d: %s", e.Status, says)
	return e
}

// maxSaid bounds what is quoted of Confluence's own words, in bytes.
const maxSaid = 200

// said is Confluence's own word for what is wrong.
func said(raw []byte) string {
	var answer struct {
		Errors []struct{ Title, Detail string }
	}
	if json.Unmarshal(raw, &answer) != nil || len(answer.Errors) == 0 {
		return "no reason given"
	}
	text := strings.TrimSpace(answer.Errors[0].Title + " " + answer.Errors[0].Detail)
	if len(text) > maxSaid {
		text = strings.ToValidUTF8(text[:maxSaid], "") + "…"
	}
	return text
}

// maxRetryAfter is the longest wait that is believed.
const maxRetryAfter = time.Hour

// retryAfter reads the header, which holds seconds or a date.
func retryAfter(header string) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(header); err == nil {
		wait = time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = time.Until(at)
	}
	return min(max(0, wait), maxRetryAfter)
}
