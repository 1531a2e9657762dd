package slackhttp

import (
	"strings"
	"sync"
	"time"
)

// gates is what this process knows of limited buckets. It is empty nearly always, and a call
// that finds it empty is not looked at any further.
type gates struct {
	mu       sync.Mutex
	byBucket map[string]gate
}

// gate is the limit of one bucket.
type gate struct {
	opens time.Time // nothing is sent before
	ends  time.Time // background calls reserve a slot before
}

// shut limits a bucket. Later times that are already known stay. Limits that are over go, so
// that channels do not pile up. It reports whether the bucket was not limited before.
func (g *gates) shut(bucket string, now, opens, ends time.Time) (news bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, known := range g.byBucket {
		if !known.ends.After(now) {
			delete(g.byBucket, name)
		}
	}
	if g.byBucket == nil {
		g.byBucket = map[string]gate{}
	}
	known, limited := g.byBucket[bucket]
	g.byBucket[bucket] = gate{opens: later(known.opens, opens), ends: later(known.ends, ends)}
	return !limited
}

// empty reports whether no bucket is limited.
func (g *gates) empty() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.byBucket) == 0
}

// closedFor is how long until all the buckets are open.
func (g *gates) closedFor(buckets []string, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	var longest time.Duration
	for _, bucket := range buckets {
		longest = max(longest, g.byBucket[bucket].opens.Sub(now))
	}
	return longest
}

// strict keeps the buckets that are limited now.
func (g *gates) strict(buckets []string, now time.Time) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var limited []string
	for _, bucket := range buckets {
		if g.byBucket[bucket].ends.After(now) {
			limited = append(limited, bucket)
		}
	}
	return limited
}

// otherChannelClosed reports whether the method is closed for another channel than that of
// the given bucket.
func (g *gates) otherChannelClosed(method, bucket string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, known := range g.byBucket {
		if name != bucket && strings.HasPrefix(name, channelBucket(method, "")) && known.opens.After(now) {
			return true
		}
	}
	return false
}
