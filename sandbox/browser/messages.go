package browser

import (
	"encoding/json"
	"html/template"
	"maps"
	"mime"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/sandbox/workspace"
)

// post is a message as the page shows it.
type post struct {
	TS, Channel, Author, Time, Moment string
	Face                              face
	Day                               string // above the first of a day
	First                             bool   // the first that the person had not seen
	Compact                           bool   // its author is said by the one above
	System, App, Pinned, Edited       bool
	OnlyYou, Broadcast, Mine          bool
	Text                              template.HTML
	Blocks                            []*node
	Attachments                       []attachment
	Files                             []sharedFile
	Reactions                         []reaction
	Replies                           int
	LastReply, ThreadHref             string
	// Parent is the address of the thread of a reply that is shown in the channel.
	InThread bool
}

type reaction struct {
	Name, Picture, Who string
	Count              int
	Mine               bool
}

type sharedFile struct {
	Name, Href string
	Picture    bool
}

type attachment struct {
	Colour                string
	Pretext, Title, Text  template.HTML
	Footer                string
	Fields                []field
	Blocks                []*node
	Image                 string
	Fallback              string
	HasTitle, HasFallback bool
}

type field struct{ Title, Value template.HTML }

// talk is what a channel or a thread shows.
type talk struct {
	Posts              []post
	Emojis             []reaction
	Shortcuts          []string
	Channel, Thread    string
	Empty              string
	CloseHref          string
	Title              string
	Composer, CanReact bool
}

// near is how long one author's messages stand together.
const near = 5 * time.Minute

// posts draws the messages of a channel, or of one thread.
func (s *Server) posts(g glance, thread string) []post {
	r := s.reader(g)
	channel := s.channel(g)
	all := s.Workspace.VisibleTo(g.As, channel)
	replies := map[string][]workspace.Message{}
	for _, m := range all {
		if m.ThreadTS != "" && m.OnlyFor == "" {
			replies[m.ThreadTS] = append(replies[m.ThreadTS], m)
		}
	}
	var out []post
	var above workspace.Message
	marked := false
	for _, m := range all {
		inThread := thread != "" && (m.TS == thread || m.ThreadTS == thread)
		inChannel := thread == "" && (m.ThreadTS == "" || m.Broadcast)
		if !inThread && !inChannel {
			continue
		}
		p := s.post(g, r, m)
		p.Channel, p.InThread = channel, thread != ""
		if inChannel && !marked && g.since != "" && m.TS > g.since && m.TS <= g.until && m.User != r.me && !p.System {
			p.First, marked = true, true
		}
		if inChannel {
			p.Day = r.newDay(above.TS, m.TS)
		}
		p.Compact = p.Day == "" && !p.First && sameVoice(above, m)
		if list := replies[m.TS]; inChannel && len(list) > 0 && m.ThreadTS == "" {
			p.Replies, p.LastReply = len(list), r.clock(list[len(list)-1].TS)
		}
		if p.ThreadHref = g.address(g.In, m.TS); m.ThreadTS != "" {
			p.ThreadHref = g.address(g.In, m.ThreadTS)
		}
		out = append(out, p)
		above = m
	}
	return out
}

func sameVoice(a, b workspace.Message) bool {
	return a.TS != "" && a.Author == b.Author && a.OnlyFor == b.OnlyFor && bySlack(a) == bySlack(b) && !a.Broadcast && !b.Broadcast &&
		moment(b.TS).Sub(moment(a.TS)) < near
}

func (s *Server) post(g glance, r *reader, m workspace.Message) post {
	own := *r
	own.where = m.TS
	r = &own
	p := post{
		TS: m.TS, Author: m.Author, Time: r.clock(m.TS), Moment: moment(m.TS).UTC().Format(time.RFC3339), Face: s.face(m.Author),
		System: bySlack(m), App: m.App, Pinned: m.Pinned, Edited: m.Edited && !m.App, OnlyYou: m.OnlyFor != "", Broadcast: m.Broadcast,
		Mine: m.User == r.me,
	}
	if p.System && strings.HasPrefix(m.Text, "<@"+m.User+">") {
		p.Author = "" // the words begin with the name
	}
	p.Blocks = r.readBlocks(m.Blocks)
	if len(p.Blocks) == 0 {
		p.Text = r.mrkdwn(m.Text)
	}
	p.Attachments = r.attachments(m.Attachments)
	for i, id := range m.FileIDs {
		kind := mime.TypeByExtension(path.Ext(m.Files[i]))
		p.Files = append(p.Files, sharedFile{Name: m.Files[i], Href: "/file/" + id + "?as=" + g.As, Picture: strings.HasPrefix(kind, "image/")})
	}
	me := r.names.User(r.me)
	for _, name := range slices.Sorted(maps.Keys(m.Reactions)) {
		who := m.Reactions[name]
		one := reactionOf(name)
		one.Count, one.Who, one.Mine = len(who), strings.Join(who, ", "), slices.Contains(who, me)
		p.Reactions = append(p.Reactions, one)
	}
	return p
}

