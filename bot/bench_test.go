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

// BenchmarkEnvelope counts what hearing one payload allocates, from its JSON to
// the acknowledgement, without the database.
func BenchmarkEnvelope(b *testing.B) {
	b.Run("form", func(b *testing.B) {
		benchmarkEnvelope(b, incident.SEV1, func() (event socketmode.Event, err error) {
			var in slack.InteractionCallback
			err = json.Unmarshal([]byte(submissionJSON), &in)
			return socketmode.Event{Type: socketmode.EventTypeInteractive, Data: in}, err
		})
	})
	b.Run("command", func(b *testing.B) {
		benchmarkEnvelope(b, incident.SEV2, func() (event socketmode.Event, err error) {
			var cmd slack.SlashCommand
			err = json.Unmarshal([]byte(commandJSON), &cmd)
			return socketmode.Event{Type: socketmode.EventTypeSlashCommand, Data: cmd}, err
		})
	})
}

func benchmarkEnvelope(b *testing.B, want incident.Severity, parse func() (socketmode.Event, error)) {
	desk := &stillDesk{}
	heard := &Bot{Desk: desk, Reader: desk, Log: zerolog.Nop()}
	heard.accounts.keep(account{id: "U1"}, time.Now().Add(time.Hour))
	acks := 0
	b.ReportAllocs()
	for b.Loop() {
		event, err := parse()
		if err != nil {
			b.Fatal(err)
		}
		heard.handle(b.Context(), event, func(any) { acks++ })
	}
	if desk.severity != want || acks < b.N {
		b.Fatalf("%s was decided, with %d acknowledgements of %d", desk.severity, acks, b.N)
	}
}
