package room

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// The steps about what people do to channels and messages.
const (
	StepCheck   = "check"
	StepContact = "contact"
	StepAway    = "away"
)

// deedCheck is the last check; its value is the CheckAt that asked for it.
const deedCheck = "check"

// check comes first. It follows the hints about channels, and lets the messages
// that everybody looks at be written anew when it is time.
func (r *Room) check(ctx context.Context, p *reconcile.Pass) error {
	changed := false
	for _, room := range slices.Clone(p.Rooms) {
		// One that is closed to us may be open again without our hearing of it, and a
		// private one public.
		if room.ID == "" || room.Noticed <= room.Looked && (room.Open() && !p.Private || !r.checks(p)) {
			continue
		}
		other, err := r.see(ctx, p, room)
		if err != nil {
			return err
		}
		changed = changed || other
	}
	for _, room := range slices.Clone(p.Rooms) {
		if !room.WantedBack || room.Open() || !needed(p, room.Purpose) {
			continue
		}
		if err := r.bringBack(ctx, p, room); err != nil {
			return err
		}
		changed = true
	}
	for _, do := range []func(context.Context, *reconcile.Pass) error{r.doubt, r.resync} {
		if err := do(ctx, p); err != nil {
			return err
		}
	}
	if changed {
		// There is something to say now that was not when the case was read.
		return reconcile.ErrNewer
	}
	return nil
}

// checks reports whether it is time for a check.
func (r *Room) checks(p *reconcile.Pass) bool {
	return !p.CheckAt.IsZero() && p.Deed(deedCheck).Value != checkStamp(p)
}

func checkStamp(p *reconcile.Pass) string { return strconv.FormatInt(p.CheckAt.UnixMilli(), 10) }

// doubt lets card and digest message be written anew once for each CheckAt.
func (r *Room) doubt(ctx context.Context, p *reconcile.Pass) error {
	if !r.checks(p) {
		return nil
	}
	for _, key := range []string{KeyCard, incident.KeyDigest} {
		if key == KeyCard && !p.Room(incident.RoomMain).Open() {
			continue
		}
		if err := r.Poster.Doubt(ctx, p, key); err != nil {
			return err
		}
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedCheck, Value: checkStamp(p)})
}

// see asks Slack about a channel and notes the answer. It reports whether that is
// another one than before.
func (r *Room) see(ctx context.Context, p *reconcile.Pass, room incident.Room) (changed bool, err error) {
	seen := incident.Sighting{
		Purpose: room.Purpose, Channel: room.ID, Name: room.Name, By: room.NoticedBy, At: p.Now(), Noticed: room.Noticed,
	}
	if room.Noticed <= room.Looked {
		seen.By = ""
	}
	info, err := r.Slack.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: room.ID})
	switch {
	case reconcile.Code(err) == "channel_not_found" && r.worked(p, room):
		seen.State = incident.RoomGone
	case err != nil:
		return false, fmt.Errorf("look at a channel: %w", reconcile.Held(err, p.Now()))
	case info.IsArchived:
		seen.State = incident.RoomArchived
	case !info.IsMember && room.State == incident.RoomArchived && !info.IsPrivate:
		// Archiving takes everybody out; whoever brought the channel back wants to
		// go on in it.
		if _, _, _, err := r.Slack.JoinConversationContext(ctx, room.ID); err != nil {
			return false, fmt.Errorf("join a channel: %w", reconcile.Held(err, p.Now()))
		}
	case !info.IsMember:
		seen.State = incident.RoomAway
	}
	if err == nil && info.Name != "" {
		seen.Name = info.Name
	}
	seen.Private, seen.Public = err == nil && info.IsPrivate, err == nil && !info.IsPrivate
	if err := r.Store.SeeRoom(ctx, p.Claim, seen); err != nil {
		return false, fmt.Errorf("note what became of a channel: %w", err)
	}
	exposed := room.Exposed && !seen.Private || room.Private && seen.Public
	changed = room.State != seen.State || room.Exposed != exposed
	room.State, room.Name, room.Looked = seen.State, seen.Name, max(room.Looked, seen.Noticed)
	room.Private, room.Exposed = room.Private || seen.Private, exposed
	p.SetRoom(room)
	if seen.Private && room.Purpose == incident.RoomMain && !p.Private {
		// What runs after this must tell nobody outside; a new pass reads all of it.
		p.Private, changed = true, true
	}
	return changed, nil
}

