package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"confnotes/activitypub/signature"
)

// Probe is one request whose answer is wanted as it is, whatever it is.
type Probe struct {
	Method string // GET or POST
	URL    string
	Accept string
	Type   string // of the body
	Body   []byte
	Keys   *signature.Keys // nil: unsigned
	Form   signature.Form
	// Polite asks before the body is sent (Expect: 100-continue), so that one that
	// would be refused is not (RFC 9110 section 10.1.1).
	Polite bool
}

// Echo is what a probe met.
type Echo struct {
	Status int
	Header http.Header
	Body   []byte    // the first 64 KB
	Until  time.Time // when the certificate ends; zero without TLS
}

const maxEcho = 64 << 10

// Probe makes one request and judges nothing: no redirect is followed, any status and
// type is an answer. An error means that none came, or that the request was never made.
func (c *Client) Probe(ctx context.Context, p Probe) (*Echo, error) {
	if c.opts.Off {
		return nil, ErrOff
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	at, err := c.parseTarget(p.URL)
	if err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	r, err := c.probing(ctx, at, p)
	if err != nil {
		return nil, fmt.Errorf("probe %s: %w", at.text, err)
	}
	resp, err := c.transport.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("probe %s: %w", at.text, err)
	}
	defer resp.Body.Close()
	echo := &Echo{Status: resp.StatusCode, Header: resp.Header}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		echo.Until = resp.TLS.PeerCertificates[0].NotAfter
	}
	echo.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxEcho))
	if err != nil {
		return nil, fmt.Errorf("probe %s: read the body: %w", at.text, err)
	}
	return echo, nil
}

func (c *Client) probing(ctx context.Context, at target, p Probe) (*http.Request, error) {
	var body io.Reader
	if p.Body != nil {
		body = bytes.NewReader(p.Body)
	}
	r, err := http.NewRequestWithContext(ctx, p.Method, at.url.String(), body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", p.Accept)
	r.Header.Set("User-Agent", c.opts.UserAgent)
	if p.Type != "" {
		r.Header.Set("Content-Type", p.Type)
	}
	if p.Polite {
		r.Header.Set("Expect", "100-continue")
	}
	if p.Keys == nil {
		return r, nil
	}
	return r, signature.Sign(r, p.Body, *p.Keys, p.Form, c.opts.Now())
}

// Printable makes a stranger's text fit for one line of a page or a log.
func Printable(text []byte) string { return printable(string(text)) }
