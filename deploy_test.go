package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"muster/config"
)

// object is what the tests look at in a Kubernetes manifest.
type object struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Data       map[string]string
	Spec       struct {
		Replicas     int
		MinAvailable int `yaml:"minAvailable"`
		Selector     struct {
			MatchLabels map[string]string `yaml:"matchLabels"`
		}
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct {
				Grace      int `yaml:"terminationGracePeriodSeconds"`
				Containers []container
			}
		}
	}
}

type container struct {
	Args  []string
	Ports []struct {
		Name string
		Port int `yaml:"containerPort"`
	}
	Startup   *probe `yaml:"startupProbe"`
	Readiness *probe `yaml:"readinessProbe"`
	Liveness  *probe `yaml:"livenessProbe"`
}

type probe struct {
	HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
}

func manifests(t *testing.T) []object {
	t.Helper()
	text, err := os.ReadFile("deploy/kubernetes/muster.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []object
	for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var o object
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
}

// TestKubernetesKeepsOneRunning guards what makes an update of the pods lose
// nothing: two of them, probes that exist, time to finish, and a budget that
// selects these very pods.
func TestKubernetesKeepsOneRunning(t *testing.T) {
	t.Parallel()
	kinds := map[string]object{}
	for _, o := range manifests(t) {
		kinds[o.Kind] = o
	}
	deployment, budget := kinds["Deployment"], kinds["PodDisruptionBudget"]
	labels := deployment.Spec.Template.Metadata.Labels
	for _, selector := range []map[string]string{deployment.Spec.Selector.MatchLabels, budget.Spec.Selector.MatchLabels} {
		if len(selector) == 0 {
			t.Fatal("a selector is empty")
		}
		for name, value := range selector {
			if labels[name] != value {
				t.Errorf("selector %s=%s fits no pod, whose labels are %v", name, value, labels)
			}
		}
	}
	if deployment.Spec.Replicas < 2 || budget.Spec.MinAvailable < 1 {
		t.Errorf("%d replicas, of which %d stay: an update would stop the only one", deployment.Spec.Replicas, budget.Spec.MinAvailable)
	}
	if deployment.Spec.Template.Spec.Grace < 15 {
		t.Errorf("%d s to end: a call in hand may take longer", deployment.Spec.Template.Spec.Grace)
	}
	c := deployment.Spec.Template.Spec.Containers[0]
	if !slices.Equal(c.Args, []string{"run"}) {
		t.Errorf("the container runs %v", c.Args)
	}
	for _, p := range []*probe{c.Readiness, c.Liveness} {
		if p == nil || p.HTTPGet.Port != c.Ports[0].Name || p.HTTPGet.Path != "/readyz" && p.HTTPGet.Path != "/healthz" {
			t.Errorf("a probe asks %+v", p)
		}
	}
	if c.Startup != nil {
		t.Errorf("%+v restarts what starts for long", c.Startup)
	}
	if !strings.HasSuffix(kinds["ConfigMap"].Data["HEALTH_ADDR"], ":9090") || c.Ports[0].Port != 9090 {
		t.Error("the probes ask another port than HEALTH_ADDR opens")
	}
}

// TestDeployedSettingsExist finds a setting that was renamed or misspelt in the
// manifests and the unit.
func TestDeployedSettingsExist(t *testing.T) {
	t.Parallel()
	table := config.Table()
	known := func(name string) bool { return strings.Contains(table, "| `"+name+"` |") }
	for _, o := range manifests(t) {
		if o.Kind != "ConfigMap" {
			continue
		}
		for name := range o.Data {
			if !known(name) {
				t.Errorf("the ConfigMap sets %s, which muster does not know", name)
			}
		}
	}
	unit := unitFile(t)
	for _, setting := range unit["Environment"] {
		if name, _, _ := strings.Cut(setting, "="); !known(name) {
			t.Errorf("the unit sets %s, which muster does not know", name)
		}
	}
}

// unitFile reads the systemd unit: each directive with all its values.
func unitFile(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("deploy/systemd/muster.service")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "[") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Fatalf("no directive: %q", line)
		}
		values[name] = append(values[name], value)
	}
	return values
}

// TestTheUnitGivesUpWhereAPersonIsNeeded holds the exit codes together: systemd
// must not restart what only a change of the set-up can mend.
func TestTheUnitGivesUpWhereAPersonIsNeeded(t *testing.T) {
	t.Parallel()
	unit := unitFile(t)
	if got := strings.Join(unit["RestartPreventExitStatus"], " "); got != "2 3" || exitSetup != 2 || exitPostgreSQL != 3 {
		t.Errorf("systemd gives up on %q, the program says %d and %d", got, exitSetup, exitPostgreSQL)
	}
	if unit["Restart"][0] != "always" || unit["User"][0] != "muster" {
		t.Errorf("Restart=%s User=%s", unit["Restart"], unit["User"])
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return
	}
	text, err := os.ReadFile("deploy/systemd/muster.service")
	if err != nil {
		t.Fatal(err)
	}
	// The program is not installed where the tests run: any program does.
	copied := filepath.Join(t.TempDir(), "muster.service")
	text = bytes.ReplaceAll(text, []byte("/usr/local/bin/muster"), []byte("/bin/true"))
	if err := os.WriteFile(copied, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), analyze, "verify", copied).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze: %v\n%s", err, out)
	}
}

// The composition builds stages that the Dockerfile has, and the demo in it can
// reach nothing and nobody.
func TestComposeNamesStagesThatExist(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	stages, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Build    any
			Profiles []string
			Network  string `yaml:"network_mode"`
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	demo, ok := file.Services["demo"]
	if !ok || !slices.Equal(demo.Profiles, []string{"demo"}) || demo.Network != "none" {
		t.Errorf("the demo is %+v", demo)
	}
	for name, s := range file.Services {
		build, _ := s.Build.(map[string]any)
		if target, ok := build["target"].(string); ok && !strings.Contains(string(stages), " AS "+target+"\n") {
			t.Errorf("%s: the Dockerfile has no stage %q", name, target)
		}
	}
	if last := stages[bytes.LastIndex(stages, []byte("\nFROM ")):]; !bytes.HasPrefix(last, []byte("\nFROM scratch")) {
		t.Error("the last stage, which is built without a name, is not the bot alone")
	}
}
