package console

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
)

func at(minute int) time.Time { return time.Date(2025, 3, 4, 12, minute, 0, 0, time.UTC) }

func TestThePictureOfACourse(t *testing.T) {
	t.Parallel()
	f := facts{
		i: &incident.Incident{DeclaredAt: at(0), Status: incident.Resolved, ResolvedAt: at(50)},
		d: incident.Definitions{Roles: []incident.Role{{Key: "lead", Name: "Technical lead"}, {Key: "comms", Name: "Liaison"}}},
		timeline: []incident.Entry{
			{Kind: incident.EntryDeclared, At: at(0)}, {Kind: incident.EntrySeverity, At: at(10), To: "SEV1"},
			{Kind: incident.EntryUpdate, At: at(10), By: "U1", Text: "hello"}, {Kind: incident.EntryRole, At: at(10), Role: "lead", To: "U1"},
			{Kind: incident.EntryStatus, At: at(15), To: "monitoring"}, {Kind: incident.EntryResolved, At: at(20)},
			{Kind: incident.EntryReopened, At: at(30)}, {Kind: incident.EntryRole, At: at(40), Role: "lead", From: "U1"},
			{Kind: incident.EntryResolved, At: at(50)}, {Kind: incident.EntryNote, At: at(60), Text: "later"},
		},
	}
	p := draw(f, at(59))
	// A minute is ten units and a quarter: what is drawn ends with the last entry.
	x := func(minute int) int { return labelWidth + minute*(rightEdge-labelWidth)/60 }
	if want := "M150 101H252V23H355M458 23H663"; p.Path != want {
		t.Errorf("the severity is %s, want %s", p.Path, want)
	}
	var bars [][3]int
	var names []string
	for n, row := range p.Rows {
		names = append(names, row.Label.Text)
		for _, b := range row.Bars {
			bars = append(bars, [3]int{n, b.X, b.X + b.Width})
		}
	}
	if d := cmp.Diff([]string{"Updates, notes", "Status", "Technical lead"}, names); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][3]int{{1, x(0), x(15)}, {1, x(15), x(20)}, {1, x(30), x(50)}, {2, x(10), x(40)}}, bars); d != "" {
		t.Errorf("bars (-want +got):\n%s", d)
	}
	if len(p.Marks) != 2 || p.Marks[1].X != rightEdge {
		t.Errorf("marks %+v", p.Marks)
	}
	if len(p.Ticks) == 0 || len(p.Ticks) > mostTicks {
		t.Errorf("ticks %+v", p.Ticks)
	}
}

// However short or long it took, the picture has a few ticks inside of it.
func TestThePictureHasTicksAtAnyLength(t *testing.T) {
	t.Parallel()
	for length := time.Nanosecond; length < 20*365*24*time.Hour; length *= 3 {
		f := facts{i: &incident.Incident{DeclaredAt: at(1), Status: incident.Investigating}}
		p := draw(f, at(1).Add(length))
		if len(p.Ticks) < 1 || len(p.Ticks) > mostTicks+1 {
			t.Errorf("%s: %d ticks", length, len(p.Ticks))
		}
		for _, tick := range p.Ticks {
			if tick.X < labelWidth || tick.X > rightEdge {
				t.Errorf("%s: a tick at %d", length, tick.X)
			}
		}
	}
}
