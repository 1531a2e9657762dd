// Package console hears the browser: pages over the same Desk that Slack's people
// change incidents through, with the same permissions. It is off unless an
// operator switches it on, and Slack never needs it.
//
// Who comes in was let in by Slack: "/incident console" answers with a link that
// signs that person in once. The link opens a page with a button, and only the
// button spends it, since previews follow links. The database has nothing but
// hashes of links and sessions, so that each replica knows all of them.
//
// Every form carries a key that names it: sent twice, it counts once.
package console

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
)

// Desk is the door through which the console changes incidents.
type Desk interface {
	Declare(ctx context.Context, d incident.Declaration, another bool) (i *incident.Incident, made bool, err error)
	SetSeverity(ctx context.Context, number int64, to, shown incident.Severity, act incident.Act) (*incident.Incident, error)
	SetStatus(ctx context.Context, number int64, to, shown incident.Status, act incident.Act) (*incident.Incident, error)
	Post(ctx context.Context, number int64, u incident.Update, act incident.Act) (*incident.Incident, error)
	Edit(ctx context.Context, number int64, e incident.Edit, act incident.Act) (*incident.Incident, error)
	Note(ctx context.Context, number int64, text string, act incident.Act) (*incident.Incident, error)
	Resolve(ctx context.Context, number int64, fix string, act incident.Act) (*incident.Incident, error)
	Cancel(ctx context.Context, number int64, why string, act incident.Act) (*incident.Incident, error)
	Duplicate(ctx context.Context, number, of int64, act incident.Act) (*incident.Incident, error)
	Reopen(ctx context.Context, number int64, act incident.Act) (*incident.Incident, error)
	Retry(ctx context.Context, number int64) error
	Claim(ctx context.Context, number int64, role string, act incident.Act) (*incident.Incident, incident.Role, error)
	Assign(ctx context.Context, number int64, role string, h incident.Handing, act incident.Act) (*incident.Incident, incident.Role, error)
	AddFollowUp(ctx context.Context, number int64, t incident.ToDo, act incident.Act) (*incident.Incident, error)
	EndFollowUp(ctx context.Context, number int64, n int, done bool, act incident.Act) (*incident.Incident, error)
	DropFollowUp(ctx context.Context, number int64, n int, act incident.Act) (*incident.Incident, error)
	Sections(ctx context.Context) ([]incident.Section, *incident.Book, error)
	ChangeSettings(ctx context.Context, e incident.SettingEdit, act incident.Act) error
	RestoreStock(ctx context.Context, section string, act incident.Act) error
	AddRole(ctx context.Context, name, text string, act incident.Act) error
	RetireRole(ctx context.Context, key string, act incident.Act) error
	Leave(ctx context.Context, number int64, role string, act incident.Act) (*incident.Incident, incident.Role, error)
}

// Reader is what the pages show.
type Reader interface {
	Browse(ctx context.Context, f incident.Filter) (incident.Shelf, error)
	Definitions(ctx context.Context) (incident.Definitions, error)
	Timeline(ctx context.Context, number int64) ([]incident.Entry, error)
	Stats(ctx context.Context, q incident.StatsQuery) (incident.Stats, error)
	// LatestEntry is the id of the newest entry of a timeline.
	LatestEntry(ctx context.Context, number int64) (int64, error)
	RoomOf(ctx context.Context, number int64) (string, error)
	AllFollowUps(ctx context.Context, viewer string, limit int) ([]incident.OwnFollowUp, error)
	Trouble(ctx context.Context, number int64) ([]incident.StepState, error)
	Unfinished(ctx context.Context, viewer string) ([]incident.Unfinished, error)
	Refusals(ctx context.Context, viewer string) ([]incident.Refusal, error)
}

// Sessions keeps who may come in. All hashes are SHA-256.
type Sessions interface {
	// SaveLink keeps a link; it refuses who has many.
	SaveLink(ctx context.Context, person string, hash []byte, life time.Duration) error
	// LinkPerson gives whom a link signs in, or empty.
	LinkPerson(ctx context.Context, hash []byte) (string, error)
	// SpendLink turns a link into a session, once, and gives whose; or empty.
	SpendLink(ctx context.Context, link, session []byte, life time.Duration) (string, error)
	// SessionPerson gives who is signed in, or empty.
	SessionPerson(ctx context.Context, hash []byte) (string, error)
	EndSession(ctx context.Context, hash []byte) error
}

// People knows who somebody is.
type People interface {
	// Inside refuses who may not use the console.
	Inside(ctx context.Context, id string) error
	// Names gives what people are called, as far as it is known in time.
	Names(ctx context.Context, ids ...string) map[string]string
	// See reads an incident if the person may know of it. Nothing else here reads
	// one.
	See(ctx context.Context, person string, number int64) (*incident.Incident, error)
	// Administers refuses who may not change settings.
	Administers(ctx context.Context, id string) error
	// MayHold refuses a role for who can't play it.
	MayHold(ctx context.Context, id string) error
	// MayDo refuses an owner of a follow-up who can't be one, and finds out what
	// time it is where who is reminded lives.
	MayDo(ctx context.Context, by string, t *incident.ToDo) error
}

var _ Desk = (*incident.Desk)(nil)

// Console serves the pages. Open listens, Run serves.
type Console struct {
	Desk     Desk
	Reader   Reader
	Sessions Sessions
	People   People
	// TeamURL is the workspace's address, ending in a slash.
	TeamURL string
	// URL is the address that people use, without a slash at its end; empty means
	// http:// and where Open listens.
	URL string
	// Slack says why this program does not hear Slack, if it is set; nil if it does.
	Slack func(ctx context.Context) error
	Now   func() time.Time
	Log   zerolog.Logger

	door
	recent recent
}

// errSignedOut means that nobody is signed in.
var errSignedOut = errors.New("signed out")
