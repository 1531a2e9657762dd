package incidenttest

import (
	"time"

	"muster/incident"
)

// Rules are the times after which people are reminded, if nobody configures others.
var Rules = incident.Rules{
	First: 30 * time.Minute, Every: 25 * time.Minute,
	Commander: 10 * time.Minute, Stale: 7 * 24 * time.Hour, StaleEvery: 2 * 24 * time.Hour,
}

// Act is what somebody does with an incident.
type Act func(i *incident.Incident, now time.Time) error

// Acts are what people do, by the minutes after the declaration.
type Acts map[int]Act

// Reminding is the life of an incident, and when people are reminded in it by the
// Rules. Everything is in minutes after the declaration.
type Reminding struct {
	Declared incident.Severity
	Do       Acts
	// Minutes is how long it lasts.
	Minutes int
	// Away is from when and until when nobody looks at the clock.
	Away [2]int
	Want []int
}

// Down reports whether nobody looks at the clock in a minute.
func (r Reminding) Down(minute int) bool { return minute >= r.Away[0] && minute < r.Away[1] }

// Reminded are the cases of the cadence, by name.
func Reminded() map[string]Reminding {
	return map[string]Reminding{
		"never critical":                     {Declared: 3, Minutes: 120},
		"declared critical, no update":       {Declared: 2, Minutes: 54, Want: []int{30}},
		"promoted, no update":                {Declared: 4, Do: Acts{10: Severity(2)}, Minutes: 60, Want: []int{40}},
		"still none":                         {Declared: 1, Minutes: 110, Want: []int{30, 55, 80, 105}},
		"an update without a promise":        {Declared: 2, Do: Acts{20: Update(0)}, Minutes: 60, Want: []int{50}},
		"an update after the reminder":       {Declared: 2, Do: Acts{33: Update(0)}, Minutes: 70, Want: []int{30, 63}},
		"an update that promises sooner":     {Declared: 2, Do: Acts{20: Update(15 * time.Minute)}, Minutes: 40, Want: []int{35}},
		"an update that promises later":      {Declared: 2, Do: Acts{20: Update(60 * time.Minute)}, Minutes: 90, Want: []int{80}},
		"a broken promise":                   {Declared: 2, Do: Acts{20: Update(15 * time.Minute)}, Minutes: 70, Want: []int{35, 60}},
		"a promise, then promoted":           {Declared: 4, Do: Acts{10: Update(15 * time.Minute), 12: Severity(1)}, Minutes: 30, Want: []int{25}},
		"a far promise, then promoted":       {Declared: 4, Do: Acts{10: Update(60 * time.Minute), 12: Severity(1)}, Minutes: 45, Want: []int{42}},
		"a past promise, then promoted":      {Declared: 4, Do: Acts{1: Update(5 * time.Minute), 12: Severity(1)}, Minutes: 45, Want: []int{42}},
		"nothing new":                        {Declared: 2, Do: Acts{40: NothingNew}, Minutes: 72, Want: []int{30, 70}},
		"nothing new after a promise":        {Declared: 2, Do: Acts{5: Update(60 * time.Minute), 66: NothingNew}, Minutes: 100, Want: []int{65, 96}},
		"snoozed":                            {Declared: 2, Do: Acts{31: Snooze(15)}, Minutes: 50, Want: []int{30, 46}},
		"snoozed for longer":                 {Declared: 2, Do: Acts{31: Snooze(30)}, Minutes: 90, Want: []int{30, 61, 86}},
		"snoozed, then updated":              {Declared: 2, Do: Acts{31: Snooze(15), 40: Update(0)}, Minutes: 75, Want: []int{30, 70}},
		"snoozed, then SEV1":                 {Declared: 2, Do: Acts{31: Snooze(15), 33: Severity(1)}, Minutes: 50, Want: []int{30, 46}},
		"stopped":                            {Declared: 2, Do: Acts{31: Stop}, Minutes: 150, Want: []int{30}},
		"stopped, then updated":              {Declared: 2, Do: Acts{31: Stop, 40: Update(15 * time.Minute)}, Minutes: 150, Want: []int{30}},
		"stopped until the severity changes": {Declared: 2, Do: Acts{31: Stop, 100: Severity(1)}, Minutes: 140, Want: []int{30, 130}},
		"SEV2 to SEV1":                       {Declared: 2, Do: Acts{20: Severity(1)}, Minutes: 60, Want: []int{30, 55}},
		"SEV2 to SEV1 and back":              {Declared: 2, Do: Acts{20: Severity(1), 25: Severity(2)}, Minutes: 60, Want: []int{30, 55}},
		"back to SEV3":                       {Declared: 2, Do: Acts{31: Severity(3)}, Minutes: 200, Want: []int{30}},
		"back to SEV4 and up again":          {Declared: 2, Do: Acts{20: Severity(4), 25: Severity(2)}, Minutes: 60, Want: []int{55}},
		"resolved":                           {Declared: 2, Do: Acts{31: Resolve}, Minutes: 200, Want: []int{30}},
		"cancelled":                          {Declared: 2, Do: Acts{31: Cancel}, Minutes: 90, Want: []int{30}},
		"a duplicate":                        {Declared: 2, Do: Acts{31: Duplicate}, Minutes: 90, Want: []int{30}},
		"resolved and reopened":              {Declared: 2, Do: Acts{20: Resolve, 40: Reopen}, Minutes: 75, Want: []int{70}},
		"reopened in one moment":             {Declared: 2, Do: Acts{20: Both(Resolve, Reopen)}, Minutes: 55, Want: []int{50}},
		"an hour of downtime":                {Declared: 2, Away: [2]int{25, 85}, Minutes: 115, Want: []int{85, 110}},
		"an update during the downtime":      {Declared: 2, Do: Acts{60: Update(0)}, Away: [2]int{25, 85}, Minutes: 100, Want: []int{90}},
		"a snooze ends during the downtime":  {Declared: 2, Do: Acts{31: Snooze(15)}, Away: [2]int{32, 92}, Minutes: 118, Want: []int{30, 92, 117}},
	}
}

