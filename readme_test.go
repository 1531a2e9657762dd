package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/config"
)

// TestReadmeHasTheConfigurationTable keeps the table in the documents that of the
// program, and the list of dependencies that of go.mod; set UPDATE_README=1 to
// write them.
func TestReadmeHasTheConfigurationTable(t *testing.T) {
	t.Parallel()
	between(t, "docs/configuration.md", "configuration", config.Table())
	between(t, "docs/security.md", "dependencies", dependencies(t))
}

// between keeps the part of a document that stands between two marks as it should
// be.
func between(t *testing.T, document, name, want string) {
	t.Helper()
	before, have, after := marked(t, document, name)
	if have == want {
		return
	}
	if os.Getenv("UPDATE_README") == "" {
		t.Fatalf("the %s are not current: UPDATE_README=1 go test -run %s .\n%s", name, t.Name(), cmp.Diff(have, want))
	}
	if err := os.WriteFile(document, []byte(before+want+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// marked cuts a document at the marks of a part, which stay outside of it.
func marked(t *testing.T, document, name string) (before, part, after string) {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	part, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s lacks the marks %q and %q", document, begin, end)
	}
	return before + begin, part, end + after
}

// dependencies lists what go.mod requires directly.
func dependencies(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	direct, _, _ := strings.Cut(string(text), "// indirect")
	var b strings.Builder
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) (v\S+)$`).FindAllStringSubmatch(direct, -1) {
		fmt.Fprintf(&b, "- `%s` %s\n", m[1], m[2])
	}
	return b.String()
}

// Each dependency has its reason.
func TestArchitectureSaysWhyADependencyIsThere(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(dependencies(t)) {
		if name := strings.Split(line, "`")[1]; !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/architecture.md does not say why %s is there", name)
		}
	}
}

// Each test that the README names is there.
func TestReadmeNamesTestsThatExist(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	_, table, _ := marked(t, "README.md", "faults")
	names := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(table, -1)
	if len(names) < 20 {
		t.Errorf("the table names only %d tests", len(names))
	}
	for _, name := range names {
		if !strings.Contains(all.String(), "func "+name) {
			t.Errorf("there is no %s", name)
		}
	}
}

// source is a file of code that a document names, or several with a star.
var source = regexp.MustCompile("`([\\w/*.]+\\.go)`")

// link is where a document leads to, without the place in the page.
var link = regexp.MustCompile(`\]\(([^)#\s]+)`)

// TestDocumentsLeadSomewhere finds links in the documents to files that are gone, names of
// code that is, and pictures that none of them shows.
func TestDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	linked := map[string]bool{}
	for _, name := range append(documents, "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range source.FindAllStringSubmatch(string(text), -1) {
			if there, err := filepath.Glob(found[1]); err != nil || len(there) == 0 {
				t.Errorf("%s names %s, which is not there", name, found[1])
			}
		}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			target := filepath.Join(filepath.Dir(name), found[1])
			linked[target] = true
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s leads to %s: %v", name, found[1], err)
			}
		}
	}
	pictures, err := filepath.Glob("docs/img/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, picture := range pictures {
		if !linked[picture] {
			t.Errorf("%s is shown nowhere", picture)
		}
	}
}
