package slackhttp

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// Names of calls that are treated in a special way.
const (
	connectionsOpen = "apps.connections.open"
	postMessage     = "chat.postMessage"
	postEphemeral   = "chat.postEphemeral"
	viewsOpen       = "views.open"
	viewsPush       = "views.push"
	viewsPublish    = "views.publish"
	responseURL     = "response_url" // a POST to the address that came with an interaction
	other           = "other"        // files, and whatever else is no method
)

// methodOf names the call by its path: …/api/<method>. The names stay few, because they
// become labels of metrics.
func methodOf(req *http.Request) string {
	dir, last := path.Split(req.URL.Path)
	switch {
	case strings.HasSuffix(dir, "/api/") && strings.Contains(last, "."):
		return last
	case strings.HasPrefix(req.URL.Path, "/commands/"), strings.HasPrefix(req.URL.Path, "/actions/"),
		req.URL.Hostname() == "hooks.slack.com":
		return responseURL
	}
	return other
}

// channelOf reads the channel that a message is posted to, without consuming the request:
// from a copy of the body, which is a form or JSON. It gives "" when there is none.
func channelOf(req *http.Request) string {
	if req.GetBody == nil {
		return ""
	}
	copied, err := req.GetBody()
	if err != nil {
		return ""
	}
	defer func() { _ = copied.Close() }()
	if strings.HasPrefix(req.Header.Get("Content-Type"), "application/json") {
		var message struct{ Channel string }
		if json.NewDecoder(copied).Decode(&message) != nil {
			return ""
		}
		return message.Channel
	}
	text, err := io.ReadAll(copied)
	if err != nil {
		return ""
	}
	return formValue(string(text), "channel")
}

// formValue finds one value without decoding the whole form: blocks make it long.
func formValue(form, key string) string {
	for pair := range strings.SplitSeq(form, "&") {
		if encoded, found := strings.CutPrefix(pair, key+"="); found {
			value, err := url.QueryUnescape(encoded)
			if err != nil {
				return ""
			}
			return value
		}
	}
	return ""
}

// posts reports whether Slack counts the method per channel.
func posts(method string) bool { return method == postMessage || method == postEphemeral }

// channelBucket names the bucket of posting to one channel.
func channelBucket(method, channel string) string { return method + " " + channel }
