package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"muster/block"
	"muster/incident"
	"muster/sandbox/workspace"
	"muster/store"
)

// hush is a word of every text of a private incident, and of nothing else.
const hush = "hush"

// Whatever incidents there are, who is in none of their rooms finds no word of a
// private one, on any surface.
func TestOutsidersFindNothingPrivate(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			w, clock := newWorld(t, workspace.Config{Seed: seed + 1}), &ahead{}
			w.AddUser(workspace.User{Name: "kim", RealName: "Kim Old"})
			w.do(w.Join("kim", "general"))
			w.do(w.Join("kim", "incidents"))
			w.start(clock.ticking())
			w.alertChannel(true)
			const incidents = 6
			for n := range int64(incidents) {
				w.someIncident(r, n+1, clock)
			}
			w.rest()
			w.kimWasThere(clock)
			clock.passes(8 * 24 * time.Hour)
			w.eventually("what is stale is listed", func() bool { return strings.Contains(w.bo.Sees("incidents"), "Open for too long") })
			w.rest()
			if !strings.Contains(w.says(w.ana, "general", "/incident list"), hush) {
				t.Error("ana does not find it either")
			}
			for _, person := range []*workspace.Person{w.bo, w.Person("kim")} {
				w.looksEverywhere(person, incidents)
			}
		})
	}
}

// someIncident is any incident that ana declares, with things that happen in it.
func (w *world) someIncident(r *rand.Rand, number int64, clock *ahead) {
	w.t.Helper()
	db, err := store.Open(w.ctx, w.dsn)
	w.do(err)
	defer db.Close()
	desk := incident.NewDesk(db, clock.now, rules(w.config().Timers))
	// The first is public and stays open, the second private.
	// The third becomes private only when all has been said.
	turns := number == 3
	private := number == 2 || number > 3 && r.IntN(2) == 0
	say := func(text string) string {
		if private || turns {
			text += " " + hush
		}
		return text
	}
	key := 0
	act := func(by string) incident.Act {
		key++
		return incident.Act{By: w.UserID(by), Key: fmt.Sprint("act ", number, " ", key)}
	}
	d := incident.Declaration{
		Title: say(fmt.Sprint("trouble ", number)), Summary: say("nobody knows"), Severity: incident.Severity(1 + r.IntN(4)),
		Private: private, Test: number > 3 && r.IntN(4) == 0, By: w.UserID("ana"),
		Origin: incident.Origin{Kind: incident.OriginForm, Key: fmt.Sprint("form ", number), Channel: w.ChannelID("general")},
	}
	if r.IntN(2) == 0 {
		ts := w.alert(fmt.Sprint("alert ", number), "look")
		d.Origin.Post = &incident.Post{Channel: w.ChannelID("alerts"), TS: ts, Quote: say("look")}
	}
	_, _, err = desk.Declare(w.ctx, d, true)
	w.do(err)
	if !turns {
		err = desk.Subscribe(w.ctx, number, true, act("bo"))
		if refused := incident.IsKind(err, incident.NotFound); refused != private {
			w.t.Fatalf("bo subscribes to %d: %v", number, err)
		}
	}
	ends := 0
	for range 3 + r.IntN(5) {
		switch r.IntN(8) {
		case 0:
			_, err = desk.Note(w.ctx, number, say("a note"), act("ana"))
		case 1:
			_, err = desk.Post(w.ctx, number, incident.Update{Text: say("an update"), Impact: say("all")}, act("ana"))
		case 2:
			_, _, err = desk.Assign(w.ctx, number, incident.Commander, incident.Handing{To: w.UserID("lee"), Note: say("yours")}, act("ana"))
		case 3:
			_, err = desk.SetSeverity(w.ctx, number, incident.Severity(1+r.IntN(4)), 0, act("ana"))
		case 4:
			title := say("trouble, again")
			_, err = desk.Edit(w.ctx, number, incident.Edit{Title: &title}, act("ana"))
		case 5, 6, 7:
			if ends++; number <= 2 || ends > 1 {
				continue
			}
			switch r.IntN(3) {
			case 0:
				_, err = desk.Resolve(w.ctx, number, say("fixed"), act("ana"))
			case 1:
				_, err = desk.Cancel(w.ctx, number, say("nothing"), act("ana"))
			default:
				_, err = desk.Duplicate(w.ctx, number, 2-int64(r.IntN(2)), act("ana"))
			}
		}
		if err != nil && !incident.IsKind(err, incident.Conflict) && !incident.IsKind(err, incident.NothingToDo) && !incident.IsKind(err, incident.Invalid) {
			w.t.Fatalf("incident %d: %v", number, err)
		}
	}
	if turns {
		w.rest()
		if !strings.Contains(w.bo.Sees("incidents"), hush) {
			w.t.Fatalf("bo knows nothing of what is public:\n%s", w.bo.Sees("incidents"))
		}
		for _, place := range w.Places("ana") {
			if strings.HasPrefix(place.Name, fmt.Sprintf("inc-%d-", number)) {
				w.do(w.Convert("ana", place.Name, true))
			}
		}
		w.rest()
	}
}

