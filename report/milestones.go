package report

import (
	"time"

	"muster/incident"
)

// Milestone is a moment that reviews ask for.
type Milestone struct {
	What string
	At   time.Time
	// After is how long after the declaration it was.
	After time.Duration
}

// Span says After in words; nothing can be after itself.
func (m Milestone) Span() string {
	if m.After == 0 {
		return "–"
	}
	return incident.Lasting(m.After)
}

// Milestones finds, in a timeline from its beginning, when an incident was
// declared, when somebody responded, when it became critical, when everybody
// outside heard of it first, when its cause was found, when it was mitigated,
// when it ended and when it was reopened.
//
// The response is the first role that somebody took or was given, or else the
// first act of anybody but who declared it. It is mitigated by the step to
// monitoring that was not taken back.
func Milestones(i *incident.Incident, timeline []incident.Entry) []Milestone {
	var list []Milestone
	seen := map[string]bool{}
	add := func(what string, at time.Time) {
		list = append(list, Milestone{what, at, max(0, at.Sub(i.DeclaredAt))})
		seen[what] = true
	}
	drop := func(what string) {
		for n := range list {
			if list[n].What == what {
				list = append(list[:n], list[n+1:]...)
				break
			}
		}
		seen[what] = false
	}
	once := func(what string, e incident.Entry) {
		if !seen[what] {
			add(what, e.At)
		}
	}
	for _, e := range timeline {
		if Responds(i, e) {
			once("First response", e)
		}
		switch e.Kind {
		case incident.EntryDeclared:
			once("Declared", e)
		case incident.EntrySeverity:
			if to, err := incident.ParseSeverity(e.To); err == nil && to.Critical() {
				once("Critical", e)
			}
		case incident.EntryUpdate:
			once("First update", e)
		case incident.EntryStatus:
			if incident.Status(e.From) == incident.Monitoring {
				drop("Mitigated")
			}
			switch incident.Status(e.To) {
			case incident.Identified:
				once("Cause identified", e)
			case incident.Monitoring:
				add("Mitigated", e.At)
			}
		case incident.EntryReopened:
			drop("Mitigated")
			add(Turn(e), e.At)
		case incident.EntryResolved, incident.EntryCancelled, incident.EntryDuplicate:
			add(Turn(e), e.At)
		}
	}
	return list
}

// Responds reports whether an entry shows that somebody works on the incident:
// a role that somebody took or was given, or any act but of who declared it.
func Responds(i *incident.Incident, e incident.Entry) bool {
	// What somebody wrote in Slack was put into the timeline by others.
	return e.Kind == incident.EntryRole && e.To != "" || e.By != "" && e.By != i.Declarer && e.Kind != incident.EntryMessage
}
