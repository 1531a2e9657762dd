package confluence_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muster/confluence"
	"muster/sandbox/wiki"
)

func site(t *testing.T) (*wiki.Wiki, *confluence.Client) {
	t.Helper()
	w, err := wiki.Start("OPS")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w, &confluence.Client{Base: w.URL() + "/wiki", User: wiki.User, Token: wiki.Token}
}

func TestAPageIsMadeFoundRewrittenAndCommented(t *testing.T) {
	t.Parallel()
	w, c := site(t)
	c.Base = w.URL() // without /wiki as well
	space, err := c.Space(t.Context(), "OPS")
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.Create(t.Context(), confluence.Draft{SpaceID: space.ID, ParentID: space.HomepageID, Title: "INC-1 a & b", Body: "<p>one</p>"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(made.Link, w.URL()+"/wiki/spaces/") {
		t.Errorf("the link is %s", made.Link)
	}
	found, ok, err := c.ByTitle(t.Context(), space.ID, "INC-1 a & b")
	if err != nil || !ok || found.ID != made.ID || found.Body != "<p>one</p>" || found.Version != 1 {
		t.Fatalf("found %+v, %v, %v", found, ok, err)
	}
	found.Body = "<p>two</p>"
	after, err := c.Update(t.Context(), found)
	if err != nil || after.Version != 2 {
		t.Fatalf("rewritten %+v, %v", after, err)
	}
	if _, err := c.Update(t.Context(), found); !confluence.Conflict.Is(err) {
		t.Errorf("an old version: %v", err)
	}
	if err := c.Comment(t.Context(), made.ID, "<p>more</p>"); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"first", "second"} {
		if err := c.Attach(t.Context(), made.ID, confluence.File{Name: `a "b" é.png`, Type: "image/png", Content: []byte(content)}); err != nil {
			t.Fatal(err)
		}
	}
	if pages := w.Pages(); string(pages[0].Files[`a "b" é.png`]) != "second" || len(pages[0].Files) != 1 || pages[0].Version != 2 {
		t.Errorf("attached %+v", pages[0])
	}
	for range 2 {
		if err := c.Detach(t.Context(), made.ID, `a "b" é.png`); err != nil {
			t.Fatal(err)
		}
	}
	if pages := w.Pages(); len(pages[0].Files) != 0 {
		t.Errorf("still attached: %+v", pages[0])
	}
	if err := c.Attach(t.Context(), "999", confluence.File{Name: "x"}); !confluence.Missing.Is(err) {
		t.Errorf("attached to no page: %v", err)
	}
	if _, err := c.Create(t.Context(), confluence.Draft{SpaceID: space.ID, Title: "INC-1 A & b", Body: "<p/>"}); !confluence.TitleTaken.Is(err) {
		t.Errorf("a taken title: %v", err)
	}
	if _, err := c.Create(t.Context(), confluence.Draft{SpaceID: space.ID, Title: "x", Body: "<p>a & b</p>"}); !confluence.Invalid.Is(err) {
		t.Errorf("no XML: %v", err)
	}
	if _, err := c.Space(t.Context(), "NOPE"); !confluence.Missing.Is(err) {
		t.Errorf("an unknown space: %v", err)
	}
}

func TestErrorsAreTypedAndHoldNoSecrets(t *testing.T) {
	t.Parallel()
	w, c := site(t)
	for _, f := range []struct {
		fault wiki.Fault
		kind  confluence.Kind
	}{
		{wiki.Fault{Status: 401}, confluence.Unauthorized},
		{wiki.Fault{Status: 403}, confluence.Forbidden},
		{wiki.Fault{Status: 404}, confluence.Missing},
		{wiki.Fault{Status: 400}, confluence.Invalid},
		{wiki.Fault{Status: 429, RetryAfter: 7 * time.Second}, confluence.Limited},
		{wiki.Fault{Status: 503}, confluence.Unclear},
		{wiki.Fault{Lost: true}, confluence.Unclear},
	} {
		w.Fault(f.fault)
		_, err := c.Create(t.Context(), confluence.Draft{SpaceID: "98000", Title: "INC-1 x", Body: "<p>x</p>"})
		e, ok := errors.AsType[*confluence.Error](err)
		if !ok || e.Kind != f.kind || e.RetryAfter != f.fault.RetryAfter {
			t.Errorf("%+v: %#v", f.fault, err)
		}
		silent(t, w, err)
	}
	if n := len(w.Pages()); n != 1 {
		t.Errorf("%d pages: a lost answer is a page all the same", n)
	}
	c.Token = "wrong"
	_, err := c.Space(t.Context(), "OPS")
	if !confluence.Unauthorized.Is(err) {
		t.Errorf("a wrong token: %v", err)
	}
	_ = w.Close()
	_, err = c.Space(t.Context(), "OPS")
	if !confluence.Unreachable.Is(err) {
		t.Errorf("nobody there: %v", err)
	}
	silent(t, w, err)
}

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "30": 30 * time.Second, "999999999999": time.Hour,
		time.Now().Add(-time.Minute).UTC().Format(http.TimeFormat):     0,
		time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat): 10 * time.Minute,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Retry-After", header)
			out.WriteHeader(http.StatusServiceUnavailable)
		}))
		_, err := (&confluence.Client{Base: server.URL}).Space(t.Context(), "OPS")
		server.Close()
		e, ok := errors.AsType[*confluence.Error](err)
		if !ok || e.Kind != confluence.Unclear || (e.RetryAfter-want).Abs() > 10*time.Second {
			t.Errorf("%q: %#v", header, err)
		}
	}
}

func silent(t *testing.T, w *wiki.Wiki, err error) {
	t.Helper()
	for _, secret := range []string{wiki.Token, wiki.User, w.URL()} {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error holds %s: %v", secret, err)
		}
	}
}
