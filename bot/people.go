package bot

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"

	"muster/incident"
)

const (
	// accountKept is how long an account is known without asking again.
	accountKept = 5 * time.Minute
	// silenceKept is the same when Slack did not say: the next click shall not
	// wait as long again.
	silenceKept = 30 * time.Second
	// accountsKept bounds how many are known.
	accountsKept = 10_000
)

// account is what is known of a person. A person of whom Slack says nothing is
// taken for a colleague: an incident can't wait for Slack.
type account struct {
	id string
	// missing is whether Slack knows nobody of this id, or shows them to nobody
	// here.
	missing bool
	bot     bool
	deleted bool
	// admin is whether they administer the workspace, and silent whether Slack did
	// not say anything about them.
	admin, silent bool
	// outside is whether they belong to another organisation, guest whether they
	// are somebody's guest in this one.
	outside, guest bool
	// zone is where they live; nil if Slack did not say.
	zone *time.Location
}

// accounts remembers accounts for a while.
type accounts struct {
	mu    sync.Mutex
	known map[string]knownAccount
	// asking is for who comes while somebody else asks already.
	asking singleflight.Group
}

type knownAccount struct {
	account
	until time.Time
}

func (a *accounts) find(id string, now time.Time) (account, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known, ok := a.known[id]
	return known.account, ok && now.Before(known.until)
}

func (a *accounts) keep(found account, until time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known == nil || len(a.known) >= accountsKept {
		a.known = map[string]knownAccount{}
	}
	a.known[found.id] = knownAccount{account: found, until: until}
}

// account is what is known of a person, from before or asked now.
func (b *Bot) account(ctx context.Context, id string) account {
	if known, ok := b.accounts.find(id, time.Now()); ok {
		return known
	}
	b.hold(ctx)
	found, _, _ := b.accounts.asking.Do(id, func() (any, error) { return b.askAccount(ctx, id), nil })
	return found.(account)
}

// askAccount asks Slack about a person.
func (b *Bot) askAccount(ctx context.Context, id string) account {
	b.hold(ctx)
	ctx, cancel := context.WithTimeout(ctx, b.askLimit())
	defer cancel()
	user, err := b.Slack.GetUserInfoContext(ctx, id)
	found, kept := account{id: id}, accountKept
	refusal, refused := errors.AsType[slack.SlackErrorResponse](err)
	switch {
	case err == nil:
		found = accountOf(user, b.Place)
		if b.People != nil {
			b.People.Heard(ctx, user)
		}
	case refused && (refusal.Err == "user_not_found" || refusal.Err == "user_not_visible"):
		found.missing = true
	default:
		b.Log.Warn().Err(err).Str("person", id).Msg("look up who somebody is")
		// What was known stays: a guest is no colleague because Slack is silent. But
		// who administers is only ever what Slack says now.
		if before, _ := b.accounts.find(id, time.Now()); before.id != "" {
			found = before
		}
		found.admin, found.silent, kept = false, true, silenceKept
	}
	b.accounts.keep(found, time.Now().Add(kept))
	return found
}

func accountOf(user *slack.User, place incident.Installation) account {
	// The workspaces of one organisation work together.
	elsewhere := place.Team != "" && user.TeamID != "" && user.TeamID != place.Team &&
		(place.Enterprise == "" || user.Enterprise.EnterpriseID != place.Enterprise)
	return account{
		id: user.ID, bot: user.IsBot || user.ID == "USLACKBOT", deleted: user.Deleted,
		admin:   user.IsAdmin || user.IsOwner || user.IsPrimaryOwner,
		outside: user.IsStranger || elsewhere, guest: user.IsRestricted || user.IsUltraRestricted, zone: zoneOf(user),
	}
}

// zoneOf is where a person lives. A zone that this machine does not know has the offset
// that it has today.
func zoneOf(user *slack.User) *time.Location {
	if zone, err := time.LoadLocation(user.TZ); err == nil && user.TZ != "" {
		return zone
	}
	return time.FixedZone("", user.TZOffset)
}

// may refuses who can do nothing here: guests, and people of other organisations
// whom a shared channel brings in. It stands before everything that a person asks
// of the bot.
func (b *Bot) may(ctx context.Context, id string) error {
	who := b.account(ctx, id)
	switch {
	case who.outside, who.missing:
		return incident.Errorf(incident.Forbidden, "People of other organisations can't use incidents here. Ask somebody of this workspace to do it.")
	case who.guest:
		return incident.Errorf(incident.Forbidden, "Guests can't use incidents here. Ask a member of this workspace to do it.")
	}
	return nil
}

// mayHold refuses a role for who can't play it. It asks anew: who was
// deactivated a minute ago must not get one.
func (b *Bot) mayHold(ctx context.Context, id string) error { return b.askAccount(ctx, id).mayHold() }

func (a account) mayHold() error {
	why := ""
	switch {
	case a.missing:
		return incident.FieldErrorf("person", "Slack knows no such person here.")
	case a.bot:
		why = "is a bot"
	case a.deleted:
		why = "was deactivated"
	case a.outside:
		why = "belongs to another organisation"
	case a.guest:
		why = "belongs to a guest"
	default:
		return nil
	}
	refusal := incident.FieldErrorf("person", "{who} can't hold a role: that account %s.", why)
	refusal.Who = a.id
	return refusal
}

// Names gives what people are called, by their ids, as far as it is known in time;
// nobody else is in it.
func (b *Bot) Names(ctx context.Context, ids ...string) map[string]string {
	if b.People == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, b.namesLimit())
	defer cancel()
	return b.called(b.People.Of(ctx, ids...))
}

// knownNames is Names without asking Slack.
func (b *Bot) knownNames(ctx context.Context, ids ...string) map[string]string {
	if b.People == nil {
		return nil
	}
	return b.called(b.People.Known(ctx, ids...))
}

// called leaves out whom nobody could name, and logs why.
func (b *Bot) called(names map[string]string, err error) map[string]string {
	if err != nil {
		b.Log.Warn().Err(err).Msg("look up what people are called")
	}
	maps.DeleteFunc(names, func(id, name string) bool { return id == name })
	return names
}

// namer gives people's names for text that can't mention, such as an error
// beside a field.
func (b *Bot) namer(ctx context.Context) func(id string) string {
	return func(id string) string { return cmp.Or(b.Names(ctx, id)[id], "Somebody") }
}
