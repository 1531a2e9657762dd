package main

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"

	"muster/block"
	"muster/bot"
	"muster/channel"
	"muster/config"
	"muster/console"
	"muster/digest"
	"muster/health"
	"muster/incident"
	"muster/people"
	"muster/rca"
	"muster/reconcile"
	"muster/room"
	"muster/scheduler"
	"muster/slackhttp"
	"muster/store"
	"muster/store/embedded"
	"muster/templates"
)

var (
	_ incident.DeskStore    = (*store.Store)(nil)
	_ reconcile.Store       = (*store.Store)(nil)
	_ reconcile.PosterStore = (*store.Store)(nil)
	_ room.Store            = (*store.Store)(nil)
	_ bot.Reader            = (*store.Store)(nil)
	_ console.Reader        = (*store.Store)(nil)
	_ console.Sessions      = (*store.Store)(nil)
	_ console.People        = (*bot.Bot)(nil)
)

// run is the whole program: it connects, works until ctx ends, finishes what is
// in hand, and returns nil. An error says why it could not start or go on.
func run(ctx context.Context, cfg config.Config, log zerolog.Logger, s seams) (err error) {
	working := false
	defer func() {
		// Who is told to stop while starting has not failed, whatever was cut off by it.
		if ctx.Err() != nil && (!working || errors.Is(err, context.Canceled)) {
			err = nil
		}
	}()
	s = s.filled()
	probes, closeProbes, err := openHealth(ctx, cfg, log, s)
	if err != nil {
		return err
	}
	defer closeProbes()
	dsn, server, err := database(ctx, cfg.Database, log)
	if err != nil {
		return err
	}
	if server != nil {
		defer func() { _ = server.Stop() }()
	}
	stock, err := stockDefinitions(cfg.TemplatesDir)
	if err != nil {
		return err
	}
	granted := &scopes{}
	limits := newBudget()
	transport := slackhttp.New(slackhttp.Options{Observe: observe(probes.Figures, answers(log)), Budget: limits, Base: s.transport, CallTimeout: s.callTimeout, RetryAfter: s.retryAfter, Connect: s.connect, Minute: s.minute})
	defer transport.CloseIdleConnections()
	api := slackClient(cfg.Slack, transport, granted)

	// The two first answers are waited for together: a start is often a restart
	// in the middle of an incident.
	var db *store.Store
	var place incident.Installation
	starting, startCtx := errgroup.WithContext(ctx)
	starting.Go(func() (err error) {
		db, place.ID, err = openStore(startCtx, dsn, stock, s)
		return err
	})
	starting.Go(func() error {
		me, err := identify(startCtx, api, cfg.Slack, granted, log)
		if err != nil {
			return err
		}
		place.TeamURL, place.BotUser, place.Team, place.Enterprise = me.URL, me.UserID, me.TeamID, me.EnterpriseID
		return nil
	})
	err = starting.Wait()
	if db != nil {
		defer db.Close()
	}
	if err != nil {
		return err
	}
	if err := db.ForgetMembers(ctx); err != nil {
		return err
	}
	if err := rerender(ctx, db, log); err != nil {
		return err
	}
	if place.Digest, err = findDigest(ctx, api, db, cfg.Digest); err != nil {
		return err
	}
	group, err := findGroup(ctx, api, cfg.GroupInvite)
	if err != nil {
		return err
	}
	limits.share(db.Limits())
	working = true
	log.Info().Str("workspace", place.TeamURL).Stringer("digest", cfg.Digest).Bool("own_database", server != nil).Msg("everything is there")
	return work(ctx, cfg, log, s, parts{api: api, transport: transport, db: db, server: server, place: place, group: group, stock: stock, probes: probes})
}

// parts is what is there once the program may begin to work.
type parts struct {
	api       *slack.Client
	transport *slackhttp.Transport
	db        *store.Store
	// server is our own PostgreSQL, or nil.
	server *embedded.Server
	place  incident.Installation
	// group is the id of the user group to invite, or empty.
	group string
	// stock are the texts that muster came with.
	stock incident.Definitions
	// probes are told how it goes.
	probes *health.Health
}

// headed begins the text of a message about an incident with how that stands.
func headed(c *incident.Case, text string) string {
	return block.Said(&c.Incident, c.Definitions, block.Markup(text))
}

