package browser

import (
	"bytes"
	"encoding/json"
	"html/template"
	"strings"
	"time"
)

// node is a block, or an element of one, with all that any kind may have. The
// methods are what the templates ask.
type node struct {
	r *reader
	// at is the block around it.
	at *node
	// value is its entry of a view's state.values, nil in messages.
	value json.RawMessage
	// complaint stands beside an input block.
	complaint string

	Type     string          `json:"type"`
	BlockID  string          `json:"block_id"`
	ActionID string          `json:"action_id"`
	Text     words           `json:"text"`
	Title    words           `json:"title"`
	Label    words           `json:"label"`
	Hint     words           `json:"hint"`
	Holder   words           `json:"placeholder"`
	Fields   []words         `json:"fields"`
	Elements []*node         `json:"elements"`
	Element  *node           `json:"element"`
	Extra    *node           `json:"accessory"`
	Optional bool            `json:"optional"`
	Dispatch bool            `json:"dispatch_action"`
	Lines    bool            `json:"multiline"`
	Least    json.Number     `json:"min_length"`
	Most     json.Number     `json:"max_length"`
	Style    json.RawMessage `json:"style"`
	URL      string          `json:"url"`
	Alt      string          `json:"alt_text"`
	Image    string          `json:"image_url"`
	Confirm  *confirm        `json:"confirm"`
	Options  []option        `json:"options"`
	Groups   []struct {
		Label   words    `json:"label"`
		Options []option `json:"options"`
	} `json:"option_groups"`
	Rows [][]*node `json:"rows"`

	InitialOption        *option     `json:"initial_option"`
	InitialOptions       []option    `json:"initial_options"`
	InitialValue         any         `json:"initial_value"`
	InitialUser          string      `json:"initial_user"`
	InitialUsers         []string    `json:"initial_users"`
	InitialChannel       string      `json:"initial_channel"`
	InitialConversation  string      `json:"initial_conversation"`
	InitialChannels      []string    `json:"initial_channels"`
	InitialConversations []string    `json:"initial_conversations"`
	InitialDate          string      `json:"initial_date"`
	InitialTime          string      `json:"initial_time"`
	InitialDateTime      json.Number `json:"initial_date_time"`

	// What leaves of rich text have.
	Name      string      `json:"name"`
	User      string      `json:"user_id"`
	Channel   string      `json:"channel_id"`
	Group     string      `json:"usergroup_id"`
	Range     string      `json:"range"`
	Timestamp json.Number `json:"timestamp"`
	Format    string      `json:"format"`
	Fallback  string      `json:"fallback"`

	raw json.RawMessage
}

// words is a text object, or a bare text.
type words struct {
	Kind string `json:"type"`
	Text string `json:"text"`
}

// UnmarshalJSON reads both.
func (w *words) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &w.Text)
	}
	type object words
	if len(data) == 0 || data[0] != '{' {
		return nil
	}
	return json.Unmarshal(data, (*object)(w))
}

// Plain is the text with pictures for names of emoji.
func (w words) Plain() string { return pictures(w.Text) }

type option struct {
	Text  words  `json:"text"`
	Value string `json:"value"`
	URL   string `json:"url"`
	About words  `json:"description"`
}

type confirm struct {
	Title words  `json:"title"`
	Text  words  `json:"text"`
	Yes   words  `json:"confirm"`
	No    words  `json:"deny"`
	Style string `json:"style"`
	Shown template.HTML
}

// readBlocks reads blocks for one reader.
func (r *reader) readBlocks(raw json.RawMessage) []*node {
	var list []json.RawMessage
	_ = json.Unmarshal(raw, &list)
	var out []*node
	for _, one := range list {
		n := &node{}
		d := json.NewDecoder(bytes.NewReader(one))
		d.UseNumber()
		if d.Decode(n) != nil {
			n = &node{Type: "unreadable"}
		}
		n.raw = one
		n.bind(r, nil)
		out = append(out, n)
	}
	return out
}

// bind tells a node and all below whose eyes it is drawn for.
func (n *node) bind(r *reader, at *node) {
	if n == nil {
		return
	}
	n.r, n.at = r, at
	if at == nil {
		at = n
	}
	for _, e := range n.Elements {
		e.bind(r, at)
	}
	for _, row := range n.Rows {
		for _, cell := range row {
			cell.bind(r, at)
		}
	}
	n.Element.bind(r, at)
	n.Extra.bind(r, at)
}

// Draw draws a text object.
func (n *node) Draw(w words) template.HTML {
	if w.Kind == "mrkdwn" {
		return n.r.mrkdwn(w.Text)
	}
	return template.HTML(escape(pictures(w.Text))) //nolint:gosec // escaped
}

// Words is the node's own text; elements of a context block are text objects.
func (n *node) Words() template.HTML {
	w := n.Text
	if n.Type == "mrkdwn" || n.Type == "plain_text" {
		w.Kind = n.Type
	}
	return n.Draw(w)
}

