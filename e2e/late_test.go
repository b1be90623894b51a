package e2e

import (
	"context"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// late holds scripts back until the page has been painted without them, as over a
// connection that stalls: what they change then is seen to move.
type late struct {
	mu      sync.Mutex
	painted bool
	held    []fetch.RequestID
}

// scriptsLate has every script come after the first paint from now on.
func (l *looker) scriptsLate(t testing.TB) {
	t.Helper()
	var scripts late
	chromedp.ListenTarget(l.ctx, func(event any) {
		for _, id := range scripts.let(event) {
			go func() { _ = chromedp.Run(l.ctx, fetch.ContinueRequest(id)) }() // the tab may have gone
		}
	})
	l.do(t, "hold scripts back", page.SetLifecycleEventsEnabled(true), chromedp.ActionFunc(func(ctx context.Context) error {
		return fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: "*.js"}}).Do(ctx)
	}))
}

// let returns the requests that may go on after an event.
func (s *late) let(event any) (free []fetch.RequestID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := event.(type) {
	case *fetch.EventRequestPaused:
		s.held = append(s.held, e.RequestID)
	case *page.EventLifecycleEvent:
		switch e.Name {
		case "commit":
			s.painted = false
		case "firstContentfulPaint":
			s.painted = true
		}
	}
	if s.painted {
		free, s.held = s.held, nil
	}
	return free
}
