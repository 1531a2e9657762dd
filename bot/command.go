package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// asked is a command with what belongs to it.
type asked struct {
	slack.SlashCommand
	incident.Command
	// ack is called by handlers that open a form; the others return their answer.
	ack ack
}

// act is the idempotency of a command: Slack makes a trigger id for each
// invocation, and gives the same one when it sends an envelope twice.
func (a asked) act() incident.Act {
	return incident.Act{By: a.UserID, Key: a.TriggerID, TypedIn: a.ChannelID}
}

// answer is what goes back to the person who typed a command; nil says nothing.
type answer any

// command handles /incident.
func (b *Bot) command(ctx context.Context, cmd slack.SlashCommand, ack ack) {
	ack = b.fitting(ctx, cmd.ResponseURL, ack)
	a := asked{SlashCommand: cmd, Command: b.parsed(ctx, cmd.Text), ack: ack}
	ctx = acting(ctx, cmd.UserID, cmd.ChannelID)
	b.contact(ctx, cmd.ChannelID, cmd.ChannelName)
	a.Command = b.meant(ctx, a)
	ctx = opens(ctx, cmd.TriggerID, ack, func() bool { return b.formOf(ctx, a) })
	a.Rest = b.people(ctx, a)
	defer b.letGo(ctx, nil)
	var reply answer
	var err error
	if b.opensDeclare(ctx, a) {
		ctx = b.vetLater(ctx, cmd.UserID)
	}
	if !vetsLater(ctx) {
		err = b.mayHelp(ctx, cmd.UserID, cmd.ChannelID, a.Number == 0 && (a.Verb == incident.VerbClaim || a.Verb == incident.VerbNote))
	}
	if err == nil {
		reply, err = b.verb(ctx, a)
	}
	if err != nil && held(ctx) {
		b.letGo(ctx, err)
		return
	}
	if err != nil {
		reply = b.refusal(err, a.Rest)
	}
	ack(reply)
}

// people is a command's text with names of people in place of their ids, where it is text
// for others to read. Slack is asked for names only if no form is waiting to be opened.
func (b *Bot) people(ctx context.Context, a asked) string {
	switch {
	case a.Verb == incident.VerbForm, a.Verb == incident.VerbUpdate, mayBeTitle(a):
		return named(ctx, a.Rest, b.knownNames)
	case proseVerbs[a.Verb]:
		return b.withNames(ctx, a.Rest)
	}
	return a.Rest
}

// proseVerbs are those whose text is told to others as it is.
var proseVerbs = map[incident.Verb]bool{
	incident.VerbNew: true, incident.VerbNote: true, incident.VerbTitle: true, incident.VerbSummary: true,
	incident.VerbStatus: true, incident.VerbResolve: true, incident.VerbCancel: true,
}

// handBack is from how many characters on a text is given back that could not be taken:
// Slack's clients forget what was typed after a command. backAtOnce is how many fit
// into a block.
const handBack, backAtOnce = 150, 2900

// refusal says why a command did not work, offers what has to come first, and gives back
// what was typed if that was long.
func (b *Bot) refusal(err error, typed string) answer {
	text, runes := b.words(err), []rune(typed)
	blocks := []slack.Block{block.Section(text)}
	if refusal, ok := errors.AsType[*incident.Error](err); ok && refusal.Ended != 0 {
		blocks = []slack.Block{block.Row(text, block.Reopen(refusal.Ended))}
	}
	if len(runes) < handBack {
		return only(text, blocks...)
	}
	blocks = append(blocks, block.Context("It is not kept. This is what you typed:"))
	for part := range slices.Chunk(runes, backAtOnce) {
		blocks = append(blocks, block.Plain(string(part)))
	}
	return only(text, blocks...)
}

func (b *Bot) verb(ctx context.Context, a asked) (answer, error) {
	switch a.Verb {
	case incident.VerbForm:
		return b.free(ctx, a)
	case incident.VerbNew:
		if incident.CleanLine(a.Rest) == "" {
			return nil, b.openDeclare(ctx, a.TriggerID, "", origin(a.SlashCommand), a.ack)
		}
		return b.declareNow(ctx, a.SlashCommand, a.Rest, false)
	case incident.VerbList:
		return b.list(ctx, a)
	case incident.VerbStats:
		return b.stats(ctx, a)
	case incident.VerbFind:
		return b.find(ctx, a)
	case incident.VerbConsole:
		return b.console(ctx, a)
	case incident.VerbSettings:
		return nil, b.openSettings(ctx, a.TriggerID, a.UserID, a.ack)
	case incident.VerbHelp:
		return help(a.Rest), nil
	}
	number, err := b.which(ctx, a)
	if err == nil {
		err = b.mayKnow(ctx, number)
	}
	if err != nil {
		return nil, err
	}
	if number == 0 && a.Verb == incident.VerbUpdate {
		return nil, b.openUpdate(ctx, a.TriggerID, 0, a.Rest, a.ack)
	}
	if number == 0 {
		return b.needsNumber(ctx, a)
	}
	return b.about(ctx, a, number)
}

