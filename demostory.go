package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/sandbox/workspace"
)

// tale is the story of -play in the telling. Its steps do what a person does and
// print it, then wait for what must be seen and print what changed. After a
// step that fails the others do nothing, so that acts read as they happen.
type tale struct {
	ctx context.Context
	*screen
	ana, bo, lee *workspace.Person
	// day is when the story happens.
	day time.Time
	err error
}

// tell plays one incident from the alert to its resolution. An error says what
// was expected and what was seen instead.
func tell(ctx context.Context, s *stage, p *painter) error {
	t := &tale{ctx: ctx, screen: newScreen(s, p), day: storyDay(), ana: s.people[0], bo: s.people[1], lee: s.people[2]}
	began := time.Now()
	p.say("You watch Ana, Bo and Lee run an incident. Their Slack is make-believe; muster is not: it is the same program, with a real PostgreSQL, told to call another address than Slack's.")
	for _, act := range []func(){t.alarm, t.declare, t.promote, t.lead, t.status, t.update, t.crash, t.resolve, t.review} {
		act()
	}
	if t.err != nil {
		return fmt.Errorf("the story does not go on: %w", t.err)
	}
	t.end(time.Since(began))
	return nil
}

const (
	storyTitle = "checkout returns 500"
	// storyCause is what Lee finds.
	storyCause = "the 14:00 deploy broke the payment client, rolling back"
	storyRoom  = "#inc-1-checkout-returns-500"
	// storyReview is where they ask why.
	storyReview = storyRoom + "-rca"
)

func (t *tale) alarm() {
	t.act(14, 2, "Something is wrong")
	t.do(func() error { return t.s.alert("CheckoutErrors firing", "38 % of POST /checkout answer 500 (eu-west)") })
	t.sees(t.ana, "#alerts", "#alerts, where the monitoring posts", "CheckoutErrors")
}

func (t *tale) declare() {
	t.act(14, 4, "Ana declares an incident")
	t.types(t.ana, "#general", "/incident new "+storyTitle)
	t.sees(t.ana, "#general", "#general", "INC-1* declared: "+storyRoom)
	t.say("The incident has a channel of its own now. Ana is in it, and a card is pinned there:")
	t.sees(t.ana, storyRoom, storyRoom, "topic: SEV4 · Investigating · IC unclaimed · INC-1", "[ Resolve ]", "pinned", "bookmark")
	t.say("And who only watches needs no channel. One message stands for the incident, and stays true:")
	t.sees(t.lee, "#incidents", "#incidents", "INC-1", storyRoom, "[ Join channel ]")
}

func (t *tale) promote() {
	t.act(14, 7, "It is worse than it looked")
	t.clicks(t.ana, storyRoom, "Severity", "on the card")
	t.form(t.ana, "Severity")
	t.fills(t.ana, "Severity", "SEV2")
	t.sees(t.ana, storyRoom, storyRoom, "*SEV2* · A main", "SEV4 → SEV2", "topic: SEV2 · Investigating · IC unclaimed")
	t.sees(t.lee, "#incidents", "#incidents", "SEV2 ·")
}

func (t *tale) lead() {
	t.act(14, 9, "Bo takes the lead, Lee the diagnosis")
	t.joins(t.bo)
	t.clicks(t.bo, storyRoom, "Claim", "beside “Incident commander”")
	t.sees(t.bo, "dm", "Bo's direct messages", "You are *Incident commander*")
	t.joins(t.lee)
	t.types(t.lee, storyRoom, "/incident claim technical lead")
	t.sees(t.ana, storyRoom, storyRoom, "Incident commander: @Bo Berg", "Technical lead: @Lee Wong",
		"@Bo Berg is now", "@Lee Wong is now", "topic: SEV2 · Investigating · IC @Bo Berg")
	t.types(t.bo, storyRoom, "/incident summary a third of payments fail since 14:00")
	t.sees(t.ana, storyRoom, storyRoom, "*Summary* by @Bo Berg", "a third of")
	t.sees(t.lee, "#incidents", "#incidents", "@Bo Berg", "@Lee Wong", "a third of")
	t.pass(t.lee, "dm", "You are *Technical lead*")
}

