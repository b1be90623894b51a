// Package recent remembers what was learned of others a while ago, within bounded memory.
package recent

import (
	"sync"
	"time"
)

// most bounds memory, whatever strangers send: beyond it everything is forgotten.
const most = 10_000

// Memory keeps a value by name for a while. It is safe for concurrent use.
type Memory[T any] struct {
	mu     sync.Mutex
	keeps  time.Duration
	values map[string]value[T]
}

type value[T any] struct {
	of    T
	until time.Time
}

// New makes a Memory that keeps each value for so long.
func New[T any](keeps time.Duration) *Memory[T] {
	return &Memory[T]{keeps: keeps, values: map[string]value[T]{}}
}

// Get returns what is remembered under a name, if anything still is.
func (m *Memory[T]) Get(name string, now time.Time) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[name]
	if !ok || !now.Before(v.until) {
		var none T
		return none, false
	}
	return v.of, true
}

// Put remembers a value under a name, from now on.
func (m *Memory[T]) Put(name string, v T, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.values) >= most {
		clear(m.values)
	}
	m.values[name] = value[T]{v, now.Add(m.keeps)}
}

// Forget drops what is remembered under a name.
func (m *Memory[T]) Forget(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, name)
}
