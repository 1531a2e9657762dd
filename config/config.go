package config

import "time"

// Config is the checked configuration. Everything in it can be used without further checks.
type Config struct {
	Slack         Slack
	Digest        Channel // the digest channel, as it was configured; never another one
	ChannelPrefix string  // "inc" of inc-42-…, legal in a Slack channel name
	React         React
	GroupInvite   GroupInvite
	AdminUsers    []string // Slack user ids, U… or W…
	Timers        Timers
	Confluence    Confluence
	Database      Database
	TemplatesDir  string // a folder that exists, or "" for the embedded templates
	Console       Console
	HealthAddr    string // host:port for /healthz, /readyz and /metrics; "" is off
	Log           Log

	// Warnings are worth telling the operator but keep nothing from starting.
	Warnings Problems
}

// Slack is how muster reaches Slack.
type Slack struct {
	AppToken    Secret // xapp-…, opens the socket
	BotToken    Secret // xoxb-…, calls the Web API
	WorkspaceID string // "foobar" of foobar.slack.com, lower case; "" when Slack is to be asked
	APIURL      string // base of the Web API with a trailing slash; "" is Slack's own
}

// Channel is a Slack channel by name or by id: one of the two is empty.
type Channel struct {
	Name string // without "#"
	ID   string // C… or G…
}

// String is the channel as an operator would write it.
func (c Channel) String() string {
	if c.ID != "" {
		return c.ID
	}
	return "#" + c.Name
}

// React is declaring by reaction on an alert post.
type React struct {
	Enabled bool
	Emoji   string // without colons
}

// GroupInvite is the user group that is invited into each incident channel.
type GroupInvite struct {
	Enabled bool
	Name    string // handle or name of the group, without "@"
}

// Timers are the cadences that apply where the settings in the database are empty. All are
// positive.
type Timers struct {
	ReminderFirstAfter   time.Duration // after an incident became critical
	ReminderEvery        time.Duration // and then again
	StaleAfter           time.Duration // age at which an open incident is listed as stale
	StaleEvery           time.Duration // and then again
	CommanderPromptAfter time.Duration // without a commander
	SchedulerTick        time.Duration // how often due times are looked at
}

// Confluence is where root-cause pages are made. All fields but PrivateSpace are set when
// Enabled is.
type Confluence struct {
	Enabled      bool
	URL          string // ends in /wiki, without a trailing slash; paths are appended to it
	Username     string // the account's e-mail address
	Token        Secret
	Space        string // space key
	ParentPage   string // id or title of the page below which pages are made
	PrivateSpace string // space key for private incidents; "" means they get no page
}

// Database is where muster remembers.
type Database struct {
	URL     Secret // PostgreSQL connection text; zero means an own PostgreSQL
	BinDir  string // folder of PostgreSQL's programs; "" means search
	DataDir string // where the own database lives; "" means the user's own folder
}

// Console is the web page for people on the inside; an empty Addr switches it off.
type Console struct {
	Addr string // host:port to listen on
	URL  string // address that people use, without a trailing slash; "" means http:// and what Addr became
}

// Log is what is logged and how.
type Log struct {
	Level  string // a zerolog level: trace, debug, info, warn, error, fatal, panic or disabled
	Format string // "json", "console", or "" to choose by whether the output is a terminal
}
