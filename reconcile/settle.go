package reconcile

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

// settle finds out what became of an attempt without a result, by looking for
// our key in the channel: at once, and again later, since Slack may show a
// message late. With an empty TS and no error, the message is not there and may
// be posted again. A message that is there twice is deleted but for the oldest.
func (p *Poster) settle(ctx context.Context, pass *Pass, attempt incident.Posting) (incident.Posting, error) {
	if attempt.Looks >= len(p.SettleAfter) {
		return attempt, nil
	}
	if at := attempt.AttemptedAt.Add(p.SettleAfter[attempt.Looks]); pass.Now().Before(at) {
		return attempt, &Later{At: at, Why: "Slack to show whether it took a message"}
	}
	found, err := p.search(ctx, attempt, p.mark(pass, attempt.Key))
	if err != nil {
		pass.Suspect(attempt.Channel, err)
		return attempt, fmt.Errorf("look for %s: %w", attempt.Key, Held(err, pass.Now()))
	}
	if len(found) == 0 {
		return p.notSeen(ctx, pass, attempt)
	}
	for _, twice := range found[1:] {
		if err := p.remove(ctx, attempt.Channel, twice); err != nil {
			return attempt, err
		}
	}
	// Its content may be of an older wish than ours: Keep compares and edits.
	attempt.Hash = ""
	return p.posted(ctx, pass, attempt, found[0])
}

func (p *Poster) notSeen(ctx context.Context, pass *Pass, attempt incident.Posting) (incident.Posting, error) {
	if err := p.Store.Looked(ctx, pass.Claim, attempt.Key); err != nil {
		return attempt, fmt.Errorf("note a look for %s: %w", attempt.Key, err)
	}
	attempt.Looks++
	pass.setPosting(attempt)
	if attempt.Looks >= len(p.SettleAfter) {
		return attempt, nil
	}
	return attempt, &Later{At: attempt.AttemptedAt.Add(p.SettleAfter[attempt.Looks]), Why: "Slack to show whether it took a message"}
}

// settleMargin is how far Slack's clock may be from ours.
const settleMargin = 5 * time.Minute

// search gives the ts of our messages with the key, oldest first.
func (p *Poster) search(ctx context.Context, attempt incident.Posting, mark string) ([]string, error) {
	oldest := strconv.FormatInt(attempt.AttemptedAt.Add(-settleMargin).Unix(), 10)
	look := fmt.Sprintf("%s %s %d", mark, oldest, attempt.Looks)
	found, err := p.searches.Run(look, func(cursor string) (found []string, next string, err error) {
		messages, next, err := p.page(ctx, attempt, oldest, cursor)
		for _, m := range messages {
			if m.Metadata.EventType == EventType && m.Metadata.EventPayload["key"] == mark {
				found = append(found, m.Timestamp)
			}
		}
		return found, next, err
	})
	sortTS(found)
	return slices.Compact(found), err
}

func (p *Poster) page(ctx context.Context, attempt incident.Posting, oldest, cursor string) ([]slack.Message, string, error) {
	params := slack.GetConversationHistoryParameters{
		ChannelID: attempt.Channel, Oldest: oldest, Cursor: cursor, Limit: 200, IncludeAllMetadata: true,
	}
	if attempt.Thread != "" {
		messages, _, next, err := p.Slack.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: params.ChannelID, Timestamp: attempt.Thread, Oldest: oldest,
			Cursor: cursor, Limit: params.Limit, IncludeAllMetadata: true,
		})
		return messages, next, err
	}
	answer, err := p.Slack.GetConversationHistoryContext(ctx, &params)
	if err != nil {
		return nil, "", err
	}
	return answer.Messages, answer.ResponseMetaData.NextCursor, nil
}
