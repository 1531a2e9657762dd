package bot

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
)

// roomsRecord is a record of private rooms: when the members of each were read.
type roomsRecord struct {
	Members
	now time.Time
	at  map[string]time.Time
}

func (r *roomsRecord) Now(context.Context) (time.Time, error) { return r.now, nil }

func (r *roomsRecord) PrivateRooms(_ context.Context, before time.Time, age time.Duration, _ int) (list []string, err error) {
	for channel, at := range r.at {
		if at.Before(before) || at.Before(r.now.Add(-age)) {
			list = append(list, channel)
		}
	}
	return list, nil
}

func (r *roomsRecord) SaveMembers(_ context.Context, channel string, _ []string, began time.Time) error {
	r.at[channel] = began
	return nil
}

// away is a Slack that does not answer for one channel.
type away struct {
	Slack
	from string
}

func (s *away) GetUsersInConversationContext(_ context.Context, p *slack.GetUsersInConversationParameters) ([]string, string, error) {
	if p.ChannelID == s.from {
		return nil, "", errors.New("no answer")
	}
	return []string{"UANA"}, "", nil
}

// A room that could not be read when muster began to hear is read at the next
// occasion, however young its record is; who left it unheard must not stay in.
func TestRoomsAreReadAgainUntilSlackAnswers(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	record := &roomsRecord{now: start, at: map[string]time.Time{"C1": start.Add(-time.Second), "C2": start.Add(-time.Second)}}
	api := &away{from: "C2"}
	b := &Bot{Members: record, Slack: api, Log: zerolog.Nop()}
	due := membersDue{again: true}
	reads := func(when, channel string, want time.Time) {
		t.Helper()
		if got := record.at[channel]; !got.Equal(want) {
			t.Errorf("%s: %s was read at %s, want %s", when, channel, got.Format(time.TimeOnly), want.Format(time.TimeOnly))
		}
	}
	next := func() {
		t.Helper()
		if err := b.readAllMembers(t.Context(), &due); err != nil {
			t.Fatal(err)
		}
		record.now = record.now.Add(membersTick)
	}
	next()
	reads("heard", "C1", start)
	reads("heard", "C2", start.Add(-time.Second))
	api.from = ""
	next()
	reads("a minute later", "C1", start)
	reads("a minute later", "C2", start.Add(membersTick))
	record.now = start.Add(membersEvery + time.Second)
	next()
	reads("when it is old", "C1", start.Add(membersEvery+time.Second))
	reads("when it is old", "C2", start.Add(membersTick))
}
