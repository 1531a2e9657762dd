package bot

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/incident"
)

// stillDesk decides nothing: what is measured is hearing alone.
type stillDesk struct {
	Desk
	Reader
	severity incident.Severity
}

func (d *stillDesk) SetSeverity(_ context.Context, number int64, to, _ incident.Severity, _ incident.Act) (*incident.Incident, error) {
	d.severity = to
	return &incident.Incident{Number: number, Title: "db down", Severity: to}, nil
}

func (d *stillDesk) Incident(_ context.Context, number int64) (*incident.Incident, error) {
	return &incident.Incident{Number: number, Title: "db down", Severity: incident.SEV4}, nil
}

func (d *stillDesk) Definitions(context.Context) (incident.Definitions, error) {
	return incident.Definitions{}, nil
}

func (d *stillDesk) InRoom(context.Context, string) (int64, error) { return 42, nil }

const submissionJSON = `{
	"type": "view_submission", "team": {"id": "T1", "domain": "acme"}, "user": {"id": "U1", "username": "ana", "team_id": "T1"},
	"api_app_id": "A1", "token": "t", "trigger_id": "1.2.3", "response_urls": [], "is_enterprise_install": false,
	"view": {
		"id": "V1", "team_id": "T1", "type": "modal", "callback_id": "severity", "hash": "1.x", "root_view_id": "V1", "app_id": "A1", "bot_id": "B1",
		"private_metadata": "{\"number\":42,\"value\":\"SEV4\"}",
		"title": {"type": "plain_text", "text": "INC-42 severity"}, "submit": {"type": "plain_text", "text": "Save"},
		"blocks": [{"type": "input", "block_id": "severity", "label": {"type": "plain_text", "text": "Severity"},
			"element": {"type": "static_select", "action_id": "severity", "options": [
				{"text": {"type": "plain_text", "text": "SEV1"}, "value": "SEV1"}, {"text": {"type": "plain_text", "text": "SEV2"}, "value": "SEV2"},
				{"text": {"type": "plain_text", "text": "SEV3"}, "value": "SEV3"}, {"text": {"type": "plain_text", "text": "SEV4"}, "value": "SEV4"}]}}],
		"state": {"values": {"severity": {"severity": {"type": "static_select",
			"selected_option": {"text": {"type": "plain_text", "text": "SEV1"}, "value": "SEV1"}}}}}}}`

const commandJSON = `{
	"token": "t", "team_id": "T1", "team_domain": "acme", "channel_id": "C1", "channel_name": "inc-42", "user_id": "U1", "user_name": "ana",
	"command": "/incident", "text": "severity sev2", "api_app_id": "A1", "is_enterprise_install": "false",
	"response_url": "https://hooks.slack.com/commands/T1/1/x", "trigger_id": "1.2.3"}`

// payloads are what BenchmarkEnvelope hears: each with the severity that it asks for
// and the most allocations that hearing it may take, most of them of its JSON.
var payloads = map[string]struct {
	want  incident.Severity
	most  float64
	parse func() (socketmode.Event, error)
}{
	"form": {incident.SEV1, 220, func() (event socketmode.Event, err error) {
		var in slack.InteractionCallback
		err = json.Unmarshal([]byte(submissionJSON), &in)
		return socketmode.Event{Type: socketmode.EventTypeInteractive, Data: in}, err
	}},
	"command": {incident.SEV2, 80, func() (event socketmode.Event, err error) {
		var cmd slack.SlashCommand
		err = json.Unmarshal([]byte(commandJSON), &cmd)
		return socketmode.Event{Type: socketmode.EventTypeSlashCommand, Data: cmd}, err
	}},
}

// hearing gives what hears a payload once, from its JSON to the acknowledgement.
func hearing(t testing.TB, name string) func() {
	desk := &stillDesk{}
	bot := &Bot{Desk: desk, Reader: desk, Log: zerolog.Nop()}
	bot.accounts.keep(account{id: "U1"}, time.Now().Add(time.Hour))
	p := payloads[name]
	return func() {
		event, err := p.parse()
		if err != nil {
			t.Fatal(err)
		}
		acks := 0
		desk.severity = 0
		bot.handle(t.Context(), event, func(any) { acks++ })
		if desk.severity != p.want || acks != 1 {
			t.Fatalf("%s was decided, with %d acknowledgements", desk.severity, acks)
		}
	}
}

// BenchmarkEnvelope counts what hearing one payload allocates, without the database.
func BenchmarkEnvelope(b *testing.B) {
	for name := range payloads {
		b.Run(name, func(b *testing.B) {
			hear := hearing(b, name)
			b.ReportAllocs()
			for b.Loop() {
				hear()
			}
		})
	}
}

func TestHearingAllocatesLittle(t *testing.T) {
	for name, p := range payloads {
		if got := testing.AllocsPerRun(100, hearing(t, name)); got > p.most {
			t.Errorf("%s: %.0f allocations, %.0f are the limit", name, got, p.most)
		}
	}
}
