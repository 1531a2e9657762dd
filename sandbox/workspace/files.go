package workspace

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// file is an upload: announced, then filled with bytes, then completed and shared.
type file struct {
	id, name, title string
	size            int
	content         []byte
	user            string
	done            bool
	lost            bool
	shares          []string // channel ids
	created         int64
}

func (w *Workspace) fileJSON(f *file) map[string]any {
	kind := mime.TypeByExtension(path.Ext(f.name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	address := w.base + "/files-pri/" + f.id + "/" + url.PathEscape(f.name)
	return map[string]any{
		"id": f.id, "created": f.created, "timestamp": f.created, "name": f.name, "title": f.title,
		"mimetype": kind, "filetype": strings.TrimPrefix(path.Ext(f.name), "."), "user": f.user, "size": f.size,
		"mode": "hosted", "is_external": false, "is_public": len(f.shares) > 0,
		"url_private": address, "url_private_download": address,
		"permalink": w.URL() + "files/" + f.user + "/" + f.id + "/" + url.PathEscape(f.name),
		"channels":  append([]string{}, f.shares...), "groups": []string{}, "ims": []string{},
	}
}

func (w *Workspace) filesGetUploadURL(c *call) (reply, error) {
	size, err := strconv.Atoi(c.get("length"))
	if c.get("filename") == "" || err != nil || size < 1 {
		return nil, refuse("missing_argument")
	}
	f := &file{id: w.id("F"), name: c.get("filename"), size: size, user: w.botUserID, created: w.now()}
	w.files[f.id] = f
	return reply{"file_id": f.id, "upload_url": w.base + "/upload/" + f.id}, nil
}

// serveUpload takes the bytes, as they are or as the form field "file".
func (w *Workspace) serveUpload(rw http.ResponseWriter, r *http.Request) {
	data, err := uploaded(r)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	id := r.PathValue("id")
	w.handle(rw, r, "upload", url.Values{"file": {id}}, func() (any, int) {
		w.mu.Lock()
		defer w.mu.Unlock()
		f := w.files[id]
		if f == nil || f.done {
			return "no such upload", http.StatusNotFound
		}
		if len(data) != f.size {
			return "the size is not the announced one", http.StatusBadRequest
		}
		f.content = data
		w.touch()
		return "OK - " + strconv.Itoa(len(data)), http.StatusOK
	})
}

func uploaded(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return io.ReadAll(r.Body)
	}
	part, _, err := r.FormFile("file")
	if err != nil {
		return nil, err
	}
	defer part.Close()
	return io.ReadAll(part)
}

func (w *Workspace) filesCompleteUpload(c *call) (reply, error) {
	var named []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal([]byte(c.get("files")), &named) != nil || len(named) == 0 {
		return nil, missing("files")
	}
	for _, n := range named {
		if f := w.files[n.ID]; f == nil || f.done || f.content == nil {
			return nil, refuse("file_not_found")
		}
	}
	var ch *channel
	if id := c.get("channel_id"); id != "" {
		if ch = w.channelByID(id); ch == nil || ch.private && !ch.has(w.botUserID) {
			return nil, refuse("channel_not_found")
		}
		if !ch.has(w.botUserID) {
			return nil, refuse("not_in_channel")
		}
		if ch.archived {
			return nil, refuse("posting_to_channel_denied")
		}
	}
	m := w.ownMessage(content{Text: c.get("initial_comment"), Blocks: json.RawMessage(c.get("blocks")), ThreadTS: c.get("thread_ts")})
	m.subtype = ""
	list := []any{}
	for _, n := range named {
		f := w.files[n.ID]
		f.done, f.title = true, n.Title
		if f.title == "" {
			f.title = f.name
		}
		if ch != nil {
			f.shares = append(f.shares, ch.id)
		}
		m.files = append(m.files, f.id)
		list = append(list, map[string]any{"id": f.id, "title": f.title})
	}
	if ch != nil {
		w.append(ch, m)
	}
	w.touch()
	return reply{"files": list}, nil
}

func (w *Workspace) filesInfo(c *call) (reply, error) {
	f := w.files[c.get("file")]
	if f == nil {
		return nil, refuse("file_not_found")
	}
	j := w.fileJSON(f)
	public, private := map[string]any{}, map[string]any{}
	for _, id := range f.shares {
		ch := w.channelByID(id)
		if ch == nil {
			continue
		}
		for _, m := range ch.messages {
			for _, shared := range m.files {
				if shared != f.id {
					continue
				}
				share := []any{map[string]any{"ts": m.ts, "channel_name": ch.name, "thread_ts": m.threadTS, "team_id": w.teamID}}
				if ch.private {
					private[id] = share
				} else {
					public[id] = share
				}
			}
		}
	}
	j["shares"] = map[string]any{"public": public, "private": private}
	return reply{"file": j, "comments": []any{}, "response_metadata": map[string]any{"next_cursor": ""}}, nil
}

// FileContent is what the newest file of a name holds, or nil if nobody uploaded
// one.
func (w *Workspace) FileContent(name string) []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found *file
	for _, f := range w.files {
		if f.name == name && f.done && (found == nil || f.id > found.id) {
			found = f
		}
	}
	if found == nil {
		return nil
	}
	return found.content
}

// serveDownload is url_private: it needs the token. Without it Slack leads to a
// sign-in page.
func (w *Workspace) serveDownload(rw http.ResponseWriter, r *http.Request) {
	token, _ := bearer(r, nil)
	w.mu.Lock()
	allowed := token == w.botToken && w.manifest.grants("files:read")
	w.mu.Unlock()
	if !allowed {
		http.Redirect(rw, r, "/?redir="+url.QueryEscape(r.URL.Path), http.StatusFound)
		return
	}
	id := r.PathValue("id")
	w.handle(rw, r, "download", url.Values{"file": {id}}, func() (any, int) {
		w.mu.Lock()
		defer w.mu.Unlock()
		f := w.files[id]
		if f == nil || f.lost {
			return "not found", http.StatusNotFound
		}
		return f.content, http.StatusOK
	})
}

// LoseFile lets the content of the files with a name be gone, as after a person
// deleted them.
func (w *Workspace) LoseFile(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.files {
		if f.name == name {
			f.lost = true
		}
	}
	w.touch()
}
