package wiki

import (
	"io"
	"net/http"
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
