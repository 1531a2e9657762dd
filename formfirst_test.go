package main

import (
	"fmt"
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// formRoute is one way in which a form opens.
type formRoute struct {
	name string
	// before brings a person to where they click, and is nil if they can act anywhere.
	before func(w *world, p *workspace.Person)
	// asks is the act, and words are what a member then sees in the form.
	asks  func(w *world, p *workspace.Person) error
	words string
}

// formRoutes are all ways to a form, in a world with the open incident INC-1.
func formRoutes() []formRoute {
	var routes []formRoute
	add := func(name, words string, before func(*world, *workspace.Person), asks func(*world, *workspace.Person) error) {
		routes = append(routes, formRoute{name, before, asks, words})
	}
	typed := func(channel, line, words string) {
		add(channel+": "+line, words, nil, func(w *world, p *workspace.Person) error {
			_, err := p.Slash(w.ctx, channel, line)
			return err
		})
	}
	for line, words := range map[string]string{
		"/incident": "What is wrong?", "/incident new": "What is wrong?", "/incident the search is slow": "What is wrong?",
		"/incident update": "INC-1 update", "/incident settings": "Settings",
	} {
		typed("general", line, words)
	}
	for line, words := range map[string]string{
		"severity": "INC-1 severity", "status": "INC-1 status", "status resolved": "Resolve INC-1", "update": "INC-1 update",
		"todo": "INC-1 follow-ups", "title": "Edit INC-1", "summary": "Edit INC-1", "resolve": "Resolve INC-1", "cancel": "Cancel INC-1",
		"duplicate": "Duplicate INC-1", "status cancelled": "Cancel INC-1", "assign commander": "INC-1 roles", "handover commander": "INC-1 roles",
	} {
		typed("general", "/incident 1 "+line, words)
		typed(roleRoom, "/incident "+line, words)
	}
	typed("general", "/incident resolve 1", "Resolve INC-1")
	typed(roleRoom, "/incident resolve rolled back", "Resolve INC-1")
	typed(roleRoom, "/incident cancel false alarm", "Cancel INC-1")
	typed("general", "/incident update INC-1", "INC-1 update")
	typed("general", "/incident #"+roleRoom+" severity", "INC-1 severity")
	typed("general", "/incident sev2 the search is slow", "What is wrong?")
	typed(roleRoom, "/incident", "*INC-1*")
	for name, words := range map[string]string{"Declare an incident": "What is wrong?", "Provide incident update": "INC-1 update"} {
		add("search bar: "+name, words, nil, func(w *world, p *workspace.Person) error { return p.Shortcut(w.ctx, name) })
	}
	for name, words := range map[string]string{"Declare as incident": "What is wrong?", "Add to timeline": "Of which incident?"} {
		add("message: "+name, words, nil, func(w *world, p *workspace.Person) error {
			return p.MessageShortcut(w.ctx, "general", "disk full", name)
		})
	}
	for label, words := range map[string]string{
		"Post update": "INC-1 update", "Status": "INC-1 status", "Severity": "INC-1 severity", "Roles": "INC-1 roles",
		"Resolve": "Resolve INC-1", "More": "*INC-1*",
	} {
		add("card: "+label, words, nil, func(w *world, p *workspace.Person) error { return p.Click(w.ctx, roleRoom, label) })
	}
	panel := func(w *world, p *workspace.Person) {
		w.says(p, roleRoom, "/incident")
		_, err := p.AwaitForm(w.ctx, "*INC-1*")
		w.do(err)
	}
	for label, words := range map[string]string{
		"Post update": "INC-1 update", "Status": "INC-1 status", "Severity": "INC-1 severity", "Roles": "INC-1 roles",
		"Resolve": "Resolve INC-1", "Edit": "Edit INC-1", "Duplicate": "Duplicate INC-1", "Cancel incident": "Cancel INC-1",
		"Timeline": "INC-1 timeline", "Follow-ups": "INC-1 follow-ups", "Export": "INC-1 export", "Note": "INC-1 note",
	} {
		add("panel: "+label, words, panel, func(w *world, p *workspace.Person) error { return p.ClickInForm(w.ctx, label) })
	}
	home := func(w *world, p *workspace.Person) {
		w.do(p.OpensHome(w.ctx))
		w.do(p.AwaitHome(w.ctx, "INC-1"))
	}
	for label, words := range map[string]string{"Declare an incident": "What is wrong?", "Settings": "Settings"} {
		add("home: "+label, words, home, func(w *world, p *workspace.Person) error { return p.ClickHome(w.ctx, label) })
	}
	for entry, words := range map[string]string{
		"Show": "*INC-1*", "Post update": "INC-1 update", "Status": "INC-1 status", "Severity": "INC-1 severity", "Resolve": "Resolve INC-1",
	} {
		add("home menu: "+entry, words, home, func(w *world, p *workspace.Person) error { return p.ChooseHome(w.ctx, "…", entry) })
	}
	add("a near miss", "What is wrong?", func(w *world, p *workspace.Person) { w.says(p, "general", "/incident serch") },
		func(w *world, p *workspace.Person) error {
			return p.Click(w.ctx, "general", "Declare “serch” instead")
		})
	add("a near miss in the room", "Resolve INC-1", func(w *world, p *workspace.Person) { w.says(p, roleRoom, "/incident reslove") },
		func(w *world, p *workspace.Person) error { return p.Click(w.ctx, roleRoom, "/incident resolve") })
	add("a list of follow-ups", "What is to be done?", func(w *world, p *workspace.Person) {
		w.says(p, roleRoom, "/incident todo")
		_, err := p.AwaitForm(w.ctx, "INC-1 follow-ups")
		w.do(err)
	}, func(w *world, p *workspace.Person) error { return p.ClickInForm(w.ctx, "Add follow-up") })
	return routes
}

// A trigger lives for 3 s: whoever asks for a form, nothing else is asked of Slack
// before it opens, and nobody is shown an incident before they are known.
func TestAFormOpensBeforeAnythingElseIsAsked(t *testing.T) {
	t.Parallel()
	for kind, who := range map[string]struct{ known, guest bool }{"known member": {known: true}, "unknown member": {}, "unknown guest": {guest: true}} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{Seed: 1})
			m := w.start(quick())
			w.says(w.ana, "general", "/incident new db down")
			w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
			w.shows("incidents", "Join channel")
			w.do(w.bo.Says(w.ctx, "general", "alert: disk full"))
			w.quiet()
			routes := formRoutes()
			people := make([]*workspace.Person, len(routes))
			for n := range routes {
				name := fmt.Sprint("p", n)
				w.AddUser(workspace.User{Name: name})
				for _, channel := range []string{"general", roleRoom, "incidents"} {
					w.do(w.Invite("ana", channel, name))
				}
				people[n] = w.Person(name)
			}
			// A crowd that joins at once keeps a slow machine from answering in time.
			w.quiet()
			for n, r := range routes {
				if r.before != nil {
					r.before(w, people[n])
				}
			}
			// A program that has just begun knows nobody.
			w.quiet()
			m.stop()
			for _, p := range people {
				w.do(w.ChangeUser(p.Name(), func(u *workspace.User) { u.Restricted = who.guest }))
			}
			w.ResetCalls()
			w.start(quick())
			w.eventually("the pins are compared", func() bool { return w.counts()["pins.list"] > 0 })
			for n, r := range routes {
				p := people[n]
				if who.known {
					w.says(p, "general", "/incident list")
				}
				w.quiet()
				w.ResetCalls()
				w.do(r.asks(w, p))
				want := r.words
				if who.guest {
					want = "Guests can't"
				}
				if _, err := p.AwaitForm(w.ctx, want); err != nil {
					t.Errorf("%s: %v", r.name, err)
					continue
				}
				if r.name == "panel: Export" && !who.guest {
					w.eventually("the files are sent", func() bool { return w.counts()["files.completeUploadExternal"] > 0 })
				}
				if !who.known {
					w.eventually("Slack is asked who "+p.Name()+" is", func() bool { return w.counts()["users.info"] > 0 })
				}
				first := w.Calls()[0]
				if first.Method != "views.open" && first.Method != "views.push" {
					t.Errorf("%s: before the form opens, muster calls %s", r.name, first.Method)
				}
				if view := first.Form.Get("view"); !who.known && strings.Contains(view, "db down") {
					t.Errorf("%s: a person of whom nothing is known sees %s", r.name, view)
				}
			}
		})
	}
}
