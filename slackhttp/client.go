package slackhttp

import "net/http"

// Client sends requests through a Transport. The Slack library takes it as its HTTP client.
// It is a type of its own because http.Client puts the whole address of a request into its
// errors, and for a response_url the address is the secret.
type Client struct{ http http.Client }

// Client makes a client with t. It has no deadline of its own: the Transport's begins when
// the call is sent, and opening a socket may have to wait longer for its turn.
func (t *Transport) Client() *Client { return &Client{http.Client{Transport: t}} }

// Do is http.Client.Do with errors that hold no secret.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.http.Do(req)
	return resp, hide(err)
}

// CloseIdleConnections closes connections that are kept for later.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// CloseIdleConnections passes the wish on to what sends.
func (t *Transport) CloseIdleConnections() {
	if closer, can := t.base.(interface{ CloseIdleConnections() }); can {
		closer.CloseIdleConnections()
	}
}
