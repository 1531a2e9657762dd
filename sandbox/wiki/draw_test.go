package wiki_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox/wiki"
)

func TestDraw(t *testing.T) {
	t.Parallel()
	body := `<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">In short</ac:parameter><ac:rich-text-body>
<p><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">SEV2</ac:parameter><ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro> bad &amp; slow</p>
</ac:rich-text-body></ac:structured-macro>
<ac:structured-macro ac:name="toc"/>
<h2>Who</h2>
<table><tbody><tr><th>When</th><th>What</th></tr>
<tr><td>14:02</td><td>a long thing that happened<br/>and <em>more</em> of it</td></tr></tbody></table>
<h2>To do</h2>
<ul><li>one</li><li>two</li></ul>
<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>done</ac:task-body></ac:task>
<ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>not <b>yet</b></ac:task-body></ac:task></ac:task-list>
<p><ac:image><ri:attachment ri:filename="plot.png"/></ac:image></p>
<p><a href="https://example.org">there</a></p><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">x</ac:parameter></ac:structured-macro>`
	want := `▌ In short
▌ [SEV2] bad & slow

# Who
When   What
14:02  a long thing that
       happened
       and more of it

# To do
• one
• two
☑ done
☐ not yet
[picture plot.png]
there`
	if diff := cmp.Diff(want, strings.Join(wiki.Draw(body, 24), "\n")); diff != "" {
		t.Error(diff)
	}
	if lines := wiki.Draw("<p>", 24); !strings.Contains(lines[0], "no storage format") {
		t.Error(lines)
	}
}