// about handles the verbs that are about one incident.
func (b *Bot) about(ctx context.Context, a asked, number int64) (answer, error) {
	switch a.Verb {
	case incident.VerbShow:
		return b.show(ctx, number)
	case incident.VerbExport:
		return b.export(ctx, a, number)
	case incident.VerbResync:
		return b.resync(ctx, number)
	case incident.VerbTimeline:
		return b.timeline(ctx, a, number)
	case incident.VerbNote:
		return b.noteCommand(ctx, a, number)
	case incident.VerbTodo:
		return b.todoCommand(ctx, a, number)
	case incident.VerbSeverity:
		return b.severityCommand(ctx, a, number)
	case incident.VerbStatus:
		return b.statusCommand(ctx, a, number)
	case incident.VerbClaim:
		return b.claimCommand(ctx, a, number)
	case incident.VerbAssign:
		return b.giveCommand(ctx, a, number, b.Desk.Assign)
	case incident.VerbHandOver:
		return b.giveCommand(ctx, a, number, b.Desk.HandOver)
	case incident.VerbLeave:
		return b.leaveCommand(ctx, a, number)
	case incident.VerbUpdate:
		return nil, b.openUpdate(ctx, a.TriggerID, number, a.Rest, a.ack)
	case incident.VerbTitle, incident.VerbSummary:
		return b.editCommand(ctx, a, number)
	case incident.VerbResolve:
		return b.resolveCommand(ctx, a, number)
	case incident.VerbCancel:
		return b.cancelCommand(ctx, a, number)
	case incident.VerbDup:
		return b.duplicateCommand(ctx, a, number)
	case incident.VerbReopen:
		i, err := b.Desk.Reopen(ctx, number, a.act())
		return b.changed(ctx, a, i, err)
	}
	return help(""), nil
}

func origin(cmd slack.SlashCommand) declareOrigin {
	return declareOrigin{Kind: incident.OriginForm, Channel: cmd.ChannelID}
}

// free handles words that are no command: nothing in a room shows the
// incident, a near miss is asked about, and the rest is a title.
func (b *Bot) free(ctx context.Context, a asked) (answer, error) {
	if a.Rest == "" {
		number, err := b.Reader.InRoom(ctx, a.ChannelID)
		if err != nil {
			return nil, err
		}
		if number != 0 {
			return nil, b.openPanel(ctx, a.TriggerID, a.UserID, number, a.ack)
		}
	}
	if a.Near != "" {
		return b.near(ctx, a)
	}
	return nil, b.openDeclareWith(ctx, a.TriggerID, incident.Declaration{Title: a.Rest}.Named(), origin(a.SlashCommand), a.ack)
}

// channelNamed is a channel as Slack writes it when it escapes a command's text.
var channelNamed = regexp.MustCompile(`<#([CG][A-Z0-9]+)(?:\|[^>]*)?>`)

// parsed reads a command, in which the room of an incident may stand for its number:
// Slack offers channels to who types a #.
func (b *Bot) parsed(ctx context.Context, text string) incident.Command {
	cmd := incident.ParseCommand(block.Typed(text))
	numbered := b.numbered(ctx, b.numbered(ctx, text))
	if numbered == text {
		return cmd
	}
	named := incident.ParseCommand(block.Typed(numbered))
	if named.Number == 0 && named.Verb != incident.VerbDup {
		// The channel belongs to a sentence.
		return cmd
	}
	return named
}

// numbered puts the number of an incident in the place of the first channel, if that
// is a room and stands where a command names an incident.
func (b *Bot) numbered(ctx context.Context, text string) string {
	at := channelNamed.FindStringSubmatchIndex(text)
	if at == nil {
		return text
	}
	if before := strings.Fields(text[:at[0]]); len(before) > 1 && !strings.EqualFold(before[len(before)-1], "of") {
		return text
	}
	switch incident.ParseCommand(block.Typed(text)).Verb {
	case incident.VerbNew, incident.VerbNote, incident.VerbTodo, incident.VerbTitle, incident.VerbSummary:
		return text
	}
	number, err := b.Reader.InRoom(ctx, text[at[2]:at[3]])
	if err != nil || number == 0 {
		return text
	}
	return fmt.Sprintf("%s#%d%s", text[:at[0]], number, text[at[1]:])
}

