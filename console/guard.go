package console

import (
	"net"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/time/rate"
)

// policy lets a page do nothing but what our own files do. No script and no
// style stands in a page, so that none that somebody typed ever runs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// maxBody is more than the longest form.
const maxBody = 256 << 10

// guard stands before everything: a request must call us by our name, and one
// that changes something must come from our own pages.
func (c *Console) guard(next http.Handler) http.Handler {
	ours := http.NewCrossOriginProtection()
	ours.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.plain(w, r, http.StatusForbidden, "This came from another site, and was not done.",
			"Open the console itself and try there. Behind a proxy, the Host header must stay as the browser sent it.")
	}))
	inner := ours.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !c.hosts[strings.ToLower(r.Host)] {
			c.plain(w, r, http.StatusMisdirectedRequest, "The console is not called that.",
				"Its address is "+c.URL+". If you came by another one that should work, set CONSOLE_URL to it.")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		inner.ServeHTTP(w, r)
	})
}

// knocks bounds how often one address may try links that don't sign in. Secrets
// can't be guessed; the database need not be asked for each guess. Links that do
// sign in don't count: a whole company may come from one address.
type knocks struct {
	mu   sync.Mutex
	from map[string]*rate.Limiter
}

// A few wrong tries at once, then one in two seconds.
const (
	knocksAtOnce    = 10
	knocksASecond   = 0.5
	knocksAddresses = 10_000
)

// tooMany reports whether an address tried too often.
func (k *knocks) tooMany(r *http.Request) bool { return k.of(r).Tokens() < 1 }

// wrong counts a try.
func (k *knocks) wrong(r *http.Request) { k.of(r).Allow() }

func (k *knocks) of(r *http.Request) *rate.Limiter {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.from == nil || len(k.from) >= knocksAddresses {
		k.from = map[string]*rate.Limiter{}
	}
	limiter, known := k.from[host]
	if !known {
		limiter = rate.NewLimiter(knocksASecond, knocksAtOnce)
		k.from[host] = limiter
	}
	return limiter
}