// kimWasThere lets kim be in every private room for a while, with direct messages
// about what changes; then things change.
func (w *world) kimWasThere(clock *ahead) {
	w.t.Helper()
	db, err := store.Open(w.ctx, w.dsn)
	w.do(err)
	defer db.Close()
	desk := incident.NewDesk(db, clock.now, rules(w.config().Timers))
	var rooms []string
	for _, place := range w.Places("ana") {
		if place.Private && !strings.HasSuffix(place.Name, "-rca") {
			rooms = append(rooms, place.Name)
			w.do(w.Invite("ana", place.Name, "kim"))
		}
	}
	w.rest()
	var numbers []int64
	for _, room := range rooms {
		number, err := db.InRoom(w.ctx, w.ChannelID(room))
		w.do(err)
		numbers = append(numbers, number)
		w.do(desk.Subscribe(w.ctx, number, true, incident.Act{By: w.UserID("kim"), Key: "subscribe"}))
		w.do(w.Leave("kim", room))
	}
	w.rest()
	for _, number := range numbers {
		_, err := desk.Post(w.ctx, number, incident.Update{Text: "news " + hush}, incident.Act{By: w.UserID("ana"), Key: "afterwards"})
		if err != nil && !incident.IsKind(err, incident.Conflict) {
			w.t.Fatal(err)
		}
	}
	w.rest()
}

// picks is what a client sends that picks an incident where it was offered none.
func (w *world) picks(p *workspace.Person, number int) {
	w.t.Helper()
	view, _ := w.Home(p.Name())
	var blocks []struct {
		ID        string `json:"block_id"`
		Accessory struct {
			Type   string `json:"type"`
			Action string `json:"action_id"`
		} `json:"accessory"`
	}
	w.do(json.Unmarshal(view.Blocks, &blocks))
	for _, b := range blocks {
		if b.Accessory.Type == "external_select" {
			w.do(w.DeliverAction(p.Name(), workspace.Action{View: view.ID, BlockID: b.ID, ActionID: b.Accessory.Action, Fields: map[string]any{
				"selected_option": map[string]any{"value": fmt.Sprint(number), "text": map[string]any{"type": "plain_text", "text": "x"}},
			}}).Err)
			return
		}
	}
	w.t.Fatalf("nothing to choose from on the Home tab: %s", view.Blocks)
}

// looksEverywhere fails if a person finds something private.
func (w *world) looksEverywhere(p *workspace.Person, incidents int) {
	w.t.Helper()
	check := func(where, text string) {
		w.t.Helper()
		if strings.Contains(text, hush) {
			w.t.Errorf("%s finds something private in %s:\n%s", p.Name(), where, text)
		}
	}
	lines := []string{"list", "list all", "list mine", "find " + hush[:3], "find trouble", "update", "stats", ""}
	for n := 1; n <= incidents; n++ {
		for _, verb := range []string{"", "timeline", "export", "note x", "severity sev1", "status monitoring", "claim techlead", "resolve it",
			"update", "title x", "cancel x", "duplicate of 1", "duplicate of 2", "reopen", "handover commander", "todo x", "resync", "leave commander", "summary x"} {
			// What is public may be changed, but must stay as it is.
			if private := w.query(fmt.Sprintf("SELECT private::text FROM incidents WHERE number = %d", n)); private == "true" || verb == "" || verb == "timeline" || verb == "export" {
				lines = append(lines, strings.TrimSpace(fmt.Sprint(n, " ", verb)))
			}
		}
	}
	for _, line := range lines {
		check("/incident "+line, w.says(p, "general", "/incident "+line))
		check("the form of /incident "+line, p.SeesForm())
		w.closeForms(p)
	}
	w.says(p, "general", "/incident new trouble "+hush[:3])
	w.do(p.Hears(w.ctx, "declared: #"))
	check("the answer to a declaration", p.Sees("general"))
	w.do(p.Shortcut(w.ctx, "Provide incident update"))
	check("the form of an update", p.SeesForm())
	w.closeForms(p)
	w.do(p.OpensHome(w.ctx))
	w.do(p.AwaitHome(w.ctx, "Open incidents"))
	check("the Home tab", p.SeesHome())
	view, _ := w.Home(p.Name())
	for n := 1; n <= incidents; n++ {
		w.picks(p, n)
		w.eventually("something opens", func() bool { return formOf(p) != "" })
		check("the panel", p.SeesForm())
		w.closeForms(p)
	}
	for _, action := range []string{string(block.ActShow), block.FieldIncident, string(block.ActUpdateOf)} {
		for _, typed := range []string{"", hush[:3], "trouble", "2"} {
			offered := w.DeliverSuggestions(p.Name(), workspace.Action{View: view.ID, ActionID: action}, typed)
			w.do(offered.Err)
			check("what is offered for "+typed, string(offered.Payload))
		}
	}
	w.do(p.Mentions(w.ctx, "incidents", "@muster list all"))
	w.do(p.Mentions(w.ctx, "incidents", "@muster find "+hush[:3]))
	w.rest()
	for _, place := range w.Places(p.Name()) {
		if strings.Contains(place.Name+place.Topic, hush) {
			w.t.Errorf("%s finds #%s: %s", p.Name(), place.Name, place.Topic)
		}
		check("#"+place.Name, p.Sees(place.Name))
	}
	check("direct messages", p.DirectMessages())
}

func (w *world) closeForms(p *workspace.Person) {
	w.t.Helper()
	for len(w.Modals(p.Name())) > 0 {
		if closed := w.DeliverClose(p.Name(), true); closed.Err != nil {
			w.t.Fatal(closed.Err)
		}
	}
}
