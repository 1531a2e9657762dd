package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

var signInLink = regexp.MustCompile(`http://127\.0\.0\.1:\d+/sign-in/\w+`)

// browser is ana's, who signed in to the console at base; read takes its answers.
func (w *world) browser() (browser *http.Client, read func(*http.Response, error) string, base string) {
	w.t.Helper()
	reply, err := w.ana.Slash(w.ctx, "general", "/incident console")
	w.do(err)
	link := signInLink.FindString(reply.Text)
	if link == "" {
		w.t.Fatalf("no link in %s", reply.Text)
	}
	jar, err := cookiejar.New(nil)
	w.do(err)
	transport := &http.Transport{}
	w.t.Cleanup(transport.CloseIdleConnections)
	browser = &http.Client{Jar: jar, Transport: transport}
	read = func(answer *http.Response, err error) string {
		w.t.Helper()
		w.do(err)
		defer answer.Body.Close()
		raw, err := io.ReadAll(answer.Body)
		w.do(err)
		return string(raw)
	}
	base, secret, _ := strings.Cut(link, "/sign-in/")
	w.contains(read(browser.Get(link)), "Sign in as Ana Lima")
	read(browser.PostForm(base+"/sign-in", url.Values{"secret": {secret}}))
	return browser, read, base
}

// Somebody comes in from Slack, and what they do in the browser is done in Slack.
func TestStoryOfTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.console = "127.0.0.1:0"
	w.start(quick())
	w.says(w.ana, "general", "/incident new db <b>down</b>")
	w.do(w.ana.Hears(w.ctx, "declared: #"))
	browser, read, base := w.browser()
	w.contains(read(browser.Get(base+"/")), "INC-1", "db &lt;b&gt;down&lt;/b&gt;")
	page := read(browser.Get(base + "/incidents/1"))
	w.contains(page, "Open channel", "Declared")
	key := regexp.MustCompile(`name="key" value="(\w+)"`).FindStringSubmatch(page)[1]
	read(browser.PostForm(base+"/incidents/1/severity", url.Values{"key": {key}, "severity": {"SEV1"}}))
	w.shows("incidents", "SEV1")
	w.contains(read(browser.Get(base+"/incidents/1")), "SEV4 → SEV1")
	key = regexp.MustCompile(`name="key" value="(\w+)"`).FindStringSubmatch(read(browser.Get(base + "/declare")))[1]
	w.contains(read(browser.PostForm(base+"/declare", url.Values{"key": {key}, "title": {"search is slow"}, "severity": {"SEV3"}})), "INC-2")
	w.shows("inc-2-search-is-slow", "search is slow")
}

// Whoever is deactivated in Slack is out of the console at once, in each replica.
func TestWhoIsDeactivatedIsOutOfTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.console = "127.0.0.1:0"
	w.start(quick())
	link := signInLink.FindString(w.says(w.bo, "general", "/incident console"))
	base, secret, _ := strings.Cut(link, "/sign-in/")
	jar, err := cookiejar.New(nil)
	w.do(err)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	browser := &http.Client{Jar: jar, Transport: transport}
	status := func(answer *http.Response, err error) int {
		w.do(err)
		w.do(answer.Body.Close())
		return answer.StatusCode
	}
	if got := status(browser.PostForm(base+"/sign-in", url.Values{"secret": {secret}})); got != http.StatusOK {
		t.Fatalf("signing in gives %d", got)
	}
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"))
	w.says(w.bo, "general", "/incident 1 claim lead")
	w.shows("inc-1-db-down", "Bo Berg")
	w.do(w.ChangeUser("bo", func(u *workspace.User) { u.Deleted = true }))
	// Losing the role is the last of what follows.
	w.shows("inc-1-db-down", "deactivated")
	if got := status(browser.Get(base + "/")); got != http.StatusUnauthorized {
		t.Errorf("the console answers with %d", got)
	}
}

func TestStoryWithoutTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.contains(w.says(w.ana, "general", "/incident console"), "There is no console here", "CONSOLE_ADDR")
}

// The console works while Slack is away, and says so.
func TestTheConsoleSaysThatSlackIsNotHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.console = "127.0.0.1:0"
	s := quick()
	s.connect = time.Millisecond
	w.start(s)
	w.eventually("two sockets", func() bool { return len(w.Sockets()) == 2 })
	browser, read, base := w.browser()
	health := func() string { return read(browser.Get(base + "/health")) }
	if strings.Contains(health(), "does not hear Slack") {
		t.Error("Slack is there")
	}
	w.Fault(workspace.Fault{Method: "apps.connections.open", Times: -1, Kind: workspace.ServerError})
	w.CutSockets(workspace.Abruptly)
	w.eventually("it says so", func() bool {
		return strings.Contains(health(), "This muster does not hear Slack: no connection is ready.")
	})
	w.EnableSocketMode()
	w.eventually("Slack is back", func() bool { return !strings.Contains(health(), "does not hear Slack") })
}
