package workspace

import "encoding/json"

// DeliverRaw sends an envelope of a kind with any payload: one that Slack would
// never send, or does not yet. Whatever is in it, the app has to acknowledge it.
func (w *Workspace) DeliverRaw(kind string, payload json.RawMessage) Delivered {
	return w.dispatch(envelope{kind: kind, payload: payload, accepts: kind != "events_api"})
}
