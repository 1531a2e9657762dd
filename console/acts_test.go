package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/incident"
)

func TestEachActIsAVerb(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	other := h.declares("UANA", "db down, too")
	ana := h.browser().signIn("UANA")
	does := func(act string, change ...string) *incident.Incident {
		t.Helper()
		ana.get(path(number, ""))
		ana.post(path(number, act), ana.form(act, change...))
		ana.is(http.StatusOK)
		return h.incident(number)
	}
	if i := does("severity", "severity", "SEV2"); i.Severity != incident.SEV2 || i.SeverityBy != "UANA" {
		t.Errorf("%+v", i)
	}
	if i := does("status", "status", "monitoring"); i.Status != incident.Monitoring {
		t.Errorf("%+v", i)
	}
	if i := does("update", "text", "rolled\r\nback", "impact", "half", "next", "wait", "severity", "SEV1", "status", "identified", "within", "30"); i.Last.Text != "rolled\nback" || i.Severity != 1 || i.Status != incident.Identified {
		t.Errorf("%+v", i)
	}
	ana.shows("Update: rolled<", ">back<", "half<", "wait<")
	ana.shows("Last update", "by Ana &lt;i&gt;Lima&lt;/i&gt;: rolled", "Next update")
	ana.hides("readers wait for it")
	h.mu.Lock()
	h.now = h.now.Add(2 * time.Hour)
	h.mu.Unlock()
	does("note", "note", "restarted")
	ana.shows("restarted", "readers wait for it")
	if i := does("roles", "role", "commander", "do", "claim"); i.Roles[0].User != "UANA" {
		t.Errorf("%+v", i.Roles)
	}
	if i := does("roles", "role", "lead", "do", "give", "member", "UBO", "note", "see the log"); i.Roles[1].User != "UBO" || i.Roles[1].Note != "see the log" {
		t.Errorf("%+v", i.Roles)
	}
	if i := does("roles", "role", "commander", "do", "leave"); len(i.Roles) != 1 {
		t.Errorf("%+v", i.Roles)
	}
	does("todo", "todo", "test the <b>backup</b>", "owner", "UBO", "due", "2025-04-01")
	does("todo", "todo", "ask legal")
	ana.shows("test the &lt;b&gt;backup&lt;/b&gt;", "Bo Berg · by 2025-04-01", "ask legal")
	for act, word := range map[string]string{"todo-done": "done by Ana", "todo-drop": ""} {
		n := map[string]string{"todo-done": "1", "todo-drop": "2"}[act]
		ana.post(path(number, act), url.Values{"key": keyField.FindStringSubmatch(ana.get(path(number, "")).page)[1:2], "n": {n}}).is(http.StatusOK)
		ana.shows(word)
	}
	if open, all := h.incident(number).Unfinished(); open != 0 || all != 1 {
		t.Errorf("%d of %d follow-ups are open", open, all)
	}
	if i := does("edit", "title", "db is slow", "summary", "since noon"); i.Title != "db is slow" || i.Summary != "since noon" {
		t.Errorf("%+v", i)
	}
	if i := does("resolve", "resolution", "a bigger db"); i.Status != incident.Resolved || i.Resolution != "a bigger db" {
		t.Errorf("%+v", i)
	}
	ana.hides(`id="severity"`, `id="resolve"`)
	if i := does("reopen"); !i.Status.Open() {
		t.Errorf("%+v", i)
	}
	if i := does("duplicate", "incident", incident.Ref(other)); i.DuplicateOf != other {
		t.Errorf("%+v", i)
	}
	does("reopen")
	if i := does("cancel", "reason", "a drill"); i.Status != incident.Cancelled {
		t.Errorf("%+v", i)
	}
}

func TestAPageLearnsOfNews(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	ana := h.browser().signIn("UANA").get(path(number, ""))
	news := strings.ReplaceAll(regexp.MustCompile(`data-news="([^"]+)"`).FindStringSubmatch(ana.page)[1], "&amp;", "&")
	ana.get(news).is(http.StatusNoContent)
	if _, err := h.desk.Note(t.Context(), number, "restarted", incident.Act{By: "UBO", Key: "k"}); err != nil {
		t.Fatal(err)
	}
	ana.get(news).is(http.StatusOK)
	h.browser().get(news).is(http.StatusUnauthorized)
}

func TestAFormSentTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	ana := h.browser().signIn("UANA").get(path(number, ""))
	form := ana.form("note", "note", "once")
	before := h.entries(number)
	var group sync.WaitGroup
	for range 5 {
		b := h.browser()
		b.http.Jar = ana.http.Jar
		group.Go(func() { b.post(path(number, "note"), form).is(http.StatusOK) })
	}
	group.Wait()
	if n := h.entries(number) - before; n != 1 {
		t.Errorf("%d notes", n)
	}
	// Somebody else with the same key is somebody else.
	h.browser().signIn("UBO").post(path(number, "note"), form).is(http.StatusOK)
	if n := h.entries(number) - before; n != 2 {
		t.Errorf("%d notes", n)
	}
}

func TestWhatMovedMeanwhileIsSaidAndCanBeOverruled(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	ana := h.browser().signIn("UANA").get(path(number, ""))
	form := ana.form("severity", "severity", "SEV3")
	if _, err := h.desk.SetSeverity(t.Context(), number, 1, 0, incident.Act{By: "UBO", Key: "k"}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a double click is no insisting
		ana.post(path(number, "severity"), form)
		ana.is(http.StatusConflict)
		ana.shows("Bo Berg set it to SEV1 meanwhile", `value="SEV3" selected`, `aria-invalid="true"`)
	}
	if h.incident(number).Severity != 1 {
		t.Error("it was overruled")
	}
	ana.post(path(number, "severity"), ana.form("severity", "severity", "SEV3")).is(http.StatusOK)
	if h.incident(number).Severity != 3 {
		t.Error("it was not overruled")
	}
}

func TestRefusalsStandBesideTheirFieldsAndKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	ana := h.browser().signIn("UANA")
	for _, c := range []struct {
		act    string
		change []string
		words  []string
		status int
	}{
		{"update", []string{"text", " ", "impact", "typed before"}, []string{"Say what changed.", "typed before"}, 422},
		{"resolve", []string{"resolution", "\u200b"}, []string{`id="resolve-resolution-error"`}, 422},
		{"roles", []string{"role", "lead", "do", "give"}, []string{"Say who gets it."}, 422},
		{"roles", []string{"role", "lead", "do", "give", "member", "UNOBODY"}, []string{"Slack knows no such person", "UNOBODY"}, 422},
		{"roles", []string{"role", "lead", "do", "leave"}, []string{"Nobody is Technical lead"}, 409},
		{"duplicate", []string{"incident", "99"}, []string{`id="duplicate-incident-error"`}, 404},
		{"duplicate", []string{"incident", "that one"}, []string{"Say its number", "that one"}, 422},
		{"todo", []string{"todo", "x", "owner", "UNOBODY"}, []string{`id="todo-owner-error"`}, 422},
		{"todo", []string{"todo", "x", "due", "2020-01-01"}, []string{"That day is over."}, 422},
		{"severity", []string{"severity", "SEV9"}, []string{"Severity is one of"}, 422},
		{"severity", nil, []string{}, 422},
		{"edit", []string{"title", ""}, []string{"Say in a few words"}, 422},
	} {
		ana.get(path(number, ""))
		before := h.entries(number)
		ana.post(path(number, c.act), ana.form(c.act, c.change...))
		ana.is(c.status)
		ana.shows(c.words...)
		if h.entries(number) != before {
			t.Errorf("%s %q changed something", c.act, c.change)
		}
	}
	ana.get(path(number, ""))
	reopen, form := path(number, "reopen"), ana.form("note")
	ana.post(reopen, form).is(http.StatusConflict)
	ana.shows("is already open", "db down")
	ana.post(path(number, "explode"), form).is(http.StatusNotFound)
}

