package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestALinkSignsInOnceAndPreviewsSpendNothing(t *testing.T) {
	t.Parallel()
	h := build(t)
	link, err := h.Invite(t.Context(), "UANA")
	if err != nil {
		t.Fatal(err)
	}
	where := strings.TrimPrefix(link, h.URL)
	for range 3 {
		preview := h.browser().get(where)
		preview.is(http.StatusOK)
		preview.shows("Sign in as Ana &lt;i&gt;Lima&lt;/i&gt;")
		if len(preview.header.Values("Set-Cookie")) > 0 {
			t.Error("looking at the link signs in")
		}
	}
	secret := url.Values{"secret": {where[strings.LastIndex(where, "/")+1:]}}
	ana := h.browser().post("/sign-in", secret)
	ana.is(http.StatusOK)
	ana.shows("Incidents", "Ana &lt;i&gt;Lima&lt;/i&gt;", "Sign out")
	again := h.browser().post("/sign-in", secret)
	again.is(http.StatusGone)
	again.shows("does not sign in any more", "/incident console")
	again.get("/").is(http.StatusUnauthorized)
	h.browser().get(where).is(http.StatusGone)

	// The other replica knows her, too.
	other := h.replica()
	ana.base = other.URL
	ana.http.Jar.SetCookies(parse(t, other.URL), ana.http.Jar.Cookies(parse(t, h.URL)))
	ana.get("/").is(http.StatusOK)

	ana.post("/sign-out", nil).shows("You are signed out")
	ana.base = h.URL
	ana.get("/").is(http.StatusUnauthorized)
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestTheCookieIsForOurPagesAlone(t *testing.T) {
	t.Parallel()
	h := build(t)
	b := h.browser()
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	cookie := b.signIn("UANA").header.Get("Set-Cookie")
	for _, part := range []string{"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("no %s in %s", part, cookie)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Errorf("without https, a browser would drop %s", cookie)
	}
}

func TestBehindHTTPSTheCookieIsSecure(t *testing.T) {
	t.Parallel()
	h := build(t)
	b := h.browser()
	safe := h.replicaAt("https://muster.example.org")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+safe.Addr()+"/sign-in", strings.NewReader(url.Values{"secret": {h.secret(safe, "UANA")}}.Encode()))
	r.Host = "muster.example.org"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://muster.example.org")
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	cookie := b.send(r, err).header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-muster=") || !strings.Contains(cookie, "; Secure") {
		t.Errorf("the cookie is %q (%d)", cookie, b.status)
	}
}

func TestWhoIsGoneIsOut(t *testing.T) {
	t.Parallel()
	h := build(t)
	bo := h.browser().signIn("UBO")
	bo.get("/").is(http.StatusOK)
	number := h.declares("UANA", "db down")
	bo.get(path(number, ""))
	note := bo.form("note", "note", "I was here")
	late := h.browser()
	secret := h.secret(h.Console, "UBO")
	h.staff.leaves("UBO")
	bo.get("/").is(http.StatusForbidden)
	bo.shows("deactivated")
	bo.hides("db down")
	before := h.entries(number)
	bo.post(path(number, "note"), note).is(http.StatusForbidden)
	if h.entries(number) != before {
		t.Error("who is gone wrote a note")
	}
	late.post("/sign-in", url.Values{"secret": {secret}}).is(http.StatusForbidden)
	late.get("/").is(http.StatusUnauthorized)
}

func TestForeignRequestsChangeNothing(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	ana := h.browser().signIn("UANA")
	ana.get(path(number, ""))
	note := ana.form("note", "note", "from elsewhere")
	before := h.entries(number)
	for what, headers := range map[string][2]string{
		"another site":      {"Sec-Fetch-Site", "cross-site"},
		"a sister site":     {"Sec-Fetch-Site", "same-site"},
		"an old browser":    {"Origin", "https://evil.example"},
		"a sandboxed frame": {"Origin", "null"},
		"another port":      {"Origin", "http://127.0.0.1:1"},
		"another name":      {"Host", "evil.example"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+path(number, "note"), strings.NewReader(note.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(headers[0], headers[1])
		if headers[0] == "Host" {
			r.Host = headers[1]
		}
		if ana.send(r, err); ana.status != http.StatusForbidden && ana.status != http.StatusMisdirectedRequest {
			t.Errorf("%s: %d", what, ana.status)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+"/", nil)
	r.Host = "evil.example"
	ana.send(r, err).hides("db down")
	ana.is(http.StatusMisdirectedRequest)
	h.browser().post(path(number, "note"), note).is(http.StatusUnauthorized)
	ana.post(path(number, "note"), url.Values{"note": {"no key"}}).is(http.StatusUnprocessableEntity)
	if got := h.entries(number); got != before {
		t.Errorf("%d entries, were %d", got, before)
	}
}

func TestEachAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	ana := h.browser().signIn("UANA")
	for _, at := range []string{"/", "/declare", "/statistics", "/settings", "/health", "/follow-ups", "/nowhere", "/incidents.csv", path(number, ""), path(99, ""), path(number, "export.md"), "/sign-in/x"} {
		ana.get(at)
		policy := ana.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || ana.header.Get("X-Frame-Options") != "DENY" || ana.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", at, ana.header)
		}
		ana.hides("style=", "onclick=", "javascript:")
	}
	ana.get("/nowhere").is(http.StatusNotFound)
	ana.get(path(99, "")).is(http.StatusNotFound)
}

func TestWhoComesFromSlackIsLedAround(t *testing.T) {
	t.Parallel()
	h := build(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+"/incidents/1", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	b := h.browser().send(r, err)
	b.is(http.StatusOK)
	b.shows(`http-equiv="refresh"`)
}

func TestTriesToSignInAreBounded(t *testing.T) {
	t.Parallel()
	h := build(t)
	b := h.browser()
	for range 30 {
		b.post("/sign-in", url.Values{"secret": {"guess"}})
	}
	b.is(http.StatusTooManyRequests)
	b.get("/sign-in/guess").is(http.StatusTooManyRequests)
}

func TestACompanyBehindOneAddressSignsIn(t *testing.T) {
	t.Parallel()
	h := build(t)
	for n := range 30 {
		h.browser().signIn(fmt.Sprint("U", n)).is(http.StatusOK)
	}
}
