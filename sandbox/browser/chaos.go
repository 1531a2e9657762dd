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
	PID   int
	Since time.Time
	Alive bool
	// Hears is whether it has connected.
	Hears bool
}

// Happening is something worth a line.
type Happening struct {
	At    time.Time
	Words string
}

// Break shows the buttons and how the app is doing.
func (s *Server) Break(buttons []Button, world func() World) {
	s.mu.Lock()
	s.buttons, s.world = buttons, world
	s.mu.Unlock()
	s.Refresh()
}

func (s *Server) breakable() ([]Button, func() World) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buttons, s.world
}

type worldPart struct {
	Open     bool
	Buttons  []buttonPart
	Bots     []botPart
	Happened []happenedPart
	Ledger   ledger
}

type buttonPart struct {
	Name, Label, About string
	On                 bool
}

type botPart struct {
	Bot
	Up string
}

type happenedPart struct{ Time, Words string }

// worldPart is the panel; it is closed when nothing can be broken.
func (s *Server) worldPart() worldPart {
	buttons, world := s.breakable()
	if len(buttons) == 0 {
		return worldPart{}
	}
	p := worldPart{Open: true, Ledger: s.ledger()}
	for _, b := range buttons {
		p.Buttons = append(p.Buttons, buttonPart{b.Name, b.Label, b.About, b.On != nil && b.On()})
	}
	now := world()
	for _, b := range now.Bots {
		p.Bots = append(p.Bots, botPart{Bot: b, Up: upFor(time.Since(b.Since))})
	}
	for _, h := range now.Happened {
		p.Happened = append(p.Happened, happenedPart{h.At.Format("15:04:05"), h.Words})
	}
	return p
}

func (s *Server) chaos(ctx context.Context, o order) (answer, error) {
	buttons, _ := s.breakable()
	for _, b := range buttons {
		if b.Name == o.word() {
			err := b.Do(ctx)
			s.Refresh()
			return answer{}, err
		}
	}
	return answer{}, fmt.Errorf("there is no button %q", o.word())
}
