package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"muster/incident"
)

// Inbox keeps events until they are dealt with, for all replicas.
type Inbox interface {
	Receive(ctx context.Context, id string, payload []byte) error
	TakeEvent(ctx context.Context, lease time.Duration) (e incident.Event, ok bool, next time.Duration, err error)
	LookAgain(ctx context.Context, id string, payload []byte, after time.Duration) error
	EndEvent(ctx context.Context, id string) error
	RetryEvent(ctx context.Context, id string, after time.Duration) error
	ForgetEvents(ctx context.Context, age time.Duration) error
}

const (
	// inboxWorkers is how many events are in hand at once: they wait for Slack.
	inboxWorkers = 4
	// inboxHelp is how long whoever received an event has it for itself. It takes it at
	// once, unless its hands are full or it died: then the others, who heard of it, help.
	inboxHelp = time.Second
	// inboxAgain is the pause after an error of the database, and inboxBreath the one
	// after an event that somebody is just taking.
	inboxAgain, inboxBreath = time.Second, 50 * time.Millisecond
	// inboxLimit bounds the work on one event.
	inboxLimit = 20 * time.Second
	// InboxLease is how long nobody else takes an event that somebody has in hand.
	// To deal with one twice does no harm.
	InboxLease = 25 * time.Second
	// inboxKept is how long an event is known after it came.
	inboxKept = 24 * time.Hour
	// inboxSweep is how often older ones are dropped.
	inboxSweep = time.Hour
	// inboxTries is how often an event is tried that breaks the program.
	inboxTries = 50
)

// event is what this package reads of an event's payload.
type event struct {
	ID    string `json:"event_id"`
	Inner struct {
		Type     string `json:"type"`
		User     string `json:"user"`
		BotID    string `json:"bot_id"`
		Inviter  string `json:"inviter"`
		Reaction string `json:"reaction"`
		ItemUser string `json:"item_user"`
		Item     struct {
			Type    string `json:"type"`
			Channel string `json:"channel"`
			TS      string `json:"ts"`
			Message struct {
				TS string `json:"ts"`
			} `json:"message"`
		} `json:"item"`
		ChannelID string `json:"channel_id"`
		EventTS   string `json:"event_ts"`
		// ChannelType is "group" or "G" of a private channel.
		ChannelType string `json:"channel_type"`
		Subtype     string `json:"subtype"`
		DeletedTS   string `json:"deleted_ts"`
		// Message and PreviousMessage are those of an edit or a deletion. What they
		// say is read again: it may have changed since.
		Message         changedMessage `json:"message"`
		PreviousMessage changedMessage `json:"previous_message"`
		Channel         string         `json:"channel"`
		TS              string         `json:"ts"`
		ThreadTS        string         `json:"thread_ts"`
		Text            string         `json:"text"`
		Tab             string         `json:"tab"`
		// Deleted is whether a person's account is no longer.
		Deleted bool   `json:"deleted"`
		OldID   string `json:"old_channel_id"`
		NewID   string `json:"new_channel_id"`
	} `json:"event"`
}

// changedMessage is what is read of a message in an event.
type changedMessage struct {
	TS      string `json:"ts"`
	User    string `json:"user"`
	Subtype string `json:"subtype"`
}

// concern is a kind of event that something is done about.
type concern struct {
	// wants drops, without a look at the database, what is none of our business.
	wants func(b *Bot, e event) bool
	// act deals with it. It may run again after it succeeded, and in another
	// replica. A refusal of the Desk ends the event; other errors are tried again.
	act func(b *Bot, ctx context.Context, e event, attempt int) error
}

// concerns are the events that go through the inbox, by type.
var concerns = with(channelConcerns(), map[string]concern{
	"reaction_added":   {wants: (*Bot).wantsReaction, act: (*Bot).reacted},
	"reaction_removed": {wants: (*Bot).wantsKeep, act: (*Bot).reactionKept},
	"pin_added":        {wants: (*Bot).wantsPin, act: (*Bot).pinKept},
	"pin_removed":      {wants: (*Bot).wantsPin, act: (*Bot).pinKept},
	"message":          {wants: (*Bot).wantsMessage, act: (*Bot).messageHeard},
	"app_mention":      {wants: (*Bot).wantsMention, act: (*Bot).mentioned},

	"member_joined_channel": {wants: (*Bot).wantsMember, act: (*Bot).memberJoined},
	"member_left_channel":   {wants: (*Bot).wantsMember, act: (*Bot).membersMoved},
	// What muster asks itself to do.
	eventPins:     {wants: func(*Bot, event) bool { return false }, act: (*Bot).pinsSeen},
	"user_change": {wants: (*Bot).wantsAccount, act: (*Bot).accountChanged},
})

func with(all, more map[string]concern) map[string]concern {
	maps.Copy(all, more)
	return all
}

// received commits an event to the inbox and acknowledges it. Without an
// acknowledgement, Slack sends it again.
func (b *Bot) received(ctx context.Context, payload json.RawMessage, ack ack) {
	var e event
	if json.Unmarshal(plainEvent(payload), &e) != nil || e.ID == "" {
		ack(nil)
		return
	}
	if e.Inner.Type == "app_home_opened" {
		ack(nil)
		b.homeOpened(ctx, e)
		return
	}
	about, known := concerns[e.Inner.Type]
	if !known || b.Inbox == nil || !about.wants(b, e) {
		ack(nil)
		return
	}
	// Only what is read is kept, and in an encoding that is well formed.
	kept, err := json.Marshal(e)
	if err == nil {
		err = b.Inbox.Receive(ctx, e.ID, kept)
	}
	if err != nil {
		b.Log.Error().Err(err).Str("event", e.ID).Msg("keep an event")
		return
	}
	ack(nil)
	b.wakeInbox()
}

