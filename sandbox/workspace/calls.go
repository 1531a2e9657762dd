package workspace

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Record is a call of the app that has begun, and how it ended.
type Record struct {
	N      int // from 1, in the order of arrival, as in Call
	Method string
	Form   url.Values // its arguments without the token
	Start  time.Time
	End    time.Time // zero while the call is under way
	// Applied is whether the call changed or read the state.
	Applied bool
	// Status is the HTTP status, or 0 when the connection was closed without one.
	Status int
	// Error is Slack's code when the answer was not ok.
	Error string
}

// Calls lists the calls so far in order of arrival.
func (w *Workspace) Calls() []Record {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// Count is how many calls of a method have arrived.
func (w *Workspace) Count(method string) int {
	n := 0
	for _, r := range w.Calls() {
		if r.Method == method {
			n++
		}
	}
	return n
}

// ResetCalls forgets the calls so far; their numbers go on.
func (w *Workspace) ResetCalls() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = nil
}

// passage is one call on its way through hooks, faults and limits.
type passage struct {
	w      *Workspace
	rw     http.ResponseWriter
	r      *http.Request
	record Record
}

// handle carries one call: hook, fault, limit, the act itself, hook, answer.
// apply gives the answer's body (text as it is, all else as JSON) and status.
func (w *Workspace) handle(rw http.ResponseWriter, r *http.Request, method string, form url.Values, apply func() (any, int)) {
	x := &passage{w: w, rw: rw, r: r}
	x.begin(method, form)
	defer x.end()
	x.ask(Before)
	f := w.fault(method, form)
	if f != nil && x.refused(f) {
		return
	}
	if wait := w.overLimit(method, form); wait > 0 {
		code := "ratelimited"
		if method == "chat.postMessage" {
			code = "rate_limited" // the one method with the other spelling
		}
		x.rateLimited(code, wait, true)
		return
	}
	if !w.pause(r.Context(), w.jitter()) {
		x.drop()
	}
	body, status := apply()
	x.record.Applied = true
	x.ask(After)
	if f != nil {
		body = x.spoil(f, body)
	}
	if !w.pause(r.Context(), w.cfg.Latency) {
		x.drop()
	}
	x.answer(status, body)
}

func (x *passage) begin(method string, form url.Values) {
	x.w.mu.Lock()
	defer x.w.mu.Unlock()
	x.w.callN++
	x.w.inFlight++
	x.record = Record{N: x.w.callN, Method: method, Form: maps.Clone(form), Start: time.Now()}
	x.w.calls = append(x.w.calls, x.record)
}

// end keeps the record also when the connection is dropped.
func (x *passage) end() {
	x.w.mu.Lock()
	defer x.w.mu.Unlock()
	x.w.inFlight--
	x.record.End = time.Now()
	for i := range x.w.calls {
		if x.w.calls[i].N == x.record.N {
			x.w.calls[i] = x.record
		}
	}
	x.w.touch()
}

// drop closes the connection without an answer.
func (x *passage) drop() { panic(http.ErrAbortHandler) }

// hang waits until the client gives up.
func (x *passage) hang() {
	select {
	case <-x.r.Context().Done():
	case <-x.w.ctx.Done():
	}
	x.drop()
}

// ask puts the call before the hook.
func (x *passage) ask(p Phase) {
	x.w.mu.Lock()
	hook := x.w.hook
	x.w.mu.Unlock()
	if hook == nil {
		return
	}
	v := hook(Call{N: x.record.N, Method: x.record.Method, Form: x.record.Form, Phase: p})
	if v.Wait != nil {
		select {
		case <-v.Wait:
		case <-x.r.Context().Done():
			x.drop()
		case <-x.w.ctx.Done():
			x.drop()
		}
	}
	if v.Drop {
		x.drop()
	}
}

// refused answers the faults that do not apply the call.
func (x *passage) refused(f *Fault) bool {
	const page = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"
	switch f.Kind {
	case RateLimited, RateLimitedOther:
		x.rateLimited(string(f.Kind), f.RetryAfter, true)
	case RateLimitedBare:
		x.rateLimited("ratelimited", 0, false)
	case ServerError:
		x.page(http.StatusInternalServerError, page)
	case HTML:
		x.page(http.StatusOK, page)
	case Empty:
		x.answer(http.StatusOK, reply{})
	case Refuse:
		x.answer(http.StatusOK, reply{"ok": false, "error": f.Code})
	case Hang:
		x.hang()
	case Cut:
		x.drop()
	default:
		return false
	}
	return true
}

// spoil carries out the faults of a call that was applied.
func (x *passage) spoil(f *Fault, body any) any {
	switch f.Kind {
	case AppliedRefuse:
		return reply{"ok": false, "error": f.Code}
	case AppliedHang:
		x.hang()
	case Lost:
		x.drop()
	case Slow:
		if !x.w.pause(x.r.Context(), f.Delay) {
			x.drop()
		}
	}
	return body
}

func (x *passage) rateLimited(code string, wait time.Duration, header bool) {
	if header {
		seconds := max(1, int((wait+time.Second-1)/time.Second))
		x.rw.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	x.answer(http.StatusTooManyRequests, reply{"ok": false, "error": code})
}

func (x *passage) page(status int, html string) {
	x.rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	x.rw.WriteHeader(status)
	_, _ = fmt.Fprint(x.rw, html)
	x.record.Status, x.record.Error = status, "html"
}

func (x *passage) answer(status int, body any) {
	x.record.Status = status
	switch b := body.(type) {
	case string:
		x.rw.WriteHeader(status)
		_, _ = fmt.Fprint(x.rw, b)
		return
	case []byte:
		x.rw.WriteHeader(status)
		_, _ = x.rw.Write(b)
		return
	case reply:
		if code, ok := b["error"].(string); ok && b["ok"] != true {
			x.record.Error = code
		}
	}
	data, err := json.Marshal(body)
	if err != nil {
		data = []byte(`{"ok":false,"error":"fatal_error"}`)
	}
	x.rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	x.rw.WriteHeader(status)
	_, _ = x.rw.Write(data)
}
