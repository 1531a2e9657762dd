package incident

import "slices"

// told are the present values that a person was told of when their form was
// refused.
type told []string

// severityMoved refuses a severity that was chosen while looking at another than
// the present one; shown is 0 if the person was looking at none.
func severityMoved(i *Incident, to, shown Severity, known told) error {
	if to == 0 || shown == 0 || i.Severity == shown || i.Severity == to || slices.Contains(known, i.Severity.String()) {
		return nil
	}
	moved := movedMeanwhile("severity", "{severity}", i.SeverityBy)
	moved.present, moved.refusal.Level = i.Severity.String(), i.Severity
	return moved
}

// statusMoved is severityMoved for the status.
func statusMoved(i *Incident, to, shown Status, known told) error {
	if to == "" || shown == "" || i.Status == shown || i.Status == to || slices.Contains(known, i.Status.Title()) {
		return nil
	}
	return movedMeanwhile("status", i.Status.Title(), i.StatusBy)
}

// holderMoved refuses to take a role from somebody who got it since the person
// looked.
func holderMoved(i *Incident, role Role, h Handing, known told) error {
	held, ok := i.Holder(role.Key)
	present := held.User + " is " + role.Key
	if !ok || h.Seen.IsZero() || !held.At.After(h.Seen) || held.User == h.To || slices.Contains(known, present) {
		return nil
	}
	refusal := Errorf(Conflict, "{who} became %s meanwhile. Send again to give it to somebody else all the same.", role.Name)
	refusal.Field, refusal.Who = "person", held.User
	return &movedError{refusal: refusal, present: present}
}

// movedError is a Conflict that a person may overrule by sending again. present
// is the value that they then know, or stands for it.
type movedError struct {
	refusal *Error
	present string
}

func (e *movedError) Error() string { return e.refusal.Message }

func movedMeanwhile(field, present, who string) *movedError {
	refusal := Errorf(Conflict, "{who} set it to %s meanwhile. Send again to change it all the same.", present)
	refusal.Field, refusal.Who = field, who
	return &movedError{refusal: refusal, present: present}
}
