package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"muster/bot"
	"muster/config"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
	"muster/store"
	"muster/store/embedded"
)

// stage is where the demo happens: a make-believe Slack with people in it, a
// make-believe Confluence, a throwaway PostgreSQL, and a muster that works for
// them.
type stage struct {
	*workspace.Workspace
	wiki   *wiki.Wiki
	server *embedded.Server
	db     *store.Store
	clock  *demoClock
	log    zerolog.Logger
	// output is what the log is written to.
	output io.Writer
	// timers are those of muster's settings that the show decides.
	timers config.Environment
	muster *killable
	// fleet takes muster's place when the page is shown.
	fleet  *fleet
	people []*workspace.Person
	// filled says that much has happened before people came.
	filled bool
}

// cast are the people of the demo.
var cast = []workspace.User{
	{Name: "ana", RealName: "Ana Lima", TZ: "Europe/Lisbon", Admin: true},
	{Name: "bo", RealName: "Bo Berg", TZ: "Europe/Berlin"},
	{Name: "lee", RealName: "Lee Wong", TZ: "Asia/Singapore", Admin: true}, // may change the settings
}

// demoSpace is the key of the Confluence space.
const demoSpace = "OPS"

// demoChannels are there before anybody does anything.
var demoChannels = []string{"general", "alerts", "incidents"}

// openStage builds everything and returns once muster hears.
func openStage(ctx context.Context, clock *demoClock, timers config.Environment, log io.Writer) (*stage, error) {
	s := &stage{clock: clock, output: log, timers: timers, log: zerolog.New(log).With().Timestamp().Logger()}
	var building errgroup.Group
	building.Go(func() (err error) {
		s.server, err = embedded.Start(ctx, embedded.Options{BinDir: os.Getenv("PG_BINDIR"), Throwaway: true, NoFsync: true})
		return err
	})
	building.Go(s.gather)
	building.Go(func() (err error) {
		s.wiki, err = wiki.Start(demoSpace)
		return err
	})
	err := building.Wait()
	if err == nil {
		err = s.start(ctx)
	}
	if err == nil {
		s.db, err = store.Open(ctx, s.server.URL())
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// gather makes the workspace, its people and its channels.
func (s *stage) gather() (err error) {
	s.Workspace, err = workspace.Start(workspace.Config{Manifest: bot.Manifest, Now: s.clock.now, TeamDomain: "example", TeamName: "Example"})
	if err != nil {
		return err
	}
	var names []string
	for _, u := range cast {
		s.AddUser(u)
		names = append(names, u.Name)
		s.people = append(s.people, s.Person(u.Name))
	}
	for _, channel := range demoChannels {
		if _, err := s.AddChannel(channel, names); err != nil {
			return err
		}
	}
	return errors.Join(s.Invite("lee", "incidents", "muster"), s.Invite("lee", "alerts", "muster"))
}

// close ends muster and clears the stage away.
func (s *stage) close() error {
	err := s.stop()
	if s.Workspace != nil {
		err = errors.Join(err, s.Close())
	}
	if s.wiki != nil {
		err = errors.Join(err, s.wiki.Close())
	}
	if s.db != nil {
		s.db.Close()
	}
	if s.server != nil {
		err = errors.Join(err, s.server.Stop())
	}
	return err
}

// alert is how a monitoring tool posts: nobody's message, all in an attachment.
func (s *stage) alert(title, text string) error {
	attachments := fmt.Sprintf(`[{"title":%q,"text":%q}]`, title, text)
	_, err := s.PostAs(workspace.OtherApp{Name: "Monitoring", Attachments: []byte(attachments)}, "alerts")
	return err
}

// quiet waits until nothing more happens, or quietLimit has passed.
func (s *stage) quiet(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, quietLimit)
	defer cancel()
	for s.Settle(ctx, stillness) == nil && s.busy(ctx) {
	}
}

const (
	// stillness is how long nothing must happen to take it that all is done. It
	// is longer than the pause between two edits of one message.
	stillness = 2 * demoPause
	// quietLimit bounds the wait for stillness; a busy machine takes seconds for what
	// usually takes a tenth of one.
	quietLimit = 30 * time.Second
)
