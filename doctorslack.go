package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/slackhttp"
)

// slack checks what muster needs of Slack, in the order in which one thing needs
// the other.
func (d doctor) slack(ctx context.Context) []finding {
	granted := &scopes{}
	heard := &heardDate{}
	transport := slackhttp.New(slackhttp.Options{Base: heard.over(d.transport)})
	defer transport.CloseIdleConnections()
	api := slackClient(d.cfg.Slack, transport, granted)
	me, err := api.AuthTestContext(ctx)
	if err != nil {
		return []finding{d.badToken(err)}
	}
	list := []finding{{fine, "SLACK_BOT_TOKEN", "is @" + me.User + " in " + me.URL}}
	if !heard.at.IsZero() {
		list = append(list, d.clock("Slack's clock", heard.at))
	}
	list = append(list, d.workspace(me)...)
	scopes := d.scopes(granted)
	list = append(list, scopes...)
	list = append(list, d.socketMode(ctx, api, me))
	return append(list, d.digestChannel(ctx, api), d.userGroup(ctx, api))
}

// badToken explains why auth.test failed.
func (d doctor) badToken(err error) finding {
	refusal, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok {
		return finding{faulty, "Slack", fmt.Sprintf("can't be reached: %v. muster dials out by HTTPS: check the network, the firewall and HTTPS_PROXY", err)}
	}
	why, known := badBotTokens[refusal.Err]
	if !known {
		why = "Slack refuses it"
	}
	return finding{faulty, "SLACK_BOT_TOKEN", fmt.Sprintf("%s (%s): copy the Bot User OAuth Token from OAuth & Permissions", why, refusal.Err)}
}

func (d doctor) workspace(me *slack.AuthTestResponse) []finding {
	want := d.cfg.Slack.WorkspaceID
	if want == "" || strings.Contains(me.URL, "//"+want+".") {
		return nil
	}
	return []finding{{warning, "SLACK_WORKSPACE_ID", fmt.Sprintf("is %s, but the token is of %s: links use what Slack says; correct the variable, or install the app in the other workspace", want, me.URL)}}
}

// scopes compares what was granted with what the manifest asks for.
func (d doctor) scopes(granted *scopes) []finding {
	wanted, err := bot.Scopes()
	if err != nil {
		return []finding{{faulty, "scopes", err.Error()}}
	}
	has := granted.all()
	if len(has) == 0 {
		return []finding{{skipped, "scopes", "Slack does not say which were granted"}}
	}
	var list []finding
	if missing := granted.missing(wanted); len(missing) > 0 {
		list = append(list, finding{faulty, "scopes", "missing are " + strings.Join(missing, ", ") + ": update the app with `muster manifest` and install it again"})
	}
	if more := slices.DeleteFunc(has, func(s string) bool { return slices.Contains(wanted, s) }); len(more) > 0 {
		list = append(list, finding{warning, "scopes", "not needed are " + strings.Join(more, ", ") + ": take them away under OAuth & Permissions, and install the app again"})
	}
	if len(list) == 0 {
		list = append(list, finding{fine, "scopes", fmt.Sprintf("all %d are granted, and no others", len(wanted))})
	}
	return list
}

// socketMode asks for a connection without making it.
func (d doctor) socketMode(ctx context.Context, api *slack.Client, me *slack.AuthTestResponse) finding {
	const what = "SLACK_APP_TOKEN"
	if _, _, err := api.StartSocketModeContext(ctx); err != nil {
		if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
			return finding{faulty, what, fmt.Sprintf("opens no socket (%s): make an app-level token with the scope connections:write under Basic Information, and switch Socket Mode on", refusal.Err)}
		}
		return finding{faulty, what, fmt.Sprintf("a socket can't be asked for: %v", err)}
	}
	about, err := api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: me.BotID})
	app := appOf(d.cfg.Slack.AppToken.Reveal())
	if err == nil && app != "" && about.AppID != "" && about.AppID != app {
		return finding{faulty, what, fmt.Sprintf("is of the app %s, but SLACK_BOT_TOKEN of %s: take both from one app", app, about.AppID)}
	}
	return finding{fine, what, "opens sockets, and Socket Mode is on"}
}

var appID = regexp.MustCompile(`^xapp-\d+-(A[A-Z0-9]+)-`)

// appOf reads the app's id out of its token; empty if it isn't there.
func appOf(token string) string {
	if found := appID.FindStringSubmatch(token); found != nil {
		return found[1]
	}
	return ""
}

// noMemory makes findDigest look anew and note nothing.
type noMemory struct{}

func (noMemory) DigestChannel(context.Context, string) (string, error)   { return "", nil }
func (noMemory) SaveDigestChannel(context.Context, string, string) error { return nil }
func (noMemory) MoveChannel(context.Context, string, string) error       { return nil }

func (d doctor) digestChannel(ctx context.Context, api *slack.Client) finding {
	id, err := findDigest(ctx, api, noMemory{}, d.cfg.Digest)
	if err != nil {
		return finding{faulty, "digest channel", err.Error()}
	}
	return finding{fine, "digest channel", fmt.Sprintf("%s (%s) is there, and muster is in it", d.cfg.Digest, id)}
}

func (d doctor) userGroup(ctx context.Context, api *slack.Client) finding {
	if !d.cfg.GroupInvite.Enabled {
		return finding{skipped, "user group", "none is invited: INCIDENT_AUTO_GROUP_INVITE_ENABLED is false"}
	}
	if _, err := findGroup(ctx, api, d.cfg.GroupInvite); err != nil {
		return finding{faulty, "user group", err.Error()}
	}
	return finding{fine, "user group", "@" + d.cfg.GroupInvite.Name + " is there"}
}

// heardDate notes when Slack answered, by Slack's clock.
type heardDate struct {
	base http.RoundTripper
	at   time.Time
}

func (h *heardDate) over(base http.RoundTripper) http.RoundTripper {
	if h.base = base; base == nil {
		h.base = http.DefaultTransport
	}
	return h
}

// RoundTrip notes the first answer's date.
func (h *heardDate) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := h.base.RoundTrip(req)
	if err == nil && h.at.IsZero() {
		h.at, _ = http.ParseTime(resp.Header.Get("Date"))
	}
	return resp, err
}
