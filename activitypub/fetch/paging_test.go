package fetch

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/internal/recent"
)

// throttling is a server that counts who asks for pages as Mastodon does: 300 in any 15
// minutes, and 429 to what comes then (mastodon.md 45).
type throttling struct {
	mu     sync.Mutex
	now    time.Time
	taken  []time.Time // requests for pages of late
	refuse int         // with this status whatever is signed by draft-cavage
	over   int         // requests that were answered 429
}

func (s *throttling) clock() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now }

func (s *throttling) move(d time.Duration) { s.mu.Lock(); defer s.mu.Unlock(); s.now = s.now.Add(d) }

func (s *throttling) answer(base string, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Query().Has("page") || r.URL.Query().Has("max_id") {
		for len(s.taken) > 0 && s.now.Sub(s.taken[0]) >= 15*time.Minute {
			s.taken = s.taken[1:]
		}
		if len(s.taken) == 300 {
			s.over++
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		s.taken = append(s.taken, s.now)
	}
	if s.refuse != 0 && r.Header.Get("Signature-Input") == "" {
		w.WriteHeader(s.refuse)
		return
	}
	activity(w, note(base+r.RequestURI))
}

// insist asks for a page every two seconds for half an hour, and returns how many came.
func (s *throttling) insist(t *testing.T, c *Client, page string) (came int) {
	t.Helper()
	for range 900 {
		switch _, err := c.Object(t.Context(), page); {
		case err == nil:
			came++
		case !errors.Is(err, ErrPages) && !strings.Contains(err.Error(), "429"):
			t.Fatal(err)
		}
		s.move(2 * time.Second)
	}
	return came
}

// TestNoServerIsAskedForMorePagesThanItGives: whoever reads collections of another server,
// however long they are, never meets its throttle, and gets most of what it gives.
func TestNoServerIsAskedForMorePagesThanItGives(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		atOnce int
		knocks bool // each page costs two requests
		over   bool
		least  int // pages in half an hour
	}{
		{"as we ask", pagesAtOnce, false, false, 400},
		{"as we ask who refuses our first signature each time", pagesAtOnce, true, false, pagesAtOnce / 2},
		{"a page more at once is too many", pagesAtOnce + 1, false, true, 0},
		{"without a limit", 900, false, true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &throttling{now: time.Date(2026, 6, 11, 18, 30, 0, 0, time.UTC)}
			base := serve(t, s.answer)
			c := lab(t, func(o *Options, l *limits) {
				o.Now, l.pagesAtOnce = s.clock, tt.atOnce
				if !tt.knocks {
					o.SignAs = nil
				}
			})
			if tt.knocks {
				s.refuse = http.StatusBadRequest
				c.forms = recent.New[signature.Form](0)
			}
			came := s.insist(t, c, base+"/users/bob/outbox?page=true")
			if (s.over > 0) != tt.over || came < tt.least {
				t.Errorf("%d requests met the throttle, %d pages came, want %t and at least %d", s.over, came, tt.over, tt.least)
			}
		})
	}
}

// TestOnlyPagesAreCountedEachHostByItself: nobody's words wait because somebody has many
// pages.
func TestOnlyPagesAreCountedEachHostByItself(t *testing.T) {
	t.Parallel()
	s := &throttling{now: time.Date(2026, 6, 11, 18, 30, 0, 0, time.UTC)}
	base, other := serve(t, s.answer), serve(t, s.answer)
	c := lab(t, func(o *Options, l *limits) { o.Now, o.SignAs, l.pagesAtOnce = s.clock, nil, 1 })
	for _, tt := range []struct {
		url  string
		want error
	}{
		{base + "/outbox?page=true", nil},
		{base + "/outbox?max_id=7", ErrPages},
		{base + "/outbox?min_id=7", ErrPages},
		{base + "/outbox?since_id=7", ErrPages},
		{strings.ToUpper(base[:4]) + base[4:] + "/outbox?page=true", ErrPages},
		{base + "/outbox?page=", nil},
		{base + "/outbox", nil},
		{base + "/?author=1", nil},
		{other + "/outbox?page=true", nil},
	} {
		if _, err := c.Object(t.Context(), tt.url); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.url, err, tt.want)
		}
	}
	s.move(pagingPeriod)
	if _, err := c.Object(t.Context(), base+"/outbox?page=true"); err != nil {
		t.Errorf("later: %v", err)
	}
}
