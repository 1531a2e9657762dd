package reconcile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
)

// unsent is a call that the transport held back.
type unsent struct{ until time.Time }

func (unsent) Error() string          { return "held back" }
func (u unsent) RetryAt() time.Time   { return u.until }
func (unsent) Every() time.Duration   { return time.Second }
func ahead(d time.Duration) time.Time { return time.Now().Add(d) }

// A wait that ended at once on a clock that is ahead would make one pass after the
// other, all in vain.
func TestALimitIsWaitedForOnAnyClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, skew := range []time.Duration{0, time.Hour, -time.Hour} {
			err := Held(fmt.Errorf("post: %w", unsent{ahead(7 * time.Second)}), ahead(skew))
			later, ok := errors.AsType[*Later](err)
			if !ok || !later.At.Equal(ahead(skew+7*time.Second)) || later.Every != time.Second {
				t.Errorf("with a clock %s ahead: %+v", skew, err)
			}
		}
	})
}

func TestWhatIsForOnePersonIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"user_disabled", "user_not_found", "user_not_visible", "cannot_dm_bot", "channel_not_found", "invalid_user_combination",
		"not_enough_users", "method_not_supported_for_channel_type", "messages_tab_disabled", "restricted_action", "is_archived",
	} {
		err := slack.SlackErrorResponse{Err: code}
		if ClassifyDirect(err) != Never {
			t.Errorf("%s is tried again", code)
		}
		if words := ExplainDirect(err); strings.Contains(words, "channel is") || strings.Contains(words, "/invite") {
			t.Errorf("%s is explained as that of a channel: %s", code, words)
		}
	}
	for _, code := range []string{"missing_scope", "invalid_auth", "account_inactive", "ratelimited", "team_access_not_granted"} {
		if ClassifyDirect(slack.SlackErrorResponse{Err: code}) != Refused {
			t.Errorf("%s is given up", code)
		}
	}
	if ClassifyDirect(nil) == Never || Classify(slack.SlackErrorResponse{Err: "channel_not_found"}) == Never {
		t.Error("a channel of many is given up")
	}
}
