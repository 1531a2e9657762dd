package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"muster/incident"
)

// Course is how severe an incident was when: what its picture shows.
type Course struct {
	Ref string
	// Levels are what the severities are called, the worst first.
	Levels []string
	// Steps are the severities from their moments on, oldest first. After Until it
	// was over.
	Steps []Step
	Until time.Time
	// Updates are when everybody outside was told, and Turns when its status
	// changed.
	Updates, Turns []time.Time
}

// Step is a severity from a moment on; 0 is none, while the incident was ended.
type Step struct {
	At       time.Time
	Severity incident.Severity
}

// levelNames are what fits beside the picture.
func levelNames(d incident.Definitions) []string {
	var names []string
	for _, s := range incident.Severities() {
		names = append(names, incident.Shorten(d.Severity(s).Name, nameInPicture))
	}
	return names
}

// CourseOf reads a course from a timeline. until is the end of what is shown: the
// end of the incident, or now.
func CourseOf(i *incident.Incident, d incident.Definitions, timeline []incident.Entry, until time.Time) Course {
	c := Course{Ref: i.Ref(), Levels: levelNames(d), Until: until, Steps: []Step{{i.DeclaredAt, incident.SEV4}}}
	severity := incident.SEV4
	for _, e := range timeline {
		switch e.Kind {
		case incident.EntrySeverity:
			if to, err := incident.ParseSeverity(e.To); err == nil {
				severity = to
				c.Steps = append(c.Steps, Step{e.At, to})
			}
		case incident.EntryUpdate:
			c.Updates = append(c.Updates, e.At)
		case incident.EntryStatus:
			c.Turns = append(c.Turns, e.At)
		case incident.EntryResolved, incident.EntryCancelled, incident.EntryDuplicate:
			c.Turns = append(c.Turns, e.At)
			c.Steps = append(c.Steps, Step{e.At, 0})
		case incident.EntryReopened:
			c.Turns = append(c.Turns, e.At)
			c.Steps = append(c.Steps, Step{e.At, severity})
		}
	}
	return c
}

// Fixed is all that the picture shows, in a form that is always the same.
func (c Course) Fixed() string {
	return fmt.Sprint(c.Ref, c.Levels, c.line(), c.at(c.Turns), c.at(c.Updates))
}

// height is how high a severity stands in the picture: the worst highest.
func height(s incident.Severity) float64 {
	if s == 0 {
		return 0
	}
	return float64(incident.SEV4-s) + 1
}

// line is the outline of the steps, and at the height at a moment.
func (c Course) line() plotter.XYs {
	var line plotter.XYs
	now := 0.0
	for _, step := range c.Steps {
		line = append(line, plotter.XY{X: seconds(step.At), Y: now}, plotter.XY{X: seconds(step.At), Y: height(step.Severity)})
		now = height(step.Severity)
	}
	return append(line, plotter.XY{X: seconds(c.Until), Y: now}, plotter.XY{X: seconds(c.Until), Y: 0})
}

func (c Course) at(moments []time.Time) plotter.XYs {
	points := make(plotter.XYs, len(moments))
	for n, at := range moments {
		points[n].X = seconds(at)
		for _, step := range c.Steps {
			if !step.At.After(at) {
				points[n].Y = height(step.Severity)
			}
		}
	}
	return points
}

// seconds keeps what a picture shows of a moment; a float holds it exactly.
func seconds(t time.Time) float64 { return float64(t.Unix()) }

// PNG draws the course as a picture of 960 by 320 points. The same course gives
// the same bytes.
func (c Course) PNG() ([]byte, error) {
	p := frame(c.Ref + ": severity over time (UTC)")
	p.X.Tick.Marker = clock{}
	p.Y.Min, p.Y.Max = 0, 4.5
	p.Y.Tick.Marker = c.levels()
	area, err := plotter.NewLine(c.line())
	if err != nil {
		return nil, fmt.Errorf("draw the severity: %w", err)
	}
	area.Color, area.Width = color.RGBA{R: 178, G: 34, B: 34, A: 255}, vg.Points(2)
	area.FillColor = color.RGBA{R: 250, G: 219, B: 216, A: 255}
	p.Add(area)
	for _, marks := range []struct {
		name  string
		at    []time.Time
		shape draw.GlyphDrawer
	}{{"change of status", c.Turns, draw.CircleGlyph{}}, {"update", c.Updates, draw.PyramidGlyph{}}} {
		if len(marks.at) == 0 {
			continue
		}
		points, err := plotter.NewScatter(c.at(marks.at))
		if err != nil {
			return nil, fmt.Errorf("draw each %s: %w", marks.name, err)
		}
		points.Shape, points.Radius, points.Color = marks.shape, vg.Points(4), color.RGBA{R: 30, G: 60, B: 120, A: 255}
		p.Add(points)
		p.Legend.Add(marks.name, points)
	}
	return png(p, 960, 320)
}

// frame is an empty plot in our dress. Titles are ours: the font holds no more
// than Latin, Greek and Cyrillic.
func frame(title string) *plot.Plot {
	p := plot.New()
	p.Title.Text = title
	p.Title.Padding = vg.Points(10)
	p.Title.TextStyle.Font.Size = vg.Points(14)
	for _, style := range []*font.Font{
		&p.Title.TextStyle.Font, &p.Legend.TextStyle.Font, &p.X.Label.TextStyle.Font, &p.Y.Label.TextStyle.Font,
		&p.X.Tick.Label.Font, &p.Y.Tick.Label.Font,
	} {
		style.Variant = "Sans"
	}
	p.Legend.Top, p.Legend.Padding = true, vg.Points(3)
	p.Add(plotter.NewGrid())
	return p
}

// levels marks the severities.
func (c Course) levels() plot.ConstantTicks {
	ticks := plot.ConstantTicks{{Value: 0, Label: "over"}}
	for n, s := range incident.Severities() {
		ticks = append(ticks, plot.Tick{Value: height(s), Label: c.Levels[n]})
	}
	return ticks
}

// steps are the distances between marked moments.
var steps = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 365 * day,
}

const (
	day = 24 * time.Hour
	// mostTicks is how many moments are marked at most.
	mostTicks = 10
)

// clock marks round moments, with the day where the time alone would not tell.
type clock struct{}

// Ticks gives the moments between two, in seconds since 1970.
func (clock) Ticks(from, to float64) []plot.Tick {
	step := steps[len(steps)-1]
	for n := len(steps) - 1; n >= 0 && to-from <= mostTicks*steps[n].Seconds(); n-- {
		step = steps[n]
	}
	format := "15:04"
	switch {
	case step >= day:
		format = "2 Jan 2006"
	case to-from > day.Seconds():
		format = "2 Jan 15:04"
	}
	var ticks []plot.Tick
	for at := math.Ceil(from/step.Seconds()) * step.Seconds(); at <= to; at += step.Seconds() {
		ticks = append(ticks, plot.Tick{Value: at, Label: time.Unix(int64(at), 0).UTC().Format(format)})
	}
	return ticks
}

// margin is left free around a picture.
const margin = 12

func png(p *plot.Plot, width, height vg.Length) ([]byte, error) {
	canvas := vgimg.PngCanvas{Canvas: vgimg.New(width, height)}
	p.Draw(draw.Crop(draw.New(canvas), margin, -2*margin, margin, -margin))
	return encoded(canvas)
}

func encoded(canvas vgimg.PngCanvas) ([]byte, error) {
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	return out.Bytes(), nil
}
