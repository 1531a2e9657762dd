package health_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"muster/health"
	"muster/incident"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listening starts a Health and gives its address.
func listening(t *testing.T) (*health.Health, string) {
	t.Helper()
	h := &health.Health{Figures: health.New("v1", "abc", "go1"), Log: zerolog.Nop()}
	at, stop, err := h.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return h, "http://" + at
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func wants(t *testing.T, address string, status int, words string) {
	t.Helper()
	if got, text := get(t, address); got != status || !strings.Contains(text, words) {
		t.Errorf("%s: %d %q, want %d %q", address, got, text, status, words)
	}
}

func TestReadinessFollowsTheChecks(t *testing.T) {
	t.Parallel()
	h, at := listening(t)
	wants(t, at+"/healthz", 200, "alive")
	wants(t, at+"/readyz", 503, "starting")
	away := true
	h.Add("database", func(context.Context) error {
		if away {
			return errors.New("away")
		}
		return nil
	})
	h.Add("Slack", func(ctx context.Context) error {
		if away {
			// A check that hangs does not hang the probe.
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
	h.Ready()
	wants(t, at+"/readyz", 503, "database: away\nSlack: context deadline exceeded")
	wants(t, at+"/healthz", 200, "alive")
	away = false
	wants(t, at+"/readyz", 200, "ready")
	h.Stopping()
	wants(t, at+"/readyz", 503, "stopping")
	wants(t, at+"/healthz", 200, "alive")
	wants(t, at+"/", 404, "")
}

func TestFiguresAreServed(t *testing.T) {
	t.Parallel()
	h, at := listening(t)
	f := h.Figures
	f.Listen(func() int { return 1 })
	f.Heard("interactive")
	f.Acked("interactive", 30*time.Millisecond, nil)
	f.Acked("interactive", 0, errors.New("closed"))
	for _, c := range []health.Call{
		{Method: "chat.postMessage", Status: 200, Answered: true, Waited: 2 * time.Second, Took: 100 * time.Millisecond},
		{Method: "chat.postMessage", Status: 429, Took: time.Millisecond},
		{Method: "chat.update", Paced: true},
		{Method: "chat.update"},
		{Method: "chat.update", Status: 200},
		{Method: "chat.update", Status: 500},
		{Method: "chat.update", Status: 200, Answered: true, Code: "is_archived"},
		{Method: "chat.update", Status: 200, Answered: true, Code: "Not a code"},
	} {
		f.Called(c)
	}
	f.Passed("failed", time.Second, []string{"card"})
	f.Reminded(incident.EntryReminder)
	f.Ticked(errors.New("away"))
	backlog := incident.Backlog{Waiting: 3, Oldest: 90 * time.Second, Stuck: 2, Inbox: 4, Overdue: 1, Open: [4]int{1, 0, 0, 5}}
	var err error
	f.Watch(health.Database{
		Backlog: func(context.Context) (incident.Backlog, error) { return backlog, err },
		Pools: func() []health.Pool {
			return []health.Pool{{Name: "hear", InUse: 2, Idle: 1, Max: 10, Waited: 7, Wait: time.Second}}
		},
	})
	for _, line := range []string{
		`muster_build_info{commit="abc",goversion="go1",version="v1"} 1`,
		`muster_slack_sockets 1`,
		`muster_envelopes_total{kind="interactive"} 1`,
		`muster_ack_seconds_bucket{kind="interactive",le="0.05"} 1`,
		`muster_acks_failed_total{kind="interactive"} 1`,
		`muster_slack_calls_total{method="chat.postMessage",result="ok"} 1`,
		`muster_slack_calls_total{method="chat.postMessage",result="limited"} 1`,
		`muster_slack_calls_total{method="chat.update",result="paced"} 1`,
		`muster_slack_calls_total{method="chat.update",result="failed"} 2`,
		`muster_slack_calls_total{method="chat.update",result="refused"} 3`,
		`muster_slack_refusals_total{code="is_archived",method="chat.update"} 1`,
		`muster_slack_refusals_total{code="other",method="chat.update"} 1`,
		`muster_slack_wait_seconds_sum{method="chat.postMessage"} 2`,
		`muster_pass_seconds_count{result="failed"} 1`,
		`muster_step_failures_total{step="card"} 1`,
		`muster_ticks_total{result="failed"} 1`,
		`muster_reminders_total{kind="reminder"} 1`,
		`muster_database_up 1`,
		`muster_queue_incidents 3`,
		`muster_queue_oldest_seconds 90`,
		`muster_stuck_incidents 2`,
		`muster_inbox_events 4`,
		`muster_overdue_reminders 1`,
		`muster_open_incidents{severity="SEV4"} 5`,
		`muster_database_connections{pool="hear",state="in_use"} 2`,
		`muster_database_waits_total{pool="hear"} 7`,
		`muster_database_wait_seconds_total{pool="hear"} 1`,
	} {
		wants(t, at+"/metrics", 200, line+"\n")
	}
	err = errors.New("away")
	wants(t, at+"/metrics", 200, "muster_database_up 0\n")
	if _, text := get(t, at+"/metrics"); strings.Contains(text, "muster_queue_incidents") {
		t.Error("an old backlog is told")
	}
}

func TestAnAddressInUseIsAnError(t *testing.T) {
	t.Parallel()
	h, at := listening(t)
	if _, _, err := h.Listen(t.Context(), strings.TrimPrefix(at, "http://")); err == nil {
		t.Error("it listens twice")
	}
}
