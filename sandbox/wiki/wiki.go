// Package wiki is a Confluence that behaves and remembers, as far as API v2's
// spaces, pages and footer comments go, for tests and the demo.
package wiki

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The account that a Wiki accepts.
const (
	User  = "muster@example.com"
	Token = "an-api-token-of-the-sandbox"
)

// Page is a page that somebody made.
type Page struct {
	ID, Space, Parent, Title, Body string
	Version                        int
	// Status is "current", "archived" or "trashed".
	Status string
	// Comments are in storage format.
	Comments []string
	// Files are what is attached, by name.
	Files map[string][]byte
}

// Wiki is one site.
type Wiki struct {
	server   *http.Server
	listener net.Listener

	mu     sync.Mutex
	spaces map[string]string // id by key
	pages  map[string]*Page
	last   int
	faults []Fault
	calls  int
	// readOnly is whether the account may make no pages.
	readOnly bool
}

// Fault is what goes wrong with the next call that it meets.
type Fault struct {
	// Method and Path say which: "" means any; Path is a part of the path.
	Method, Path string
	// Status is answered instead of doing it; 0 with Lost does it, and closes
	// the connection without an answer.
	Status int
	Lost   bool
	// Hang does it and gives no answer until the client gives up.
	Hang bool
	// Edits are words that a person adds to the page meanwhile: before it is answered
	// that nothing was done, or after it was.
	Edits      string
	RetryAfter time.Duration
	// Times is how often; 0 means once, negative until ClearFaults.
	Times int
}

// Start opens a site with one space, whose home page is "Home".
func Start(space string) (*Wiki, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a wiki: %w", err)
	}
	w := &Wiki{listener: listener, spaces: map[string]string{space: "98000"}, pages: map[string]*Page{}, last: 1000}
	w.add(Page{Space: "98000", Title: "Home", Body: "<p>Home</p>"})
	w.server = &http.Server{Handler: w, ReadHeaderTimeout: time.Minute}
	go func() { _ = w.server.Serve(listener) }()
	return w, nil
}

// AddSpace adds a space without pages.
func (w *Wiki) AddSpace(key string) (id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last++
	id = strconv.Itoa(w.last)
	w.spaces[key] = id
	return id
}

// URL is the site's address, without /wiki.
func (w *Wiki) URL() string { return "http://" + w.listener.Addr().String() }

// Close ends it.
func (w *Wiki) Close() error { return w.server.Close() }

// Fault orders a fault; they are tried in the order of their orders.
func (w *Wiki) Fault(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	w.faults = append(w.faults, f)
}

// ClearFaults withdraws all faults.
func (w *Wiki) ClearFaults() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

// SetReadOnly takes the right to make pages from the account, or gives it back.
func (w *Wiki) SetReadOnly(readOnly bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.readOnly = readOnly
}

// operations lists what the account may do in a space.
func (w *Wiki) operations(out http.ResponseWriter) {
	type operation struct {
		Operation  string `json:"operation"`
		TargetType string `json:"targetType"`
	}
	list := []operation{{"read", "space"}}
	if !w.readOnly {
		list = append(list, operation{"create", "page"}, operation{"create", "comment"}, operation{"create", "attachment"})
	}
	answer(out, map[string]any{"operations": list})
}

// Calls counts the calls so far.
func (w *Wiki) Calls() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls
}

// AddPage lets a person make a page.
func (w *Wiki) AddPage(space, title, body string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.add(Page{Space: w.spaces[space], Title: title, Body: body}).ID
}

func (w *Wiki) add(p Page) *Page {
	w.last++
	p.ID, p.Version, p.Status = strconv.Itoa(w.last), 1, "current"
	w.pages[p.ID] = &p
	return &p
}

// Edit lets a person add words to the page with a title.
func (w *Wiki) Edit(title, words string) error {
	return w.act(title, func(p *Page) { p.add(words) })
}

// SetStatus lets a person archive the page with a title, put it into the trash, or bring
// it back: "archived", "trashed", "current".
func (w *Wiki) SetStatus(title, status string) error {
	return w.act(title, func(p *Page) { p.Status = status })
}

// act does something to the page with a title.
func (w *Wiki) act(title string, do func(*Page)) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.pages {
		if p.Title == title {
			do(p)
			return nil
		}
	}
	return fmt.Errorf("there is no page %q", title)
}

// edited lets a person edit the page that a call is about. mu is held.
func (w *Wiki) edited(in *http.Request, words string) {
	if p, ok := w.pages[path.Base(in.URL.Path)]; ok {
		p.add(words)
	}
}

// add is a person's edit.
func (p *Page) add(words string) {
	p.Body += "<p>" + words + "</p>"
	p.Version++
}

