package console

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"muster/incident"
	"muster/report"
)

// What can be done with a section of the settings.
const (
	actSave    = "save"
	actRestore = "restore"
	actRetire  = "retire"
	actAdd     = "add"
)

// sectionNew is where a role is added.
const sectionNew = "role"

type settingsBody struct {
	// Admin is whether the reader may change them.
	Admin    bool
	Sections []sectionBody
	Changes  []changeLine
	Problem  string
}

type sectionBody struct {
	form
	// Values are for who may only read.
	Values []settingLine
}

type settingLine struct{ Label, Value, Rules string }

type changeLine struct {
	What, From, To, Who string
	At                  template.HTML
}

func (c *Console) showSettings(w http.ResponseWriter, r *http.Request, me person) error {
	return c.settingsPage(w, r, me, http.StatusOK, func(*settingsBody) {})
}

// settingsPage shows the settings; adjust changes the page before it is written.
func (c *Console) settingsPage(w http.ResponseWriter, r *http.Request, me person, status int, adjust func(*settingsBody)) error {
	sections, book, err := c.Desk.Sections(r.Context())
	if err != nil {
		return err
	}
	var ids []string
	for _, change := range book.Recent {
		ids = append(ids, change.By)
	}
	for _, change := range book.Last {
		ids = append(ids, change.By)
	}
	name := report.Namer(c.People.Names(r.Context(), ids...))
	body := settingsBody{Admin: c.People.Administers(r.Context(), me.ID) == nil}
	for _, s := range sections {
		body.Sections = append(body.Sections, sectionOf(s, name))
	}
	body.Sections = append(body.Sections, addRole())
	for _, change := range book.Recent {
		body.Changes = append(body.Changes, changeLine{
			What: book.Name(change.Setting), From: change.From, To: change.To, Who: name(change.By), At: timeTag(change.At),
		})
	}
	adjust(&body)
	c.render(w, r, status, "settings", frame{Title: "Settings", Me: me, Here: "settings", Body: body})
	return nil
}

func sectionOf(s incident.Section, name func(id string) string) sectionBody {
	body := sectionBody{form: settingsForm(s.Key, actSave, s.Title, "Save")}
	for _, f := range s.Fields {
		one := field{
			Kind: kindLine, Name: string(f.Setting), Label: f.Label, Hint: f.Hint, Value: f.Value, Optional: f.Optional, Max: f.Most,
		}
		switch f.Kind {
		case incident.KindText:
			one.Kind = kindText
		case incident.KindSwitch:
			one.Kind, one.Options = kindChoice, []option{{incident.No, "No"}, {incident.Yes, "Yes"}}
		}
		if f.Value == "" && f.Rules != "" {
			one.Placeholder = f.Rules
		}
		if by := f.Changed.By; by != "" {
			one.Since = template.HTML("Set by "+template.HTMLEscapeString(name(by))+", ") + timeTag(f.Changed.At)
		}
		body.Fields = append(body.Fields, one, hidden(shownName(f.Setting), incident.Fingerprint(f.Value)))
		body.Values = append(body.Values, settingLine{f.Label, f.Value, f.Rules})
	}
	if s.Stock {
		body.Extra = append(body.Extra, settingsForm(s.Key, actRestore, "", "Restore stock text"))
	}
	if s.Role != "" {
		body.Extra = append(body.Extra, settingsForm(s.Key, actRetire, "", "Retire this role"))
	}
	return body
}

// shownName is the field that carries what a setting was when it was shown.
func shownName(s incident.Setting) string { return "shown:" + string(s) }

func settingsForm(section, act, title, submit string) form {
	return form{Act: section, Action: "/settings/" + url.PathEscape(section) + "/" + act, Title: title, Submit: submit, Key: newKey(), Try: newKey()}
}

func addRole() sectionBody {
	body := sectionBody{form: settingsForm(sectionNew, actAdd, "Add a role", "Add")}
	body.Fields = []field{
		{Kind: kindLine, Name: incident.FieldRoleName, Label: "Name"},
		{Kind: kindText, Name: incident.FieldRoleText, Label: "What it is for", Hint: "Who gets the role is sent this."},
	}
	return body
}

func (c *Console) changeSettings(w http.ResponseWriter, r *http.Request, me person) error {
	act, err := actOf(r, me)
	if err != nil {
		return err
	}
	if err := c.People.Administers(r.Context(), me.ID); err != nil {
		return err
	}
	section := r.PathValue("section")
	err = c.set(r.Context(), section, r.PathValue("act"), r.PostForm, act)
	if err == nil {
		http.Redirect(w, r, "/settings#"+url.PathEscape(section), http.StatusSeeOther)
		return nil
	}
	return c.settingsPage(w, r, me, settingStatus(err), func(b *settingsBody) {
		for n := range b.Sections {
			if f := &b.Sections[n].form; f.Act == section {
				f.refill(r.PostForm)
				for _, one := range refusals(err) {
					f.refuse(fieldOf(one), c.words(r, one))
				}
				return
			}
		}
		b.Problem = c.words(r, err)
	})
}

// set is one verb of the Desk.
func (c *Console) set(ctx context.Context, section, name string, sent url.Values, act incident.Act) error {
	switch name {
	case actSave:
		e := incident.SettingEdit{Values: map[incident.Setting]string{}, Shown: map[incident.Setting]string{}}
		for field := range sent {
			if setting, ok := strings.CutPrefix(field, shownName("")); ok && sent.Has(setting) {
				e.Values[incident.Setting(setting)], e.Shown[incident.Setting(setting)] = sent.Get(setting), sent.Get(field)
			}
		}
		return c.Desk.ChangeSettings(ctx, e, act)
	case actRestore:
		return c.Desk.RestoreStock(ctx, section, act)
	case actRetire:
		return c.Desk.RetireRole(ctx, strings.TrimPrefix(section, incident.OfRole("")), act)
	case actAdd:
		return c.Desk.AddRole(ctx, sent.Get(incident.FieldRoleName), sent.Get(incident.FieldRoleText), act)
	}
	return incident.Errorf(incident.NotFound, "There is no such page.")
}

// refusals are the errors of a form, one for each field.
func refusals(err error) []error {
	if several, ok := errors.AsType[incident.Refusals](err); ok {
		list := make([]error, len(several))
		for n, one := range several {
			list[n] = one
		}
		return list
	}
	return []error{err}
}

func settingStatus(err error) int { return status(refusals(err)[0]) }

func fieldOf(err error) string {
	if refusal, ok := errors.AsType[*incident.Error](err); ok {
		return refusal.Field
	}
	return ""
}
