package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"

	"muster/rca"
)

// spoken is a line of the program's code that calls something outside.
type spoken struct {
	// name is the function and the method that it calls: "room.pin AddPinContext".
	name        string
	file        string // from the repository's root
	first, last int    // lines
}

// speakers are the sources that talk to Slack and Confluence while the program runs.
var speakers = []string{
	"bot/*.go", "channel/*.go", "digest/*.go", "rca/*.go", "reconcile/*.go", "room/*.go",
	"run.go", "identify.go", "usergroup.go", "digestchannel.go",
}

// outward are the names of methods that leave the program: Slack's, Confluence's
// and the answers to a response_url; and those of the Poster, each use of which is
// another kind of message.
func outward() map[string]bool {
	names := map[string]bool{"UploadToURL": true, "Webhook": true, "Once": true, "Keep": true}
	for method := range reflect.TypeFor[*slack.Client]().Methods() {
		if strings.HasSuffix(method.Name, "Context") {
			names[method.Name] = true
		}
	}
	for method := range reflect.TypeFor[rca.Wiki]().Methods() {
		names["Wiki."+method.Name] = true
	}
	return names
}

// everythingSpoken finds all calls to the outside in the speakers' sources.
func everythingSpoken(t *testing.T) []spoken {
	t.Helper()
	outward := outward()
	var found []spoken
	files := token.NewFileSet()
	for _, pattern := range speakers {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range paths {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(files, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range tree.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok {
					found = append(found, spokenIn(f, tree.Name.Name, name, files, outward)...)
				}
			}
		}
	}
	return found
}

// spokenIn finds the calls in one function. A method that is only named there is
// called by a name of the function's own, on any line of it.
func spokenIn(f *ast.FuncDecl, pkg, file string, files *token.FileSet, outward map[string]bool) (found []spoken) {
	called := map[ast.Expr]*ast.CallExpr{}
	times := map[string]int{}
	line := func(p token.Pos) int { return files.Position(p).Line }
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			called[call.Fun] = call
		}
		method, ok := n.(*ast.SelectorExpr)
		if !ok || !outward[methodName(method)] || ofPackage(method) {
			return true
		}
		var at ast.Node = f
		if call := called[method]; call != nil {
			at = call
		}
		s := spoken{name: pkg + "." + f.Name.Name + " " + methodName(method), file: file, first: line(at.Pos()), last: line(at.End())}
		if times[s.name]++; times[s.name] > 1 {
			s.name += fmt.Sprint(" ", times[s.name])
		}
		found = append(found, s)
		return true
	})
	return found
}

// ofPackage reports whether a selector names something of a package.
func ofPackage(selector *ast.SelectorExpr) bool {
	on, ok := selector.X.(*ast.Ident)
	return ok && (on.Name == "sync" || on.Name == "bot")
}

// methodName is that of a method, with the field before it if that is the wiki.
func methodName(method *ast.SelectorExpr) string {
	if on, ok := method.X.(*ast.SelectorExpr); ok && on.Sel.Name == "Wiki" {
		return "Wiki." + method.Sel.Name
	}
	return method.Sel.Name
}

// codeLine is a line of a file: "room/pin.go", 21.
type codeLine struct {
	file string
	line int
}

// callers are the lines of this program's code that are being called from.
func callers() (list []codeLine) {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		pkg, _, _ := strings.Cut(path.Base(frame.Function), ".")
		file := path.Base(frame.File)
		if pkg != "muster" && pkg != "main" {
			file = pkg + "/" + file
		}
		list = append(list, codeLine{file, frame.Line})
	}
	return list
}

// saying is which lines have called outside.
type saying struct {
	mu    sync.Mutex
	lines map[codeLine]bool
	// tales is how many were told.
	tales int
}

// begins counts another tale, of which some tests are left out with -run.
func (s *saying) begins() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tales++
}

// add takes over what all programs of a keeper called.
func (s *saying) add(k *keeper) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range k.lives {
		l.m.mu.Lock()
		maps.Copy(s.lines, l.m.from)
		l.m.mu.Unlock()
	}
}

func (s *saying) has(x spoken) bool {
	for line := x.first; line <= x.last; line++ {
		if s.lines[codeLine{x.file, line}] {
			return true
		}
	}
	return false
}

