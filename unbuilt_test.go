package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"muster/config"
)

func TestSettingsWithoutEffectAreNamedIfSet(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	warnOfUnbuilt(config.Config{}, zerolog.New(&out))
	if out.Len() > 0 {
		t.Errorf("nothing is set, but: %s", out.String())
	}
	warnOfUnbuilt(config.Config{HealthAddr: ":9090"}, zerolog.New(&out))
	for _, name := range []string{"HEALTH_ADDR"} {
		if !strings.Contains(out.String(), name+": it has no effect in this version") {
			t.Errorf("%s is not named:\n%s", name, out.String())
		}
	}
}
