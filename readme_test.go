package main

import (
	"os"
	"strings"
	"testing"

	"muster/config"
)

// TestReadmeHasTheConfigurationTable keeps the table in the README that of the
// program; set UPDATE_README=1 to write it.
func TestReadmeHasTheConfigurationTable(t *testing.T) {
	t.Parallel()
	const begin, end = "<!-- configuration -->\n", "<!-- end of configuration -->"
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	table, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("README.md lacks the marks %q and %q", begin, end)
	}
	if table == config.Table() {
		return
	}
	if os.Getenv("UPDATE_README") == "" {
		t.Fatal("the table is not current: UPDATE_README=1 go test -run Readme .")
	}
	if err := os.WriteFile("README.md", []byte(before+begin+config.Table()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
