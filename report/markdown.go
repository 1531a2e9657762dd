package report

import (
	"fmt"
	"strings"
	"time"

	"muster/incident"
)

// Markdown is an incident as a document: facts, roles, summary, timeline. Each
// text that people typed is kept to one line, so that none can pass for a
// heading. name gives a person's name.
func Markdown(i *incident.Incident, d incident.Definitions, timeline []incident.Entry, name func(user string) string) string {
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("# %s %s\n", i.Ref(), incident.CleanLine(i.Title))
	line("- Severity: %s", d.Severity(i.Severity).Name)
	line("- Status: %s", i.StandingTitle())
	if i.Test {
		line("- Test: not counted")
	}
	line("- Declared: %s by %s", At(i.DeclaredAt), name(i.Declarer))
	if !i.Status.Open() {
		end := fmt.Sprintf("- %s: %s by %s, after %s", i.StandingTitle(), At(i.ResolvedAt), name(i.ResolvedBy), i.Lasted(i.ResolvedAt).Round(time.Second))
		if i.Resolution != "" {
			end += ": " + incident.CleanLine(i.Resolution)
		}
		line("%s", end)
	}
	for _, role := range d.Roles {
		if held, ok := i.Holder(role.Key); ok {
			line("- %s: %s", role.Name, name(held.User))
		}
	}
	if summary := incident.CleanLine(i.Summary); summary != "" {
		line("\n## Summary\n\n%s", summary)
	}
	line("\n## Timeline\n")
	for _, e := range timeline {
		if words := incident.CleanLine(Words(d, e, name)); words != "" {
			line("- %s %s: %s", At(e.At), name(e.By), words)
		}
	}
	return out.String()
}
