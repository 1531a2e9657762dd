package workspace

import (
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// manifest is the part of the app's manifest that changes how Slack behaves.
type manifest struct {
	Name      string
	BotName   string
	Scopes    []string
	Events    []string
	Commands  map[string]command
	Shortcuts []Shortcut
	Home      bool // the Home tab is on
	Messages  bool // the Messages tab is on: direct messages reach people
}

type command struct {
	escape            bool
	description, hint string
}

// Shortcut is an entry of the lightning menu (global) or of a message's menu.
type Shortcut struct {
	Name       string `yaml:"name"`
	Type       string `yaml:"type"` // "global" or "message"
	CallbackID string `yaml:"callback_id"`
}

type manifestFile struct {
	Display struct {
		Name string `yaml:"name"`
	} `yaml:"display_information"`
	Features struct {
		AppHome struct {
			Home     bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
		} `yaml:"app_home"`
		BotUser struct {
			DisplayName string `yaml:"display_name"`
		} `yaml:"bot_user"`
		Commands []struct {
			Command     string `yaml:"command"`
			Description string `yaml:"description"`
			Hint        string `yaml:"usage_hint"`
			Escape      bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
		Shortcuts []Shortcut `yaml:"shortcuts"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		SocketMode bool `yaml:"socket_mode_enabled"`
	} `yaml:"settings"`
}

func parseManifest(data []byte) (manifest, error) {
	var f manifestFile
	if err := yaml.Unmarshal(data, &f); err != nil {
		return manifest{}, fmt.Errorf("read the app manifest: %w", err)
	}
	if !f.Settings.SocketMode {
		return manifest{}, fmt.Errorf("read the app manifest: socket_mode_enabled is not true")
	}
	if f.Features.BotUser.DisplayName == "" {
		return manifest{}, fmt.Errorf("read the app manifest: bot_user.display_name is missing")
	}
	m := manifest{
		Name: f.Display.Name, BotName: f.Features.BotUser.DisplayName,
		Scopes: f.OAuth.Scopes.Bot, Events: f.Settings.Events.Bot,
		Commands: map[string]command{}, Shortcuts: f.Features.Shortcuts,
		Home: f.Features.AppHome.Home, Messages: f.Features.AppHome.Messages,
	}
	for _, c := range f.Features.Commands {
		m.Commands[c.Command] = command{escape: c.Escape, description: c.Description, hint: c.Hint}
	}
	return m, nil
}

func (m manifest) grants(scope string) bool     { return slices.Contains(m.Scopes, scope) }
func (m manifest) subscribes(event string) bool { return slices.Contains(m.Events, event) }

// Command is a slash command as the composer offers it.
type Command struct{ Name, Description, Hint string }

// Commands lists the slash commands that the app's manifest declares, by name.
func (w *Workspace) Commands() []Command {
	var list []Command
	for _, name := range slices.Sorted(maps.Keys(w.manifest.Commands)) {
		c := w.manifest.Commands[name]
		list = append(list, Command{Name: name, Description: c.description, Hint: c.hint})
	}
	return list
}

// Shortcuts lists the shortcuts that the app's manifest declares.
func (w *Workspace) Shortcuts() []Shortcut { return slices.Clone(w.manifest.Shortcuts) }
