package report

import (
	"fmt"
	"strings"

	"muster/incident"
)

// Markdown is an incident as a document: facts, roles, summary,
// milestones, timeline. Each
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
	if i.Private {
		line("- Private: for the members of its channel")
	}
	line("- Declared: %s by %s", At(i.DeclaredAt), name(i.Declarer))
	if !i.Status.Open() {
		end := fmt.Sprintf("- %s: %s by %s, after %s", i.StandingTitle(), At(i.ResolvedAt), name(i.ResolvedBy), incident.Lasting(i.Lasted(i.ResolvedAt)))
		if i.Resolution != "" {
			end += ": " + incident.CleanLine(i.Resolution)
		}
		line("%s", end)
	}
	for _, role := range d.RolesOf(i) {
		if held, ok := i.Holder(role.Key); ok {
			line("- %s: %s", role.Name, name(held.User))
		}
	}
	if summary := incident.CleanLine(i.Summary); summary != "" {
		line("\n## Summary\n\n%s", summary)
	}
	line("\n## Milestones\n")
	for _, m := range Milestones(i, timeline) {
		line("- %s: %s (%s)", m.What, At(m.At), m.Span())
	}
	for n, f := range i.ToDos() {
		if n == 0 {
			line("\n## Follow-ups\n")
		}
		line("- [%s] %s", map[bool]string{true: " ", false: "x"}[f.Open()], ToDo(f, name))
	}
	line("\n## Timeline\n")
	for _, e := range timeline {
		for n, words := range Words(d, e, Plain(name)) {
			if n == 0 {
				words = fmt.Sprintf("- %s %s: %s%s", At(e.At), Who(e, name), words, source(e))
			} else {
				words = "  - " + words
			}
			line("%s", words)
		}
	}
	return out.String()
}

// source is where a message stands.
func source(e incident.Entry) string {
	if e.Kind != incident.EntryMessage || e.Detail == nil || e.Detail.Link == "" {
		return ""
	}
	return " <" + e.Detail.Link + ">"
}
