package slackhttp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs a server and gives a client to it, and its base address.
func serve(t *testing.T, o Options, handler http.HandlerFunc) (*Client, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	client := New(o).Client()
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
	})
	return client, server.URL
}

// post sends a form as the Slack library does, and gives the status.
func post(t *testing.T, client *Client, req *http.Request) (int, error) {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

func form(t *testing.T, address, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

// slack is a RoundTripper without sockets, for tests in a synctest bubble.
type slack func(*http.Request) (status int, retryAfter string)

func (s slack) RoundTrip(req *http.Request) (*http.Response, error) {
	status, retryAfter := s(req)
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"ok":true}`)), Request: req}
	if retryAfter != "" {
		resp.Header.Set("Retry-After", retryAfter)
	}
	return resp, nil
}

// limiter refuses a method that is called more often than it allows in a minute, as Slack does.
type limiter struct {
	perMinute int
	burst     int
	allowed   []time.Time
	refused   []time.Time
}

func (l *limiter) call() (int, string) {
	now := time.Now()
	var recent []time.Time
	for _, at := range l.allowed {
		if now.Sub(at) < time.Minute {
			recent = append(recent, at)
		}
	}
	if len(recent) >= l.perMinute+l.burst {
		l.refused = append(l.refused, now)
		free := recent[0].Add(time.Minute).Sub(now)
		return http.StatusTooManyRequests, strconv.Itoa(int(free.Seconds()) + 1)
	}
	l.allowed = append(l.allowed, now)
	return http.StatusOK, ""
}
