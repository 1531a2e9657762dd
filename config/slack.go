package config

import (
	"os"
	"regexp"
	"strings"
)

// How the two kinds of token begin. Slack gives both out only in these forms, and a token of
// the wrong kind would be retried silently for ever by the socket client.
const (
	appTokenPrefix = "xapp-"
	botTokenPrefix = "xoxb-"
)

// token is what a check of one of the two tokens needs to know.
type token struct {
	variable, value, file string
	prefix                string
	missing               string // remedy when it is not set
}

func (c *checker) slack() Slack {
	app := token{
		variable: "SLACK_APP_TOKEN", value: c.env.SlackAppToken, file: c.env.SlackAppTokenFile, prefix: appTokenPrefix,
		missing: "generate an app-level token with the scope connections:write under Basic Information of your Slack app",
	}
	bot := token{
		variable: "SLACK_BOT_TOKEN", value: c.env.SlackBotToken, file: c.env.SlackBotTokenFile, prefix: botTokenPrefix,
		missing: "install the Slack app to your workspace and copy the Bot User OAuth Token from OAuth & Permissions",
	}
	appValue, appRead := c.readToken(app)
	botValue, botRead := c.readToken(bot)
	if strings.HasPrefix(appValue, botTokenPrefix) && strings.HasPrefix(botValue, appTokenPrefix) {
		c.problem("SLACK_APP_TOKEN", "this and SLACK_BOT_TOKEN are swapped",
			"put the xapp- token here and the xoxb- token into SLACK_BOT_TOKEN")
	} else {
		if appRead {
			c.tokenKind(app, appValue)
		}
		if botRead {
			c.tokenKind(bot, botValue)
		}
	}
	return Slack{
		AppToken:    NewSecret(appValue),
		BotToken:    NewSecret(botValue),
		WorkspaceID: c.workspace(),
		APIURL:      c.slackAPIURL(),
	}
}

// readToken takes the token from the variable or from the file that is named beside it.
func (c *checker) readToken(t token) (value string, ok bool) {
	if t.value == "" && t.file == "" {
		c.problem(t.variable, "it is not set", t.missing+", or name a file that holds it in "+t.variable+"_FILE")
		return "", false
	}
	return c.secret(t.variable, t.value, t.file, t.missing)
}

// secret takes a value from the variable or from the file that is named beside it; ok is
// false if neither is set, and after a problem. remedy is for an empty file.
func (c *checker) secret(variable, value, file, remedy string) (text string, ok bool) {
	fileVariable := variable + "_FILE"
	switch {
	case value != "" && file != "":
		c.problem(variable, "it is set together with "+fileVariable, "set only one of the two")
		return "", false
	case file == "":
		return value, value != ""
	}
	content, err := os.ReadFile(file)
	if err != nil {
		c.problem(fileVariable, "the file "+shown(file)+" cannot be read ("+reason(err)+")",
			"name a file that the user of this program may read")
		return "", false
	}
	text = strings.TrimSpace(string(content))
	if text == "" {
		c.problem(fileVariable, "the file "+shown(file)+" is empty", remedy)
	}
	return text, text != ""
}

// reason is why a file could not be read, without the path: somebody may have put the token
// itself where a path belongs.
func reason(err error) string {
	switch {
	case os.IsNotExist(err):
		return "it does not exist"
	case os.IsPermission(err):
		return "permission denied"
	}
	return "it is not a readable file"
}

// tokenKind checks how a token begins and says what it is instead, never what it is.
func (c *checker) tokenKind(t token, value string) {
	source := t.variable
	if t.file != "" {
		source += "_FILE"
	}
	switch {
	case strings.ContainsAny(value, " \t\r\n"):
		c.problem(source, "there are spaces or line breaks inside the token", "copy the token again, alone")
	case strings.ContainsAny(value, "\"'"):
		c.problem(source, "there are quotation marks in the token", "remove them")
	case !strings.HasPrefix(value, t.prefix):
		c.problem(source, foreignToken(value)+", and not one that begins with "+t.prefix, t.missing)
	case len(value) == len(t.prefix) || strings.ContainsAny(value, ".…"):
		c.problem(source, "it is not a whole token", t.missing)
	}
}

// foreignToken names the kind of a token from its beginning.
func foreignToken(value string) string {
	for _, kind := range []struct{ prefix, name string }{
		{appTokenPrefix, "it is an app-level token (xapp-)"},
		{botTokenPrefix, "it is a bot token (xoxb-)"},
		{"xoxp-", "it is a user token (xoxp-)"},
		{"xoxe", "it is a token that expires (xoxe)"},
	} {
		if strings.HasPrefix(value, kind.prefix) {
			return kind.name
		}
	}
	return "it is another kind of text"
}

var (
	workspaceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	teamID        = regexp.MustCompile(`^[TE][A-Z0-9]{7,}$`)
)

// workspace accepts "foobar" of foobar.slack.com, in any case, and nothing with dots.
func (c *checker) workspace() string {
	value := c.env.SlackWorkspaceID
	name := strings.ToLower(value)
	if value != "" && (teamID.MatchString(value) || !workspaceName.MatchString(name)) {
		c.problem("SLACK_WORKSPACE_ID", shown(value)+" is not the name of a workspace",
			"write the foobar of foobar.slack.com, or leave the variable out: Slack is asked then")
	}
	return name
}

// slackAPIURL gives the base with the trailing slash that the Slack library needs, because it
// appends method names to it.
func (c *checker) slackAPIURL() string {
	u := c.secureURL("SLACK_API_URL", c.env.SlackAPIURL)
	if u == nil {
		return ""
	}
	return strings.TrimSuffix(u.String(), "/") + "/"
}
