package account

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A handle may fail five times at once, then once a minute; an address, which a
// whole conference may share, four times as often. After a success the handle starts
// anew; the address only gets that try back, or whoever has one account could guess on.
const (
	handleBurst  = 5
	addressBurst = 20
	handleEvery  = time.Minute
	addressEvery = 15 * time.Second
	maxTracked   = 10_000
	maxKey       = 64 // bytes; no handle is as long
)

// throttle slows down guessing. It lives in memory: a restart forgives.
type throttle struct {
	mu       sync.Mutex
	limiters map[string]*rate.Limiter
}

func newThrottle() *throttle { return &throttle{limiters: map[string]*rate.Limiter{}} }

// enter takes one try of the handle and one of the address, or says how long to
// wait. release gives them back: the try succeeded.
func (t *throttle) enter(handle, address string, now time.Time) (release func(), wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.limiters) >= maxTracked {
		t.forget(now)
	}
	handleKey := "h " + strings.ToLower(handle[:min(len(handle), maxKey)])
	byHandle := t.limiter(handleKey, handleEvery, handleBurst)
	byAddress := t.limiter("a "+network(address), addressEvery, addressBurst)
	first := byHandle.ReserveN(now, 1)
	second := byAddress.ReserveN(now, 1)
	if wait = max(first.DelayFrom(now), second.DelayFrom(now)); wait > 0 {
		first.CancelAt(now)
		second.CancelAt(now)
		return nil, wait
	}
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.limiters, handleKey)
		byAddress.AllowN(now, -1)
	}, 0
}

func (t *throttle) limiter(key string, every time.Duration, burst int) *rate.Limiter {
	l, ok := t.limiters[key]
	if !ok {
		l = rate.NewLimiter(rate.Every(every), burst)
		t.limiters[key] = l
	}
	return l
}

// forget drops the limiters that are full again, and all of them where that isn't
// enough: guessing from ten thousand places is slowed elsewhere, by the hashing.
func (t *throttle) forget(now time.Time) {
	for k, l := range t.limiters {
		if l.TokensAt(now) >= float64(l.Burst()) {
			delete(t.limiters, k)
		}
	}
	if len(t.limiters) >= maxTracked {
		clear(t.limiters)
	}
}

// network is an IPv4 address, or the /64 that one IPv6 customer has.
func network(address string) string {
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	addr = addr.Unmap()
	if addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
