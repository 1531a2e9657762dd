package incident

import "time"

// dueHour is when people are reminded on the due day, in their time, and lateHour
// the same for what is due on the day on which it is written down.
const dueHour, lateHour = 9, 16

// reminding is when somebody is reminded of what is due on a day: zero if there is
// no time left for it.
func reminding(due string, zone *time.Location, now time.Time) (time.Time, error) {
	if due == "" {
		return time.Time{}, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	here := now.In(zone)
	day, err := time.ParseInLocation(time.DateOnly, due, here.Location())
	if err != nil {
		return time.Time{}, FieldErrorf("due", "Say the day like 2026-12-31.")
	}
	if day.AddDate(0, 0, 1).Before(here) {
		return time.Time{}, FieldErrorf("due", "That day is over.")
	}
	if day.After(here.AddDate(10, 0, 0)) {
		return time.Time{}, FieldErrorf("due", "That is more than ten years away.")
	}
	for _, hour := range []int{dueHour, lateHour} {
		if at := time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, here.Location()); at.After(now) {
			return at.UTC(), nil
		}
	}
	return time.Time{}, nil
}

// pursued reports whether anybody waits for the follow-ups.
func (i *Incident) pursued() bool {
	return !i.Test && i.Status != Cancelled && i.Status != Duplicate
}

// FollowUpDue is when the next person is reminded of a follow-up; zero if nobody
// is to be. Nobody is reminded of a drill, or of what was no incident of its own.
func (i *Incident) FollowUpDue() time.Time {
	var due time.Time
	if !i.pursued() {
		return due
	}
	for _, f := range i.FollowUps {
		if at := f.RemindAt; f.Open() && f.RemindedAt.IsZero() && !at.IsZero() && (due.IsZero() || at.Before(due)) {
			due = at
		}
	}
	return due
}

// remindFollowUps reminds of all that is due by now, and reports whether anything is.
func (i *Incident) remindFollowUps(now time.Time) bool {
	said := false
	if !reached(i.FollowUpDue(), now) {
		return false
	}
	for _, f := range i.FollowUps {
		if f.Open() && f.RemindedAt.IsZero() && reached(f.RemindAt, now) {
			f.RemindedAt = now
			i.putFollowUp(f, EntryTodoDue, "", now, true)
			said = true
		}
	}
	return said
}
