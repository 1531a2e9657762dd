package workspace

import "encoding/json"

func (w *Workspace) viewsOpen(c *call) (reply, error) {
	return w.show(c, func(t *trigger) error {
		// Opening from a modal or without one begins a new stack.
		w.closeAll(t.user)
		return nil
	})
}

func (w *Workspace) viewsPush(c *call) (reply, error) {
	return w.show(c, func(t *trigger) error {
		stack := w.stacks[t.user]
		switch {
		case len(stack) == 0 || t.view == "":
			return refuse("not_found")
		case len(stack) >= stackLimit:
			return refuse("push_limit_reached")
		}
		return nil
	})
}

// show checks everything before it uses up the trigger: a refused view leaves
// the trigger for another try.
func (w *Workspace) show(c *call, prepare func(*trigger) error) (reply, error) {
	if c.get("view") == "" {
		return nil, missing("view")
	}
	if c.get("trigger_id") == "" {
		return nil, missing("trigger_id")
	}
	t, err := w.exchange(c.get("trigger_id"))
	if err != nil {
		return nil, err
	}
	v, err := w.newView(t.user, "modal", json.RawMessage(c.get("view")))
	if err != nil {
		return nil, err
	}
	if err := prepare(t); err != nil {
		return nil, err
	}
	t.used = true
	w.push(v)
	return reply{"view": w.viewJSON(v)}, nil
}

func (w *Workspace) viewsUpdate(c *call) (reply, error) {
	if c.get("view") == "" {
		return nil, missing("view")
	}
	v := w.views[c.get("view_id")]
	if id := c.get("external_id"); v == nil && id != "" {
		for _, other := range w.views {
			if !other.closed && other.text("external_id") == id {
				v = other
			}
		}
	}
	if v == nil || v.closed {
		return nil, refuse("not_found")
	}
	if h := c.get("hash"); h != "" && h != v.hash {
		return nil, refuse("hash_conflict")
	}
	if err := w.replaceView(v, json.RawMessage(c.get("view"))); err != nil {
		return nil, err
	}
	return reply{"view": w.viewJSON(v)}, nil
}

func (w *Workspace) viewsPublish(c *call) (reply, error) {
	if c.get("view") == "" {
		return nil, missing("view")
	}
	u := w.userByID(c.get("user_id"))
	switch {
	case !w.manifest.Home:
		return nil, refuse("not_enabled")
	case u == nil || u.Bot:
		return nil, refuse("invalid_arguments", "invalid `user_id`")
	}
	v := w.homes[u.ID]
	if v != nil {
		if h := c.get("hash"); h != "" && h != v.hash {
			return nil, refuse("hash_conflict")
		}
		if err := w.replaceView(v, json.RawMessage(c.get("view"))); err != nil {
			return nil, err
		}
		return reply{"view": w.viewJSON(v)}, nil
	}
	v, err := w.newView(u.ID, "home", json.RawMessage(c.get("view")))
	if err != nil {
		return nil, err
	}
	w.homes[u.ID], w.views[v.id] = v, v
	return reply{"view": w.viewJSON(v)}, nil
}