// Markdown is the text of a markdown block, which Slack formats; shown as typed.
func (n *node) Markdown() string { return n.Text.Text }

// Block is the id of the block around an element.
func (n *node) Block() string { return n.at.BlockID }

// Look is the style of a button, or "".
func (n *node) Look() string {
	var s string
	_ = json.Unmarshal(n.Style, &s)
	return s
}

// Source is the node as the app sent it, for a box that shows what is unknown.
func (n *node) Source() string {
	var out bytes.Buffer
	if json.Indent(&out, n.raw, "", "  ") != nil {
		return string(n.raw)
	}
	return out.String()
}

// Href is where a button leads in this page, "" for nowhere.
func (n *node) Href() string {
	if n.URL == "" {
		return ""
	}
	href, _ := n.r.link(n.URL)
	return href
}

// Away says whether Href leads away from the page.
func (n *node) Away() bool {
	_, away := n.r.link(n.URL)
	return away
}

// Asks is the dialog before the act, or nil.
func (n *node) Asks() *confirm {
	if n.Confirm == nil {
		return nil
	}
	c := *n.Confirm
	c.Shown = n.Draw(c.Text)
	if c.Yes.Text == "" {
		c.Yes.Text = "Yes"
	}
	if c.No.Text == "" {
		c.No.Text = "Cancel"
	}
	return &c
}

// Many says whether several may be chosen.
func (n *node) Many() bool { return strings.HasPrefix(n.Type, "multi_") || n.Type == "checkboxes" }

// Kind is the type without "multi_".
func (n *node) Kind() string { return strings.TrimPrefix(n.Type, "multi_") }

// Said is what a field is called by a screen reader.
func (n *node) Said() string {
	switch {
	case n.at != nil && n.at.Type == "input":
		return n.at.Label.Plain()
	case n.Holder.Text != "":
		return n.Holder.Plain()
	case n.at != nil:
		return n.at.Text.Plain()
	}
	return n.Type
}

// entry is a value of state.values.
type entry struct {
	Value         any             `json:"value"`
	Rich          json.RawMessage `json:"rich_text_value"`
	Option        *option         `json:"selected_option"`
	Options       []option        `json:"selected_options"`
	User          string          `json:"selected_user"`
	Users         []string        `json:"selected_users"`
	Channel       string          `json:"selected_channel"`
	Channels      []string        `json:"selected_channels"`
	Conversation  string          `json:"selected_conversation"`
	Conversations []string        `json:"selected_conversations"`
	Date          string          `json:"selected_date"`
	Time          string          `json:"selected_time"`
	DateTime      json.Number     `json:"selected_date_time"`
}

// entry is what the element holds: entered, or as the app set it.
func (n *node) entry() entry {
	if n.value == nil {
		return entry{
			Value: n.InitialValue, Option: n.InitialOption, Options: n.InitialOptions, User: n.InitialUser, Users: n.InitialUsers,
			Channel: n.InitialChannel, Channels: n.InitialChannels, Conversation: n.InitialConversation,
			Conversations: n.InitialConversations, Date: n.InitialDate, Time: n.InitialTime, DateTime: n.InitialDateTime,
		}
	}
	var e entry
	_ = json.Unmarshal(n.value, &e)
	return e
}

// Entered is the text in a field.
func (n *node) Entered() string {
	e := n.entry()
	switch n.Kind() {
	case "datepicker":
		return e.Date
	case "timepicker":
		return e.Time
	case "datetimepicker":
		if unix, err := e.DateTime.Int64(); err == nil {
			return time.Unix(unix, 0).In(n.r.zone).Format("2006-01-02T15:04")
		}
		return ""
	case "rich_text_input":
		return richPlain(e.Rich)
	}
	switch v := e.Value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

func richPlain(raw json.RawMessage) string {
	var block node
	_ = json.Unmarshal(raw, &block)
	var out strings.Builder
	for _, part := range block.Elements {
		for _, leaf := range part.Elements {
			out.WriteString(leaf.Text.Text)
		}
	}
	return out.String()
}

// DOMID is the element's id in the page.
func (n *node) DOMID() string { return "el-" + n.r.where + "-" + n.Block() + "-" + n.ActionID }

// Labelled says whether the label of an input points at one control.
func (n *node) Labelled() bool {
	return n.Element != nil && n.Element.Type != "radio_buttons" && n.Element.Type != "checkboxes"
}

// Complaint is what the app says beside the field.
func (n *node) Complaint() string { return n.complaint }

// TypedIn says whether the element is a field for text.
func (n *node) TypedIn() bool { return n.InputType() != "" }

// InputType is the kind of HTML field for text, or "".
func (n *node) InputType() string {
	return map[string]string{
		"plain_text_input": "text", "rich_text_input": "text", "email_text_input": "email", "url_text_input": "url", "number_input": "number",
	}[n.Type]
}
