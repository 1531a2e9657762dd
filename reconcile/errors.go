package reconcile

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

// Outcome is what is known after a call to Slack.
type Outcome int

const (
	// Refused: Slack did not do it, and may another time.
	Refused Outcome = iota
	// Never: Slack did not do it, and will not, whoever asks how often.
	Never
	// Unknown: Slack may have done it. Look before repeating.
	Unknown
)

// never are the codes that no waiting changes, for the message or thing at
// hand; docs.slack.dev, method references.
var never = map[string]bool{
	"msg_too_long": true, "msg_blocks_too_long": true,
	"invalid_blocks": true, "invalid_blocks_format": true, "invalid_arguments": true, "no_text": true,
	"too_many_attachments": true, "metadata_too_large": true, "cant_update_message": true,
	"edit_window_closed": true, "user_disabled": true, "user_not_found": true, "user_not_visible": true,
	"messages_tab_disabled": true, "cannot_dm_bot": true, "cannot_reply_to_message": true,
	"too_many_pins": true, "not_pinnable": true, "too_many_bookmarks": true, "too_many_tabs": true,
	"invalid_link": true, "restricted_action_read_only_channel": true,
	"restricted_action_thread_only_channel": true, "restricted_action_non_threadable_channel": true,
}

// unwritable are the codes that no waiting changes for a message to a person: their
// account, or what the workspace lets apps do, is so. In a channel of many, people may
// let us in again; docs.slack.dev, conversations.open and chat.postMessage.
var unwritable = map[string]bool{
	"invalid_user_combination": true, "not_enough_users": true,
	"method_not_supported_for_channel_type": true, "restricted_action": true, "restricted_action_thread_locked": true,
	"channel_not_found": true, "not_in_channel": true, "is_archived": true, "is_inactive": true,
}

// ClassifyDirect is Classify for what is written to one person.
func ClassifyDirect(err error) Outcome {
	if unwritable[Code(err)] {
		return Never
	}
	return Classify(err)
}

// ExplainDirect is Explain for what is written to one person: the words for channels of
// many would mislead.
func ExplainDirect(err error) string {
	if code := Code(err); unwritable[code] {
		return "Slack says " + code
	}
	return Explain(err)
}

// Classify says what is known after a call that returned err.
func Classify(err error) Outcome {
	if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return classifyCode(refusal.Err)
	}
	if _, ok := waitOf(err); ok {
		return Refused
	}
	if _, ok := errors.AsType[held](err); ok {
		return Refused
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok && status.Code < http.StatusInternalServerError {
		return Refused
	}
	// Never connected, so never sent.
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return Refused
	}
	return Unknown
}

func classifyCode(code string) Outcome {
	switch {
	case code == "internal_error" || code == "fatal_error" || code == "update_failed":
		return Unknown
	case never[code]:
		return Never
	default:
		return Refused
	}
}

// passing are the codes that say nothing of what was asked for: the app, its token or Slack
// itself is in trouble.
var passing = map[string]bool{
	"ratelimited": true, "rate_limited": true, "request_timeout": true, "service_unavailable": true, "team_added_to_org": true,
	"accesslimited": true, "invalid_auth": true, "not_authed": true, "account_inactive": true, "token_revoked": true, "token_expired": true,
	"missing_scope": true, "org_login_required": true, "ekm_access_denied": true, "access_denied": true, "app_access_restricted": true,
	"team_access_not_granted": true, "two_factor_setup_required": true,
}

// Passing reports whether Slack refused for a trouble of the app or of its own.
func Passing(err error) bool { return passing[Code(err)] }

// Code is Slack's error code in err, or empty.
func Code(err error) string {
	refusal, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok {
		return ""
	}
	return refusal.Err
}

// held is an error of the transport that did not send, because Slack's limit
// would have refused the call.
type held interface {
	error
	RetryAt() time.Time
	Every() time.Duration
}

// waitOf gives the time that a limit asks us to wait for.
func waitOf(err error) (time.Duration, bool) {
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return limited.RetryAfter, true
	}
	return 0, false
}

// Held turns the wait that a limit asks for into a Later, and leaves every
// other error alone. now is the program's clock, which in the demo runs ahead of
// the machine's, by which limits go.
func Held(err error, now time.Time) error {
	if paced, ok := errors.AsType[held](err); ok {
		return &Later{At: now.Add(time.Until(paced.RetryAt())), Every: paced.Every(), Why: "Slack's limits"}
	}
	if wait, ok := waitOf(err); ok {
		return &Later{At: now.Add(wait), Why: "Slack's limits"}
	}
	return err
}

// ErrEmptyAnswer is a 200 without the id that a success has: a proxy's answer,
// not Slack's, so nothing is known.
var ErrEmptyAnswer = errors.New("slack answered without an id")

// Explain says in a few words, without addresses or secrets, what went wrong.
func Explain(err error) string {
	if code := Code(err); code != "" {
		if words, ok := explanations[code]; ok {
			return words
		}
		return "Slack says " + code
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok {
		return "Slack answered " + status.Status
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return "Slack's answer was no JSON: is a proxy in between?"
	}
	if timeout, ok := errors.AsType[net.Error](err); ok {
		if timeout.Timeout() {
			return "Slack does not answer in time"
		}
		return "Slack can't be reached"
	}
	return err.Error()
}

var explanations = map[string]string{
	"missing_scope":     "a scope is missing: reinstall the app from the manifest",
	"restricted_action": "this workspace lets only some people create or use channels: an admin must allow the app",
	"not_in_channel":    "muster is not in the channel: invite it with /invite @muster",
	"channel_not_found": "the channel is gone, or private without muster in it",
	"is_archived":       "the channel is archived",
	"is_inactive":       "the channel is archived",
	"invalid_auth":      "Slack no longer accepts the bot token",
	"account_inactive":  "the app was removed from the workspace",
	"token_revoked":     "the bot token was revoked",

	"user_disabled":         "the account is deactivated",
	"user_not_found":        "Slack knows no such person",
	"user_not_visible":      "Slack does not let the app see this person",
	"cannot_dm_bot":         "it is a bot",
	"messages_tab_disabled": "the app's Messages tab is switched off: reinstall the app from the manifest",
}
