package activitypub

import (
	"sync"
	"time"
)

// maxRecent bounds memory whatever strangers send.
const maxRecent = 10_000

// recent remembers strings for a while.
type recent struct {
	mu    sync.Mutex
	ttl   time.Duration
	until map[string]time.Time
}

func newRecent(ttl time.Duration) *recent {
	return &recent{ttl: ttl, until: map[string]time.Time{}}
}

func (r *recent) has(s string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.until[s])
}

func (r *recent) add(s string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.until) >= maxRecent {
		clear(r.until)
	}
	r.until[s] = now.Add(r.ttl)
}
