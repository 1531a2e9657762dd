// Package scheduler hears the clock: on each tick, the Desk does what is due. What
// is due stands in the database, so that a tick may be late, lost or made by
// several replicas.
package scheduler

import (
	"context"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"
)

// Desk does what is due.
type Desk interface {
	Tick(ctx context.Context) error
}

// Clock ticks.
type Clock struct {
	Desk Desk
	// Every is the time between two ticks; it may be less than a second.
	Every time.Duration
	Log   zerolog.Logger
	// Ticked is told how each tick went, if it is set.
	Ticked func(error)
}

// every is a schedule, since cron's own rounds to seconds.
type every time.Duration

func (e every) Next(t time.Time) time.Time { return t.Add(time.Duration(e)) }

// tickLimit ends a tick that hangs; the next one begins where it was.
const tickLimit = 30 * time.Second

// Run ticks at once, for what came due while nobody ran, and then on until ctx
// ends. It returns when the tick in hand has ended.
func (c *Clock) Run(ctx context.Context) error {
	says := cronLog{c.Log}
	ticks := cron.New(cron.WithLogger(says))
	// Recover is innermost: a panic that passed SkipIfStillRunning would leave it
	// believing that the tick still runs, for ever.
	tick := cron.NewChain(cron.SkipIfStillRunning(says), cron.Recover(says)).Then(cron.FuncJob(func() { c.tick(ctx) }))
	ticks.Schedule(every(c.Every), tick)
	tick.Run()
	ticks.Start()
	<-ctx.Done()
	<-ticks.Stop().Done()
	return nil
}

func (c *Clock) tick(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, tickLimit)
	defer cancel()
	err := c.Desk.Tick(ctx)
	if c.Ticked != nil {
		c.Ticked(err)
	}
	if err != nil && ctx.Err() == nil {
		c.Log.Error().Err(err).Msg("tick")
	}
}

// cronLog takes what cron says. That it wakes and runs is worth no line.
type cronLog struct{ log zerolog.Logger }

func (l cronLog) Info(string, ...any) {}

func (l cronLog) Error(err error, message string, _ ...any) {
	l.log.Error().Err(err).Msg(message)
}
