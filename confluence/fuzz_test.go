package confluence_test

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"muster/confluence"
)

// saying answers every call with the same.
type saying struct {
	status           int
	body, retryAfter string
}

func (s saying) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: s.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Retry-After": {s.retryAfter}}, Body: io.NopCloser(strings.NewReader(s.body)),
	}, nil
}

// asked makes each call once. made are the errors by what was called.
func asked(t *testing.T, c *confluence.Client) (made map[string]error) {
	ctx := t.Context()
	made = map[string]error{}
	space, err := c.Space(ctx, "OPS")
	made["space"] = err
	if err == nil && space.ID == "" {
		t.Error("a space without an id")
	}
	_, made["may create"] = c.MayCreate(ctx, "1")
	pages := map[string]func() (confluence.Page, error){
		"page":   func() (confluence.Page, error) { return c.Page(ctx, "1") },
		"create": func() (confluence.Page, error) { return c.Create(ctx, confluence.Draft{SpaceID: "1", Title: "x"}) },
		"update": func() (confluence.Page, error) { return c.Update(ctx, confluence.Page{ID: "1", Version: 1}) },
		"by title": func() (confluence.Page, error) {
			p, ok, err := c.ByTitle(ctx, "1", "x")
			if err == nil && !ok {
				p = confluence.Page{ID: "none", Version: 1, Link: "none"}
			}
			return p, err
		},
	}
	for name, ask := range pages {
		page, err := ask()
		made[name] = err
		if err == nil && (page.ID == "" || page.Version < 1 || page.Link == "") {
			t.Errorf("%s: a page without what it needs: %+v", name, page)
		}
	}
	made["comment"] = c.Comment(ctx, "1", "x")
	_, made["comments"] = c.Comments(ctx, "1")
	made["attach"] = c.Attach(ctx, "1", confluence.File{Name: "x", Type: "image/png"})
	made["detach"] = c.Detach(ctx, "1", "x")
	return made
}

// FuzzAnswers lets Confluence, or what stands in between, answer anything: each
// call ends with what it asked for, or an error for people that says whether it
// may have been done.
func FuzzAnswers(f *testing.F) {
	const page = `{"id":"7","title":"x","version":{"number":1},"_links":{"base":"https://x.example/wiki","webui":"/p/7"}}`
	for status, body := range map[int]string{
		200: page, 201: `{"results":[` + page + `]}`, 202: `{"results":[{}]}`, 203: `<html>Sign in</html>`, 204: ``, 206: `null`,
		302: `moved`, 400: `{"errors":[{"title":"A page already exists with this title","detail":null}]}`, 401: `{}`, 403: `[]`, 404: `{"errors":{}}`,
		408: ``, 409: `{"errors":[]}`, 413: `{"errors":[{"title":"` + strings.Repeat("é", 300) + `"}]}`, 429: `wait`, 500: `{"id":`, 503: "\xff\x00",
	} {
		f.Add(status, body, "1")
	}
	f.Add(200, `{"id":7,"version":"1","results":{"id":1}}`, "")
	f.Add(200, `{"id":"7","version":{"number":-1}}`, "")
	f.Add(429, ``, "Wed, 21 Oct 2099 07:28:00 GMT")
	f.Add(429, ``, "99999999999999999999")
	f.Add(503, ``, "-1")
	f.Fuzz(func(t *testing.T, status int, body, retryAfter string) {
		if status < 200 || status > 599 {
			return
		}
		c := &confluence.Client{
			Base: "https://secret.example", User: "user@secret.example", Token: "the-token",
			HTTP: &http.Client{Transport: saying{status, body, retryAfter}},
		}
		for name, err := range asked(t, c) {
			if err == nil && status >= 300 {
				t.Errorf("%s: %d is taken for success", name, status)
			}
			if err != nil {
				explained(t, name+" "+strconv.Itoa(status), status, err)
			}
		}
	})
}

// kinds are what a status means whatever else is said.
var kinds = map[int]confluence.Kind{
	401: confluence.Unauthorized, 403: confluence.Forbidden, 404: confluence.Missing, 408: confluence.Unclear, 429: confluence.Limited,
	500: confluence.Unclear, 502: confluence.Unclear, 503: confluence.Unclear, 504: confluence.Unclear,
}

func explained(t *testing.T, what string, status int, err error) {
	t.Helper()
	e, ok := errors.AsType[*confluence.Error](err)
	switch {
	case !ok || e.Text == "" || !utf8.ValidString(e.Text) || len(e.Text) > 400:
		t.Errorf("%s: the error is %q", what, err)
	case strings.Contains(e.Text, "secret.example") || strings.Contains(e.Text, "the-token"):
		t.Errorf("%s: the error tells a secret: %q", what, err)
	case e.RetryAfter < 0 || e.RetryAfter > time.Hour:
		t.Errorf("%s: to be tried again after %s", what, e.RetryAfter)
	}
	if !ok {
		return
	}
	if want, known := kinds[status]; known && e.Kind != want {
		t.Errorf("%s is of kind %d, not %d", what, e.Kind, want)
	}
	// An answer that says it worked and does not say what came of it: look first.
	if status < 400 && e.Kind != confluence.Unclear && e.Kind != confluence.Missing {
		t.Errorf("%s is of kind %d", what, e.Kind)
	}
}

// An answer without end is not read to its end.
func TestAHugeAnswerIsNoAnswer(t *testing.T) {
	t.Parallel()
	c := &confluence.Client{Base: "https://x.example", HTTP: &http.Client{Transport: saying{200, `{"results":[` + strings.Repeat(" ", 9<<20), ""}}}
	for name, err := range asked(t, c) {
		if !confluence.Unclear.Is(err) || !strings.Contains(err.Error(), "too long") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