// Pages lists the pages but Home, by age.
func (w *Wiki) Pages() []Page {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []Page
	for _, p := range w.pages {
		if p.Title != "Home" {
			copied := *p
			copied.Comments, copied.Files = slices.Clone(p.Comments), maps.Clone(p.Files)
			list = append(list, copied)
		}
	}
	slices.SortFunc(list, func(a, b Page) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// ServeHTTP answers one call.
func (w *Wiki) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	if w.apply(out, in) {
		<-in.Context().Done()
	}
}

// apply answers, or says that there is to be no answer.
func (w *Wiki) apply(out http.ResponseWriter, in *http.Request) (hangs bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	fault, met := w.meet(in)
	if met && fault.Edits != "" {
		defer w.edited(in, fault.Edits)
	}
	if met && fault.Status != 0 {
		if fault.RetryAfter > 0 {
			out.Header().Set("Retry-After", strconv.Itoa(int(fault.RetryAfter.Seconds())))
		}
		refuse(out, fault.Status, http.StatusText(fault.Status))
		return false
	}
	if met {
		w.serve(&nobody{header: http.Header{}}, in)
		if fault.Hang {
			return true
		}
		panic(http.ErrAbortHandler)
	}
	w.serve(out, in)
	return false
}

// nobody gets an answer that is lost.
type nobody struct{ header http.Header }

func (n *nobody) Header() http.Header         { return n.header }
func (n *nobody) Write(b []byte) (int, error) { return len(b), nil }
func (n *nobody) WriteHeader(int)             {}

func (w *Wiki) meet(in *http.Request) (Fault, bool) {
	for n := range w.faults {
		f := &w.faults[n]
		if f.Times == 0 || f.Method != "" && f.Method != in.Method || !strings.Contains(in.URL.Path, f.Path) {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return *f, true
	}
	return Fault{}, false
}

func (w *Wiki) serve(out http.ResponseWriter, in *http.Request) {
	path, api := strings.CutPrefix(in.URL.Path, "/wiki/api/v2/")
	if page, ok := w.shownAt(in); ok {
		out.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprintf(out, "%s\n\n%s\n", page.Title, strings.Join(Draw(page.Body, 100), "\n"))
		return
	}
	attached, files := strings.CutPrefix(in.URL.Path, "/wiki/rest/api/content/")
	if !api && !files {
		out.WriteHeader(http.StatusNotFound)
		_, _ = out.Write([]byte("<html><title>Page not found</title></html>"))
		return
	}
	if user, token, ok := in.BasicAuth(); !ok || user != User || token != Token {
		refuse(out, http.StatusUnauthorized, "Unauthorized; scope does not match")
		return
	}
	kind, id, _ := strings.Cut(path, "/")
	switch {
	case files:
		w.attach(out, in, attached)
	case in.Method == http.MethodGet && kind == "spaces" && strings.HasSuffix(id, "/operations"):
		w.operations(out)
	case in.Method == http.MethodGet && kind == "spaces":
		w.space(out, in.URL.Query().Get("keys"))
	case in.Method == http.MethodGet && kind == "pages" && id == "":
		w.find(out, in)
	case in.Method == http.MethodGet && kind == "pages" && strings.HasSuffix(id, "/footer-comments"):
		w.comments(out, strings.TrimSuffix(id, "/footer-comments"))
	case in.Method == http.MethodGet && kind == "pages" && strings.HasSuffix(id, "/attachments"):
		w.attachments(out, strings.TrimSuffix(id, "/attachments"), in.URL.Query().Get("filename"))
	case in.Method == http.MethodDelete && kind == "attachments":
		w.detach(out, id)
	case in.Method == http.MethodGet && kind == "pages":
		w.read(out, id)
	case in.Method == http.MethodPost && kind == "pages" && w.readOnly:
		refuse(out, http.StatusForbidden, "Permission denied")
	case in.Method == http.MethodPost && kind == "pages":
		w.create(out, in)
	case in.Method == http.MethodPut && kind == "pages":
		w.update(out, in, id)
	case in.Method == http.MethodPost && kind == "footer-comments":
		w.comment(out, in)
	default:
		refuse(out, http.StatusNotFound, "Not Found")
	}
}

// shownAt finds the page whose address a person opened.
func (w *Wiki) shownAt(in *http.Request) (*Page, bool) {
	_, id, _ := strings.Cut(in.URL.Path, "/pages/")
	page, ok := w.pages[id]
	return page, ok && in.Method == http.MethodGet && strings.HasPrefix(in.URL.Path, "/wiki/spaces/")
}

func answer(out http.ResponseWriter, value any) {
	out.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(out).Encode(value)
}

func refuse(out http.ResponseWriter, status int, title string) {
	out.Header().Set("Content-Type", "application/json")
	out.WriteHeader(status)
	_ = json.NewEncoder(out).Encode(map[string]any{"errors": []any{map[string]any{
		"status": status, "code": strings.ToUpper(strings.ReplaceAll(http.StatusText(status), " ", "_")), "title": title, "detail": nil,
	}}})
}
