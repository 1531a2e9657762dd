package main

import (
	"sync"
	"time"
)

// demoClock runs like the machine's, but may be moved forward: an incident of
// an hour is told in seconds, and its durations still read true.
type demoClock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *demoClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// set makes it that moment now.
func (c *demoClock) set(moment time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = time.Until(moment)
}

// offset is how far the clock is ahead of the machine's.
func (c *demoClock) offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// lead sets that.
func (c *demoClock) lead(ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = ahead
}

// pass lets that much time be over now.
func (c *demoClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// storyDay is the day of the story: today, so that nothing in it looks old.
func storyDay() time.Time { return time.Now().UTC().Truncate(24 * time.Hour) }
