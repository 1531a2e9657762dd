package browser

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

func TestMarkupAsSlackShowsIt(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{names: some{}, zone: zone, now: time.Unix(1_700_000_000, 0), me: "U1", link: func(a string) (string, bool) {
		return a, strings.HasPrefix(a, "http")
	}}
	for source, want := range map[string]string{
		"plain & simple &lt;b&gt;": "plain &amp; simple &lt;b&gt;",
		"*bold* _i_ ~s~ `c*d*`":    "<b>bold</b> <i>i</i> <s>s</s> <code>c*d*</code>",
		"2*3*4 and a_b_c":          "2*3*4 and a_b_c",
		"* no * and *open":         "* no * and *open",
		"*<@U1>*":                  `<b><span class="mention me">@user U1</span></b>`,
		"<#C1>":                    `<a href="/archives/C1" class="mention">#channel C1</a>`,
		"<https://a.test/?a=1&amp;b=2|a &amp; b>": `<a href="https://a.test/?a=1&amp;b=2" class="" target="_blank" rel="noopener noreferrer">a &amp; b</a>`,
		"<!date^1700000000^{time} {date_num}|x>":  `<time datetime="2023-11-14T22:13:20Z" title="Wednesday, 15 November 2023 07:13:20 JST">07:13 2023-11-15</time>`,
		"<!date^1699999000^{ago}|x>":              `<time datetime="2023-11-14T21:56:40Z" title="Wednesday, 15 November 2023 06:56:40 JST">16 minutes ago</time>`,
		"&lt;!channel&gt; <!channel>":             `&lt;!channel&gt; <span class="mention all">@channel</span>`,
		"&gt; said\nnot":                          "<blockquote>said</blockquote>not",
		"a\nb":                                    "a<br>b",
		"```x < y```":                             "<pre>x &lt; y</pre>",
		":tada: :no_such: 12:30:45":               `<span class="emoji" title=":tada:">🎉</span> :no_such: 12:30:45`,
		"\ue000 typed":                            "\ufffd typed",
	} {
		if got := string(r.mrkdwn(source)); got != want {
			t.Errorf("%q\n got %s\nwant %s", source, got, want)
		}
	}
}

type some struct{}

func (some) User(id string) string    { return "user " + id }
func (some) Channel(id string) string { return "channel " + id }
func (some) Group(id string) string   { return "group " + id }

// TestNothingTypedBecomesHTML draws blocks whose every text is hostile.
func TestNothingTypedBecomesHTML(t *testing.T) {
	t.Parallel()
	s := opened(t)
	const evil = `<script>alert(1)</script>"'>`
	raw, err := json.Marshal(evil)
	if err != nil {
		t.Fatal(err)
	}
	e := string(raw)
	blocks := `[{"type":"header","text":{"type":"plain_text","text":` + e + `}},
	{"type":"section","text":{"type":"plain_text","text":` + e + `},"accessory":{"type":"button","action_id":` + e + `,"url":"javascript:alert(1)","text":{"type":"plain_text","text":` + e + `}}},
	{"type":"context","elements":[{"type":"plain_text","text":` + e + `}]},
	{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":` + e + `},{"type":"link","url":"javascript:alert(1)","text":"x"}]}]},
	{"type":"hologram","text":` + e + `}]`
	if _, err := s.Workspace.PostAs(workspace.OtherApp{Name: evil, Text: evil, Blocks: []byte(blocks)}, "general"); err != nil {
		t.Fatal(err)
	}
	g := s.glanced(map[string][]string{"as": {"ana"}})
	drawn, err := s.draw(g)
	if err != nil {
		t.Fatal(err)
	}
	page := drawn["messages"]
	if strings.Contains(page, "<script") || strings.Contains(page, `href="javascript`) {
		t.Errorf("typed text became HTML:\n%s", page)
	}
	if !strings.Contains(page, "A block that this page cannot draw: hologram") {
		t.Errorf("an unknown block is not shown:\n%s", page)
	}
}
