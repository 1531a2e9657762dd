package main

import (
	"strings"
	"testing"
	"time"

	"muster/incident"
	"muster/sandbox/workspace"
	"muster/store"
)

// desk opens the door that the listeners of this world go through.
func (w *world) desk() *incident.Desk {
	w.t.Helper()
	db, err := store.Open(w.ctx, w.dsn)
	w.do(err)
	w.t.Cleanup(db.Close)
	stock, err := stockDefinitions("")
	w.do(err)
	return incident.NewDesk(db, time.Now, rules(w.config().Timers)).WithDefaults(incident.Defaults{Stock: stock})
}

func (w *world) set(d *incident.Desk, pairs ...string) {
	w.t.Helper()
	e := incident.SettingEdit{Values: map[incident.Setting]string{}}
	for n := 0; n+1 < len(pairs); n += 2 {
		e.Values[incident.Setting(pairs[n])] = pairs[n+1]
	}
	w.do(d.ChangeSettings(w.ctx, e, incident.Act{By: "UMAX"}))
}

// What administrators set shows at the next use, also in a room that exists.
func TestSettingsWorkAtTheNextUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	_, err := w.AddGroup("oncall", "On call", "bo")
	w.do(err)
	w.start(quick())
	desk := w.desk()
	w.set(desk, "guide", "https://wiki.example/one", "meeting", "https://meet.example/war", "group", "oncall",
		"topic", "{ref} <!channel> {severity} lead {lead}", "severity.4.name", "Minor", "severity.4.text", "hardly <@U1> matters")
	w.says(w.ana, "general", "/incident new db down")
	const room = "inc-1-db-down"
	w.do(w.ana.Hears(w.ctx, "declared: #"+room))
	w.rest()
	shown := w.Dump(workspace.Only(room))
	w.contains(shown, "INC-1 <!channel> Minor lead unclaimed", "Guide", "https://wiki.example/one", "https://meet.example/war", "Bo Berg")
	w.contains(w.ana.Sees(room), "hardly <@U1> matters")
	w.contains(w.ana.Sees("incidents"), "Guide")

	w.set(desk, "guide", "https://wiki.example/two", "meeting", "", "topic", "", "severity.4.name", "SEV4")
	w.do(desk.AddRole(w.ctx, "Scribe", "Writes down what happens.", incident.Act{By: "UMAX"}))
	w.says(w.bo, room, "/incident claim scribe")
	w.shows(room, "Scribe: @Bo Berg")
	w.rest()
	shown = w.Dump(workspace.Only(room))
	w.contains(shown, "SEV4 · Investigating · IC unclaimed · INC-1", "https://wiki.example/two")
	w.set(desk, "severity.2.name", "Major")
	w.says(w.bo, room, "/incident severity major")
	w.shows(room, "*SEV4 → Major* by @Bo Berg")
	w.contains(w.says(w.bo, room, "/incident timeline"), "SEV4 → Major")
	for _, gone := range []string{"https://wiki.example/one", "https://meet.example/war"} {
		if strings.Contains(shown, "bookmark: "+gone) || strings.Contains(shown, gone) {
			t.Errorf("%s is still there:\n%s", gone, shown)
		}
	}
	w.do(w.bo.AwaitDM(w.ctx, "Writes down what happens."))
	w.do(desk.RetireRole(w.ctx, "scribe", incident.Act{By: "UMAX"}))
	w.contains(w.says(w.lee, "general", "/incident 1 assign scribe @lee"), "not in use any more")
	w.says(w.bo, room, "/incident leave scribe")
	w.eventually("the card forgets the role", func() bool { return !strings.Contains(w.ana.Sees(room), "Scribe: ") })
}

// What nobody touches follows when a program starts again.
func TestOpenIncidentsFollowChangedTextsAfterAStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	m := w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	w.rest()
	w.set(w.desk(), "severity.4.name", "Minor")
	m.stop()
	w.start(quick())
	w.shows("incidents", "Minor")
	w.shows("inc-1-db-down", "Minor")
	if sees := w.ana.Sees("inc-1-db-down"); strings.Count(sees, "[ Resolve ]") != 1 {
		t.Errorf("the card is not the same:\n%s", sees)
	}
}

// A cadence that is set counts for incidents that are open, in every replica.
func TestACadenceThatIsSetCountsForOpenIncidents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	tick := quick()
	tick.tickEvery = 20 * time.Millisecond
	w.start(tick)
	w.start(tick)
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	w.says(w.ana, "inc-1-db-down", "/incident severity sev1")
	w.rest()
	before := w.query(`SELECT update_due_at::text FROM incidents`)
	w.set(w.desk(), "severity.1.first", "12h")
	w.eventually("the next update is due later", func() bool { return w.query(`SELECT update_due_at::text FROM incidents`) > before })
	w.rest()
	if due := w.query(`SELECT (reminder_due_at - critical_since)::text FROM incidents`); due != "12:00:00" {
		t.Errorf("reminded %s after it became critical", due)
	}
}

// Slack loses the answers about bookmarks: each is there once, and the latest.
func TestBookmarksOutliveLostAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	desk := w.desk()
	const room = "inc-1-db-down"
	lose := func() {
		for _, method := range []string{"bookmarks.add", "bookmarks.edit", "bookmarks.remove", "usergroups.list"} {
			w.Fault(workspace.Fault{Method: method, Kind: workspace.Lost})
		}
	}
	lose()
	w.set(desk, "guide", "https://wiki.example/one", "meeting", "https://meet.example/one", "group", "gone")
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+room))
	has := func(link string, times int) {
		t.Helper()
		w.eventually(link, func() bool { return strings.Count(w.Dump(workspace.Only(room)), "https://"+link) == times })
	}
	has("wiki.example/one", 1)
	has("meet.example/one", 1)
	w.rest()
	lose()
	w.set(desk, "guide", "https://wiki.example/two", "meeting", "")
	w.says(w.ana, room, "/incident note changed")
	has("wiki.example/two", 1)
	has("wiki.example/one", 0)
	has("meet.example/one", 0)
	w.rest()
	if trouble := w.query(`SELECT coalesce(string_agg(step, ' '), '') FROM steps WHERE error <> ''`); trouble != "" {
		t.Errorf("stuck: %s", trouble)
	}

	// One that somebody removed does not come back by itself.
	w.set(desk, "guide", "https://wiki.example/three")
	w.Fault(workspace.Fault{Method: "bookmarks.edit", Kind: workspace.Refuse, Code: "not_found"})
	w.says(w.ana, room, "/incident note again")
	w.rest()
	has("wiki.example/three", 0)
	w.set(desk, "guide", "https://wiki.example/four")
	w.says(w.ana, room, "/incident note at last")
	has("wiki.example/four", 1)
}
