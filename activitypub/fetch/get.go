package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"confnotes/activitypub/signature"
)

// answer is the whole body of a 200, and where it came from in the end.
type answer struct {
	from   target
	header http.Header
	body   []byte
}

// question is a GET as each redirect repeats it.
type question struct {
	accept  string
	accepts func(contentType string) bool // nil: any type, or none
	sign    bool
	bytes   int64 // of the decoded answer
	// etag and modified say which version is known already; one answers 304 to them.
	etag, modified string
}

// get follows up to three redirects, each checked like the first URL and signed
// anew: a signature covers one host and one path.
func (c *Client) get(ctx context.Context, at target, q question) (*answer, error) {
	for range c.limits.redirects + 1 {
		resp, err := c.ask(ctx, at, q)
		if err != nil {
			return nil, fmt.Errorf("get %s: %w", at.text, err)
		}
		location := resp.Header.Get("Location")
		if !isRedirect(resp.StatusCode) || location == "" {
			body, err := c.read(resp, at, q)
			if err != nil {
				return nil, fmt.Errorf("get %s: %w", at.text, err)
			}
			return &answer{from: at, header: resp.Header, body: body}, nil
		}
		_ = resp.Body.Close() // unread: it may drip
		if at, err = c.redirected(at, location); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("get %s: %w", at.text, ErrRedirects)
}

// ask makes one request, or where it is signed perhaps several: see knock. It goes
// straight to the transport: http.Client would follow redirects with the old signature,
// and keep cookies and referrers.
func (c *Client) ask(ctx context.Context, at target, q question) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.url.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", q.accept)
	r.Header.Set("User-Agent", c.opts.UserAgent)
	if q.etag != "" {
		r.Header.Set("If-None-Match", q.etag)
	}
	if q.modified != "" {
		r.Header.Set("If-Modified-Since", q.modified)
	}
	if !q.sign || c.opts.SignAs == nil {
		return c.roundTrip(r)
	}
	keys, err := c.opts.SignAs(ctx)
	if err != nil {
		return nil, fmt.Errorf("instance actor's key: %w", err)
	}
	return c.knock(at.url.Host, keys.Ed25519.Private != nil && c.tookEd25519(at.url.Host), func(form signature.Form) (*http.Response, error) {
		if err := signature.Sign(r, nil, keys, form, c.opts.Now()); err != nil {
			return nil, err
		}
		return c.roundTrip(r)
	})
}

// roundTrip makes one GET, unless it is for a page too many.
func (c *Client) roundTrip(r *http.Request) (*http.Response, error) {
	if !c.paging.take(r.URL, c.opts.Now()) {
		return nil, ErrPages
	}
	return c.transport.RoundTrip(r)
}

// read takes the body of a 200 of an accepted type, and closes it. The limit
// counts decoded bytes: the transport inflates gzip underneath.
func (c *Client) read(resp *http.Response, at target, q question) ([]byte, error) {
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &StatusError{URL: at.text, Status: resp.StatusCode, RetryAfter: c.retryAfter(resp.Header)}
	}
	if types := resp.Header.Values("Content-Type"); q.accepts != nil && (len(types) != 1 || !q.accepts(types[0])) {
		return nil, fmt.Errorf("%w: %.100q", ErrContentType, types)
	}
	if resp.ContentLength > q.bytes {
		return nil, ErrTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, q.bytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	if int64(len(body)) > q.bytes {
		return nil, ErrTooLarge
	}
	return body, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}
