// Package deploy_test holds what is in this folder, and the container image, to what
// Kubernetes, Compose and Docker take, as far as that goes without an engine.
package deploy_test

import (
	"bytes"
	"os"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

// TestManifestsAreWhatKubernetesReads decodes each manifest into the type of its
// kind, as the API server does: a field that is misspelt, doubled or in the wrong
// place is an error.
func TestManifestsAreWhatKubernetesReads(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("kubernetes/muster.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var deployment appsv1.Deployment
	kinds := map[string]any{
		"apps/v1 Deployment": &deployment, "v1 ConfigMap": &corev1.ConfigMap{}, "policy/v1 PodDisruptionBudget": &policyv1.PodDisruptionBudget{},
	}
	for _, one := range bytes.Split(text, []byte("\n---\n")) {
		var head struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal(one, &head); err != nil {
			t.Fatal(err)
		}
		kind := head.APIVersion + " " + head.Kind
		into, known := kinds[kind]
		if !known {
			t.Errorf("%q is none of the kinds that this test knows, or comes twice", kind)
			continue
		}
		delete(kinds, kind)
		if err := yaml.UnmarshalStrict(one, into); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	for kind := range kinds {
		t.Errorf("there is no %s", kind)
	}
	if t.Failed() {
		return
	}
	pod := deployment.Spec.Template.Spec
	c := pod.Containers[0]
	if !*pod.SecurityContext.RunAsNonRoot || *c.SecurityContext.AllowPrivilegeEscalation || !*c.SecurityContext.ReadOnlyRootFilesystem {
		t.Error("the container may do more than it needs")
	}
	if memory := c.Resources.Limits.Memory().Value(); memory < 128<<20 || c.Resources.Requests.Memory().Value() > memory {
		t.Errorf("%d bytes of memory are the limit", memory)
	}
	// The same user as in the image.
	if user := lastStage(t)["USER"]; len(user) != 1 || user[0] != "65532:65532" || *pod.SecurityContext.RunAsUser != 65532 {
		t.Errorf("the image runs as %v, the pod as %d", user, *pod.SecurityContext.RunAsUser)
	}
}
