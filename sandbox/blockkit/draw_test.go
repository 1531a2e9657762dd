package blockkit

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
)

type fakeNames struct{}

func (fakeNames) User(id string) string    { return map[string]string{"U1": "ana"}[id] }
func (fakeNames) Channel(id string) string { return map[string]string{"C1": "inc-7"}[id] }
func (fakeNames) Group(id string) string   { return map[string]string{"S1": "oncall"}[id] }

func TestText(t *testing.T) {
	t.Parallel()
	blocks := `[
		{"type":"header","text":{"type":"plain_text","text":"Database down & out"}},
		{"type":"section","text":{"type":"mrkdwn","text":"*Commander*: <@U1>"},"accessory":` + button("c", "Claim", `,"style":"primary"`) + `},
		{"type":"section","fields":[{"type":"mrkdwn","text":"Severity: SEV2"},{"type":"mrkdwn","text":"In <#C1>"},{"type":"plain_text","text":"Last"}]},
		{"type":"context","elements":[{"type":"mrkdwn","text":"since <!date^1700000000^{time}|22:13 UTC>"},{"type":"image","image_url":"https://x.test/a","alt_text":"face"}]},
		{"type":"divider"},
		{"type":"actions","elements":[` + button("r", "Resolve", `,"style":"danger"`) + `,` + button("s", "Status", ``) + `,
			{"type":"static_select","action_id":"sev","placeholder":{"type":"plain_text","text":"Severity"},"options":[` + choice("SEV1", "1") + `]},
			{"type":"static_select","action_id":"st","options":[` + choice("Open", "1") + `],"initial_option":` + choice("Open", "1") + `},
			{"type":"users_select","action_id":"u","initial_user":"U1"},
			{"type":"overflow","action_id":"o","options":[` + choice("Edit", "1") + `,` + choice("Drop", "2") + `]}]},
		{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"},{"type":"text","text":" says <b>"}]},
			{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]}]},
			{"type":"rich_text_quote","elements":[{"type":"broadcast","range":"here"}]}]},
		{"type":"image","image_url":"https://x.test/a","alt_text":"graph","title":{"type":"plain_text","text":"Load"}},
		{"type":"table","rows":[[{"type":"raw_text","text":"a"},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"b"}]}]}]]}
	]`
	want := `# Database down & out
*Commander*: @ana   [ Claim ] (primary)
Severity: SEV2                  |  In #inc-7
Last
· since 22:13 UTC  · (image: face)
---
[ Resolve ] (danger) [ Status ] ( Severity ▾ ) ( Open ▾ ) ( @ana ▾ ) ( ⋯ Edit / Drop )
@ana says <b>
• one
> @here!!
(image: graph) Load
a | b`
	if got := Text(json.RawMessage(blocks), fakeNames{}); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestViewText(t *testing.T) {
	t.Parallel()
	view := modal(`,"close":{"type":"plain_text","text":"Cancel"}`, `[`+
		input("Title", `{"type":"plain_text_input","placeholder":{"type":"plain_text","text":"db down"}}`)+`,`+
		input("Note", `{"type":"plain_text_input","initial_value":"so far"}`)+`,`+
		`{"type":"input","optional":true,"label":{"type":"plain_text","text":"Severity"},"hint":{"type":"plain_text","text":"1 is worst"},
		  "element":{"type":"radio_buttons","options":[`+choice("SEV1", "1")+`,`+choice("SEV2", "2")+`],"initial_option":`+choice("SEV2", "2")+`}},`+
		input("Roles", `{"type":"checkboxes","options":[`+choice("a", "1")+`,`+choice("b", "2")+`],"initial_options":[`+choice("a", "1")+`]}`)+`,`+
		input("Day", `{"type":"datepicker","initial_date":"2026-01-02"}`)+`]`)
	want := `== Declare ==
Title: ____ (db down)
Note: so far
Severity (optional): ( ) SEV1  (•) SEV2
  1 is worst
Roles: [x] a  [ ] b
Day: ( 2026-01-02 ▾ )
[ Cancel ] [ Go ]`
	if got := ViewText(json.RawMessage(view), fakeNames{}); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestMrkdwn(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`hi <@U1> and <@U9>`:                    `hi @ana and @U9`,
		`<@U9|zoe>`:                             `@zoe`,
		`<#C1|old> <#C9|gone> <#C8>`:            `#inc-7 #gone #C8`,
		`<!subteam^S1> <!subteam^S2|@ops>`:      `@oncall @ops`,
		`<https://x.test/a|the page>`:           `the page (https://x.test/a)`,
		`<https://x.test/a?b=1&amp;c=2>`:        `https://x.test/a?b=1&c=2`,
		`<https://w.test/archives/C1/p17|Open>`: `Open`,
		`<mailto:a@b.c|a@b.c>`:                  `a@b.c`,
		`<!channel> <!here>`:                    `@channel!! @here!!`,
		`&lt;!channel&gt;`:                      `<!channel>`,
		`&amp;lt;`:                              `&lt;`,
		`a < b`:                                 `a < b`,
		`1 < 2 <@U1>`:                           `1 < 2 @ana`,
		`<>`:                                    `<>`,
		`<!date^1700000000^{date} at {time}|14 Nov>`:     `[1700000000 {date} at {time} 14 Nov]`,
		`<!date^1700000000^{time}^https://x.test|later>`: `[1700000000 {time} later]`,
		`<!date^soon^{time}|later>`:                      `<!date^soon^{time}|later>`,
		`@here typed bare at top level`:                  `@here typed bare at top level`,
	} {
		got := Mrkdwn(source, fakeNames{}, Dates(func(unix int64, format, fallback string) string {
			return fmt.Sprintf("[%s %s %s]", strconv.FormatInt(unix, 10), format, fallback)
		}))
		if got != want {
			t.Errorf("%s: got %q, want %q", source, got, want)
		}
	}
}

func TestBareBroadcastIsLiveUnlessVerbatim(t *testing.T) {
	t.Parallel()
	for object, want := range map[string]string{
		`{"type":"mrkdwn","text":"wake @here, a@channel.test"}`:     `wake @here!!, a@channel.test`,
		`{"type":"mrkdwn","verbatim":true,"text":"wake @here"}`:     `wake @here`,
		`{"type":"plain_text","text":"wake @here <!channel> &lt;"}`: `wake @here <!channel> &lt;`,
	} {
		if got := Text(json.RawMessage(`[`+section(object)+`]`), nil); got != want {
			t.Errorf("%s: got %q, want %q", object, got, want)
		}
	}
}
