package workspace

import "muster/sandbox/blockkit"

// Face is somebody as clients show them.
type Face struct {
	ID, Name, Shown string // Name is the @name without its sign
	TZ              string // an IANA name
	Bot, Guest      bool
}

// Faces lists everybody whose account is active, the app's own bot first.
func (w *Workspace) Faces() []Face {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []Face
	for _, u := range w.users {
		if !u.Deleted {
			list = append(list, Face{
				ID: u.ID, Name: u.Name, Shown: u.shown(), TZ: u.TZ, Bot: u.Bot,
				Guest: u.Restricted || u.UltraRestricted || u.Stranger,
			})
		}
	}
	return list
}

// Names resolves ids to what people see, for drawing blocks.
func (w *Workspace) Names() blockkit.Names { return lockedNames{w} }

// lockedNames is names for callers without the lock.
type lockedNames struct{ w *Workspace }

func (n lockedNames) User(id string) string {
	n.w.mu.Lock()
	defer n.w.mu.Unlock()
	return names(n).User(id)
}

func (n lockedNames) Channel(id string) string {
	n.w.mu.Lock()
	defer n.w.mu.Unlock()
	return names(n).Channel(id)
}

func (n lockedNames) Group(id string) string {
	n.w.mu.Lock()
	defer n.w.mu.Unlock()
	return names(n).Group(id)
}

// File gives a shared file's name and bytes, if the person may see it: it was
// shared where they can look.
func (w *Workspace) File(who, id string) (name string, data []byte, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[id]
	u, err := w.findUser(who)
	if f == nil || !f.done || err != nil {
		return "", nil, false
	}
	for _, share := range f.shares {
		if c := w.channelByID(share); c != nil && (!c.private || c.has(u.ID)) {
			return f.name, f.content, true
		}
	}
	return "", nil, false
}

// Changed gives a channel that is closed at the next change of the workspace.
func (w *Workspace) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// TeamName is what the workspace is called.
func (w *Workspace) TeamName() string { return w.cfg.TeamName }

// BotName is the @name of the app's bot, without its sign.
func (w *Workspace) BotName() string { return w.manifest.BotName }

// AllChannels lists the ids of all conversations, direct messages among them.
func (w *Workspace) AllChannels() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for _, c := range w.channels {
		if !c.deleted {
			ids = append(ids, c.id)
		}
	}
	return ids
}
