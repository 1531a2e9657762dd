package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
)

var rules = incident.Rules{
	First: 30 * time.Minute, Every: 25 * time.Minute,
	Commander: 10 * time.Minute, Stale: 7 * 24 * time.Hour, StaleEvery: 2 * 24 * time.Hour,
}

// acts are what people do in the minutes after the declaration.
type acts map[int]func(i *incident.Incident, now time.Time) error

func severity(to incident.Severity) func(*incident.Incident, time.Time) error {
	return func(i *incident.Incident, now time.Time) error { return i.SetSeverity(to, "UANA", now) }
}

func update(within time.Duration) func(*incident.Incident, time.Time) error {
	return func(i *incident.Incident, now time.Time) error {
		return i.Post(incident.Update{Text: "x", Within: within}, "UANA", now)
	}
}

// live is the number of the reminder that waits for an answer.
func live(i *incident.Incident) int {
	last, _ := i.Cadence.Live()
	return last.N
}

func nothingNew(i *incident.Incident, now time.Time) error {
	return i.NothingNew(live(i), rules, "UANA", now)
}
func stop(i *incident.Incident, now time.Time) error    { return i.Stop(live(i), "UANA", now) }
func resolve(i *incident.Incident, now time.Time) error { return i.Resolve("x", "UANA", now) }
func reopen(i *incident.Incident, now time.Time) error  { return i.Reopen("UANA", now) }

func snooze(minutes int) func(*incident.Incident, time.Time) error {
	return func(i *incident.Incident, now time.Time) error {
		return i.Snooze(live(i), time.Duration(minutes)*time.Minute, "UANA", now)
	}
}

func both(a, b func(*incident.Incident, time.Time) error) func(*incident.Incident, time.Time) error {
	return func(i *incident.Incident, now time.Time) error {
		if err := a(i, now); err != nil {
			return err
		}
		return b(i, now)
	}
}

// reminded lives through the minutes and gives those with a reminder. Between the
// minutes of down, nobody looks at the clock.
func reminded(t *testing.T, declared incident.Severity, do acts, minutes int, down [2]int) (at []int) {
	t.Helper()
	i := incident.New(42, incident.Declaration{Title: "db down", Severity: declared, By: "ULEE"}, declaredAt)
	i.Schedule(rules)
	for m := 1; m <= minutes; m++ {
		now := declaredAt.Add(time.Duration(m) * time.Minute)
		if act := do[m]; act != nil {
			if err := act(i, now); err != nil {
				t.Fatalf("minute %d: %v", m, err)
			}
			i.Schedule(rules)
		}
		i.News()
		if m >= down[0] && m < down[1] {
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
	for name, c := range map[string]struct {
		declared incident.Severity
		do       acts
		minutes  int
		down     [2]int
		want     []int
	}{
		"never critical":                     {declared: 3, minutes: 300},
		"declared critical, no update":       {declared: 2, minutes: 54, want: []int{30}},
		"promoted, no update":                {declared: 4, do: acts{10: severity(2)}, minutes: 60, want: []int{40}},
		"still none":                         {declared: 1, minutes: 110, want: []int{30, 55, 80, 105}},
		"an update without a promise":        {declared: 2, do: acts{20: update(0)}, minutes: 60, want: []int{50}},
		"an update after the reminder":       {declared: 2, do: acts{33: update(0)}, minutes: 70, want: []int{30, 63}},
		"an update that promises sooner":     {declared: 2, do: acts{20: update(15 * time.Minute)}, minutes: 40, want: []int{35}},
		"an update that promises later":      {declared: 2, do: acts{20: update(60 * time.Minute)}, minutes: 90, want: []int{80}},
		"a broken promise":                   {declared: 2, do: acts{20: update(15 * time.Minute)}, minutes: 70, want: []int{35, 60}},
		"a promise, then promoted":           {declared: 4, do: acts{10: update(15 * time.Minute), 12: severity(1)}, minutes: 30, want: []int{25}},
		"a far promise, then promoted":       {declared: 4, do: acts{10: update(60 * time.Minute), 12: severity(1)}, minutes: 45, want: []int{42}},
		"a past promise, then promoted":      {declared: 4, do: acts{1: update(5 * time.Minute), 12: severity(1)}, minutes: 45, want: []int{42}},
		"nothing new":                        {declared: 2, do: acts{40: nothingNew}, minutes: 72, want: []int{30, 70}},
		"nothing new after a promise":        {declared: 2, do: acts{5: update(60 * time.Minute), 66: nothingNew}, minutes: 100, want: []int{65, 96}},
		"snoozed":                            {declared: 2, do: acts{31: snooze(15)}, minutes: 50, want: []int{30, 46}},
		"snoozed for longer":                 {declared: 2, do: acts{31: snooze(30)}, minutes: 90, want: []int{30, 61, 86}},
		"snoozed, then updated":              {declared: 2, do: acts{31: snooze(15), 40: update(0)}, minutes: 75, want: []int{30, 70}},
		"snoozed, then SEV1":                 {declared: 2, do: acts{31: snooze(15), 33: severity(1)}, minutes: 50, want: []int{30, 46}},
		"stopped":                            {declared: 2, do: acts{31: stop}, minutes: 400, want: []int{30}},
		"stopped, then updated":              {declared: 2, do: acts{31: stop, 40: update(15 * time.Minute)}, minutes: 400, want: []int{30}},
		"stopped until the severity changes": {declared: 2, do: acts{31: stop, 100: severity(1)}, minutes: 140, want: []int{30, 130}},
		"SEV2 to SEV1":                       {declared: 2, do: acts{20: severity(1)}, minutes: 60, want: []int{30, 55}},
		"SEV2 to SEV1 and back":              {declared: 2, do: acts{20: severity(1), 25: severity(2)}, minutes: 60, want: []int{30, 55}},
		"back to SEV3":                       {declared: 2, do: acts{31: severity(3)}, minutes: 200, want: []int{30}},
		"back to SEV4 and up again":          {declared: 2, do: acts{20: severity(4), 25: severity(2)}, minutes: 60, want: []int{55}},
		"resolved":                           {declared: 2, do: acts{31: resolve}, minutes: 200, want: []int{30}},
		"resolved and reopened":              {declared: 2, do: acts{20: resolve, 40: reopen}, minutes: 75, want: []int{70}},
		"reopened in one moment":             {declared: 2, do: acts{20: both(resolve, reopen)}, minutes: 55, want: []int{50}},
		"an hour of downtime":                {declared: 2, down: [2]int{25, 85}, minutes: 115, want: []int{85, 110}},
		"an update during the downtime":      {declared: 2, do: acts{60: update(0)}, down: [2]int{25, 85}, minutes: 100, want: []int{90}},
		"a snooze ends during the downtime":  {declared: 2, do: acts{31: snooze(15)}, down: [2]int{32, 92}, minutes: 118, want: []int{30, 92, 117}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := reminded(t, c.declared, c.do, c.minutes, c.down); !slices.Equal(got, c.want) {
				t.Errorf("reminded in the minutes %v, want %v", got, c.want)
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
	if i.Tick(rules, minute(1)) || !i.Cadence.Due.Reminder.Equal(minute(30)) {
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
