package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"muster/sandbox/workspace"
)

// Without a mouse: the menu of shortcuts, a form with a complaint, a menu that
// muster fills, a dialog that asks again. And who types is not disturbed.
func TestStoryByKeyboard(t *testing.T) {
	t.Parallel()
	chromium(t)
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	at := w.served()
	b := openTab(t, at+"?as=ana&in=general", 1280, 800, false)
	b.until("the composer has the focus", `document.activeElement.id === 'say'`)

	b.types("half a sent")
	w.do(w.bo.Says(w.ctx, "#general", "hello"))
	b.sees("hello")
	b.until("what is typed stays", `document.activeElement.value === 'half a sent' && document.activeElement.selectionStart === 11`)
	b.types("ence" + kb.Enter)
	b.sees("half a sentence")
	b.until("the composer is empty", `document.getElementById('say').value === ''`)

	b.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.until("the menu has the focus", `document.activeElement.getAttribute('aria-label') === 'Shortcuts'`)
	b.types(kb.Enter)
	b.sees("Declare an incident")
	b.types(kb.Tab + kb.Enter)
	b.sees("What is wrong?")
	b.types(kb.Enter)
	b.sees("Please complete this required field.")
	b.types("the queue is stuck" + kb.Enter)
	b.sees("INC-1")
	w.rest()
	b.types(kb.Escape)
	b.until("the form closes", `!document.querySelector('#form[open]')`)

	b.visit(at + "?as=ana&in=home")
	b.sees("Open incidents")
	b.do(chromedp.Focus("[data-external]"))
	b.types("queue")
	b.until("muster offers it", `[...document.querySelectorAll('[role=option]')].some((o) => o.textContent.includes('queue'))`)
	b.types(kb.ArrowDown + kb.Enter)
	b.until("the panel opens", `document.querySelector('#form[open]')?.innerText.includes('the queue is stuck')`)
	b.drawsAll()
	b.types(kb.Escape)
	b.until("the panel closes", `!document.querySelector('#form[open]')`)
}

// A dialog asks before what cannot be undone, and a reader far up is not moved.
func TestStoryOfAReader(t *testing.T) {
	t.Parallel()
	chromium(t)
	w := newWorld(t, workspace.Config{})
	for range 60 {
		w.do(w.bo.Says(w.ctx, "#general", strings.Repeat("many words ", 12)))
	}
	b := openTab(t, w.served()+"?as=ana&in=general", 400, 800, false)
	b.until("the newest shows first", `(({scrollTop: t, scrollHeight: h, clientHeight: c}) => h - t - c < 5)(document.getElementById('messages'))`)
	b.until("no part is wider than the window", `document.documentElement.scrollWidth <= innerWidth`)
	b.until("scrolled", `(document.getElementById('messages').scrollTop = 100) && true`)
	w.do(w.bo.Says(w.ctx, "#general", "the very newest"))
	b.sees("the very newest")
	b.until("the reader stays", `document.getElementById('messages').scrollTop === 100`)

	button := `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"x","text":{"type":"plain_text","text":"Delete all"},
		"style":"danger","confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"mrkdwn","text":"*All* of it"},
		"confirm":{"type":"plain_text","text":"Do it"},"deny":{"type":"plain_text","text":"Rather not"}}}]}]`
	_, err := w.PostAs(workspace.OtherApp{Name: "Other", Blocks: []byte(button)}, "general")
	w.do(err)
	b.click("Delete all")
	b.sees("All of it")
	b.click("Rather not")
	b.until("the dialog closes", `!document.querySelector('#ask[open]')`)
	b.until("nothing was asked of the app", `document.getElementById('toast').textContent === ''`)
	b.click("Delete all")
	b.click("Do it")
	b.sees("muster did not respond") // there is none: but it was asked

	b.click("Channels")
	b.until("the channels show", `document.querySelector('#sidebar').checkVisibility({visibilityProperty: true})`)
	b.click("# incidents")
	b.until("another channel", `document.querySelector('.title h2').innerText.includes('incidents')`)
}
