package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// malformed are payloads that no Slack of today sends: of unknown types, with
// fields missing, or of another shape than they should have.
var malformed = []struct{ kind, payload string }{
	{"slash_commands", `{}`},
	{"slash_commands", `{"command":"/incident","text":42}`},
	{"slash_commands", `[]`},
	{"slash_commands", `{"command":"/incident","text":"new x","user_id":"","channel_id":"C0NOWHERE"}`},
	{"slash_commands", `{"command":"/other","text":"","user_id":"U0NOBODY","channel_id":"C0NOWHERE","response_url":"not a url"}`},
	{"interactive", `{}`},
	{"interactive", `{"type":"dance"}`},
	{"interactive", `{"type":"block_actions"}`},
	{"interactive", `{"type":"block_actions","actions":[{}],"user":{"id":"U0NOBODY"}}`},
	{"interactive", `{"type":"block_actions","actions":[{"action_id":"claim","value":"not json"}],"user":{"id":"U0NOBODY"}}`},
	{"interactive", `{"type":"block_actions","actions":[{"action_id":"claim","type":"button","value":"-1:commander"}],"user":{"id":"U0NOBODY"},"channel":{"id":"C0"}}`},
	{"interactive", `{"type":"view_submission"}`},
	{"interactive", `{"type":"view_submission","view":{"id":"V1","callback_id":"declare","private_metadata":"{{{","state":{"values":{"a":{"b":{}}}}},"user":{"id":"U0NOBODY"}}`},
	{"interactive", `{"type":"view_submission","view":{"id":"V1","callback_id":"severity","private_metadata":"","state":null},"user":{"id":"U0NOBODY"}}`},
	{"interactive", `{"type":"view_closed"}`},
	{"interactive", `{"type":"block_suggestion","action_id":"x"}`},
	{"interactive", `{"type":"shortcut","callback_id":"unknown"}`},
	{"interactive", `{"type":"message_action","callback_id":"declare_from_message"}`},
	{"interactive", `"text"`},
	{"interactive", `null`},
	{"events_api", `{}`},
	{"events_api", `{"type":"event_callback"}`},
	{"events_api", `{"type":"event_callback","event_id":"","event":{"type":"reaction_added"}}`},
	{"events_api", `{"type":"event_callback","event_id":"Ev1","event":{"type":"never_heard_of"}}`},
	{"events_api", `{"type":"event_callback","event_id":"Ev2","event":{"type":"reaction_added","item":"none","user":7}}`},
	{"events_api", `{"type":"event_callback","event_id":"Ev3","event":{"type":"app_mention","text":"<@U> new \u0000","channel":"C0NOWHERE"}}`},
	{"events_api", `{"type":"event_callback","event_id":"Ev4","event":[]}`},
	{"events_api", `17`},
	{"never_heard_of", `{}`},
}

// Whatever comes is acknowledged, changes nothing, and ends nothing.
func TestMalformedPayloadsAreAcknowledged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	for _, m := range malformed {
		d := w.DeliverRaw(m.kind, json.RawMessage(m.payload))
		// What the library does not know, it does not hand on.
		if !d.Acked && m.kind != "never_heard_of" {
			t.Errorf("%s %s is not acknowledged: %v", m.kind, m.payload, d.Err)
		}
	}
	if n := w.query(`SELECT count(*)::text FROM incidents`); n != "0" {
		t.Errorf("%s incidents came of it", n)
	}
	w.says(w.ana, "general", "/incident new checkout returns 500")
	w.do(w.ana.Hears(w.ctx, "declared: #"+firstRoom))
	w.rest()
}

// FuzzPayloads sends any payload; the seeds are those that are malformed.
func FuzzPayloads(f *testing.F) {
	for _, m := range malformed {
		f.Add(m.kind, m.payload)
	}
	w := newWorld(f, workspace.Config{})
	w.start(quick())
	f.Fuzz(func(t *testing.T, kind, payload string) {
		if !json.Valid([]byte(payload)) || kind != "slash_commands" && kind != "interactive" && kind != "events_api" {
			return
		}
		if d := w.DeliverRaw(kind, json.RawMessage(payload)); !d.Acked {
			t.Errorf("%s %q is not acknowledged: %v", kind, payload, d.Err)
		}
	})
}

