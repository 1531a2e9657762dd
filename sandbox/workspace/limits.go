package workspace

import (
	"net/url"
	"time"
)

// tier counts the calls of one bucket in the last minute.
type tier struct{ calls []time.Time }

// Slack's rate tiers, in calls per minute and method.
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
)

// postBurst is how many messages a channel takes at once before it falls to
// Slack's one per second.
const postBurst = 5

// overLimit counts a call and says how long to wait when there were too many.
func (w *Workspace) overLimit(method string, form url.Values) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, known := methods[method]
	if !w.cfg.Limits || !known {
		return 0
	}
	if method == "chat.postMessage" {
		return w.count(method+" "+form.Get("channel"), postBurst, postBurst*w.cfg.Minute/60)
	}
	if m.tier == 0 {
		return 0
	}
	return w.count(method, m.tier, w.cfg.Minute)
}

func (w *Workspace) count(bucket string, most int, window time.Duration) time.Duration {
	t := w.tiers[bucket]
	if t == nil {
		t = &tier{}
		w.tiers[bucket] = t
	}
	now := time.Now()
	for len(t.calls) > 0 && now.Sub(t.calls[0]) >= window {
		t.calls = t.calls[1:]
	}
	if len(t.calls) >= most {
		return window - now.Sub(t.calls[0])
	}
	t.calls = append(t.calls, now)
	return 0
}
