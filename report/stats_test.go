package report_test

import (
	"bytes"
	"image"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
	"muster/report"
)

func stats() incident.Stats {
	s := incident.Stats{StatsQuery: incident.LastMonths("U1", 3, noon)}
	month := func(n int) time.Time { return time.Date(2025, time.November+time.Month(n), 1, 0, 0, 0, 0, time.UTC) }
	s.Tallies = []incident.Tally{
		{Declared: 12, Responded: 9, Response: 4 * time.Minute, Resolved: 11, Median: 48 * time.Minute, P90: 26 * time.Hour},
		{Severity: 1, Declared: 2, Responded: 2, Response: 30 * time.Second, Resolved: 1, Median: 3*time.Hour + 5*time.Minute, P90: 3*time.Hour + 5*time.Minute},
		{Severity: 4, Declared: 10},
		{Month: month(0), Declared: 7, Responded: 5, Response: time.Minute, Resolved: 7, Median: 40 * time.Minute, P90: time.Hour},
		{Month: month(0), Severity: 1, Declared: 2},
		{Month: month(0), Severity: 4, Declared: 5},
		{Month: month(2), Declared: 5, Responded: 5, Response: time.Minute, Resolved: 4, Median: 2 * time.Hour, P90: 4 * time.Hour},
		{Month: month(2), Severity: 4, Declared: 5},
	}
	return s
}

// Months before the first incident say nothing.
func TestStatsTextBeginsWithTheFirstIncident(t *testing.T) {
	s := stats()
	s.StatsQuery = incident.LastMonths("U1", 12, noon)
	if diff := cmp.Diff(report.StatsText(stats(), incident.Definitions{}), report.StatsText(s, incident.Definitions{})); diff != "" {
		t.Error(diff)
	}
}

func TestStatsText(t *testing.T) {
	t.Parallel()
	want := `         declared resolved response   median     90 %
SEV1            2        1      <1m     3h05     3h05
SEV2            0        0        –        –        –
SEV3            0        0        –        –        –
SEV4           10        0        –        –        –
all            12       11       4m      48m     1d2h

          SEV1 SEV2 SEV3 SEV4  all response   median     90 %
2025-11      2    0    0    5    7       1m      40m     1h00
2025-12      0    0    0    0    0        –        –        –
2026-01      0    0    0    5    5       1m     2h00     4h00
`
	if diff := cmp.Diff(want, report.StatsText(stats(), incident.Definitions{})); diff != "" {
		t.Error(diff)
	}
}

func TestStatsPicture(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]incident.Stats{"stats": stats(), "nothing": {StatsQuery: stats().StatsQuery}, "years": {StatsQuery: incident.LastMonths("", 36, noon)}} {
		drawn, err := report.StatsPNG(s, incident.Definitions{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, format, err := image.Decode(bytes.NewReader(drawn)); err != nil || format != "png" {
			t.Errorf("%s: %s, %v", name, format, err)
		}
		if path := os.Getenv("MUSTER_TEST_PICTURES"); path != "" {
			if err := os.WriteFile(path+"/"+name+".png", drawn, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestCountsAreWhole(t *testing.T) {
	t.Parallel()
	for to, want := range map[float64]string{1: "0 1", 1.3: "0 1", 5: "0 1 2 3 4 5", 7: "0 2 4 6", 54: "0 20 40", 70: "0 20 40 60", 1300: "0 500 1000"} {
		var got []string
		for _, tick := range (report.Whole{}).Ticks(0, to) {
			got = append(got, tick.Label)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("up to %v: %v, want %s", to, got, want)
		}
	}
}
