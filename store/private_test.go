package store_test

import (
	"testing"
	"time"

	"muster/incident"
)

// The page was made by a replica whose clock is ahead of the one's that hears of the
// private room: it was made before, and is left alone.
func TestAPageIsOlderThanTheRoomsPrivacy(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	c := claim(t, s)
	room := incident.Room{Purpose: incident.RoomMain, ID: "C1", Name: "inc-1"}
	if err := s.BeginRoom(t.Context(), c, room.Purpose, room.Name, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.EndRoom(t.Context(), c, room); err != nil {
		t.Fatal(err)
	}
	ahead := noon.Add(time.Minute)
	if err := s.EndDeed(t.Context(), c, incident.Deed{Key: incident.DeedPage, Value: "https://wiki", DoneAt: ahead}); err != nil {
		t.Fatal(err)
	}
	if err := s.SeeRoom(t.Context(), c, incident.Sighting{Purpose: room.Purpose, Channel: "C1", Name: "inc-1", Private: true, At: noon}); err != nil {
		t.Fatal(err)
	}
	i, err := s.Incident(t.Context(), number)
	if err != nil || !i.Private || !i.PrivateAt.After(ahead) {
		t.Errorf("private %v since %v, page of %v: %v", i.Private, i.PrivateAt, ahead, err)
	}
}
