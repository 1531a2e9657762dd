package incident

import "time"

// SetSeverity promotes or demotes an open incident.
func (i *Incident) SetSeverity(to Severity, by string, now time.Time) error {
	if !to.Valid() {
		return FieldErrorf("severity", "Severity is one of SEV1, SEV2, SEV3, SEV4.")
	}
	if err := i.OpenTo("change its severity"); err != nil {
		return err
	}
	if i.Severity == to {
		already := Errorf(NothingToDo, "%s is already {severity}.", i.Ref())
		already.Level = to
		return already
	}
	i.note(Entry{Kind: EntrySeverity, At: now, By: by, From: i.Severity.String(), To: to.String()})
	i.Severity, i.SeverityAt, i.SeverityBy = to, now, by
	i.watch(by, now)
	return nil
}

// SetStatus moves an open incident between its open statuses. Resolving and
// reopening are verbs of their own, since they ask for more.
func (i *Incident) SetStatus(to Status, by string, now time.Time) error {
	switch to {
	case Investigating, Identified, Monitoring:
	case Resolved:
		return FieldErrorf("status", "To resolve %s, use Resolve: it asks what fixed it.", i.Ref())
	case Cancelled:
		return FieldErrorf("status", "To cancel %s, use Cancel: it asks why.", i.Ref())
	case Duplicate:
		return FieldErrorf("status", "To close %s as a duplicate, use Duplicate: it asks of which incident.", i.Ref())
	default:
		return FieldErrorf("status", "Status is one of investigating, identified, monitoring, resolved.")
	}
	if err := i.OpenTo("change its status"); err != nil {
		return err
	}
	if i.Status == to {
		return Errorf(NothingToDo, "%s is already %s.", i.Ref(), to)
	}
	i.note(Entry{Kind: EntryStatus, At: now, By: by, From: string(i.Status), To: string(to)})
	i.Status, i.StatusAt, i.StatusBy = to, now, by
	return nil
}

// Resolve ends an incident with the line that says what fixed it.
func (i *Incident) Resolve(fix, by string, now time.Time) error {
	fix = CleanLine(fix)
	if !visible(fix) {
		return FieldErrorf("resolution", "Say in one line what fixed it.")
	}
	if n := len([]rune(fix)); n > MaxResolution {
		return FieldErrorf("resolution", "That has %d characters; %d fit.", n, MaxResolution)
	}
	if i.Status == Resolved {
		return i.endedAlready("resolution", fix, by)
	}
	if err := i.OpenTo("resolve it"); err != nil {
		return err
	}
	i.note(Entry{Kind: EntryResolved, At: now, By: by, From: string(i.Status), To: string(Resolved), Text: fix})
	i.close(Resolved, by, now)
	i.Resolution = fix
	return nil
}

// Reopen takes an incident that was ended up again where it began: investigating.
func (i *Incident) Reopen(by string, now time.Time) error {
	if i.Status.Open() {
		return Errorf(NothingToDo, "%s is already open.", i.Ref())
	}
	i.note(Entry{Kind: EntryReopened, At: now, By: by, From: string(i.Status), To: string(Investigating)})
	i.Status, i.StatusAt, i.StatusBy = Investigating, now, by
	i.Cadence.CommanderFreeAt, i.Cadence.KeptAt = now, now
	i.ResolvedAt, i.ResolvedBy, i.Resolution, i.DuplicateOf = time.Time{}, "", "", 0
	i.watch(by, now)
	return nil
}

// Note puts what somebody writes into the timeline, also of a resolved incident:
// some things are remembered afterwards.
func (i *Incident) Note(text, by string, now time.Time) error {
	text = CleanText(text)
	if !visible(CleanLine(text)) {
		return FieldErrorf("note", "Say what happened, such as “/incident note restarted the database”.")
	}
	if n := len([]rune(text)); n > MaxNote {
		return FieldErrorf("note", "That has %d characters; %d fit.", n, MaxNote)
	}
	i.note(Entry{Kind: EntryNote, At: now, By: by, Text: text})
	return nil
}

// Claim gives a role to the person who asks for it, if nobody holds it. It may
// be taken after the resolution, too.
func (i *Incident) Claim(role Role, by string, now time.Time) error {
	// The review of a resolved incident begins with who holds the roles.
	if i.Status != Resolved {
		if err := i.OpenTo("claim a role"); err != nil {
			return err
		}
	}
	if held, ok := i.Holder(role.Key); ok {
		if held.User == by {
			return Errorf(NothingToDo, "You are already %s of %s.", role.Name, i.Ref())
		}
		taken := Errorf(Conflict, "{who} is already %s of %s.", role.Name, i.Ref())
		taken.Who = held.User
		return taken
	}
	i.Roles = append(i.Roles, Assignment{Role: role.Key, User: by, By: by, At: i.assignedNow(now)})
	i.note(Entry{Kind: EntryRole, At: now, By: by, Role: role.Key, To: by})
	return nil
}

// OpenTo refuses an act on an incident that is over.
func (i *Incident) OpenTo(act string) error {
	if i.Status.Open() {
		return nil
	}
	refusal := Errorf(Conflict, "%s is %s; reopen it to %s.", i.Ref(), i.Standing(), act)
	refusal.Ended = i.Number
	return refusal
}
