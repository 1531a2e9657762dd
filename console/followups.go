package console

import (
	"net/http"
	"time"

	"muster/incident"
	"muster/report"
)

// followUpsMost is how many follow-ups the page shows, the soonest due first.
const followUpsMost = 500

type followUpsBody struct {
	Rows []followUpRow
	// More is whether there are others.
	More bool
}

type followUpRow struct {
	incident.OwnFollowUp
	Owner string
	// Late is whether its day is over.
	Late bool
}

// showFollowUps lists what is still to be done after all incidents, for those who
// see to it that it is.
func (c *Console) showFollowUps(w http.ResponseWriter, r *http.Request, me person) error {
	list, err := c.Reader.AllFollowUps(r.Context(), me.ID, followUpsMost+1)
	if err != nil {
		return err
	}
	body := followUpsBody{More: len(list) > followUpsMost}
	list = list[:min(len(list), followUpsMost)]
	var owners []string
	for _, f := range list {
		owners = append(owners, f.Owner)
	}
	name := report.Namer(c.People.Names(r.Context(), owners...))
	today := c.Now().UTC().Format(time.DateOnly)
	for _, f := range list {
		row := followUpRow{OwnFollowUp: f, Late: f.Due != "" && f.Due < today}
		if f.Owner != "" {
			row.Owner = name(f.Owner)
		}
		body.Rows = append(body.Rows, row)
	}
	c.render(w, r, http.StatusOK, "followups", frame{Title: "Follow-ups", Me: me, Here: "followups", Body: body})
	return nil
}
