package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"muster/config"
)

// TestReadmeHasTheConfigurationTable keeps the table in the documents that of the
// program; set UPDATE_README=1 to write it.
func TestReadmeHasTheConfigurationTable(t *testing.T) {
	t.Parallel()
	const begin, end = "<!-- configuration -->\n", "<!-- end of configuration -->"
	text, err := os.ReadFile("docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	table, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("docs/configuration.md lacks the marks %q and %q", begin, end)
	}
	if table == config.Table() {
		return
	}
	if os.Getenv("UPDATE_README") == "" {
		t.Fatal("the table is not current: UPDATE_README=1 go test -run Readme .")
	}
	if err := os.WriteFile("docs/configuration.md", []byte(before+begin+config.Table()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// link is where a document leads to, without the place in the page.
var link = regexp.MustCompile(`\]\(([^)#\s]+)`)

// TestDocumentsLeadSomewhere finds links in the documents to files that are gone.
func TestDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(documents, "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), found[1])); err != nil {
				t.Errorf("%s leads to %s: %v", name, found[1], err)
			}
		}
	}
}