// Severity promotes or demotes.
func Severity(to incident.Severity) Act {
	return func(i *incident.Incident, now time.Time) error { return i.SetSeverity(to, "UANA", now) }
}

// Update posts an update that promises the next one within that time, or never.
func Update(within time.Duration) Act {
	return func(i *incident.Incident, now time.Time) error {
		return i.Post(incident.Update{Text: "x", Within: within}, "UANA", now)
	}
}

// Live is the number of the reminder that waits for an answer.
func Live(i *incident.Incident) int {
	last, _ := i.Cadence.Live()
	return last.N
}

// NothingNew answers the live reminder.
func NothingNew(i *incident.Incident, now time.Time) error {
	return i.NothingNew(Live(i), Rules, "UANA", now)
}

// Snooze answers the live reminder.
func Snooze(minutes int) Act {
	return func(i *incident.Incident, now time.Time) error {
		return i.Snooze(Live(i), time.Duration(minutes)*time.Minute, "UANA", now)
	}
}

// Stop answers the live reminder.
func Stop(i *incident.Incident, now time.Time) error { return i.Stop(Live(i), "UANA", now) }

// Resolve ends the incident.
func Resolve(i *incident.Incident, now time.Time) error { return i.Resolve("x", "UANA", now) }

// Cancel ends it as none.
func Cancel(i *incident.Incident, now time.Time) error { return i.Cancel("x", "UANA", now) }

// Duplicate ends it as the same as INC-1.
func Duplicate(i *incident.Incident, now time.Time) error {
	return i.Duplicate(&incident.Incident{Number: 1}, "UANA", now)
}

// Reopen takes it up again.
func Reopen(i *incident.Incident, now time.Time) error { return i.Reopen("UANA", now) }

// Both does one thing after the other in one moment.
func Both(a, b Act) Act {
	return func(i *incident.Incident, now time.Time) error {
		if err := a(i, now); err != nil {
			return err
		}
		return b(i, now)
	}
}