func (t *tale) status() {
	t.act(14, 21, "The cause is found")
	t.says(t.lee, storyRoom, storyCause)
	t.reacts(t.bo, storyRoom, storyCause, "pushpin", "Lee's message")
	t.kept(1, storyCause)
	t.say("The message joins the timeline, as a pinned one does. Nobody has to work out later what was found when.")
	t.types(t.bo, storyRoom, "/incident status identified")
	t.sees(t.ana, storyRoom, storyRoom, "Investigating → Identified", "*Identified* since", "topic: SEV2 · Identified")
	t.sees(t.lee, "#incidents", "#incidents", "*Status* Identified")
}

func (t *tale) update() {
	t.act(14, 30, "Those who wait outside hear of it")
	t.clicks(t.bo, storyRoom, "Post update", "on the card")
	t.form(t.bo, "What changed")
	t.fills(t.bo, "What changed?", "The deploy is rolled back on half of the servers.", "Impact", "15 % of payments fail, down from 38 %.",
		"Next step", "roll back the other half")
	t.say("It stands in the thread of the digest message, and in the channel as well:")
	t.sees(t.lee, "#incidents", "#incidents", "half of the servers", "15 % of payments")
	t.pass(t.ana, storyRoom, "half of the servers")
}

func (t *tale) crash() {
	t.act(14, 38, "muster is killed in the middle of it")
	if t.err == nil {
		t.s.muster.doomed.Store(true)
	}
	t.types(t.bo, storyRoom, "/incident status monitoring")
	t.do(func() error { t.s.kill(); return nil })
	t.say("At this very moment muster dies. Bo's change is in the database, but nothing of it has reached the channel, and who asks now gets no answer:")
	t.refused(t.lee, storyRoom, "/incident list")
	t.unchanged(t.ana, storyRoom, "#incidents")
	began := time.Now()
	t.do(func() error { return t.s.start(t.ctx) })
	t.say(fmt.Sprintf("muster starts again and hears after %d ms. Nobody repeats anything; what was promised happens:", time.Since(began).Milliseconds()))
	t.sees(t.ana, storyRoom, storyRoom, "Identified → Monitoring", "*Monitoring* since", "topic: SEV2 · Monitoring")
	t.sees(t.lee, "#incidents", "#incidents", "*Status* Monitoring")
}

func (t *tale) resolve() {
	t.act(14, 52, "It is over")
	t.clicks(t.bo, storyRoom, "Resolve", "on the card")
	t.form(t.bo, "What fixed it?")
	t.fills(t.bo, "What fixed it?", "rolled back the 14:00 deploy")
	t.sees(t.ana, storyRoom, storyRoom, "Resolved after 48 min* by @Bo Berg: rolled back", "topic: SEV2 · Resolved", "[ Reopen ]")
	t.do(func() error { t.forget("#incidents"); return nil })
	t.sees(t.lee, "#incidents", "#incidents, where it is still the same message", "resolved after 48 min", "Root-cause analysis")
}

func (t *tale) review() {
	t.act(14, 53, "And why did it happen?")
	t.say("Bo and Lee, who led, are called into a channel for that:")
	t.sees(t.bo, storyReview, storyReview, "Root-cause analysis of INC-1", "/wiki/spaces/")
	t.clicks(t.bo, storyReview, "Add follow-up", "")
	t.form(t.bo, "What is to be done?")
	t.fills(t.bo, "What is to be done?", "try a deploy on one server first", "Who", "Lee Wong", "By when", t.day.AddDate(0, 0, 7).Format(time.DateOnly))
	t.sees(t.bo, storyReview, storyReview, "try a deploy")
	t.sees(t.lee, "dm", "Lee's direct messages", "try a deploy")
	t.say("The page is in Confluence (a make-believe one, too). What muster knows is on it already; the causes are for people to find:")
	t.page("INC-1 " + storyTitle)
}

func (t *tale) end(took time.Duration) {
	t.p.say(fmt.Sprintf("That was 48 minutes, told in %s. Nothing of it stays on this machine.", seconds(took)))
	t.p.say("Now you: `muster demo` without -play lets you type and click for Ana, Bo and Lee.")
	t.p.print("")
}

// do runs a step, unless one has failed before.
func (t *tale) do(step func() error) {
	if t.err == nil {
		t.err = errors.Join(t.ctx.Err(), step())
	}
}