func TestWhatWasTypedIsShownAsTyped(t *testing.T) {
	t.Parallel()
	h := build(t)
	const script = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`
	number := h.declares("UANA", script)
	ana := h.browser().signIn("UANA")
	for _, act := range [][]string{{"note", "note", script}, {"edit", "title", script + "!", "summary", script}, {"update", "text", script, "impact", script, "within", "0"}} {
		ana.get(path(number, ""))
		ana.post(path(number, act[0]), ana.form(act[0], act[1:]...)).is(http.StatusOK)
	}
	for _, at := range []string{"/", "/?words=" + "%3Cscript%3E&from=%22%3E%3Cscript%3E&zone=%3Cscript%3E", path(number, ""), "/health"} {
		ana.get(at).is(http.StatusOK)
		ana.hides("<script>", "<img", "<i>")
	}
	ana.get(path(number, "")).shows("&lt;script&gt;alert(1)")
}

func TestWhatIsPrivateIsForItsMembers(t *testing.T) {
	t.Parallel()
	h := build(t)
	i, _, err := h.desk.Declare(t.Context(), incident.Declaration{
		Title: "payroll leaked", Private: true, By: "UANA", Origin: incident.Origin{Kind: incident.OriginForm, Key: "k"},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	open := h.declares("UANA", "db down")
	ana, bo := h.browser().signIn("UANA"), h.browser().signIn("UBO")
	for _, at := range []string{"/", "/?show=all&words=payroll", "/?mine=1", "/incidents.csv", "/health", path(i.Number, ""), path(i.Number, "export.md")} {
		ana.get(at).shows("payroll leaked")
		bo.get(at).hides("payroll leaked")
	}
	bo.is(http.StatusNotFound)
	bo.get(path(i.Number, "news")).is(http.StatusNotFound)
	ana.get(path(i.Number, "")).shows("PRIVATE")
	form, before := ana.form("note", "note", "hello"), h.entries(i.Number)
	for _, act := range []string{"note", "retry", "severity", "explode"} {
		bo.post(path(i.Number, act), form).is(http.StatusNotFound)
		bo.shows("that you can see")
	}
	bo.get(path(open, ""))
	bo.post(path(open, "duplicate"), bo.form("duplicate", "incident", "1")).is(http.StatusNotFound)
	bo.hides("payroll")
	if h.entries(i.Number) != before {
		t.Error("bo changed it")
	}
}

func TestPeopleDeclareInTheConsole(t *testing.T) {
	t.Parallel()
	h := build(t)
	ana := h.browser().signIn("UANA").get("/declare")
	key := keyField.FindStringSubmatch(ana.page)[1]
	fields := url.Values{"key": {key}, "title": {" "}, "severity": {"SEV2"}, "summary": {"since <b>noon</b>"}}
	ana.post("/declare", fields).is(http.StatusUnprocessableEntity)
	ana.shows(`id="declare-title-error"`, "since &lt;b&gt;noon&lt;/b&gt;", `value="SEV2" selected`, key)
	fields.Set("title", "db down")
	for range 2 { // sent twice, it counts once
		ana.post("/declare", fields).is(http.StatusOK)
		ana.shows("INC-1", "db down", "SEV4 → SEV2")
	}
	if i := h.incident(1); i.Declarer != "UANA" || i.Severity != 2 || i.Summary != "since <b>noon</b>" || i.Origin.Kind != incident.OriginConsole || i.Private || i.Test {
		t.Errorf("%+v", i)
	}
	for n, kind := range []string{"private", "test"} {
		key := keyField.FindStringSubmatch(ana.get("/declare").page)[1]
		ana.post("/declare", url.Values{"key": {key}, "title": {kind}, "severity": {"SEV4"}, "kind": {kind}}).is(http.StatusOK)
		if i := h.incident(int64(n + 2)); i.Private != (kind == "private") || i.Test != (kind == "test") {
			t.Errorf("%s: %+v", kind, i)
		}
	}
	h.browser().post("/declare", fields).is(http.StatusUnauthorized)
	if _, err := h.db.Incident(t.Context(), 4); !incident.IsKind(err, incident.NotFound) {
		t.Errorf("%v", err)
	}
}
