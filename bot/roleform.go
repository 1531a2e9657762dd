package bot

import (
	"context"
	"encoding/json"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formRole    = "role"
	fieldRole   = "role"
	fieldDo     = "do"
	fieldPerson = "person"
	fieldNote   = "note"
)

// What the form of the roles can do with one.
const (
	doGive  = "give"
	doClaim = "claim"
	doLeave = "leave"
)

// roleShown travels in the form of the roles: which incident, and when the newest
// assignment was made that the person was looking at, or the declaration.
type roleShown struct {
	Number int64     `json:"number"`
	Seen   time.Time `json:"seen,omitzero"`
}

// roleForm shows who has which role, and asks what becomes of one. role is the
// key of the one that is picked already, or empty.
func roleForm(i *incident.Incident, d incident.Definitions, role, note string) slack.ModalViewRequest {
	title := i.Ref() + " roles"
	if len(d.Roles) == 0 {
		return block.Form("", title, "", "", block.Section("No role is defined here. Administrators can add some."))
	}
	roles := d.RolesOf(i)
	lines, options := make([]block.Markup, len(roles)), make([]block.Option, len(roles))
	for n, r := range roles {
		lines[n] = block.Textf("%s: %s", r.Name, block.Holder(i, r.Key))
		options[n] = block.Option{Label: r.Name, Value: r.Key}
	}
	if role == "" {
		role = roles[0].Key
	}
	private, _ := json.Marshal(roleShown{Number: i.Number, Seen: i.LastAssigned()})
	return block.Form(formRole, title, "Save", string(private), append(block.Lines(lines),
		block.Choice(fieldRole, "Role", role, options...),
		block.Choice(fieldDo, "What", doGive,
			block.Option{Label: "Give it to somebody", Value: doGive},
			block.Option{Label: "Claim it for myself", Text: "if nobody has it", Value: doClaim},
			block.Option{Label: "Leave it", Text: "if I have it", Value: doLeave}),
		block.Hint(block.Optional(block.Person(fieldPerson, "Person")), "Who gets it. They are told, and added to the channel."),
		block.Optional(block.Paragraph(fieldNote, "Note", "what they should know", note)))...)
}

// openRoles opens the form beside the acknowledgement. word is what the person
// calls the role to be picked already, or empty.
func (b *Bot) openRoles(ctx context.Context, trigger string, number int64, word, note string, ack ack) error {
	i, err := b.incident(ctx, number)
	if err != nil {
		return err
	}
	if err := i.OpenTo("change who does what"); err != nil {
		return err
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return err
	}
	key := ""
	if word != "" {
		role, err := definitions.FindRole(word)
		if err != nil {
			return err
		}
		key = role.Key
	}
	b.open(ctx, trigger, roleForm(i, definitions, key, note), ack)
	return nil
}

func (b *Bot) roleChosen(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	err := b.changeRole(ctx, in, values(in))
	return b.closeUnless(ctx, err, fieldRole, fieldPerson, fieldNote)
}

func (b *Bot) changeRole(ctx context.Context, in slack.InteractionCallback, fields map[string]string) error {
	var shown roleShown
	_ = json.Unmarshal([]byte(in.View.PrivateMetadata), &shown)
	role, to := fields[fieldRole], fields[fieldPerson]
	act := incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID}
	give := fields[fieldDo] == doGive
	switch {
	case give && to == "":
		return incident.FieldErrorf(fieldPerson, "Say who gets it.")
	case !give && to != "":
		return incident.FieldErrorf(fieldPerson, "Leave this empty, or choose “Give it to somebody” above.")
	case !give && incident.CleanLine(fields[fieldNote]) != "":
		return incident.FieldErrorf(fieldNote, "A note goes with a role that is given to somebody. To tell everybody, use “/incident note”.")
	case give:
		if err := b.mayHold(ctx, to); err != nil {
			return err
		}
		_, _, err := b.Desk.Assign(ctx, shown.Number, role, incident.Handing{To: to, Note: fields[fieldNote], Seen: shown.Seen}, act)
		return err
	case fields[fieldDo] == doLeave:
		_, _, err := b.Desk.Leave(ctx, shown.Number, role, act)
		return err
	}
	_, _, err := b.Desk.Claim(ctx, shown.Number, role, act)
	return err
}

// leaveRole gives a role up. Outside the room nobody would see that it worked.
func (b *Bot) leaveRole(ctx context.Context, c click) error {
	i, left, err := b.Desk.Leave(ctx, c.number, c.rest, c.act)
	if err != nil {
		return err
	}
	return b.clickedElsewhere(ctx, c, block.Textf("You are no longer %s of %s. Its channel is told that the role is free.", left.Name, block.Called(i)))
}
