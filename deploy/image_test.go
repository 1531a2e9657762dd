package deploy_test

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"go.yaml.in/yaml/v3"
)

// stages reads the Dockerfile: of each stage its instructions with their arguments.
func stages(t *testing.T) (all []map[string][]string) {
	t.Helper()
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, args, ok := strings.Cut(line, " ")
		known := []string{"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
		if !ok || !slices.Contains(known, name) || strings.HasSuffix(line, `\`) {
			t.Fatalf("this test does not know %q", line)
		}
		if name == "FROM" {
			all = append(all, map[string][]string{})
		}
		stage := all[len(all)-1]
		stage[name] = append(stage[name], args)
	}
	return all
}

func lastStage(t *testing.T) map[string][]string {
	t.Helper()
	all := stages(t)
	return all[len(all)-1]
}

// TestTheImageRuns does by hand what a build of the image does: what the context
// holds is built by the Dockerfile's own command, and the program runs where there is
// nothing but it and what is copied beside it, as the user of the image.
func TestTheImageRuns(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" || testing.Short() {
		t.Skip("the image is one of Linux")
	}
	root := t.TempDir()
	program := builtByTheDockerfile(t, root)
	binary, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	for _, p := range binary.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program needs a loader, which the image lacks")
		}
	}
	last := lastStage(t)
	goroot, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	zones, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "lib/time/zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "zoneinfo.zip"), zones, 0o644); err != nil {
		t.Fatal(err)
	}
	var entry, check []string
	_, command, _ := strings.Cut(last["HEALTHCHECK"][0], "CMD ")
	for text, into := range map[string]*[]string{last["ENTRYPOINT"][0]: &entry, command: &check} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if !slices.Equal(entry, []string{"/muster"}) || !slices.Equal(last["CMD"], []string{`["run"]`}) {
		t.Errorf("the image runs %v %v", entry, last["CMD"])
	}
	inside := func(env []string, args ...string) (int, string) {
		return ranInside(t, root, append(last["ENV"], env...), args)
	}
	if code, said := inside(nil, "/muster", "version"); code != 0 || !strings.Contains(said, "muster") {
		t.Errorf("version: exit code %d: %s", code, said)
	}
	// Nothing helps but a setting, and the supervisor is told so.
	if code, said := inside(nil, "/muster", "run"); code != 2 || !strings.Contains(said, "SLACK_APP_TOKEN") {
		t.Errorf("without settings: exit code %d: %s", code, said)
	}
	code, said := inside([]string{"TZ=Europe/Paris", "SLACK_APP_TOKEN=xapp-1-A1-1-abc", "SLACK_BOT_TOKEN=xoxb-1-1-abc"}, "/muster", "run")
	if code != 3 || !strings.Contains(said, "DATABASE_URL") {
		t.Errorf("without a database: exit code %d: %s", code, said)
	}
	if code, said := inside([]string{"HEALTH_ADDR=" + answering(t, http.StatusOK)}, check...); code != 0 {
		t.Errorf("the check of a healthy one: exit code %d: %s", code, said)
	}
	if code, _ := inside([]string{"HEALTH_ADDR=" + answering(t, http.StatusServiceUnavailable)}, check...); code != 1 {
		t.Errorf("the check of one that is not ready: exit code %d", code)
	}
}

// answering gives the address of what answers each question with a status.
func answering(t *testing.T, status int) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			status = http.StatusNotFound
		}
		w.WriteHeader(status)
	})}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return listener.Addr().String()
}

// builtByTheDockerfile copies the context, without what .dockerignore leaves out, and
// runs the command that builds the program there.
func builtByTheDockerfile(t *testing.T, root string) string {
	t.Helper()
	src := t.TempDir()
	copyContext(t, "..", src)
	build := stages(t)[0]["RUN"]
	i := slices.IndexFunc(build, func(run string) bool { return strings.Contains(run, "go build") })
	if i < 0 {
		t.Fatal("the Dockerfile does not build")
	}
	program := filepath.Join(root, "muster")
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(build[i], "/out/muster", program))
	command.Dir = src
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if lastStage(t)["COPY"][2] != "--from=build /out/muster /muster" {
		t.Fatalf("the image copies %v", lastStage(t)["COPY"])
	}
	return program
}

func copyContext(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(from, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	var ignored []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			ignored = append(ignored, line)
		}
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	// The patterns are of names at the top alone.
	for _, e := range entries {
		if slices.ContainsFunc(ignored, func(pattern string) bool { ok, _ := filepath.Match(pattern, e.Name()); return ok }) {
			continue
		}
		target := filepath.Join(to, e.Name())
		if e.IsDir() {
			err = os.CopyFS(target, os.DirFS(filepath.Join(from, e.Name())))
		} else {
			var raw []byte
			if raw, err = os.ReadFile(filepath.Join(from, e.Name())); err == nil {
				err = os.WriteFile(target, raw, 0o644)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// ranInside runs a program with a folder for its root, as the image's user. Only root
// may: for others the folder is no root.
func ranInside(t *testing.T, root string, env, args []string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Env = env
	if os.Getuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
		command.Dir = "/"
	} else {
		command.Path = filepath.Join(root, args[0])
	}
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	err := command.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), said.String()
	}
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return 0, said.String()
}

// TestComposeIsSound reads the composition strictly, as far as its keys go, and
// finds what it takes from .env in the example of one.
func TestComposeIsSound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Build       any
			Image       string
			Restart     string
			EnvFile     string `yaml:"env_file"`
			Environment map[string]string
			Ports       []string
			DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
			Networks    []string
			NetworkMode string `yaml:"network_mode"`
			Profiles    []string
			ReadOnly    bool `yaml:"read_only"`
			Tmpfs       []string
			CapDrop     []string `yaml:"cap_drop"`
			SecurityOpt []string `yaml:"security_opt"`
			StopGrace   string   `yaml:"stop_grace_period"`
			StdinOpen   bool     `yaml:"stdin_open"`
			TTY         bool
			Volumes     []string
			ShmSize     string `yaml:"shm_size"`
			Healthcheck struct {
				Test              []string
				Interval, Timeout string
				Retries           int
				Start             string `yaml:"start_period"`
			}
		}
		Networks map[string]struct{ Internal bool }
		Volumes  map[string]any
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	for name, s := range file.Services {
		if (s.Build == nil) == (s.Image == "") {
			t.Errorf("%s is neither built nor pulled, or both", name)
		}
		for on, how := range s.DependsOn {
			if other, ok := file.Services[on]; !ok || how.Condition == "service_healthy" && other.Healthcheck.Test == nil {
				t.Errorf("%s waits for %s, which never tells that it is healthy", name, on)
			}
		}
		for _, n := range s.Networks {
			if _, ok := file.Networks[n]; !ok {
				t.Errorf("%s is in the network %s, which is none", name, n)
			}
		}
		for _, v := range s.Volumes {
			volume, _, _ := strings.Cut(v, ":")
			if _, ok := file.Volumes[volume]; !ok {
				t.Errorf("%s keeps something in %s, which is no volume", name, volume)
			}
		}
	}
	example, err := os.ReadFile("../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\$\{(\w+)`).FindAllSubmatch(text, -1) {
		if !regexp.MustCompile(`(?m)^#? ?` + string(m[1]) + `=`).Match(example) {
			t.Errorf("%s can be set in .env, but .env.example does not say so", m[1])
		}
	}
}
