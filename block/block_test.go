package block_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"muster/block"
	"muster/incident"
	"muster/incident/incidenttest"
	"muster/sandbox/blockkit"
	"muster/sandbox/blockkit/blockkittest"
)

// typed draws what people type, up to far beyond every limit.
func typed() *rapid.Generator[string] {
	return rapid.OneOf(incidenttest.Text(80), incidenttest.Text(6000), rapid.SampledFrom([]string{"", " ", "\n", "\u200b"}))
}

// Every builder of message blocks makes what Slack takes of anything typed.
func TestEveryMessageBlockIsSendable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := typed().Draw(t, "text")
		label := typed().Draw(t, "label")
		markup := block.Textf("*%s* by %s: %s", text, block.User("U1"), errors.New(label))
		button := block.Button(label, block.ActClaim, text)
		fallback := block.Fallback(markup)
		for name, b := range map[string]slack.Block{
			"header":  block.Header(text),
			"section": block.Section(markup),
			"escaped": block.Section(block.Escape(text)),
			"fields":  block.Fields(markup, block.Escape(text), "", markup, markup, markup, markup, markup, markup, markup, markup, markup),
			"row":     block.Row(markup, button),
			"context": block.Context(markup),
			"plain":   block.Plain(text),
			"actions": block.Actions(button, button, block.Primary(label, block.ActResolve, text), block.LinkButton(label, block.ActOpen, text)),
			"link":    block.Section(block.Link("https://x.test/?a=1&b="+text, label)),
			"no link": block.Section(block.Link(text, label)),
		} {
			raw, err := json.Marshal([]slack.Block{b})
			if err != nil {
				t.Fatalf("marshal: %v", err)
			}
			for _, problem := range blockkit.CheckMessage(fallback, raw, nil) {
				// Ten full fields are more than a message may hold; that is the caller's.
				if problem.Code != "msg_blocks_too_long" {
					t.Fatalf("%s: %v\n%s", name, problem, raw)
				}
			}
			blockkittest.Calm(t, blockkit.Text(raw, nil))
		}
		blockkittest.Calm(t, blockkit.Mrkdwn(fallback, nil))
	})
}

func TestTypedSignsDoNotFormat(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"*down*":            "|*|down|*|",
		"_a_ ~b~":           "|_|a|_| |~|b|~|",
		"run `ls`":          "run |`|ls|`|",
		"**":                "|*|*|",
		"> 5 s":             "|&gt; 5 s",
		"a\n > b > c":       "a\n |&gt; b &gt; c",
		"db_primary is 2*3": "db_primary is 2*3",
		"cron 0 * * * 1":    "cron 0 * * * 1",
		"(_x":               "(|_|x",
		"plain & simple":    "plain &amp; simple",
	} {
		if got := block.Escape(typed); string(got) != strings.ReplaceAll(want, "|", "\u2060") {
			t.Errorf("%q is sent as %q", typed, got)
		}
	}
}

// What is drawn is what was typed.
func TestEscapedShowsAsTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := incident.CleanText(typed().Draw(t, "text"))
		if drawn := blockkit.Mrkdwn(string(block.Escape(text)), nil); drawn != text {
			t.Fatalf("%q is drawn as %q", text, drawn)
		}
		if again := incident.CleanText(string(block.Escape(text))); block.Typed(again) != block.Pictured(text) {
			t.Fatalf("%q is copied as %q", text, again)
		}
	})
}

func TestLongTitleStandsWholeBelowTheHeader(t *testing.T) {
	t.Parallel()
	title := strings.Repeat("long ", 29) + "title"
	for _, c := range []struct {
		title string
		want  int
	}{{"db down", 1}, {title, 2}} {
		blocks := block.Headed(":fire: INC-1", c.title)
		drawn := blockkit.Text(blockkittest.Message(t, c.title, blocks), nil)
		if len(blocks) != c.want || !strings.Contains(drawn, c.title) {
			t.Errorf("%d blocks:\n%s", len(blocks), drawn)
		}
	}
}