func (b *Bot) wakeInbox() {
	b.makeInbox()
	nudge(b.wake)
}

// nudge sends on a channel unless it is full: whoever reads it will look anyway.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (b *Bot) makeInbox() {
	b.made.Do(func() {
		b.wake = make(chan struct{}, inboxWorkers)
		b.others, b.look = make(chan struct{}, 1), make(chan time.Duration)
	})
}

// InboxChanged says that some replica received an event. However many come, this one
// looks once each inboxHelp.
func (b *Bot) InboxChanged() {
	b.makeInbox()
	nudge(b.others)
}

// InboxMissed says that events may have come of which nobody was told.
func (b *Bot) InboxMissed() { b.wakeInbox() }

// lookAgain puts an event of our own into the inbox, to be dealt with after a while.
func (b *Bot) lookAgain(ctx context.Context, id string, payload []byte, after time.Duration) error {
	if err := b.Inbox.LookAgain(ctx, id, payload, after); err != nil {
		return err
	}
	b.wakeInbox()
	return nil
}

// lookIn lets the inbox be looked into in a while, if not sooner.
func (b *Bot) lookIn(ctx context.Context, wait time.Duration) {
	select {
	case b.look <- wait:
	case <-ctx.Done():
	}
}

// RunInbox looks for what nobody heard, and deals with what came, until ctx ends; then it finishes what is in
// hand.
func (b *Bot) RunInbox(ctx context.Context) error {
	if err := b.lookForPins(ctx); err != nil && ctx.Err() == nil {
		b.Log.Warn().Err(err).Msg("look for what was pinned meanwhile")
	}
	b.wakeInbox()
	var group errgroup.Group
	for range inboxWorkers {
		group.Go(func() error {
			for b.awaitEvent(ctx) {
				for ctx.Err() == nil && b.nextEvent(ctx) {
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		b.tendInbox(ctx)
		return nil
	})
	return group.Wait()
}

func (b *Bot) awaitEvent(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-b.wake:
		return true
	}
}

// tendInbox wakes a worker when it is time to look, and drops what is old.
func (b *Bot) tendInbox(ctx context.Context) {
	timer, sweep := time.NewTimer(inboxSweep), time.NewTicker(inboxSweep)
	timer.Stop()
	defer timer.Stop()
	defer sweep.Stop()
	var rings time.Time
	ring := func(wait time.Duration) {
		if at := time.Now().Add(wait); rings.IsZero() || at.Before(rings) {
			rings = at
			timer.Reset(wait)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			rings = time.Time{}
			b.wakeInbox()
		case <-b.others:
			ring(inboxHelp)
		case wait := <-b.look:
			ring(wait)
		case <-sweep.C:
			if err := b.Inbox.ForgetEvents(ctx, inboxKept); err != nil && ctx.Err() == nil {
				b.Log.Warn().Err(err).Msg("drop old events")
			}
		}
	}
}

// nextEvent deals with one event, and reports whether there was one.
func (b *Bot) nextEvent(ctx context.Context) bool {
	kept, ok, next, err := b.Inbox.TakeEvent(ctx, b.InboxLease)
	if err != nil {
		if ctx.Err() == nil {
			b.Log.Warn().Err(err).Msg("look into the inbox")
		}
		b.lookIn(ctx, inboxAgain)
		return false
	}
	if !ok && next >= 0 {
		b.lookIn(ctx, max(next, inboxBreath))
	}
	if !ok {
		return false
	}
	// Others may be waiting behind this one.
	b.wakeInbox()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), inboxLimit)
	defer cancel()
	err = b.deal(ctx, kept)
	_, refused := errors.AsType[*incident.Error](err)
	if err == nil || refused || kept.Attempts >= inboxTries {
		if err != nil {
			b.Log.Warn().Err(err).Str("event", kept.ID).Msg("an event came to nothing")
		}
		err = b.Inbox.EndEvent(ctx, kept.ID)
	} else {
		b.Log.Warn().Err(err).Str("event", kept.ID).Int("attempts", kept.Attempts).Msg("an event is tried again")
		err = b.Inbox.RetryEvent(ctx, kept.ID, retryEvent(kept.Attempts))
	}
	if err != nil {
		b.Log.Warn().Err(err).Str("event", kept.ID).Msg("note what became of an event")
	}
	return true
}

// retryEvent is the pause before the next attempt: 0.5 s, 1 s, 2 s … a minute.
func retryEvent(attempts int) time.Duration {
	return min(500*time.Millisecond<<min(attempts-1, 7), time.Minute)
}

func (b *Bot) deal(ctx context.Context, kept incident.Event) (err error) {
	defer func() {
		if r := recover(); r != nil {
			b.Log.Error().Str("panic", fmt.Sprint(r)).Bytes("stack", debug.Stack()).Msg("deal with an event")
			err = fmt.Errorf("deal with an event: %v", r)
		}
	}()
	var e event
	if err := json.Unmarshal(kept.Payload, &e); err != nil {
		return incident.Errorf(incident.Invalid, "the event can't be read: %v", err)
	}
	about, known := concerns[e.Inner.Type]
	if !known {
		return nil
	}
	return about.act(b, heardFrom(ctx, e.Inner.User), e, kept.Attempts)
}
