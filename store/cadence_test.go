package store_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/incident"
	"muster/incident/incidenttest"
	"muster/store"
)

// reminded lives through a case with two replicas, of which one dies and starts
// again every 25 minutes, and gives the minutes with a reminder. clock is what
// both believe that the time is, in a minute.
func reminded(t *testing.T, c incidenttest.Reminding, clock func(minute int) time.Time) (at []int) {
	t.Helper()
	one, address := fresh(t)
	replicas := []*store.Store{one, open(t, address)}
	declared(t, one, incident.SEV4)
	d := incident.Declaration{Title: "db down", By: "ULEE", Severity: c.Declared, Origin: incident.Origin{Kind: incident.OriginForm, Key: nextKey()}}
	i, _, err := one.Declare(t.Context(), d, time.Time{}, func(number int64, _ incident.Set) *incident.Incident {
		i := incident.New(number, d, clock(0))
		i.Schedule(incidenttest.Rules)
		return i
	})
	if err != nil {
		t.Fatal(err)
	}
	for m := 1; m <= c.Minutes; m++ {
		now := clock(m)
		if m%25 == 0 {
			replicas[m/25%2].Close()
			replicas[m/25%2] = open(t, address)
		}
		if act := c.Do[m]; act != nil {
			if _, err := replicas[m%2].Change(t.Context(), i.Number, nextKey(), func(i *incident.Incident) error {
				defer i.Schedule(incidenttest.Rules)
				return act(i, now)
			}); err != nil {
				t.Fatalf("minute %d: %v", m, err)
			}
		}
		if c.Down(m) {
			continue
		}
		var said atomic.Int64
		var ticking sync.WaitGroup
		for _, s := range replicas {
			ticking.Go(func() {
				_, err := s.ChangeDue(t.Context(), now, 100, 0, func(i *incident.Incident) bool {
					before := lastReminder(i)
					defer func() { said.Add(int64(lastReminder(i) - before)) }()
					return i.Tick(incidenttest.Rules, now)
				})
				if err != nil {
					t.Errorf("minute %d: %v", m, err)
				}
			})
		}
		ticking.Wait()
		for range said.Load() {
			at = append(at, m)
		}
	}
	if got := query(t, address, reminders); got != fmt.Sprint(len(at)) {
		t.Errorf("%s reminders are in the timeline, want %d", got, len(at))
	}
	return at
}

// lastReminder is the number of the newest reminder.
func lastReminder(i *incident.Incident) int {
	last, _ := i.Cadence.Live()
	return last.N
}

func TestWhenReplicasThatDieRemindPeople(t *testing.T) {
	t.Parallel()
	for name, c := range incidenttest.Reminded() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
			if got := reminded(t, c, clock); !slices.Equal(got, c.Want) {
				t.Errorf("reminded in the minutes %v, want %v", got, c.Want)
			}
		})
	}
}

// A clock that is put right does not remind again, nor at once for each time that
// it passed over. One that goes back waits until it is as late as it was.
func TestRemindersOfAClockThatJumps(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	steady := func(base time.Time) func(int) time.Time {
		return func(m int) time.Time { return base.Add(time.Duration(m) * time.Minute) }
	}
	jump := func(after, by int) func(int) time.Time {
		return func(m int) time.Time {
			if m > after {
				m += by
			}
			return noon.Add(time.Duration(m) * time.Minute)
		}
	}
	for name, c := range map[string]struct {
		clock func(int) time.Time
		want  []int
	}{
		"back, before the first":    {jump(29, -20), []int{50, 75, 100}},
		"back, after the first":     {jump(30, -20), []int{30, 75, 100}},
		"back to before it began":   {jump(30, -60), []int{30, 115}},
		"forward, before the first": {jump(20, 60), []int{21, 46, 71, 96}},
		"forward, after the first":  {jump(31, 60), []int{30, 32, 57, 82, 107}},
		"forward by a week":         {jump(31, 7*24*60), []int{30, 32, 57, 82, 107}},
		"back and forth": {func(m int) time.Time {
			return noon.Add(time.Duration(m-m%2) * time.Minute)
		}, []int{30, 56, 82, 108}},
		"summer time begins": {steady(time.Date(2025, 3, 30, 1, 40, 0, 0, berlin)), []int{30, 55, 80, 105}},
		"summer time ends":   {steady(time.Date(2025, 10, 26, 2, 10, 0, 0, berlin)), []int{30, 55, 80, 105}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			life := incidenttest.Reminding{Declared: incident.SEV1, Minutes: 115}
			if got := reminded(t, life, c.clock); !slices.Equal(got, c.want) {
				t.Errorf("reminded in the minutes %v, want %v", got, c.want)
			}
		})
	}
}
