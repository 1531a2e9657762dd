package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"muster/config"
	"muster/rca"
)

func TestAnOwnPageTemplateIsUsedIfItWorks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "confluence", "rca.html")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	cfg := config.Config{TemplatesDir: dir, Confluence: config.Confluence{Enabled: true}}
	for content, broken := range map[string]bool{"<p>ours {{.Ref}}</p>": false, "<p>ours\n{{.Ref</p>": true} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		pages, err := reviewPages(cfg, nil, zerolog.New(&log))
		if err != nil {
			t.Fatal(err)
		}
		body, err := pages.Template.Body(rca.Data{Ref: "INC-1"})
		if err != nil || strings.Contains(body, "ours") == broken {
			t.Errorf("%q makes %v\n%s", content, err, body)
		}
		if said := strings.Contains(log.String(), "rca.html:2"); said != broken {
			t.Errorf("%q: the log says %s", content, log.String())
		}
	}
}

func TestEveryValueOfThePageIsTold(t *testing.T) {
	t.Parallel()
	told, err := os.ReadFile(filepath.Join("docs", "customising.md"))
	if err != nil {
		t.Fatal(err)
	}
	for field := range reflect.TypeFor[rca.Data]().Fields() {
		if !strings.Contains(string(told), "."+field.Name+"}}") {
			t.Errorf("docs/customising.md does not tell of %s", field.Name)
		}
	}
}
