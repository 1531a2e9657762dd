package main

import (
	"net/http"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"muster/outage"
	"muster/slackhttp"
)

// awayLeast is how long an API does not answer before it is worth a line that it is
// back: single calls fail every day.
const awayLeast = 10 * time.Second

// ownTroubles are Slack's words for what is wrong on its own side.
var ownTroubles = []string{"internal_error", "fatal_error", "service_unavailable"}

// answers notes from each call whether Slack's Web API is there.
func answers(log zerolog.Logger) func(slackhttp.Call) {
	api := &outage.Outage{What: "Slack's Web API", Log: log, Least: awayLeast}
	return func(c slackhttp.Call) {
		switch {
		case c.Paced || c.Method == "apps.connections.open":
			// It was not asked, or by the sockets, which say so themselves.
		case c.Err != nil || c.Status >= http.StatusInternalServerError || slices.Contains(ownTroubles, c.Code):
			api.Away()
		default:
			api.Back()
		}
	}
}

// carried is a transport that notes whether what it calls is there.
type carried struct {
	base http.RoundTripper
	away *outage.Outage
}

// RoundTrip implements http.RoundTripper.
func (c carried) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.base.RoundTrip(req)
	if err != nil || resp.StatusCode >= http.StatusInternalServerError {
		c.away.Away()
	} else {
		c.away.Back()
	}
	return resp, err
}
