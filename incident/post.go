package incident

// MaxQuote is how much of a post is kept, in characters: it travels in a form,
// where Slack takes 3,000 in all.
const MaxQuote = 400

// Post is a message in Slack that an incident is declared from, such as an
// alert.
type Post struct {
	// Channel and TS are where it stands.
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	// Thread is the ts of the message that it replies to, or empty.
	Thread string `json:"thread,omitempty"`
	// Author is the Slack user id of who wrote it, or the name that an alert
	// tool posts under, or empty.
	Author string `json:"author,omitempty"`
	// Quote is what it says, without Slack's markup, at most MaxQuote long;
	// empty if it could not be read.
	Quote string `json:"quote,omitempty"`
}

// Key makes all declarations from one post one incident, whoever declares and
// by which way.
func (p Post) Key() string { return "post:" + p.Channel + ":" + p.TS }

// ThreadTS is the thread in which the post is answered.
func (p Post) ThreadTS() string {
	if p.Thread != "" {
		return p.Thread
	}
	return p.TS
}
