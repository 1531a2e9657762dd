package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"muster/config"
)

// findGroup gives the id of the user group that is invited to each room, or
// empty if that is switched off.
func findGroup(ctx context.Context, api *slack.Client, want config.GroupInvite) (string, error) {
	if !want.Enabled {
		return "", nil
	}
	groups, err := api.GetUserGroupsContext(ctx)
	if err != nil {
		return "", fmt.Errorf("list the user groups: %w", err)
	}
	for _, g := range groups {
		if strings.EqualFold(g.Handle, want.Name) || strings.EqualFold(g.Name, want.Name) {
			return g.ID, nil
		}
	}
	return "", setupErrorf("there is no user group @%s in this workspace: check INCIDENT_AUTO_GROUP_INVITE_GROUP_NAME", want.Name)
}
