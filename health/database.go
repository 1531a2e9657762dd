package health

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"muster/incident"
)

// Pool is a pool of connections to the database as it stands.
type Pool struct {
	Name             string
	InUse, Idle, Max int
	// Waited is how often somebody had to wait for a connection, and Wait how long
	// altogether.
	Waited int64
	Wait   time.Duration
}

// Database is where the figures of the backlog come from, which all replicas
// share: who sums them over replicas counts twice.
type Database struct {
	Backlog func(ctx context.Context) (incident.Backlog, error)
	Pools   func() []Pool
	Log     zerolog.Logger
}

// Watch adds the figures of a database.
func (f *Figures) Watch(db Database) { f.registry.MustRegister(&backlog{db}) }

type backlog struct{ Database }

func described(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	descUp      = described("muster_database_up", "Whether the database answered this scrape.")
	descQueue   = described("muster_queue_incidents", "Incidents whose wishes are not all done yet. The same in every replica, as all that is read from the database.")
	descAge     = described("muster_queue_oldest_seconds", "How long the oldest of them has waited since its last change.")
	descStuck   = described("muster_stuck_incidents", "Incidents in which some step does not work.")
	descInbox   = described("muster_inbox_events", "Events of Slack that were accepted and are not dealt with yet.")
	descOpen    = described("muster_open_incidents", "Open incidents by severity, tests left out.", "severity")
	descOverdue = described("muster_overdue_reminders", "Incidents of which something was due more than a minute ago and was not done.")
	descConns   = described("muster_database_connections", "Connections of this program, by pool and state: in_use, idle, max.", "pool", "state")
	descWaited  = described("muster_database_waits_total", "How often somebody waited for a connection, by pool.", "pool")
	descWait    = described("muster_database_wait_seconds_total", "How long, altogether, by pool.", "pool")
)

func (b *backlog) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descUp, descQueue, descAge, descStuck, descInbox, descOpen, descOverdue, descConns, descWaited, descWait} {
		to <- d
	}
}

// scrapeLimit bounds what a scrape asks of the database.
const scrapeLimit = 2 * time.Second

func (b *backlog) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, p := range b.Pools() {
		gauge(descConns, float64(p.InUse), p.Name, "in_use")
		gauge(descConns, float64(p.Idle), p.Name, "idle")
		gauge(descConns, float64(p.Max), p.Name, "max")
		to <- prometheus.MustNewConstMetric(descWaited, prometheus.CounterValue, float64(p.Waited), p.Name)
		to <- prometheus.MustNewConstMetric(descWait, prometheus.CounterValue, p.Wait.Seconds(), p.Name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapeLimit)
	defer cancel()
	now, err := b.Backlog(ctx)
	if err != nil {
		b.Log.Warn().Err(err).Msg("read the backlog")
		gauge(descUp, 0)
		return
	}
	gauge(descUp, 1)
	gauge(descQueue, float64(now.Waiting))
	gauge(descAge, now.Oldest.Seconds())
	gauge(descStuck, float64(now.Stuck))
	gauge(descInbox, float64(now.Inbox))
	gauge(descOverdue, float64(now.Overdue))
	for n, open := range now.Open {
		gauge(descOpen, float64(open), severityLabel(n+1))
	}
}
