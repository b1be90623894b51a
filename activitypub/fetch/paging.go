package fetch

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"confnotes/internal/recent"
)

// Mastodon gives an address 300 pages in 15 minutes, and answers 429 then
// (config/initializers/rack_attack.rb, throttle_unauthenticated_paging). Half of them may
// go at once and as many one by one, so that no 15 minutes have more.
const (
	pagingPeriod = 15 * time.Minute
	pagesAtOnce  = 150
)

// ErrPages is a page that wasn't asked for, as its host was asked for many just now. It may
// be asked for later.
var ErrPages = errors.New("this host was asked for many pages just now")

// paging counts what hosts are asked for pages. It lives in memory: a restart forgives.
type paging struct {
	mu     sync.Mutex
	atOnce int
	hosts  *recent.Memory[*rate.Limiter]
}

func newPaging(atOnce int) *paging {
	return &paging{atOnce: atOnce, hosts: recent.New[*rate.Limiter](pagingPeriod)}
}

// take says whether a URL may be asked for now, and counts that it is.
func (p *paging) take(u *url.URL, now time.Time) bool {
	if !isPaged(u) {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	host := strings.ToLower(u.Host)
	pages, ok := p.hosts.Get(host, now)
	if !ok {
		pages = rate.NewLimiter(rate.Every(pagingPeriod/time.Duration(p.atOnce)), p.atOnce)
	}
	p.hosts.Put(host, pages, now)
	return pages.AllowN(now, 1)
}

// isPaged says whether Mastodon takes a GET for one of a page (paging_request? there).
func isPaged(u *url.URL) bool {
	query := u.Query()
	return slices.ContainsFunc([]string{"page", "min_id", "max_id", "since_id"}, func(name string) bool { return query.Get(name) != "" })
}
