package workspace_test

import (
	"slices"
	"testing"

	"muster/sandbox/workspace"
)

func TestPlacesAreWhatAPersonMayLookAt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	if err := s.SetTopic("alice", "ops", "all quiet, says <@"+s.bob+">"); err != nil {
		t.Fatal(err)
	}
	find := func(who, name string) (workspace.Place, bool) {
		list := s.Places(who)
		n := slices.IndexFunc(list, func(p workspace.Place) bool { return p.Name == name })
		if n < 0 {
			return workspace.Place{}, false
		}
		return list[n], true
	}
	ops, ok := find("alice", "ops")
	if !ok || !ops.Joined || ops.Topic != "all quiet, says @Bob" || !slices.Contains(ops.Members, "Alice Archer") {
		t.Errorf("alice looks at %+v", ops)
	}
	s.channel("vault", []string{"bob"}, workspace.Private)
	if _, ok := find("alice", "vault"); ok {
		t.Error("a stranger sees a private channel")
	}
	if vault, ok := find("bob", "vault"); !ok || !vault.Private || !vault.Joined {
		t.Errorf("its member looks at %+v", vault)
	}
	s.channel("square", []string{"bob"})
	if square, ok := find("alice", "square"); !ok || square.Joined {
		t.Errorf("a public channel looks to others like %+v", square)
	}
	if list := s.Places("nobody"); list != nil {
		t.Errorf("nobody sees %+v", list)
	}
}
