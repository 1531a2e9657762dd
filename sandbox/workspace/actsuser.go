package workspace

import (
	"fmt"
	"slices"
)

// OpenHome looks at the app's Home tab; OpenMessages at its Messages tab.
func (w *Workspace) OpenHome(who string) error { return w.openTab(who, "home") }

// OpenMessages looks at the direct messages with the app.
func (w *Workspace) OpenMessages(who string) error { return w.openTab(who, "messages") }

func (w *Workspace) openTab(userRef, tab string) error {
	return w.act("open the app's "+tab+" tab", userRef, "@"+userRef, func(u *member, c *channel) error {
		e := event{"type": "app_home_opened", "user": u.ID, "channel": c.id, "tab": tab}
		if v := w.homes[u.ID]; v != nil && tab == "home" {
			e["view"] = w.viewJSON(v)
		}
		w.notify(c, e)
		return nil
	})
}

// Deactivate ends a person's account; they leave all channels.
func (w *Workspace) Deactivate(userRef string) error {
	return w.ChangeUser(userRef, func(u *User) { u.Deleted = true })
}

// ChangeUser changes a person's profile or rights.
func (w *Workspace) ChangeUser(userRef string, change func(*User)) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.findUser(userRef)
	if err != nil {
		return fmt.Errorf("change a user: %w", err)
	}
	change(&u.User)
	u.updated = w.now()
	if u.Deleted {
		w.closeAll(u.ID)
		for _, c := range w.channels {
			if !c.im {
				c.remove(u.ID)
			}
		}
	}
	w.notify(nil, event{"type": "user_change", "user": w.userJSON(u), "cache_ts": w.now()})
	w.touch()
	return nil
}

// Uninstall removes the app: it hears app_uninstalled and tokens_revoked, and
// every call is refused with account_inactive.
func (w *Workspace) Uninstall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notify(nil, event{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{}, "bot": []string{w.botUserID}}})
	w.notify(nil, event{"type": "app_uninstalled"})
	w.tokenState = "account_inactive"
	w.touch()
}

// GrantScope gives the app a scope, RevokeScope takes one, as a reinstallation does.
func (w *Workspace) GrantScope(scope string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.manifest.grants(scope) {
		w.manifest.Scopes = append(slices.Clone(w.manifest.Scopes), scope)
	}
}

// RevokeScope takes a scope from the app.
func (w *Workspace) RevokeScope(scope string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.manifest.Scopes = slices.DeleteFunc(slices.Clone(w.manifest.Scopes), func(s string) bool { return s == scope })
}
