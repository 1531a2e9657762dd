package workspace

import "time"

// Config says how a workspace behaves. The zero value of a field means its
// default; a negative duration or number means none at all.
type Config struct {
	// Manifest is the app's manifest in YAML: scopes, events, commands, shortcuts.
	Manifest []byte
	// Seed drives every random choice: ids, delays, sockets, empty pages.
	Seed uint64
	// Latency is added to each answer of the Web API.
	Latency time.Duration
	// Jitter is the largest random delay before a call or delivery; default 3 ms.
	Jitter time.Duration
	// HistoryLag is how late a message shows in history and replies; default 30 ms.
	HistoryLag time.Duration
	// PageSize cuts the pages of paginated methods; default 3.
	PageSize int
	// AckTimeout is how long an envelope waits for its ack; default 3 s, as Slack's.
	AckTimeout time.Duration
	// TriggerLife is how long a trigger_id can be used; default 3 s, as Slack's.
	TriggerLife time.Duration
	// Patience is how long a person waits for words or a control to appear when the
	// context sets no earlier end; default 10 s.
	Patience time.Duration
	// Redelivery holds the waits before the repeats of an event that was not
	// acked; default at once, 1 minute, 5 minutes.
	Redelivery []time.Duration
	// MaxSockets is how many sockets an app may hold open; default 10.
	MaxSockets int
	// ConnectionLife is when a socket is recycled; default 18060 s.
	ConnectionLife time.Duration
	// Ping is the interval of WebSocket pings; default 5 s.
	Ping time.Duration
	// Now is the clock of message times; default time.Now.
	Now func() time.Time
	// TeamDomain is the workspace's name in addresses; default "sandbox".
	TeamDomain string
	// TeamName is the workspace's name; default "Sandbox".
	TeamName string
	// Limits enforces the published rate tiers, which are per Minute; default a
	// minute.
	Limits bool
	Minute time.Duration
}

func (c Config) withDefaults() Config {
	duration(&c.Jitter, 3*time.Millisecond)
	duration(&c.HistoryLag, 30*time.Millisecond)
	duration(&c.AckTimeout, 3*time.Second)
	duration(&c.TriggerLife, 3*time.Second)
	duration(&c.Patience, 10*time.Second)
	duration(&c.ConnectionLife, 18060*time.Second)
	duration(&c.Ping, 5*time.Second)
	duration(&c.Minute, time.Minute)
	if c.PageSize == 0 {
		c.PageSize = 3
	}
	if c.PageSize < 0 {
		c.PageSize = 1000
	}
	if c.Redelivery == nil {
		c.Redelivery = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if c.MaxSockets == 0 {
		c.MaxSockets = 10
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.TeamDomain == "" {
		c.TeamDomain = "sandbox"
	}
	if c.TeamName == "" {
		c.TeamName = "Sandbox"
	}
	return c
}

func duration(d *time.Duration, fallback time.Duration) {
	switch {
	case *d == 0:
		*d = fallback
	case *d < 0:
		*d = 0
	}
}
