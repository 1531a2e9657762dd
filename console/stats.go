package console

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"muster/incident"
	"muster/report"
)

type statsBody struct {
	Months  int
	Choices []int
	Charts  []chartBody
	// Levels are the severities, and Severities their rows with the one of all at
	// the end.
	Levels     []incident.SeverityDefinition
	Severities []tallyRow
	ByMonth    []monthRow
	None       bool
	Note       string
}

type chartBody struct{ Title, Address string }

type tallyRow struct {
	Name                      string
	Declared, Resolved        int
	Response, Median, Slowest string
}

type monthRow struct {
	Month time.Time
	// Counts are by severity, the worst first.
	Counts []int
	tallyRow
}

// charts are what is drawn, by the last part of its address.
var charts = []struct {
	name, title string
	of          func(incident.Tally) (value float64, some bool)
	stacked     bool
}{
	{"declared", "Declared", func(t incident.Tally) (float64, bool) { return float64(t.Declared), true }, true},
	{"response", "Time to the first response (median)", func(t incident.Tally) (float64, bool) { return t.Response.Hours(), t.Responded > 0 }, false},
	{"resolved", "Time until resolved (median)", func(t incident.Tally) (float64, bool) { return t.Median.Hours(), t.Resolved > 0 }, false},
}

func (c *Console) showStats(w http.ResponseWriter, r *http.Request, me person) error {
	months := monthsOf(r)
	stats, err := c.stats(r.Context(), me.ID, months)
	if err != nil {
		return err
	}
	definitions, err := c.Reader.Definitions(r.Context())
	if err != nil {
		return err
	}
	all := stats.Of(time.Time{}, 0)
	body := statsBody{Months: months, Choices: []int{3, 6, 12, 24, 36}, Note: report.StatsNote, None: all.Declared == 0}
	for _, chart := range charts {
		body.Charts = append(body.Charts, chartBody{chart.title, fmt.Sprintf("/statistics/%s.svg?months=%d", chart.name, months)})
	}
	for _, level := range incident.Severities() {
		d := definitions.Severity(level)
		body.Levels = append(body.Levels, d)
		body.Severities = append(body.Severities, tallied(d.Name, stats.Of(time.Time{}, level)))
	}
	body.Severities = append(body.Severities, tallied("All", all))
	for _, month := range slices.Backward(stats.Months()) {
		row := monthRow{Month: month, tallyRow: tallied("", stats.Of(month, 0))}
		for _, level := range incident.Severities() {
			row.Counts = append(row.Counts, stats.Of(month, level).Declared)
		}
		body.ByMonth = append(body.ByMonth, row)
	}
	c.render(w, r, http.StatusOK, "statistics", frame{Title: "Statistics", Me: me, Here: "statistics", Body: body})
	return nil
}

func tallied(name string, t incident.Tally) tallyRow {
	span := func(d time.Duration, of int) string {
		if of == 0 {
			return "–"
		}
		return incident.Lasting(d)
	}
	return tallyRow{
		Name: name, Declared: t.Declared, Resolved: t.Resolved,
		Response: span(t.Response, t.Responded), Median: span(t.Median, t.Resolved), Slowest: span(t.P90, t.Resolved),
	}
}

func monthsOf(r *http.Request) int {
	months, ok := incident.ParseMonths(r.URL.Query().Get("months"))
	if !ok {
		return incident.StatsMonths
	}
	return months
}

// imagePolicy lets an image have its own styles, which the library writes, and
// nothing else. It stands alone: no page takes over what is in it.
const imagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

// drawStats draws one chart, for the page's colours and width.
func (c *Console) drawStats(w http.ResponseWriter, r *http.Request, me person) error {
	stats, err := c.stats(r.Context(), me.ID, monthsOf(r))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	look := report.Look{Dark: q.Get("dark") != "", Narrow: q.Get("narrow") != ""}
	for n, chart := range charts {
		if chart.name+".svg" != r.PathValue("chart") {
			continue
		}
		raw, err := chartOf(stats, n).SVG(look)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Content-Security-Policy", imagePolicy)
		_, _ = w.Write(raw)
		return nil
	}
	return incident.Errorf(incident.NotFound, "There is no such picture.")
}

// chartOf puts the numbers of a chart together, in the unit that fits them.
func chartOf(stats incident.Stats, n int) report.Chart {
	out := report.Chart{Unit: "incidents", Stacked: charts[n].stacked}
	most := 0.0
	for _, month := range stats.Months() {
		out.Months = append(out.Months, month.Format("Jan 06"))
	}
	for _, level := range incident.Severities() {
		s := report.Series{Severity: level}
		for _, month := range stats.Months() {
			value, some := charts[n].of(stats.Of(month, level))
			most = max(most, value)
			if !some {
				value = math.NaN()
			}
			s.Values = append(s.Values, value)
		}
		out.Series = append(out.Series, s)
	}
	if !out.Stacked {
		out.Unit = scaled(out.Series, most)
	}
	return out
}

// scaled turns hours into the unit in which the longest is easy to read.
func scaled(series []report.Series, most float64) string {
	unit, factor := "hours", 1.0
	switch {
	case most < 2:
		unit, factor = "minutes", 60
	case most > 72:
		unit, factor = "days", 1.0/24
	}
	for _, s := range series {
		for n := range s.Values {
			s.Values[n] *= factor
		}
	}
	return unit
}

// recent keeps what was counted a moment ago: a page and its pictures ask for the
// same.
type recent struct {
	mu    sync.Mutex
	known map[string]counted
}

type counted struct {
	stats incident.Stats
	until time.Time
}

const (
	recentFor  = 30 * time.Second
	recentMost = 200
)

func (c *Console) stats(ctx context.Context, viewer string, months int) (incident.Stats, error) {
	key := viewer + " " + strconv.Itoa(months)
	c.recent.mu.Lock()
	known, ok := c.recent.known[key]
	c.recent.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known.stats, nil
	}
	stats, err := c.Reader.Stats(ctx, incident.LastMonths(viewer, months, c.Now()))
	if err != nil {
		return incident.Stats{}, err
	}
	c.recent.mu.Lock()
	defer c.recent.mu.Unlock()
	if c.recent.known == nil || len(c.recent.known) >= recentMost {
		c.recent.known = map[string]counted{}
	}
	c.recent.known[key] = counted{stats, time.Now().Add(recentFor)}
	return stats, nil
}