// worked reports whether muster has said something in a channel. One that it has just
// made may be unknown to parts of Slack for a moment.
func (r *Room) worked(p *reconcile.Pass, room incident.Room) bool {
	first := KeyCard
	if room.Purpose == incident.RoomRCA {
		first = incident.KeyOpener
	}
	return !room.Open() || p.Posting(first).TS != ""
}

// needed reports whether there is work to do in a channel.
func needed(p *reconcile.Pass, purpose incident.RoomPurpose) bool {
	if purpose == incident.RoomRCA {
		return p.Status == incident.Resolved
	}
	return p.Status.Open()
}

// roomKeys are the messages and deeds that belong to the channel itself, or lead to it.
var roomKeys = map[incident.RoomPurpose][]string{
	incident.RoomMain: {KeyCard, keyQuote, keyPrompt, "review", deedPin, deedTopic, deedGroup, "bookmark:%", "invite:%"},
	incident.RoomRCA:  {incident.KeyOpener, incident.KeyReviewInvite + "%", "review"},
}

// bringBack unarchives or joins the room of an incident that was reopened, or the channel
// of the review of one that is resolved again. Where Slack does
// not let us, which is likely when somebody else archived it, there will be another.
func (r *Room) bringBack(ctx context.Context, p *reconcile.Pass, room incident.Room) error {
	var err error
	if room.State == incident.RoomAway {
		_, _, _, err = r.Slack.JoinConversationContext(ctx, room.ID)
	} else {
		err = r.Slack.UnArchiveConversationContext(ctx, room.ID)
	}
	if err == nil || reconcile.Code(err) == "not_archived" {
		_, err = r.see(ctx, p, room)
		if err == nil && p.Room(room.Purpose).Open() {
			return nil
		}
	}
	if err != nil && !refusesRoom(err) {
		return fmt.Errorf("unarchive the room: %w", reconcile.Held(err, p.Now()))
	}
	if err == nil {
		// Slack may show late that it is there again.
		if err := r.moment(ctx, p, "back:"+room.ID, "the channel to be there again"); err != nil {
			return err
		}
	}
	if err := r.Store.RenewRoom(ctx, p.Claim, room.Purpose, roomKeys[room.Purpose]); err != nil {
		return fmt.Errorf("give the room up: %w", err)
	}
	return nil
}

// refusesRoom reports whether Slack refused for what the channel is, and not for what the
// app or Slack itself is at the moment.
func refusesRoom(err error) bool {
	code := reconcile.Code(err)
	return code != "" && !reconcile.Passing(err) && reconcile.Classify(err) != reconcile.Unknown
}

// contact comes last. Where Slack refused a channel in this pass, it looks why, so
// that what can't be done is said once and not tried for ever.
func (r *Room) contact(ctx context.Context, p *reconcile.Pass) error {
	changed := false
	for _, room := range slices.Clone(p.Rooms) {
		if room.ID == "" || p.Suspected(room.ID) == nil {
			continue
		}
		if err := r.patience(ctx, p, room.ID); err != nil {
			return err
		}
		other, err := r.see(ctx, p, room)
		if err != nil {
			return err
		}
		changed = changed || other
	}
	if err := r.digestAway(ctx, p); err != nil {
		return err
	}
	if changed {
		return reconcile.ErrNewer
	}
	return nil
}

const (
	// movedWithin is how long Slack may take to tell what became of a channel.
	movedWithin = 3 * time.Second
	// patienceFor is how long it is remembered that this was waited for.
	patienceFor = time.Minute
)

// patience waits a moment before a channel that Slack does not know is taken for gone: it
// may have got another id, of which the event is on its way.
func (r *Room) patience(ctx context.Context, p *reconcile.Pass, channel string) error {
	if reconcile.Code(p.Suspected(channel)) != "channel_not_found" {
		return nil
	}
	return r.moment(ctx, p, "missed:"+channel, "word of a channel that Slack does not know")
}

