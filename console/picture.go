package console

import (
	"fmt"
	"slices"
	"time"

	"muster/incident"
)

// The measures of a picture, in units of its own.
const (
	pictureWidth = 800
	labelWidth   = 150
	rowHeight    = 26
	rightEdge    = pictureWidth - 34
)

// picture is an incident's course: how bad it was, how far people were, when the
// others were told, and who did what.
type picture struct {
	Width, Height, Left, Right, Bottom int
	// Path is the line of the severity.
	Path string
	// Levels are the rows of the severities.
	Levels []pictureText
	Rows   []pictureRow
	Ticks  []pictureTick
	Marks  []pictureMark
}

type pictureText struct {
	X, Y int
	Text string
}

type pictureRow struct {
	Label pictureText
	Bars  []pictureBar
}

// pictureBar is a length of time in which something was so.
type pictureBar struct {
	X, Y, Width, Height int
	Class, Text, Title  string
}

type pictureTick struct {
	X    int
	Text string
	At   time.Time
	// Day is whether the tick is a day, and not an hour.
	Day bool
}

type pictureMark struct {
	X, Y  int
	Class string
	Title string
}

// span is a value that holds for a while.
type span struct {
	from, to time.Time
	value    string
}

// scale gives where moments are.
type scale struct {
	from time.Time
	unit float64 // of the picture for each second
}

func (s scale) x(t time.Time) int {
	return labelWidth + int(min(max(0, t.Sub(s.from).Seconds()*s.unit), rightEdge-labelWidth))
}

// draw makes the picture of an incident as it stands at now.
func draw(f facts, now time.Time) picture {
	end := now
	if !f.i.Status.Open() {
		end = f.i.ResolvedAt
	}
	for _, e := range f.timeline {
		if e.At.After(end) {
			end = e.At
		}
	}
	// Ticks are a minute apart at least, and one has to be in the picture.
	length := max(end.Sub(f.i.DeclaredAt), 2*time.Minute)
	end = f.i.DeclaredAt.Add(length)
	s := scale{f.i.DeclaredAt, float64(rightEdge-labelWidth) / length.Seconds()}
	p := picture{Width: pictureWidth, Left: labelWidth, Right: rightEdge}
	y := p.severities(s, f, end, 10)
	y = p.marks(s, f, y)
	y = p.row(s, "Status", spans(f.timeline, end, isStatus, statusAfter), y, func(value string) (string, string) {
		return "status-" + value, incident.Status(value).Title()
	})
	for _, role := range slices.Concat(f.d.Roles, f.d.Retired) {
		held := spans(f.timeline, end, isRole(role.Key), func(e incident.Entry) string { return e.To })
		if len(held) > 0 {
			y = p.row(s, role.Name, held, y, func(id string) (string, string) { return "held", f.name(id) })
		}
	}
	p.Bottom = y + 4
	p.ticks(s, length)
	p.Height = p.Bottom + 26
	return p
}

func isStatus(e incident.Entry) bool {
	switch e.Kind {
	case incident.EntryDeclared, incident.EntryStatus, incident.EntryResolved, incident.EntryReopened, incident.EntryCancelled, incident.EntryDuplicate:
		return true
	}
	return false
}

// statusAfter is what an entry leaves; empty once the incident is over.
func statusAfter(e incident.Entry) string {
	switch e.Kind {
	case incident.EntryDeclared, incident.EntryReopened:
		return string(incident.Investigating)
	case incident.EntryStatus:
		return e.To
	}
	return ""
}

func isRole(key string) func(incident.Entry) bool {
	return func(e incident.Entry) bool { return e.Kind == incident.EntryRole && e.Role == key }
}

