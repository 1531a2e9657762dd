package bot

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/slack-go/slack"
)

// TestPostText reads messages in the shapes that people and alert tools send.
func TestPostText(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ message, title, quote string }{
		"a person": {
			`{"text": "<@W222> test &amp; more", "user": "W111", "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section",
				"elements": [{"type": "user", "user_id": "W222"}, {"type": "text", "text": " test & more\nsecond"}, {"type": "emoji", "name": "fire"}]}]}]}`,
			"@W222 test & more", "@W222 test & more\nsecond:fire:",
		},
		"plain text": {
			`{"text": "*db down* on <https://db.example|db-1>\n\n&lt;!channel&gt;"}`,
			"db down on db-1", "db down on db-1\n<!channel>",
		},
		"alertmanager: attachment alone": {
			`{"text": "", "bot_id": "B1", "username": "Alertmanager", "attachments": [{"color": "a30200", "fallback": "[FIRING:1] HighErrorRate | http://am",
				"title": "[FIRING:1] HighErrorRate (checkout)", "title_link": "http://am", "text": "*Summary:* 5xx above 5%\n"}]}`,
			"[FIRING:1] HighErrorRate (checkout)", "[FIRING:1] HighErrorRate (checkout)\nSummary: 5xx above 5%",
		},
		"fields": {
			`{"text": "", "attachments": [{"pretext": "Triggered", "fields": [{"title": "Host", "value": "db-1", "short": true}, {"title": "", "value": ""}]}]}`,
			"Triggered", "Triggered\nHost: db-1",
		},
		"fallback is all there is": {
			`{"text": "", "attachments": [{"fallback": "disk full on db-1", "image_url": "http://x/y.png"}]}`,
			"disk full on db-1", "disk full on db-1",
		},
		"blocks with a text that repeats them": {
			`{"text": "Alert: checkout", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Checkout returns 500"}}, {"type": "divider"},
				{"type": "section", "text": {"type": "mrkdwn", "text": "since *14:00*"}, "fields": [{"type": "mrkdwn", "text": "*Team*\nshop"}]},
				{"type": "context", "elements": [{"type": "image", "image_url": "http://x", "alt_text": "x"}, {"type": "mrkdwn", "text": "prod"}]}]}`,
			"Checkout returns 500", "Checkout returns 500\nsince 14:00\nTeam: shop\nprod",
		},
		"blocks in an attachment": {
			`{"text": "", "attachments": [{"fallback": "[no preview available]", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "latency above 2 s"}}]}]}`,
			"latency above 2 s", "latency above 2 s",
		},
		"blocks that this program does not know": {
			`{"text": "latency", "blocks": [{"type": "hologram", "depth": 3}]}`, "latency", "latency",
		},
		"lists and code": {
			`{"text": "x", "blocks": [{"type": "rich_text", "elements": [
				{"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}, {"type": "rich_text_section", "elements": [{"type": "link", "url": "http://two"}]}]},
				{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "panic: <nil>"}]}]}]}`,
			"one", "one\nhttp://two\npanic: <nil>",
		},
		"who is called comes first": {
			`{"text": "<!here> <!subteam^S1|@oncall>\n:fire:\n<!channel> *db_main_1 down*, 5*3*2 of _all_"}`,
			"db_main_1 down, 5*3*2 of all", "@here @oncall\n🔥\n@channel db_main_1 down, 5*3*2 of all",
		},
		"nobody says more": {`{"text": "<!here> :fire:"}`, "@here 🔥", "@here 🔥"},
		"numbers alone":    {`{"text": "500"}`, "500", "500"},
		"markdown": {
			`{"text": "", "blocks": [{"type": "markdown", "text": "# Latency\n**p95** is ` + "`2 s`" + `"}]}`, "Latency", "# Latency\np95 is 2 s",
		},
		"plain text is not formatted": {
			`{"text": "", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "*a* is _down_"}}]}`, "*a* is _down_", "*a* is _down_",
		},
		"a picture with a title": {
			`{"text": "", "blocks": [{"type": "image", "image_url": "http://x/y.png", "alt_text": "y", "title": {"type": "plain_text", "text": "errors by minute"}}]}`,
			"errors by minute", "errors by minute",
		},
		"a picture": {`{"text": "", "files": [{"id": "F1", "title": "graph of errors"}]}`, "graph of errors", "graph of errors"},
		"nothing":   {`{"text": " \n* *", "attachments": [{"color": "red"}]}`, "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m slack.Message
			if err := json.Unmarshal([]byte(c.message), &m); err != nil {
				t.Fatal(err)
			}
			if title, quote := postText(&m); title != c.title || quote != c.quote {
				t.Errorf("title %q, quote %q\nwant  %q, %q", title, quote, c.title, c.quote)
			}
		})
	}
}

// TestPostOf reads the payload that Slack documents for a message shortcut.
func TestPostOf(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/message_action.json")
	if err != nil {
		t.Fatal(err)
	}
	var in slack.InteractionCallback
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	post, draft := postOf(in.Channel.ID, in.MessageTs, &in.Message, nil)
	if post.Key() != "post:C111:1583636382.000300" || post.Author != "W111" || post.Thread != "" || draft.Title != "@U222 test" {
		t.Errorf("%+v, %+v", post, draft)
	}
}
