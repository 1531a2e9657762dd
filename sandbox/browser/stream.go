package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// regions are the parts of the page that are drawn by themselves, by the name
// of their template and of the element that they fill.
func (s *Server) regions(g glance) map[string]any {
	return map[string]any{
		"people": s.persons(g), "sidebar": s.sidebar(g), "head": s.head(g), "messages": s.talkOrHome(g),
		"foot": s.foot(g), "thread": s.thread(g), "form": s.form(g), "world": s.worldPart(),
	}
}

// draw draws all regions.
func (s *Server) draw(g glance) (map[string]string, error) {
	out := map[string]string{}
	for name, data := range s.regions(g) {
		drawn, err := s.html(name, data)
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", name, err)
		}
		out[name] = drawn
	}
	return out, nil
}

func (s *Server) serveSkeleton(w http.ResponseWriter, r *http.Request) {
	g := s.glanced(r.URL.Query())
	page, err := s.html("skeleton", map[string]any{"Team": s.Workspace.TeamName(), "As": g.As, "In": g.In})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(page))
}

const (
	// calm is how long changes are gathered before the page is drawn again.
	calm = 25 * time.Millisecond
	// aging is how often it is drawn although nothing changed: ages are shown.
	aging = 20 * time.Second
)

// serveEvents sends the parts of the page that changed, as long as it is open.
// An event's data is an object: HTML by the name of a part.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	g := s.glanced(r.URL.Query())
	g.since, g.until = s.lastSeen(g.As, s.channel(g)), s.newest(g.As, s.channel(g))
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	sent := map[string]string{}
	for {
		changed, news := s.Workspace.Changed(), s.refreshed()
		if err := s.send(w, g, sent); err != nil || out.Flush() != nil {
			return
		}
		if !s.wait(r, changed, news) {
			return
		}
	}
}

func (s *Server) send(w http.ResponseWriter, g glance, sent map[string]string) error {
	if g.In != "home" {
		s.sees(g.As, s.channel(g))
	}
	drawn, err := s.draw(g)
	if err != nil {
		return err
	}
	fresh := map[string]string{}
	for name, html := range drawn {
		if before, known := sent[name]; !known || before != html {
			fresh[name] = html
			sent[name] = html
		}
	}
	if len(fresh) == 0 {
		_, err = fmt.Fprint(w, ": nothing new\n\n")
		return err
	}
	data, err := json.Marshal(fresh)
	if err == nil {
		_, err = fmt.Fprintf(w, "data: %s\n\n", data)
	}
	return err
}

// wait returns true when the page should be drawn again, false when it is gone.
func (s *Server) wait(r *http.Request, changed, news <-chan struct{}) bool {
	timer := time.NewTimer(aging)
	defer timer.Stop()
	select {
	case <-changed:
	case <-news:
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	case <-s.ctx.Done():
		return false
	}
	settle := time.NewTimer(calm)
	defer settle.Stop()
	select {
	case <-settle.C:
		return true
	case <-r.Context().Done():
		return false
	case <-s.ctx.Done():
		return false
	}
}
