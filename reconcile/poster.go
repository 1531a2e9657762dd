package reconcile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

// PosterSlack is what a Poster asks of Slack.
type PosterSlack interface {
	PostMessageContext(ctx context.Context, channel string, options ...slack.MsgOption) (string, string, error)
	UpdateMessageContext(ctx context.Context, channel, ts string, options ...slack.MsgOption) (string, string, string, error)
	DeleteMessageContext(ctx context.Context, channel, ts string) (string, string, error)
	GetConversationHistoryContext(ctx context.Context, params *slack.GetConversationHistoryParameters) (*slack.GetConversationHistoryResponse, error)
	GetConversationRepliesContext(ctx context.Context, params *slack.GetConversationRepliesParameters) ([]slack.Message, bool, string, error)
}

// PosterStore is where a Poster remembers.
type PosterStore interface {
	BeginPosting(ctx context.Context, c *incident.Claim, p incident.Posting) error
	EndPosting(ctx context.Context, c *incident.Claim, p incident.Posting) (ts string, err error)
	RefusePosting(ctx context.Context, c *incident.Claim, key, reason string) error
	Looked(ctx context.Context, c *incident.Claim, key string) error
	BeginEdit(ctx context.Context, c *incident.Claim, key string) error
	Edited(ctx context.Context, c *incident.Claim, key, hash, reason string, at time.Time) error
	Gone(ctx context.Context, c *incident.Claim, key string) error
	TakenBack(ctx context.Context, c *incident.Claim, key, reason string) error
}

// EditEvery is the least time between two edits of one message. chat.update is
// allowed 50 times a minute for the whole workspace, so a burst of changes must
// not take it all; the last state is always shown.
const EditEvery = 3 * time.Second

// SettleAfter are the times after an attempt at which a message whose fate is
// unknown is looked for. Slack may show a message in the history late.
var SettleAfter = []time.Duration{0, 5 * time.Second, 20 * time.Second}

// Poster posts each message once, or keeps it current.
type Poster struct {
	Slack PosterSlack
	Store PosterStore
	// Installation is in every message's metadata beside the key, so that two
	// musters in one workspace don't take each other's messages for theirs.
	Installation string
	// Headed puts before a message's text how its incident stands, for who sees no more
	// than the beginning. Alone, that is no reason for an edit. It may be nil.
	Headed func(c *incident.Case, text string) string
	// EditEvery and SettleAfter are the package's, unless a test wants less.
	EditEvery   time.Duration
	SettleAfter []time.Duration

	searches Search[string]
}

// Message is something to say.
type Message struct {
	// Key names what the message is for within its subject ("card", "line:17").
	Key     string
	Channel string
	// Thread is the parent's ts, or empty.
	Thread string
	// LetGo leaves the message alone when somebody has deleted it; else it is posted
	// anew when it changes.
	LetGo bool
	// IfThere says how something ended that was asked: only where the question was said,
	// which an attempt without a result may have done.
	IfThere bool
	// Direct is whether it goes to one person. One whom Slack lets nobody write to is
	// not written to again.
	Direct bool
	// Broadcast shows a reply in the channel, too.
	Broadcast bool
	// Text is what notifications and screen readers show.
	Text string
	// Many is whether it is about no single incident.
	Many   bool
	Blocks []slack.Block
}

func (m Message) hash() string {
	blocks, err := json.Marshal(m.Blocks)
	if err != nil {
		blocks = []byte(err.Error())
	}
	sum := sha256.Sum256(append([]byte(m.Text+"\x00"), blocks...))
	return hex.EncodeToString(sum[:12])
}

func (m Message) classify(err error) Outcome {
	if m.Direct {
		return ClassifyDirect(err)
	}
	return Classify(err)
}

func (m Message) explain(err error) string {
	if m.Direct {
		return ExplainDirect(err)
	}
	return Explain(err)
}

// left reports whether a message stands, or was to stand, in a channel that it belongs to no
// more and that Slack shows us no more.
func (m Message) left(have incident.Posting, err error) bool {
	return have.Channel != m.Channel && barred[Code(err)]
}

// Once posts a message if it was not posted yet, and gives its record. A
// message that Slack refuses for good is recorded so and is no error.
func (p *Poster) Once(ctx context.Context, pass *Pass, m Message) (incident.Posting, error) {
	have := pass.Posting(m.Key)
	switch {
	case have.TS != "" || have.Error != "":
		return have, nil
	case !have.AttemptedAt.IsZero():
		found, err := p.settle(ctx, pass, have)
		if err != nil && m.left(have, err) {
			// Whether it was taken there, nobody can see any more.
			found, err = have, nil
		}
		if err != nil && m.Direct && m.classify(err) == Never {
			return have, p.refused(ctx, pass, have, m.explain(err), nil)
		}
		if err != nil || found.TS != "" {
			return found, err
		}
		if m.IfThere {
			return incident.Posting{Key: m.Key}, p.refused(ctx, pass, found, "", nil)
		}
	case m.IfThere:
		return have, nil
	}
	return p.post(ctx, pass, m)
}

