package bot

import (
	"strings"

	"muster/incident"
)

// drafted is how many things that were said go into a draft, and draftedLength how
// much of each, in characters: the person who edits it has seconds.
const (
	drafted       = 6
	draftedLength = 200
)

// sinceUpdate drafts the next step for a person to edit: what people noted and
// pinned since the last update, and how the incident stands if that changed. It is
// empty if nothing of that happened.
func sinceUpdate(i *incident.Incident, d incident.Definitions, timeline []incident.Entry) string {
	var said []string
	var status, severity string
	for _, e := range timeline {
		if !e.At.After(i.Last.At) {
			continue
		}
		switch e.Kind {
		case incident.EntryNote, incident.EntryMessage:
			if text := strings.TrimRight(incident.CleanLine(e.Text), ".;, "); text != "" {
				said = append(said, incident.Shorten(text, draftedLength))
			}
		case incident.EntryStatus:
			status = incident.Status(e.To).Title()
		case incident.EntrySeverity:
			severity = d.SeverityName(e.To)
		case incident.EntryReopened:
			status = "reopened"
		}
	}
	// The newest say most about what comes next.
	said = said[max(0, len(said)-drafted):]
	// A severity alone says nothing about it.
	if len(said) == 0 && status == "" {
		return ""
	}
	if stands := strings.Join(strings.Fields(status+" "+severity), ", "); stands != "" {
		said = append(said, "now "+stands)
	}
	opening := incident.SoFar
	if !i.Last.At.IsZero() {
		opening = incident.SinceUpdate
	}
	return incident.Shorten(opening+strings.Join(said, "; "), incident.MaxAside)
}
