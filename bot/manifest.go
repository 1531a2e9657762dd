package bot

import (
	_ "embed"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Manifest is the Slack app manifest that the app is made from, in YAML.
//
//go:embed manifest.yaml
var Manifest []byte

// Scopes lists the bot scopes that the manifest asks for.
func Scopes() ([]string, error) {
	var manifest struct {
		OAuth struct {
			Scopes struct {
				Bot []string `yaml:"bot"`
			} `yaml:"scopes"`
		} `yaml:"oauth_config"`
	}
	if err := yaml.Unmarshal(Manifest, &manifest); err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	slices.Sort(manifest.OAuth.Scopes.Bot)
	return manifest.OAuth.Scopes.Bot, nil
}
