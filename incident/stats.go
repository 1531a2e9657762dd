package incident

import (
	"strconv"
	"strings"
	"time"
)

// StatsQuery asks for statistics of what was declared between two moments.
type StatsQuery struct {
	// Viewer is the Slack user id of who looks: private incidents count only for
	// those who may know of them. Empty means an outsider.
	Viewer string
	// Since is in it, Until is not.
	Since, Until time.Time
}

// Stats are the statistics of incidents. Test incidents, duplicates and what was
// cancelled are not in them.
type Stats struct {
	StatsQuery
	Tallies []Tally
}

// Tally counts the incidents of a month, of a severity, of both, or all of them.
type Tally struct {
	// Month is when it begins, in UTC, or zero for all months.
	Month time.Time
	// Severity is the worst that the incident had, or 0 for all.
	Severity Severity
	Declared int
	// Responded counts those to which somebody responded, and Response is the
	// median from the declaration to the first role that somebody took or was
	// given, or else the first act of anybody but who declared it.
	Responded int
	Response  time.Duration
	// Resolved counts those that are resolved, and Median and P90 say how long that
	// took from the declaration: half of them, and nine in ten, took no longer.
	Resolved    int
	Median, P90 time.Duration
}

// Of finds a tally; one that counts nothing is zero.
func (s Stats) Of(month time.Time, severity Severity) Tally {
	for _, t := range s.Tallies {
		if t.Month.Equal(month) && t.Severity == severity {
			return t
		}
	}
	return Tally{Month: month, Severity: severity}
}

// Months lists the months from since to until, as they begin in UTC.
func (s Stats) Months() []time.Time {
	var months []time.Time
	for at := monthOf(s.Since); at.Before(s.Until); at = at.AddDate(0, 1, 0) {
		months = append(months, at)
	}
	return months
}

func monthOf(t time.Time) time.Time {
	year, month, _ := t.UTC().Date()
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}

// StatsMonths is how many months statistics are of if nobody says otherwise, and
// MostMonths how many they can be of.
const StatsMonths, MostMonths = 12, 36

// ParseMonths reads what follows "stats": "6", "6 months", or nothing.
func ParseMonths(rest string) (months int, ok bool) {
	if rest == "" {
		return StatsMonths, true
	}
	number, unit, _ := strings.Cut(rest, " ")
	months, err := strconv.Atoi(number)
	ok = err == nil && months >= 1 && months <= MostMonths && (unit == "" || strings.EqualFold(unit, "months") || strings.EqualFold(unit, "month"))
	return months, ok
}

// LastMonths asks for the present month, all of it, and those before it.
func LastMonths(viewer string, months int, now time.Time) StatsQuery {
	return StatsQuery{Viewer: viewer, Since: monthOf(now).AddDate(0, 1-months, 0), Until: monthOf(now).AddDate(0, 1, 0)}
}
