package browser

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"muster/sandbox/workspace"
)

// ledger is the account of what the app asked Slack for and what came of it.
type ledger struct {
	Methods []methodCount
	// Kept and Twice count the keys that stand in one message, and in several.
	Kept, Twice int
	Doubt       []doubt
	Flying      int
}

type methodCount struct {
	Name                       string
	Calls, Flying, Later, Lost int
}

// doubt is a message of which the app never learned whether Slack took it.
type doubt struct {
	Time, Words string
	Copies      int
}

// ledger counts all calls so far.
func (s *Server) ledger() ledger {
	var out ledger
	copies, words := s.copies()
	for _, n := range copies {
		if n == 1 {
			out.Kept++
		} else {
			out.Twice++
		}
	}
	methods := map[string]*methodCount{}
	for _, c := range s.Workspace.Calls() {
		m := methods[c.Method]
		if m == nil {
			m = &methodCount{Name: c.Method}
			methods[c.Method] = m
		}
		m.Calls++
		switch {
		case c.End.IsZero():
			m.Flying++
			out.Flying++
		case c.Status == 0:
			m.Lost++
			out.Doubt = append(out.Doubt, s.doubt(c, copies, words)...)
		case c.Status == 429 || c.Status >= 500:
			m.Later++
		}
	}
	out.Methods = slices.SortedFunc(values(methods), func(a, b methodCount) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Name, b.Name)) })
	slices.Reverse(out.Doubt)
	out.Doubt = out.Doubt[:min(len(out.Doubt), 5)]
	return out
}

func values(methods map[string]*methodCount) func(func(methodCount) bool) {
	return func(yield func(methodCount) bool) {
		for m := range maps.Values(methods) {
			if !yield(*m) {
				return
			}
		}
	}
}

func (s *Server) doubt(c workspace.Record, copies map[string]int, words map[string]string) []doubt {
	key := keyOf([]byte(c.Form.Get("metadata")))
	if c.Method != "chat.postMessage" || key == "" {
		return nil
	}
	said := cmp.Or(words[key], c.Form.Get("text"))
	return []doubt{{Time: c.Start.Format("15:04:05"), Words: pictures(said), Copies: copies[key]}}
}

// copies counts the messages with each key, and gives the first words of one.
func (s *Server) copies() (copies map[string]int, words map[string]string) {
	copies, words = map[string]int{}, map[string]string{}
	for _, channel := range s.Workspace.AllChannels() {
		for _, m := range s.Workspace.Messages(channel) {
			if key := keyOf(m.Metadata); key != "" {
				copies[key]++
				first, _, _ := strings.Cut(m.Shown, "\n")
				words[key] = strings.TrimPrefix(first, "# ")
			}
		}
	}
	return copies, words
}

// keyOf is the key in a message's metadata, or "".
func keyOf(metadata []byte) string {
	var m struct {
		Payload struct{ Key string } `json:"event_payload"`
	}
	_ = json.Unmarshal(metadata, &m)
	return m.Payload.Key
}

// upFor says how long a process lives.
func upFor(d time.Duration) string {
	if d < time.Minute {
		return "up less than a minute"
	}
	return "up " + strings.TrimSuffix(ago(d), " ago")
}
