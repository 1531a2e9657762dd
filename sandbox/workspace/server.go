package workspace

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

func (w *Workspace) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveMethod)
	mux.HandleFunc("/link/", w.serveSocket)
	for _, kind := range []string{"commands", "actions", "app"} {
		mux.HandleFunc("POST /"+kind+"/{team}/{id}", w.serveResponse)
	}
	mux.HandleFunc("POST /upload/{id}", w.serveUpload)
	mux.HandleFunc("GET /files-pri/{id}/{name}", w.serveDownload)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !w.enter() {
			panic(http.ErrAbortHandler)
		}
		defer w.wg.Done()
		mux.ServeHTTP(rw, r)
	})
}

// serveMethod is the Web API.
func (w *Workspace) serveMethod(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	m, known := methods[name]
	form, err := arguments(r, !known || m.json)
	if err != nil {
		w.handle(rw, r, name, form, func() (any, int) {
			return (&slackError{code: "invalid_form_data"}).body(), http.StatusOK
		})
		return
	}
	token, inHeader := bearer(r, form)
	form.Del("token")
	w.handle(rw, r, name, form, func() (any, int) {
		w.mu.Lock()
		defer w.mu.Unlock()
		answer, err := w.apply(&call{method: name, form: form}, token, inHeader)
		var refused *slackError
		switch {
		case errors.As(err, &refused):
			return refused.body(), http.StatusOK
		case err != nil:
			return reply{"ok": false, "error": "fatal_error"}, http.StatusOK
		}
		body := reply{"ok": true}
		maps.Copy(body, answer)
		if token == w.botToken {
			rw.Header().Set("X-OAuth-Scopes", strings.Join(w.manifest.Scopes, ","))
		}
		return body, http.StatusOK
	})
}

// apply checks who calls and what they may, and does it. mu is held.
func (w *Workspace) apply(c *call, token string, inHeader bool) (reply, error) {
	m, known := methods[c.method]
	if !known {
		return nil, refuse("unknown_method")
	}
	if c.method == "api.test" {
		return w.apiTest(c)
	}
	if err := w.authenticate(c.method, token, inHeader); err != nil {
		return nil, err
	}
	if err := w.scoped(m.scopes); err != nil {
		return nil, err
	}
	return m.apply(w, c)
}

func (w *Workspace) authenticate(method, token string, inHeader bool) error {
	socketMethod := method == "apps.connections.open"
	switch {
	case token == "" || socketMethod && !inHeader:
		return refuse("not_authed")
	case token != w.botToken && token != w.appToken:
		return refuse("invalid_auth")
	case w.tokenState != "":
		return refuse(w.tokenState)
	case socketMethod != (token == w.appToken):
		return refuse("not_allowed_token_type")
	}
	return nil
}

// scoped refuses unless one of the scopes is granted.
func (w *Workspace) scoped(anyOf []string) error {
	if len(anyOf) == 0 {
		return nil
	}
	for _, scope := range anyOf {
		if w.manifest.grants(scope) {
			return nil
		}
	}
	return &slackError{code: "missing_scope", extra: map[string]any{
		"needed": strings.Join(anyOf, ","), "provided": strings.Join(w.manifest.Scopes, ","),
	}}
}

// bearer is the token of a call and whether it came in the header.
func bearer(r *http.Request, form url.Values) (string, bool) {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return t, true
	}
	return form.Get("token"), false
}

// arguments reads query, form and, where the method takes it, JSON. The fields
// of a JSON body become form fields; what is not text in it stays JSON.
func arguments(r *http.Request, takesJSON bool) (url.Values, error) {
	kind := r.Header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "multipart/form-data"):
		err := r.ParseMultipartForm(1 << 20)
		return r.Form, err
	case !strings.HasPrefix(kind, "application/json"):
		err := r.ParseForm()
		return r.Form, err
	}
	form := r.URL.Query()
	body, err := io.ReadAll(r.Body)
	if err != nil || !takesJSON || len(body) == 0 {
		return form, err
	}
	var fields map[string]json.RawMessage
	if strings.TrimSpace(string(body)) == "null" {
		return form, nil
	}
	if err := json.Unmarshal(body, &fields); err != nil {
		return form, err
	}
	for name, raw := range fields {
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) == nil:
			form.Set(name, text)
		default:
			form.Set(name, string(raw))
		}
	}
	return form, nil
}
