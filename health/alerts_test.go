package health_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
	"go.yaml.in/yaml/v3"
)

// alert is a rule of Prometheus.
type alert struct {
	Alert, Expr string
	For         time.Duration
	Labels      struct{ Severity string }
	Annotations struct{ Summary, Description string }
}

func alerts(t *testing.T) map[string]alert {
	t.Helper()
	text, err := os.ReadFile("../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Groups []struct{ Rules []alert } }
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]alert{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			all[r.Alert] = r
		}
	}
	return all
}

// Who is woken by an alert reads how bad it is, what it means, and what to do.
func TestAlertsAreComplete(t *testing.T) {
	t.Parallel()
	for _, a := range alerts(t) {
		if a.Alert == "" || a.Labels.Severity == "" || a.Annotations.Summary == "" || a.Annotations.Description == "" {
			t.Errorf("incomplete alert %+v", a)
		}
	}
}

// The dashboard's expressions are read as Grafana sends them, with its interval
// filled in.
func TestTheDashboardsExpressionsAreSound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../deploy/grafana/muster.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			expr := strings.ReplaceAll(target.Expr, "$__rate_interval", "4m")
			if !strings.Contains(expr, "muster_") {
				t.Errorf("%s: %s names no figure", p.Title, expr)
			}
			if parsed, err := parser.ParseExpr(expr); err != nil {
				t.Errorf("%s: %v", p.Title, err)
			} else if parsed.Type() != parser.ValueTypeVector {
				t.Errorf("%s: %s is a %s", p.Title, expr, parsed.Type())
			}
		}
	}
}

// Each alert is raised by what it is for, and stays silent where it should: a
// series has a sample a minute, in the notation of promtool.
func TestAlertsAreRaisedByWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	const never = -1
	untested := alerts(t)
	for _, c := range []struct {
		what, alert string
		raised      int // the minute
		series      []string
	}{
		{"both replicas connected", "MusterIsDeaf", never, []string{`muster_slack_sockets{pod="a"} 2x60`, `muster_slack_sockets{pod="b"} 2x60`}},
		{"one lost its connections", "MusterIsDeaf", never, []string{`muster_slack_sockets{pod="a"} 2x60`, `muster_slack_sockets{pod="b"} 0x60`}},
		{"a reconnect", "MusterIsDeaf", never, []string{`muster_slack_sockets{pod="a"} 2x20 0 1 2x40`}},
		{"both lost them", "MusterIsDeaf", 13, []string{`muster_slack_sockets{pod="a"} 2x10 0x40`, `muster_slack_sockets{pod="b"} 2x10 0x40`}},
		// Prometheus takes the last value for 5 minutes.
		{"nothing is scraped any more", "MusterIsDeaf", 17, []string{`muster_slack_sockets{pod="a"} 2x10 _x50`}},

		{"the database answers one of two", "MusterDatabaseIsAway", never, []string{`muster_database_up{pod="a"} 0x60`, `muster_database_up{pod="b"} 1x60`}},
		{"it answers none", "MusterDatabaseIsAway", 12, []string{`muster_database_up{pod="a"} 1x10 0x40`, `muster_database_up{pod="b"} 1x10 0x40`}},

		{"no traffic", "MusterAcknowledgesLate", never, []string{`muster_ack_seconds_bucket{le="2"} 0x60`, `muster_ack_seconds_bucket{le="+Inf"} 0x60`}},
		{"acknowledged at once", "MusterAcknowledgesLate", never, []string{
			`muster_ack_seconds_bucket{le="0.01"} 0+100x60`, `muster_ack_seconds_bucket{le="2"} 0+100x60`, `muster_ack_seconds_bucket{le="+Inf"} 0+100x60`}},
		{"one of ten takes longer than 2 s", "MusterAcknowledgesLate", 11, []string{
			`muster_ack_seconds_bucket{le="2"} 0+90x60`, `muster_ack_seconds_bucket{le="2.5"} 0+100x60`, `muster_ack_seconds_bucket{le="+Inf"} 0+100x60`}},

		{"a few lost acknowledgements", "MusterAcknowledgementsFail", never, []string{`muster_acks_failed_total{kind="command"} 0x10 3x50`}},
		{"two kinds that are lost", "MusterAcknowledgementsFail", 11, []string{
			`muster_acks_failed_total{kind="command"} 0x10 4x50`, `muster_acks_failed_total{kind="form"} 0x10 4x50`}},

		{"work of the last minutes", "MusterIsBehind", never, []string{`muster_queue_oldest_seconds 250x60`, `muster_queue_incidents 9x60`, `muster_stuck_incidents 0x60`}},
		{"what is late is stuck, which has an alert of its own", "MusterIsBehind", never, []string{`muster_queue_oldest_seconds 900x60`, `muster_queue_incidents 1x60`, `muster_stuck_incidents 1x60`}},
		{"work that waits", "MusterIsBehind", 11, []string{`muster_queue_oldest_seconds 0+60x60`, `muster_queue_incidents 3x60`, `muster_stuck_incidents 1x60`}},

		{"a step that fails for some minutes", "MusterIncidentIsStuck", never, []string{`muster_stuck_incidents 0x10 1x8 0x40`}},
		{"one that keeps failing", "MusterIncidentIsStuck", 21, []string{`muster_stuck_incidents 0x10 1x49`}},

		{"reminders in time", "MusterRemindsLate", never, []string{`muster_overdue_reminders 0x60`}},
		{"reminders that nobody sends", "MusterRemindsLate", 16, []string{`muster_overdue_reminders{pod="a"} 0x10 2x49`, `muster_overdue_reminders{pod="b"} 0x10 2x49`}},

		{"a burst of reactions", "MusterInboxWaits", never, []string{`muster_inbox_events 0x10 200x5 0x40`}},
		{"events that stay", "MusterInboxWaits", 21, []string{`muster_inbox_events 0x10 30x49`}},

		{"calls that Slack takes", "MusterIsLimited", never, []string{`muster_slack_calls_total{method="chat.update",result="ok"} 0+600x60`, `muster_slack_calls_total{method="chat.update",result="limited"} 0+6x60`}},
		{"half of them not", "MusterIsLimited", 16, []string{`muster_slack_calls_total{method="chat.update",result="paced"} 0+60x60`, `muster_slack_calls_total{method="chat.update",result="ok"} 0+60x60`}},
	} {
		rule, ok := alerts(t)[c.alert]
		if !ok {
			t.Fatalf("there is no alert %s", c.alert)
		}
		if c.raised != never {
			delete(untested, c.alert)
		}
		t.Run(c.alert+", "+c.what, func(t *testing.T) {
			t.Parallel()
			if got := raised(t, rule, invented(t, c.series)); got != c.raised {
				t.Errorf("raised in minute %d, not %d", got, c.raised)
			}
		})
	}
	for name := range untested {
		t.Errorf("nothing raises %s", name)
	}
}

