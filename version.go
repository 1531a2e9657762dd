package main

import (
	"cmp"
	"runtime/debug"
)

// version is set by the linker in releases: -X main.version=v1.2.3.
var version string

// builtInfo is what this program was built from.
type builtInfo struct{ version, commit, goVersion string }

func builtFrom() builtInfo {
	b := builtInfo{version: version, commit: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		b.version = cmp.Or(b.version, "unknown")
		return b
	}
	b.goVersion = info.GoVersion
	b.version = cmp.Or(b.version, info.Main.Version, "unknown")
	changed := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+changes"
		}
	}
	b.commit += changed
	return b
}
