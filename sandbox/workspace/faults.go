package workspace

import (
	"net/url"
	"time"
)

// Kind is what goes wrong with a Web API call.
type Kind string

// The kinds of Fault. Unless said otherwise the call is not applied.
const (
	// RateLimited answers 429 with Retry-After and the code "ratelimited".
	RateLimited Kind = "ratelimited"
	// RateLimitedOther is the same with the code "rate_limited", the other spelling.
	RateLimitedOther Kind = "rate_limited"
	// RateLimitedBare answers 429 without the Retry-After header.
	RateLimitedBare Kind = "429 without Retry-After"
	// ServerError answers 500 with an HTML page.
	ServerError Kind = "500"
	// HTML answers 200 with an HTML page, as a proxy may.
	HTML Kind = "200 with HTML"
	// Empty answers 200 with {}.
	Empty Kind = "200 with {}"
	// Refuse answers ok:false with Fault.Code.
	Refuse Kind = "refuse"
	// AppliedRefuse applies the call and answers ok:false with Fault.Code, as
	// internal_error and fatal_error may.
	AppliedRefuse Kind = "applied, then refused"
	// Hang gives no answer until the client gives up.
	Hang Kind = "hang"
	// AppliedHang applies the call and gives no answer until the client gives up.
	AppliedHang Kind = "applied, then hang"
	// Lost applies the call and closes the connection without an answer.
	Lost Kind = "applied, answer lost"
	// Cut closes the connection without applying the call.
	Cut Kind = "connection cut"
	// Slow applies and answers the call after Fault.Delay.
	Slow Kind = "slow"
)

// Fault is an order to let calls go wrong.
type Fault struct {
	Method     string                // "" means every method
	Times      int                   // how often; 0 means once, negative means until ClearFaults
	Kind       Kind                  // what happens
	Code       string                // for Refuse and AppliedRefuse, such as "internal_error"
	RetryAfter time.Duration         // for RateLimited, in whole seconds; at least one second is sent
	Delay      time.Duration         // for Slow
	When       func(url.Values) bool // nil means always; sees the call's arguments
}

// Phase says when a hook is asked about a call.
type Phase int

const (
	// Before is when the call has arrived and nothing has been done.
	Before Phase = iota
	// After is when the call was applied and its answer has not been sent.
	After
)

// Call is a call of the app at one Phase. Besides the methods of the Web API
// there are "response_url" (an answer to a response_url), "upload" (the bytes of
// a file) and "download".
type Call struct {
	N      int // the number of the call, from 1, the same in both phases
	Method string
	Form   url.Values // a JSON body's fields; objects as JSON text
	Phase  Phase
}

// Verdict says what becomes of a call. The zero value lets it pass.
type Verdict struct {
	Drop bool            // close the connection without an answer
	Wait <-chan struct{} // first block until this is closed, or the client gives up
}

// faultState is what is ordered to go wrong; Workspace.mu guards it.
type faultState struct {
	faults []*Fault
	hook   func(Call) Verdict
	gate   chan struct{} // envelopes wait for it to close; nil means open
	twice  int           // so many next envelopes are sent twice
	mix    int           // so many next envelopes are collected and sent in reverse
	mixed  []func()
}

// Fault orders a fault. Faults are tried in the order in which they were ordered.
func (w *Workspace) Fault(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	w.faults = append(w.faults, &f)
}

// ClearFaults withdraws all faults of Web API calls.
func (w *Workspace) ClearFaults() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

// OnCall sets the function that is asked about each call, before it is applied
// and after. It is called without a lock and may block; nil takes it away.
func (w *Workspace) OnCall(hook func(Call) Verdict) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hook = hook
}

// fault finds the fault that meets this call, and counts it.
func (w *Workspace) fault(method string, form url.Values) *Fault {
	w.mu.Lock()
	faults := append([]*Fault(nil), w.faults...)
	w.mu.Unlock()
	for _, f := range faults {
		// When is the test's own code: it is asked without the lock.
		if f.Method != "" && f.Method != method || f.When != nil && !f.When(form) {
			continue
		}
		w.mu.Lock()
		met := f.Times != 0
		if f.Times > 0 {
			f.Times--
		}
		w.mu.Unlock()
		if met {
			return f
		}
	}
	return nil
}
