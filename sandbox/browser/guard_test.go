package browser

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

const manifest = `
display_information: {name: Lamp}
features:
  app_home: {home_tab_enabled: true, messages_tab_enabled: true}
  bot_user: {display_name: lamp}
oauth_config: {scopes: {bot: [chat:write]}}
settings: {socket_mode_enabled: true}
`

// opened is the page of a workspace with one person in it.
func opened(t *testing.T) *Server {
	t.Helper()
	ws, err := workspace.Start(workspace.Config{Manifest: []byte(manifest)})
	if err != nil {
		t.Fatal(err)
	}
	ws.AddUser(workspace.User{Name: "ana", RealName: "Ana Lima", TZ: "Asia/Tokyo"})
	if _, err := ws.AddChannel("general", []string{"ana"}); err != nil {
		t.Fatal(err)
	}
	s, err := Start(Config{Workspace: ws})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := ws.Close(); err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

func TestOnlyThePageItselfGetsIn(t *testing.T) {
	t.Parallel()
	s := opened(t)
	own := strings.TrimSuffix(s.URL(), "/")
	for name, c := range map[string]struct {
		method, path, host, origin, site string
		want                             int
	}{
		"the page":                 {method: "GET", path: "/", want: 200},
		"by its other name":        {method: "GET", path: "/", host: strings.Replace(own[len("http://"):], "127.0.0.1", "localhost", 1), want: 200},
		"a rebound name":           {method: "GET", path: "/", host: "evil.example", want: 403},
		"an act":                   {method: "POST", path: "/do/say", origin: own, want: 200},
		"an act of nobody":         {method: "POST", path: "/do/say", want: 403},
		"an act of another page":   {method: "POST", path: "/do/say", origin: "http://evil.example", want: 403},
		"an act of another port":   {method: "POST", path: "/do/say", origin: "http://127.0.0.1:1", want: 403},
		"a stranger's look":        {method: "GET", path: "/events", site: "cross-site", want: 403},
		"something unknown":        {method: "POST", path: "/do/explode", origin: own, want: 400},
		"a file that is not there": {method: "GET", path: "/file/F1?as=ana", want: 404},
	} {
		body := `{"as":"ana","channel":"general","words":["hello"]}`
		r, err := http.NewRequestWithContext(t.Context(), c.method, own+c.path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if c.host != "" {
			r.Host = c.host
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		said, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != c.want {
			t.Errorf("%s: %d, want %d: %s", name, answer.StatusCode, c.want, said)
		}
		if !strings.Contains(answer.Header.Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("%s: no policy", name)
		}
	}
	if said := s.Workspace.Messages("general"); len(said) != 1 || said[0].Text != "hello" {
		t.Errorf("said %v, want hello once", said)
	}
}
