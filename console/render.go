package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"muster/incident"
)

//go:embed static
var staticFiles embed.FS

//go:embed pages
var pageFiles embed.FS

// version changes with any of the static files, so that browsers may keep them
// for ever.
var version = func() string {
	sum := sha256.New()
	_ = fs.WalkDir(staticFiles, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			raw, _ := staticFiles.ReadFile(name)
			sum.Write(raw)
		}
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8])
}()

func (c *Console) static(w http.ResponseWriter, r *http.Request) {
	raw, err := staticFiles.ReadFile("static/" + path.Base(r.PathValue("name")))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	w.Header().Set("Content-Type", kinds[path.Ext(r.PathValue("name"))])
	if r.PathValue("version") == version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(raw)
}

// frame is what each page has around it.
type frame struct {
	Title string
	// Me is empty on pages for who is not signed in.
	Me person
	// Here is the part of the console that is marked in the navigation.
	Here    string
	Version string
	Body    any
}

var functions = template.FuncMap{
	"ref":      incident.Ref,
	"time":     timeTag,
	"typed":    typed,
	"short":    incident.Shorten,
	"duration": incident.Lasting,
	"fieldOf":  func(act string, f field) fieldView { return fieldView{act + "-" + f.Name, f} },
	"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
}

// pages are the templates by name, each with the frame around it.
var pages = func() map[string]*template.Template {
	set := map[string]*template.Template{}
	common := template.Must(template.New("frame.html").Funcs(functions).ParseFS(pageFiles, "pages/frame.html", "pages/parts.html"))
	files, _ := fs.Glob(pageFiles, "pages/*.html")
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name != "frame" && name != "parts" {
			set[name] = template.Must(template.Must(common.Clone()).ParseFS(pageFiles, file))
		}
	}
	return set
}()

// render writes a page at once or, where it does not work, says so.
func (c *Console) render(w http.ResponseWriter, _ *http.Request, status int, name string, f frame) {
	f.Version = version
	var out bytes.Buffer
	if err := pages[name].ExecuteTemplate(&out, "frame.html", f); err != nil {
		c.Log.Error().Err(err).Str("page", name).Msg("write a page")
		http.Error(w, "This page could not be made. Its defect is in the log.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

// message is a page that says one thing.
type message struct{ What, Next string }

func (c *Console) plain(w http.ResponseWriter, r *http.Request, status int, what, next string) {
	c.render(w, r, status, "message", frame{Title: what, Body: message{what, next}})
}

// complain shows an error of ours, or a refusal, on a page of its own.
func (c *Console) complain(w http.ResponseWriter, r *http.Request, me person, err error) {
	text := c.words(r, err)
	c.render(w, r, status(err), "message", frame{Title: text, Me: me, Body: message{What: text}})
}

// words says an error to the person who acted. Errors that are ours are logged
// and not shown.
func (c *Console) words(r *http.Request, err error) string {
	if refusal, ok := errors.AsType[*incident.Error](err); ok {
		return incident.NameWho(refusal.Message, c.name(r.Context(), refusal.Who))
	}
	c.Log.Error().Err(err).Msg("a person was told that it did not work")
	return "That did not work: muster can't use its database at the moment. Please try again in a minute; it will count once."
}
