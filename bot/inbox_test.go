package bot

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
)

// tray is an inbox that remembers when somebody looked into it.
type tray struct {
	Inbox
	Reader
	mu    sync.Mutex
	began time.Time
	looks []time.Duration
	// next is when there is an event, of no concern to anybody, from the beginning.
	next []time.Duration
}

func (*tray) OpenRooms(context.Context) ([]string, error) { return nil, nil }

func (tr *tray) TakeEvent(context.Context, time.Duration) (incident.Event, bool, time.Duration, error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	now := time.Since(tr.began)
	tr.looks = append(tr.looks, now)
	if len(tr.next) == 0 {
		return incident.Event{}, false, -1, nil
	}
	if wait := tr.next[0] - now; wait > 0 {
		return incident.Event{}, false, wait, nil
	}
	tr.next = tr.next[1:]
	return incident.Event{ID: "Ev1", Payload: []byte(`{}`)}, true, 0, nil
}

func (*tray) EndEvent(context.Context, string) error { return nil }

// tends runs the inbox for a time, and gives when it was looked into after its start.
func tends(t *testing.T, tr *tray, long time.Duration, during func(*Bot)) (looks []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), long)
		defer cancel()
		tr.began = time.Now()
		b := &Bot{Inbox: tr, Reader: tr, Log: zerolog.Nop(), InboxLease: InboxLease}
		ended := make(chan error)
		go func() { ended <- b.RunInbox(ctx) }()
		synctest.Wait()
		tr.mu.Lock()
		tr.looks = nil
		tr.mu.Unlock()
		during(b)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return tr.looks
}

func TestAnInboxAtRestIsLeftAlone(t *testing.T) {
	if looks := tends(t, &tray{}, 50*time.Minute, func(*Bot) {}); len(looks) != 0 {
		t.Errorf("looked at %v", looks)
	}
}

// However many events the other replicas receive, this one looks once a second.
func TestReplicasDoNotRushForAnEvent(t *testing.T) {
	looks := tends(t, &tray{}, time.Minute, func(b *Bot) {
		for range 100 {
			b.InboxChanged()
			time.Sleep(20 * time.Millisecond)
		}
	})
	if len(looks) < 2 || len(looks) > 3 || looks[0] != inboxHelp {
		t.Errorf("looked at %v", looks)
	}
}

// What waits, or is in the hands of somebody who may have died, is taken when it is due.
func TestTheInboxIsLookedIntoWhenSomethingIsDue(t *testing.T) {
	looks := tends(t, &tray{next: []time.Duration{4 * time.Second, 30 * time.Second}}, time.Minute, func(*Bot) {})
	for _, due := range []time.Duration{4 * time.Second, 30 * time.Second} {
		found := false
		for _, at := range looks {
			found = found || at == due
		}
		if !found {
			t.Errorf("looked at %v, not at %s", looks, due)
		}
	}
	if len(looks) > 7 {
		t.Errorf("looked at %v", looks)
	}
}

func TestAMissedEventIsLookedForAtOnce(t *testing.T) {
	looks := tends(t, &tray{}, time.Minute, func(b *Bot) {
		time.Sleep(10 * time.Second)
		b.InboxMissed()
	})
	if len(looks) != 1 || looks[0] != 10*time.Second {
		t.Errorf("looked at %v", looks)
	}
}
