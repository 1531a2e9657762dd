//go:build !linux

package embedded

import "syscall"

// diesWithParent is false: here a server outlives a killed program, until the
// next start on its folder stops it.
const diesWithParent = false

func dieWithParent(*syscall.SysProcAttr) {}
