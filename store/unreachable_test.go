package store_test

import (
	"errors"
	"strings"
	"testing"

	"muster/store"
)

func TestWhyADatabaseCannotBeReachedIsOneLine(t *testing.T) {
	t.Parallel()
	const dsn = "postgres://u:hunter2@127.0.0.1:1/x"
	err := store.Migrate(t.Context(), dsn)
	why, ok := store.Unreachable(err)
	if !ok || why != "127.0.0.1:1: connect: connection refused" || strings.Contains(why, "\n") || strings.Contains(why, "hunter2") {
		t.Errorf("%v: %q", err, why)
	}
	if why, ok := store.Unreachable(errors.New("else")); ok {
		t.Errorf("another error: %q", why)
	}
}
