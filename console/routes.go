package console

import (
	"context"
	"errors"
	"net/http"

	"muster/incident"
	"muster/report"
)

// Handler is the whole console.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{version}/{name}", c.static)
	mux.HandleFunc("GET /sign-in/{secret}", c.showSignIn)
	mux.HandleFunc("POST /sign-in", c.signIn)
	mux.HandleFunc("POST /sign-out", c.signOut)
	mux.HandleFunc("GET /{$}", c.inside(c.showList))
	mux.HandleFunc("GET /declare", c.inside(c.showDeclare))
	mux.HandleFunc("POST /declare", c.inside(c.declare))
	mux.HandleFunc("GET /incidents.csv", c.inside(c.exportList))
	mux.HandleFunc("GET /incidents/{number}", c.inside(c.about(c.showIncident)))
	mux.HandleFunc("GET /incidents/{number}/export.md", c.inside(c.about(c.exportIncident)))
	mux.HandleFunc("GET /incidents/{number}/news", c.inside(c.about(c.news)))
	mux.HandleFunc("POST /incidents/{number}/{act}", c.inside(c.about(c.act)))
	mux.HandleFunc("GET /settings", c.inside(c.showSettings))
	mux.HandleFunc("POST /settings/{section}/{act}", c.inside(c.changeSettings))
	mux.HandleFunc("GET /statistics", c.inside(c.showStats))
	mux.HandleFunc("GET /statistics/{chart}", c.inside(c.drawStats))
	mux.HandleFunc("GET /follow-ups", c.inside(c.showFollowUps))
	mux.HandleFunc("GET /health", c.inside(c.showHealth))
	mux.HandleFunc("/", c.inside(func(w http.ResponseWriter, r *http.Request, me person) error {
		return incident.Errorf(incident.NotFound, "There is no such page.")
	}))
	return c.guard(mux)
}

// person is who is signed in.
type person struct{ ID, Name string }

// page answers one who is signed in. A refusal that it returns is shown.
type page func(w http.ResponseWriter, r *http.Request, me person) error

// inside lets only those in who are signed in and may still use the console.
func (c *Console) inside(show page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		me, err := c.whoIs(r)
		if errors.Is(err, errSignedOut) {
			c.askToSignIn(w, r)
			return
		}
		if err == nil {
			err = show(w, r, me)
		}
		if err != nil {
			c.complain(w, r, me, err)
		}
	}
}

func (c *Console) whoIs(r *http.Request) (person, error) {
	cookie, err := r.Cookie(c.cookieName())
	if err != nil {
		return person{}, errSignedOut
	}
	id, err := c.Sessions.SessionPerson(r.Context(), hash(cookie.Value))
	if err != nil {
		return person{}, err
	}
	if id == "" {
		return person{}, errSignedOut
	}
	if err := c.People.Inside(r.Context(), id); err != nil {
		return person{}, err
	}
	return person{id, c.name(r.Context(), id)}, nil
}

// name is a person's name, or their id where nobody says it.
func (c *Console) name(ctx context.Context, id string) string {
	return report.Namer(c.People.Names(ctx, id))(id)
}

// about reads which incident a page is about. One that the person may not see is
// none to them.
func (c *Console) about(show func(w http.ResponseWriter, r *http.Request, me person, number int64) error) page {
	return func(w http.ResponseWriter, r *http.Request, me person) error {
		number, ok := incident.ParseRef(r.PathValue("number"))
		if !ok {
			return incident.Errorf(incident.NotFound, "There is no such incident.")
		}
		if _, err := c.People.See(r.Context(), me.ID, number); err != nil {
			return err
		}
		return show(w, r, me, number)
	}
}

// status is the HTTP status of a refusal.
func status(err error) int {
	refusal, ok := errors.AsType[*incident.Error](err)
	if !ok {
		return http.StatusServiceUnavailable
	}
	switch refusal.Kind {
	case incident.NotFound:
		return http.StatusNotFound
	case incident.Forbidden:
		return http.StatusForbidden
	case incident.Conflict, incident.NothingToDo:
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}
