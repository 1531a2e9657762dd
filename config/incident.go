package config

import (
	"regexp"
	"strings"
	"unicode"
)

const (
	// maxChannelName is Slack's limit for the name of a channel, in characters.
	maxChannelName = 80
	// maxChannelPrefix leaves room for "-12345-", some words of the title and "-rca".
	maxChannelPrefix = 30
)

var (
	// channelID is the id of a channel; G is the letter of old private channels.
	channelID = regexp.MustCompile(`^[CG][A-Z0-9]{7,}$`)
	// userID is the id of a person; W is used in Enterprise organisations.
	userID = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)
	// channelPrefix is the part of Slack's rule for new channel names that begins a name.
	channelPrefix = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$`)
)

func (c *checker) digest() Channel {
	const variable = "INCIDENTS_DIGEST_CHANNEL"
	if channelID.MatchString(c.env.DigestChannel) {
		return Channel{ID: c.env.DigestChannel}
	}
	name := strings.TrimPrefix(c.env.DigestChannel, "#")
	if !existingChannelName(name) {
		c.problem(variable, shown(c.env.DigestChannel)+" is not the name of a channel",
			"write the channel's name in lower case, such as incidents, or its id")
		return Channel{}
	}
	return Channel{Name: name}
}

// existingChannelName accepts what people may have named a channel: letters of any script
// without capitals, digits, hyphens and underscores.
func existingChannelName(name string) bool {
	for _, r := range name {
		if unicode.IsUpper(r) || !(unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '-' || r == '_') {
			return false
		}
	}
	return name != "" && len([]rune(name)) <= maxChannelName
}

func (c *checker) prefix() string {
	prefix := c.env.ChannelPrefix
	if !channelPrefix.MatchString(prefix) || len(prefix) > maxChannelPrefix {
		c.problem("INCIDENT_CHANNEL_PREFIX", shown(prefix)+" cannot begin the name of a Slack channel",
			"write at most 30 lower-case letters, digits, - and _, beginning and ending with a letter or digit, such as inc")
	}
	return prefix
}

func (c *checker) react() React {
	const variable = "INCIDENT_AUTO_CREATE_FROM_REACT_EMOJI_NAME"
	r := React{
		Enabled: c.boolean("INCIDENT_AUTO_CREATE_FROM_REACT_ENABLED", c.env.ReactEnabled),
		Emoji:   strings.Trim(c.env.ReactEmoji, ":"),
	}
	if !emojiName(r.Emoji) {
		c.problem(variable, shown(c.env.ReactEmoji)+" is not the name of an emoji",
			"write the name that Slack shows between colons, such as rotating_light")
	}
	return r
}

// emojiName accepts a name and refuses the picture itself. Custom emoji have letters of any
// script; standard ones also + and '.
func emojiName(name string) bool {
	for _, r := range name {
		if unicode.IsUpper(r) || !(unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-+'", r)) {
			return false
		}
	}
	return name != ""
}

func (c *checker) groupInvite() GroupInvite {
	g := GroupInvite{
		Enabled: c.boolean("INCIDENT_AUTO_GROUP_INVITE_ENABLED", c.env.GroupEnabled),
		Name:    strings.TrimPrefix(c.env.GroupName, "@"),
	}
	if g.Enabled && g.Name == "" {
		c.problem("INCIDENT_AUTO_GROUP_INVITE_GROUP_NAME", "it is not set, but INCIDENT_AUTO_GROUP_INVITE_ENABLED is true",
			"write the handle of the user group, such as oncall, or set INCIDENT_AUTO_GROUP_INVITE_ENABLED=false")
	}
	return g
}

func (c *checker) adminUsers() []string {
	var ids []string
	for part := range strings.SplitSeq(c.env.AdminUsers, ",") {
		id := strings.TrimSpace(part)
		switch {
		case id == "":
		case !userID.MatchString(id):
			c.problem("ADMIN_USERS", shown(id)+" is not the id of a Slack user",
				"write ids that begin with U or W, separated by commas; a person's profile in Slack has Copy member ID")
		default:
			ids = append(ids, id)
		}
	}
	return ids
}