// scribe keeps what many goroutines log.
type scribe struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *scribe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *scribe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// everything is all that a world holds of what muster wrote: the database, each
// message with its blocks and metadata, and the pages.
func (w *world) everything() string {
	w.t.Helper()
	var b strings.Builder
	for table := range strings.Lines(w.query(`SELECT string_agg(tablename, E'\n') FROM pg_tables WHERE schemaname = 'public'`)) {
		table = strings.TrimSpace(table)
		fmt.Fprintf(&b, "== table %s\n%s\n", table, w.query(`SELECT coalesce(string_agg(row::text, E'\n'), '') FROM `+table+` row`))
	}
	for _, c := range w.Calls() {
		fmt.Fprintf(&b, "== call %s\n%v\n", c.Method, c.Form)
	}
	b.WriteString(w.Dump())
	for _, p := range w.wiki.Pages() {
		fmt.Fprintf(&b, "== page %s\n%s\n%v\n", p.Title, p.Body, p.Comments)
	}
	return b.String()
}

// No secret is in anything that is written while the whole story is told and
// answers go wrong in every way: not in the log at its finest, not in the
// database, not in Slack, not in Confluence.
func TestSecretsAreWrittenNowhere(t *testing.T) {
	t.Parallel()
	w := taleWorld(t, workspace.Config{Seed: 61, Ping: 0})
	log := &scribe{}
	w.log = zerolog.New(log).Level(zerolog.TraceLevel)
	w.start(shortened())
	for n, f := range wrong {
		f.Method = []string{"chat.postMessage", "chat.update", "conversations.create", "bookmarks.add", "conversations.invite"}[n%5]
		w.Fault(f)
	}
	w.wiki.Fault(wiki.Fault{Status: 500, Times: 2})
	w.wiki.Fault(wiki.Fault{Lost: true})
	s := alone(w)
	s.trust = patience
	s.tell()
	secrets := map[string]string{
		"the app-level token": w.AppToken(), "the bot token": w.BotToken(), "Confluence's token": wiki.Token,
		"a socket's ticket": "ticket=",
	}
	for place, text := range map[string]string{"the log": log.String(), "what is kept and said": w.everything()} {
		if len(text) < 1000 {
			t.Errorf("%s is suspiciously short: %q", place, text)
		}
		for what, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", place, what)
			}
		}
	}
	// A response_url is a secret, too. The database has to keep it for the answer.
	for _, typed := range []string{"/commands/", "since <14:00>", "failed over", "rolled back"} {
		if strings.Contains(log.String(), typed) {
			t.Errorf("the log holds %q", typed)
		}
	}
}

// hostileText is what somebody types who wants to be heard by all, or to break out
// of what it is put in.
const hostileText = "<!channel> <!here> <@U0EVERY> <#C0X|x> <https://evil.example|login> &lt;!everyone&gt; ]]> <script>alert(1)</script> <ac:link/> *b* `c` @channel"

// Whatever is typed is shown as typed: nobody is called, no link is made, and the
// page stays a page.
func TestHostileTextNeverFires(t *testing.T) {
	t.Parallel()
	w := taleWorld(t, workspace.Config{Seed: 62})
	w.start(quick())
	w.says(w.lee, "general", "/incident new "+hostileText)
	w.eventually("the room", func() bool { return w.query(`SELECT coalesce(max(channel), '') FROM rooms`) != "" })
	room := w.query(`SELECT channel FROM rooms`)
	w.eventually("the card, and lee", func() bool { return w.holds(room, "Claim") && w.holds(room, "Lee Wong has joined the channel") })
	w.says(w.lee, room, "/incident note "+hostileText)
	w.says(w.lee, room, "/incident update")
	w.submit(w.lee, "What changed?", hostileText)
	w.says(w.lee, room, "/incident status resolved "+hostileText)
	w.shows("incidents", "resolved after")
	w.rest()
	for _, c := range w.Calls() {
		for _, sent := range append(formatted(c.Form.Get("blocks")), c.Form.Get("text")) {
			for _, fires := range []string{"<!channel", "<!here", "<!everyone", "<@U0EVERY", "<https://evil", "|login>"} {
				if strings.Contains(sent, fires) {
					t.Errorf("%s sends %s: %s", c.Method, fires, sent)
				}
			}
		}
	}
	w.eventually("a page", func() bool { return len(w.wiki.Pages()) == 1 })
	page := w.page()
	if err := wiki.WellFormed(page.Body); err != nil || strings.Contains(page.Body, "<script") || strings.Contains(page.Body, "<ac:link") {
		t.Errorf("the page: %v\n%s", err, page.Body)
	}
}

// formatted lists all texts in blocks that Slack reads marks in.
func formatted(blocks string) (texts []string) {
	var tree any
	if json.Unmarshal([]byte(blocks), &tree) != nil {
		return nil
	}
	var walk func(any)
	walk = func(node any) {
		switch node := node.(type) {
		case []any:
			for _, child := range node {
				walk(child)
			}
		case map[string]any:
			if text, ok := node["text"].(string); ok && node["type"] == "mrkdwn" {
				texts = append(texts, text)
			}
			for _, child := range node {
				walk(child)
			}
		}
	}
	walk(tree)
	return texts
}
