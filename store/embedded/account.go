package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the operating system's user that the server runs as.
type account struct {
	name     string
	uid, gid int
}

// serverAccount returns the account for the server of a folder: our own, unless
// that is root, as which PostgreSQL refuses to run. Then it is the owner of the
// folder; if that is root or there is no folder yet, postgres, else nobody.
func serverAccount(path string) (account, error) {
	if os.Geteuid() != 0 {
		return account{name: "ourselves", uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	if info, err := os.Stat(path); err == nil && ownerOf(info) != 0 {
		stat := info.Sys().(*syscall.Stat_t)
		return account{name: userName(int(stat.Uid)), uid: int(stat.Uid), gid: int(stat.Gid)}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and this machine has neither a user postgres nor a user nobody to run it as: run this program as an ordinary user")
}

func accountOf(u *user.User) (account, error) {
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, fmt.Errorf("read the id of user %s: %w", u.Username, err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("read the group of user %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uid, gid: gid}, nil
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "with id " + strconv.Itoa(uid)
}

func ownerOf(info os.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }

// other reports whether the server runs as another account than this program.
func (a account) other() bool { return a.uid != os.Geteuid() }

func (a account) credential() *syscall.Credential {
	if !a.other() {
		return nil
	}
	return &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
}

// own gives a file that we made to the account.
func (a account) own(path string) error {
	if !a.other() {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// canEnter reports why the account cannot reach a folder: somewhere above it lies
// one that is closed to it, such as /root. A folder that does not exist yet is
// passed over, since it will be made fit.
func (a account) canEnter(path string) error {
	if !a.other() {
		return nil
	}
	for dir := path; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && !a.mayPass(info) {
			return folderErrorf("the server runs as user %s, who may not enter %s: choose a place outside it", a.name, dir)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

func (a account) mayPass(info os.FileInfo) bool {
	stat := info.Sys().(*syscall.Stat_t)
	passing := os.FileMode(0o001)
	switch {
	case int(stat.Uid) == a.uid:
		passing = 0o100
	case int(stat.Gid) == a.gid:
		passing = 0o010
	}
	return info.Mode().Perm()&passing != 0
}
