package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"muster/report"
)

// Whatever the numbers, a chart is an image that a browser can read, always the
// same one, and without anything that a policy for pages would refuse.
func TestChartsAreImages(t *testing.T) {
	t.Parallel()
	none := math.NaN()
	for name, c := range map[string]report.Chart{
		"empty":  {Unit: "incidents", Stacked: true},
		"lines":  {Unit: "hours", Months: []string{"Jan", "Feb"}, Series: []report.Series{{1, []float64{none, 3}}, {2, []float64{none, none}}, {4, []float64{0, 1e9}}}},
		"bars":   {Unit: "incidents", Stacked: true, Months: []string{"Jan", "Feb"}, Series: []report.Series{{1, []float64{0, 3}}, {4, []float64{5, 0}}}},
		"zeroes": {Unit: "incidents", Stacked: true, Months: []string{"Jan"}, Series: []report.Series{{1, []float64{0}}, {2, []float64{0}}}},
		"years":  years(),
	} {
		for _, l := range []report.Look{{}, {Dark: true}, {Narrow: true}, {Dark: true, Narrow: true}} {
			one, err := c.SVG(l)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			again, err := c.SVG(l)
			if err != nil || !bytes.Equal(one, again) {
				t.Errorf("%s is another one the second time (%v)", name, err)
			}
			for decoder := xml.NewDecoder(bytes.NewReader(one)); ; {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			if text := string(one); strings.Contains(text, "NaN") || strings.Contains(text, "#-") || strings.Contains(text, "<script") {
				t.Errorf("%s: %s", name, text)
			}
			if n := bytes.Count(one, []byte("<text")); n > 40 {
				t.Errorf("%s has %d texts", name, n)
			}
		}
	}
}

func years() report.Chart {
	c := report.Chart{Unit: "incidents", Stacked: true, Series: []report.Series{{Severity: 3}}}
	for n := range 120 {
		c.Months = append(c.Months, fmt.Sprint(n))
		c.Series[0].Values = append(c.Series[0].Values, float64(n))
	}
	return c
}
