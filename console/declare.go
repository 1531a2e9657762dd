package console

import (
	"fmt"
	"net/http"

	"muster/incident"
)

const (
	asOrdinary = ""
	asPrivate  = "private"
	asTest     = "test"
)

func (c *Console) showDeclare(w http.ResponseWriter, r *http.Request, me person) error {
	return c.declarePage(w, r, me, http.StatusOK, func(*form) {})
}

// declarePage asks for a new incident; adjust changes the form before it is
// written.
func (c *Console) declarePage(w http.ResponseWriter, r *http.Request, me person, status int, adjust func(*form)) error {
	definitions, err := c.Reader.Definitions(r.Context())
	if err != nil {
		return err
	}
	severity := severityField(&incident.Incident{Severity: incident.SEV4}, definitions)
	severity.Hint = "The mildest unless you know that it is worse. It can be changed at any time."
	f := form{Act: "declare", Action: "/declare", Submit: "Declare", Key: newKey(), Try: newKey(), Fields: []field{
		{Kind: kindLine, Name: "title", Label: "What is wrong?", Placeholder: "checkout returns 500", Max: incident.MaxTitle},
		severity,
		{Kind: kindText, Name: "summary", Label: "Summary", Hint: "What is known so far, who is affected.", Optional: true, Max: incident.MaxSummary},
		{Kind: kindChoice, Name: "kind", Label: "What kind is it?", Value: asOrdinary, Options: []option{
			{asOrdinary, "Ordinary"},
			{asPrivate, "Private: only members of its channel know of it"},
			{asTest, "Test: not in the digest channel, nobody is reminded"}}},
	}}
	adjust(&f)
	c.render(w, r, status, "declare", frame{Title: "Declare an incident", Me: me, Here: "incidents", Body: f})
	return nil
}

func (c *Console) declare(w http.ResponseWriter, r *http.Request, me person) error {
	act, err := actOf(r, me)
	if err != nil {
		return err
	}
	d := incident.Declaration{
		Title: r.PostForm.Get("title"), Summary: incident.CleanText(r.PostForm.Get("summary")),
		Private: r.PostForm.Get("kind") == asPrivate, Test: r.PostForm.Get("kind") == asTest,
		By: me.ID, Origin: incident.Origin{Kind: incident.OriginConsole, Key: act.Key},
	}
	if d.Severity, err = incident.ParseSeverity(r.PostForm.Get("severity")); err == nil {
		var i *incident.Incident
		if i, _, err = c.Desk.Declare(r.Context(), d, false); err == nil {
			http.Redirect(w, r, fmt.Sprintf("/incidents/%d", i.Number), http.StatusSeeOther)
			return nil
		}
	}
	words := c.words(r, err)
	return c.declarePage(w, r, me, status(err), func(f *form) {
		f.refill(r.PostForm)
		f.refuse(fieldOf(err), words)
	})
}
