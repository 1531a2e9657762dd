package store_test

import (
	"testing"
	"time"

	"muster/store"
	"muster/store/storetest"
)

func TestInspect(t *testing.T) {
	t.Parallel()
	address := storetest.New(t)
	f, err := store.Inspect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if f.Version < 140000 || f.VersionText == "" || f.ReadOnly || !f.MayCreate || f.Encoding != "UTF8" || f.MaxConnections == 0 || time.Since(f.Now) > time.Minute {
		t.Errorf("facts %+v", f)
	}
	if f.Have != f.Want || f.Want == 0 {
		t.Errorf("schema %d, want %d", f.Have, f.Want)
	}
	if _, err := store.Inspect(t.Context(), "host=/nowhere"); err == nil {
		t.Error("a database that is not there was found")
	}
	if _, err := store.Inspect(t.Context(), "nonsense=:"); err == nil {
		t.Error("nonsense is an address")
	}
}
