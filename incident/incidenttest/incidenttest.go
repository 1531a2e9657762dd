// Package incidenttest makes cases for the tests of whoever shows them: one for
// each state that is worth a look, and any at all.
package incidenttest

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"muster/incident"
)

// DeclaredAt is when the staged incidents were declared.
var DeclaredAt = time.Date(2025, 3, 4, 14, 2, 0, 0, time.UTC)

// Definitions are like the stock ones, with short texts.
func Definitions() incident.Definitions {
	return incident.Definitions{
		Roles: []incident.Role{
			{Key: incident.Commander, Name: "Incident commander", Text: "Decides and delegates.", Position: 1},
			{Key: incident.CommsLiaison, Name: "Communications liaison", Text: "Tells everybody else.", Position: 2},
			{Key: incident.TechnicalLead, Name: "Technical lead", Text: "Finds out what is wrong.", Position: 3},
		},
		Severities: []incident.SeverityDefinition{
			{Level: 1, Name: "SEV1", Text: "everything is down"}, {Level: 2, Name: "SEV2", Text: "much is down"},
			{Level: 3, Name: "SEV3", Text: "something is down"}, {Level: 4, Name: "SEV4", Text: "something is odd"},
		},
	}
}

// Staged are incidents in the states that look different, by name.
func Staged() map[string]*incident.Case {
	return map[string]*incident.Case{
		"declared":  staged(func(c *incident.Case) { c.Rooms = nil; c.Summary = "" }),
		"room":      staged(func(*incident.Case) {}),
		"critical":  staged(func(c *incident.Case) { c.Severity = incident.SEV1; c.Status = incident.Identified }),
		"held":      staged(held),
		"resolved":  staged(resolved),
		"cancelled": staged(cancelled),
		"duplicate": staged(duplicate),
		"test":      staged(func(c *incident.Case) { held(c); c.Test = true }),
		"private":   staged(func(c *incident.Case) { held(c); c.Private = true }),
		"updated":   staged(updated),
		"markup":    staged(markup),
		"many":      staged(func(c *incident.Case) { held(c); c.Definitions.Roles = many() }),
		"undefined": staged(func(c *incident.Case) { c.Definitions = incident.Definitions{} }),
	}
}

func staged(change func(c *incident.Case)) *incident.Case {
	d := incident.Declaration{Title: "Checkout returns 500", Summary: "Since the deploy of 14:00.\nAbout a third of carts.", By: "ULEE"}
	c := &incident.Case{
		Incident: *incident.New(42, d, DeclaredAt), Definitions: Definitions(),
		Rooms:        []incident.Room{{Purpose: incident.RoomMain, ID: "C42", Name: "inc-42-checkout-returns-500"}},
		Installation: incident.Installation{ID: "i", Digest: "CDIGEST", TeamURL: "https://acme.slack.com/", BotUser: "UBOT"},
	}
	change(c)
	return c
}

func held(c *incident.Case) {
	c.Roles = []incident.Assignment{
		{Role: incident.Commander, User: "UANA", By: "UANA", At: DeclaredAt.Add(time.Minute)},
		{Role: incident.TechnicalLead, User: "UBO", By: "UANA", At: DeclaredAt.Add(2 * time.Minute)},
	}
}

func resolved(c *incident.Case) {
	held(c)
	c.Status, c.StatusAt, c.StatusBy = incident.Resolved, DeclaredAt.Add(48*time.Minute), "UANA"
	c.ResolvedAt, c.ResolvedBy, c.Resolution = c.StatusAt, "UANA", "rolled back the deploy & restarted <cart>"
}

func cancelled(c *incident.Case) {
	held(c)
	_ = c.Cancel("false alarm <!here>", "UANA", DeclaredAt.Add(3*time.Minute))
}

func duplicate(c *incident.Case) {
	c.Original = &incident.Original{Number: 41, Title: "Carts <!here> are empty", Room: "C41"}
	_ = c.Duplicate(&incident.Incident{Number: 41}, "UANA", DeclaredAt.Add(3*time.Minute))
}

func updated(c *incident.Case) {
	held(c)
	c.Severity = incident.SEV2
	c.Last = incident.LastUpdate{Text: "Rolled back in 2 of 4 clusters", By: "UANA", At: DeclaredAt.Add(18 * time.Minute)}
	c.Cadence.Due.Update = DeclaredAt.Add(43 * time.Minute)
}

func markup(c *incident.Case) {
	c.Title = "<!channel> <@UANA> & `x` *b* ]]> @here"
	c.Summary = "<https://evil.test|click> &lt;!here&gt;\n<!date^1^{time}|x>"
	c.Definitions.Severities[3].Text = "<!everyone> & more"
	c.Definitions.Roles[0].Name = "<!here> commander"
}

func many() []incident.Role {
	roles := Definitions().Roles
	for n := range 4 {
		roles = append(roles, incident.Role{Key: fmt.Sprint("extra", n), Name: fmt.Sprint("Extra ", n), Position: 10 + n})
	}
	return roles
}

