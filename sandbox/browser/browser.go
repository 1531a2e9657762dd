package browser

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

//go:embed page
var assets embed.FS

// Config says what a Server shows.
type Config struct {
	Workspace *workspace.Workspace
	// Wiki is shown at /wiki; nil for none.
	Wiki *wiki.Wiki
	// Now is the clock of shown times; default time.Now.
	Now func() time.Time
}

// Server is a running page.
type Server struct {
	Config
	pages    *template.Template
	server   *http.Server
	listener net.Listener
	ctx      context.Context
	cancel   context.CancelFunc
	wg       sync.WaitGroup
	people   map[string]*workspace.Person

	mu   sync.Mutex
	seen map[string]string // the newest ts that a person has seen, by "name channel"
	news chan struct{}     // closed and replaced when something outside the workspace changed
	// buttons and world are what Break gave.
	buttons []Button
	world   func() World
}

// Start serves the page on a free port of loopback.
func Start(c Config) (*Server, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	pages, err := template.New("").ParseFS(assets, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the page: %w", err)
	}
	s := &Server{
		Config: c, pages: pages, listener: listener, people: map[string]*workspace.Person{},
		seen: map[string]string{}, news: make(chan struct{}),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	for _, f := range c.Workspace.Faces() {
		if !f.Bot {
			s.people[f.Name] = c.Workspace.Person(f.Name)
		}
	}
	s.server = &http.Server{Handler: s.guarded(s.routes()), ReadHeaderTimeout: time.Minute}
	s.wg.Go(func() { _ = s.server.Serve(listener) })
	return s, nil
}

// URL is the page's address, with a slash at the end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() + "/" }

// Close ends it, and returns when everything has ended.
func (s *Server) Close() error {
	s.cancel()
	err := s.server.Close()
	s.wg.Wait()
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("close the page: %w", err)
	}
	return nil
}

// Refresh draws all pages again: something changed that the workspace does not
// know.
func (s *Server) Refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.news)
	s.news = make(chan struct{})
}

func (s *Server) refreshed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.news
}

func (s *Server) routes() http.Handler {
	static, _ := fs.Sub(assets, "page")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.serveSkeleton)
	mux.HandleFunc("GET /events", s.serveEvents)
	mux.HandleFunc("POST /do/{act}", s.serveAct)
	mux.HandleFunc("GET /file/{id}", s.serveFile)
	mux.HandleFunc("GET /wiki/", s.serveWiki)
	mux.HandleFunc("GET /wiki/files/{page}/{name}", s.serveWikiFile)
	for _, name := range []string{"page.css", "page.js", "graft.js"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, static, name) })
	}
	return mux
}

// guarded lets in only requests from this machine, to this address, and acts
// only from this page.
func (s *Server) guarded(next http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	own := []string{"127.0.0.1:" + port, "localhost:" + port}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
			"img-src 'self' https: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		at := 0
		for at < len(own) && own[at] != strings.ToLower(r.Host) {
			at++
		}
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() || at == len(own) {
			http.Error(w, "this page is for this machine alone", http.StatusForbidden)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Header.Get("Origin") != "http://"+own[at] {
			http.Error(w, "only the page itself may do that", http.StatusForbidden)
			return
		}
		if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" && r.URL.Path != "/" && !strings.HasPrefix(r.URL.Path, "/wiki/") {
			http.Error(w, "only the page itself may read that", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
