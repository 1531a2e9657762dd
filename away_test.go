package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"muster/outage"
	"muster/sandbox/workspace"
	"muster/slackhttp"
)

// What was away is said to be back, once.
func TestTheLogSaysWhatIsBack(t *testing.T) {
	t.Parallel()
	w, log := newWorld(t, workspace.Config{}), &scribe{}
	w.log = zerolog.New(log)
	s := quick()
	s.connect = time.Millisecond
	w.start(s)
	w.eventually("two sockets", func() bool { return len(w.Sockets()) == 2 })
	said := func(words string) func() bool {
		return func() bool { return strings.Contains(log.String(), words) }
	}
	w.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	w.eventually("the database is back", said(`"message":"the database is back after `))
	w.Fault(workspace.Fault{Method: "apps.connections.open", Times: -1, Kind: workspace.ServerError})
	cut := time.Now()
	w.CutSockets(workspace.Abruptly)
	w.eventually("Slack is away", func() bool { return time.Since(cut) > 3*time.Second })
	w.EnableSocketMode()
	w.eventually("Slack is back", said(`"message":"Slack is back after `))
	w.eventually("two sockets", func() bool { return len(w.Sockets()) == 2 })
	if n := strings.Count(log.String(), " is back after "); n != 2 {
		t.Errorf("%d lines say what is back:\n%s", n, log)
	}
}

// An API is away when it can't be reached or fails by itself, not when it refuses.
func TestAnAPIIsBackWhenItAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		saw := answers(zerolog.New(&out))
		saw(slackhttp.Call{Method: "chat.update", Status: 503})
		time.Sleep(70 * time.Second)
		saw(slackhttp.Call{Method: "chat.update", Paced: true})
		saw(slackhttp.Call{Method: "apps.connections.open", Status: 200})
		saw(slackhttp.Call{Method: "chat.update", Err: errors.New("no answer")})
		saw(slackhttp.Call{Method: "chat.update", Status: 200, Code: "internal_error"})
		if out.Len() > 0 {
			t.Errorf("while it is away: %s", out.String())
		}
		saw(slackhttp.Call{Method: "chat.update", Status: 200, Code: "is_archived"})
		saw(slackhttp.Call{Method: "chat.update", Status: 200})
		if want := `{"level":"info","message":"Slack's Web API is back after 1 min 10 s"}` + "\n"; out.String() != want {
			t.Errorf("%s, want %s", out.String(), want)
		}
	})
}

// answer is a transport that gives one status, or an error for none.
type answer int

func (a *answer) RoundTrip(*http.Request) (*http.Response, error) {
	if *a == 0 {
		return nil, errors.New("no route")
	}
	return &http.Response{StatusCode: int(*a), Body: io.NopCloser(strings.NewReader(""))}, nil
}

func TestConfluenceIsBackWhenItAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		var a answer
		c := carried{&a, &outage.Outage{What: "Confluence", Log: zerolog.New(&out), Least: awayLeast}}
		for _, status := range []answer{200, 0, 502, 404, 200} {
			a = status
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://wiki.example.org", nil)
			if err != nil {
				t.Fatal(err)
			}
			if resp, err := c.RoundTrip(req); err == nil {
				resp.Body.Close()
			}
			time.Sleep(time.Minute)
		}
		if want := `{"level":"info","message":"Confluence is back after 2 min 0 s"}` + "\n"; out.String() != want {
			t.Errorf("%s, want %s", out.String(), want)
		}
	})
}
