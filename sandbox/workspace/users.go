package workspace

import (
	"slices"
	"strings"
	"time"
)

// User is a member of the workspace, or a stranger in a shared channel.
type User struct {
	Name        string // the @name, unique
	RealName    string // default: Name
	DisplayName string // may be empty: clients then show RealName
	Email       string
	TZ          string // an IANA name; default "Etc/UTC"
	TeamID      string // default: the workspace's own
	Admin       bool
	Owner       bool
	Bot         bool
	Deleted     bool // deactivated
	// Restricted is a guest of several channels, UltraRestricted of one channel.
	Restricted, UltraRestricted bool
	// Stranger comes from another organisation through a shared channel.
	Stranger bool
}

// AddUser adds a person and returns their id.
func (w *Workspace) AddUser(u User) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	added := w.addUser(u)
	w.notify(nil, event{"type": "team_join", "user": w.userJSON(added)})
	w.touch()
	return added.ID
}

func (w *Workspace) addUser(u User) *member {
	if u.RealName == "" {
		u.RealName = u.Name
	}
	if u.TZ == "" {
		u.TZ = "Etc/UTC"
	}
	if u.TeamID == "" {
		u.TeamID = w.teamID
	}
	added := &member{ID: w.id("U"), User: u, updated: w.now()}
	w.users = append(w.users, added)
	return added
}

// AddGroup adds a user group with this handle and members, and returns its id.
func (w *Workspace) AddGroup(handle, name string, members ...string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := &group{id: w.id("S"), handle: handle, name: name, created: w.now()}
	for _, ref := range members {
		u, err := w.findUser(ref)
		if err != nil {
			return "", err
		}
		g.members = append(g.members, u.ID)
	}
	w.groups = append(w.groups, g)
	w.touch()
	return g.id, nil
}

// UserID is the id of the person with this name, or "".
func (w *Workspace) UserID(ref string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.findUser(ref)
	if err != nil {
		return ""
	}
	return u.ID
}

// shown is the name that clients show.
func (u *member) shown() string {
	if u.DisplayName != "" {
		return u.DisplayName
	}
	return u.RealName
}

func (w *Workspace) userJSON(u *member) map[string]any {
	offset, label := 0, "Coordinated Universal Time"
	if zone, err := time.LoadLocation(u.TZ); err == nil {
		var name string
		name, offset = w.cfg.Now().In(zone).Zone()
		label = name
	}
	profile := map[string]any{
		"real_name": u.RealName, "real_name_normalized": u.RealName,
		"display_name": u.DisplayName, "display_name_normalized": u.DisplayName, "team": u.TeamID,
		"image_72": w.base + "/avatar.png",
	}
	if u.Email != "" && w.manifest.grants("users:read.email") {
		profile["email"] = u.Email
	}
	if u.ID == w.botUserID {
		profile["bot_id"], profile["api_app_id"] = w.botID, w.appID
	}
	j := map[string]any{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "deleted": u.Deleted, "real_name": u.RealName,
		"tz": u.TZ, "tz_label": label, "tz_offset": offset, "profile": profile,
		"is_admin": u.Admin || u.Owner, "is_owner": u.Owner, "is_primary_owner": false,
		"is_restricted": u.Restricted || u.UltraRestricted, "is_ultra_restricted": u.UltraRestricted,
		"is_bot": u.Bot, "is_app_user": false, "updated": u.updated,
	}
	if u.Stranger {
		j["is_stranger"] = true
	}
	return j
}

func (w *Workspace) usersInfo(c *call) (reply, error) {
	u := w.userByID(c.get("user"))
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return reply{"user": w.userJSON(u)}, nil
}

func (w *Workspace) usersList(c *call) (reply, error) {
	members, next, err := paged(w, c, w.users)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, u := range members {
		list = append(list, w.userJSON(u))
	}
	return reply{"members": list, "cache_ts": w.now(), "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func (w *Workspace) usersLookupByEmail(c *call) (reply, error) {
	for _, u := range w.users {
		if u.Email != "" && !u.Deleted && strings.EqualFold(u.Email, c.get("email")) {
			return reply{"user": w.userJSON(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

func (w *Workspace) usersConversations(c *call) (reply, error) {
	who := c.get("user")
	if who == "" {
		who = w.botUserID
	}
	if w.userByID(who) == nil {
		return nil, refuse("user_not_found")
	}
	return w.listConversations(c, func(ch *channel) bool { return ch.has(who) })
}

func (w *Workspace) groupJSON(g *group, withUsers bool) map[string]any {
	j := map[string]any{
		"id": g.id, "team_id": w.teamID, "is_usergroup": true, "name": g.name, "handle": g.handle,
		"description": "", "is_external": false, "date_create": g.created, "date_update": g.created,
		"date_delete": 0, "created_by": "USLACKBOT", "updated_by": "USLACKBOT", "user_count": len(g.members),
		"prefs": map[string]any{"channels": []string{}, "groups": []string{}},
	}
	if withUsers {
		j["users"] = slices.Clone(g.members)
	}
	return j
}

func (w *Workspace) usergroupsList(c *call) (reply, error) {
	list := []any{}
	for _, g := range w.groups {
		list = append(list, w.groupJSON(g, c.flag("include_users")))
	}
	return reply{"usergroups": list}, nil
}

func (w *Workspace) usergroupsUsersList(c *call) (reply, error) {
	for _, g := range w.groups {
		if g.id == c.get("usergroup") {
			return reply{"users": slices.Clone(g.members)}, nil
		}
	}
	return nil, refuse("no_such_subteam")
}
