package workspace_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox/workspace"
)

// quiet is how long nothing may happen before a story counts as over.
const quiet = 60 * time.Millisecond

var update = flag.Bool("update", false, "write the golden files anew")

// story is told to two workspaces; both dumps must be the same.
func story(t *testing.T, seed uint64) string {
	s := setup(t, func(c *workspace.Config) { c.Seed = seed })
	s.connect(func(e socketmode.Event) (any, bool) {
		if e.Type == socketmode.EventTypeSlashCommand {
			return map[string]any{"text": "Only for you"}, true
		}
		return nil, true
	})
	ctx := t.Context()
	c, err := s.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "inc-1", IsPrivate: true})
	must(t, err)
	_, err = s.api.InviteUsersToConversationContext(ctx, c.ID, s.alice)
	must(t, err)
	_, err = s.api.SetTopicOfConversationContext(ctx, c.ID, "Lead: <@"+s.alice+">")
	must(t, err)
	_, err = s.api.AddBookmarkContext(ctx, c.ID, slack.AddBookmarkParameters{Title: "Wiki", Type: "link", Link: "https://wiki.test/1", Emoji: ":book:"})
	must(t, err)
	text := slack.NewTextBlockObject(slack.MarkdownType, "*Since* <!date^1700000000^{time}|now> in <#"+s.ops+">", false, false)
	_, ts, err := s.api.PostMessageContext(ctx, c.ID, slack.MsgOptionText("card", false), slack.MsgOptionBlocks(slack.NewSectionBlock(text, nil, nil)))
	must(t, err)
	must(t, s.api.AddPinContext(ctx, c.ID, slack.NewRefToMessage(c.ID, ts)))
	link, err := s.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: c.ID, Ts: ts})
	must(t, err)
	_, _, err = s.api.PostMessageContext(ctx, s.ops, slack.MsgOptionText("See <"+link+"|the card>", false))
	must(t, err)
	_, err = s.Reply("alice", "inc-1", ts, "on it")
	must(t, err)
	must(t, s.React("alice", "inc-1", ts, "eyes"))
	_, err = s.PostAs(workspace.OtherApp{Name: "Alerts", Attachments: json.RawMessage(`[{"title":"Disk full","fields":[{"title":"Host","value":"db-1"}]}]`)}, "ops")
	must(t, err)
	must(t, s.DeliverCommand("bob", "ops", "/lamp").Err)
	_, _, err = s.api.PostMessageContext(ctx, s.bob, slack.MsgOptionText("Hello Bob", false))
	must(t, err)
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, "Lamps", false, false)),
	}}}
	_, err = s.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: s.alice, View: home})
	must(t, err)
	must(t, s.Settle(ctx, quiet))
	if got := s.Dump(workspace.Only("@bob")); got != "== DM with Bob ==\n- Lamp:\n    Hello Bob\n" {
		t.Errorf("bob's messages alone:\n%s", got)
	}
	return s.Dump()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDump(t *testing.T) {
	t.Parallel()
	const golden = "testdata/story.golden"
	got := story(t, 1)
	if diff := cmp.Diff(strings.Split(got, "\n"), strings.Split(story(t, 2), "\n")); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
	if *update {
		must(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the dump changed:\n%s", diff)
	}
}