// Keep posts a message if it was not posted yet, and edits it when its content
// has changed, at once and then at most every EditEvery.
func (p *Poster) Keep(ctx context.Context, pass *Pass, m Message) (incident.Posting, error) {
	have, err := p.Once(ctx, pass, m)
	if err != nil || have.TS == "" || have.Hash == m.hash() {
		return have, err
	}
	if at := have.SentAt.Add(p.EditEvery); Waits(pass.Now(), at, p.EditEvery) {
		return have, &Later{At: at, Why: "the next edit"}
	}
	if err := pass.Newer(); err != nil {
		return have, err
	}
	return p.edit(ctx, pass, have, m)
}

// Waits reports whether at is still to come, of a wait that was so long. What is
// further off was noted by a clock that was ahead of this one.
func Waits(now, at time.Time, long time.Duration) bool {
	return now.Before(at) && at.Sub(now) <= long
}

func (p *Poster) edit(ctx context.Context, pass *Pass, have incident.Posting, m Message) (incident.Posting, error) {
	// Until the result is on record, what the message shows is anybody's guess.
	if err := p.Store.BeginEdit(ctx, pass.Claim, m.Key); err != nil {
		return have, fmt.Errorf("begin the edit of %s: %w", m.Key, err)
	}
	_, _, _, err := p.Slack.UpdateMessageContext(ctx, have.Channel, have.TS, p.content(pass, m)...)
	hash, reason := m.hash(), ""
	if err != nil {
		pass.Suspect(have.Channel, err)
		// What is left of a deleted message that has replies is no longer ours.
		gone := Code(err) == "message_not_found" || Code(err) == "cant_update_message" || m.left(have, err)
		if gone && !m.LetGo {
			return p.again(ctx, pass, m)
		}
		switch Classify(err) {
		case Refused:
			if !gone {
				return have, fmt.Errorf("edit %s: %w", m.Key, Held(err, pass.Now()))
			}
			reason = "somebody deleted it"
		case Unknown:
			hash = ""
		case Never:
			reason = Explain(err)
		}
	}
	have.Hash, have.SentAt, have.Error = hash, pass.Now(), reason
	if noted := p.Store.Edited(ctx, pass.Claim, m.Key, hash, reason, have.SentAt); noted != nil {
		return have, fmt.Errorf("note the edit of %s: %w", m.Key, noted)
	}
	pass.setPosting(have)
	if hash == "" {
		return have, fmt.Errorf("edit %s: %w", m.Key, err)
	}
	return have, nil
}

// Doubt takes what a kept message shows for unknown, so that it is written anew:
// should somebody have deleted it, it is posted again.
func (p *Poster) Doubt(ctx context.Context, pass *Pass, key string) error {
	have := pass.Posting(key)
	if have.TS == "" || have.Hash == "" {
		return nil
	}
	if err := p.Store.BeginEdit(ctx, pass.Claim, key); err != nil {
		return fmt.Errorf("doubt %s: %w", key, err)
	}
	have.Hash = ""
	pass.setPosting(have)
	return nil
}

// again posts a kept message anew that somebody deleted.
func (p *Poster) again(ctx context.Context, pass *Pass, m Message) (incident.Posting, error) {
	if err := p.Store.Gone(ctx, pass.Claim, m.Key); err != nil {
		return incident.Posting{}, fmt.Errorf("note that %s is gone: %w", m.Key, err)
	}
	pass.setPosting(incident.Posting{Key: m.Key})
	return p.post(ctx, pass, m)
}

// TakeBack deletes a message. With a reason it is not posted again; without, it is as
// if it had never been. What people replied to it stays.
func (p *Poster) TakeBack(ctx context.Context, pass *Pass, key, reason string) error {
	have := pass.Posting(key)
	if have.TS == "" && !have.AttemptedAt.IsZero() {
		var err error
		if have, err = p.settle(ctx, pass, have); err != nil {
			return err
		}
	}
	if have.TS != "" {
		_, _, err := p.Slack.DeleteMessageContext(ctx, have.Channel, have.TS)
		if err != nil && Code(err) != "message_not_found" {
			pass.Suspect(have.Channel, err)
			return fmt.Errorf("take %s back: %w", key, Held(err, pass.Now()))
		}
	}
	if err := p.Store.TakenBack(ctx, pass.Claim, key, reason); err != nil {
		return fmt.Errorf("note that %s is taken back: %w", key, err)
	}
	pass.setPosting(incident.Posting{Key: key, Error: reason})
	return nil
}

