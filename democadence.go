package main

import (
	"context"
	"fmt"
	"time"

	"muster/sandbox/workspace"
)

const (
	cadenceTitle = "payments fail"
	cadenceRoom  = "#inc-1-payments-fail"
	reminderAsks = "readers wait for it"
	staleAsks    = "Is it over"
)

// tellCadence plays how muster reminds people: of updates, of a commander, and of
// what is open for too long.
func tellCadence(ctx context.Context, s *stage, p *painter) error {
	t := &tale{ctx: ctx, screen: newScreen(s, p), day: storyDay(), ana: s.people[0], bo: s.people[1], lee: s.people[2]}
	began := time.Now()
	p.say("You watch what muster does by itself. Who only reads #incidents waits for news of a critical incident, and who works on it forgets the time.")
	for _, act := range []func(){t.critical, t.prompted, t.reminded, t.superseded, t.nothingNew, t.snoozed, t.promised, t.away, t.demoted, t.stale} {
		act()
	}
	if t.err != nil {
		return fmt.Errorf("the story does not go on: %w", t.err)
	}
	p.say(fmt.Sprintf("That was a week, told in %s. With REMINDER_FIRST_AFTER, REMINDER_EVERY, STALE_AFTER and the others the times are yours.", seconds(time.Since(began))))
	p.print("")
	return nil
}

func (t *tale) critical() {
	t.act(14, 2, "Ana declares an incident, and it is critical")
	t.types(t.ana, "#general", "/incident new "+cadenceTitle)
	t.skip(t.ana, "#general", "INC-1* declared: "+cadenceRoom)
	t.types(t.ana, cadenceRoom, "/incident severity sev2")
	t.skip(t.ana, cadenceRoom, "SEV4 → SEV2", "topic: SEV2")
	t.sees(t.lee, "#incidents", "#incidents", "SEV2 ·", "First update by")
	t.do(func() error { t.look(t.ana, cadenceRoom); return nil })
}

func (t *tale) prompted() {
	t.act(14, 13, "Nobody has taken the lead for ten minutes")
	t.sees(t.ana, cadenceRoom, cadenceRoom, "Who takes it?")
	t.do(func() error { return t.s.Join(t.bo.Name(), cadenceRoom) })
	t.clicksOn(t.bo, cadenceRoom, "Who takes it?", "Claim")
	t.sees(t.ana, cadenceRoom, cadenceRoom, "@Bo Berg is now", "Asked for somebody", "topic: SEV2 · Investigating · IC @Bo Berg")
	t.do(func() error { t.look(t.lee, "#incidents"); return nil })
}

func (t *tale) reminded() {
	t.act(14, 33, "Half an hour without a word")
	t.sees(t.bo, cadenceRoom, cadenceRoom, reminderAsks)
}

func (t *tale) superseded() {
	t.act(14, 59, "Still none: 25 minutes later, a new reminder takes the place of the old one")
	t.sees(t.bo, cadenceRoom, cadenceRoom, reminderAsks, "superseded")
}

func (t *tale) nothingNew() {
	t.act(15, 1, "Bo answers that there is nothing new")
	t.clicksOn(t.bo, cadenceRoom, reminderAsks, "Nothing new")
	t.sees(t.bo, cadenceRoom, cadenceRoom, "nothing new, next update by")
	t.sees(t.lee, "#incidents", "#incidents, in the thread of the incident", "No change, says @Bo Berg")
}

func (t *tale) snoozed() {
	t.act(15, 32, "The next one is due when he promised, and he snoozes it")
	t.skip(t.bo, cadenceRoom, reminderAsks)
	t.clicksOn(t.bo, cadenceRoom, reminderAsks, "Snooze 15")
	t.sees(t.bo, cadenceRoom, cadenceRoom, "Reminder snoozed by @Bo Berg")
}

func (t *tale) promised() {
	t.act(15, 48, "A quarter of an hour later, he posts an update")
	t.sees(t.bo, cadenceRoom, cadenceRoom, reminderAsks)
	t.clicksOn(t.bo, cadenceRoom, reminderAsks, "Post update")
	t.do(func() error {
		form, err := t.bo.AwaitForm(t.ctx, "What changed?")
		if err != nil {
			return err
		}
		t.p.does("Bo", "enters", "What changed? = the provider confirms the outage", "")
		t.p.does("Bo", "enters", "Next update = In 15 minutes", "and sends the form")
		for label, value := range map[string]string{"What changed?": "the provider confirms the outage", "Next update": "In 15 minutes"} {
			if err := form.Fill(label, value); err != nil {
				return err
			}
		}
		_, err = form.Submit(t.ctx)
		return err
	})
	t.sees(t.lee, "#incidents", "#incidents", "the provider confirms the outage", "next by")
	t.sees(t.bo, cadenceRoom, cadenceRoom, "Reminder answered by @Bo Berg with an update")
}

func (t *tale) away() {
	t.act(15, 55, "muster dies, and is away for an hour")
	t.do(func() error { t.s.kill(); return nil })
	t.act(16, 55, "It is back: what was due is said once, however often it was due")
	t.do(func() error { return t.s.start(t.ctx) })
	t.sees(t.bo, cadenceRoom, cadenceRoom, reminderAsks)
}

func (t *tale) demoted() {
	t.act(17, 0, "It is no longer critical: nobody is asked any more")
	t.types(t.ana, cadenceRoom, "/incident severity sev3")
	t.sees(t.bo, cadenceRoom, cadenceRoom, "SEV2 → SEV3", "no update is due any more", "topic: SEV3")
	t.do(func() error { t.look(t.lee, "#incidents"); return nil })
}

func (t *tale) stale() {
	t.act(7*24+14, 3, "A week later the incident is still open")
	t.sees(t.lee, "#incidents", "#incidents", "Open for too long: 1 incident")
	t.sees(t.bo, cadenceRoom, cadenceRoom, staleAsks)
	t.clicksOn(t.bo, cadenceRoom, staleAsks, "Resolve")
	t.fills(t.bo, "What fixed it?", "the provider repaired it")
	t.sees(t.lee, "#incidents", "#incidents", "resolved after", "Nothing of this list")
}

// clicksOn clicks on the message that has the words.
func (t *tale) clicksOn(who *workspace.Person, channel, words, label string) {
	t.do(func() error {
		t.p.does(firstName(who), "clicks", "[ "+label+" ]", "")
		return who.ClickOn(t.ctx, channel, words, label)
	})
}
