package main

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var (
	// shots is the folder that TestScreenshots writes to; it does nothing without.
	shots = flag.String("shots", "", "write screenshots of the demo's page to this folder")
	// everyShot adds each scene in both sizes and both colour schemes.
	everyShot = flag.Bool("every-shot", false, "write each screenshot in both sizes and both colour schemes")
)

// shotLimit is the size of a screenshot, in bytes.
const shotLimit = 200_000

// shot writes what the tab shows as a PNG.
func (b *tab) shot(name string) {
	b.t.Helper()
	raw, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, picture); err != nil {
		b.t.Fatal(err)
	}
	if out.Len() > shotLimit {
		b.t.Errorf("%s.png has %d bytes, at most %d are wanted", name, out.Len(), shotLimit)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), out.Bytes(), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// scene is a screenshot: whose page, where, and what is done there first.
type scene struct {
	name  string
	query string
	sees  string
	small bool
	dark  bool
	act   func(b *tab)
}

// scenes are in the order in which they are taken: the last ones change what
// the first ones show.
var scenes = []scene{
	{name: "room", query: "?as=bo&in=inc-2-search-is-slow", sees: "route around", act: func(b *tab) {
		b.do(chromedp.ScrollIntoView(".post.pinned"))
	}},
	{name: "digest", query: "?as=lee&in=incidents", sees: "INC-2", dark: true},
	{name: "alert", query: "?as=ana&in=alerts", sees: "PaymentLatency", act: func(b *tab) { b.click("More actions") }},
	{name: "thread", query: "?as=lee&in=inc-1-checkout-returns-500", sees: "2 of 4 clusters", dark: true, act: func(b *tab) { b.click("💬 2 replies") }},
	{name: "phone", query: "?as=ana&in=inc-2-search-is-slow", sees: "route around", small: true},
	{name: "home", query: "?as=ana&in=home", sees: "Declare an incident"},
	{name: "settings", query: "?as=ana&in=home", sees: "Declare an incident", act: func(b *tab) {
		b.click("Settings")
		b.until("a form", `document.querySelector('#form[open]')`)
	}},
	{name: "messages", query: "?as=bo&in=dm", sees: "Incident commander"},
	{name: "page", query: "wiki/", sees: "in short"},
	{name: "timeline", query: "wiki/", sees: "in short", act: func(b *tab) {
		b.do(chromedp.ScrollIntoView("main img"))
	}},
	{name: "update", query: "?as=bo&in=inc-2-search-is-slow", sees: "route around", act: func(b *tab) {
		b.click("Post update")
		b.sees("What changed?")
	}},
	{name: "complaint", query: "?as=ana&in=inc-2-search-is-slow", sees: "route around", dark: true, act: func(b *tab) {
		b.click("Resolve")
		b.sees("What fixed it?")
		b.click("Resolve")
		b.sees("Please complete")
	}},
	{name: "console", query: "?as=ana&in=general", sees: "well again", act: func(b *tab) {
		b.signsIn()
		b.click("INC-2 search is slow")
		b.arrives("COURSE")
	}},
	{name: "chaos", query: "?as=ana&in=general", sees: "well again", act: func(b *tab) {
		b.click("⚡ Break things")
		b.sees("each one once")
		if !b.wide() {
			return // the panel covers the composer
		}
		b.click("kill -9 in its next message")
		b.clickOn("document.getElementById('say')")
		b.types("/incident new queue is stuck" + kb.Enter)
		b.sees("✓ settled: there once")
		b.sees("INC-3 declared")
	}},
}

// signsIn goes from the demo's page to the console, by the link that it answers with.
func (b *tab) signsIn() {
	b.t.Helper()
	b.clickOn("document.getElementById('say')")
	b.types("/incident console" + kb.Enter)
	b.sees("Open the console")
	link, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`[...document.querySelectorAll('a[href*="/sign-in/"]')].at(-1).href`))
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Navigate(link))
	b.arrives("Sign in as")
	b.types(kb.Enter)
	b.arrives("INC-2")
}

// wide says whether panels stand beside the messages, and do not cover them.
func (b *tab) wide() bool {
	b.t.Helper()
	wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("innerWidth > 760"))
	if err != nil {
		b.t.Fatal(err)
	}
	return wide
}

// TestScreenshots takes the pictures of README.md: make screenshots.
func TestScreenshots(t *testing.T) {
	if *shots == "" {
		t.Skip("-shots names no folder")
	}
	chromium(t)
	_, page := stageWithPage(t)
	b := openTab(t, page.URL(), 1280, 800, false)
	for _, s := range scenes {
		for _, small := range []bool{false, true} {
			for _, dark := range []bool{false, true} {
				if !*everyShot && (small != s.small || dark != s.dark) {
					continue
				}
				b.take(page.URL(), s, small, dark)
			}
		}
	}
}

func (b *tab) take(address string, s scene, small, dark bool) {
	b.t.Helper()
	width, height, name := int64(1280), int64(800), s.name
	if small {
		width = 400
	}
	if *everyShot {
		name += map[bool]string{true: "-400", false: "-1280"}[small] + map[bool]string{true: "-dark", false: "-light"}[dark]
	}
	b.look(width, height, dark)
	if strings.HasPrefix(s.query, "wiki") {
		b.do(chromedp.Navigate(address + s.query))
	} else {
		b.visit(address + s.query)
	}
	b.sees(s.sees)
	if s.act != nil {
		s.act(b)
	}
	b.drawsAll()
	b.shot(name)
	// A form that was opened stays open with the person.
	b.do(chromedp.KeyEvent(kb.Escape))
	if !strings.HasPrefix(s.query, "wiki") {
		b.until("no form", `!document.querySelector('#form[open]')`)
	}
}