func (p *Poster) post(ctx context.Context, pass *Pass, m Message) (incident.Posting, error) {
	posting := incident.Posting{
		Key: m.Key, Channel: m.Channel, Thread: m.Thread, Hash: m.hash(),
		AttemptedAt: pass.Now(), SentAt: pass.Now(),
	}
	if err := p.Store.BeginPosting(ctx, pass.Claim, posting); err != nil {
		return posting, fmt.Errorf("begin %s: %w", m.Key, err)
	}
	pass.setPosting(posting)
	_, ts, err := p.Slack.PostMessageContext(ctx, m.Channel, append(p.content(pass, m), p.marks(pass, m)...)...)
	if err == nil && ts == "" {
		err = ErrEmptyAnswer
	}
	if err == nil {
		return p.posted(ctx, pass, posting, ts)
	}
	pass.Suspect(m.Channel, err)
	switch m.classify(err) {
	case Refused:
		return posting, p.refused(ctx, pass, posting, "", Held(err, pass.Now()))
	case Never:
		posting.AttemptedAt, posting.Error = time.Time{}, m.explain(err)
		return posting, p.refused(ctx, pass, posting, posting.Error, nil)
	}
	found, settled := p.settle(ctx, pass, posting)
	if settled != nil {
		return posting, fmt.Errorf("post %s: %w", m.Key, errors.Join(settled, err))
	}
	return found, nil
}

// GiveUp notes that a message can't be posted, and why, before Slack was asked to take it.
func (p *Poster) GiveUp(ctx context.Context, pass *Pass, key, reason string) error {
	posting := incident.Posting{Key: key, AttemptedAt: pass.Now(), SentAt: pass.Now()}
	if err := p.Store.BeginPosting(ctx, pass.Claim, posting); err != nil {
		return fmt.Errorf("give %s up: %w", key, err)
	}
	return p.refused(ctx, pass, posting, reason, nil)
}

// refused notes that the message was definitely not taken.
func (p *Poster) refused(ctx context.Context, pass *Pass, posting incident.Posting, reason string, cause error) error {
	if err := p.Store.RefusePosting(ctx, pass.Claim, posting.Key, reason); err != nil {
		return fmt.Errorf("note the refusal of %s: %w", posting.Key, err)
	}
	posting.AttemptedAt, posting.Error = time.Time{}, reason
	pass.setPosting(posting)
	if cause != nil {
		return fmt.Errorf("post %s: %w", posting.Key, cause)
	}
	return nil
}

// posted notes the message's ts. If another replica has posted the same
// message meanwhile, because ours slept through its lease, ours goes.
func (p *Poster) posted(ctx context.Context, pass *Pass, posting incident.Posting, ts string) (incident.Posting, error) {
	posting.TS = ts
	recorded, err := p.Store.EndPosting(ctx, pass.Claim, posting)
	if err != nil {
		return posting, fmt.Errorf("note the posting of %s: %w", posting.Key, err)
	}
	if recorded != ts {
		if err := p.remove(ctx, posting.Channel, ts); err != nil {
			return posting, err
		}
		posting.TS, posting.Hash = recorded, ""
	}
	posting.AttemptedAt = time.Time{}
	pass.setPosting(posting)
	return posting, nil
}

func (p *Poster) remove(ctx context.Context, channel, ts string) error {
	_, _, err := p.Slack.DeleteMessageContext(ctx, channel, ts)
	if err != nil && Code(err) != "message_not_found" {
		return fmt.Errorf("delete a message that was posted twice: %w", err)
	}
	return nil
}

// content is what of a message can be edited later.
func (p *Poster) content(pass *Pass, m Message) []slack.MsgOption {
	text := m.Text
	if p.Headed != nil && !m.Many {
		text = p.Headed(pass.Case, text)
	}
	return []slack.MsgOption{slack.MsgOptionText(text, false), slack.MsgOptionBlocks(m.Blocks...)}
}

// EventType marks our messages' metadata.
const EventType = "muster_message"

// marks is what of a message is fixed: where it hangs, that its links stay
// small, and the key by which it can be found again.
func (p *Poster) marks(pass *Pass, m Message) []slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType:    EventType,
			EventPayload: map[string]any{"key": p.mark(pass, m.Key)},
		}),
	}
	if m.Thread != "" {
		options = append(options, slack.MsgOptionTS(m.Thread))
		if m.Broadcast {
			options = append(options, slack.MsgOptionBroadcast())
		}
	}
	return options
}

func (p *Poster) mark(pass *Pass, key string) string {
	return p.Installation + ":" + pass.Claim.Subject + ":" + key
}
