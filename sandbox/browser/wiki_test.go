package browser

import (
	"strings"
	"testing"
)

func TestPagesOfTheWiki(t *testing.T) {
	t.Parallel()
	s := opened(t)
	for body, want := range map[string]string{
		`<p>a &amp; b&nbsp;c &lt;script&gt;</p>`: "<p>a &amp; b\u00a0c &lt;script&gt;</p>",
		`<h2>Why</h2>`:                           `<h2 id="h-1">Why</h2>`,
		`<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">SEV1</ac:parameter><ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro>`: `<span class="lozenge red">SEV1</span>`,
		`<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">x</ac:parameter></ac:structured-macro>`:                                                          ``,
		`<ac:image ac:width="9"><ri:attachment ri:filename="a b.png"/></ac:image>`:                                                                                       `<img src="/wiki/files/7/a%20b.png" alt="a b.png">`,
		`<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>done</ac:task-body></ac:task></ac:task-list>`:                                     `<ul class="tasks"><li>☑ done</li></ul>`,
		`<a href="javascript:alert(1)">x</a>`: `<a href="#">x</a>`,
		`<script>alert(1)</script>`:           `<span class="b-unknown">unknown: script</span>`,
	} {
		got, _, err := s.storage("7", body)
		if err != nil || string(got) != want {
			t.Errorf("%s\n got %s (%v)\nwant %s", body, got, err, want)
		}
	}
	if _, _, err := s.storage("7", "<p>open"); err == nil || !strings.Contains(err.Error(), "read the page") {
		t.Errorf("a broken page: %v", err)
	}
}