func TestButtonsOfOneActionHaveIdsOfTheirOwn(t *testing.T) {
	t.Parallel()
	button := block.Button("Claim", block.ActClaim, "1 commander")
	row := block.Actions(button, button, block.Button("Claim", block.ActClaim, "2 lead")).(*slack.ActionBlock)
	seen := map[string]bool{}
	for _, e := range row.Elements.ElementSet {
		id := e.(*slack.ButtonBlockElement).ActionID
		if seen[id] || block.ParseAction(id) != block.ActClaim {
			t.Errorf("id %q", id)
		}
		seen[id] = true
	}
}

// Every builder of a form's parts makes what Slack takes.
func TestEveryFormIsOpenable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, label := typed().Draw(t, "text"), typed().Draw(t, "label")
		options := []block.Option{{Label: label, Value: "a"}, {Label: text, Text: label, Value: "b"}}
		for range rapid.IntRange(0, 120).Draw(t, "more") {
			options = append(options, block.Option{Label: text, Text: text, Value: "c"})
		}
		initial := rapid.SampledFrom([]string{"a", "b", "x", ""}).Draw(t, "initial")
		blockkittest.View(t, block.Form("form", text, label+"x", "private", block.Header(label),
			block.Line("line", label, text, text),
			block.Optional(block.Paragraph("text", label, text, text)),
			block.Hint(block.Choice("choice", label, initial, options...), text)))
		blockkittest.View(t, block.Form("", text, "", "", block.Section(block.Escape(text))))
	})
}

// Text goes to Slack escaped, comes back escaped, and is read as typed.
func FuzzTypedUndoesEscape(f *testing.F) {
	for _, s := range []string{"", "a & b", "<!channel>", "&lt;", "&amp;lt;", "<@U1|ana>", "< > &", "<https://x|y>", "\xff", "&", "*00000", "a*b* _c_ ~d~ `e`"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := block.Typed(block.Escaped(text)); got != text {
			t.Errorf("%q is escaped to %q and read as %q", text, block.Escaped(text), got)
		}
		// What is shown has invisible characters around marks, which stay when it is
		// typed again.
		markup := block.Escape(text)
		if got := visible(block.Typed(string(markup))); utf8.ValidString(text) && got != visible(text) {
			t.Errorf("%q is escaped to %q and read as %q", text, markup, got)
		}
		if strings.ContainsAny(string(markup), "<>") {
			t.Errorf("%q is escaped to %q", text, markup)
		}
		if utf8.ValidString(text) && visible(blockkit.Mrkdwn(string(markup), nil)) != visible(text) {
			t.Errorf("%q is shown as %q", text, blockkit.Mrkdwn(string(markup), nil))
		}
		// What comes from Slack may be anything.
		blockkittest.Calm(t, blockkit.Mrkdwn(string(block.Escape(block.Typed(text))), nil))
	})
}

// visible is text without word joiners.
func visible(text string) string { return strings.ReplaceAll(text, "\u2060", "") }

func TestTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"db down":                                "db down",
		"ask <@U1|ana> in <#C1|ops>":             "ask @ana in #ops",
		"ask <@U1> in <#C1|>":                    "ask @U1 in #C1",
		"<!here> <!channel|channel> <!everyone>": "@here @channel @everyone",
		"<!subteam^S1|@oncall> <!subteam^S2|db>": "@oncall @db",
		"<!subteam^S1>":                          "@S1",
		"see <https://x.test/?a=1&amp;b=2>":      "see https://x.test/?a=1&b=2",
		"see <https://x.test|x &lt;1&gt;>":       "see x <1>",
		"<mailto:a@x.test|a@x.test>":             "a@x.test",
		"&lt;!channel&gt; &amp;amp;":             "<!channel> &amp;",
		"1 &lt; 2 <":                             "1 < 2 <", "<": "<", "<>": "<>", "<<@U1>>": "<<@U1>>", ">": ">",
		"<!date^1^{time}|14:02>": "14:02", "<!date^1^{time}>": "1970-01-01 00:00 UTC", "<!date^soon^{time}>": "<!date^soon^{time}>",
	} {
		if got := block.Typed(text); got != want {
			t.Errorf("Typed(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMarkupPieces(t *testing.T) {
	t.Parallel()
	type status string
	at := time.Date(2025, 3, 4, 14, 2, 0, 0, time.UTC)
	for name, c := range map[string]struct{ got, want block.Markup }{
		"string":        {block.Textf("*%s*", "<a>"), "*&lt;a&gt;*"},
		"markup":        {block.Textf("%s", block.User("U1")), "<@U1>"},
		"number":        {block.Textf("%d of %.1f", 3, 2.5), "3 of 2.5"},
		"stringer":      {block.Textf("%s %s", incident.SEV2, time.Second), "SEV2 1s"},
		"named string":  {block.Textf("%s", status("<!channel>")), "&lt;!channel&gt;"},
		"error":         {block.Textf("%s %v", errors.New("<!channel>"), errors.New("&")), "&lt;!channel&gt; &amp;"},
		"join":          {block.Join([]block.Markup{"a", "b"}, " · "), "a · b"},
		"muster":        {block.User(""), "muster"},
		"no id":         {block.User("root>@x"), "root&gt;@x"},
		"no channel":    {block.Channel("!channel"), "!channel"},
		"channel":       {block.Channel("C1"), "<#C1>"},
		"link":          {block.Link("https://x.test/a?b=1&c=2|3", "a|b <c>\nd"), "<https://x.test/a?b=1&amp;c=2%7C3|a/b &lt;c&gt; d>"},
		"bare link":     {block.Link("https://x.test/", " "), "<https://x.test/|https://x.test/>"},
		"no address":    {block.Link("", "label"), "label"},
		"bad address":   {block.Link("https://x.test/\x00", "a&b"), "a&amp;b"},
		"relative":      {block.Link("!channel", "x"), "x"},
		"date":          {block.Day(at), "<!date^1741096920^{date_short_pretty} {time}|2025-03-04 14:02 UTC>"},
		"time elsehere": {block.Time(at.In(time.FixedZone("x", 7200))), "<!date^1741096920^{time}|2025-03-04 14:02 UTC>"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "less than a minute", 59*time.Second + 999*time.Millisecond: "less than a minute", time.Minute: "1 min", 89 * time.Second: "1 min",
		48 * time.Minute: "48 min", 59*time.Minute + 40*time.Second: "1 h 0 min", 61 * time.Minute: "1 h 1 min",
		23*time.Hour + 59*time.Minute + 40*time.Second: "1 d 0 h", 50 * time.Hour: "2 d 2 h",
	} {
		if got := block.Duration(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

// Cutting never splits an entity, a token or a character, keeps to the limit,
// and cuts nothing that fits.
func TestCuttingKeepsPiecesWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.OneOf(
			rapid.Map(incidenttest.Text(300), block.Escape),
			rapid.SampledFrom([]block.Markup{block.User("U123456"), block.Channel("C1"), block.Day(incidenttest.DeclaredAt), block.Link("https://x.test", "a & b"), "*", "\n"}),
		), 0, 40).Draw(t, "parts")
		whole := block.Join(parts, "")
		kept := block.Markup(strings.TrimSuffix(block.Fallback(whole), "…"))
		if utf16(whole) <= 3900 && block.Fallback(whole) != string(whole) {
			t.Fatalf("it fits and was cut: %q", whole)
		}
		if utf16(block.Markup(block.Fallback(whole))) > 3900 || !strings.HasPrefix(string(whole), string(kept)) {
			t.Fatalf("cut to %q", kept)
		}
		// Markup has '<' and '&' as the beginning of a piece alone.
		if open, end := strings.LastIndexByte(string(kept), '<'), strings.LastIndexByte(string(kept), '>'); open > end {
			t.Fatalf("a token is cut: %q", kept[open:])
		}
		if amp := strings.LastIndexByte(string(kept), '&'); amp >= 0 && !strings.Contains(string(kept[amp:]), ";") {
			t.Fatalf("an entity is cut: %q", kept[amp:])
		}
		if utf8.ValidString(string(whole)) && !utf8.ValidString(string(kept)) {
			t.Fatalf("a character is cut: %q", kept)
		}
	})
}

// Wherever the limit falls, an entity and a token stay whole.
func TestCutAtEachPlace(t *testing.T) {
	t.Parallel()
	for _, piece := range []block.Markup{"&amp;", "<@U123456>", "<https://x.test|a &lt; b>", "🔥"} {
		for offset := range len(piece) + 2 {
			whole := strings.Repeat("x", offset) + strings.Repeat(string(piece), 1500)
			cut := block.Fallback(block.Markup(whole))
			kept := strings.TrimLeft(strings.TrimSuffix(cut, "…"), "x")
			if utf16(block.Markup(cut)) > 3900 || kept != strings.Repeat(string(piece), len(kept)/len(piece)) {
				t.Errorf("%q after %d characters is cut to …%q", piece, offset, cut[len(cut)-20:])
			}
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"🔥🔥", 4, "🔥🔥"}, {"🔥🔥🔥", 4, "🔥…"}, {"a b", 2, "a…"}, {"abc", 1, "…"}, {"👩\u200d👩", 4, "👩…"},
	} {
		if got := block.Clip(c.text, c.n); got != c.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Min(1).Draw(t, "number")
		rest := rapid.SampledFrom([]string{"", "commander", "a b", "42"}).Draw(t, "rest")
		value := block.Value(number)
		if rest != "" {
			value = block.Value(number, rest)
		}
		if n, r, ok := block.ParseValue(value); n != number || r != rest || !ok {
			t.Fatalf("%q is read as %d, %q, %v", value, n, r, ok)
		}
	})
	for _, value := range []string{"", "x", "0", "-1", " 1", "1.5", "9223372036854775808", "42x"} {
		if n, _, ok := block.ParseValue(value); ok {
			t.Errorf("%q is read as %d", value, n)
		}
	}
}

// A phone shows 60 characters: severity, status and number must be in them.
func TestHeadlineFitsAPhone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		c.Number %= 10_000_000
		line := block.Headline(&c.Incident, c.Definitions)
		shown := []rune(strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "\u2060", "").Replace(line))
		first := string(shown[:min(60, len(shown))])
		name := ""
		if whole := c.Definitions.Severity(c.Severity).Name; whole == incident.CleanLine(whole) && !strings.Contains(whole, "\u2060") {
			name = incident.Shorten(whole, 15)
		}
		for _, word := range []string{name, c.Status.Title(), c.Ref()} {
			if !strings.Contains(first, word) {
				t.Fatalf("%q does not hold %s", first, word)
			}
		}
		blockkittest.Message(t, line, nil)
	})
}

func TestSigns(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, severity := range incident.Severities() {
		for _, status := range incident.Statuses() {
			seen[block.Sign(&incident.Incident{Severity: severity, Status: status})] = true
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d signs, want one for each severity and one for each end", len(seen))
	}
}

func TestSeverityOptions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := incidenttest.Any().Draw(t, "case").Definitions
		options := block.SeverityOptions(d)
		if len(options) != 4 || options[1].Value != "SEV2" {
			t.Fatalf("%+v", options)
		}
		blockkittest.View(t, block.Form("f", "Severity", "Save", "", block.Choice("severity", "Severity", "SEV2", options...)))
	})
}

// utf16 counts as Slack may.
func utf16(m block.Markup) int {
	n := 0
	for _, r := range string(m) {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}
