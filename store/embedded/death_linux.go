package embedded

import "syscall"

// diesWithParent says that the kernel stops the server when this program ends,
// however it ends.
const diesWithParent = true

// dieWithParent asks the kernel for PostgreSQL's fast shutdown (SIGINT) at the end
// of the thread that starts the process, which therefore has to be held.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
