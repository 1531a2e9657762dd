package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"muster/bot"
	"muster/config"
	"muster/slackhttp"
)

// setupError is something that the operator has to mend in Slack or in the
// configuration before a start can succeed.
type setupError struct{ text string }

func (e *setupError) Error() string { return e.text }

func setupErrorf(format string, args ...any) error {
	return &setupError{fmt.Sprintf(format, args...)}
}

// scopes remembers the scopes that Slack names in the header of its answers.
type scopes struct {
	mu   sync.Mutex
	list []string
}

func (s *scopes) see(method string, headers http.Header) {
	if method != "auth.test" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = strings.FieldsFunc(headers.Get("X-OAuth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
}

// all lists what was granted.
func (s *scopes) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list)
}

// missing lists what the manifest asks for and Slack did not grant. Slack may
// send no header at all: then nothing is known to be missing.
func (s *scopes) missing(wanted []string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(wanted), func(scope string) bool { return slices.Contains(s.list, scope) })
}

func slackClient(cfg config.Slack, transport *slackhttp.Transport, granted *scopes) *slack.Client {
	options := []slack.Option{
		slack.OptionAppLevelToken(cfg.AppToken.Reveal()),
		slack.OptionHTTPClient(transport.Client()),
		slack.OptionOnResponseHeaders(granted.see),
	}
	if cfg.APIURL != "" {
		options = append(options, slack.OptionAPIURL(cfg.APIURL))
	}
	return slack.New(cfg.BotToken.Reveal(), options...)
}

// badBotTokens are what Slack says of a token that no restart will mend.
var badBotTokens = map[string]string{
	"invalid_auth":           "it is no token of an installed app",
	"not_authed":             "it is no token of an installed app",
	"account_inactive":       "the app was removed from the workspace, or its bot deactivated",
	"token_revoked":          "it was revoked",
	"token_expired":          "it has expired: switch token rotation off",
	"not_allowed_token_type": "it is another kind of token",
}

// identify asks who we are, and stops at a token that can't work or a scope
// that is missing: calls would fail one by one later, in an incident.
func identify(ctx context.Context, api *slack.Client, cfg config.Slack, granted *scopes, log zerolog.Logger) (*slack.AuthTestResponse, error) {
	me, err := api.AuthTestContext(ctx)
	if err != nil {
		if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
			if why, bad := badBotTokens[refusal.Err]; bad {
				return nil, setupErrorf("Slack does not accept SLACK_BOT_TOKEN (%s): %s. Copy the Bot User OAuth Token from OAuth & Permissions", refusal.Err, why)
			}
		}
		return nil, fmt.Errorf("ask Slack who we are: %w. muster dials out by HTTPS: check the network, the firewall and HTTPS_PROXY", err)
	}
	wanted, err := bot.Scopes()
	if err != nil {
		return nil, err
	}
	if missing := granted.missing(wanted); len(missing) > 0 {
		return nil, setupErrorf("the Slack app lacks the scopes %s: update the app with `muster manifest` and install it again", strings.Join(missing, ", "))
	}
	if cfg.WorkspaceID != "" && !strings.Contains(me.URL, "//"+cfg.WorkspaceID+".") {
		log.Warn().Str("configured", cfg.WorkspaceID).Str("slack", me.URL).
			Msg("SLACK_WORKSPACE_ID is not the workspace of this token; links use what Slack says")
	}
	return me, nil
}
