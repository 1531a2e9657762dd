package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// says types a command and gives what only that person sees of the answer.
func (w *world) says(p *workspace.Person, channel, line string) string {
	w.t.Helper()
	reply, err := p.Slash(w.ctx, channel, line)
	w.do(err)
	return reply.Text
}

// contains fails unless text holds all words.
func (w *world) contains(text string, words ...string) {
	w.t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			w.t.Errorf("%q is not in:\n%s", word, text)
		}
	}
}

func TestFormKeepsWhatWasTypedUntilItIsRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident")
	outcome := w.submit(w.ana, "What is wrong?", "   ")
	if outcome.Errors["What is wrong?"] == "" {
		t.Fatalf("a blank title is no error: %+v", outcome)
	}
	long := strings.Repeat("long ", 40)
	outcome = w.submit(w.ana, "What is wrong?", long)
	w.contains(outcome.Errors["What is wrong?"], "199 characters", "150 fit")
	w.contains(w.ana.SeesForm(), "long long")
	outcome = w.submit(w.ana, "What is wrong?", "db down", "Severity", "SEV1", "Summary", "since the 14:00 deploy")
	if !outcome.Updated {
		t.Fatalf("the form does not show how far it is: %+v", outcome)
	}
	w.eventually("the form links the room", func() bool {
		return strings.Contains(w.ana.SeesForm(), "#inc-1-db-down")
	})
	w.shows("incidents", "SEV1")
	w.contains(w.ana.Sees("incidents"), "since the 14:00 deploy")
}

func TestFormSentTwiceIsOneIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.do(w.ana.Shortcut(w.ctx, "Declare an incident"))
	form, err := w.form(w.ana)
	w.do(err)
	w.do(form.Fill("What is wrong?", "db down"))
	_, err = form.SubmitTwice(w.ctx)
	w.do(err)
	w.shows("incidents", "INC-1")
	w.rest()
	if strings.Contains(w.Dump(), "INC-2") {
		t.Errorf("there are two:\n%s", w.Dump())
	}
}

func TestFormClosedMeanwhileIsAnsweredByDirectMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.do(w.ana.Shortcut(w.ctx, "Declare an incident"))
	release := make(chan struct{})
	w.OnCall(func(c workspace.Call) workspace.Verdict {
		if c.Method == "conversations.create" {
			return workspace.Verdict{Wait: release}
		}
		return workspace.Verdict{}
	})
	w.submit(w.ana, "What is wrong?", "db down")
	form, err := w.form(w.ana)
	w.do(err)
	w.do(form.Close(w.ctx))
	close(release)
	w.do(w.ana.AwaitDM(w.ctx, "declared: #inc-1-db-down"))
}

func TestSameTitleWithinFiveMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1-db-down"))
	w.contains(w.says(w.ana, "general", "/incident new db down"), "You declared *INC-1* db down", "#inc-1-db-down", "Declare another")
	w.do(w.ana.Click(w.ctx, "general", "Declare another"))
	w.do(w.ana.Hears(w.ctx, "declared: #inc-2-db-down"))
	// Somebody else's same words are another incident.
	w.says(w.bo, "general", "/incident new db down")
	w.do(w.bo.Hears(w.ctx, "declared: #inc-3-db-down"))
}

func TestTitlesInEveryScriptGetALegalChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	for title, room := range map[string]string{
		"🔥🔥🔥": "-",
		"قاعدة البيانات متوقفة":              "-",
		"決済が失敗する":                            "-",
		"Zahlungsübersicht kaputt!":          "-zahlungsubersicht-kaputt",
		"<!channel> & <@U0> `x` ]]>":         "-channel-u0-x",
		strings.Repeat("very ", 60) + "long": "-very",
	} {
		w.says(w.ana, "general", "/incident new "+title)
		shown := title
		if len(shown) > 150 {
			shown = shown[:100]
		}
		w.eventually("the digest shows "+title, func() bool { return strings.Contains(w.ana.Sees("incidents"), shown) })
		w.eventually("a room like "+room, func() bool {
			return strings.Contains(strings.ReplaceAll(w.ana.Sees("incidents"), " ", ""), room) || room == "-"
		})
	}
	w.rest()
	if strings.Contains(w.Dump(), "!!") {
		t.Errorf("a title mentions somebody:\n%s", w.Dump())
	}
	w.contains(w.Dump(), "very very very very") // the rest of the long one is its summary
}

func TestCommandsThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.contains(w.says(w.ana, "general", "/incident severity sev2"), "belongs to no incident", "/incident 42 severity", "No incident is open")
	w.contains(w.says(w.ana, "general", "/incident 42 severity sev2"), "no incident 42 that you can see")
	w.contains(w.says(w.ana, "general", "/incident lst"), "Did you mean `/incident list`", "Declare “lst” instead")
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared"))
	const room = "inc-1-db-down"
	w.contains(w.says(w.ana, room, "/incident severity sev9"), "Severity is one of")
	w.contains(w.says(w.ana, room, "/incident claim janitor"), "The roles are")
	w.contains(w.says(w.ana, room, "/incident severity sev4"), "already SEV4")
	w.contains(w.says(w.ana, room, "/incident reopen"), "already open")
	w.says(w.ana, room, "/incident claim")
	w.contains(w.says(w.bo, "general", "/incident 1 claim commander"), "@Ana Lima is already Incident commander")
	w.says(w.ana, room, "/incident status resolved restarted it")
	w.contains(w.says(w.ana, room, "/incident severity sev1"), "is resolved; reopen it")
	// Words that only begin like a command are a title.
	w.says(w.ana, "general", "/incident status page is down")
	_, err := w.ana.AwaitForm(w.ctx, "status page is down")
	w.do(err)
}

func TestFormOnOldValuesSaysWhoChangedWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	const room = "inc-1-db-down"
	w.do(w.ana.Hears(w.ctx, "declared"))
	w.do(w.Join("bo", room))
	w.do(w.ana.Click(w.ctx, room, "Severity"))
	form, err := w.form(w.ana)
	w.do(err)
	w.do(w.bo.Click(w.ctx, room, "Severity"))
	w.submit(w.bo, "Severity", "SEV1")
	w.shows(room, "SEV4 → SEV1")
	w.do(form.Fill("Severity", "SEV3"))
	outcome, err := form.Submit(w.ctx)
	w.do(err)
	w.contains(outcome.Errors["Severity"], "Bo Berg set it to SEV1 meanwhile")
	outcome, err = form.Submit(w.ctx)
	w.do(err)
	if !outcome.Closed {
		t.Fatalf("who insists is not heard: %+v", outcome)
	}
	w.shows(room, "SEV1 → SEV3")
}

// Slack may deliver a form twice. Only the person insists, by sending it again.
func TestFormDeliveredTwiceDoesNotInsist(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	const room = "inc-1-db-down"
	w.do(w.ana.Hears(w.ctx, "declared"))
	w.do(w.Join("bo", room))
	w.do(w.ana.Click(w.ctx, room, "Severity"))
	form, err := w.form(w.ana)
	w.do(err)
	w.do(w.bo.Click(w.ctx, room, "Severity"))
	w.submit(w.bo, "Severity", "SEV1")
	w.shows(room, "SEV4 → SEV1")
	w.do(form.Fill("Severity", "SEV3"))
	w.SendTwice(1)
	outcome, err := form.Submit(w.ctx)
	w.do(err)
	w.contains(outcome.Errors["Severity"], "Bo Berg set it to SEV1 meanwhile")
	w.contains(w.says(w.ana, room, "/incident show"), "SEV1")
	w.rest()
	if seen := w.ana.Sees(room); strings.Contains(seen, "SEV1 → SEV3") {
		t.Fatalf("the second delivery overruled:\n%s", seen)
	}
	outcome, err = form.Submit(w.ctx)
	w.do(err)
	if !outcome.Closed {
		t.Fatalf("who insists is not heard: %+v", outcome)
	}
	w.shows(room, "SEV1 → SEV3")
}

func TestFiveClicksAreOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	const room = "inc-1-db-down"
	w.do(w.ana.Hears(w.ctx, "declared"))
	w.rest()
	// The card keeps its button until all clicks are made.
	clicked := make(chan struct{})
	w.OnCall(func(c workspace.Call) workspace.Verdict {
		if c.Method == "chat.update" {
			return workspace.Verdict{Wait: clicked}
		}
		return workspace.Verdict{}
	})
	for range 5 {
		w.do(w.ana.Click(w.ctx, room, "Claim"))
	}
	close(clicked)
	w.rest()
	if n := strings.Count(w.ana.Sees(room), "is now Incident commander"); n != 1 {
		t.Errorf("the room was told %d times:\n%s", n, w.ana.Sees(room))
	}
}

func TestGroupIsInvitedToEachRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	if _, err := w.AddGroup("oncall", "On call", "bo", "lee"); err != nil {
		t.Fatal(err)
	}
	w.group = "@oncall"
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.eventually("the group is in the room", func() bool {
		return strings.Contains(w.Dump(workspace.Only("inc-1-db-down")), "members: Ana Lima, Bo Berg, Lee Wong, muster")
	})
	w.rest()
	if n := w.Count("conversations.invite"); n != 1 {
		t.Errorf("%d invitations, not one for all", n)
	}
}
