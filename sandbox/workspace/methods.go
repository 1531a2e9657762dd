package workspace

import "strings"

// method is one method of the Web API.
type method struct {
	apply  func(*Workspace, *call) (reply, error)
	json   bool     // a JSON body is read
	tier   int      // calls per minute; 0 is a special tier that is not enforced here
	scopes []string // any one suffices to come in; the kind of channel asks more
}

// The families of scopes that conversations methods accept.
var (
	readScopes    = []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	historyScopes = []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	manageScopes  = []string{"channels:manage", "groups:write", "im:write", "mpim:write"}
	topicScopes   = append([]string{"channels:write.topic", "groups:write.topic"}, manageScopes...)
	inviteScopes  = append([]string{"channels:write.invites", "groups:write.invites"}, manageScopes...)
)

// methods is Slack's method reference, as far as the workspace knows it; all
// else is unknown_method.
var methods = map[string]method{
	"api.test":              {(*Workspace).apiTest, true, tier4, nil},
	"auth.test":             {(*Workspace).authTest, true, 0, nil},
	"apps.connections.open": {(*Workspace).openConnection, true, 0, nil},
	"team.info":             {(*Workspace).teamInfo, true, tier3, []string{"team:read"}},
	"emoji.list":            {(*Workspace).emojiList, false, tier2, []string{"emoji:read"}},
	"bots.info":             {(*Workspace).botsInfo, false, tier3, []string{"users:read"}},

	"conversations.create":     {(*Workspace).conversationsCreate, true, tier2, manageScopes},
	"conversations.info":       {(*Workspace).conversationsInfo, false, tier3, readScopes},
	"conversations.list":       {(*Workspace).conversationsList, false, tier2, readScopes},
	"conversations.invite":     {(*Workspace).conversationsInvite, true, tier3, inviteScopes},
	"conversations.join":       {(*Workspace).conversationsJoin, true, tier3, []string{"channels:join"}},
	"conversations.leave":      {(*Workspace).conversationsLeave, true, tier3, manageScopes},
	"conversations.kick":       {(*Workspace).conversationsKick, true, tier3, []string{"channels:manage", "groups:write"}},
	"conversations.members":    {(*Workspace).conversationsMembers, false, tier4, readScopes},
	"conversations.history":    {(*Workspace).conversationsHistory, true, tier3, historyScopes},
	"conversations.replies":    {(*Workspace).conversationsReplies, false, tier3, historyScopes},
	"conversations.setTopic":   {(*Workspace).conversationsSetTopic, true, tier2, topicScopes},
	"conversations.setPurpose": {(*Workspace).conversationsSetPurpose, true, tier2, topicScopes},
	"conversations.archive":    {(*Workspace).conversationsArchive, true, tier2, manageScopes},
	"conversations.unarchive":  {(*Workspace).conversationsUnarchive, true, tier2, manageScopes},
	"conversations.rename":     {(*Workspace).conversationsRename, true, tier2, manageScopes},
	"conversations.open":       {(*Workspace).conversationsOpen, true, tier3, manageScopes},

	"chat.postMessage":   {(*Workspace).chatPostMessage, true, 0, []string{"chat:write"}},
	"chat.update":        {(*Workspace).chatUpdate, true, tier3, []string{"chat:write"}},
	"chat.delete":        {(*Workspace).chatDelete, true, tier3, []string{"chat:write"}},
	"chat.postEphemeral": {(*Workspace).chatPostEphemeral, true, tier4, []string{"chat:write"}},
	"chat.getPermalink":  {(*Workspace).chatGetPermalink, false, 0, nil},

	"views.open":    {(*Workspace).viewsOpen, true, tier4, nil},
	"views.push":    {(*Workspace).viewsPush, true, tier4, nil},
	"views.update":  {(*Workspace).viewsUpdate, true, tier4, nil},
	"views.publish": {(*Workspace).viewsPublish, true, tier4, nil},

	"users.info":            {(*Workspace).usersInfo, false, tier4, []string{"users:read"}},
	"users.list":            {(*Workspace).usersList, false, tier2, []string{"users:read"}},
	"users.lookupByEmail":   {(*Workspace).usersLookupByEmail, false, tier3, []string{"users:read.email"}},
	"users.conversations":   {(*Workspace).usersConversations, false, tier3, readScopes},
	"usergroups.list":       {(*Workspace).usergroupsList, false, tier2, []string{"usergroups:read"}},
	"usergroups.users.list": {(*Workspace).usergroupsUsersList, false, tier2, []string{"usergroups:read"}},

	"pins.add":         {(*Workspace).pinsAdd, true, tier2, []string{"pins:write"}},
	"pins.remove":      {(*Workspace).pinsRemove, true, tier2, []string{"pins:write"}},
	"pins.list":        {(*Workspace).pinsList, false, tier2, []string{"pins:read"}},
	"bookmarks.add":    {(*Workspace).bookmarksAdd, true, tier2, []string{"bookmarks:write"}},
	"bookmarks.edit":   {(*Workspace).bookmarksEdit, true, tier2, []string{"bookmarks:write"}},
	"bookmarks.remove": {(*Workspace).bookmarksRemove, true, tier2, []string{"bookmarks:write"}},
	"bookmarks.list":   {(*Workspace).bookmarksList, true, tier3, []string{"bookmarks:read"}},
	"reactions.add":    {(*Workspace).reactionsAdd, true, tier3, []string{"reactions:write"}},
	"reactions.remove": {(*Workspace).reactionsRemove, true, tier2, []string{"reactions:write"}},
	"reactions.get":    {(*Workspace).reactionsGet, false, tier3, []string{"reactions:read"}},

	"files.getUploadURLExternal":   {(*Workspace).filesGetUploadURL, false, tier4, []string{"files:write"}},
	"files.completeUploadExternal": {(*Workspace).filesCompleteUpload, true, tier4, []string{"files:write"}},
	"files.info":                   {(*Workspace).filesInfo, false, tier4, []string{"files:read"}},
}

