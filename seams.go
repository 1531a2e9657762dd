package main

import (
	"net/http"
	"time"

	"github.com/slack-go/slack/socketmode"

	"muster/bot"
	"muster/config"
	"muster/reconcile"
	"muster/room"
	"muster/store"
)

// seams are what tests and the demo turn. The zero value is the real thing.
type seams struct {
	// now is the program's clock.
	now func() time.Time
	// hook sees each commit.
	hook store.Hook
	// database are further options of the store.
	database []store.Option
	// transport carries the calls to Slack and Confluence.
	transport http.RoundTripper
	// apart, editEvery, topicEvery and settleAfter replace the constants of
	// bot, reconcile and room, so that a story need not wait.
	apart, editEvery, topicEvery time.Duration
	settleAfter                  []time.Duration
	// lease replaces reconcile.Lease, so that a story need not wait for the dead.
	lease time.Duration
	// tickEvery replaces SCHEDULER_TICK.
	tickEvery time.Duration
	// inboxLease and pinsApart replace bot.InboxLease and bot.PinsApart.
	inboxLease, pinsApart time.Duration
	// accountLooks replace bot.AccountLooks.
	accountLooks []time.Duration
	// ackWithin replaces bot.AckWithin, for machines that are slower than Slack is
	// patient.
	ackWithin time.Duration
	// callTimeout, retryAfter and connect replace the constants of slackhttp.
	callTimeout, retryAfter, connect time.Duration
	// minute is what Slack's rates per minute are of.
	minute time.Duration
	// socket are options of the sockets to Slack.
	socket []socketmode.Option
	// quietLimit replaces bot.QuietLimit.
	quietLimit time.Duration
	// healthAt is told the address of the health listener.
	healthAt func(address string)
	// hello is called each time that a socket is ready.
	hello func()
}

func (s seams) filled() seams {
	if s.now == nil {
		s.now = time.Now
	}
	if s.apart == 0 {
		s.apart = bot.Apart
	}
	if s.editEvery == 0 {
		s.editEvery = reconcile.EditEvery
	}
	if s.topicEvery == 0 {
		s.topicEvery = room.TopicEvery
	}
	if s.lease == 0 {
		s.lease = reconcile.Lease
	}
	if s.inboxLease == 0 {
		s.inboxLease = bot.InboxLease
	}
	if s.accountLooks == nil {
		s.accountLooks = bot.AccountLooks
	}
	if s.pinsApart == 0 {
		s.pinsApart = bot.PinsApart
	}
	if s.settleAfter == nil {
		s.settleAfter = reconcile.SettleAfter
	}
	return s
}

// tick is how often due times are looked at.
func (s seams) tick(t config.Timers) time.Duration {
	if s.tickEvery > 0 {
		return s.tickEvery
	}
	return t.SchedulerTick
}
