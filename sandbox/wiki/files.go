package wiki

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// maxFile is the largest attachment, in bytes.
const maxFile = 10 << 20

// attach takes a file by API v1: PUT puts it there whatever there was, POST only
// if there is none of the name.
func (w *Wiki) attach(out http.ResponseWriter, in *http.Request, path string) {
	id, ok := strings.CutSuffix(path, "/child/attachment")
	p, found := w.pages[id]
	switch {
	case !ok || !found:
		refuse(out, http.StatusNotFound, "No content found with id")
		return
	case in.Method != http.MethodPut && in.Method != http.MethodPost:
		refuse(out, http.StatusMethodNotAllowed, "Method Not Allowed")
		return
	case in.Header.Get("X-Atlassian-Token") != "nocheck":
		refuse(out, http.StatusForbidden, "XSRF check failed")
		return
	}
	in.Body = http.MaxBytesReader(out, in.Body, maxFile)
	file, header, err := in.FormFile("file")
	if err != nil {
		refuse(out, http.StatusBadRequest, "At least one attachment must be sent")
		return
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(file)
	if err != nil {
		refuse(out, http.StatusRequestEntityTooLarge, "The attachment is too large")
		return
	}
	if _, there := p.Files[header.Filename]; there && in.Method == http.MethodPost {
		refuse(out, http.StatusBadRequest, "Cannot add a new attachment with same file name as an existing attachment: "+header.Filename)
		return
	}
	if p.Files == nil {
		p.Files = map[string][]byte{}
	}
	p.Files[header.Filename] = content
	answer(out, object{"results": []any{object{"id": "att" + id, "type": "attachment", "title": header.Filename}}})
}

// attachmentID names a page's file for API v2.
func attachmentID(page, name string) string { return fmt.Sprintf("att%s-%x", page, name) }

// attachments lists the files of a page, or the one of a name.
func (w *Wiki) attachments(out http.ResponseWriter, id, name string) {
	p, found := w.pages[id]
	if !found {
		refuse(out, http.StatusNotFound, "Not Found")
		return
	}
	results := []any{}
	for _, title := range slices.Sorted(maps.Keys(p.Files)) {
		if name == "" || title == name {
			results = append(results, object{"id": attachmentID(id, title), "title": title, "pageId": id})
		}
	}
	answer(out, object{"results": results})
}

// detach takes a file off its page.
func (w *Wiki) detach(out http.ResponseWriter, id string) {
	for _, p := range w.pages {
		for title := range p.Files {
			if attachmentID(p.ID, title) == id {
				delete(p.Files, title)
				out.WriteHeader(http.StatusNoContent)
				return
			}
		}
	}
	refuse(out, http.StatusNotFound, "Not Found")
}
