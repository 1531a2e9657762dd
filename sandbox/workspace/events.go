package workspace

import (
	"strings"
	"time"
)

// event is the inner event of an Events API delivery.
type event map[string]any

// eventScopes says which bot scope an event needs; an event that is not here
// needs none. Message events and channel or group events are in hearable.
var eventScopes = map[string]string{
	"reaction_added": "reactions:read", "reaction_removed": "reactions:read",
	"pin_added": "pins:read", "pin_removed": "pins:read",
	"app_mention": "app_mentions:read", "user_change": "users:read", "team_join": "users:read",
}

// tell delivers an event about a channel, if the manifest subscribes to its
// name, the scope is granted and the bot is a member. mu is held.
func (w *Workspace) tell(c *channel, e event) {
	if c.has(w.botUserID) {
		w.notify(c, e)
	}
}

// notify delivers an event without looking at membership: events about users,
// the Home tab, and the bot's own removal. mu is held.
func (w *Workspace) notify(c *channel, e event) {
	name := subscription(c, e)
	if !w.manifest.subscribes(name) || !w.hearable(c, name) {
		return
	}
	if e["event_ts"] == nil {
		e["event_ts"] = w.ts()
	}
	outer := map[string]any{
		"token": "verification-token", "team_id": w.teamID, "api_app_id": w.appID,
		"event": e, "type": "event_callback", "event_id": w.id("Ev"), "event_time": w.now(),
		"authorizations": []map[string]any{{
			"enterprise_id": nil, "team_id": w.teamID, "user_id": w.botUserID,
			"is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false,
	}
	w.leaving++
	w.spawn(func() { w.deliverEvent(outer) })
}

// subscription is the name under which the manifest subscribes to the event:
// messages are subscribed by kind of conversation.
func subscription(c *channel, e event) string {
	name, _ := e["type"].(string)
	if name != "message" || c == nil {
		return name
	}
	return "message." + map[string]string{"channel": "channels", "group": "groups", "im": "im"}[c.kind()]
}

// hearable says whether the bot's scopes let it hear an event by the name under which
// it is subscribed to.
func (w *Workspace) hearable(c *channel, name string) bool {
	scope, listed := eventScopes[name]
	switch {
	case strings.HasPrefix(name, "message."):
		return w.manifest.grants(strings.TrimPrefix(name, "message.") + ":history")
	case strings.HasPrefix(name, "channel_"):
		return w.manifest.grants("channels:read")
	case strings.HasPrefix(name, "group_"):
		return w.manifest.grants("groups:read")
	case strings.HasPrefix(name, "member_"):
		return w.manifest.grants(familyScope(c, "read"))
	default:
		return !listed || w.manifest.grants(scope)
	}
}

// deliverEvent sends the event and repeats it on Slack's schedule until the app
// acknowledges it. The event id stays, the envelope is new each time.
func (w *Workspace) deliverEvent(outer map[string]any) {
	waits := append([]time.Duration{0}, w.cfg.Redelivery...)
	reason := ""
	for attempt, wait := range waits {
		if !w.pause(w.ctx, wait) {
			return
		}
		_, err := w.send(envelope{kind: "events_api", payload: outer, attempt: attempt, reason: reason})
		if attempt == 0 {
			w.mu.Lock()
			w.leaving--
			w.mu.Unlock()
		}
		if err == nil {
			return
		}
		reason = "timeout"
		if err == ErrNoSocket {
			reason = "connection_failed"
		}
	}
}

// messageEvent tells the app about a new message, and about a mention in it.
// mu is held.
func (w *Workspace) messageEvent(c *channel, m *message) {
	e := event(w.messageJSON(c, m, true))
	e["channel"], e["channel_type"], e["event_ts"] = c.id, c.kind(), m.ts
	w.tell(c, e)
	if strings.Contains(m.text, "<@"+w.botUserID+">") && m.user != w.botUserID && m.subtype == "" && !c.im {
		mention := event{}
		for k, v := range e {
			mention[k] = v
		}
		delete(mention, "channel_type")
		mention["type"] = "app_mention"
		w.tell(c, mention)
	}
}
