package main

import (
	"strings"
	"testing"

	"muster/sandbox/golden"
	"muster/sandbox/workspace"
)

// settingsWorld is a world in which max administers the workspace.
func settingsWorld(t *testing.T) (*world, *workspace.Person) {
	w := newWorld(t, workspace.Config{})
	w.AddUser(workspace.User{Name: "max", RealName: "Max Admin", Admin: true})
	w.do(w.Invite("lee", "general", "max"))
	return w, w.Person("max")
}

// opensSetting opens the form of a section of the settings that a person looks at.
func (w *world) opensSetting(p *workspace.Person, section string) *workspace.Form {
	w.t.Helper()
	w.do(p.ClickInFormOn(w.ctx, section, "Edit"))
	form, err := p.AwaitForm(w.ctx, "[ Save ]")
	w.do(err)
	return form
}

// An administrator changes a role's text on the Home tab; the next holder is sent
// the new one, whichever replica tells them.
func TestStoryOfTheSettings(t *testing.T) {
	t.Parallel()
	w, max := settingsWorld(t)
	w.start(quick())
	w.start(quick())
	w.do(max.OpensHome(w.ctx))
	w.do(max.ClickHome(w.ctx, "Settings"))
	w.opensSetting(max, "Incident commander")
	w.submit(max, "What it is for", "Says <!channel> what & when.")
	_, err := max.AwaitForm(w.ctx, "→ “Says <!channel> what & when.” · @Max Admin")
	w.do(err)
	for _, command := range []string{"/incident new db down", "/incident new disk full"} {
		w.says(w.ana, "general", command)
	}
	w.do(w.ana.Hears(w.ctx, "declared: #inc-2-disk-full"))
	w.says(w.ana, "general", "/incident 1 claim commander")
	w.says(w.ana, "general", "/incident 2 claim commander")
	w.eventually("the holder is sent the text twice", func() bool {
		return strings.Count(w.ana.DirectMessages(), "Says <!channel> what & when.") == 2
	})

	w.do(max.ChooseInFormOn(w.ctx, "Incident commander", "…", "Restore stock text"))
	_, err = max.AwaitForm(w.ctx, "“Says <!channel> what & when.” →")
	w.do(err)
	w.do(max.ClickInForm(w.ctx, "Add a role"))
	_, err = max.AwaitForm(w.ctx, "[ Add ]")
	w.do(err)
	outcome := w.submit(max, "Name", "Technical lead", "What it is for", "Writes")
	w.contains(outcome.Errors["Name"], "called so already")
	w.submit(max, "Name", "Scribe", "What it is for", "Writes")
	_, err = max.AwaitForm(w.ctx, "Role Scribe: nothing → “Scribe”")
	w.do(err)
	w.says(w.bo, "general", "/incident 1 claim scribe")
	w.do(w.bo.AwaitDM(w.ctx, "You are *Scribe*"))
	w.do(max.ChooseInFormOn(w.ctx, "Scribe", "…", "Retire"))
	_, err = max.AwaitForm(w.ctx, "Role Scribe: “Scribe” → nothing")
	w.do(err)
	golden.Check(t, "settings", moments.ReplaceAllString(max.SeesForm(), "<time>"))
}

func TestAnInvalidSettingIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	w, max := settingsWorld(t)
	_, err := w.AddGroup("oncall", "On call", "bo")
	w.do(err)
	w.start(quick())
	w.says(max, "general", "/incident settings")
	_, err = max.AwaitForm(w.ctx, "First reminder after: _not set_, so 30m, the environment's REMINDER_FIRST_AFTER")
	w.do(err)
	w.opensSetting(max, "SEV1")
	outcome := w.submit(max, "Name", "SEV2", "First reminder after", "soon", "Further reminders every", "5 min")
	w.contains(outcome.Errors["Name"], "called so already")
	w.contains(outcome.Errors["First reminder after"], "“soon” is no length of time")
	if len(outcome.Errors) != 2 {
		t.Errorf("errors %v", outcome.Errors)
	}
	w.submit(max, "Name", "SEV1", "First reminder after", "10")
	_, err = max.AwaitForm(w.ctx, "First reminder after: 10m · @Max Admin")
	w.do(err)
	w.opensSetting(max, "Links, topic")
	outcome = w.submit(max, "User group to invite", "offcall", "Guide", "nowhere")
	w.contains(outcome.Errors["User group to invite"], "no user group @offcall")
	outcome = w.submit(max, "User group to invite", "@oncall")
	w.contains(outcome.Errors["Guide"], "whole address")
	w.submit(max, "Guide", "https://wiki.example", "Topic of incident channels", "{ref}")
	_, err = max.AwaitForm(w.ctx, "User group to invite: oncall")
	w.do(err)
}

