package main

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"

	"muster/store"
	"muster/store/storetest"
)

// atOnce is how many stories run side by side: they mostly wait.
const atOnce = "10"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childCommand {
		main() // the program of a story is this one
	}
	flag.Parse()
	// Memory is plenty and processors are few.
	debug.SetGCPercent(400)
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	code := storetest.Main(m, store.Migrate)
	if code == 0 {
		if err := goleak.Find(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}
