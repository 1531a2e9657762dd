package rca

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"muster/incident"
	"muster/reconcile"
)

// keepName is how long a person's name is taken to be the same.
const keepName = time.Hour

// names remembers what people are called.
type names struct {
	mu    sync.Mutex
	known map[string]called
}

type called struct {
	name string
	at   time.Time
}

func (n *names) get(user string, now time.Time) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known, ok := n.known[user]
	return known.name, ok && now.Sub(known.at) < keepName
}

func (n *names) set(user, name string, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil {
		n.known = map[string]called{}
	}
	n.known[user] = called{name, now}
}

// namesPeople are the entries that are about somebody beside their author.
var namesPeople = map[incident.EntryKind]bool{incident.EntryRole: true, incident.EntryTodo: true, incident.EntryTodoChanged: true}

// named gives the names of everybody in an incident: Slack's ids mean nothing
// on a page.
func (r *RCA) named(ctx context.Context, p *reconcile.Pass, timeline []incident.Entry) (map[string]string, error) {
	people := []string{p.Declarer, p.ResolvedBy}
	for _, a := range p.Roles {
		people = append(people, a.User)
	}
	for _, f := range p.FollowUps {
		people = append(people, f.Owner, f.DoneBy)
	}
	for _, e := range timeline {
		people = append(people, e.By)
		if namesPeople[e.Kind] {
			people = append(people, e.From, e.To)
		}
	}
	found := map[string]string{"": "muster"}
	for _, user := range people {
		if _, ok := found[user]; ok {
			continue
		}
		name, err := r.name(ctx, p, user)
		if err != nil {
			return nil, err
		}
		found[user] = name
	}
	return found, nil
}

func (r *RCA) name(ctx context.Context, p *reconcile.Pass, user string) (string, error) {
	if name, ok := r.names.get(user, p.Now()); ok {
		return name, nil
	}
	name := user
	info, err := r.Slack.GetUserInfoContext(ctx, user)
	switch {
	case err == nil:
		name = cmp.Or(info.Profile.RealName, info.RealName, info.Profile.DisplayName, info.Name, user)
	case reconcile.Classify(err) != reconcile.Never:
		return "", fmt.Errorf("ask who %s is: %w", user, reconcile.Held(err, p.Now()))
	}
	r.names.set(user, name, p.Now())
	return name, nil
}