// work wires the packages and runs them side by side until ctx ends.
func work(ctx context.Context, cfg config.Config, log zerolog.Logger, s seams, p parts) error {
	answer := webhook(p.api)
	poster := &reconcile.Poster{
		Slack: p.api, Store: p.db, Installation: p.place.ID,
		EditEvery: s.editEvery, SettleAfter: s.settleAfter, Headed: headed,
	}
	channels := &channel.Maker{Slack: p.api, Store: p.db, Queue: func() time.Duration { return p.transport.Queue("conversations.create") }}
	names := &people.Names{Slack: p.api, Store: p.db, Now: s.now}
	rooms := &room.Room{
		Slack: p.api, Store: p.db, Poster: poster, Webhook: answer, Channels: channels,
		Prefix: cfg.ChannelPrefix, Group: p.group, TopicEvery: s.topicEvery,
	}
	watch := &digest.Digest{Poster: poster}
	pages, err := reviewPages(cfg, s.transport, log)
	if err != nil {
		return err
	}
	review := &rca.RCA{Pages: pages, Slack: p.api, Names: names, Store: p.db, Poster: poster, Channels: channels, Prefix: cfg.ChannelPrefix}
	limits := newFollower(p.transport, log)
	loop := &reconcile.Loop{
		Store: p.db, Steps: steps(rooms, watch, review),
		Installation: p.place, Now: s.now, Lease: s.lease, Log: log.With().Str("part", "reconcile").Logger(),
		Passed: p.probes.Figures.Passed,
	}
	desk := incident.NewDesk(p.db, s.now, rules(cfg.Timers)).WithDefaults(defaults(cfg, p.stock)).OnReminder(p.probes.Figures.Reminded)
	clock := &scheduler.Clock{Desk: desk, Every: s.tick(cfg.Timers), Log: log.With().Str("part", "scheduler").Logger(), Ticked: p.probes.Figures.Ticked}
	hears := log.With().Str("part", "bot").Logger()
	ears := &bot.Bot{
		Slack: p.api, Webhook: bot.Webhook(answer), Desk: desk, Reader: p.db, People: names, Log: hears,
		Members: p.db, Channels: p.db, Inbox: p.db, InboxLease: s.inboxLease, PinsApart: s.pinsApart, AccountLooks: s.accountLooks, AckWithin: s.ackWithin, Place: p.place, Evict: p.db.EndSessions,
		Admins: cfg.AdminUsers, Awaited: slackhttp.Interactive,
	}
	if cfg.React.Enabled {
		ears.ReactEmoji = cfg.React.Emoji
	}
	pageServer, err := openConsole(ctx, cfg.Console, log, s, p, desk, ears)
	if err != nil {
		return err
	}
	loop.Heard = func(subject string) {
		switch subject {
		case store.LimitsChanged:
			limits.look()
		case store.InboxChanged:
			ears.InboxChanged()
		}
	}
	loop.Missed = func() {
		limits.look()
		ears.InboxMissed()
	}
	sockets := &bot.Sockets{
		API: p.api, Log: hears, Apart: s.apart, Hello: s.hello, Options: s.socket, QuietLimit: s.quietLimit, Bot: ears, Figures: p.probes.Figures,
	}
	watchHealth(p.probes, p.db, sockets, s)
	if pageServer != nil {
		pageServer.Slack = sockets.Check
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		<-ctx.Done()
		p.probes.Stopping()
		return nil
	})
	if p.server != nil {
		group.Go(func() error { return p.server.Wait(ctx) })
	}
	group.Go(func() error { return limits.run(ctx) })
	group.Go(func() error { return loop.Run(ctx) })
	group.Go(func() error { return sockets.Run(ctx) })
	group.Go(func() error { return ears.RunInbox(ctx) })
	group.Go(func() error { return ears.RunMembers(ctx) })
	group.Go(func() error { return clock.Run(ctx) })
	if pageServer != nil {
		group.Go(func() error { return pageServer.Run(ctx) })
	}
	return group.Wait()
}

// rules are the times after which people are reminded.
func rules(t config.Timers) incident.Rules {
	return incident.Rules{
		First: t.ReminderFirstAfter, Every: t.ReminderEvery, Commander: t.CommanderPromptAfter,
		Stale: t.StaleAfter, StaleEvery: t.StaleEvery,
	}
}

// defaults are what rules where administrators set nothing.
func defaults(cfg config.Config, stock incident.Definitions) incident.Defaults {
	d := incident.Defaults{Stock: stock}
	if cfg.GroupInvite.Enabled {
		d.Group = cfg.GroupInvite.Name
	}
	return d
}

// steps are all concerns of an incident. The review waits for the others.
func steps(rooms *room.Room, watch *digest.Digest, review *rca.RCA) []reconcile.Step {
	list := append(rooms.Steps(digest.Step), watch.Steps(room.StepChannel)...)
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	list = append(list, review.Steps(room.StepChannel, names)...)
	list = append(list, rooms.Review(rca.StepOpener, rca.StepPage)...)
	list = append(list, watch.Review(rca.StepPage)...)
	names = nil
	for _, s := range list {
		names = append(names, s.Name)
	}
	return append(list, rooms.Last(names)...)
}

// stockDefinitions are the texts that the first start writes to the database.
func stockDefinitions(dir string) (incident.Definitions, error) {
	var d incident.Definitions
	set, err := templates.Open(dir)
	if err != nil {
		return d, &setupError{"TEMPLATES_DIR: " + err.Error()}
	}
	for _, r := range set.Roles() {
		d.Roles = append(d.Roles, incident.Role{Key: r.Key, Name: r.Name, Text: r.Text, Position: r.Position})
	}
	for _, sev := range set.Severities() {
		d.Severities = append(d.Severities, incident.SeverityDefinition{Level: incident.Severity(sev.Level), Name: sev.Name, Text: sev.Text})
	}
	return d, nil
}

// webhook answers through a response_url by way of the API client, whose
// transport keeps the address, a secret, out of every error.
func webhook(api *slack.Client) room.Webhook {
	return func(ctx context.Context, address string, m *slack.WebhookMessage) error {
		to := slack.MsgOptionResponseURL(address, m.ResponseType)
		if m.ReplaceOriginal {
			to = slack.MsgOptionReplaceOriginal(address)
		}
		options := []slack.MsgOption{to, slack.MsgOptionText(m.Text, false)}
		if m.Blocks != nil {
			options = append(options, slack.MsgOptionBlocks(m.Blocks.BlockSet...))
		}
		_, _, err := api.PostMessageContext(ctx, "", options...)
		return err
	}
}