// familyScope is the scope for one kind of conversation, such as channels:read
// or groups:write. Public channels call writing "manage".
func familyScope(c *channel, act string) string {
	family := map[string]string{"channel": "channels", "group": "groups", "im": "im"}[c.kind()]
	if act == "write" && family == "channels" {
		act = "manage"
	}
	return family + ":" + act
}

// may refuses unless the scope for this kind of conversation, or one of the
// narrower others, is granted.
func (w *Workspace) may(c *channel, act string, narrower ...string) error {
	scopes := []string{familyScope(c, act)}
	for _, n := range narrower {
		family, _, _ := strings.Cut(scopes[0], ":")
		scopes = append(scopes, family+":"+n)
	}
	return w.scoped(scopes)
}

func (w *Workspace) apiTest(c *call) (reply, error) {
	args := map[string]string{}
	for name := range c.form {
		args[name] = c.get(name)
	}
	if code := c.get("error"); code != "" {
		return nil, &slackError{code: code, extra: map[string]any{"args": args}}
	}
	return reply{"args": args}, nil
}

func (w *Workspace) authTest(*call) (reply, error) {
	return reply{
		"url": w.URL(), "team": w.cfg.TeamName, "team_id": w.teamID, "user": w.manifest.BotName,
		"user_id": w.botUserID, "bot_id": w.botID, "is_enterprise_install": false,
	}, nil
}

func (w *Workspace) teamInfo(*call) (reply, error) {
	return reply{"team": map[string]any{
		"id": w.teamID, "name": w.cfg.TeamName, "domain": w.cfg.TeamDomain,
		"email_domain": "", "icon": map[string]any{"image_default": true},
	}}, nil
}

func (w *Workspace) emojiList(*call) (reply, error) {
	return reply{"emoji": map[string]string{}, "cache_ts": w.ts()}, nil
}

func (w *Workspace) botsInfo(c *call) (reply, error) {
	if id := c.get("bot"); id != w.botID {
		if id == "" {
			return nil, refuse("missing_argument")
		}
		return nil, refuse("bot_not_found")
	}
	return reply{"bot": map[string]any{
		"id": w.botID, "deleted": false, "name": w.manifest.BotName, "app_id": w.appID, "user_id": w.botUserID,
	}}, nil
}
