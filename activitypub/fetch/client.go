// Package fetch is the one way out: every request that this server makes to
// another goes through its Client, which checks the address it connects to,
// bounds time and size, and signs.
package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/internal/recent"
)

// Sentinels of this package; errors.Is finds them under what wraps them. A
// status other than 200 is a *StatusError instead. Anything else is the network:
// DNS, TLS, a reset, a deadline.
var (
	// ErrOff is every call's answer while federation is off.
	ErrOff = errors.New("federation is off")
	// ErrRefused is a URL or an address that this server doesn't talk to.
	ErrRefused = errors.New("refused")
	// ErrRedirects is a redirect beyond the third.
	ErrRedirects = errors.New("too many redirects")
	// ErrTooLarge is an answer of more than 1 MB, decompressed, a picture of more than 8,
	// or a file of more than 16.
	ErrTooLarge = errors.New("answer too large")
	// ErrContentType is an answer of another type than asked for, or one whose
	// body isn't the JSON object that its type promises.
	ErrContentType = errors.New("not the content type asked for")
	// ErrID is a document that has no id, several, or one that isn't its URL.
	ErrID = errors.New("id is not the document's URL")
)

// StatusError is an answer to a GET with another status than 200.
type StatusError struct {
	URL        string
	Status     int
	RetryAfter time.Duration // zero if the answer named none
}

// Error names the URL and the status.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%s answered %d %s", e.URL, e.Status, http.StatusText(e.Status))
}

// Options are what a Client is made with.
type Options struct {
	UserAgent     string         // "confnotes/<version> (+<base URL>)"; GoToSocial answers 418 to none
	AllowNetworks []netip.Prefix // exempt from the address and port check: tests and labs
	AllowHTTP     bool           // http beside https: only for a server that is itself on http
	Off           bool           // federation is off
	// Only names the hosts, with their ports, that are spoken to at all; nil is everyone.
	Only []string
	// SignAs gives the instance actor's keys, which sign what Object and
	// KeyDocument ask for. Nil leaves them unsigned.
	SignAs func(context.Context) (signature.Keys, error)
	Now    func() time.Time // nil is time.Now
}

// limits bound one call, or all to one host. Tests shorten them, and bring their own names and roots.
type limits struct {
	total        time.Duration // a whole call: redirects, the refetch and the body
	connect      time.Duration // name lookup and TCP
	handshake    time.Duration // TLS
	header       time.Duration // from the request sent to the answer's header
	expect       time.Duration // for a "go on" to what asks before it sends its body
	reason       time.Duration // from there to the end of a delivery's answer
	bytes        int64         // of a decoded answer
	pictureBytes int64         // of a picture
	fileBytes    int64         // of a file
	reasonBytes  int64         // of a delivery's answer
	redirects    int
	pagesAtOnce  int // of one host, and as many again in 15 minutes
	connsPerHost int
	resolver     *net.Resolver // nil is the system's
	tlsConfig    *tls.Config   // nil is crypto/tls's defaults and the system's roots
	noReuse      bool          // a new connection for each request
}

// defaultLimits are Mastodon's times and sizes, see app/lib/request.rb.
func defaultLimits() limits {
	return limits{
		total:        30 * time.Second,
		connect:      5 * time.Second,
		handshake:    5 * time.Second,
		header:       10 * time.Second,
		expect:       3 * time.Second,
		reason:       2 * time.Second,
		bytes:        1 << 20,
		pictureBytes: 8 << 20,
		fileBytes:    16 << 20,
		reasonBytes:  4 << 10,
		redirects:    3,
		pagesAtOnce:  pagesAtOnce,
		connsPerHost: 8,
	}
}

// Client makes requests to other servers. It is safe for concurrent use and
// keeps idle connections: one Client serves the whole process.
type Client struct {
	opts      Options
	limits    limits
	transport *http.Transport
	forms     *recent.Memory[signature.Form] // by host, where it isn't draft-cavage at once
	paging    *paging
}

// New makes a Client.
func New(o Options) *Client { return newClient(o, defaultLimits()) }

func newClient(o Options, l limits) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	dialer := &net.Dialer{
		Timeout:  l.connect,
		Resolver: l.resolver,
		// After name lookup and for every connection, so that a name can't pass
		// with one address and be dialled at another.
		Control: newGuard(o.AllowNetworks).control,
	}
	transport := &http.Transport{
		Proxy:                  nil, // a proxy would dial what the guard never sees
		DialContext:            dialer.DialContext,
		TLSClientConfig:        l.tlsConfig,
		TLSHandshakeTimeout:    l.handshake,
		ResponseHeaderTimeout:  l.header,
		ExpectContinueTimeout:  l.expect,
		MaxResponseHeaderBytes: 64 << 10,
		MaxConnsPerHost:        l.connsPerHost,
		MaxIdleConnsPerHost:    2,
		MaxIdleConns:           200,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
		DisableKeepAlives:      l.noReuse,
	}
	return &Client{opts: o, limits: l, transport: transport, forms: recent.New[signature.Form](formsKept), paging: newPaging(l.pagesAtOnce)}
}

// Close drops the idle connections. Calls under way finish.
func (c *Client) Close() { c.transport.CloseIdleConnections() }
