package reconcile

import "sync"

// Search looks through pages, and goes on where it was when it had to stop: under
// Slack's limits a single page may be all that a pass gets, and who began anew
// each time would never see the last one. The zero value is ready.
type Search[T any] struct {
	mu      sync.Mutex
	stopped map[string]progress[T]
}

// progress is how far a search got.
type progress[T any] struct {
	cursor string
	found  []T
}

// mostStopped bounds what is remembered of searches that nobody came back to,
// since another replica has the subject now.
const mostStopped = 1000

// Run gives what all pages held. page reads the one at a cursor, empty at first,
// and names the next, or none. key names the search; after an error, one with the
// same key goes on.
func (s *Search[T]) Run(key string, page func(cursor string) (found []T, next string, err error)) ([]T, error) {
	at := s.resume(key)
	for {
		found, next, err := page(at.cursor)
		if Code(err) == "invalid_cursor" {
			return nil, err
		}
		if err != nil {
			s.stop(key, at)
			return nil, err
		}
		at.found = append(at.found, found...)
		if next == "" {
			return at.found, nil
		}
		at.cursor = next
	}
}

func (s *Search[T]) resume(key string) progress[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.stopped[key]
	delete(s.stopped, key)
	return at
}

func (s *Search[T]) stop(key string, at progress[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped == nil || len(s.stopped) >= mostStopped {
		s.stopped = map[string]progress[T]{}
	}
	s.stopped[key] = at
}
