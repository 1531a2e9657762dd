package health

import (
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"muster/incident"
)

// Figures count what muster does. All methods may be called at the same time;
// labels are few and never made of what people typed.
type Figures struct {
	registry *prometheus.Registry

	envelopes *prometheus.CounterVec
	acks      *prometheus.HistogramVec
	lost      *prometheus.CounterVec
	calls     *prometheus.CounterVec
	refusals  *prometheus.CounterVec
	took      *prometheus.HistogramVec
	waits     *prometheus.HistogramVec
	passes    *prometheus.HistogramVec
	failures  *prometheus.CounterVec
	ticks     *prometheus.CounterVec
	reminders *prometheus.CounterVec
}

// Slack waits 3 s for an acknowledgement: there the buckets are close.
var (
	ackBuckets  = []float64{.01, .025, .05, .1, .25, .5, 1, 1.5, 2, 2.5, 3}
	callBuckets = []float64{.05, .1, .25, .5, 1, 2.5, 5, 8}
	waitBuckets = []float64{.1, .5, 1, 5, 15, 60}
	passBuckets = []float64{.05, .25, 1, 2.5, 5, 15, 45}
)

// New makes the figures of a build.
func New(version, commit, goVersion string) *Figures {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "muster_build_info", Help: "1, with what this program was built from.",
		ConstLabels: prometheus.Labels{"version": version, "commit": commit, "goversion": goVersion},
	})
	build.Set(1)
	f := &Figures{
		registry:  prometheus.NewRegistry(),
		envelopes: counter("muster_envelopes_total", "Payloads heard from Slack, by kind.", "kind"),
		acks:      histogram("muster_ack_seconds", "From hearing a payload to its acknowledgement, by kind. Slack waits 3 s.", ackBuckets, "kind"),
		lost:      counter("muster_acks_failed_total", "Acknowledgements that could not be sent, by kind.", "kind"),
		calls:     counter("muster_slack_calls_total", "Calls to Slack, by method and result: ok, limited (429), paced (not sent), refused (by Slack, or another status), failed (no answer of Slack's).", "method", "result"),
		refusals:  counter("muster_slack_refusals_total", "Calls that Slack refused, by method and Slack's word for it.", "method", "code"),
		took:      histogram("muster_slack_call_seconds", "From sending a call to the head of the answer, by method.", callBuckets, "method"),
		waits:     histogram("muster_slack_wait_seconds", "How long calls waited for Slack's limits before they were sent or given back, by method.", waitBuckets, "method"),
		passes:    histogram("muster_pass_seconds", "Passes over an incident, by result: done, waits, failed, fenced.", passBuckets, "result"),
		failures:  counter("muster_step_failures_total", "Steps that did not work, by step.", "step"),
		ticks:     counter("muster_ticks_total", "Looks at what is due, by result: ok, failed.", "result"),
		reminders: counter("muster_reminders_total", "What the clock told people, by kind: reminder (an update is due), commander_prompt, stale.", "kind"),
	}
	f.registry.MustRegister(build, f.envelopes, f.acks, f.lost, f.calls, f.refusals, f.took, f.waits, f.passes, f.failures, f.ticks, f.reminders,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

func (f *Figures) handler() http.Handler {
	return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{Registry: f.registry, MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Listen adds how many connections hear Slack.
func (f *Figures) Listen(hearing func() int) {
	f.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "muster_slack_sockets", Help: "Connections to Slack that are ready and over which something came in the last 30 s, a ping at least; two when all is well.",
	}, func() float64 { return float64(hearing()) }))
}

// Heard counts a payload. From then on lost acknowledgements of its kind count from
// 0: a counter that appears with the first loss never rises, and no alert sees it.
func (f *Figures) Heard(kind string) {
	f.envelopes.WithLabelValues(kind).Inc()
	f.lost.WithLabelValues(kind)
}

// Acked notes how long an acknowledgement took, or that it failed.
func (f *Figures) Acked(kind string, took time.Duration, err error) {
	if err != nil {
		f.lost.WithLabelValues(kind).Inc()
		return
	}
	f.acks.WithLabelValues(kind).Observe(took.Seconds())
}

// Call is what became of a call to Slack.
type Call struct {
	Method string
	// Status is that of HTTP, or 0 if there was no answer; Code is Slack's word for
	// why it refused, if it did. Answered is whether the answer was Slack's.
	Status   int
	Code     string
	Answered bool
	// Paced is whether it was given back without being sent.
	Paced bool
	// Waited is how long it waited for limits, and Took from sending to the answer.
	Waited, Took time.Duration
}

func (c Call) result() string {
	switch {
	case c.Paced:
		return "paced"
	case c.Status == http.StatusTooManyRequests:
		return "limited"
	case c.Status >= http.StatusBadRequest, c.Code != "":
		return "refused"
	case !c.Answered:
		return "failed"
	}
	return "ok"
}

// code bounds what becomes a label.
var code = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// Called notes a call to Slack.
func (f *Figures) Called(c Call) {
	f.calls.WithLabelValues(c.Method, c.result()).Inc()
	if c.Code != "" {
		why := c.Code
		if !code.MatchString(why) {
			why = "other"
		}
		f.refusals.WithLabelValues(c.Method, why).Inc()
	}
	if c.Status != 0 {
		f.took.WithLabelValues(c.Method).Observe(c.Took.Seconds())
	}
	if c.Paced || c.Waited > time.Millisecond {
		f.waits.WithLabelValues(c.Method).Observe(c.Waited.Seconds())
	}
}

// Passed notes a pass over an incident, and the steps that did not work in it.
func (f *Figures) Passed(result string, took time.Duration, failed []string) {
	f.passes.WithLabelValues(result).Observe(took.Seconds())
	for _, step := range failed {
		f.failures.WithLabelValues(step).Inc()
	}
}

// Reminded notes that the clock told people something.
func (f *Figures) Reminded(kind incident.EntryKind) {
	f.reminders.WithLabelValues(string(kind)).Inc()
}

// Ticked notes a look at what is due.
func (f *Figures) Ticked(err error) {
	result := "ok"
	if err != nil {
		result = "failed"
	}
	f.ticks.WithLabelValues(result).Inc()
}

func severityLabel(level int) string { return "SEV" + strconv.Itoa(level) }
