package browser

import (
	"context"
	"fmt"
	"time"
)

// Button lets something go wrong.
type Button struct {
	Name, Label, About string
	Do                 func(context.Context) error
	// On says whether what the button began still lasts; nil for what is over
	// at once.
	On func() bool
}

// World is how the app is doing.
type World struct {
	Bots []Bot
	// Happened are the latest things, the newest first.
	Happened []Happening
}

// Bot is a process of the app.
type Bot struct {
	Name  string
	Since time.Time
	Alive bool
}

// Happening is something worth a line.
type Happening struct {
	At    time.Time
	Words string
}

type worldPart struct {
	Open    bool
	Buttons []buttonPart
}

type buttonPart struct {
	Name, Label, About string
	On                 bool
}

func (s *Server) world() worldPart {
	p := worldPart{Open: len(s.Chaos) > 0}
	for _, b := range s.Chaos {
		p.Buttons = append(p.Buttons, buttonPart{b.Name, b.Label, b.About, b.On != nil && b.On()})
	}
	return p
}

func (s *Server) chaos(ctx context.Context, o order) (answer, error) {
	for _, b := range s.Chaos {
		if b.Name == o.word() {
			err := b.Do(ctx)
			s.Refresh()
			return answer{}, err
		}
	}
	return answer{}, fmt.Errorf("there is no button %q", o.word())
}
