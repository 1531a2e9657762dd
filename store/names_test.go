package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
)

func TestNamesAreKeptAndTheNewestHolds(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for _, said := range []incident.Called{{Name: "Ana Lima", At: noon}, {Name: "Ana Silva", At: noon.Add(time.Hour)}, {Name: "Ana Lima", At: noon}} {
		if err := s.SaveName(t.Context(), "U1", said); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Names(t.Context(), []string{"U1", "U2"})
	if err != nil {
		t.Fatal(err)
	}
	if called := got["U1"]; called.Name != "Ana Silva" || !called.At.Equal(noon.Add(time.Hour)) || len(got) != 1 {
		t.Error(cmp.Diff(nil, got))
	}
}
