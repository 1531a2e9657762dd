package workspace

import (
	"encoding/json"
	"strings"

	"muster/sandbox/blockkit"
)

// viewText draws a view with what is entered in its fields and the complaints
// beside them.
func (w *Workspace) viewText(v View) string {
	var blocks []map[string]any
	_ = decode(v.Blocks, &blocks)
	var shown []any
	for _, b := range blocks {
		id, _ := b["block_id"].(string)
		for _, e := range elements(b) {
			entered(e, v.Values[id])
		}
		shown = append(shown, b)
		if complaint := v.Errors[id]; complaint != "" {
			shown = append(shown, complaintBlock(complaint))
		}
	}
	view := map[string]any{"type": v.Type, "blocks": shown}
	for key, label := range map[string]string{"title": v.Title, "submit": v.Submit, "close": v.Close} {
		if label != "" {
			view[key] = map[string]any{"type": "plain_text", "text": label}
		}
	}
	raw, _ := marshal(view)
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.TrimSpace(blockkit.ViewText(raw, names{w}))
}

// entered sets an element to what a person put in, so that it is drawn like an
// element which starts so.
func entered(e map[string]any, values map[string]json.RawMessage) {
	kind, _ := e["type"].(string)
	action, _ := e["action_id"].(string)
	fields, holds := stateFields[kind]
	var entry map[string]any
	if !holds || fields[1] == "" || decode(values[action], &entry) != nil {
		return
	}
	delete(e, fields[1])
	if value := entry[fields[0]]; value != nil {
		e[fields[1]] = value
	}
}

func complaintBlock(text string) map[string]any {
	return map[string]any{"type": "context", "elements": []any{
		map[string]any{"type": "plain_text", "text": "! " + text},
	}}
}
