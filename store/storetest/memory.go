package storetest

import "syscall"

// memoryDir is the folder in memory that Linux machines have. On a slow disk a
// database costs ten times as much to copy, in creating its three hundred files.
const memoryDir = "/dev/shm"

// enoughMemory is a multiple of what one test binary needs: the server's 40 MB and
// 8 MB for each database of the tests that run at the same time. A container's
// usual 64 MB are not enough.
const enoughMemory = 2 << 30

// throwawayBase returns where to make the throwaway folder: in memory if there is
// room, else "" for the temporary folder.
func throwawayBase() string {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(memoryDir, &disk); err != nil {
		return ""
	}
	if syscall.Access(memoryDir, writable) != nil || uint64(disk.Bavail)*uint64(disk.Bsize) < enoughMemory {
		return ""
	}
	return memoryDir
}

// writable is access(2)'s W_OK.
const writable = 2
