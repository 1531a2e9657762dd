package browser

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"muster/sandbox/workspace"
)

// glance is what a page looks at: who looks, where, and which thread is open.
type glance struct {
	As     string // the person's @name
	In     string // a channel's id, "dm" or "home"
	Thread string // the ts of a parent message, or ""
	// since is the newest ts that the person had seen when they came, and until
	// the newest that was there.
	since, until string
}

func (g glance) address(in, thread string) string {
	q := url.Values{"as": {g.As}, "in": {in}}
	if thread != "" {
		q.Set("thread", thread)
	}
	return "/?" + q.Encode()
}

// glanced reads the glance in an address; who or what is not there becomes the
// first person, or the first channel.
func (s *Server) glanced(q url.Values) glance {
	g := glance{As: q.Get("as"), In: q.Get("in"), Thread: q.Get("thread")}
	if s.people[g.As] == nil {
		for _, f := range s.Workspace.Faces() {
			if !f.Bot {
				g.As = f.Name
				break
			}
		}
	}
	places := s.Workspace.Places(g.As)
	named := slices.IndexFunc(places, func(p workspace.Place) bool { return p.ID == g.In || p.Name == g.In })
	switch {
	case g.In == "dm" || g.In == "home":
	case named >= 0:
		g.In = places[named].ID
	default:
		g.In = s.firstPlace(g, places)
	}
	return g
}

// firstPlace is where somebody arrives: where there is something new for them.
func (s *Server) firstPlace(g glance, places []workspace.Place) string {
	for _, p := range places {
		if news, _ := s.unread(g, p.ID, false); news && p.Joined {
			return p.ID
		}
	}
	if len(places) > 0 {
		return places[0].ID
	}
	return "home"
}

// channel is the id of the conversation in which the page stands.
func (s *Server) channel(g glance) string {
	if g.In == "dm" || g.In == "home" {
		return s.Workspace.ChannelID("@" + g.As)
	}
	return g.In
}

func (s *Server) reader(g glance) *reader {
	r := &reader{names: s.Workspace.Names(), now: s.Now(), zone: time.UTC}
	for _, f := range s.Workspace.Faces() {
		if f.Name == g.As {
			r.me = f.ID
			if zone, err := time.LoadLocation(f.TZ); err == nil {
				r.zone = zone
			}
		}
		if !f.Bot {
			r.people = append(r.people, choice{Words: f.Shown, Send: f.ID})
		}
	}
	for _, p := range s.Workspace.Places(g.As) {
		r.channels = append(r.channels, choice{Words: "#" + p.Name, Send: p.ID})
	}
	r.link = func(address string) (string, bool) { return s.follow(g, address) }
	return r
}

// follow turns an address into one of this page where it leads to a channel or
// the wiki. Addresses of other kinds than the web's lead nowhere.
func (s *Server) follow(g glance, address string) (href string, away bool) {
	path, ours := strings.CutPrefix(address, strings.TrimSuffix(s.Workspace.URL(), "/"))
	if strings.HasPrefix(address, "/archives/") {
		path, ours = address, true
	}
	if rest, archive := strings.CutPrefix(path, "/archives/"); ours && archive {
		u, _ := url.Parse(rest)
		id, message, _ := strings.Cut(u.Path, "/")
		href := g.address(id, u.Query().Get("thread_ts"))
		if digits, ok := strings.CutPrefix(message, "p"); ok && len(digits) > 6 {
			href += "#m-" + digits[:len(digits)-6] + "." + digits[len(digits)-6:]
		}
		return href, false
	}
	if s.Wiki != nil {
		if path, wiki := strings.CutPrefix(address, s.Wiki.URL()); wiki {
			return path, true
		}
	}
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if strings.HasPrefix(address, scheme) {
			return address, true
		}
	}
	return "#", false
}

// room is an entry of the sidebar.
type room struct {
	Key, Name, Href string
	Here            bool
	Private         bool
	Archived        bool
	New             bool // something was not read yet
	Count           int  // mentions and direct messages that were not read
}

// sidebar is the list on the left.
type sidebar struct {
	Team         string
	Joined, More []room
	Home, DM     room
	App          string
}