func reactionOf(name string) reaction {
	one := reaction{Name: name, Picture: emoji(name)}
	if one.Picture == "" {
		one.Picture = ":" + name + ":"
	}
	return one
}

func (r *reader) attachments(raw json.RawMessage) []attachment {
	var list []struct {
		Color, Pretext, Title, Text, Fallback, Footer string
		TitleLink                                     string `json:"title_link"`
		ImageURL                                      string `json:"image_url"`
		Fields                                        []struct{ Title, Value string }
		Blocks                                        json.RawMessage
	}
	_ = json.Unmarshal(raw, &list)
	var out []attachment
	for _, a := range list {
		one := attachment{
			Colour: barColour(a.Color), Pretext: r.mrkdwn(a.Pretext), Title: r.mrkdwn(a.Title), Text: r.mrkdwn(a.Text), Footer: a.Footer,
			Blocks: r.readBlocks(a.Blocks), Image: a.ImageURL, HasTitle: a.Title != "",
		}
		if a.TitleLink != "" {
			one.Title = template.HTML(r.anchor(a.TitleLink, a.Title, "")) //nolint:gosec // anchor escapes
		}
		for _, f := range a.Fields {
			one.Fields = append(one.Fields, field{r.mrkdwn(f.Title), r.mrkdwn(f.Value)})
		}
		if a.Title+a.Text+a.Pretext == "" && len(one.Blocks) == 0 {
			one.Fallback, one.HasFallback = a.Fallback, true
		}
		out = append(out, one)
	}
	return out
}

// barColour is one of the colours of the bar beside an attachment: the style
// sheet has these, as the page's policy allows no styles in place.
func barColour(c string) string {
	switch strings.ToLower(strings.TrimPrefix(c, "#")) {
	case "good", "2eb886", "36a64f", "2eb67d":
		return "good"
	case "warning", "daa038", "ecb22e":
		return "warning"
	case "danger", "a30200", "e01e5a", "d00000":
		return "danger"
	}
	return "plain"
}

// moment is a message's time.
func moment(ts string) time.Time {
	seconds, rest, _ := strings.Cut(ts, ".")
	s, _ := strconv.ParseInt(seconds, 10, 64)
	us, _ := strconv.ParseInt(rest, 10, 64)
	return time.Unix(s, us*1000)
}

func (r *reader) clock(ts string) string { return moment(ts).In(r.zone).Format("15:04") }

// newDay names the day of a message when the one above is of another day.
func (r *reader) newDay(above, ts string) string {
	at := moment(ts).In(r.zone)
	if above != "" && moment(above).In(r.zone).Format("2006-01-02") == at.Format("2006-01-02") {
		return ""
	}
	if day := r.nearDay(at); day != "" {
		return strings.ToUpper(day[:1]) + day[1:]
	}
	return at.Format("Monday, January 2")
}

func (s *Server) talk(g glance) talk {
	t := talk{Posts: s.posts(g, ""), Channel: s.channel(g)}
	s.furnish(&t)
	if len(t.Posts) == 0 {
		t.Empty = "Nothing has been said here yet."
	}
	return t
}

// thread is the panel at the side; it shows nothing when no thread is open.
func (s *Server) thread(g glance) talk {
	t := talk{Channel: s.channel(g), Thread: g.Thread, CloseHref: g.address(g.In, "")}
	if g.Thread != "" {
		t.Posts = s.posts(g, g.Thread)
	}
	if len(t.Posts) == 0 {
		t.Thread = ""
	}
	s.furnish(&t)
	return t
}

func (s *Server) furnish(t *talk) {
	for _, name := range offered {
		t.Emojis = append(t.Emojis, reactionOf(name))
	}
	for _, sc := range s.Workspace.Shortcuts() {
		if sc.Type == "message" {
			t.Shortcuts = append(t.Shortcuts, sc.Name)
		}
	}
}
