package console_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"muster/console"
	"muster/incident"
	"muster/store"
	"muster/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m, store.Migrate)) }

var noon = time.Date(2025, 3, 4, 12, 0, 0, 0, time.UTC)

// staff is who works here.
type staff struct {
	mu   sync.Mutex
	gone map[string]bool
	db   *store.Store
}

func (s *staff) leaves(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone[id] = true
}

func (s *staff) Inside(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone[id] {
		return incident.Errorf(incident.Forbidden, "That account was deactivated in Slack.")
	}
	return nil
}

func (s *staff) See(ctx context.Context, person string, number int64) (*incident.Incident, error) {
	i, err := s.db.Incident(ctx, number)
	if err == nil && !i.VisibleTo(person) {
		err = incident.NoSuch(number)
	}
	return i, err
}

func (s *staff) Names(context.Context, ...string) map[string]string {
	return map[string]string{"UANA": "Ana <i>Lima</i>", "UBO": "Bo Berg", "ULEE": "Lee"}
}

func (s *staff) Administers(_ context.Context, id string) error {
	if id != "UANA" {
		return incident.Errorf(incident.Forbidden, "Only administrators can change settings.")
	}
	return nil
}

func (s *staff) MayDo(ctx context.Context, _ string, t *incident.ToDo) error {
	if t.Owner == "" || s.MayHold(ctx, t.Owner) == nil {
		return nil
	}
	return incident.FieldErrorf("owner", "It takes a member of this workspace.")
}

func (s *staff) MayHold(_ context.Context, id string) error {
	if s.Names(context.Background())[id] == "" {
		return incident.FieldErrorf("person", "Slack knows no such person here.")
	}
	return nil
}

// house is a console with its database.
type house struct {
	t     testing.TB
	db    *store.Store
	dsn   string
	desk  *incident.Desk
	staff *staff
	*console.Console
	now time.Time
	mu  sync.Mutex
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(time.Minute)
	return h.now
}

func definitions() incident.Definitions {
	d := incident.Definitions{Roles: []incident.Role{
		{Key: "commander", Name: "Incident commander", Position: 1}, {Key: "lead", Name: "Technical lead", Position: 2},
	}}
	for _, level := range incident.Severities() {
		d.Severities = append(d.Severities, incident.SeverityDefinition{Level: level, Name: level.String(), Text: "as bad as that"})
	}
	return d
}

func build(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, dsn: storetest.New(t), staff: &staff{gone: map[string]bool{}}, now: noon}
	var err error
	if h.db, err = store.Open(t.Context(), h.dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.db.Close)
	h.staff.db = h.db
	if _, err := h.db.Install(t.Context(), definitions()); err != nil {
		t.Fatal(err)
	}
	h.desk = incident.NewDesk(h.db, h.clock, incident.Rules{First: time.Hour, Every: time.Hour, Commander: time.Hour, Stale: time.Hour, StaleEvery: time.Hour}).
		WithDefaults(incident.Defaults{Stock: definitions()})
	h.Console = h.replica()
	return h
}

// replica is one more console on the same database.
func (h *house) replica() *console.Console { return h.replicaAt("") }

func (h *house) replicaAt(address string) *console.Console {
	h.t.Helper()
	c := &console.Console{
		URL: address, Desk: h.desk, Reader: h.db, Sessions: h.db, People: h.staff, TeamURL: "https://acme.slack.com/", Now: h.clock, Log: zerolog.New(zerolog.NewTestWriter(h.t)),
	}
	if err := c.Open(h.t.Context(), "127.0.0.1:0"); err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(h.t.Context()))
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	h.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
	return c
}

func (h *house) declares(who, title string) int64 {
	h.t.Helper()
	i, _, err := h.desk.Declare(h.t.Context(), incident.Declaration{
		Title: title, By: who, Origin: incident.Origin{Kind: incident.OriginCommand, Key: title + who},
	}, false)
	if err != nil {
		h.t.Fatal(err)
	}
	return i.Number
}

func (h *house) incident(number int64) *incident.Incident {
	h.t.Helper()
	i, err := h.db.Incident(h.t.Context(), number)
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

func (h *house) entries(number int64) int {
	h.t.Helper()
	list, err := h.db.Timeline(h.t.Context(), number)
	if err != nil {
		h.t.Fatal(err)
	}
	return len(list)
}

// browser is somebody's browser.
type browser struct {
	h    *house
	http *http.Client
	base string
	// page is the last one, and status its status.
	page   string
	status int
	header http.Header
}

func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	transport := &http.Transport{}
	h.t.Cleanup(transport.CloseIdleConnections)
	return &browser{h: h, http: &http.Client{Jar: jar, Transport: transport}, base: h.URL}
}

func (b *browser) send(r *http.Request, err error) *browser {
	b.h.t.Helper()
	if err != nil {
		b.h.t.Fatal(err)
	}
	answer, err := b.http.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	b.page, b.status, b.header = string(raw), answer.StatusCode, answer.Header
	return b
}

func (b *browser) get(path string) *browser {
	b.h.t.Helper()
	return b.send(http.NewRequestWithContext(b.h.t.Context(), http.MethodGet, b.base+path, nil))
}

func (b *browser) post(path string, fields url.Values) *browser {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodPost, b.base+path, strings.NewReader(fields.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.base)
	}
	return b.send(r, err)
}

// secret is what a link carries.
func (h *house) secret(c *console.Console, who string) string {
	h.t.Helper()
	link, err := c.Invite(h.t.Context(), who)
	if err != nil {
		h.t.Fatal(err)
	}
	return link[strings.LastIndex(link, "/")+1:]
}

// signIn follows a link and presses the button.
func (b *browser) signIn(who string) *browser {
	b.h.t.Helper()
	return b.post("/sign-in", url.Values{"secret": {b.h.secret(b.h.Console, who)}})
}

var keyField = regexp.MustCompile(`name="key" value="([0-9a-f]+)"`)

// form gives the fields of an act as the page has them, with those that change.
func (b *browser) form(act string, change ...string) url.Values {
	b.h.t.Helper()
	_, after, found := strings.Cut(b.page, `id="`+act+`"`)
	if !found {
		b.h.t.Fatalf("no form %s in\n%s", act, b.page)
	}
	after, _, _ = strings.Cut(after, "</details>")
	fields := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(after, -1) {
		fields.Set(m[1], strings.ReplaceAll(m[2], "&#43;", "+"))
	}
	for n := 0; n < len(change); n += 2 {
		fields.Set(change[n], change[n+1])
	}
	return fields
}

func (b *browser) shows(words ...string) {
	b.h.t.Helper()
	for _, w := range words {
		if !strings.Contains(b.page, w) {
			b.h.t.Errorf("%q is not on the page (%d):\n%s", w, b.status, b.page)
		}
	}
}

func (b *browser) hides(words ...string) {
	b.h.t.Helper()
	for _, w := range words {
		if strings.Contains(b.page, w) {
			b.h.t.Errorf("%q is on the page:\n%s", w, b.page)
		}
	}
}

func (b *browser) is(status int) {
	b.h.t.Helper()
	if b.status != status {
		b.h.t.Errorf("status %d, want %d:\n%s", b.status, status, b.page)
	}
}

func path(number int64, act string) string {
	return strings.TrimSuffix(fmt.Sprintf("/incidents/%d/%s", number, act), "/")
}
