package incident_test

import (
	"slices"
	"testing"
	"time"

	"muster/incident"
)

// toldOf lives through the time in steps and gives when an entry of a kind came.
func toldOf(t *testing.T, kind incident.EntryKind, step, length time.Duration, do map[time.Duration]func(*incident.Incident, time.Time) error) (at []time.Duration) {
	t.Helper()
	i := incident.New(42, incident.Declaration{Title: "db down", By: "ULEE"}, declaredAt)
	i.Schedule(rules)
	for passed := step; passed <= length; passed += step {
		now := declaredAt.Add(passed)
		if act := do[passed]; act != nil {
			if err := act(i, now); err != nil {
				t.Fatalf("after %s: %v", passed, err)
			}
			i.Schedule(rules)
		}
		i.News()
		for range 2 {
			i.Tick(rules, now)
			for _, e := range i.News() {
				if e.Kind == kind {
					at = append(at, passed)
				}
			}
		}
	}
	return at
}

func claim(i *incident.Incident, now time.Time) error {
	return i.Claim(incident.Role{Key: incident.Commander}, "UANA", now)
}

func leave(i *incident.Incident, now time.Time) error {
	return i.Leave(incident.Role{Key: incident.Commander}, "UANA", now)
}

func TestWhenACommanderIsAskedFor(t *testing.T) {
	t.Parallel()
	const m = time.Minute
	type doing = map[time.Duration]func(*incident.Incident, time.Time) error
	for name, c := range map[string]struct {
		do   doing
		want []time.Duration
	}{
		"nobody, ever":         {nil, []time.Duration{10 * m}},
		"somebody in time":     {doing{9 * m: claim}, nil},
		"somebody at the time": {doing{10 * m: claim}, nil},
		"somebody later":       {doing{12 * m: claim, 20 * m: leave}, []time.Duration{10 * m}},
		"somebody who left":    {doing{5 * m: claim, 30 * m: leave}, []time.Duration{40 * m}},
		"resolved":             {doing{5 * m: resolve}, nil},
		"reopened":             {doing{5 * m: resolve, 60 * m: reopen}, []time.Duration{70 * m}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := toldOf(t, incident.EntryPrompt, m, 120*m, c.do); !slices.Equal(got, c.want) {
				t.Errorf("asked after %v, want %v", got, c.want)
			}
		})
	}
}

func stillWorking(i *incident.Incident, now time.Time) error { return i.StillWorking("UANA", now) }

func TestWhenAnIncidentIsStale(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	type doing = map[time.Duration]func(*incident.Incident, time.Time) error
	for name, c := range map[string]struct {
		do   doing
		want []time.Duration
	}{
		"left alone":               {nil, []time.Duration{7 * day, 9 * day, 11 * day, 13 * day}},
		"resolved before":          {doing{6 * day: resolve}, nil},
		"resolved after":           {doing{8 * day: resolve}, []time.Duration{7 * day}},
		"still worked on":          {doing{8 * day: stillWorking}, []time.Duration{7 * day}},
		"still worked on, at once": {doing{7*day + 12*time.Hour: stillWorking}, []time.Duration{7 * day, 14*day + 12*time.Hour}},
		"resolved and reopened":    {doing{2 * day: resolve, 6 * day: reopen}, []time.Duration{13 * day}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := toldOf(t, incident.EntryStale, 12*time.Hour, 14*day+12*time.Hour, c.do); !slices.Equal(got, c.want) {
				t.Errorf("called stale after %v, want %v", got, c.want)
			}
		})
	}
}

func TestStillWorkingOnlyAnswersWhatWasAsked(t *testing.T) {
	t.Parallel()
	i := at(t, incident.Investigating, incident.SEV4)
	wantRefused(t, i, incident.NothingToDo, func() error { return stillWorking(i, changedAt) })
	now := declaredAt.Add(8 * 24 * time.Hour)
	i.Tick(rules, now)
	i.News()
	if err := stillWorking(i, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	wantNews(t, i, incident.Entry{Kind: incident.EntryKept, At: now.Add(time.Hour), By: "UANA"})
	wantRefused(t, i, incident.NothingToDo, func() error { return stillWorking(i, now.Add(2*time.Hour)) })
	wantRefused(t, at(t, incident.Resolved, incident.SEV4), incident.Conflict, func() error {
		return at(t, incident.Resolved, incident.SEV4).StillWorking("UANA", now)
	})
}

// Who says that they still work on an incident, to a replica whose clock is behind the
// one's that called it stale, is heard the first time.
func TestStillWorkingByAClockThatIsBehind(t *testing.T) {
	t.Parallel()
	i := incident.New(42, incident.Declaration{Title: "db down", By: "ULEE"}, declaredAt)
	stale := declaredAt.Add(rules.Stale)
	i.Tick(rules, stale)
	behind := stale.Add(-time.Minute)
	if err := i.StillWorking("UANA", behind); err != nil {
		t.Fatal(err)
	}
	if c := i.Cadence; c.KeptAt.Before(c.StaleAt) {
		t.Errorf("it is on the list still: kept %v, stale %v", c.KeptAt, c.StaleAt)
	}
	if err := i.StillWorking("UBO", behind.Add(time.Second)); !incident.IsKind(err, incident.NothingToDo) {
		t.Errorf("the second one is told %v", err)
	}
}
