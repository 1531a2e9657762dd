package slackhttp

import (
	"errors"
	"io"
	"net/http"
	"testing"
)

func TestAnAnswerWithoutOkIsNotSlacks(t *testing.T) {
	t.Parallel()
	for text, foreign := range map[string]bool{
		"{}": true, "": true, "<html>": true, "null": true, `{"ok":"yes"}`: true, `[1]`: true,
		`{"ok":true}`: false, `{"ok":false,"error":"ratelimited"}`: false,
	} {
		for path, checked := range map[string]bool{"/api/pins.add": true, "/actions/T1/2/abc": false, "/upload/v1/ABC": false} {
			client, base := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
			resp, err := client.Do(form(t, base+path, ""))
			if _, refused := errors.AsType[*ForeignError](err); refused != (foreign && checked) {
				t.Errorf("%q to %s: %v", text, path, err)
			}
			if err != nil {
				continue
			}
			if got, err := io.ReadAll(resp.Body); string(got) != text || err != nil {
				t.Errorf("%q to %s was read as %q, %v", text, path, got, err)
			}
			_ = resp.Body.Close()
		}
	}
}

func TestOnlySuccessesAreCheckedForOk(t *testing.T) {
	t.Parallel()
	client, base := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	if status, err := post(t, client, form(t, base+"/api/pins.add", "")); status != http.StatusBadGateway || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
}
