package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formSetting = "setting"
	formAddRole = "role_add"
)

// settingShown travels in the form of a section: which one, and fingerprints of
// what it showed.
type settingShown struct {
	Section string                      `json:"section"`
	Shown   map[incident.Setting]string `json:"shown"`
}

func settingForm(s incident.Section) slack.ModalViewRequest {
	private, _ := json.Marshal(settingShown{s.Key, s.Fingerprints()})
	blocks := make([]slack.Block, len(s.Fields))
	for n, f := range s.Fields {
		blocks[n] = settingInput(f)
	}
	return block.Form(formSetting, s.Title, "Save", string(private), blocks...)
}

func settingInput(f incident.SettingField) *slack.InputBlock {
	id := string(f.Setting)
	var input *slack.InputBlock
	switch f.Kind {
	case incident.KindText:
		input = block.Paragraph(id, f.Label, f.Rules, f.Value)
	case incident.KindSwitch:
		input = block.Choice(id, f.Label, f.Value,
			block.Option{Label: "Yes", Value: incident.Yes}, block.Option{Label: "No", Value: incident.No})
	default:
		input = block.Line(id, f.Label, f.Rules, f.Value)
	}
	if f.Hint != "" {
		input = block.Hint(input, f.Hint)
	}
	if f.Optional {
		input = block.Optional(input)
	}
	return input
}

// openSetting opens the form of a section beside the acknowledgement.
func (b *Bot) openSetting(ctx context.Context, c click) error {
	if err := b.Administers(ctx, c.act.By); err != nil {
		return err
	}
	sections, _, err := b.Desk.Sections(ctx)
	if err != nil {
		return err
	}
	section, ok := incident.FindSection(sections, c.value)
	if !ok {
		return incident.Errorf(incident.NotFound, "This is not there any more. Open the settings again.")
	}
	b.open(ctx, c.in.TriggerID, settingForm(section), c.ack)
	return nil
}

func (b *Bot) settingSaved(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	var was settingShown
	_ = json.Unmarshal([]byte(in.View.PrivateMetadata), &was)
	e := incident.SettingEdit{Values: map[incident.Setting]string{}, Shown: was.Shown}
	first := ""
	for field, value := range values(in) {
		e.Values[incident.Setting(field)] = value
		if first == "" || field < first {
			first = field
		}
	}
	err := b.Administers(ctx, in.User.ID)
	if err == nil {
		err = b.groupThere(ctx, e)
	}
	if err == nil {
		err = b.Desk.ChangeSettings(ctx, e, incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	}
	return b.closeSetting(ctx, err, first)
}

// closeSetting closes the form, or says each error beside its field.
func (b *Bot) closeSetting(ctx context.Context, err error, first string) *slack.ViewSubmissionResponse {
	refusals, ok := errors.AsType[incident.Refusals](err)
	if !ok {
		return b.closeUnless(ctx, err, first)
	}
	name, beside := b.namer(ctx), map[string]string{}
	for _, r := range refusals {
		beside[r.Field] = incident.NameWho(r.Message, name(r.Who))
	}
	return slack.NewErrorsViewSubmissionResponse(beside)
}

// groupThere refuses a user group that Slack does not know. If Slack doesn't
// answer, the group is taken: the step that invites it looks again.
func (b *Bot) groupThere(ctx context.Context, e incident.SettingEdit) error {
	typed, sent := e.Values[incident.SettingGroup]
	handle := strings.TrimPrefix(incident.CleanLine(typed), "@")
	if !sent || handle == "" || handle == incident.NoGroup || incident.Fingerprint(typed) == e.Shown[incident.SettingGroup] {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, b.askLimit())
	defer cancel()
	groups, err := b.Slack.GetUserGroupsContext(ctx)
	if err != nil {
		b.Log.Warn().Err(err).Msg("look up a user group")
		return nil
	}
	for _, g := range groups {
		if strings.EqualFold(g.Handle, handle) {
			return nil
		}
	}
	return incident.Refusals{incident.FieldErrorf(string(incident.SettingGroup), "There is no user group @%s in this workspace.", handle)}
}

// restoreStock gives a section its stock text back.
func (b *Bot) restoreStock(ctx context.Context, c click) error {
	if err := b.Administers(ctx, c.act.By); err != nil {
		return err
	}
	return oneOf(b.Desk.RestoreStock(ctx, c.value, c.act))
}

// retireRole takes a role out of use.
func (b *Bot) retireRole(ctx context.Context, c click) error {
	if err := b.Administers(ctx, c.act.By); err != nil {
		return err
	}
	return b.Desk.RetireRole(ctx, c.value, c.act)
}

// oneOf says the first of several refusals where there are no fields.
func oneOf(err error) error {
	if refusals, ok := errors.AsType[incident.Refusals](err); ok && len(refusals) > 0 {
		return refusals[0]
	}
	return err
}

func addRoleForm() slack.ModalViewRequest {
	return block.Form(formAddRole, "Add a role", "Add", "",
		block.Line(incident.FieldRoleName, "Name", "Scribe", ""),
		block.Hint(block.Paragraph(incident.FieldRoleText, "What it is for", "Writes down what happens, and when.", ""), "Who gets the role is sent this."))
}

func (b *Bot) openAddRole(ctx context.Context, c click) error {
	if err := b.Administers(ctx, c.act.By); err != nil {
		return err
	}
	b.open(ctx, c.in.TriggerID, addRoleForm(), c.ack)
	return nil
}

func (b *Bot) roleAdded(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	err := b.Administers(ctx, in.User.ID)
	if err == nil {
		typed := values(in)
		err = b.Desk.AddRole(ctx, typed[incident.FieldRoleName], typed[incident.FieldRoleText], incident.Act{By: in.User.ID, Key: in.View.ID})
	}
	return b.closeSetting(ctx, err, incident.FieldRoleName)
}
