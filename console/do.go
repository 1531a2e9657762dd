package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"muster/incident"
)

// act does what a form asks for, and shows the incident again: as it is now, or
// with what was typed and what is wrong with it.
func (c *Console) act(w http.ResponseWriter, r *http.Request, me person, number int64) error {
	act, err := actOf(r, me)
	if err != nil {
		return err
	}
	name := r.PathValue("act")
	err = c.do(r.Context(), name, number, r.PostForm.Get, act)
	if err == nil {
		to := fmt.Sprintf("/incidents/%d", number)
		if r.PostForm.Get("back") == "health" {
			to = "/health"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	refusal, ok := errors.AsType[*incident.Error](err)
	if ok && (refusal.Kind == incident.NotFound && refusal.Field == "" || refusal.Kind == incident.Forbidden) {
		return err
	}
	field := ""
	if ok {
		field = refusal.Field
	}
	words := c.words(r, err)
	return c.incidentPage(w, r, me, number, status(err), func(b *incidentBody) {
		for n := range b.Forms {
			if f := &b.Forms[n]; f.Act == name {
				f.refill(r.PostForm)
				f.refuse(field, words)
				return
			}
		}
		b.Problem = words
	})
}

// actOf reads the form that was sent, and who sent it.
func actOf(r *http.Request, me person) (incident.Act, error) {
	if err := r.ParseForm(); err != nil {
		return incident.Act{}, incident.FieldErrorf("", "That is too long, or no form.")
	}
	key := r.PostForm.Get("key")
	if !isKey(key) {
		return incident.Act{}, incident.FieldErrorf("", "That form is not from this page. Open the page again.")
	}
	// The person is part of the key, so that nobody uses up somebody else's.
	return incident.Act{By: me.ID, Key: "console:" + me.ID + ":" + key, Try: r.PostForm.Get("try")}, nil
}

// do is one verb of the Desk.
func (c *Console) do(ctx context.Context, name string, number int64, get sent, act incident.Act) (err error) {
	switch name {
	case actSeverity:
		return c.setSeverity(ctx, number, get, act)
	case actStatus:
		return c.setStatus(ctx, number, get, act)
	case actUpdate:
		_, err = c.Desk.Post(ctx, number, readUpdate(get), act)
	case actNote:
		_, err = c.Desk.Note(ctx, number, get("note"), act)
	case actRoles:
		return c.changeRole(ctx, number, get, act)
	case actEdit:
		_, err = c.Desk.Edit(ctx, number, readEdit(get), act)
	case actResolve:
		_, err = c.Desk.Resolve(ctx, number, get("resolution"), act)
	case actCancel:
		_, err = c.Desk.Cancel(ctx, number, get("reason"), act)
	case actDuplicate:
		of, ok := incident.ParseDuplicate(get("incident"))
		if !ok {
			return incident.FieldErrorf("incident", "Say its number, such as 41.")
		}
		_, err = c.Desk.Duplicate(ctx, number, of, act)
	case actTodo:
		return c.addFollowUp(ctx, number, get, act)
	case actTodoDone, actTodoOpen:
		_, err = c.Desk.EndFollowUp(ctx, number, get.number("n"), name == actTodoDone, act)
	case actTodoDrop:
		_, err = c.Desk.DropFollowUp(ctx, number, get.number("n"), act)
	case actReopen:
		_, err = c.Desk.Reopen(ctx, number, act)
	case actRetry:
		err = c.Desk.Retry(ctx, number)
	default:
		err = incident.Errorf(incident.NotFound, "There is no such page.")
	}
	return err
}

func (c *Console) setSeverity(ctx context.Context, number int64, get sent, act incident.Act) error {
	to, err := incident.ParseSeverity(get("severity"))
	if err != nil {
		return err
	}
	shown, _ := incident.ParseSeverity(get("shown_severity"))
	_, err = c.Desk.SetSeverity(ctx, number, to, shown, act)
	return err
}

func (c *Console) setStatus(ctx context.Context, number int64, get sent, act incident.Act) error {
	to, err := incident.ParseStatus(get("status"))
	if err != nil {
		return err
	}
	_, err = c.Desk.SetStatus(ctx, number, to, incident.Status(get("shown_status")), act)
	return err
}

func (c *Console) addFollowUp(ctx context.Context, number int64, get sent, act incident.Act) error {
	t := incident.ToDo{Text: get("todo"), Owner: get("owner"), Due: get("due")}
	if err := c.People.MayDo(ctx, act.By, &t); err != nil {
		return err
	}
	_, err := c.Desk.AddFollowUp(ctx, number, t, act)
	return err
}

func readEdit(get sent) incident.Edit {
	title, summary := get("title"), get("summary")
	edit := incident.Edit{Title: &title, Summary: &summary, ShownTitle: get("shown_title"), ShownSummary: get("shown_summary")}
	if kind := get("kind"); kind != get("shown_kind") {
		test := kind == asTest
		edit.Test = &test
	}
	return edit
}

func readUpdate(get sent) incident.Update {
	u := incident.Update{
		Text: get("text"), Impact: get("impact"), Next: get("next"), Within: time.Duration(get.number("within")) * time.Minute,
		Status: incident.Status(get("status")), ShownStatus: incident.Status(get("shown_status")),
	}
	u.Severity, _ = incident.ParseSeverity(get("severity"))
	u.ShownSeverity, _ = incident.ParseSeverity(get("shown_severity"))
	return u
}

func (c *Console) changeRole(ctx context.Context, number int64, get sent, act incident.Act) (err error) {
	role := get("role")
	switch get("do") {
	case doClaim:
		_, _, err = c.Desk.Claim(ctx, number, role, act)
	case doLeave:
		_, _, err = c.Desk.Leave(ctx, number, role, act)
	case doGive:
		to := cmp.Or(get("member"), get("person"))
		if to == "" {
			return incident.FieldErrorf("person", "Say who gets it.")
		}
		if err := c.People.MayHold(ctx, to); err != nil {
			return err
		}
		seen, _ := time.Parse(time.RFC3339Nano, get("seen"))
		_, _, err = c.Desk.Assign(ctx, number, role, incident.Handing{To: to, Note: get("note"), Seen: seen}, act)
	default:
		err = incident.FieldErrorf("do", "Say what becomes of it.")
	}
	return err
}
