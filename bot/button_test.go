package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"muster/block"
)

// Each action that a button may bear is heard, and in one way.
func TestEveryActionIsHeard(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../block/action.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Action" {
			return true
		}
		name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		action := block.Action(name)
		_, general := generalButtons[action]
		_, ofIncident := incidentButtons[action]
		// An entry of a menu is heard as the action that it stands for.
		if general == ofIncident && action != block.ActMenu {
			t.Errorf("%s: general %v, of an incident %v", spec.Names[0].Name, general, ofIncident)
		}
		seen++
		return true
	})
	if all := len(generalButtons) + len(incidentButtons) + 1; seen != all {
		t.Errorf("%d actions and %d buttons", seen, all)
	}
}
