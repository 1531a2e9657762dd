package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox/workspace"
)

// metrics reads all figures of a muster.
func (w *world) metrics(at string) string {
	w.t.Helper()
	resp, err := http.Get("http://" + at + "/metrics")
	w.do(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	w.do(err)
	return string(text)
}

// asked runs `muster health` against an address.
func (w *world) asked(at string) (int, string) {
	var out bytes.Buffer
	return askHealth(w.ctx, at, &out, &out), out.String()
}

// A muster says how it is while it starts, works, loses Slack, and ends; each thing
// that happens is in the figures.
func TestStoryOfTheProbes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.health = "127.0.0.1:0"
	s := quick()
	s.connect = time.Millisecond
	addresses := make(chan string, 1)
	s.healthAt = func(at string) { addresses <- at }
	m := w.start(s)
	at := <-addresses
	if code, said := w.asked(at); code != 0 || said != "ready\n" {
		t.Errorf("ready: %d %q", code, said)
	}
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	w.rest()
	figures := w.metrics(at)
	for _, line := range []string{
		`muster_envelopes_total{kind="slash_commands"} 1`, `muster_ack_seconds_count{kind="slash_commands"} 1`,
		`muster_slack_calls_total{method="chat.postMessage",result="ok"} `, `muster_pass_seconds_count{result="done"} `,
		`muster_open_incidents{severity="SEV4"} 1`, `muster_stuck_incidents 0`, `muster_ticks_total{result="ok"} `,
		`muster_build_info{`, `muster_database_up 1`,
	} {
		if !strings.Contains(figures, line) {
			t.Errorf("the figures do not hold %s", line)
		}
	}
	w.Fault(workspace.Fault{Method: "apps.connections.open", Times: -1, Kind: workspace.ServerError})
	w.CutSockets(workspace.Abruptly)
	w.eventually("it is not ready", func() bool {
		code, said := w.asked(at)
		return code == 1 && strings.Contains(said, "Slack: no connection")
	})
	w.EnableSocketMode()
	w.eventually("it is ready again", func() bool { code, _ := w.asked(at); return code == 0 })
	m.stop()
	if code, said := w.asked(at); code != 1 || !strings.Contains(said, "nothing answers") {
		t.Errorf("ended: %d %q", code, said)
	}
}

// A Slack that hangs behind connections that look open is noticed by its pings, long
// before the connections are given up; that is no reason to restart the program.
func TestASlackThatHangsIsNoticed(t *testing.T) {
	t.Parallel()
	w, log := newWorld(t, workspace.Config{Ping: 50 * time.Millisecond}), &scribe{}
	w.log = zerolog.New(log)
	w.health = "127.0.0.1:0"
	s := quick()
	s.quietLimit = 2 * time.Second
	s.socket = []socketmode.Option{socketmode.OptionPingInterval(10 * time.Second)}
	addresses := make(chan string, 1)
	s.healthAt = func(at string) { addresses <- at }
	w.start(s)
	at := <-addresses
	w.eventually("two sockets", func() bool { return len(w.Sockets()) == 2 })
	w.eventually("ready", func() bool { code, _ := w.asked(at); return code == 0 })
	w.CutSockets(workspace.HalfOpen)
	w.eventually("it is not ready", func() bool {
		code, said := w.asked(at)
		return code == 1 && strings.Contains(said, "Slack: nothing came from it for 2s, not even a ping, though 2 of 2 connections look open")
	})
	if !strings.Contains(w.metrics(at), "muster_slack_sockets 0\n") {
		t.Error("the figures count connections that hear nothing")
	}
	resp, err := http.Get("http://" + at + "/healthz")
	w.do(err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("it does not live: %d", resp.StatusCode)
	}
	w.eventually("it is ready again", func() bool { code, _ := w.asked(at); return code == 0 })
	w.eventually("that is in the log", func() bool { return strings.Contains(log.String(), `"message":"Slack is back after `) })
}

// Each figure that a dashboard or an alert names is one that muster gives.
func TestDashboardsNameFiguresThatExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.health = "127.0.0.1:0"
	s := quick()
	addresses := make(chan string, 1)
	s.healthAt = func(at string) { addresses <- at }
	w.start(s)
	described := regexp.MustCompile(`(?m)^# TYPE (muster_\w+) (\w+)`)
	known := []string{
		// Those that have no value before something fails, or a pass is made.
		"muster_step_failures_total", "muster_acks_failed_total", "muster_slack_wait_seconds", "muster_slack_wait_seconds_sum", "muster_slack_refusals_total", "muster_ticks_total", "muster_reminders_total", "muster_envelopes_total",
		"muster_ack_seconds_bucket", "muster_pass_seconds_bucket", "muster_pass_seconds_count",
	}
	source, err := os.ReadFile("health/figures.go")
	w.do(err)
	for _, name := range known {
		name = strings.NewReplacer("_bucket", "", "_count", "", "_sum", "").Replace(name)
		if !strings.Contains(string(source), `"`+name+`"`) {
			t.Errorf("%s is no figure", name)
		}
	}
	for _, m := range described.FindAllStringSubmatch(w.metrics(<-addresses), -1) {
		known = append(known, m[1])
		if m[2] == "histogram" {
			known = append(known, m[1]+"_bucket", m[1]+"_sum", m[1]+"_count")
		}
	}
	for _, file := range []string{"deploy/prometheus/alerts.yaml", "deploy/grafana/muster.json"} {
		text, err := os.ReadFile(file)
		w.do(err)
		named := regexp.MustCompile(`\bmuster_\w+`).FindAllString(string(text), -1)
		if len(named) < 5 {
			t.Errorf("%s names %d figures", file, len(named))
		}
		for _, name := range named {
			if !slices.Contains(known, name) {
				t.Errorf("%s: %s does not exist", file, name)
			}
		}
	}
}

func TestHere(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		":9090": "localhost:9090", "0.0.0.0:9090": "localhost:9090", "[::]:9090": "localhost:9090",
		"127.0.0.1:9090": "127.0.0.1:9090", "health.example:80": "health.example:80",
	} {
		if got := here(addr); got != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
}