// everything fails the test for each call that no tale makes and nothing excuses.
func (s *saying) everything(t *testing.T) {
	t.Helper()
	for _, x := range everythingSpoken(t) {
		if why := uncut[x.name]; !s.has(x) && (why == "" || why == afterDeath && *torture) {
			t.Errorf("no tale makes the call %s, %s:%d", x.name, x.file, x.first)
		}
	}
}

// TestEverythingSpokenIsFound keeps the search for calls from finding nothing.
func TestEverythingSpokenIsFound(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, s := range everythingSpoken(t) {
		found[s.name] = true
	}
	for _, name := range []string{"room.pin AddPinContext", "rca.attachImage Wiki.Attach", "digest.keep Keep", "reconcile.post PostMessageContext"} {
		if !found[name] {
			t.Errorf("%s is not found among %d", name, len(found))
		}
	}
	for name := range uncut {
		if !found[name] {
			t.Errorf("%s is excused and not there", name)
		}
	}
}

// Reasons for which no cut of an undisturbed tale reaches a call.
const (
	// What only one person sees stands outside the promise: who misses it asks again.
	forOne = "answers one person who looks at it, and is not repeated"
	// A second death, after the one that brought it.
	afterDeath = "is made only after a death, and cut there with -torture"
	// What is around it is cut, and it writes nothing.
	onlyReads = "reads, where the configuration or what people did asks for it"
	// The same code with another text is cut in many places.
	asOthers = "is posted as all messages are, when Slack refuses another message or the digest channel"
	// TestALateMessageIsTakenAway makes it.
	late = "takes a second copy away, which only a frozen program posts"
	// TestTakenBackWhateverCrashes cuts there.
	turned = "takes messages back when a room turns private"
	// TestOnePageThoughTheFirstPassComesLate makes it.
	slow = "reads the page that a pass made which was given up too early"
	// What people do to a channel brings it, and TestActsOfHumans tells of it.
	joins = "joins anew where Slack took muster out, which may be repeated"
)

// uncut are the calls that no undisturbed tale makes.
var uncut = map[string]string{
	"bot.sendFiles OpenConversationContext":        forOne,
	"bot.sendFiles GetUploadURLExternalContext":    forOne,
	"bot.sendFiles UploadToURL":                    forOne,
	"bot.sendFiles CompleteUploadExternalContext":  forOne,
	"bot.publishHome PublishViewContext":           forOne,
	"bot.openDeclareWith UpdateViewContext":        forOne,
	"bot.takeOut UpdateViewContext":                forOne,
	"bot.tell PostEphemeralContext":                forOne,
	"bot.updatePanel UpdateViewContext":            forOne,
	"bot.claimHere UpdateViewContext":              forOne,
	"bot.isTheSame UpdateViewContext":              forOne,
	"bot.turnTimeline UpdateViewContext":           forOne,
	"bot.updateTodos UpdateViewContext":            forOne,
	"bot.updateOf UpdateViewContext":               forOne,
	"room.hint PostEphemeralContext":               forOne,
	"room.answer PostEphemeralContext":             forOne,
	"bot.channelName GetConversationInfoContext":   onlyReads,
	"bot.groupThere GetUserGroupsContext":          onlyReads,
	"bot.readPost GetConversationRepliesContext":   onlyReads,
	"room.groupID GetUserGroupsContext":            onlyReads,
	"rca.parent Wiki.Page":                         onlyReads,
	"main.searchDigest GetConversationsContext":    onlyReads,
	"main.checkDigest GetConversationInfoContext":  onlyReads,
	"channel.ours GetConversationsContext":         afterDeath,
	"reconcile.page GetConversationRepliesContext": afterDeath,
	"reconcile.page GetConversationHistoryContext": afterDeath,
	"room.settleBookmark ListBookmarksContext":     afterDeath,
	"main.findDigest GetConversationInfoContext":   afterDeath,
	"rca.noted Wiki.Page":                          slow,
	"reconcile.TakeBack DeleteMessageContext":      turned,
	"reconcile.remove DeleteMessageContext":        late,
	"room.digestAway Once":                         asOthers,
	"room.doesNotKnow Once":                        asOthers,
	"room.see JoinConversationContext":             joins,
}
