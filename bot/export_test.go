package bot

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/incident/incidenttest"
)

func TestPartsOfAnExportFitAndAreTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ToValidUTF8(incidenttest.Text(20_000).Draw(t, "text"), "?")
		list := parts(text)
		for _, part := range list {
			if n := sentSize(part); n > exportPart {
				t.Fatalf("a part of %d bytes", n)
			}
		}
		if strings.Join(list, "") != strings.ReplaceAll(text, "`", "'") {
			t.Fatal("the parts are not the whole")
		}
	})
}

func TestPartsAreCutBetweenLines(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("&", 200) + "\n" // 1001 bytes as it is sent
	for _, part := range parts(strings.Repeat(line, 7)) {
		if !strings.HasSuffix(part, "\n") {
			t.Errorf("cut within a line: %q", part)
		}
	}
}
