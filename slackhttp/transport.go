package slackhttp

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

const (
	// CallTimeout is the longest that one call may take from sending to the end of the
	// answer. With MaxWait before it, it stays below the 12 s lease of a claim, so a claim
	// never runs out under a call that may still take effect.
	CallTimeout = 8 * time.Second

	// MaxWait is the longest that a call waits here before it is sent. Whoever would have to
	// wait longer is told when to come back.
	MaxWait = time.Second

	// StrictFor is how long the documented rate is kept after a closed bucket opened again.
	StrictFor = 10 * time.Minute
)

// How often a socket may be opened. The Slack library reconnects without any pause after a
// connection that succeeded, and the sources disagree whether apps.connections.open may be
// called once or fifty times a minute.
const (
	connectBurst    = 3
	connectInterval = 5 * time.Second
)

// Options are what a Transport needs. The zero value works for one process.
type Options struct {
	Base   http.RoundTripper // what sends; nil means connections tuned for one host
	Budget Budget            // what the replicas share; nil means a Memory of its own
	// CallTimeout, RetryAfter and Connect (the least time between two openings of a socket,
	// after a few) replace the package's constants in tests; 0 means them.
	CallTimeout, RetryAfter, Connect time.Duration
	Minute                           time.Duration // what Slack's rates per minute are of, in tests; 0 means a minute
	Observe                          func(Call)    // called after each call, from the calling goroutine; nil means nobody
}

// Call is what happened to one call, for metrics and logs. It holds no text of the call.
type Call struct {
	Method     string        // "chat.postMessage", "response_url", or "other" for files and the like
	Code       string        // Slack's word for why it refused, such as "channel_not_found", else empty
	Status     int           // HTTP status, 0 when there was no answer
	Waited     time.Duration // before it was sent, or refused
	Duration   time.Duration // from sending to the head of the answer
	RetryAfter time.Duration // what Slack asked for with a 429, else 0
	Paced      bool          // it was refused here and not sent
	Err        error         // why there was no answer; free of secrets
	BudgetErr  error         // the shared budget failed; this process's own was used
}

// Transport is an http.RoundTripper with the rules of the package comment. It is safe for
// concurrent use and owns no goroutine.
type Transport struct {
	base    http.RoundTripper
	shared  Budget
	own     *Memory // stands in for the shared budget when that fails
	gates   gates
	sent    sent
	connect *rate.Limiter
	observe func(Call)

	callTimeout, retryAfter, minute time.Duration
}

var _ http.RoundTripper = (*Transport)(nil)

// New makes a Transport.
func New(o Options) *Transport {
	t := &Transport{
		base: o.Base, shared: o.Budget, own: NewMemory(), observe: o.Observe,
		connect:     rate.NewLimiter(rate.Every(cmp.Or(o.Connect, connectInterval)), connectBurst),
		minute:      cmp.Or(o.Minute, time.Minute),
		callTimeout: cmp.Or(o.CallTimeout, CallTimeout), retryAfter: cmp.Or(o.RetryAfter, defaultRetryAfter),
	}
	if t.base == nil {
		t.base = oneHost()
	}
	if t.shared == nil {
		t.shared = t.own
	}
	if t.observe == nil {
		t.observe = func(Call) {}
	}
	return t
}

// oneHost is the standard transport tuned for many calls to one host.
func oneHost() *http.Transport {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: 5 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     90 * time.Second,
		// Without pings, a connection whose peer vanished would fail each call by timeout
		// until the kernel gives up after a quarter of an hour.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second},
	}
}

// RoundTrip paces, sends and learns from the answer.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	call := Call{Method: methodOf(req)}
	defer func() { t.observe(call) }()

	arrived := time.Now()
	err := t.pace(req, &call)
	call.Waited = time.Since(arrived)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // a RoundTripper owes this even when it sends nothing
		}
		call.Err = err
		return nil, err
	}

	sent := time.Now()
	resp, err := t.send(req)
	call.Duration = time.Since(sent)
	if err != nil {
		call.Err = hide(err)
		return nil, call.Err
	}
	call.Status = resp.StatusCode
	if resp.StatusCode == http.StatusTooManyRequests {
		t.refused(req, resp, &call)
	} else {
		t.sent.note(call.Method, sent)
	}
	if call.Code, call.Err = genuine(call.Method, resp); call.Err != nil {
		return nil, call.Err
	}
	return resp, nil
}

// send puts the deadline over the call and over the reading of its answer.
func (t *Transport) send(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), t.callTimeout)
	resp, err := t.base.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = &body{inner: resp.Body, left: maxBody, done: cancel}
	return resp, nil
}
