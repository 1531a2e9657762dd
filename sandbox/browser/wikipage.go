package browser

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
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

// element is a part of a text in Confluence's storage format.
type element struct {
	name     string // "ac:link", "p"; "" for words
	words    string
	attrs    map[string]string
	children []*element
}

// storage draws a text in storage format as HTML, and lists its headings. What
// it does not know stands in a visible box. Pictures are those of the page.
func (s *Server) storage(page, body string) (template.HTML, []string, error) {
	d := xml.NewDecoder(strings.NewReader(`<x xmlns:ac="ac" xmlns:ri="ri">` + body + `</x>`))
	d.Entity = xml.HTMLEntity
	root := &element{}
	stack := []*element{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", nil, fmt.Errorf("read the page: %w", err)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: qualified(t.Name), attrs: map[string]string{}}
			for _, a := range t.Attr {
				e.attrs[qualified(a.Name)] = a.Value
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.children = append(top.children, &element{words: string(t)})
		}
	}
	pen := &wikiPen{server: s, page: page}
	pen.all(root.children[0].children)
	return template.HTML(pen.out.String()), pen.headings, nil //nolint:gosec // every part of it was escaped
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

type wikiPen struct {
	server   *Server
	page     string
	out      strings.Builder
	headings []string
}

func (p *wikiPen) all(list []*element) {
	for _, e := range list {
		p.draw(e)
	}
}

func (p *wikiPen) wrapped(tag string, e *element) {
	p.out.WriteString("<" + tag + ">")
	p.all(e.children)
	p.out.WriteString("</" + strings.Fields(tag)[0] + ">")
}

func (p *wikiPen) draw(e *element) {
	switch e.name {
	case "":
		p.out.WriteString(escape(e.words))
	case "h1", "h2", "h3", "h4":
		p.headings = append(p.headings, e.text())
		p.wrapped(e.name+` id="h-`+fmt.Sprint(len(p.headings))+`"`, e)
	case "p", "ul", "ol", "li", "table", "tbody", "thead", "tr", "th", "td", "em", "strong", "b", "i", "u", "s", "del",
		"code", "pre", "blockquote", "sub", "sup", "span", "div":
		p.wrapped(e.name, e)
	case "br", "hr":
		p.out.WriteString("<" + e.name + ">")
	case "time":
		p.out.WriteString(escape(e.attrs["datetime"]))
	case "a":
		p.link(e)
	case "ac:structured-macro":
		p.macro(e)
	case "ac:image":
		name := e.child("ri:attachment").attrs["ri:filename"]
		p.out.WriteString(`<img src="/wiki/files/` + escape(p.page+"/"+url.PathEscape(name)) + `" alt="` + escape(name) + `">`)
	case "ac:task-list":
		p.wrapped(`ul class="tasks"`, e)
	case "ac:task":
		box := "☐ "
		if e.child("ac:task-status").text() == "complete" {
			box = "☑ "
		}
		p.out.WriteString("<li>" + box)
		p.all(e.child("ac:task-body").children)
		p.out.WriteString("</li>")
	default:
		p.unknown(e.name)
	}
}

func (p *wikiPen) link(e *element) {
	href, _ := p.server.follow(glance{As: p.server.glanced(nil).As}, e.attrs["href"])
	p.out.WriteString(`<a href="` + escape(href) + `">`)
	p.all(e.children)
	p.out.WriteString("</a>")
}

func (p *wikiPen) macro(e *element) {
	name := e.attrs["ac:name"]
	switch name {
	case "status":
		colour := strings.ToLower(cmp.Or(e.parameter("colour"), "grey"))
		p.out.WriteString(span("lozenge "+colour, e.parameter("title")))
	case "info", "note", "warning", "tip", "panel", "expand":
		p.out.WriteString(`<section class="panel ` + name + `">`)
		if title := e.parameter("title"); title != "" {
			p.out.WriteString("<h4>" + escape(title) + "</h4>")
		}
		p.all(e.child("ac:rich-text-body").children)
		p.out.WriteString("</section>")
	case "code", "noformat":
		p.out.WriteString("<pre>" + escape(e.child("ac:plain-text-body").text()) + "</pre>")
	case "anchor", "toc":
		// Nobody sees an anchor; the contents stand above the page.
	default:
		p.unknown("macro " + name)
	}
}

func (p *wikiPen) unknown(name string) {
	p.out.WriteString(`<span class="b-unknown">` + escape("unknown: "+name) + "</span>")
}

// child is the first one with this name, or an empty one.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return &element{}
}

func (e *element) parameter(name string) string {
	for _, c := range e.children {
		if c.name == "ac:parameter" && c.attrs["ac:name"] == name {
			return c.text()
		}
	}
	return ""
}

func (e *element) text() string {
	out := e.words
	for _, c := range e.children {
		out += c.text()
	}
	return out
}

// Number is what the id of the ith heading ends in.
func (wikiPage) Number(i int) int { return i + 1 }
