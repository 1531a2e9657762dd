// Package golden compares what a test made with a file that somebody has read.
// Run the test with -update to write the files anew, then read what changed.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update has to be known before flags are parsed, so that it is a variable of
// the package. Only tests import it.
var update = flag.Bool("update", false, "write the golden files anew")

// Check compares text with testdata/name.golden of the test's package. The file
// ends with a line break, whether the text does or not.
func Check(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if d := cmp.Diff(string(want), text+"\n"); d != "" {
		t.Errorf("%s (-golden +got):\n%s", path, d)
	}
}
