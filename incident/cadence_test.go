package incident_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
	"muster/incident/incidenttest"
)

var rules = incidenttest.Rules

// The acts of people that reminders depend on.
var (
	severity, update, snooze  = incidenttest.Severity, incidenttest.Update, incidenttest.Snooze
	nothingNew, stop, resolve = incidenttest.NothingNew, incidenttest.Stop, incidenttest.Resolve
	reopen, both, live        = incidenttest.Reopen, incidenttest.Both, incidenttest.Live
)

// reminded lives through the minutes and gives those with a reminder.
func reminded(t *testing.T, c incidenttest.Reminding) (at []int) {
	t.Helper()
	i := incident.New(42, incident.Declaration{Title: "db down", Severity: c.Declared, By: "ULEE"}, declaredAt)
	i.Schedule(rules)
	for m := 1; m <= c.Minutes; m++ {
		now := declaredAt.Add(time.Duration(m) * time.Minute)
		if act := c.Do[m]; act != nil {
			if err := act(i, now); err != nil {
				t.Fatalf("minute %d: %v", m, err)
			}
			i.Schedule(rules)
		}
		i.News()
		if c.Down(m) {
			continue
		}
		// Two replicas look at the clock in the same moment.
		for range 2 {
			i.Tick(rules, now)
			for _, e := range i.News() {
				if e.Kind == incident.EntryReminder {
					at = append(at, m)
				}
			}
		}
		if due := i.Cadence.Due.Reminder; !due.IsZero() && !due.After(now) {
			t.Fatalf("minute %d: still due at %s", m, due)
		}
	}
	return at
}

func TestWhenPeopleAreReminded(t *testing.T) {
	t.Parallel()
	for name, c := range incidenttest.Reminded() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := reminded(t, c); !slices.Equal(got, c.Want) {
				t.Errorf("reminded in the minutes %v, want %v", got, c.Want)
			}
		})
	}
}

// minutes is a moment that long after the declaration.
func minute(m int) time.Time { return declaredAt.Add(time.Duration(m) * time.Minute) }

func TestWhenAnUpdateIsDue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		declared incident.Severity
		do       func(*incident.Incident, time.Time) error
		want     time.Time
	}{
		"not critical, no promise":         {3, update(0), time.Time{}},
		"not critical, a promise":          {3, update(15 * time.Minute), minute(25)},
		"critical, no promise":             {2, update(0), minute(40)},
		"critical, a promise":              {2, update(time.Hour), minute(70)},
		"critical, never updated":          {2, severity(1), minute(30)},
		"resolved":                         {2, resolve, time.Time{}},
		"a promise, then resolved":         {2, both(update(time.Hour), resolve), time.Time{}},
		"a promise, resolved and reopened": {4, both(both(update(time.Hour), resolve), reopen), time.Time{}},
		"a promise, then SEV3":             {2, both(update(15*time.Minute), severity(3)), minute(25)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := incident.New(42, incident.Declaration{Title: "db down", Severity: c.declared, By: "ULEE"}, declaredAt)
			if err := c.do(i, minute(10)); err != nil {
				t.Fatal(err)
			}
			if got := i.UpdateDue(rules); !got.Equal(c.want) {
				t.Errorf("due %s, want %s", got, c.want)
			}
		})
	}
}

func TestWhoIsReminded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hold []string
		want string
	}{
		"nobody": {nil, ""}, "the commander": {[]string{"commander"}, "U-commander"}, "not the lead": {[]string{"lead"}, ""},
		"the liaison before the commander": {[]string{"comms", "commander", "lead"}, "U-comms"},
	} {
		i := at(t, incident.Investigating, incident.SEV2)
		for _, role := range c.hold {
			if err := i.Claim(incident.Role{Key: role}, "U-"+role, declaredAt); err != nil {
				t.Fatal(err)
			}
		}
		i.Tick(rules, minute(30))
		if last, ok := i.Cadence.Live(); !ok || last.To != c.want || !last.Due.Equal(minute(30)) {
			t.Errorf("%s: %+v", name, last)
		}
	}
}