// minutes is how long the series are watched.
const minutes = 60

func minute(n int) time.Time { return time.Unix(0, 0).UTC().Add(time.Duration(n) * time.Minute) }

// raised gives the minute in which a rule, asked once a minute, has been true for as
// long as it has to be, or -1.
func raised(t *testing.T, rule alert, from storage.Queryable) int {
	t.Helper()
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 10_000, Timeout: time.Minute})
	defer func() { _ = engine.Close() }()
	since := -1
	for n := range minutes {
		query, err := engine.NewInstantQuery(t.Context(), from, nil, rule.Expr, minute(n))
		if err != nil {
			t.Fatalf("%s: %v", rule.Alert, err)
		}
		found, err := query.Exec(t.Context()).Vector()
		switch {
		case err != nil:
			t.Fatalf("%s: %v", rule.Alert, err)
		case len(found) > 1:
			t.Fatalf("%s: %d alerts at once", rule.Alert, len(found))
		case len(found) == 0:
			since = -1
		case since < 0:
			since = n
		}
		query.Close()
		if since >= 0 && minute(n).Sub(minute(since)) >= rule.For {
			return n
		}
	}
	return -1
}

// invented reads series, which have a sample a minute.
func invented(t *testing.T, described []string) storage.Queryable {
	t.Helper()
	var all []storage.Series
	for _, line := range described {
		name, values, err := parser.ParseSeriesDesc(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var samples []chunks.Sample
		for n, v := range values {
			if !v.Omitted {
				samples = append(samples, sample{minute(n).UnixMilli(), v.Value})
			}
		}
		all = append(all, storage.NewListSeries(name, samples))
	}
	return &storage.MockQueryable{MockQuerier: &storage.MockQuerier{
		SelectMockFunction: func(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
			return chosen(all, matchers)
		},
	}}
}

func chosen(all []storage.Series, matchers []*labels.Matcher) *series {
	s := &series{at: -1}
	for _, one := range all {
		fits := true
		for _, m := range matchers {
			fits = fits && m.Matches(one.Labels().Get(m.Name))
		}
		if fits {
			s.list = append(s.list, one)
		}
	}
	return s
}

// series is a storage.SeriesSet.
type series struct {
	list []storage.Series
	at   int
}

func (s *series) Next() bool         { s.at++; return s.at < len(s.list) }
func (s *series) At() storage.Series { return s.list[s.at] }
func (s *series) Err() error         { return nil }

func (s *series) Warnings() annotations.Annotations { return nil }

// sample is a number at a time, in ms.
type sample struct {
	at    int64
	value float64
}

func (s sample) T() int64                      { return s.at }
func (s sample) F() float64                    { return s.value }
func (s sample) H() *histogram.Histogram       { return nil }
func (s sample) FH() *histogram.FloatHistogram { return nil }
func (s sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (s sample) Copy() chunks.Sample           { return s }
