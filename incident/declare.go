package incident

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxTitle is the longest title in characters. Slack's headers take 150.
const MaxTitle = 150

// MaxSummary is the longest summary in characters: a section takes 3,000, and
// escaping may make text longer.
const MaxSummary = 2000

// MaxNote is the longest note in characters.
const MaxNote = 2000

// MaxResolution is the longest line of what fixed it, in characters.
const MaxResolution = 500

// Declaration is what a person gives to start an incident.
type Declaration struct {
	Title   string
	Summary string
	// Severity other than SEV4 is a promotion in the same moment; 0 is SEV4.
	Severity Severity
	// Test marks a drill, Private what only the members of its room may know.
	Test, Private bool
	By            string
	Origin        Origin
}

// Check refuses a declaration that a form should not have let through.
func (d Declaration) Check() error {
	title := CleanLine(d.Title)
	switch n := utf8.RuneCountInString(title); {
	case n == 0, !visible(title):
		return FieldErrorf("title", "Say in a few words what is wrong.")
	case n > MaxTitle:
		return FieldErrorf("title", "The title has %d characters; %d fit. The rest can go into the summary.", n, MaxTitle)
	}
	if title != strings.TrimSpace(d.Title) && strings.ContainsFunc(strings.TrimSpace(d.Title), unicode.IsControl) {
		return FieldErrorf("title", "The title must be one line without control characters (%d of %d characters used).", utf8.RuneCountInString(title), MaxTitle)
	}
	if n := utf8.RuneCountInString(d.Summary); n > MaxSummary {
		return FieldErrorf("summary", "The summary has %d characters; %d fit.", n, MaxSummary)
	}
	if d.Severity != 0 && !d.Severity.Valid() {
		return FieldErrorf("severity", "Severity is one of SEV1, SEV2, SEV3, SEV4.")
	}
	return nil
}

// Named takes the severity off the title that begins with one: "sev2 checkout is down".
func (d Declaration) Named() Declaration {
	first, rest := cutWord(CleanText(d.Title))
	if level, ok := NamedSeverity(first); ok && visible(CleanLine(rest)) {
		d.Title, d.Severity = rest, level
	}
	return d
}

// Fit makes a title of whatever was typed or quoted: its first line that shows
// anything, clean and short enough. If that is not all, the whole is kept as the
// summary, if there is none; a summary is cut to its limit. Only a title that shows
// nothing still fails Check.
func (d Declaration) Fit() Declaration {
	whole := CleanText(d.Title)
	line := CleanLine(d.Title)
	d.Title = Shorten(line, MaxTitle)
	for first := range strings.Lines(whole) {
		if first = CleanLine(first); visible(first) {
			d.Title = Shorten(first, MaxTitle)
			break
		}
	}
	d.Summary = CleanText(d.Summary)
	if d.Title != line && d.Summary == "" {
		d.Summary = whole
	}
	d.Summary = Shorten(d.Summary, MaxSummary)
	return d
}

// New makes the incident of a declaration: SEV4 and investigating, then
// promoted if the person picked a severity. Both stand in the timeline.
func New(number int64, d Declaration, now time.Time) *Incident {
	i := &Incident{
		Number: number, Title: CleanLine(d.Title), TitleBy: d.By, Summary: CleanText(d.Summary), SummaryBy: d.By,
		Severity: SEV4, SeverityAt: now, SeverityBy: d.By,
		Status: Investigating, StatusAt: now, StatusBy: d.By,
		Test: d.Test, Private: d.Private, Declarer: d.By, DeclaredAt: now, Origin: d.Origin,
	}
	i.note(Entry{Kind: EntryDeclared, At: now, By: d.By, To: SEV4.String(), Text: i.Title, Quiet: true})
	if d.Severity != 0 && d.Severity != SEV4 {
		i.Severity = d.Severity
		i.note(Entry{Kind: EntrySeverity, At: now, By: d.By, From: SEV4.String(), To: d.Severity.String(), Quiet: true})
	}
	i.watch(d.By, now)
	return i
}
