package slackhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	slackgo "github.com/slack-go/slack"
)

func TestThroughTheSlackLibrary(t *testing.T) {
	t.Parallel()
	var calls []Call
	client, base := serve(t, Options{Observe: func(c Call) { calls = append(calls, c) }}, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("channel") == "CFULL" {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = fmt.Fprint(w, `{"ok":true,"channel":"C1","ts":"1.2"}`)
	})
	library := slackgo.New("xoxb-1-hush", slackgo.OptionAPIURL(base+"/api/"), slackgo.OptionHTTPClient(client))
	post := func(channel string) error {
		_, _, err := library.PostMessageContext(t.Context(), channel, slackgo.MsgOptionText("hello", false))
		return err
	}
	if err := post("C1"); err != nil {
		t.Fatal(err)
	}
	var limited *slackgo.RateLimitedError
	if err := post("CFULL"); !errors.As(err, &limited) || limited.RetryAfter != 30*time.Second {
		t.Errorf("a 429 without Retry-After comes out as %v", err)
	}
	var paced *Paced
	if err := post("CFULL"); !errors.As(err, &paced) || paced.Method != "chat.postMessage" {
		t.Errorf("the next call comes out as %v, want Paced", err)
	}
	if err := post("C1"); err != nil {
		t.Errorf("another channel: %v", err)
	}
	want := []struct {
		status     int
		retryAfter time.Duration
		paced      bool
	}{{200, 0, false}, {429, 30 * time.Second, false}, {0, 0, true}, {200, 0, false}}
	if len(calls) != len(want) {
		t.Fatalf("observed %d calls, want %d", len(calls), len(want))
	}
	for i, w := range want {
		c := calls[i]
		if c.Method != "chat.postMessage" || c.Status != w.status || c.RetryAfter != w.retryAfter || c.Paced != w.paced || (c.Err != nil) != w.paced {
			t.Errorf("call %d observed as %+v, want %+v", i, c, w)
		}
	}
}

func TestTheBodyThatWasLookedAtIsStillSent(t *testing.T) {
	t.Parallel()
	var got string
	transport := New(Options{Base: slack(func(req *http.Request) (int, string) {
		text, _ := io.ReadAll(req.Body)
		got = string(text)
		return http.StatusOK, ""
	})})
	transport.Learn("chat.postMessage C9", StrictFor)
	if _, err := post(t, transport.Client(), form(t, api+"chat.postMessage", "channel=C9&text=hi")); err != nil {
		t.Fatal(err)
	}
	if got != "channel=C9&text=hi" {
		t.Errorf("sent %q", got)
	}
}

func TestACallEndsAtItsDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var observed Call
		hang := roundTrip(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		client := New(Options{Base: hang, Observe: func(c Call) { observed = c }}).Client()
		_, err := post(t, client, form(t, api+"chat.update", ""))
		var timeout interface{ Timeout() bool }
		if !errors.As(err, &timeout) || !timeout.Timeout() || observed.Duration != CallTimeout {
			t.Errorf("got %v after %v, want a timeout after %v", err, observed.Duration, CallTimeout)
		}
	})
}

func TestTheDeadlineIncludesReadingTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := roundTrip(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: endless{req.Context()}}, nil
		})
		start := time.Now()
		_, err := post(t, New(Options{Base: slow}).Client(), form(t, api+"chat.update", ""))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != CallTimeout {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// endless is a body that never says anything.
type endless struct{ ctx context.Context }

func (e endless) Read([]byte) (int, error) { <-e.ctx.Done(); return 0, e.ctx.Err() }
func (endless) Close() error               { return nil }

func TestClosingTheAnswerReleasesTheCall(t *testing.T) {
	t.Parallel()
	var sent context.Context
	transport := New(Options{Base: slack(func(req *http.Request) (int, string) { sent = req.Context(); return 200, "" })})
	resp, err := transport.RoundTrip(form(t, "https://files.slack.com/files-pri/T1-F1/a.png", ""))
	if err != nil || sent.Err() != nil {
		t.Fatalf("before the answer is read: %v, %v", err, sent.Err())
	}
	_ = resp.Body.Close()
	if sent.Err() == nil {
		t.Error("the deadline's timer is still running")
	}
}

// closing is a request body that remembers whether it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestARefusedRequestIsClosed(t *testing.T) {
	t.Parallel()
	transport := New(Options{Base: slack(func(*http.Request) (int, string) { t.Error("sent"); return 200, "" })})
	transport.Learn("pins.add", StrictFor+time.Minute)
	req := form(t, api+"pins.add", "")
	content := &closing{Reader: strings.NewReader("x")}
	req.Body = content
	if _, err := transport.RoundTrip(req); err == nil || !content.closed {
		t.Errorf("error %v, closed %v", err, content.closed)
	}
}

func TestLongAnswersAreCutWithAnError(t *testing.T) {
	t.Parallel()
	for length, want := range map[int]error{maxBody: nil, maxBody + 1: errTooLong} {
		client, base := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, length))
		})
		resp, err := client.Do(form(t, base+"/files-pri/T1-F1/a.png", ""))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if !errors.Is(err, want) || len(got) != maxBody {
			t.Errorf("%d bytes: got %d, %v; want %v", length, len(got), err, want)
		}
	}
}

func TestMethodOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://slack.com/api/chat.postMessage":           "chat.postMessage",
		"http://127.0.0.1:4000/api/conversations.info?a=b": "conversations.info",
		"https://hooks.slack.com/commands/T1/2/abc":        "response_url",
		"http://127.0.0.1:4000/actions/T1/2/abc":           "response_url",
		"https://files.slack.com/files-pri/T1-F1/a.png":    "other",
		"https://files.slack.com/upload/v1/ABC":            "other",
		"https://slack.com/":                               "other",
	} {
		if got := methodOf(form(t, address, "")); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestChannelOf(t *testing.T) {
	t.Parallel()
	asJSON := form(t, api, `{"text":"channel=C2","channel":"C1"}`)
	asJSON.Header.Set("Content-Type", "application/json; charset=utf-8")
	broken := form(t, api, `{"channel":`)
	broken.Header = asJSON.Header
	for name, tc := range map[string]struct {
		req  *http.Request
		want string
	}{
		"form":          {form(t, api, "a=channel%3DC2&channel=C1&x=channel=C3"), "C1"},
		"escaped":       {form(t, api, "channel=%23general"), "#general"},
		"none":          {form(t, api, "xchannel=C1"), ""},
		"bad escape":    {form(t, api, "channel=%zz"), ""},
		"json":          {asJSON, "C1"},
		"broken json":   {broken, ""},
		"body is spent": {&http.Request{}, ""},
	} {
		if got := channelOf(tc.req); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
