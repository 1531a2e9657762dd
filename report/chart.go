package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"regexp"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"muster/incident"
)

// Chart shows a number for each month, by severity. The page says which colour is
// which.
type Chart struct {
	// Unit is what stands beside the upright axis, such as "hours".
	Unit string
	// Months are the names below the other one.
	Months []string
	// Series are the numbers of each severity, the worst first.
	Series []Series
	// Stacked puts them on one another as bars; else each is a line.
	Stacked bool
}

// Series are the numbers of one severity, one a month; NaN is none.
type Series struct {
	Severity incident.Severity
	Values   []float64
}

// Look is how a chart fits the page that it is on.
type Look struct{ Dark, Narrow bool }

// inks are the colours of severities, the worst first, on a light and on a dark
// page.
var inks = map[bool][]color.Color{
	false: {rgb(0xb3261e), rgb(0xd9772b), rgb(0xc9a400), rgb(0x2563a8)},
	true:  {rgb(0xff8078), rgb(0xf5a55a), rgb(0xdcc25a), rgb(0x82b1ee)},
}

func rgb(hex uint32) color.Color {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255} //nolint:gosec // cut on purpose
}

// SVG draws the chart for a page. The same chart gives the same bytes.
func (c Chart) SVG(l Look) ([]byte, error) {
	p := frame("")
	c.dress(p, l)
	bar := vg.Points(chartWidth(l)*0.55/float64(max(1, len(c.Months))) + 1)
	var below *plotter.BarChart
	for n := len(c.Series) - 1; n >= 0; n-- {
		s := c.Series[n]
		ink := inks[l.Dark][s.Severity-1]
		if c.Stacked {
			bars, err := plotter.NewBarChart(plotter.Values(s.Values), bar)
			if err != nil {
				return nil, fmt.Errorf("draw bars: %w", err)
			}
			bars.Color, bars.LineStyle.Width = ink, 0
			if below != nil {
				bars.StackOn(below)
			}
			below = bars
			p.Add(bars)
			continue
		}
		if err := line(p, s, ink); err != nil {
			return nil, err
		}
	}
	return svg(p, chartWidth(l), 240)
}

func chartWidth(l Look) float64 {
	if l.Narrow {
		return 340
	}
	return 760
}

// line goes from month to month; one without a number is passed over.
func line(p *plot.Plot, s Series, ink color.Color) error {
	var points plotter.XYs
	for month, value := range s.Values {
		if !math.IsNaN(value) {
			points = append(points, plotter.XY{X: float64(month), Y: value})
		}
	}
	if len(points) == 0 {
		return nil
	}
	drawn, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return fmt.Errorf("draw a line: %w", err)
	}
	drawn.Color, drawn.Width = ink, vg.Points(2)
	dots.Color, dots.Shape, dots.Radius = ink, draw.CircleGlyph{}, vg.Points(3)
	p.Add(drawn, dots)
	return nil
}

// dress gives a plot the colours of the page, and its axes.
func (c Chart) dress(p *plot.Plot, l Look) {
	ink := rgb(0x6a655d)
	if l.Dark {
		ink = rgb(0xa49d92)
	}
	p.BackgroundColor = nil
	p.Y.Min, p.Y.Label.Text = 0, c.Unit
	p.Y.Max = 1
	if c.Stacked {
		p.Y.Tick.Marker = Whole{}
	}
	p.X.Min, p.X.Max = -0.5, float64(len(c.Months))-0.5
	// Names stand apart: about six on a phone, twelve on a desk.
	most := 12
	if l.Narrow {
		most = 6
	}
	each := max(1, (len(c.Months)+most-1)/most)
	var ticks plot.ConstantTicks
	for n := len(c.Months) - 1; n >= 0; n -= each {
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: c.Months[n]})
	}
	p.X.Tick.Marker = ticks
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.LineStyle.Color, axis.Tick.LineStyle.Color = ink, ink
		axis.Label.TextStyle.Color, axis.Tick.Label.Color = ink, ink
	}
	for _, style := range []*font.Font{&p.X.Tick.Label.Font, &p.Y.Tick.Label.Font, &p.Y.Label.TextStyle.Font} {
		style.Size = vg.Points(11)
	}
}

// family is the font of the library, which few machines have; the others are of
// the same widths.
var family = regexp.MustCompile(`font-family:[^;"]*`)

func svg(p *plot.Plot, width, height float64) ([]byte, error) {
	canvas := vgsvg.New(vg.Points(width), vg.Points(height))
	p.Draw(draw.Crop(draw.New(canvas), 2, -10, 4, -8))
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	return family.ReplaceAll(out.Bytes(), []byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif")), nil
}
