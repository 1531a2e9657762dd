package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"
)

// file is something to take away.
type file struct {
	name, title string
	content     []byte
}

// filesWithin bounds the sending of files, after the acknowledgement.
const filesWithin = 15 * time.Second

// sendFiles sends files to a person's direct messages with muster, in one message
// that says text. It is done once and not repeated: whoever misses them asks
// again.
func (b *Bot) sendFiles(ctx context.Context, user, text string, files ...file) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), filesWithin)
	defer cancel()
	channel, _, _, err := b.Slack.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return fmt.Errorf("open direct messages: %w", err)
	}
	share := slack.CompleteUploadExternalParameters{Channel: channel.ID, InitialComment: text}
	for _, f := range files {
		place, err := b.Slack.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: f.name, FileSize: len(f.content)})
		if err != nil {
			return fmt.Errorf("announce a file: %w", err)
		}
		err = b.Slack.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: place.UploadURL, Filename: f.name, Content: string(f.content)})
		if err != nil {
			return fmt.Errorf("upload a file: %w", err)
		}
		share.Files = append(share.Files, slack.FileSummary{ID: place.FileID, Title: f.title})
	}
	if _, err := b.Slack.CompleteUploadExternalContext(ctx, share); err != nil {
		return fmt.Errorf("share files: %w", err)
	}
	return nil
}

// slackCode says in a word what is wrong, without addresses.
func slackCode(err error) string {
	if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return refusal.Err
	}
	return "Slack did not answer"
}
