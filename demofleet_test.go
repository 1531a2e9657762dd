package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"muster/config"
)

// The musters of the page are processes: one dies between a message and its
// answer, the next goes on, a second shares the work, and all is there once.
func TestTheFleetGoesOnAfterADeath(t *testing.T) {
	t.Parallel()
	s, _ := stageWithPage(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	press := func(name string) {
		t.Helper()
		for _, b := range s.fleet.buttons() {
			if b.Name == name {
				do(b.Do(ctx))
				return
			}
		}
		t.Fatalf("there is no button %q", name)
	}
	first := s.fleet.alive()[0]
	press("last")
	_, err := s.people[0].Slash(ctx, "#general", "/incident new queue is stuck")
	do(err)
	const room = "#inc-3-queue-is-stuck"
	// The card was posted just before the death: what comes after it is the work
	// of a successor.
	do(s.Await(ctx, func() bool {
		return first.dead() && len(s.fleet.alive()) == 1 && len(s.Sockets()) == 2 && strings.Contains(s.people[0].Sees("#general"), "INC-3* declared")
	}))
	press("second")
	if alive := s.fleet.alive(); len(alive) != 2 || slices.Contains(alive, first) {
		t.Errorf("%d musters live, want a new one and a second", len(alive))
	}
	// Slack may send an envelope to a socket whose end it has not noticed.
	do(s.Await(ctx, func() bool { return len(s.Sockets()) == 4 }))
	press("kill")
	do(s.Await(ctx, func() bool { return len(s.Sockets()) == 2 }))
	_, err = s.people[0].Slash(ctx, "#general", "/incident 3 resolve restarted the broker")
	do(err)
	do(s.Await(ctx, func() bool { return strings.Contains(s.people[2].Sees("#incidents"), "INC-3 resolved after") }))
	// The workspace doesn't change when a muster says that it has nothing more to do.
	do(s.Settle(ctx, stillness))
	for s.busy(ctx) {
		do(s.Settle(ctx, stillness))
	}
	if n := strings.Count(s.people[0].Sees(room), "# :large_blue_circle: INC-3") + strings.Count(s.people[0].Sees(room), "# :white_check_mark: INC-3"); n != 1 {
		t.Errorf("the card is there %d times:\n%s", n, s.people[0].Sees(room))
	}
	if happened := s.fleet.world().Happened; len(happened) < 5 {
		t.Errorf("too little is told of it: %v", happened)
	}
}

func TestSettingsTravelToAProcess(t *testing.T) {
	t.Parallel()
	got := environ(config.Environment{SlackAppToken: "xapp-1", DatabaseURL: "postgres://x"})
	slices.Sort(got)
	if want := []string{"DATABASE_URL=postgres://x", "SLACK_APP_TOKEN=xapp-1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
