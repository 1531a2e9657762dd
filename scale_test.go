package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// BenchmarkScale runs the real program beside more and more incidents, all at rest,
// and reports what a start takes, its memory when it has nothing to do, and how long
// people wait for what shows many of them.
func BenchmarkScale(b *testing.B) {
	binary := build(b)
	for _, c := range []struct{ open, closed int }{{100, 0}, {1000, 0}, {10_000, 0}, {100, 100_000}} {
		b.Run(fmt.Sprintf("open=%d,closed=%d", c.open, c.closed), func(b *testing.B) {
			for b.Loop() {
				benchmarkScale(b, binary, c.open, c.closed)
			}
		})
	}
}

func benchmarkScale(b *testing.B, binary string, open, closed int) {
	w := newWorld(b, workspace.Config{Seed: 1, Jitter: -1})
	w.years(closed, open)
	program := exec.Command(binary)
	program.Env = []string{
		"SLACK_APP_TOKEN=" + w.AppToken(), "SLACK_BOT_TOKEN=" + w.BotToken(), "SLACK_API_URL=" + w.APIURL(),
		"DATABASE_URL=" + w.dsn, "LOG_LEVEL=warn", "CONSOLE_ADDR=127.0.0.1:0",
	}
	var said strings.Builder
	program.Stderr = &said
	began := time.Now()
	w.do(program.Start())
	w.eventually("a socket", func() bool { return len(w.Sockets()) > 0 })
	b.ReportMetric(ms(time.Since(began)), "start-ms")
	settled(b, program.Process.Pid)
	b.ReportMetric(memory(b, program.Process.Pid, "VmRSS"), "rss-MB")
	b.ReportMetric(memory(b, program.Process.Pid, "RssAnon"), "own-MB")

	command := func(line string) func() {
		return func() { w.do(w.DeliverCommand("ana", "general", "/incident "+line).Err) }
	}
	home := make(chan struct{}, 1)
	w.OnCall(func(call workspace.Call) workspace.Verdict {
		if call.Phase == workspace.Before && call.Method == "views.publish" {
			home <- struct{}{}
		}
		return workspace.Verdict{}
	})
	page := w.consolePage(b)
	for _, c := range []struct {
		name string
		act  func()
	}{
		{"home", func() { w.do(w.OpenHome("ana")); <-home }},
		{"list", command("list")},
		{"mine", command("list mine")},
		{"find", command("find errors")},
		{"show", command(fmt.Sprint(closed+open, " show"))},
		{"console", page},
	} {
		b.ReportMetric(ms(median(30, c.act)), c.name+"-ms")
	}
	w.OnCall(nil)
	b.ReportMetric(memory(b, program.Process.Pid, "VmHWM"), "peak-MB")
	b.ReportMetric(0, "ns/op")
	w.do(program.Process.Signal(syscall.SIGTERM))
	if err := program.Wait(); err != nil {
		b.Fatalf("%v\n%s", err, said.String())
	}
}

// consolePage signs ana in and gives what reads the first page of the console.
func (w *world) consolePage(b *testing.B) func() {
	reply, err := w.ana.Slash(w.ctx, "general", "/incident console")
	w.do(err)
	base, secret, ok := strings.Cut(signInLink.FindString(reply.Text), "/sign-in/")
	if !ok {
		b.Fatalf("no link in %s", reply.Text)
	}
	jar, err := cookiejar.New(nil)
	w.do(err)
	transport := &http.Transport{}
	b.Cleanup(transport.CloseIdleConnections)
	browser := &http.Client{Jar: jar, Transport: transport}
	read := func(answer *http.Response, err error) {
		w.do(err)
		defer answer.Body.Close()
		if page, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(page), "checkout") {
			b.Fatalf("%v: %.300s", err, page)
		}
	}
	read(browser.PostForm(base+"/sign-in", url.Values{"secret": {secret}}))
	return func() { read(browser.Get(base + "/")) }
}

// median is that of doing something so many times, after twice to warm up.
func median(times int, act func()) time.Duration {
	act()
	act()
	took := make([]time.Duration, times)
	for n := range took {
		began := time.Now()
		act()
		took[n] = time.Since(began)
	}
	slices.Sort(took)
	return took[times/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// BenchmarkSpace reports what an incident takes in the database with its indexes, in
// kB, and what of it is text: one that was just declared, and the same one after 20
// changes and notes and its end. It lives a whole life in Slack.
func BenchmarkSpace(b *testing.B) {
	const incidents = 50
	for b.Loop() {
		w := newWorld(b, workspace.Config{Seed: 1, Jitter: -1})
		w.start(seams{apart: time.Millisecond, editEvery: time.Millisecond, topicEvery: time.Millisecond})
		w.says(w.ana, "general", "/incident new the first")
		w.rest()
		empty := w.space()
		for n := range incidents {
			w.says(w.ana, "general", fmt.Sprintf("/incident new checkout of shop %d returns errors", n))
		}
		w.rest()
		open := w.space()
		for n := range incidents {
			for _, line := range fullLife() {
				w.says(w.ana, "general", fmt.Sprintf("/incident %d %s", n+2, line))
			}
		}
		w.rest()
		closed := w.space()
		b.ReportMetric((open-empty)/incidents/1024, "open-kB")
		b.ReportMetric((closed-empty)/incidents/1024, "closed-kB")
		b.ReportMetric(0, "ns/op")
	}
}

// fullLife are 20 commands that an incident of some hours sees.
func fullLife() (lines []string) {
	lines = append(lines, "severity sev2", "claim commander", "assign lead @bo", "status identified")
	for n := range 12 {
		lines = append(lines, fmt.Sprintf("note at %d:00 the pool of connections to the database was full again, so we looked at who holds them", n))
	}
	return append(lines, "status monitoring", "summary customers see errors in the last step, since the version of noon",
		"todo alert on the pool of connections", "resolve the pool was too small for the new version")
}

// space is what all tables take with their indexes, in bytes, packed anew.
func (w *world) space() (bytes float64) {
	w.t.Helper()
	w.exec("VACUUM FULL")
	_, err := fmt.Sscan(w.query(`SELECT sum(pg_total_relation_size(relid))::text FROM pg_stat_user_tables`), &bytes)
	w.do(err)
	return bytes
}

// BenchmarkNoise counts what 1,000 changes of severity make Slack do, with the
// intervals of the real program: 20 at once to each of 50 incidents.
func BenchmarkNoise(b *testing.B) {
	const incidents, each = 50, 20
	for b.Loop() {
		w := newWorld(b, workspace.Config{Seed: 1, Jitter: -1})
		w.start(seams{apart: time.Millisecond})
		for n := range incidents {
			w.says(w.ana, "general", fmt.Sprintf("/incident new db %d down", n))
		}
		w.catchesUp()
		w.ResetCalls()
		_, late := w.changes(0, incidents*each, incidents, 200)
		w.catchesUp()
		counts := w.counts()
		b.ReportMetric(float64(late), "late")
		b.ReportMetric(float64(counts["chat.postMessage"]), "posts")
		b.ReportMetric(float64(counts["chat.update"]), "edits")
		b.ReportMetric(float64(counts["conversations.setTopic"]), "topics")
		b.ReportMetric(0, "ns/op")
	}
}