// spans are how long each value held, without those that are empty.
func spans(timeline []incident.Entry, end time.Time, is func(incident.Entry) bool, value func(incident.Entry) string) []span {
	var list []span
	var open *span
	for _, e := range timeline {
		if !is(e) {
			continue
		}
		if open != nil {
			open.to = e.At
			list = append(list, *open)
		}
		open = nil
		if v := value(e); v != "" {
			open = &span{from: e.At, value: v}
		}
	}
	if open != nil {
		open.to = end
		list = append(list, *open)
	}
	return list
}

// severities draws a step for each change, the worst on top.
func (p *picture) severities(s scale, f facts, end time.Time, y int) int {
	rowOf := func(level incident.Severity) int { return y + (int(level)-1)*rowHeight + rowHeight/2 }
	for _, level := range incident.Severities() {
		p.Levels = append(p.Levels, pictureText{labelWidth - 10, rowOf(level), f.d.Severity(level).Name})
	}
	present, over := incident.SEV4, end
	p.Path = fmt.Sprintf("M%d %d", s.x(f.i.DeclaredAt), rowOf(present))
	for _, e := range f.timeline {
		switch to, err := incident.ParseSeverity(e.To); {
		case e.Kind == incident.EntrySeverity && err == nil:
			present = to
			p.Path += fmt.Sprintf("H%dV%d", s.x(e.At), rowOf(present))
		case e.Kind == incident.EntryReopened:
			// It was over since its latest end.
			p.Path += fmt.Sprintf("H%dM%d %d", s.x(over), s.x(e.At), rowOf(present))
		case isStatus(e):
			over = e.At
		}
	}
	if !f.i.Status.Open() {
		end = over
	}
	p.Path += fmt.Sprintf("H%d", s.x(end))
	return y + 4*rowHeight + 8
}

// marks are updates and notes, in a row of their own.
func (p *picture) marks(s scale, f facts, y int) int {
	row := pictureRow{Label: pictureText{labelWidth - 10, y + rowHeight/2, "Updates, notes"}}
	before := len(p.Marks)
	for _, e := range f.timeline {
		switch e.Kind {
		case incident.EntryUpdate, incident.EntryNote:
			p.Marks = append(p.Marks, pictureMark{s.x(e.At), y + rowHeight/2, string(e.Kind), f.name(e.By) + ": " + incident.Shorten(e.Text, 200)})
		}
	}
	if len(p.Marks) == before {
		return y
	}
	p.Rows = append(p.Rows, row)
	return y + rowHeight
}

// row draws who or what it was, one after the other.
func (p *picture) row(s scale, label string, list []span, y int, looks func(value string) (class, text string)) int {
	row := pictureRow{Label: pictureText{labelWidth - 10, y + rowHeight/2, incident.Shorten(label, 22)}}
	for _, one := range list {
		class, text := looks(one.value)
		bar := pictureBar{X: s.x(one.from), Y: y + 3, Height: rowHeight - 6, Class: class, Title: text}
		bar.Width = max(2, s.x(one.to)-bar.X)
		// About seven units a letter.
		if room := (bar.Width - 10) / 7; room >= 3 {
			bar.Text = incident.Shorten(text, room)
		}
		row.Bars = append(row.Bars, bar)
	}
	p.Rows = append(p.Rows, row)
	return y + rowHeight
}

// steps are the distances that ticks may have.
var steps = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 168 * time.Hour, 720 * time.Hour, 8760 * time.Hour, 43800 * time.Hour,
}

const mostTicks = 7

func (p *picture) ticks(s scale, length time.Duration) {
	step := steps[len(steps)-1]
	for _, candidate := range steps {
		if length/candidate <= mostTicks {
			step = candidate
			break
		}
	}
	for at := s.from.Truncate(step).Add(step); !at.After(s.from.Add(length)); at = at.Add(step) {
		tick := pictureTick{X: s.x(at), Text: at.UTC().Format("15:04"), At: at.UTC(), Day: step >= 24*time.Hour}
		if tick.Day {
			tick.Text = at.UTC().Format("2 Jan")
		}
		p.Ticks = append(p.Ticks, tick)
	}
}
