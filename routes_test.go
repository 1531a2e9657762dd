package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox/golden"
	"muster/sandbox/workspace"
)

const routeTitle = "checkout returns 500"

// route is one way in which Ana declares the same incident.
type route struct {
	name string
	// asks declares at once, or brings up a form if there is one.
	asks func(w *world) error
	form bool
	// fills is what she enters in it, label and value in turn.
	fills []string
	// answered waits until she is told where to go.
	answered func(w *world)
}

// routes are all ways in.
func routes() []route {
	heard := func(w *world) { w.do(w.ana.Hears(w.ctx, "declared: #"+firstRoom)) }
	shown := func(w *world) {
		_, err := w.ana.AwaitForm(w.ctx, "declared: #"+firstRoom)
		w.do(err)
	}
	replied := func(w *world) { w.shows("alerts", "declared by @Ana Lima: #"+firstRoom) }
	typed := func(line string) func(w *world) error {
		return func(w *world) error { _, err := w.ana.Slash(w.ctx, "general", line); return err }
	}
	title := []string{"What is wrong?", routeTitle}
	return []route{
		{name: "form", asks: typed("/incident"), form: true, fills: title, answered: shown},
		{name: "new", asks: typed("/incident new " + routeTitle), answered: heard},
		{name: "words", asks: typed("/incident " + routeTitle), form: true, answered: shown},
		{name: "shortcut", asks: func(w *world) error { return w.ana.Shortcut(w.ctx, "Declare an incident") },
			form: true, fills: title, answered: shown},
		{name: "message", asks: func(w *world) error {
			return w.ana.MessageShortcut(w.ctx, "alerts", routeTitle, "Declare as incident")
		}, form: true, answered: replied},
		{name: "reaction", asks: func(w *world) error { return w.ana.React(w.ctx, "alerts", routeTitle, "rotating_light") }, answered: replied},
		{name: "mention", asks: func(w *world) error { return w.ana.Mentions(w.ctx, "general", "@muster new "+routeTitle) }, answered: heard},
		{name: "home", asks: func(w *world) error { return w.ana.ClickHome(w.ctx, "Declare an incident") }, form: true, fills: title, answered: shown},
		{name: "terminal", asks: func(w *world) error {
			if got := w.fromTerminal(routeTitle); got != "INC-1" {
				w.t.Errorf("it prints %q", got)
			}
			return nil
		}, answered: func(w *world) { w.shows("incidents", "Join channel") }},
	}
}

// routeWorld has all that any route needs.
func routeWorld(t *testing.T, home bool) *world {
	w := newWorld(t, workspace.Config{Seed: 1})
	_, err := w.AddChannel("alerts", []string{"ana", "bo", "lee"})
	w.do(err)
	w.do(w.Invite("lee", "alerts", "muster"))
	w.do(w.Invite("lee", "general", "muster"))
	w.do(w.bo.Says(w.ctx, "alerts", routeTitle))
	w.start(quick())
	w.connected()
	if home {
		w.do(w.ana.OpensHome(w.ctx))
		w.do(w.ana.AwaitHome(w.ctx, "No incident is open."))
	}
	w.quiet()
	w.ResetCalls()
	return w
}

// travels declares by the route and waits until all is at rest.
func (r route) travels(w *world) {
	w.t.Helper()
	w.do(r.asks(w))
	if r.form {
		form, err := w.ana.AwaitForm(w.ctx, "What is wrong?")
		w.do(err)
		if calls := w.Calls(); len(calls) == 0 || calls[0].Method != "views.open" {
			w.t.Errorf("before the form opens, muster calls %s", calls[0].Method)
		}
		for n := 0; n+1 < len(r.fills); n += 2 {
			w.do(form.Fill(r.fills[n], r.fills[n+1]))
		}
		outcome, err := form.Submit(w.ctx)
		w.do(err)
		if len(outcome.Errors) > 0 {
			w.t.Fatalf("the form says %v", outcome.Errors)
		}
	}
	r.answered(w)
	w.shows(firstRoom, "pinned")
	w.quiet()
}