func TestAnswersToAReminder(t *testing.T) {
	t.Parallel()
	reminded := func() *incident.Incident {
		i := at(t, incident.Investigating, incident.SEV2)
		i.Tick(rules, minute(30))
		i.News()
		return i
	}
	for name, c := range map[string]struct {
		do   func(*incident.Incident, time.Time) error
		want incident.Reminder
	}{
		"update":   {update(15 * time.Minute), incident.Reminder{Answer: incident.AnswerUpdate, Until: minute(46)}},
		"nothing":  {nothingNew, incident.Reminder{Answer: incident.AnswerNothing, Until: minute(61)}},
		"snooze":   {snooze(15), incident.Reminder{Answer: incident.AnswerSnooze, Until: minute(46)}},
		"stop":     {stop, incident.Reminder{Answer: incident.AnswerStop}},
		"demoted":  {severity(3), incident.Reminder{Answer: incident.AnswerOver}},
		"resolved": {resolve, incident.Reminder{Answer: incident.AnswerOver}},
	} {
		t.Run(name, func(t *testing.T) {
			i := reminded()
			if err := c.do(i, minute(31)); err != nil {
				t.Fatal(err)
			}
			c.want.N, c.want.At, c.want.Due, c.want.By = 1, minute(30), minute(30), "UANA"
			if d := cmp.Diff([]incident.Reminder{c.want}, i.Cadence.Reminders); d != "" {
				t.Errorf("reminders (-want +got):\n%s", d)
			}
			i.News()
			for _, again := range []func() error{
				func() error { return i.NothingNew(1, rules, "UBO", minute(32)) },
				func() error { return i.Snooze(1, time.Minute, "UBO", minute(32)) },
				func() error { return i.Stop(1, "UBO", minute(32)) },
			} {
				wantRefused(t, i, incident.NothingToDo, again)
			}
		})
	}
	i := reminded()
	i.Tick(rules, minute(55))
	i.News()
	wantRefused(t, i, incident.NothingToDo, func() error { return i.Stop(1, "UBO", minute(56)) })
	wantRefused(t, i, incident.Invalid, func() error { return i.Snooze(2, -time.Minute, "UBO", minute(56)) })
	wantRefused(t, i, incident.Invalid, func() error { return i.Snooze(2, 25*time.Hour, "UBO", minute(56)) })
	if err := i.Stop(2, "UBO", minute(56)); err != nil {
		t.Error(err)
	}
}

// However long it goes on, the incident remembers only the latest reminders.
func TestRemindersAreForgotten(t *testing.T) {
	t.Parallel()
	i := at(t, incident.Investigating, incident.SEV1)
	for m := range 3000 {
		i.Tick(rules, minute(m))
	}
	if n := len(i.Cadence.Reminders); n != 8 || live(i) != 119 {
		t.Errorf("%d reminders, the last %d", n, live(i))
	}
}

// Who doesn't know the rules leaves the incident to be looked at.
func TestUnknownRulesMakeItDue(t *testing.T) {
	t.Parallel()
	i := at(t, incident.Investigating, incident.SEV2)
	i.Schedule(incident.Rules{})
	if due := i.Cadence.Due.Reminder; due.After(declaredAt) || due.IsZero() {
		t.Errorf("due %s", due)
	}
	// People read when the next update is due.
	if !i.Tick(rules, minute(1)) || i.Tick(rules, minute(2)) || !i.Cadence.Due.Reminder.Equal(minute(30)) {
		t.Errorf("then due %s", i.Cadence.Due.Reminder)
	}
}

// Nobody is reminded of a drill.
func TestATestIsLeftAlone(t *testing.T) {
	t.Parallel()
	i := incident.New(42, incident.Declaration{Title: "drill", Severity: incident.SEV1, Test: true, By: "ULEE"}, declaredAt)
	r := incident.Rules{First: time.Minute, Every: time.Minute, Commander: time.Minute, Stale: time.Minute, StaleEvery: time.Minute}
	i.Schedule(r)
	if i.Cadence.Due != (incident.Due{}) || i.Tick(r, declaredAt.Add(time.Hour)) {
		t.Errorf("due: %+v", i.Cadence.Due)
	}
}

// What the clock tells people is counted once it is saved.
func TestRemindersAreCounted(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Investigating, incident.SEV2)
	var counted []incident.EntryKind
	d.OnReminder(func(kind incident.EntryKind) { counted = append(counted, kind) })
	store.i.Cadence.Due.Reminder = changedAt
	store.i.Cadence.From, store.i.Cadence.CriticalSince = changedAt.Add(-time.Hour), changedAt.Add(-time.Hour)
	if err := d.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	store.failing = errors.New("away")
	if err := d.Tick(t.Context()); err == nil {
		t.Fatal("the store fails, and Tick does not")
	}
	if len(counted) != 1 || counted[0] != incident.EntryReminder {
		t.Errorf("counted %v", counted)
	}
}
