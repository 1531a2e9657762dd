// Package people knows what people are called, and channels and groups of people, which
// texts name by their ids as well. Memory is asked first, then the
// database, which all replicas and the terminal share, and Slack only about whom
// neither knows.
package people

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"muster/incident"
)

const (
	// fresh is how long a name in the database is taken to be right.
	fresh = 7 * 24 * time.Hour
	// kept is how long memory is believed, so that what another replica learns
	// arrives here, and keptSilent the same while Slack doesn't answer.
	kept, keptSilent = time.Hour, 30 * time.Second
	// most bounds how many names memory holds.
	most = 20_000
	// atOnce is how many questions to Slack are open at a time.
	atOnce = 8
)

// Slack is asked who somebody is, and what a channel or a group is called.
type Slack interface {
	GetUserInfoContext(ctx context.Context, user string, options ...slack.GetUserInfoOption) (*slack.User, error)
	GetConversationInfoContext(ctx context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error)
	GetUserGroupsContext(ctx context.Context, options ...slack.GetUserGroupsOption) ([]slack.UserGroup, error)
}

// PrivateChannel is the name of each channel that is not for all to know, as Slack
// shows it to who is not in it.
const PrivateChannel = "private-channel"

// Store keeps names between runs.
type Store interface {
	Names(ctx context.Context, ids []string) (map[string]incident.Called, error)
	SaveName(ctx context.Context, id string, name incident.Called) error
}

// Names is what people are called, for everything that names somebody in text
// that can't mention them.
type Names struct {
	// Slack may be nil: then nobody is asked.
	Slack Slack
	Store Store
	Now   func() time.Time

	mu     sync.Mutex
	known  map[string]known
	asking singleflight.Group
}

type known struct {
	incident.Called
	until time.Time
}

// Of gives the names of the people with these ids. Whom nobody can name has the
// id for a name. The error says why a name is missing that may come later; the
// others are right.
func (n *Names) Of(ctx context.Context, ids ...string) (map[string]string, error) {
	return n.of(ctx, n.Slack != nil, ids)
}

// Known is Of without asking Slack, for who can't wait for an answer.
func (n *Names) Known(ctx context.Context, ids ...string) (map[string]string, error) {
	return n.of(ctx, false, ids)
}

// of looks into memory, then into the database, and, if it asks, to Slack.
func (n *Names) of(ctx context.Context, asks bool, ids []string) (map[string]string, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	found := make(map[string]string, len(ids))
	unknown := slices.DeleteFunc(ids, func(id string) bool {
		if name, ok := n.recall(id); ok && id != "" {
			found[id] = name
			return true
		}
		return id == ""
	})
	if len(unknown) == 0 {
		return found, nil
	}
	saved, err := n.Store.Names(ctx, unknown)
	if err != nil {
		err = fmt.Errorf("read names: %w", err)
	}
	now := n.Now()
	unknown = slices.DeleteFunc(unknown, func(id string) bool {
		before, ok := saved[id]
		found[id] = cmp.Or(before.Name, id)
		right := ok && (n.Slack == nil || now.Sub(before.At) < fresh)
		if right {
			n.keep(id, before, kept)
		}
		return right
	})
	if !asks || len(unknown) == 0 {
		return found, err
	}
	return found, errors.Join(err, n.askAll(ctx, unknown, saved, found))
}

// askAll asks Slack, side by side, and writes the answers to found. After the
// first failure no more questions are asked.
func (n *Names) askAll(ctx context.Context, ids []string, saved map[string]incident.Called, found map[string]string) error {
	var group errgroup.Group
	group.SetLimit(atOnce)
	var mu sync.Mutex
	var failed atomic.Bool
	for _, id := range ids {
		group.Go(func() error {
			if failed.Load() || ctx.Err() != nil {
				return ctx.Err()
			}
			name, err := n.ask(ctx, id)
			switch before := saved[id]; {
			case err == nil:
				mu.Lock()
				found[id] = name
				mu.Unlock()
			case before.Name != "":
				// An old name is better than none.
				n.keep(id, before, keptSilent)
			default:
				failed.Store(true)
				return fmt.Errorf("ask who %s is: %w", id, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// ask asks Slack about one id; who is asked about already is not asked about
// twice.
func (n *Names) ask(ctx context.Context, id string) (string, error) {
	name, err, _ := n.asking.Do(id, func() (any, error) {
		switch id[0] {
		case 'C', 'G':
			return n.askChannel(ctx, id)
		case 'S':
			return n.askGroup(ctx, id)
		}
		user, err := n.Slack.GetUserInfoContext(ctx, id)
		if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok && (refusal.Err == "user_not_found" || refusal.Err == "user_not_visible") {
			n.keep(id, incident.Called{Name: id}, kept)
			return id, nil
		}
		if err != nil {
			return "", err
		}
		return n.Heard(ctx, user), nil
	})
	if err != nil {
		return "", err
	}
	return name.(string), nil
}

// askChannel asks what a channel is called. One that muster can't see has no name, and
// a private one none for others.
func (n *Names) askChannel(ctx context.Context, id string) (string, error) {
	found, err := n.Slack.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	switch refusal, refused := errors.AsType[slack.SlackErrorResponse](err); {
	case refused && refusal.Err == "channel_not_found":
		return n.learn(ctx, id, PrivateChannel), nil
	case err != nil:
		return "", err
	case found.IsPrivate || found.IsIM || found.IsMpIM || found.Name == "":
		return n.learn(ctx, id, PrivateChannel), nil
	}
	return n.learn(ctx, id, found.Name), nil
}

// askGroup asks what a group of people is called by who mentions it: "sre" of @sre.
func (n *Names) askGroup(ctx context.Context, id string) (string, error) {
	// Slack lists all or none: who asks for several at once asks once.
	groups, err, _ := n.asking.Do("groups", func() (any, error) { return n.Slack.GetUserGroupsContext(ctx) })
	if err != nil {
		return "", err
	}
	name := id
	for _, g := range groups.([]slack.UserGroup) {
		if g.ID == id {
			name = g.Handle
		}
	}
	if name == id {
		n.keep(id, incident.Called{Name: id}, kept)
		return id, nil
	}
	return n.learn(ctx, id, name), nil
}

// Heard keeps what Slack said of a person, whatever it was asked for, and gives
// their name.
func (n *Names) Heard(ctx context.Context, user *slack.User) string {
	return n.learn(ctx, user.ID, Name(user))
}

// learn keeps a name, also for the next run and for others.
func (n *Names) learn(ctx context.Context, id, name string) string {
	before, ok := n.recall(id)
	n.keep(id, incident.Called{Name: name}, kept)
	if !ok || before != name {
		// A name that could not be saved is asked for again after this run.
		_ = n.Store.SaveName(ctx, id, incident.Called{Name: name, At: n.Now()})
	}
	return name
}

// Name is what a person is called: their full name, which says who they are to
// those who don't work with them.
func Name(user *slack.User) string {
	return incident.CleanLine(cmp.Or(user.Profile.RealName, user.RealName, user.Profile.DisplayName, user.Name, user.ID))
}

func (n *Names) recall(id string) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	k, ok := n.known[id]
	return k.Name, ok && n.Now().Before(k.until)
}

func (n *Names) keep(id string, name incident.Called, length time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) >= most {
		n.known = map[string]known{}
	}
	n.known[id] = known{name, n.Now().Add(length)}
}
