package workspace_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestFileGoesUpAndComesDown(t *testing.T) {
	t.Parallel()
	s := setup(t)
	data := "one,two\n"
	f, err := s.api.UploadFileContext(t.Context(), slack.UploadFileParameters{
		Filename: "export.csv", FileSize: len(data), Content: data, Channel: s.ops, Title: "Export", InitialComment: "here",
	})
	if err != nil {
		t.Fatal(err)
	}
	info, _, _, err := s.api.GetFileInfoContext(t.Context(), f.ID, 0, 0)
	if err != nil || info.Title != "Export" || len(info.Shares.Public[s.ops]) != 1 {
		t.Fatalf("info: %+v, %v", info, err)
	}
	var got bytes.Buffer
	if err := s.api.GetFileContext(t.Context(), info.URLPrivateDownload, &got); err != nil || got.String() != data {
		t.Errorf("download: %q, %v", got.String(), err)
	}
	if m := s.Messages("ops"); len(m) != 1 || m[0].Shown != "here\n[file export.csv]" {
		t.Errorf("messages: %+v", m)
	}
	stranger := slack.New("xoxb-none", slack.OptionAPIURL(s.APIURL()))
	if err := stranger.GetFileContext(t.Context(), info.URLPrivateDownload, io.Discard); err == nil {
		t.Error("the file comes without its token")
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var address string
	s.connect(capture(func(payload map[string]any) { address, _ = payload["response_url"].(string) }))
	// bob's channel does not have the bot in it.
	s.DeliverCommand("bob", "hall", "/lamp")
	answer := func(body string) int {
		res, err := http.DefaultClient.Post(address, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body)
		return res.StatusCode
	}
	for i, want := range []int{200, 200, 200, 200, 200, 404} {
		if got := answer(`{"text":"working"}`); got != want {
			t.Errorf("use %d: status %d, want %d", i+1, got, want)
		}
	}
	if got := s.Whispers("bob"); len(got) != 5 || got[0].Via != "response_url" {
		t.Errorf("bob was told %+v", got)
	}
	http.DefaultClient.CloseIdleConnections()
}
