package activitypub

import (
	"sync"
	"time"
)

// maxRecent bounds memory whatever strangers send.
const maxRecent = 10_000

// recent remembers something by name for a while.
type recent[T any] struct {
	mu   sync.Mutex
	ttl  time.Duration
	kept map[string]keptUntil[T]
}

type keptUntil[T any] struct {
	value T
	until time.Time
}

func newRecent[T any](ttl time.Duration) *recent[T] {
	return &recent[T]{ttl: ttl, kept: map[string]keptUntil[T]{}}
}

func (r *recent[T]) get(name string, now time.Time) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.kept[name]
	return k.value, ok && now.Before(k.until)
}

func (r *recent[T]) put(name string, value T, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) >= maxRecent {
		clear(r.kept)
	}
	r.kept[name] = keptUntil[T]{value, now.Add(r.ttl)}
}
