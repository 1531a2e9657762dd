package slackhttp

import (
	"strings"
	"time"
)

// Calls per minute that Slack promises for its tiers, per method, workspace and app:
// docs.slack.dev/apis/web-api/rate-limits.
const (
	tier1 = 1
	tier2 = 20
	tier3 = 50
	tier4 = 100

	// perChannel: messages may be posted once per second and channel (same page).
	perChannel = 60
	// allChannels stands for the "several hundred messages per minute" of a workspace.
	allChannels = 300
)

// perMinute is the tier of each method that muster calls, from the method's page below
// docs.slack.dev/reference/methods. Methods with a "special" tier and no number on their page
// count as tier 4. Where the sources disagree, the lower one is here. Everything else is tier 2.
var perMinute = map[string]int{
	"api.test":                     tier4,
	"auth.test":                    tier4, // special: hundreds
	"apps.connections.open":        tier1, // tier 3 on the page, tier 1 in Slack's own libraries
	"bookmarks.list":               tier3,
	"bots.info":                    tier3,
	"chat.delete":                  tier3,
	"chat.getPermalink":            tier4, // special
	"chat.postEphemeral":           tier4,
	"chat.postMessage":             allChannels,
	"chat.scheduleMessage":         tier3,
	"chat.update":                  tier3,
	"conversations.history":        tier3,
	"conversations.info":           tier3,
	"conversations.invite":         tier3,
	"conversations.join":           tier3,
	"conversations.kick":           tier3,
	"conversations.leave":          tier3,
	"conversations.members":        tier4,
	"conversations.open":           tier3,
	"conversations.replies":        tier3,
	"files.completeUploadExternal": tier4,
	"files.getUploadURLExternal":   tier4,
	"files.info":                   tier4,
	"reactions.add":                tier3,
	"reactions.get":                tier3,
	"team.info":                    tier3,
	"users.info":                   tier4,
	"users.lookupByEmail":          tier3,
	"users.profile.get":            tier4,
	"views.open":                   tier4,
	"views.publish":                tier4,
	"views.push":                   tier4,
	"views.update":                 tier4,
}

// awaited are the methods that people wait for, too: what is done for them must find room.
var awaited = map[string]bool{
	"bots.info": true, "chat.getPermalink": true, "chat.postEphemeral": true, "chat.postMessage": true,
	"conversations.history": true, "conversations.info": true, "conversations.members": true, "conversations.replies": true,
	"files.completeUploadExternal": true, "files.getUploadURLExternal": true, "files.info": true,
	"users.info": true, "views.open": true, "views.publish": true, "views.push": true, "views.update": true,
}

// backgroundInterval is the time between two background calls of a strict bucket. Where people
// wait for the same method, it is of four fifths of the documented rate, and the last fifth is
// for them; elsewhere of nearly all of it: clocks and networks are not exact.
func backgroundInterval(bucket string, minute time.Duration) time.Duration {
	method, _, _ := strings.Cut(bucket, " ")
	interval := minute / time.Duration(rateOf(bucket))
	if awaited[method] {
		return interval * 5 / 4
	}
	return interval * 51 / 50
}

// rateOf is how many calls of a bucket a minute has.
func rateOf(bucket string) int {
	rate, known := perMinute[bucket]
	switch {
	case strings.Contains(bucket, " "):
		return perChannel
	case !known:
		return tier2
	}
	return rate
}
