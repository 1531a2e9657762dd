package console

import (
	"net/http"

	"muster/incident"
)

type healthBody struct {
	// Stuck are those of which a step failed; Working those that are merely in
	// hand or due.
	Stuck, Working []incident.Unfinished
	Refusals       []incident.Refusal
	Key            string
	Definitions    incident.Definitions
	// Deaf says why this program does not hear Slack, or is empty.
	Deaf string
}

func (c *Console) showHealth(w http.ResponseWriter, r *http.Request, me person) error {
	unfinished, err := c.Reader.Unfinished(r.Context(), me.ID)
	if err != nil {
		return err
	}
	body := healthBody{Key: newKey()}
	if c.Slack != nil {
		if err := c.Slack(r.Context()); err != nil {
			body.Deaf = err.Error()
		}
	}
	for _, u := range unfinished {
		if len(u.Steps) > 0 {
			body.Stuck = append(body.Stuck, u)
		} else {
			body.Working = append(body.Working, u)
		}
	}
	if body.Definitions, err = c.Reader.Definitions(r.Context()); err != nil {
		return err
	}
	if body.Refusals, err = c.Reader.Refusals(r.Context(), me.ID); err != nil {
		return err
	}
	c.render(w, r, http.StatusOK, "health", frame{Title: "Health", Me: me, Here: "health", Body: body})
	return nil
}
