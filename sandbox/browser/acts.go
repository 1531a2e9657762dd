package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"muster/sandbox/blockkit"
	"muster/sandbox/workspace"
)

// order is what the page sends with an act.
type order struct {
	As      string `json:"as"`
	In      string `json:"in"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	View    string `json:"view"`
	Block   string `json:"block"`
	Action  string `json:"action"`
	// Words are chosen options, what was typed, the name of an emoji or shortcut.
	Words []string `json:"words"`
	// Fields are all fields of a form when it is submitted.
	Fields []order `json:"fields"`

	who *workspace.Person
}

func (o order) at() workspace.Action {
	return workspace.Action{View: o.View, Channel: o.Channel, TS: o.TS, BlockID: o.Block, ActionID: o.Action}
}

func (o order) word() string { return strings.Join(o.Words, "\n") }

// answer is what the page gets back: where to go, what to offer, or what went
// wrong.
type answer struct {
	Error   string   `json:"error,omitempty"`
	Go      string   `json:"go,omitempty"`
	Options []choice `json:"options,omitempty"`
}

// actLimit is how long an act may take.
const actLimit = 10 * time.Second

type act func(s *Server, ctx context.Context, o order) (answer, error)

// acts are what a page can do.
var acts = map[string]act{
	"use":     (*Server).use,
	"suggest": (*Server).suggest,
	"say":     (*Server).say,
	"submit":  (*Server).submit,
	"close":   (*Server).closeForm,
	"react": func(_ *Server, ctx context.Context, o order) (answer, error) {
		return answer{}, o.who.TogglesReaction(ctx, o.Channel, o.TS, o.word())
	},
	"pin": func(_ *Server, ctx context.Context, o order) (answer, error) {
		return answer{}, o.who.TogglesPin(ctx, o.Channel, o.TS)
	},
	"pick": func(_ *Server, ctx context.Context, o order) (answer, error) {
		return answer{}, o.who.MessageShortcutAt(ctx, o.Channel, o.TS, o.word())
	},
	"shortcut": func(_ *Server, ctx context.Context, o order) (answer, error) {
		return answer{}, o.who.Shortcut(ctx, o.word())
	},
	"join": func(_ *Server, ctx context.Context, o order) (answer, error) {
		return answer{}, o.who.Joins(ctx, o.Channel)
	},
	"home":  func(_ *Server, ctx context.Context, o order) (answer, error) { return answer{}, o.who.OpensHome(ctx) },
	"chaos": (*Server).chaos,
}

func (s *Server) serveAct(w http.ResponseWriter, r *http.Request) {
	do, known := acts[r.PathValue("act")]
	var o order
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&o)
	if o.who = s.people[o.As]; !known || err != nil || o.who == nil {
		http.Error(w, "the page asks for something that does not exist", http.StatusBadRequest)
		return
	}
	// An act goes on when the page is left: so does Slack's.
	ctx, cancel := context.WithTimeout(s.ctx, actLimit)
	defer cancel()
	a, err := do(s, ctx, o)
	if err != nil {
		a.Error = s.friendly(o.who, err)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(a)
}

// friendly is what a person reads of an error.
func (s *Server) friendly(who *workspace.Person, err error) string {
	app := s.Workspace.BotName()
	switch {
	case errors.Is(err, workspace.ErrNoSocket), errors.Is(err, workspace.ErrNoAck):
		return app + " did not respond. Try again in a moment."
	case errors.Is(err, context.DeadlineExceeded):
		return "That took too long."
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	if _, reason, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(line, who.Name()+" ") {
		line = reason
	}
	return line
}

// use ignores what is said of a form that went away meanwhile: a field tells of
// its change also while the form is being sent.
func (s *Server) use(ctx context.Context, o order) (answer, error) {
	home, _ := s.Workspace.Home(o.who.Name())
	if _, top, open := o.who.TopForm(); o.View != "" && o.View != home.ID && (!open || top.ID != o.View) {
		return answer{}, nil
	}
	return answer{}, o.who.Use(ctx, o.at(), s.inUTC(o)...)
}

// inUTC turns a date and time of the page, which is in the person's zone, into
// what the workspace takes.
func (s *Server) inUTC(o order) []string {
	words := slices.DeleteFunc(slices.Clone(o.Words), func(word string) bool { return word == "" })
	if len(words) == 1 {
		zone := s.reader(glance{As: o.As}).zone
		if at, err := time.ParseInLocation("2006-01-02T15:04", words[0], zone); err == nil {
			return []string{at.UTC().Format("2006-01-02 15:04")}
		}
	}
	return words
}

func (s *Server) suggest(_ context.Context, o order) (answer, error) {
	offered, err := o.who.Suggest(o.at(), o.word())
	var a answer
	for _, c := range offered {
		a.Options = append(a.Options, choice{Words: pictures(c.Text), Send: c.Text})
	}
	return a, err
}

// say posts what the composer holds: a command, a reply or a message.
func (s *Server) say(ctx context.Context, o order) (answer, error) {
	text := strings.TrimSpace(o.word())
	switch {
	case text == "":
		return answer{}, nil
	case o.TS != "" && strings.HasPrefix(text, "/"):
		return answer{}, errors.New("commands do not work in threads")
	case o.TS != "":
		return answer{}, o.who.RepliesTo(ctx, o.Channel, o.TS, text)
	case strings.HasPrefix(text, "/"):
		_, err := o.who.Slash(ctx, o.Channel, text)
		return answer{}, err
	}
	return answer{}, o.who.Says(ctx, o.Channel, text)
}

// submit enters what the fields hold and sends the form. What the app complains
// about shows beside the fields.
func (s *Server) submit(ctx context.Context, o order) (answer, error) {
	form, v, open := o.who.TopForm()
	if !open || v.ID != o.View {
		return answer{}, errors.New("this form is not open any more")
	}
	for _, f := range o.Fields {
		at := f.at()
		at.View = o.View
		if dispatches(v, at) {
			continue
		}
		if err := o.who.Use(ctx, at, s.inUTC(order{As: o.As, Words: f.Words})...); err != nil {
			return answer{}, err
		}
	}
	outcome, err := form.Submit(ctx)
	if err != nil {
		return answer{}, err
	}
	return answer{Error: outside(o.who, outcome)}, nil
}

// dispatches says whether the app has heard of the field's change already.
func dispatches(v workspace.View, at workspace.Action) bool {
	return slices.ContainsFunc(blockkit.Controls(v.Blocks), func(k blockkit.Control) bool {
		return k.BlockID == at.BlockID && k.ActionID == at.ActionID && (k.Dispatch || !k.Field)
	})
}

// outside is what Slack's client complains about where the view holds nothing.
func outside(who *workspace.Person, o workspace.Outcome) string {
	if _, now, open := who.TopForm(); open && len(now.Errors) > 0 {
		return ""
	}
	var all []string
	for _, label := range slices.Sorted(maps.Keys(o.Errors)) {
		all = append(all, fmt.Sprintf("%s: %s", label, o.Errors[label]))
	}
	return strings.Join(all, " ")
}

func (s *Server) closeForm(ctx context.Context, o order) (answer, error) {
	form, v, open := o.who.TopForm()
	if !open || v.ID != o.View {
		return answer{}, nil
	}
	return answer{}, form.Close(ctx)
}

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	name, data, ok := s.Workspace.File(r.URL.Query().Get("as"), r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Disposition", fmt.Sprintf("inline; filename=%q", name))
	http.ServeContent(w, r, name, time.Time{}, strings.NewReader(string(data)))
}
