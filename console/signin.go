package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"time"
)

// linkLife is how long a link can be used, sessionLife how long one is signed in.
const (
	linkLife    = 10 * time.Minute
	sessionLife = 12 * time.Hour
)

// hash is what the database keeps of a secret. Secrets are random and long, so
// that nobody finds one that fits.
func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// secret is 260 random bits as text.
func secret() string { return rand.Text() + rand.Text() }

// Invite makes a link that signs a person in once.
func (c *Console) Invite(ctx context.Context, person string) (link string, err error) {
	s := secret()
	if err := c.Sessions.SaveLink(ctx, person, hash(s), linkLife); err != nil {
		return "", err
	}
	return c.URL + "/sign-in/" + s, nil
}

// showSignIn asks for the button that spends the link: whoever only looks at the
// address, such as a preview, spends nothing.
func (c *Console) showSignIn(w http.ResponseWriter, r *http.Request) {
	if c.knocks.tooMany(r) {
		c.tooMany(w, r)
		return
	}
	id, err := c.Sessions.LinkPerson(r.Context(), hash(r.PathValue("secret")))
	switch {
	case err != nil:
		c.complain(w, r, person{}, err)
	case id == "":
		c.spent(w, r)
	default:
		c.render(w, r, http.StatusOK, "signin", frame{Title: "Sign in", Body: signInBody{
			Name: c.name(r.Context(), id), Secret: r.PathValue("secret"),
		}})
	}
}

type signInBody struct{ Name, Secret string }

func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	if c.knocks.tooMany(r) {
		c.tooMany(w, r)
		return
	}
	link := hash(r.PostFormValue("secret"))
	id, err := c.Sessions.LinkPerson(r.Context(), link)
	if err == nil && id != "" {
		err = c.People.Inside(r.Context(), id)
	}
	session := secret()
	if err == nil && id != "" {
		id, err = c.Sessions.SpendLink(r.Context(), link, hash(session), sessionLife)
	}
	switch {
	case err != nil:
		c.complain(w, r, person{}, err)
	case id == "":
		c.spent(w, r)
	default:
		c.Log.Info().Str("person", id).Msg("signed in to the console")
		http.SetCookie(w, c.cookie(session, int(sessionLife/time.Second)))
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(c.cookieName()); err == nil {
		if err := c.Sessions.EndSession(r.Context(), hash(cookie.Value)); err != nil {
			c.complain(w, r, person{}, err)
			return
		}
	}
	http.SetCookie(w, c.cookie("", -1))
	c.plain(w, r, http.StatusOK, "You are signed out.", "To come back, type /incident console in Slack.")
}

// cookieName is one that no other site of the same domain can set, where browsers
// know such names: https only.
func (c *Console) cookieName() string {
	if c.secure {
		return "__Host-muster"
	}
	return "muster"
}

func (c *Console) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: c.cookieName(), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteStrictMode,
	}
}

// askToSignIn is shown in the place of any page. Who follows a link from Slack
// comes without their cookie, which is for our own pages alone: they are led
// around once.
func (c *Console) askToSignIn(w http.ResponseWriter, r *http.Request) {
	if site := r.Header.Get("Sec-Fetch-Site"); r.Method == http.MethodGet && (site == "cross-site" || site == "same-site") {
		c.render(w, r, http.StatusOK, "around", frame{Title: "muster"})
		return
	}
	c.plain(w, r, http.StatusUnauthorized, "You are not signed in.",
		"Type /incident console in Slack: the answer, which only you see, is a link that signs you in.")
}

func (c *Console) spent(w http.ResponseWriter, r *http.Request) {
	c.knocks.wrong(r)
	c.plain(w, r, http.StatusGone, "This link does not sign in any more.",
		"A link works once and for ten minutes. Type /incident console in Slack for a new one.")
}

func (c *Console) tooMany(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "10")
	c.plain(w, r, http.StatusTooManyRequests, "Too many tries.", "Wait ten seconds, then try again.")
}
