package wiki

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// maxTitle is the longest title, in characters.
const maxTitle = 255

type object = map[string]any

func (w *Wiki) space(out http.ResponseWriter, key string) {
	results := []any{}
	if id, ok := w.spaces[key]; ok {
		results = append(results, object{"id": id, "key": key, "homepageId": "1001"})
	}
	answer(out, object{"results": results, "_links": object{"base": w.URL() + "/wiki"}})
}

func (w *Wiki) json(p *Page) object {
	return object{
		"id": p.ID, "status": p.Status, "title": p.Title, "spaceId": p.Space, "parentId": p.Parent,
		"version": object{"number": p.Version},
		"body":    object{"storage": object{"representation": "storage", "value": p.Body}},
		"_links":  object{"webui": "/spaces/OPS/pages/" + p.ID, "base": w.URL() + "/wiki"},
	}
}

func (w *Wiki) find(out http.ResponseWriter, in *http.Request) {
	query := in.URL.Query()
	results := []any{}
	for _, p := range w.pages {
		if p.Status == "current" && p.Title == query.Get("title") && (query.Get("space-id") == "" || p.Space == query.Get("space-id")) {
			results = append(results, w.json(p))
		}
	}
	answer(out, object{"results": results, "_links": object{"base": w.URL() + "/wiki"}})
}

func (w *Wiki) read(out http.ResponseWriter, id string) {
	p, ok := w.pages[id]
	// The trash is shown to who asks for it.
	if !ok || p.Status == "trashed" {
		refuse(out, http.StatusNotFound, "Not Found")
		return
	}
	answer(out, w.json(p))
}

// written is what a call sends.
type written struct {
	SpaceID  string `json:"spaceId"`
	PageID   string `json:"pageId"`
	ParentID string `json:"parentId"`
	Status   string `json:"status"`
	Title    string `json:"title"`
	Body     struct{ Representation, Value string }
	Version  struct{ Number int }
}

// take reads and checks what was sent; it has answered if ok is false.
func take(out http.ResponseWriter, in *http.Request) (sent written, ok bool) {
	if err := json.NewDecoder(in.Body).Decode(&sent); err != nil {
		refuse(out, http.StatusBadRequest, "Invalid message")
		return sent, false
	}
	if sent.Body.Representation != "storage" {
		refuse(out, http.StatusBadRequest, "Provided value is not a supported representation")
		return sent, false
	}
	if err := WellFormed(sent.Body.Value); err != nil {
		refuse(out, http.StatusBadRequest, "Error parsing xhtml: "+err.Error())
		return sent, false
	}
	return sent, true
}

func (w *Wiki) titled(out http.ResponseWriter, space, title, self string) bool {
	if strings.TrimSpace(title) == "" || utf8.RuneCountInString(title) > maxTitle {
		refuse(out, http.StatusBadRequest, "Title is invalid")
		return false
	}
	for _, p := range w.pages {
		if p.ID != self && p.Status != "trashed" && p.Space == space && strings.EqualFold(p.Title, title) {
			refuse(out, http.StatusBadRequest,
				"A page with this title already exists: A page already exists with the same TITLE in this space")
			return false
		}
	}
	return true
}

func (w *Wiki) create(out http.ResponseWriter, in *http.Request) {
	sent, ok := take(out, in)
	if !ok || !w.titled(out, sent.SpaceID, sent.Title, "") {
		return
	}
	known := false
	for _, id := range w.spaces {
		known = known || id == sent.SpaceID
	}
	if _, parent := w.pages[sent.ParentID]; !known || sent.ParentID != "" && !parent {
		refuse(out, http.StatusNotFound, "Not Found")
		return
	}
	answer(out, w.json(w.add(Page{Space: sent.SpaceID, Parent: sent.ParentID, Title: sent.Title, Body: sent.Body.Value})))
}

func (w *Wiki) update(out http.ResponseWriter, in *http.Request, id string) {
	p, found := w.pages[id]
	if !found {
		refuse(out, http.StatusNotFound, "Not Found")
		return
	}
	sent, ok := take(out, in)
	if !ok || !w.titled(out, p.Space, sent.Title, id) {
		return
	}
	if sent.Version.Number != p.Version+1 {
		refuse(out, http.StatusConflict, fmt.Sprintf("Version must be incremented when updating a page. Current version is: %d", p.Version))
		return
	}
	p.Title, p.Body, p.Version, p.Status = sent.Title, sent.Body.Value, sent.Version.Number, sent.Status
	answer(out, w.json(p))
}

func (w *Wiki) comment(out http.ResponseWriter, in *http.Request) {
	sent, ok := take(out, in)
	if !ok {
		return
	}
	p, found := w.pages[sent.PageID]
	if !found {
		refuse(out, http.StatusNotFound, "Not Found")
		return
	}
	p.Comments = append(p.Comments, sent.Body.Value)
	answer(out, object{"id": fmt.Sprintf("%s%d", p.ID, len(p.Comments))})
}

func (w *Wiki) comments(out http.ResponseWriter, id string) {
	p, found := w.pages[id]
	if !found {
		refuse(out, http.StatusNotFound, "Not Found")
		return
	}
	results := []any{}
	for _, body := range p.Comments {
		results = append(results, object{"body": object{"storage": object{"representation": "storage", "value": body}}})
	}
	answer(out, object{"results": results})
}

func reader(body string) *xml.Decoder {
	d := xml.NewDecoder(strings.NewReader("<storage>" + body + "</storage>"))
	d.Entity = xml.HTMLEntity
	return d
}

// WellFormed says what keeps a text from being storage format, or nil.
func WellFormed(body string) error {
	for d, depth := reader(body), 0; ; {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth == 0 && d.InputOffset() < int64(len(body)+len("<storage></storage>")) {
				return errors.New("the text ends what contains it")
			}
		case xml.ProcInst, xml.Directive:
			return errors.New("only elements and text are storage format")
		}
	}
}

// Text is what a person reads of a page or comment, one line a block.
func Text(body string) string {
	var text strings.Builder
	for d := reader(body); ; {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			switch t.Name.Local {
			case "p", "h1", "h2", "h3", "li", "tr", "pre", "parameter":
				text.WriteByte('\n')
			case "td", "th":
				text.WriteString(" | ")
			}
		}
	}
	var lines []string
	for line := range strings.SplitSeq(text.String(), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
