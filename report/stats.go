package report

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"muster/incident"
)

// StatsNote says what statistics count.
const StatsNote = "By the month of the declaration (UTC) and the worst severity of each. Response: median until the first role was taken or given, or anybody but the declarer acted. Resolved: half of them (median) and nine in ten (90 %) took no longer. Not counted: tests, duplicates, what was cancelled, private ones that you may not see."

// nameInTable and nameInPicture are how much of a severity's name fits there, in
// characters.
const nameInTable, nameInPicture = 9, 16

// short says a duration in few letters, and "–" if there is none.
func short(d time.Duration, of int) string {
	switch minutes := int(d.Round(time.Minute).Minutes()); {
	case of == 0:
		return "–"
	case d < time.Minute:
		return "<1m"
	case minutes < 60:
		return fmt.Sprintf("%dm", minutes)
	case minutes < 24*60:
		return fmt.Sprintf("%dh%02d", minutes/60, minutes%60)
	default:
		return fmt.Sprintf("%dd%dh", minutes/(24*60), minutes/60%24)
	}
}

// StatsText puts statistics into two tables, for a type of equal widths: by
// severity, and by month from the first that had an incident. Severities are called as d says.
func StatsText(s incident.Stats, d incident.Definitions) string {
	var out strings.Builder
	line := func(format string, args ...any) {
		fmt.Fprintln(&out, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
	tail := func(t incident.Tally) string {
		return fmt.Sprintf("%9s%9s%9s", short(t.Response, t.Responded), short(t.Median, t.Resolved), short(t.P90, t.Resolved))
	}
	names, widths, widest := []string{}, []int{}, 8
	for _, severity := range incident.Severities() {
		name := incident.Shorten(d.Severity(severity).Name, nameInTable)
		names, widths = append(names, name), append(widths, max(5, utf8.RuneCountInString(name)+1))
		widest = max(widest, utf8.RuneCountInString(name))
	}
	names = append(names, "all")
	line("%-*s%9s%9s%9s%9s%9s", widest, "", "declared", "resolved", "response", "median", "90 %")
	for n, severity := range append(incident.Severities(), 0) {
		t := s.Of(time.Time{}, severity)
		line("%-*s%9d%9d%s", widest, names[n], t.Declared, t.Resolved, tail(t))
	}
	line("")
	heads := ""
	for n := range widths {
		heads += fmt.Sprintf("%*s", widths[n], names[n])
	}
	line("%-9s%s%5s%9s%9s%9s", "", heads, "all", "response", "median", "90 %")
	began := false
	for _, month := range s.Months() {
		t := s.Of(month, 0)
		if began = began || t.Declared > 0; !began {
			continue
		}
		counts := ""
		for n, severity := range incident.Severities() {
			counts += fmt.Sprintf("%*d", widths[n], s.Of(month, severity).Declared)
		}
		line("%-9s%s%5d%s", month.Format("2006-01"), counts, t.Declared, tail(t))
	}
	return out.String()
}

// severityColours are those of the bars, worst first.
var severityColours = []color.Color{
	color.RGBA{R: 178, G: 34, B: 34, A: 255}, color.RGBA{R: 230, G: 126, B: 34, A: 255},
	color.RGBA{R: 241, G: 196, B: 15, A: 255}, color.RGBA{R: 93, G: 138, B: 168, A: 255},
}

// StatsPNG draws statistics by month: how many by severity, and below how long
// it took to resolve them.
func StatsPNG(s incident.Stats, d incident.Definitions) ([]byte, error) {
	counts, err := countPlot(s, d)
	if err != nil {
		return nil, err
	}
	times, err := timePlot(s)
	if err != nil {
		return nil, err
	}
	canvas := vgimg.PngCanvas{Canvas: vgimg.New(960, 640)}
	tiles := draw.Tiles{Rows: 2, Cols: 1, PadX: margin, PadY: 2 * margin, PadTop: margin, PadBottom: margin, PadLeft: margin, PadRight: 2 * margin}
	plots := [][]*plot.Plot{{counts}, {times}}
	for n, row := range plot.Align(plots, tiles, draw.New(canvas)) {
		plots[n][0].Draw(row[0])
	}
	return encoded(canvas)
}

func countPlot(s incident.Stats, d incident.Definitions) (*plot.Plot, error) {
	p := frame("Incidents declared, by month and worst severity")
	p.NominalX(monthNames(s.Months())...)
	p.Y.Min = 0
	p.Y.Tick.Marker = Whole{}
	var below *plotter.BarChart
	for n, severity := range incident.Severities() {
		values := plotter.Values{}
		for _, month := range s.Months() {
			values = append(values, float64(s.Of(month, severity).Declared))
		}
		bars, err := plotter.NewBarChart(values, barWidth(len(values)))
		if err != nil {
			return nil, fmt.Errorf("draw the counts: %w", err)
		}
		bars.Color, bars.LineStyle.Width = severityColours[n], 0
		if below != nil {
			bars.StackOn(below)
		}
		below = bars
		p.Add(bars)
		p.Legend.Add(incident.Shorten(d.Severity(severity).Name, nameInPicture), bars)
	}
	room(p, len(s.Months()))
	return p, nil
}

// Whole marks whole numbers: there is no half an incident.
type Whole struct{}

func (Whole) Ticks(from, to float64) []plot.Tick {
	step := 1.0
	for n := 0; (to-from)/step > 5; n++ {
		step *= []float64{2, 2.5, 2}[n%3]
	}
	var ticks []plot.Tick
	for at := math.Ceil(from/step) * step; at <= to; at += step {
		ticks = append(ticks, plot.Tick{Value: at, Label: strconv.Itoa(int(at))})
	}
	return ticks
}

// room keeps some of the height free for the legend, and half a month at the
// sides.
func room(p *plot.Plot, months int) {
	p.Y.Max = max(1, p.Y.Max) * 1.3
	p.X.Min, p.X.Max = -0.6, float64(months)-0.4
}

func timePlot(s incident.Stats) (*plot.Plot, error) {
	p := frame("Hours until resolved, by month of the declaration")
	p.NominalX(monthNames(s.Months())...)
	p.Y.Min = 0
	for n, kind := range []struct {
		name string
		of   func(incident.Tally) time.Duration
	}{
		{"90 %", func(t incident.Tally) time.Duration { return t.P90 }},
		{"median", func(t incident.Tally) time.Duration { return t.Median }},
	} {
		var points plotter.XYs
		for at, month := range s.Months() {
			if t := s.Of(month, 0); t.Resolved > 0 {
				points = append(points, plotter.XY{X: float64(at), Y: kind.of(t).Hours()})
			}
		}
		if len(points) == 0 {
			continue
		}
		line, marks, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, fmt.Errorf("draw the durations: %w", err)
		}
		line.Color, line.Width = severityColours[n*3], vg.Points(2)
		marks.Color, marks.Shape, marks.Radius = severityColours[n*3], draw.CircleGlyph{}, vg.Points(3)
		p.Add(line, marks)
		p.Legend.Add(kind.name, line, marks)
	}
	room(p, len(s.Months()))
	return p, nil
}

func barWidth(months int) vg.Length {
	return min(vg.Points(48), vg.Points(600)/vg.Length(max(1, months)))
}

// mostNames is how many months fit below a picture by name.
const mostNames = 18

func monthNames(months []time.Time) []string {
	names := make([]string, len(months))
	for n, month := range months {
		if n%(1+len(months)/mostNames) == 0 {
			names[n] = month.Format("Jan 06")
		}
	}
	return names
}
