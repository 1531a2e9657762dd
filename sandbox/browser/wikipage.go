package browser

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"muster/sandbox/wiki"
)

// wikiPage is a page of the wiki as its reader sees it.
type wikiPage struct {
	Title    string
	Version  int
	Body     template.HTML
	Contents []string
	Comments []template.HTML
	Others   []wikiLink
}

type wikiLink struct {
	Title, Href string
	Here        bool
}

// serveWiki shows the page whose id is in the address, or the newest.
func (s *Server) serveWiki(w http.ResponseWriter, r *http.Request) {
	if s.Wiki == nil {
		http.NotFound(w, r)
		return
	}
	pages := s.Wiki.Pages()
	_, rest, asked := strings.Cut(r.URL.Path, "/pages/")
	id, _, _ := strings.Cut(rest, "/")
	at := len(pages) - 1
	if asked {
		at = slices.IndexFunc(pages, func(p wiki.Page) bool { return p.ID == id })
	}
	if at < 0 {
		http.Error(w, "The wiki has no such page.", http.StatusNotFound)
		return
	}
	shown, err := s.readWiki(pages[at])
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	for _, p := range pages {
		shown.Others = append(shown.Others, wikiLink{Title: p.Title, Href: "/wiki/pages/" + p.ID, Here: p.ID == pages[at].ID})
	}
	html, err := s.html("wiki", shown)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, html)
}

// serveWikiFile gives a file that is attached to a page.
func (s *Server) serveWikiFile(w http.ResponseWriter, r *http.Request) {
	if s.Wiki != nil {
		for _, p := range s.Wiki.Pages() {
			if file, there := p.Files[r.PathValue("name")]; there && p.ID == r.PathValue("page") {
				http.ServeContent(w, r, r.PathValue("name"), time.Time{}, bytes.NewReader(file))
				return
			}
		}
	}
	http.NotFound(w, r)
}

func (s *Server) readWiki(p wiki.Page) (wikiPage, error) {
	shown := wikiPage{Title: p.Title, Version: p.Version}
	var err error
	if shown.Body, shown.Contents, err = s.storage(p.ID, p.Body); err != nil {
		return shown, err
	}
	for _, c := range p.Comments {
		comment, _, err := s.storage(p.ID, c)
		if err != nil {
			return shown, err
		}
		shown.Comments = append(shown.Comments, comment)
	}
	return shown, nil
}

// storage draws a text in storage format as HTML, and lists its headings. What
// it does not know stands in a visible box. Pictures are those of the page.
func (s *Server) storage(page, body string) (template.HTML, []string, error) {
	root, err := wiki.Parse(body)
	if err != nil {
		return "", nil, fmt.Errorf("read the page: %w", err)
	}
	pen := &wikiPen{server: s, page: page}
	pen.all(root.Kids)
	return template.HTML(pen.out.String()), pen.headings, nil //nolint:gosec // every part of it was escaped
}

type wikiPen struct {
	server   *Server
	page     string
	out      strings.Builder
	headings []string
}

func (p *wikiPen) all(list []*wiki.Node) {
	for _, e := range list {
		p.draw(e)
	}
}

func (p *wikiPen) wrapped(tag string, e *wiki.Node) {
	p.out.WriteString("<" + tag + ">")
	p.all(e.Kids)
	p.out.WriteString("</" + strings.Fields(tag)[0] + ">")
}

func (p *wikiPen) draw(e *wiki.Node) {
	switch e.Name {
	case "":
		p.out.WriteString(escape(e.Text))
	case "h1", "h2", "h3", "h4":
		p.headings = append(p.headings, e.Content())
		p.wrapped(e.Name+` id="h-`+fmt.Sprint(len(p.headings))+`"`, e)
	case "p", "ul", "ol", "li", "table", "tbody", "thead", "tr", "th", "td", "em", "strong", "b", "i", "u", "s", "del",
		"code", "pre", "blockquote", "sub", "sup", "span", "div":
		p.wrapped(e.Name, e)
	case "br", "hr":
		p.out.WriteString("<" + e.Name + ">")
	case "time":
		p.out.WriteString(escape(e.Attr["datetime"]))
	case "a":
		p.link(e)
	case "ac:structured-macro":
		p.macro(e)
	case "ac:image":
		name := e.Child("ri:attachment").Attr["ri:filename"]
		p.out.WriteString(`<img src="/wiki/files/` + escape(p.page+"/"+url.PathEscape(name)) + `" alt="` + escape(name) + `">`)
	case "ac:task-list":
		p.wrapped(`ul class="tasks"`, e)
	case "ac:task":
		box := "☐ "
		if e.Child("ac:task-status").Content() == "complete" {
			box = "☑ "
		}
		p.out.WriteString("<li>" + box)
		p.all(e.Child("ac:task-body").Kids)
		p.out.WriteString("</li>")
	default:
		p.unknown(e.Name)
	}
}

func (p *wikiPen) link(e *wiki.Node) {
	href, _ := p.server.follow(glance{As: p.server.glanced(nil).As}, e.Attr["href"])
	p.out.WriteString(`<a href="` + escape(href) + `">`)
	p.all(e.Kids)
	p.out.WriteString("</a>")
}

func (p *wikiPen) macro(e *wiki.Node) {
	name := e.Attr["ac:name"]
	switch name {
	case "status":
		colour := strings.ToLower(cmp.Or(e.Parameter("colour"), "grey"))
		p.out.WriteString(span("lozenge "+colour, e.Parameter("title")))
	case "info", "note", "warning", "tip", "panel", "expand":
		p.out.WriteString(`<section class="panel ` + name + `">`)
		if title := e.Parameter("title"); title != "" {
			p.out.WriteString("<h4>" + escape(title) + "</h4>")
		}
		p.all(e.Child("ac:rich-text-body").Kids)
		p.out.WriteString("</section>")
	case "code", "noformat":
		p.out.WriteString("<pre>" + escape(e.Child("ac:plain-text-body").Content()) + "</pre>")
	case "anchor", "toc":
		// Nobody sees an anchor; the contents stand above the page.
	default:
		p.unknown("macro " + name)
	}
}

func (p *wikiPen) unknown(name string) {
	p.out.WriteString(`<span class="b-unknown">` + escape("unknown: "+name) + "</span>")
}

// Number is what the id of the ith heading ends in.
func (wikiPage) Number(i int) int { return i + 1 }