func (s *Server) sidebar(g glance) sidebar {
	bar := sidebar{Team: s.Workspace.TeamName(), App: s.Workspace.BotName()}
	for _, p := range s.Workspace.Places(g.As) {
		r := room{
			Key: p.ID, Name: p.Name, Href: g.address(p.ID, ""), Here: g.In == p.ID, Private: p.Private, Archived: p.Archived,
		}
		switch {
		case p.Joined && !p.Archived:
			r.New, r.Count = s.unread(g, p.ID, false)
			bar.Joined = append(bar.Joined, r)
		default:
			bar.More = append(bar.More, r)
		}
	}
	bar.Home = room{Key: "home", Name: "Home", Href: g.address("home", ""), Here: g.In == "home"}
	bar.DM = room{Key: "dm", Name: "Messages", Href: g.address("dm", ""), Here: g.In == "dm"}
	bar.DM.New, bar.DM.Count = s.unread(g, s.Workspace.ChannelID("@"+g.As), true)
	return bar
}

// unread says whether others wrote something new in a channel, and how many of
// it call the person.
func (s *Server) unread(g glance, channel string, direct bool) (news bool, calls int) {
	since, me := s.lastSeen(g.As, channel), s.Workspace.UserID(g.As)
	for _, m := range s.Workspace.VisibleTo(g.As, channel) {
		if m.TS <= since || m.User == me || bySlack(m) || m.ThreadTS != "" && !m.Broadcast {
			continue
		}
		news = true
		if direct || strings.Contains(m.Text, "<@"+me+">") || m.OnlyFor != "" {
			calls++
		}
	}
	return news, calls
}

func (s *Server) lastSeen(who, channel string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[who+" "+channel]
}

// sees notes that the person has seen all of a channel.
func (s *Server) sees(who, channel string) {
	newest := s.newest(who, channel)
	s.mu.Lock()
	defer s.mu.Unlock()
	key := who + " " + channel
	s.seen[key] = max(s.seen[key], newest)
}

// newest is the ts of the last message in a channel, "" when there is none.
func (s *Server) newest(who, channel string) string {
	list := s.Workspace.VisibleTo(who, channel)
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1].TS
}

// AllRead lets everybody have seen all that was said so far.
func (s *Server) AllRead() {
	for name := range s.people {
		for _, p := range s.Workspace.Places(name) {
			s.sees(name, p.ID)
		}
		s.sees(name, s.Workspace.ChannelID("@"+name))
	}
}

// bySlack says whether Slack itself says it.
func bySlack(m workspace.Message) bool {
	return !slices.Contains([]string{"", "bot_message", "file_share", "thread_broadcast", "me_message"}, m.Subtype)
}

// person is an entry of the switcher.
type person struct {
	Name, Shown, Href, Time string
	Here                    bool
	Face                    face
}

// face is the picture of somebody: letters on a colour.
type face struct {
	Letters string
	Colour  int  // one of eight
	Own     bool // the app of this workspace
}

// face draws somebody by their shown name. Members have colours of their own.
func (s *Server) face(name string) face {
	letters := ""
	for _, word := range strings.Fields(name) {
		if sign := []rune(word)[0]; len(letters) < 2 {
			letters += strings.ToUpper(string(sign))
		}
	}
	colour := len(name)
	for i, f := range s.Workspace.Faces() {
		if f.Shown == name {
			colour = i
		}
	}
	return face{Letters: letters, Colour: colour % 8, Own: name == s.Workspace.BotName()}
}

func (s *Server) persons(g glance) []person {
	var list []person
	for _, f := range s.Workspace.Faces() {
		if f.Bot {
			continue
		}
		p := person{Name: f.Name, Shown: f.Shown, Here: f.Name == g.As, Face: s.face(f.Shown)}
		p.Href = glance{As: f.Name}.address(g.In, "")
		if zone, err := time.LoadLocation(f.TZ); err == nil {
			_, place, _ := strings.Cut(f.TZ, "/")
			p.Time = s.Now().In(zone).Format("15:04") + " in " + strings.ReplaceAll(place, "_", " ")
		}
		list = append(list, p)
	}
	return list
}

// html draws a template's part.
func (s *Server) html(name string, data any) (string, error) {
	var out strings.Builder
	err := s.pages.ExecuteTemplate(&out, name, data)
	return out.String(), err
}