// Text draws what people type or paste: all scripts, markup, controls, joined
// emoji, broken bytes, and up to limit characters of them.
func Text(limit int) *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.StringN(0, 40, -1), rapid.SampledFrom([]string{
		"<!channel>", "<!here|here>", "<@UANA>", "<#C1>", "<https://x.test|y>", "<!date^1^{time}|x>", "<", ">", "&", "&amp;", "&lt;!channel&gt;",
		"`", "```", "*", "_", "~", "|", "]]>", "@here", "@channel", ":tada:", "\u202e", "שלום עולם", "نص", "数据库", "👩\u200d👩\u200d👧", "🏳️\u200d🌈",
		"e\u0301", "\x00", "\a", "\r\n", "\n", "\t", "\u2028", "\xff", "{who}", "%s", "\"", "\\", "🔥🔥🔥🔥🔥🔥🔥🔥", strings.Repeat("&", 200), strings.Repeat("long ", 80),
	}))
	return rapid.Custom(func(t *rapid.T) string {
		text := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		// The sandbox draws a call that would ring as "@here!!".
		text = strings.ReplaceAll(text, "!!", "! ")
		if rapid.IntRange(0, 9).Draw(t, "grown") == 0 && text != "" {
			text = strings.Repeat(text, limit/len([]rune(text))+1)
		}
		return incident.Shorten(text, limit)
	})
}

// Any draws a case such as the Desk may have made of what people typed.
func Any() *rapid.Generator[*incident.Case] {
	return rapid.Custom(func(t *rapid.T) *incident.Case {
		title := incident.CleanLine(Text(400).Draw(t, "title"))
		d := incident.Declaration{Title: "x" + title, Summary: Text(incident.MaxSummary).Draw(t, "summary"), By: "ULEE"}.Fit()
		number := rapid.Int64Range(1, 1<<62).Draw(t, "number")
		c := &incident.Case{
			Incident: *incident.New(number, d, DeclaredAt), Definitions: anyDefinitions(t),
			Installation: incident.Installation{TeamURL: "https://acme.slack.com/", Digest: "CDIGEST"},
		}
		c.Severity = rapid.SampledFrom(incident.Severities()).Draw(t, "severity")
		c.Status = rapid.SampledFrom(incident.Statuses()[:3]).Draw(t, "status")
		c.Test = rapid.Bool().Draw(t, "test")
		c.Private = rapid.Bool().Draw(t, "private")
		if rapid.Bool().Draw(t, "room") {
			c.Rooms = []incident.Room{{Purpose: incident.RoomMain, ID: "C1", Name: "inc"}}
		}
		for _, role := range c.Definitions.Roles {
			if !rapid.Bool().Draw(t, "held") {
				continue
			}
			h := incident.Handing{To: "UBO", Note: Text(incident.MaxHandover).Draw(t, "note")}
			if err := c.Assign(role, h, rapid.SampledFrom([]string{"UANA", "UBO"}).Draw(t, "assigned by"), DeclaredAt); err != nil {
				t.Fatalf("assign: %v", err)
			}
		}
		if rapid.Bool().Draw(t, "updated") {
			u := incident.Update{
				Text: "x" + Text(incident.MaxUpdate-1).Draw(t, "update"), Impact: Text(incident.MaxAside).Draw(t, "impact"),
				Next: Text(incident.MaxAside).Draw(t, "next"), Within: 15 * time.Minute,
			}
			if err := c.Post(u, "UANA", DeclaredAt); err != nil {
				t.Fatalf("post: %v", err)
			}
			c.Schedule(incident.Rules{First: time.Minute, Every: time.Minute})
		}
		end(t, c)
		c.News = c.Incident.News()
		return c
	})
}

// end ends a case in any way, or leaves it open.
func end(t *rapid.T, c *incident.Case) {
	line := "x" + Text(incident.MaxResolution-1).Draw(t, "line")
	at := DeclaredAt.Add(time.Duration(rapid.Int64Range(0, 1<<52).Draw(t, "lasted")))
	var err error
	switch rapid.SampledFrom([]incident.Status{"", "", incident.Resolved, incident.Cancelled, incident.Duplicate}).Draw(t, "end") {
	case incident.Resolved:
		err = c.Resolve(line, "UBO", at)
	case incident.Cancelled:
		err = c.Cancel(line, "UBO", at)
	case incident.Duplicate:
		c.Original = &incident.Original{
			Number: 1 << 62, Title: "x" + Text(incident.MaxTitle-1).Draw(t, "its title"), Room: rapid.SampledFrom([]string{"", "C41"}).Draw(t, "its room"),
		}
		err = c.Duplicate(&incident.Incident{Number: c.Number%(1<<62) + 1}, "UBO", at)
		c.Original.Number = c.DuplicateOf
	}
	if err != nil {
		t.Fatalf("end: %v", err)
	}
}

// anyDefinitions draws what administrators may write: names of up to 75
// characters, texts of up to 1,000, up to ten roles.
func anyDefinitions(t *rapid.T) incident.Definitions {
	var d incident.Definitions
	for n := range rapid.IntRange(0, 10).Draw(t, "roles") {
		d.Roles = append(d.Roles, incident.Role{
			Key: fmt.Sprint("role", n), Name: Text(75).Draw(t, "role"), Text: Text(1000).Draw(t, "role text"), Position: n,
		})
	}
	for _, level := range incident.Severities() {
		if rapid.Bool().Draw(t, "defined") {
			d.Severities = append(d.Severities, incident.SeverityDefinition{
				Level: level, Name: Text(75).Draw(t, "severity name"), Text: Text(1000).Draw(t, "severity text"),
			})
		}
	}
	return d
}