// meant is the command as it is meant in the channel where it was typed.
func (b *Bot) meant(ctx context.Context, a asked) incident.Command {
	elsewhere := a.Elsewhere()
	if elsewhere == a.Command {
		return a.Command
	}
	if number, err := b.Reader.InRoom(ctx, a.ChannelID); err != nil || number != 0 {
		return a.Command
	}
	return elsewhere
}

// which incident a command is about: the one that was named, else the room's.
func (b *Bot) which(ctx context.Context, a asked) (int64, error) {
	if a.Number != 0 {
		return a.Number, nil
	}
	return b.Reader.InRoom(ctx, a.ChannelID)
}

// inItsRoom reports whether a channel is where everybody is told of an incident. In its
// review's, nobody is.
func (b *Bot) inItsRoom(ctx context.Context, channel string, number int64) (bool, error) {
	room, err := b.Reader.RoomOf(ctx, number)
	return err == nil && room != "" && room == channel, err
}

// changed answers a change: the room tells everybody, so the person hears of it
// only where they stand outside the room.
func (b *Bot) changed(ctx context.Context, a asked, i *incident.Incident, err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	if here, err := b.inItsRoom(ctx, a.ChannelID, i.Number); err != nil || here {
		return nil, nil
	}
	if !i.Status.Open() {
		return only(block.Textf("%s is now %s.", block.Called(i), i.Standing())), nil
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	return only(block.Textf("%s is now %s, %s.", block.Called(i), definitions.Severity(i.Severity).Name, i.Standing())), nil
}

// needsNumber answers a command that is about an incident, in a channel that
// is no room.
func (b *Bot) needsNumber(ctx context.Context, a asked) (answer, error) {
	list := listing{Scope: incident.ScopeOpen}
	if a.Verb == incident.VerbReopen {
		list.Scope = incident.ScopeResolved
	}
	page, err := b.Reader.List(ctx, list.query(a.UserID, 10))
	if err != nil {
		return nil, err
	}
	example := int64(42)
	if len(page.List) > 0 {
		example = page.List[0].Number
	}
	whole := b.withNames(ctx, a.Rest)
	rest := whole
	switch a.Verb {
	case incident.VerbNote, incident.VerbTodo, incident.VerbTitle, incident.VerbSummary:
		// "note 42 restarted the database" may be about INC-42.
		if first, after, _ := strings.Cut(rest, " "); after != "" {
			if number, ok := incident.ParseRef(first); ok {
				example, rest = number, after
			}
		}
	}
	typed := strings.TrimSpace(string(a.Verb) + " " + incident.Shorten(incident.CleanLine(rest), 80))
	text := block.Textf("This channel belongs to no incident. Say which: `/incident %d %s`.", example, typed)
	blocks := append([]slack.Block{block.Section(text)}, list.blocks(page, 10)...)
	if page.Total > 0 {
		blocks = append(blocks, block.RowIncidents("Or choose one to see all that can be done:", block.ActShow))
	}
	if title := string(a.Verb) + " " + whole; len(strings.Fields(a.Rest)) > 1 && !aboutSomebody[a.Verb] {
		// Perhaps it was meant as a title: "note service is down".
		blocks = append(blocks, block.Actions(block.Button(fmt.Sprintf("Declare “%s” instead", title), block.ActDeclareForm, title)))
	}
	return only(text, blocks...), nil
}

// aboutSomebody are the verbs whose words name a person or another incident, and are no
// title.
var aboutSomebody = map[incident.Verb]bool{
	incident.VerbAssign: true, incident.VerbHandOver: true, incident.VerbLeave: true, incident.VerbClaim: true, incident.VerbDup: true,
}

func (b *Bot) claimCommand(ctx context.Context, a asked, number int64) (answer, error) {
	role := a.Rest
	if role == "" {
		role = incident.Commander
	}
	i, claimed, err := b.Desk.Claim(ctx, number, role, a.act())
	if err != nil {
		return nil, err
	}
	return b.elsewhere(ctx, a, number, block.Textf("You are now %s of %s.", claimed.Name, block.Called(i)))
}