var (
	// terminalUser is whoever runs the tests.
	terminalUser = regexp.MustCompile(`\S+@\S+ \(terminal\)|\S+ \(terminal\)`)
	// quotedPost is the line about the post that an incident was declared from.
	quotedPost = regexp.MustCompile(`(?m)^- muster:\n    A post by .*\n(    .*\n)*|^- muster: A post by .*\n`)
)

// Each way in leaves the workspace as its golden file says, and the same room, card
// and digest message as all others.
func TestEveryRoute(t *testing.T) {
	t.Parallel()
	result := func(w *world) string {
		text := w.Dump(workspace.Only(firstRoom, "incidents"), workspace.WithoutSystem)
		text = quotedPost.ReplaceAllString(terminalUser.ReplaceAllString(text, "@Ana Lima"), "")
		// Who declares at a terminal is in no channel.
		return strings.ReplaceAll(text, "members: muster\n", "members: Ana Lima, muster\n")
	}
	w := routeWorld(t, false)
	routes()[1].travels(w)
	want := result(w)
	for _, r := range routes() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := routeWorld(t, r.name == "home")
			r.travels(w)
			golden.Check(t, "route-"+r.name, terminalUser.ReplaceAllString(w.Dump(workspace.WithoutSystem), "<somebody> (terminal)"))
			if d := cmp.Diff(want, result(w)); d != "" {
				t.Errorf("otherwise than by command (-command +%s):\n%s", r.name, d)
			}
		})
	}
}

// The panel opens inside the room, and the form of an update from anywhere.
func TestRoutesOfAnOpenIncident(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		asks func(w *world) error
		form string
	}{
		"panel":  {func(w *world) error { _, err := w.ana.Slash(w.ctx, firstRoom, "/incident"); return err }, "Claim"},
		"update": {func(w *world) error { return w.ana.Shortcut(w.ctx, "Provide incident update") }, "What changed?"},
		"card":   {func(w *world) error { return w.ana.Click(w.ctx, firstRoom, "Severity") }, "Severity"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := routeWorld(t, false)
			routes()[1].travels(w)
			w.ResetCalls()
			w.do(c.asks(w))
			_, err := w.ana.AwaitForm(w.ctx, c.form)
			w.do(err)
			w.quiet()
			if calls := w.Calls(); calls[0].Method != "views.open" {
				t.Errorf("before the form opens, muster calls %s", calls[0].Method)
			}
			golden.Check(t, "route-"+name, w.Dump(workspace.WithoutSystem))
		})
	}
}

// A guest whom nobody knows yet sees the form turn into the refusal.
func TestAFormIsTakenBackFromAGuest(t *testing.T) {
	t.Parallel()
	for name, asks := range map[string]func(w *world, out *workspace.Person) error{
		"shortcut": func(w *world, out *workspace.Person) error { return out.Shortcut(w.ctx, "Declare an incident") },
		"command": func(w *world, out *workspace.Person) error {
			_, err := out.Slash(w.ctx, "general", "/incident")
			return err
		},
		"message": func(w *world, out *workspace.Person) error {
			return out.MessageShortcut(w.ctx, "alerts", routeTitle, "Declare as incident")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := routeWorld(t, false)
			w.AddUser(workspace.User{Name: "out", Restricted: true})
			w.do(w.Invite("ana", "general", "out"))
			w.do(w.Invite("ana", "alerts", "out"))
			out := w.Person("out")
			w.do(asks(w, out))
			_, err := out.AwaitForm(w.ctx, "Guests can't")
			w.do(err)
			if got := w.query(`SELECT count(*)::text FROM incidents`); got != "0" {
				t.Errorf("%s incidents", got)
			}
		})
	}
}
