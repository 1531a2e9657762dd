package rca

import (
	"reflect"
	"strings"
	"testing"
	"text/template/parse"

	"muster/templates"
)

// hostile is what somebody may write anywhere.
const hostile = `<zz9 a='"'>&zz9;`

// fill puts the words into every text of a value.
func fill(v reflect.Value, words Text) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(string(words))
	case reflect.Struct:
		for n := range v.NumField() {
			fill(v.Field(n), words)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), words)
	}
}

// long reports whether a template counts further than a test can wait for.
func long(content string) bool {
	trees, err := parse.Parse("x", content, "", "", map[string]any{
		"and": 1, "call": 1, "eq": 1, "ge": 1, "gt": 1, "html": 1, "index": 1, "js": 1, "le": 1, "len": 1, "lt": 1, "ne": 1, "not": 1,
		"or": 1, "print": 1, "printf": 1, "println": 1, "slice": 1, "urlquery": 1,
	})
	if err != nil {
		return false
	}
	for _, tree := range trees {
		if tree.Root != nil && strings.Contains(tree.Root.String(), "{{range") && strings.ContainsAny(tree.Root.String(), "123456789") {
			return true
		}
	}
	return false
}

// FuzzTemplate takes any text for the page's template: it is refused with its name
// and line, or makes a page in which nothing stands as it was typed.
func FuzzTemplate(f *testing.F) {
	stock, err := templates.StockPage()
	if err != nil {
		f.Fatal(err)
	}
	for _, content := range []string{
		stock, ``, `{{.Title}}`, `<p>{{.Title`, `{{.Nothing}}`, `{{range .Roles}}{{.Person}}{{end}}`, `{{printf "%#v" .DeclaredBy}}`,
		`{{printf "%d %s" .DeclaredBy}}`, `{{printf "x" .ResolvedBy}}`, `{{print .}}`, `{{printf "%+v" .Roles}}`, `{{index .Roles 0}}`, `{{slice .Title 0 2}}`,
		`{{html .Severity}}`, `{{js .Severity}}`, `{{urlquery .Severity}}`, `{{define "a"}}{{template "a"}}{{end}}{{template "a"}}`, `{{template "b"}}`,
		`<a href="{{.RoomLink}}"/>`, `{{.Title.String}}`, `{{with $x := .Duration}}{{$x}}{{end}}`, `{{len .Title}}`, "\xff", `<{{.Severity}}/>`,
	} {
		f.Add(content)
	}
	var d Data
	fill(reflect.ValueOf(&d).Elem(), hostile)
	f.Fuzz(func(t *testing.T, content string) {
		if strings.Contains(content, "zz9") || long(content) {
			return
		}
		made, err := ParseTemplate("own/rca.html", content)
		if err != nil {
			if !strings.Contains(err.Error(), "own/rca.html:") {
				t.Errorf("%q is refused without a place: %v", content, err)
			}
			return
		}
		body, err := made.Body(d)
		if err == nil && (strings.Contains(body, "<zz9") || strings.Contains(body, "&zz9")) {
			t.Errorf("%q shows what was typed as it is:\n%s", content, body)
		}
	})
}
