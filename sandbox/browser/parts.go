package browser

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"muster/sandbox/workspace"
)

// head is what stands above the messages.
type head struct {
	Name, About     string
	Sign            string // "#", or a lock
	Topic           template.HTML
	Members         []string
	Bookmarks       []mark
	Pins            []pin
	App             bool
	Home            bool
	HomeRef, MsgRef string
	Where           string
}

type mark struct {
	Title, Href, Picture string
	Away                 bool
}

type pin struct{ Author, Words, Href string }

func (s *Server) head(g glance) head {
	if g.In == "dm" || g.In == "home" {
		return head{
			Name: s.Workspace.BotName(), App: true, Home: g.In == "home",
			HomeRef: glance{As: g.As}.address("home", ""), MsgRef: glance{As: g.As}.address("dm", ""), Where: g.In,
		}
	}
	p, _ := s.place(g)
	r := s.reader(g)
	h := head{Name: p.Name, Sign: "#", Topic: template.HTML(inline(p.Topic)), Members: p.Members, Where: p.ID} //nolint:gosec // inline escapes
	if p.Private {
		h.Sign = "🔒"
	}
	for _, b := range p.Bookmarks {
		m := mark{Title: b.Title, Picture: pictures(b.Emoji)}
		m.Href, m.Away = r.link(b.Link)
		h.Bookmarks = append(h.Bookmarks, m)
	}
	for _, m := range s.Workspace.VisibleTo(g.As, p.ID) {
		if m.Pinned {
			first, _, _ := strings.Cut(m.Shown, "\n")
			h.Pins = append(h.Pins, pin{Author: m.Author, Words: pictures(strings.TrimPrefix(first, "# ")), Href: "#m-" + m.TS})
		}
	}
	return h
}

func (s *Server) place(g glance) (workspace.Place, bool) {
	for _, p := range s.Workspace.Places(g.As) {
		if p.ID == g.In {
			return p, true
		}
	}
	return workspace.Place{}, false
}

// foot is what stands below the messages: the composer, or why there is none.
type foot struct {
	Channel, Name              string
	Join, Archived, Quiet, Off bool
	Commands                   []workspace.Command
	Shortcuts                  []string
}

func (s *Server) foot(g glance) foot {
	f := foot{Channel: s.channel(g), Commands: s.Workspace.Commands()}
	for _, sc := range s.Workspace.Shortcuts() {
		if sc.Type == "global" {
			f.Shortcuts = append(f.Shortcuts, sc.Name)
		}
	}
	if g.In == "dm" || g.In == "home" {
		f.Off, f.Quiet = g.In == "home", true
		f.Name = s.Workspace.BotName()
		return f
	}
	p, _ := s.place(g)
	f.Name, f.Join, f.Archived = "#"+p.Name, !p.Joined, p.Archived
	return f
}

// surface is a view: a modal, or the Home tab.
type surface struct {
	ID, Title, Submit, Close string
	Blocks                   []*node
	Wrong                    string
	Open                     bool
	Home                     bool
}

func (s *Server) surface(g glance, v workspace.View) surface {
	r := s.reader(g)
	r.where = v.ID
	out := surface{ID: v.ID, Title: pictures(v.Title), Submit: pictures(v.Submit), Close: pictures(v.Close), Open: true, Blocks: r.readBlocks(v.Blocks)}
	for _, b := range out.Blocks {
		b.complaint = v.Errors[b.BlockID]
		for _, e := range append(slices.Clone(b.Elements), b.Element, b.Extra) {
			if e != nil {
				e.value = valueOf(v, b.BlockID, e.ActionID)
			}
		}
	}
	if out.Close == "" {
		out.Close = "Cancel"
	}
	return out
}

func valueOf(v workspace.View, block, action string) json.RawMessage { return v.Values[block][action] }

// form is the modal on top; Open is false when there is none.
func (s *Server) form(g glance) surface {
	_, v, open := s.people[g.As].TopForm()
	if !open {
		return surface{}
	}
	return s.surface(g, v)
}

// talkOrHome is what the middle of the page shows.
type middle struct {
	Talk talk
	Home surface
	Tab  bool
}

func (s *Server) talkOrHome(g glance) middle {
	if g.In != "home" {
		return middle{Talk: s.talk(g)}
	}
	m := middle{Tab: true}
	if v, published := s.Workspace.Home(g.As); published {
		m.Home = s.surface(g, v)
		m.Home.Home = true
	}
	return m
}
