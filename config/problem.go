package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Problem is one thing that is wrong with the configuration, for the operator to read.
type Problem struct {
	Variable string // the environment variable, e.g. "SLACK_APP_TOKEN"
	What     string // what is wrong, without the name of the variable and without any secret
	Remedy   string // what to do about it, as an instruction
}

// String is the problem on one line: variable, what, remedy.
func (p Problem) String() string {
	return fmt.Sprintf("%s: %s; %s", p.Variable, p.What, p.Remedy)
}

// Problems is every problem of a configuration, in the order of the documentation. It is the
// error that [Load] and [Environment.Check] return.
type Problems []Problem

// Error lists one problem a line, below a line that counts them.
func (ps Problems) Error() string {
	var b strings.Builder
	if len(ps) == 1 {
		b.WriteString("the configuration has a problem:")
	} else {
		fmt.Fprintf(&b, "the configuration has %d problems:", len(ps))
	}
	for _, p := range ps {
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

// secretLike finds what may be a secret that was put into the wrong variable: Slack tokens,
// Atlassian tokens, the user part of an address, and any long unbroken text.
var secretLike = regexp.MustCompile(`(?i)xox[a-z]|xapp-|ATATT|://[^/]*@|password|[a-z0-9_=+/-]{40,}`)

// shown quotes a value for a message, unless it may be a secret.
func shown(value string) string {
	const limit = 60 // longer values make the line unreadable
	switch {
	case secretLike.MatchString(value):
		return "the value"
	case len([]rune(value)) > limit:
		return strconv.Quote(string([]rune(value)[:limit]) + "…")
	}
	return strconv.Quote(value)
}
