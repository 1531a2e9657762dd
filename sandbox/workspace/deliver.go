package workspace

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Delivered is what became of one act that a person did towards the app.
//
// These primitives carry acts by id; the language of people (visible labels)
// is built on them. Each builds Slack's payload, sends it to a random socket,
// waits for the ack and applies what the ack says:
//
//	DeliverCommand          types a slash command; an ack may answer with a message
//	DeliverShortcut         picks a global shortcut
//	DeliverMessageShortcut  picks a message shortcut on a message
//	DeliverAction           uses a control in a message, a modal or the Home tab
//	DeliverSuggestions      types into an external select; the ack holds options
//	DeliverSubmit           submits the top modal; an ack may close, change or refuse
//	DeliverClose            closes the top modal, or the whole stack
//
// What the person sees is read with Modals, Home, VisibleTo and Whispers; what
// they enter in a form is kept with SetInput until they submit.
type Delivered struct {
	// Acked is whether the app acknowledged within Config.AckTimeout.
	Acked bool
	// Payload is the ack's payload, nil when there was none or Slack ignores it.
	Payload json.RawMessage
	// Err is what the person sees instead: ErrNoSocket, ErrNoAck, a field that is
	// missing, an unknown command, a control that is not there, or a modal in the
	// ack that Slack refuses.
	Err error
}

func failed(format string, args ...any) Delivered { return Delivered{Err: fmt.Errorf(format, args...)} }

// dispatch sends the envelope and turns its outcome into Delivered.
func (w *Workspace) dispatch(e envelope) Delivered {
	payload, err := w.send(e)
	return Delivered{Acked: err == nil, Payload: payload, Err: err}
}

// person is how interaction payloads name a user.
func (w *Workspace) person(u *member) map[string]any {
	return map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID}
}

func (w *Workspace) interaction(kind string, u *member) map[string]any {
	return map[string]any{
		"type": kind, "token": "verification-token", "api_app_id": w.appID,
		"team": map[string]any{"id": w.teamID, "domain": w.cfg.TeamDomain},
		"user": w.person(u), "is_enterprise_install": false, "enterprise": nil,
		"action_ts": w.ts(),
	}
}

// channelName is how payloads call a channel: private ones keep their name to
// themselves.
func (c *channel) channelName() string {
	switch {
	case c.im:
		return "directmessage"
	case c.private:
		return "privategroup"
	default:
		return c.name
	}
}

// DeliverCommand types line, such as "/incident new db down", as user in channel.
// channel is an id, a name, or "@name" for that person's messages with the bot.
func (w *Workspace) DeliverCommand(userRef, channelRef, line string) Delivered {
	name, text, _ := strings.Cut(line, " ")
	w.mu.Lock()
	u, c, err := w.place(userRef, channelRef)
	cmd, known := w.manifest.Commands[name]
	if err == nil && !known {
		err = fmt.Errorf("%s is not a valid command", name)
	}
	if err != nil {
		w.mu.Unlock()
		return Delivered{Err: err}
	}
	if cmd.escape {
		text = w.escape(text)
	}
	payload := map[string]any{
		"token": "verification-token", "team_id": w.teamID, "team_domain": w.cfg.TeamDomain,
		"channel_id": c.id, "channel_name": c.channelName(), "user_id": u.ID, "user_name": u.Name,
		"command": name, "text": strings.TrimSpace(text), "api_app_id": w.appID,
		"is_enterprise_install": "false",
		"response_url":          w.responseURL(&responseURL{kind: "commands", channel: c.id, user: u.ID}),
		"trigger_id":            w.trigger(u.ID, ""),
	}
	w.mu.Unlock()
	d := w.dispatch(envelope{kind: "slash_commands", payload: payload, accepts: true})
	if d.Acked && len(d.Payload) > 0 {
		w.answerCommand(u.ID, c.id, line, d.Payload)
	}
	return d
}

// place finds the person and a channel in which they can act. mu is held.
func (w *Workspace) place(userRef, channelRef string) (*member, *channel, error) {
	u, err := w.findUser(userRef)
	if err != nil {
		return nil, nil, err
	}
	c, err := w.findChannel(channelRef)
	switch {
	case err != nil:
		return nil, nil, err
	case u.Deleted:
		return nil, nil, fmt.Errorf("%s is deactivated", u.Name)
	case !c.has(u.ID):
		return nil, nil, fmt.Errorf("%s is not in %s", u.Name, w.title(c))
	case c.archived:
		return nil, nil, fmt.Errorf("%s is archived", w.title(c))
	}
	return u, c, nil
}

// answerCommand shows the message in a command's ack: to its caller alone, or
// with response_type in_channel to all, together with the command.
func (w *Workspace) answerCommand(userID, channelID, line string, payload json.RawMessage) {
	var post struct {
		content
		ResponseType string `json:"response_type"`
	}
	if json.Unmarshal(payload, &post) != nil || post.empty() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channelByID(channelID)
	if c == nil || len(post.problems()) > 0 {
		return
	}
	if post.ResponseType == "in_channel" {
		w.append(c, &message{user: userID, text: line})
		w.append(c, w.ownMessage(post.content))
		return
	}
	w.whisper(c, userID, "command", w.ownMessage(post.content))
}

// DeliverShortcut picks the global shortcut with this callback id.
func (w *Workspace) DeliverShortcut(userRef, callbackID string) Delivered {
	w.mu.Lock()
	u, err := w.findUser(userRef)
	if err != nil || !w.hasShortcut("global", callbackID) {
		w.mu.Unlock()
		return failed("global shortcut %s for %s: not in the menu", callbackID, userRef)
	}
	payload := w.interaction("shortcut", u)
	payload["callback_id"], payload["trigger_id"] = callbackID, w.trigger(u.ID, "")
	w.mu.Unlock()
	return w.dispatch(envelope{kind: "interactive", payload: payload})
}

// DeliverMessageShortcut picks the message shortcut with this callback id on the
// message ts. It works in channels where the bot is not a member.
func (w *Workspace) DeliverMessageShortcut(userRef, channelRef, ts, callbackID string) Delivered {
	w.mu.Lock()
	u, c, err := w.place(userRef, channelRef)
	if err != nil || !w.hasShortcut("message", callbackID) {
		w.mu.Unlock()
		return failed("message shortcut %s for %s in %s: not in the menu (%v)", callbackID, userRef, channelRef, err)
	}
	m := c.message(ts)
	if m == nil {
		w.mu.Unlock()
		return failed("message shortcut %s: no message %s in %s", callbackID, ts, channelRef)
	}
	payload := w.interaction("message_action", u)
	payload["callback_id"], payload["trigger_id"] = callbackID, w.trigger(u.ID, "")
	payload["channel"] = map[string]any{"id": c.id, "name": c.channelName()}
	payload["message_ts"], payload["message"] = ts, w.messageJSON(c, m, false)
	payload["response_url"] = w.responseURL(&responseURL{kind: "app", channel: c.id, user: u.ID})
	w.mu.Unlock()
	return w.dispatch(envelope{kind: "interactive", payload: payload})
}

func (w *Workspace) hasShortcut(kind, callbackID string) bool {
	for _, s := range w.manifest.Shortcuts {
		if s.Type == kind && s.CallbackID == callbackID {
			return true
		}
	}
	return false
}
