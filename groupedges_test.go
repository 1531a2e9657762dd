package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// firstMembers is who is in the first room of these stories.
func (w *world) firstMembers() string {
	_, after, _ := strings.Cut(w.Dump(workspace.Only("inc-1-db-down")), "members: ")
	line, _, _ := strings.Cut(after, "\n")
	return line
}

// The user group can't be listed, whatever the reason: whoever declared is in the
// room all the same, and so is who gets a role.
func TestAGroupThatCantBeListedKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"missing_scope", "no_such_subteam", "internal_error"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			_, err := w.AddGroup("oncall", "On call", "lee")
			w.do(err)
			w.group = "oncall"
			w.start(quick())
			w.Fault(workspace.Fault{Method: "usergroups.users.list", Kind: workspace.Refuse, Code: code, Times: -1})
			w.says(w.ana, "general", "/incident new db down")
			w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
			w.says(w.bo, "general", "/incident 1 claim commander")
			w.eventually("those who belong are in", func() bool { return w.firstMembers() == "Ana Lima, Bo Berg, muster" })
			w.ClearFaults()
			if code == "no_such_subteam" {
				w.rest()
				return
			}
			w.eventually("the group is in", func() bool { return w.firstMembers() == "Ana Lima, Bo Berg, Lee Wong, muster" })
		})
	}
}

// A group of more people than one call takes, some of whom can't be invited, and
// Slack does not say who.
func TestALargeGroupWithPeopleWhoCantCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	members := []string{"lee"}
	for n := range 120 {
		name := fmt.Sprintf("person%03d", n)
		w.AddUser(workspace.User{Name: name, RealName: fmt.Sprintf("Person %03d", n)})
		members = append(members, name)
	}
	_, err := w.AddGroup("oncall", "On call", members...)
	w.do(err)
	for _, gone := range []string{"person007", "person110"} {
		w.do(w.ChangeUser(gone, func(u *workspace.User) { u.Deleted = true }))
	}
	w.Fault(workspace.Fault{
		Method: "conversations.invite", Kind: workspace.Refuse, Code: "cant_invite", Times: -1,
		When: func(form url.Values) bool {
			users := form.Get("users")
			return strings.Contains(users, ",") && (strings.Contains(users, w.UserID("person007")) || strings.Contains(users, w.UserID("person110")))
		},
	})
	w.group = "oncall"
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	w.rest()
	in := w.firstMembers()
	if n := strings.Count(in, "Person "); n < 118 || !strings.Contains(in, "Ana Lima") || strings.Contains(in, "Person 007") || strings.Contains(in, "Person 110") {
		t.Errorf("%d of them are in: %s", n, in)
	}
}
