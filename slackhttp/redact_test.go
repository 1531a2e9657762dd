package slackhttp

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`Post "https://slack.com/api/chat.update": EOF`:            `Post "https://slack.com/api/chat.update": EOF`,
		`Post "https://hooks.slack.com/commands/T1/2/hush": EOF`:   `Post "https://hooks.slack.com/[hidden]": EOF`,
		`dial wss://wss.slack.com/link/?ticket=hush&app_id=1: bad`: `dial wss://wss.slack.com/[hidden]?[hidden] bad`,
		`Get "https://slack.com/api/users.info?token=hush"`:        `Get "https://slack.com/api/users.info?[hidden]"`,
		`proxy http://ana:hush@proxy:3128/ refused`:                `proxy http://proxy:3128/ refused`,
		`tokens xoxb-1-hush xapp-1-A-2-hush xoxe.xoxp-1-hush`:      `tokens [hidden] [hidden] [hidden]`,
		`lookup slack.com: no such host`:                           `lookup slack.com: no such host`,
	} {
		if got := Redact(text); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestErrorsOfTheClientHoldNoSecret(t *testing.T) {
	t.Parallel()
	var observed error
	base := roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, &wrapped{"proxy https://hooks.slack.com/actions/T1/hush said no to xoxb-1-hush"}
	})
	client := New(Options{Base: base, Observe: func(c Call) { observed = c.Err }}).Client()
	_, err := client.Do(form(t, "https://hooks.slack.com/actions/T1/hush", ""))
	var failed *url.Error
	if !errors.As(err, &failed) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("%v lost what it is", err)
	}
	for _, text := range []string{err.Error(), failed.Error(), failed.Err.Error(), observed.Error()} {
		if strings.Contains(text, "hush") {
			t.Errorf("shown: %s", text)
		}
	}
}

type wrapped struct{ text string }

func (w *wrapped) Error() string { return w.text }
func (w *wrapped) Unwrap() error { return io.ErrUnexpectedEOF }
