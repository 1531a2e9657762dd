package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"muster/config"
)

// digestStore remembers the digest channel's id, which Slack can't be asked for
// by name, and may change.
type digestStore interface {
	DigestChannel(ctx context.Context, name string) (string, error)
	SaveDigestChannel(ctx context.Context, name, id string) error
	MoveChannel(ctx context.Context, from, to string) error
}

// findDigest gives the id of the digest channel. One that does not exist, is
// archived, or that the bot is not in, is a setupError: muster never takes
// another channel instead.
func findDigest(ctx context.Context, api *slack.Client, db digestStore, want config.Channel) (string, error) {
	known, err := db.DigestChannel(ctx, cmp.Or(want.ID, want.Name))
	if err != nil {
		return "", fmt.Errorf("read the digest channel's id: %w", err)
	}
	gone := false
	if known != "" {
		info, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: known})
		if err == nil && (info.Name == want.Name || want.ID != "") && info.IsMember && !info.IsArchived {
			return known, nil
		}
		gone = isNoChannel(err)
	}
	id := want.ID
	if id != "" {
		err = checkDigest(ctx, api, want)
	} else {
		id, err = searchDigest(ctx, api, want)
	}
	if err != nil {
		return "", err
	}
	if gone && id != known {
		// It was given another id, or was made anew; what is not there is posted again.
		if err := db.MoveChannel(ctx, known, id); err != nil {
			return "", err
		}
	}
	return id, db.SaveDigestChannel(ctx, cmp.Or(want.ID, want.Name), id)
}

func isNoChannel(err error) bool {
	refusal, ok := errors.AsType[slack.SlackErrorResponse](err)
	return ok && refusal.Err == "channel_not_found"
}

// searchDigest looks among the channels that the bot is in, which are few, and
// only when it is not there among all, to say what is wrong.
func searchDigest(ctx context.Context, api *slack.Client, want config.Channel) (string, error) {
	kinds := []string{"public_channel", "private_channel"}
	mine := func(cursor string) ([]slack.Channel, string, error) {
		return api.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{Cursor: cursor, Limit: 200, ExcludeArchived: true, Types: kinds})
	}
	found, err := named(want.Name, mine)
	if err != nil {
		return "", fmt.Errorf("list the channels that muster is in: %w", err)
	}
	if found != nil {
		return found.ID, nil
	}
	all := func(cursor string) ([]slack.Channel, string, error) {
		return api.GetConversationsContext(ctx, &slack.GetConversationsParameters{Cursor: cursor, Limit: 200, Types: kinds})
	}
	found, err = named(want.Name, all)
	if err != nil {
		return "", fmt.Errorf("list the channels: %w", err)
	}
	switch {
	case found == nil:
		return "", setupErrorf("the digest channel %s does not exist, or is private and muster is not in it: create it, invite muster with /invite @muster, or name another one in INCIDENTS_DIGEST_CHANNEL", want)
	case found.IsArchived:
		return "", archivedDigest(want)
	}
	return "", strangerInDigest(want)
}

func checkDigest(ctx context.Context, api *slack.Client, want config.Channel) error {
	info, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: want.ID})
	if isNoChannel(err) {
		return setupErrorf("there is no channel %s, or it is private and muster is not in it: check INCIDENTS_DIGEST_CHANNEL, and invite muster with /invite @muster", want)
	}
	switch {
	case err != nil:
		return fmt.Errorf("look at the digest channel: %w", err)
	case info.IsArchived:
		return archivedDigest(want)
	case !info.IsMember:
		return strangerInDigest(want)
	}
	return nil
}

func archivedDigest(want config.Channel) error {
	return setupErrorf("the digest channel %s is archived: unarchive it, or name another one in INCIDENTS_DIGEST_CHANNEL", want)
}

func strangerInDigest(want config.Channel) error {
	return setupErrorf("muster is not in the digest channel %s: invite it there with /invite @muster", want)
}

// named pages through channels until one has the name; nil if none has.
func named(name string, page func(cursor string) ([]slack.Channel, string, error)) (*slack.Channel, error) {
	cursor := ""
	for {
		list, next, err := page(cursor)
		if err != nil {
			return nil, err
		}
		for n := range list {
			if list[n].Name == name {
				return &list[n], nil
			}
		}
		if next == "" {
			return nil, nil
		}
		cursor = next
	}
}
