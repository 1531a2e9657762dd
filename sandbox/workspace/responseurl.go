package workspace

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Slack lets a response_url be used five times within half an hour.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL is an address at which the app may answer one interaction, even in
// a channel where the bot is not a member.
type responseURL struct {
	kind          string // "commands", "actions" or "app" (shortcuts and forms)
	channel, user string
	original      string // ts of the message whose control was used
	secret        bool   // that message is an ephemeral one
	thread        string
	made          time.Time
	uses          int
}

// responseURL makes an address. mu is held.
func (w *Workspace) responseURL(r *responseURL) string {
	id := w.id("R")
	r.made = w.cfg.Now()
	w.responses[id] = r
	return w.base + "/" + r.kind + "/" + w.teamID + "/" + id
}

type answer struct {
	content
	ResponseType    string `json:"response_type"`
	ReplaceOriginal bool   `json:"replace_original"`
	DeleteOriginal  bool   `json:"delete_original"`
}

// serveResponse takes an answer at a response_url.
func (w *Workspace) serveResponse(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.handle(rw, r, "response_url", url.Values{"payload": {string(body)}}, func() (any, int) {
		var a answer
		if json.Unmarshal(body, &a) != nil {
			return reply{"ok": false, "error": "invalid_payload"}, http.StatusBadRequest
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if err := w.respond(r.PathValue("id"), a); err != nil {
			status := http.StatusOK
			if err.code == "used_url" || err.code == "expired_url" {
				status = http.StatusNotFound
			}
			return err.body(), status
		}
		return "ok", http.StatusOK
	})
}

// respond applies an answer. mu is held.
func (w *Workspace) respond(id string, a answer) *slackError {
	r := w.responses[id]
	switch {
	case r == nil || w.cfg.Now().Sub(r.made) > responseLife:
		return &slackError{code: "expired_url"}
	case r.uses >= responseUses:
		return &slackError{code: "used_url"}
	}
	c := w.channelByID(r.channel)
	if c == nil {
		return &slackError{code: "channel_not_found"}
	}
	if !a.DeleteOriginal {
		if err, bad := a.refusal().(*slackError); bad {
			return err
		}
	}
	r.uses++
	if r.original != "" && (a.ReplaceOriginal || a.DeleteOriginal) {
		return w.changeOriginal(c, r, a)
	}
	if a.DeleteOriginal {
		return &slackError{code: "message_not_found"} // only a message's control has an original
	}
	m := w.ownMessage(a.content)
	if a.ResponseType == "in_channel" {
		w.append(c, m)
		return nil
	}
	w.whisper(c, r.user, "response_url", m)
	return nil
}

// changeOriginal replaces or deletes the message whose control was used.
func (w *Workspace) changeOriginal(c *channel, r *responseURL, a answer) *slackError {
	if r.secret {
		s := w.whisperTo(r.user, c.id, r.original)
		if s == nil {
			return &slackError{code: "message_not_found"}
		}
		if a.DeleteOriginal {
			w.dropWhisper(s)
		} else {
			w.fill(&s.message, a.content)
		}
		w.touch()
		return nil
	}
	m := c.message(r.original)
	if m == nil {
		return &slackError{code: "message_not_found"}
	}
	if a.DeleteOriginal {
		w.erase(c, m)
		return nil
	}
	w.edit(c, m, w.botUserID, func() { w.fill(m, a.content) })
	return nil
}

func (w *Workspace) dropWhisper(s *whisper) {
	kept := w.whispers[:0:0]
	for _, other := range w.whispers {
		if other != s {
			kept = append(kept, other)
		}
	}
	w.whispers = kept
}
