package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"muster/sandbox/browser"
	"muster/sandbox/workspace"
)

// chromium finds the browser for the stories, or skips them: people without one
// run the rest. The whole check sets MUSTER_NEED_BROWSER and must not skip.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "no Chromium is found: scripts/setup browser installs it"
	if os.Getenv("MUSTER_NEED_BROWSER") != "" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// tab is a page in a real browser, and a person before it.
type tab struct {
	t   testing.TB
	ctx context.Context
	// clicks counts what the mouse did.
	clicks int
}

// openTab opens a page in a browser of this size. Dark is the colour scheme.
func openTab(t testing.TB, address string, width, height int64, dark bool) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.Flag("disable-dev-shm-usage", true))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	// The first call starts the browser, which lives as long as its context.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start a browser: %v", err)
	}
	// Cleanups run after the test's context has ended, which closes the browser.
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) })
	b.look(width, height, dark)
	b.visit(address)
	return b
}

// look changes the size of the window and the colour scheme.
func (b *tab) look(width, height int64, dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.do(chromedp.EmulateViewport(width, height))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, media); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) visit(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
	b.until("the page lives", `document.body.dataset.ready`)
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%v\n%s", err, b.text())
	}
}

// until waits for a condition in the page. A page that is left or loaded anew takes
// the waits on it along.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	holds := chromedp.Poll[any]("Boolean("+expression+")", chromedp.WithPollingInterval(15*time.Millisecond), chromedp.WithPollingTimeout(0))
	for {
		_, err := chromedp.Run(ctx, holds)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			b.t.Fatalf("%s: %v; the page shows\n%s", what, err, b.text())
		}
	}
}

// text is all that the page shows.
func (b *tab) text() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("(document.body?.innerText || '') + '\\nlast trouble: ' + (document.getElementById('toast')?.textContent || '')"))
	if err != nil {
		return err.Error()
	}
	return text
}

// quoted is a Go string as a JavaScript one.
func quoted(s string) string {
	raw, _ := json.Marshal(s)
	return string(raw)
}

// sees waits until the page shows the words.
func (b *tab) sees(words string) {
	b.t.Helper()
	b.until("sees "+words, "document.body.innerText.replace(/\\s+/g, ' ').includes("+quoted(words)+")")
}

// found is JavaScript that gives the visible things to click with a label, or
// else those whose label begins so. In an open dialog only what is in it counts.
const found = `((label) => {
	const root = [...document.querySelectorAll('dialog[open]')].pop() || document;
	const said = (n) => (n.innerText || n.getAttribute('aria-label') || '').replace(/\s+/g, ' ').trim();
	const all = [...root.querySelectorAll('a, button, summary, label, input, textarea, select')].filter((n) => n.checkVisibility({visibilityProperty: true}));
	const same = all.filter((n) => said(n) === label || n.getAttribute('aria-label') === label);
	return same.length ? same : all.filter((n) => said(n).startsWith(label));
})`

// click waits for the newest thing with the label and clicks in its middle, if
// nothing lies over it.
func (b *tab) click(label string) {
	b.t.Helper()
	b.clickOn(found + "(" + quoted(label) + ").pop()")
}

// clickFirst is click on the uppermost one.
func (b *tab) clickFirst(label string) {
	b.t.Helper()
	b.clickOn(found + "(" + quoted(label) + ")[0]")
}

// point gives the middle of a thing in the window once it is there, lies still
// and is not covered.
const point = `((n) => {
	if (!n) return null;
	n.scrollIntoView({block: 'nearest'});
	const r = n.getBoundingClientRect();
	const x = r.left + r.width / 2, y = r.top + r.height / 2;
	const top = document.elementFromPoint(x, y);
	if (!top || n !== top && !n.contains(top)) return null;
	const now = performance.now(), was = window.steady;
	if (was && was.n === n && was.x === x && was.y === y) return now - was.since > 100 ? {x, y} : null;
	window.steady = {n, x, y, since: now};
	return null;
})`

func (b *tab) clickOn(thing string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	type place struct{ X, Y float64 }
	at, err := chromedp.Run(ctx, chromedp.Poll[place](point+"("+thing+")", chromedp.WithPollingInterval(15*time.Millisecond), chromedp.WithPollingTimeout(0)))
	if err == nil {
		if err = chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y)); err != nil {
			err = fmt.Errorf("the mouse at %v: %w", at, err)
		}
	}
	if err != nil {
		b.t.Fatalf("click %s: %v; the page shows\n%s", thing, err, b.text())
	}
	b.clicks++
}

// drawsAll fails if the page shows a block or an element that it cannot draw.
func (b *tab) drawsAll() {
	b.t.Helper()
	unknown, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("[...document.querySelectorAll('.b-unknown, .unknown')].map((n) => n.innerText).join('; ')"))
	if err != nil || unknown != "" {
		b.t.Errorf("the page cannot draw %s (%v)", unknown, err)
	}
}

// types presses the keys of a text.
func (b *tab) types(text string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(text))
}

// picks chooses the option that begins with the words in a select, whose list a
// headless browser does not draw.
func (b *tab) picks(selector, words string) {
	b.t.Helper()
	b.until("an option "+words, `((s) => {
		const option = s && [...s.options].find((o) => o.text.startsWith(`+quoted(words)+`));
		if (!option) return false;
		s.focus();
		s.value = option.value;
		s.dispatchEvent(new Event('change', {bubbles: true}));
		return true;
	})(document.querySelector(`+quoted(selector)+`))`)
	b.clicks += 2 // one opens the list
}

// served shows the workspace as a page until the test ends, and gives its address.
func (w *world) served() string {
	w.t.Helper()
	page, err := browser.Start(browser.Config{Workspace: w.Workspace})
	w.do(err)
	w.t.Cleanup(func() { w.do(page.Close()) })
	return page.URL()
}

func TestStoryInABrowser(t *testing.T) {
	t.Parallel()
	chromium(t)
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	b := openTab(t, w.served()+"?as=ana&in=general", 1280, 800, false)

	b.clickOn("document.getElementById('say')")
	b.types("good morning" + kb.Enter)
	b.sees("good morning")
	b.types("/incident new checkout is down" + kb.Enter)
	b.sees("INC-1 declared")
	b.sees("Only visible to you")
	b.click("#inc-1-checkout-is-down")
	b.sees("Severity")
	w.rest()

	b.click("Severity")
	b.until("a form", `document.querySelector('#form[open] select')`)
	b.picks("#form select", "SEV2")
	b.click("Save")
	b.until("the form closes", `!document.querySelector('#form[open]')`)
	w.shows("#inc-1-checkout-is-down", "SEV2")
	b.sees("SEV2")

	w.rest()
	b.click("Resolve")
	b.until("a form", `document.querySelector('#form[open] [data-set]')`)
	b.click("Resolve")
	b.sees("Please complete this required field.")
	b.types(kb.Escape)
	b.until("the form closes", `!document.querySelector('#form[open]')`)
}