// Two administrators edit at once: the second is told beside the field, and only
// what they changed is changed.
func TestSettingsOverruleNobodyUnknowingly(t *testing.T) {
	t.Parallel()
	w, max := settingsWorld(t)
	w.admins = w.AddUser(workspace.User{Name: "kim", RealName: "Kim Oh"})
	w.do(w.Invite("lee", "general", "kim"))
	kim := w.Person("kim")
	w.start(quick())
	for _, p := range []*workspace.Person{max, kim} {
		w.says(p, "general", "/incident settings")
		_, err := p.AwaitForm(w.ctx, "Settings")
		w.do(err)
		w.opensSetting(p, "Links, topic")
	}
	w.submit(max, "Guide", "https://max.example", "Meeting", "https://max.example/m")
	outcome := w.submit(kim, "Guide", "https://kim.example")
	w.contains(outcome.Errors["Guide"], "Max Admin", "https://max.example", "Send again")
	w.submit(kim)
	_, err := kim.AwaitForm(w.ctx, "Guide: https://kim.example")
	w.do(err)
	w.contains(kim.SeesForm(), "Meeting: https://max.example/m · @Max Admin", "“https://max.example” → “https://kim.example” · @Kim Oh")
}

func TestOnlyAdministratorsChangeSettings(t *testing.T) {
	t.Parallel()
	w, max := settingsWorld(t)
	w.start(quick())
	w.says(w.ana, "general", "/incident settings")
	_, err := w.ana.AwaitForm(w.ctx, "ADMIN_USERS")
	w.do(err)
	for _, button := range []string{"[ Edit ]", "[ Add a role ]", "[ … ]"} {
		if strings.Contains(w.ana.SeesForm(), button) {
			t.Errorf("ana is offered %s:\n%s", button, w.ana.SeesForm())
		}
	}
	w.says(max, "general", "/incident settings")
	_, err = max.AwaitForm(w.ctx, "Settings")
	w.do(err)
	w.opensSetting(max, "SEV4")
	w.do(w.ChangeUser("max", func(u *workspace.User) { u.Admin = false }))
	outcome := w.submit(max, "When it applies", "never")
	if len(outcome.Errors) != 1 || !strings.Contains(w.t.Name()+outcome.Errors["Name"]+outcome.Errors["When it applies"], "Only administrators") {
		t.Errorf("sent after losing the right: %+v", outcome)
	}
	if n := w.query(`SELECT count(*)::text FROM setting_changes`); n != "0" {
		t.Errorf("%s changes", n)
	}
}

// Guests claim roles and write notes where that is set, in rooms that they are in,
// and nothing else.
func TestGuestsMayHelpWhereThatIsSet(t *testing.T) {
	t.Parallel()
	w, _ := settingsWorld(t)
	w.AddUser(workspace.User{Name: "gus", RealName: "Gus Guest", Restricted: true})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	const room = "inc-1-db-down"
	w.do(w.ana.Hears(w.ctx, "declared: #"+room))
	w.shows(room, "Claim")
	w.do(w.Invite("ana", room, "gus"))
	gus := w.Person("gus")
	w.contains(w.says(gus, room, "/incident note saw it"), "Guests can't")
	w.set(w.desk(), "guests", "yes")
	w.says(gus, room, "/incident note saw it")
	w.do(gus.ClickOn(w.ctx, room, "Technical lead", "Claim"))
	w.eventually("the guest holds a role", func() bool { return strings.Contains(w.ana.Sees(room), ": @Gus Guest") })
	w.contains(w.says(w.ana, room, "/incident timeline"), "saw it")
	w.do(w.Invite("ana", "general", "gus"))
	w.contains(w.says(gus, "general", "/incident note what is open?"), "Guests can't")
	for _, command := range []string{"/incident severity sev1", "/incident 1 note from afar", "/incident list", "/incident settings"} {
		w.contains(w.says(gus, room, command), "Guests can't")
	}
}
