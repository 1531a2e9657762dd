package people_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/incident"
	"muster/people"
)

// directory is a Slack and a database that count what they are asked.
type directory struct {
	mu    sync.Mutex
	slack map[string]string
	fails error
	asked map[string]int
	saved map[string]incident.Called
	reads int
}

func (d *directory) GetUserInfoContext(_ context.Context, id string, _ ...slack.GetUserInfoOption) (*slack.User, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[id]++
	name, ok := d.slack[id]
	switch {
	case d.fails != nil:
		return nil, d.fails
	case !ok:
		return nil, slack.SlackErrorResponse{Err: "user_not_found"}
	}
	return &slack.User{ID: id, Name: "handle", Profile: slack.UserProfile{RealName: name, DisplayName: "short"}}, nil
}

func (d *directory) GetConversationInfoContext(_ context.Context, in *slack.GetConversationInfoInput) (*slack.Channel, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[in.ChannelID]++
	name, ok := d.slack[in.ChannelID]
	switch {
	case d.fails != nil:
		return nil, d.fails
	case !ok:
		return nil, slack.SlackErrorResponse{Err: "channel_not_found"}
	}
	found := &slack.Channel{}
	found.ID, found.Name, found.IsPrivate = in.ChannelID, name, strings.HasPrefix(name, "secret")
	return found, nil
}

func (d *directory) GetUserGroupsContext(context.Context, ...slack.GetUserGroupsOption) ([]slack.UserGroup, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked["groups"]++
	return []slack.UserGroup{{ID: "S1", Handle: "oncall", Name: "Who is on call"}}, d.fails
}

func (d *directory) Names(_ context.Context, ids []string) (map[string]incident.Called, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reads++
	return maps.Clone(d.saved), nil
}

func (d *directory) SaveName(_ context.Context, id string, name incident.Called) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.saved[id] = name
	return nil
}

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func newDirectory() *directory {
	return &directory{slack: map[string]string{"U1": "Ana Lima", "U2": "Bo\nBerg"}, asked: map[string]int{}, saved: map[string]incident.Called{}}
}

// book is a new program's at a time after noon.
func (d *directory) book(later time.Duration) *people.Names {
	return &people.Names{Slack: d, Store: d, Now: func() time.Time { return noon.Add(later) }}
}

func called(t *testing.T, n *people.Names, want map[string]string, ids ...string) {
	t.Helper()
	got, err := n.Of(t.Context(), ids...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyIsAskedAboutTwice(t *testing.T) {
	d := newDirectory()
	n := d.book(0)
	everybody := map[string]string{"U1": "Ana Lima", "U2": "Bo Berg", "UGONE": "UGONE"}
	for range 2 {
		called(t, n, everybody, "U1", "U2", "", "UGONE", "U1")
	}
	if diff := cmp.Diff(map[string]int{"U1": 1, "U2": 1, "UGONE": 1}, d.asked); diff != "" || d.reads != 1 {
		t.Errorf("the database was read %d times, and Slack was asked %s", d.reads, diff)
	}
	// Another program finds them in the database; much later Slack is asked again.
	d.asked = map[string]int{}
	called(t, d.book(24*time.Hour), map[string]string{"U1": "Ana Lima"}, "U1")
	if len(d.asked) > 0 {
		t.Errorf("another program asked %v", d.asked)
	}
	d.slack["U1"] = "Ana Silva"
	called(t, d.book(8*24*time.Hour), map[string]string{"U1": "Ana Silva"}, "U1")
}

func TestChannelsAndGroupsHaveNames(t *testing.T) {
	d := newDirectory()
	d.slack["C1"], d.slack["C2"] = "payments", "secret-payroll"
	want := map[string]string{"U1": "Ana Lima", "C1": "payments", "C2": people.PrivateChannel, "CGONE": people.PrivateChannel, "S1": "oncall", "S2": "S2"}
	n := d.book(0)
	for range 2 {
		called(t, n, want, slices.Collect(maps.Keys(want))...)
	}
	if diff := cmp.Diff(map[string]int{"U1": 1, "C1": 1, "C2": 1, "CGONE": 1, "groups": 2}, d.asked); diff != "" {
		t.Error(diff)
	}
	if saved := d.saved["C2"].Name; saved != people.PrivateChannel {
		t.Errorf("a private channel is saved as %q", saved)
	}
}

func TestWhatSlackSaidForAnotherReasonIsANameToo(t *testing.T) {
	d := newDirectory()
	n := d.book(0)
	n.Heard(t.Context(), &slack.User{ID: "U3", Name: "cy", RealName: "Cy Dale"})
	called(t, n, map[string]string{"U3": "Cy Dale"}, "U3")
	called(t, d.book(time.Hour), map[string]string{"U3": "Cy Dale"}, "U3")
	if len(d.asked) > 0 {
		t.Errorf("Slack was asked %v", d.asked)
	}
}

func TestOldNamesStandInWhileSlackIsSilent(t *testing.T) {
	d := newDirectory()
	called(t, d.book(0), map[string]string{"U1": "Ana Lima"}, "U1")
	d.fails = errors.New("Slack is away")
	n := d.book(30 * 24 * time.Hour)
	called(t, n, map[string]string{"U1": "Ana Lima"}, "U1")
	got, err := n.Of(t.Context(), "U1", "U2")
	if err == nil || got["U1"] != "Ana Lima" || got["U2"] != "U2" {
		t.Errorf("they are called %v: %v", got, err)
	}
	d.fails = nil
	called(t, n, map[string]string{"U2": "Bo Berg"}, "U2")
}

func TestATerminalAsksNobody(t *testing.T) {
	d := newDirectory()
	d.saved["U1"] = incident.Called{Name: "Ana Lima", At: noon.AddDate(-1, 0, 0)}
	n := &people.Names{Store: d, Now: func() time.Time { return noon }}
	called(t, n, map[string]string{"U1": "Ana Lima", "U2": "U2"}, "U1", "U2")
}
