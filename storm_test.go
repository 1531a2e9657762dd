package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/incident"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
	"muster/store"
)

// Every envelope comes twice, and each two in the wrong order.
func TestEveryEnvelopeComesTwiceAndOutOfOrder(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 31})
	w.start(impatient())
	w.SendTwice(1 << 30)
	s := alone(w)
	s.trust = patience
	s.between = func(int) { w.Reverse(2) }
	same(t, want, s.tell())
}

// The database goes away before every third act and comes back while people
// already try.
func TestTheDatabaseIsCutOffInTheMiddle(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 32})
	direct := w.dsn
	l := through(t, w)
	w.start(impatient())
	w.dsn = direct
	s := alone(w)
	s.trust = 2 * time.Second
	s.between = func(chapter int) {
		if chapter%3 == 2 {
			l.cut(true)
			back := time.AfterFunc(200*time.Millisecond, func() { l.cut(false) })
			t.Cleanup(func() { back.Stop() })
		}
	}
	same(t, want, s.tell())
}

// Two programs want four sockets, and Slack gives three: the fourth is refused
// again and again, and nobody notices.
func TestSlackRefusesTheFourthSocket(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 33, MaxSockets: 3})
	w.start(shortened())
	w.start(shortened())
	w.eventually("a refused socket", func() bool { return w.Count("apps.connections.open") > 4 })
	same(t, want, alone(w).tell())
	w.eventually("three sockets", func() bool { return len(w.Sockets()) == 3 })
}

// The machine's clock jumps by some minutes before each act, forth and back.
// Nobody waits for a time that was noted by the other clock.
func TestTheClockJumps(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 34})
	right := w.clock
	wrong := &ahead{}
	seams := impatient()
	seams.now = func() time.Time { return right.now().Add(time.Duration(wrong.by.Load())) }
	w.start(seams)
	s := alone(w)
	s.between = func(chapter int) {
		// Any further, and people would rightly be asked for a commander.
		wrong.by.Store(int64(8*time.Minute) * int64(chapter%2))
	}
	got := s.tell()
	// A captured message has Slack's time and a follow-up the program's: which of
	// two clocks that differ is right, nobody can know.
	want.wiki, got.wiki = sortedLines(want.wiki), sortedLines(got.wiki)
	same(t, want, got)
}

func sortedLines(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// setsSeverity is what lee does in the console when Slack no longer hears: it is
// no change if it came through after all.
func (s *saga) setsSeverity(to incident.Severity) {
	s.t.Helper()
	db, err := store.Open(s.ctx, s.dsn)
	s.do(err)
	defer db.Close()
	desk := incident.NewDesk(db, s.clock.now, rules(s.config().Timers))
	if _, err := desk.SetSeverity(s.ctx, 1, to, 0, incident.Act{By: s.UserID("lee"), Key: "by hand"}); !incident.IsKind(err, incident.NothingToDo) {
		s.do(err)
	}
}

// tellOutage tells of two incidents, one of which begins and the other of which
// changes just when something goes away. It comes back ten minutes later.
func (s *saga) tellOutage(calm bool, away, back func()) told {
	s.t.Helper()
	s.until("the room", s.reads(s.lee, "general", "declared: #"+firstRoom), s.types(s.lee, "general", "/incident new checkout returns 500"))
	s.sees(s.lee, firstRoom, "Claim")
	s.until("a commander", s.reads(s.lee, firstRoom, "is now Incident commander"), s.types(s.lee, firstRoom, "/incident claim commander"))
	s.rest()
	away()
	// Sockets that are open still hear, or the terminal does.
	s.fromTerminal("search is slow", "-severity", "sev1")
	if _, err := s.lee.Slash(s.ctx, firstRoom, "/incident severity sev3"); err != nil {
		s.setsSeverity(incident.SEV3)
	}
	s.eventually("the severity on record", func() bool { return s.query(`SELECT severity FROM incidents WHERE number = 1`) == "3" })
	s.CutSockets(workspace.Abruptly)
	s.clock.by.Store(int64(10 * time.Minute))
	s.eventually("that it is tried again", func() bool {
		return s.query(`SELECT count(*) FROM steps WHERE attempts > 1`) != "0" || calm
	})
	back()
	s.eventually("sockets", func() bool { return len(s.Sockets()) > 0 })
	s.sees(s.lee, "incidents", "#"+secondRoom)
	s.sees(s.lee, firstRoom, "SEV4 → SEV3")
	// The other room has no commander after ten minutes, and is asked for one.
	s.eventually("the prompt", func() bool { return s.query(`SELECT count(*) FROM entries WHERE kind = 'commander_prompt'`) != "0" })
	s.until("resolved", s.reads(s.lee, firstRoom, "rolled back"), s.types(s.lee, firstRoom, "/incident status resolved rolled back"))
	s.rest()
	return s.told()
}

// Slack is away for ten minutes, in three ways. What was decided meanwhile is
// said afterwards, once.
func TestSlackIsDownForTenMinutes(t *testing.T) {
	t.Parallel()
	calm := taleWorld(t, workspace.Config{Seed: 35})
	calm.start(shortened())
	want := alone(calm).tellOutage(true, func() {}, func() {})
	for _, how := range []workspace.Kind{workspace.ServerError, workspace.Cut, workspace.AppliedHang} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			w := taleWorld(t, workspace.Config{Seed: 36})
			w.start(shortened())
			got := alone(w).tellOutage(false, func() { w.Fault(workspace.Fault{Kind: how, Times: -1}) }, w.ClearFaults)
			same(t, want, got)
		})
	}
}

// Confluence is away for an hour. Resolving does not wait for it, the channel of
// the review says so, and the page comes without anybody's doing.
func TestConfluenceIsDownForAnHour(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]wiki.Fault{
		"503":                 {Status: 503, Times: -1},
		"429":                 {Status: 429, RetryAfter: time.Minute, Times: -1},
		"applied, no answers": {Lost: true, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := taleWorld(t, workspace.Config{Seed: 37})
			w.wiki.Fault(fault)
			w.start(impatient())
			w.resolve("rolled back")
			w.shows(firstReview, "Root-cause analysis")
			tried := w.wiki.Calls()
			w.clock.passes(time.Hour)
			w.eventually("another try", func() bool { return w.wiki.Calls() > tried })
			w.wiki.ClearFaults()
			// The try in hand may fail still, and be repeated after a while.
			for range 30 {
				w.clock.passes(time.Minute)
				w.do(w.Settle(w.ctx, 20*time.Millisecond))
			}
			w.shows(firstReview, "/wiki/spaces/OPS/pages/")
			if page := w.page(); len(page.Comments) != 0 || !strings.Contains(wiki.Text(page.Body), "Resolved: rolled back") {
				t.Errorf("the page is %+v", page)
			}
		})
	}
}
