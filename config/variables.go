package config

import "reflect"

// variable is one line of the documentation.
type variable struct {
	name    string
	meaning string // Markdown, without a full stop
	unset   string // what rules when it is not set, for variables without a default
}

// section is variables that belong together.
type section struct {
	title     string
	variables []variable
}

const required = "required"

// sections documents every variable, in the order of docs/configuration.md. A test holds it against the
// fields of Environment.
var sections = []section{
	{"Slack", []variable{
		{"SLACK_APP_TOKEN", "app-level token `xapp-…` with the scope `connections:write`", required},
		{"SLACK_APP_TOKEN_FILE", "a file that holds the app-level token, instead of `SLACK_APP_TOKEN`", "–"},
		{"SLACK_BOT_TOKEN", "bot token `xoxb-…`", required},
		{"SLACK_BOT_TOKEN_FILE", "a file that holds the bot token, instead of `SLACK_BOT_TOKEN`", "–"},
		{"SLACK_WORKSPACE_ID", "the `foobar` of foobar.slack.com; when Slack says otherwise, there is a warning", "from Slack"},
		{"SLACK_API_URL", "another base of Slack's Web API, for tests; https, or http on this machine", "Slack's"},
	}},
	{"Incidents", []variable{
		{"INCIDENTS_DIGEST_CHANNEL", "name (or id) of the channel that has one message per incident; it must exist, with the bot in it", ""},
		{"INCIDENT_CHANNEL_PREFIX", "the `inc` of `inc-42-checkout-returns-500`", ""},
		{"INCIDENT_AUTO_CREATE_FROM_REACT_ENABLED", "declare an incident when somebody reacts to an alert post", ""},
		{"INCIDENT_AUTO_CREATE_FROM_REACT_EMOJI_NAME", "with which emoji, by its name", ""},
		{"INCIDENT_AUTO_GROUP_INVITE_ENABLED", "invite a user group to each incident channel", ""},
		{"INCIDENT_AUTO_GROUP_INVITE_GROUP_NAME", "which group, by its handle", "–"},
		{"ADMIN_USERS", "Slack user ids, separated by commas, that may edit settings besides workspace admins and owners", "–"},
	}},
	{"Reminders (Go durations)", []variable{
		{"REMINDER_FIRST_AFTER", "first reminder that an incident at SEV1 or SEV2 needs an update", ""},
		{"REMINDER_EVERY", "further reminders while no update comes", ""},
		{"STALE_AFTER", "age at which an incident that is still open is listed as stale", ""},
		{"STALE_EVERY", "how often it is listed again", ""},
		{"COMMANDER_PROMPT_AFTER", "how long an incident may have no commander before its channel is asked", ""},
		{"SCHEDULER_TICK", "how often muster looks what is due", ""},
	}},
	{"Root-cause page in Confluence Cloud", []variable{
		{"AUTO_CREATE_RCA", "create a page when an incident is resolved; needs the variables below", ""},
		{"CONFLUENCE_API_URL", "address of the site, `https://example.atlassian.net`, with or without `/wiki`", "–"},
		{"CONFLUENCE_API_USERNAME", "e-mail address of the account that writes the pages", "–"},
		{"CONFLUENCE_API_TOKEN", "API token of that account", "–"},
		{"CONFLUENCE_API_TOKEN_FILE", "a file that holds it, instead of `CONFLUENCE_API_TOKEN`", "–"},
		{"CONFLUENCE_SPACE", "key of the space", "–"},
		{"CONFLUENCE_PARENT_PAGE", "id or title of the page below which pages are made", "–"},
		{"CONFLUENCE_PRIVATE_SPACE", "key of a restricted space for private incidents; optional", "no page"},
	}},
	{"Database and files", []variable{
		{"DATABASE_URL", "PostgreSQL 14 or newer, `postgres://…` or `host=… dbname=…`", "an own PostgreSQL on a unix socket"},
		{"DATABASE_URL_FILE", "a file that holds the address, instead of `DATABASE_URL`", "–"},
		{"PG_BINDIR", "folder of PostgreSQL's programs, for the own database", "searched"},
		{"DATA_DIR", "where the own database lives", "per user"},
		{"TEMPLATES_DIR", "a folder with files that replace those of `templates/`", "embedded"},
	}},
	{"Console, health and log", []variable{
		{"CONSOLE_ADDR", "`host:port` of the web console", "off"},
		{"CONSOLE_URL", "address of the console that people use", "from `CONSOLE_ADDR`"},
		{"HEALTH_ADDR", "`host:port` of `/healthz`, `/readyz` and `/metrics`", "off"},
		{"LOG_LEVEL", "`trace`, `debug`, `info`, `warn`, `error`, `fatal`, `panic` or `disabled`", ""},
		{"LOG_FORMAT", "`json` or `console`", "by terminal"},
	}},
}

// allNames lists our variables.
func allNames() []string {
	var all []string
	for _, s := range sections {
		for _, v := range s.variables {
			all = append(all, v.name)
		}
	}
	return all
}

// defaults maps each variable of Environment to its default, which may be "".
func defaults() map[string]string {
	byName := map[string]string{}
	t := reflect.TypeFor[Environment]()
	for i := range t.NumField() {
		byName[t.Field(i).Tag.Get("envconfig")] = t.Field(i).Tag.Get("default")
	}
	return byName
}
