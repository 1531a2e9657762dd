package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// AccountLooks are the times after somebody was deactivated at which it is looked again
// whether they hold anything: who gave it to them may have asked Slack about them just
// before, or another replica may have known them from before.
var AccountLooks = []time.Duration{10 * time.Second, accountKept + 10*time.Second}

// lookedAgain begins the ids of events by which that is done.
const lookedAgain = "again:"

// wantsAccount picks people whose account is no longer.
func (b *Bot) wantsAccount(e event) bool { return e.Inner.Deleted && e.Inner.User != "" }

// accountChanged takes somebody out of their roles, and out of the console, who
// can't act any more. An event may come hours late: it asks whether that is still so.
func (b *Bot) accountChanged(ctx context.Context, e event, attempt int) error {
	again := strings.HasPrefix(e.ID, lookedAgain)
	if b.Evict != nil && !again {
		if err := b.Evict(ctx, e.Inner.User); err != nil {
			return err
		}
	}
	switch who := b.askAccount(ctx, e.Inner.User); {
	case who.silent && attempt < readTries:
		return errors.New("ask whether an account is deactivated: Slack is silent")
	case !who.silent && !who.missing && !who.deleted:
		return nil
	}
	if !again {
		if err := b.lookAgainAt(ctx, e); err != nil {
			return err
		}
	}
	return b.Desk.Deactivated(ctx, e.Inner.User, e.ID)
}

// lookAgainAt lets the same be done once more at the times of AccountLooks.
func (b *Bot) lookAgainAt(ctx context.Context, e event) error {
	for n, after := range b.AccountLooks {
		id := lookedAgain + strconv.Itoa(n) + ":" + e.ID
		payload := fmt.Appendf(nil, `{"event_id":%q,"event":{"type":"user_change","user":%q,"deleted":true}}`, id, e.Inner.User)
		if err := b.lookAgain(ctx, id, payload, after); err != nil {
			return err
		}
	}
	return nil
}

// holdersAtOnce bounds the questions to Slack about people with roles.
const holdersAtOnce = 50

// checkHolders asks about everybody who holds a role, since nobody may have heard
// that their account is no longer.
func (b *Bot) checkHolders(ctx context.Context) error {
	holders, err := b.Channels.Holders(ctx, holdersAtOnce)
	if err != nil {
		return err
	}
	for _, person := range holders {
		if ctx.Err() != nil || !b.account(ctx, person).deleted {
			continue
		}
		// One that was brought back and deactivated again is another time.
		key := "deactivated:" + person + ":" + time.Now().UTC().Format("2006-01-02T15")
		if err := b.Desk.Deactivated(ctx, person, key); err != nil {
			return err
		}
	}
	return nil
}