// moment is a wait until movedWithin after it was asked for first, and then nil.
func (r *Room) moment(ctx context.Context, p *reconcile.Pass, key, why string) error {
	began := p.Deed(key).AttemptedAt
	if began.IsZero() || !reconcile.Waits(p.Now(), began.Add(patienceFor), patienceFor) {
		if err := p.BeginDeed(ctx, r.Store, key, ""); err != nil {
			return err
		}
		began = p.Now()
	}
	if at := began.Add(movedWithin); reconcile.Waits(p.Now(), at, movedWithin) {
		return &reconcile.Later{At: at, Why: why}
	}
	return nil
}

// digestAway says once in the room that nobody outside is told.
func (r *Room) digestAway(ctx context.Context, p *reconcile.Pass) error {
	refused := p.Suspected(p.Installation.Digest)
	room := p.Room(incident.RoomMain)
	if refused == nil || room.ID == "" || !room.Open() {
		return nil
	}
	if err := r.patience(ctx, p, p.Installation.Digest); err != nil {
		return err
	}
	text := block.Textf(":warning: Nobody outside is told of *%s* now: muster can't write in the digest channel, %s. It goes on there as soon as it can.",
		p.Ref(), reconcile.Explain(refused))
	_, err := r.Poster.Once(ctx, p, reconcile.Message{
		Key: "digest:away", Channel: room.ID, Text: block.Fallback(text), Blocks: []slack.Block{block.Section(text)},
	})
	return err
}

// away says once what became of the room, outside it: in the thread of the digest
// message, or, where there is none, to the commander or the declarer.
func (r *Room) away(ctx context.Context, p *reconcile.Pass) error {
	for _, e := range p.Updates {
		if e.Kind != incident.EntryChannel {
			continue
		}
		text, blocks := Away(p.Case, e)
		key := incident.KeyUpdate + strconv.FormatInt(e.ID, 10)
		parent := p.Posting(incident.KeyDigest)
		var err error
		switch {
		case parent.TS != "":
			_, err = r.Poster.Once(ctx, p, reconcile.Message{Key: key, Channel: parent.Channel, Thread: parent.TS, Text: text, Blocks: blocks})
		case incident.AtTerminal(responsible(&p.Incident)), !p.VisibleTo(responsible(&p.Incident)):
			continue
		default:
			err = r.direct(ctx, p, responsible(&p.Incident), key, text, blocks)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// responsible is the commander, else whoever declared.
func responsible(i *incident.Incident) string {
	if held, ok := i.Holder(incident.Commander); ok {
		return held.User
	}
	return i.Declarer
}

// Away says what became of an incident's room to people who are not in it.
func Away(c *incident.Case, e incident.Entry) (text string, blocks []slack.Block) {
	line := channelLine(c, e)
	switch incident.RoomState(e.To) {
	case incident.RoomArchived:
		line += block.Textf(" *%s* is still open: unarchive the channel to go on there, or resolve it.", c.Ref())
	case incident.RoomAway:
		line += block.Textf(" Card and topic stand still there until somebody brings it back with `/invite @muster`.")
	case incident.RoomGone:
		line += block.Textf(" The record is kept: `/incident %d timeline` shows it anywhere.", c.Number)
	}
	blocks = []slack.Block{block.Section(":warning: " + line)}
	if c.Status.Open() {
		blocks = append(blocks, block.Actions(
			block.Button("Resolve", block.ActResolve, block.Value(c.Number)), block.Button("More", block.ActShow, block.Value(c.Number))))
	}
	return block.Fallback(line), blocks
}

// channelLine says what became of a channel.
func channelLine(c *incident.Case, e incident.Entry) block.Markup {
	what := block.Textf("The channel of *%s*", c.Ref())
	if incident.RoomPurpose(e.From) == incident.RoomRCA {
		what = block.Textf("The root-cause channel of *%s*", c.Ref())
	}
	what += block.Textf(", #%s,", e.Text)
	by := block.Markup("")
	if e.By != "" {
		by = block.Textf(" by %s", block.User(e.By))
	}
	switch incident.RoomState(e.To) {
	case incident.RoomArchived:
		return what + " was archived" + by + "."
	case incident.RoomAway:
		return what + " is without muster: somebody removed it."
	case incident.RoomGone:
		return what + " can't be reached any more: it was deleted" + by + ", or it is private and without muster."
	}
	return what + " is there again."
}
