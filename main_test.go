package main

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"muster/store"
	"muster/store/storetest"
)

func TestMain(m *testing.M) {
	code := storetest.Main(m, store.Migrate)
	if code == 0 {
		if err := goleak.Find(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}
