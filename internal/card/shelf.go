package card

import (
	"container/list"
	"sync"
)

// keptBytes is how much of what was drawn stays in memory: some hundred cards. A card
// is asked for by every server that sees a new article, within its first minute, and
// seldom again; to draw it once more after a restart is cheaper than files that would
// have to be swept.
const keptBytes = 4 << 20

// shelf keeps the pictures that were asked for last.
type shelf struct {
	mu    sync.Mutex
	room  int
	order *list.List // of *drawn, the latest first
	byKey map[string]*list.Element
}

type drawn struct {
	key  string
	data []byte
}

func newShelf(room int) *shelf {
	return &shelf{room: room, order: list.New(), byKey: map[string]*list.Element{}}
}

func (s *shelf) get(key string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.byKey[key]
	if e == nil {
		return nil
	}
	s.order.MoveToFront(e)
	return e.Value.(*drawn).data
}

func (s *shelf) put(key string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byKey[key] = s.order.PushFront(&drawn{key, data})
	s.room -= len(data)
	for s.room < 0 {
		last := s.order.Back()
		old := s.order.Remove(last).(*drawn)
		delete(s.byKey, old.key)
		s.room += len(old.data)
	}
}
