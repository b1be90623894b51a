package signature

import (
	"cmp"
	"crypto"
	"crypto/rsa"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-fed/httpsig"
	"golang.org/x/net/http/httpguts"
)

// DefaultSkew is how far a request's time may lie from ours in either
// direction: Mastodon's and Fedify's window.
const DefaultSkew = time.Hour

// Policy is what a verifier insists upon.
type Policy struct {
	// Authorities are the Host values that are ours, compared without regard to
	// case. They come from the configuration: with its port and without, because
	// Mastodon sends Host without one. Without any, every request is refused.
	Authorities []string
	// Scheme is ours, "https" or "http": RFC 9421 signs whole URLs, and a proxy before
	// us may speak another.
	Scheme string
	// Now is the time of receipt.
	Now time.Time
	// Skew is how far Date or (created) may lie from Now; zero is DefaultSkew.
	Skew time.Duration
}

func (p Policy) skew() time.Duration { return cmp.Or(p.Skew, DefaultSkew) }

// Parse reads the signature of a received request and makes every check that
// needs no key: that it covers what it must, that the digest is that of body,
// which are the bytes as received, that its time is now, and that it is meant for
// us. It changes nothing in r. It returns ErrUnsigned or another *Error.
//
// With a Signature-Input header it is an RFC 9421 signature, else draft-cavage.
// A draft-cavage POST (and any request with a body) must cover (request-target), host,
// digest, and date or (created); a GET all of these but digest. For RFC 9421 see
// parseMessage. The sender chooses what else it covers, and the order.
func Parse(r *http.Request, body []byte, p Policy) (*Signature, error) {
	if err := checkSingle(r.Header); err != nil {
		return nil, err
	}
	if err := checkAuthority(r, p.Authorities); err != nil {
		return nil, err
	}
	// With Signature-Input beside it, Signature is RFC 9421's dictionary.
	if len(r.Header["Signature-Input"]) > 0 {
		return parseMessage(r, body, p)
	}
	return parseCavage(r, body, p)
}

func parseCavage(r *http.Request, body []byte, p Policy) (*Signature, error) {
	header, err := signatureHeader(r.Header)
	if err != nil {
		return nil, err
	}
	params, err := parseParams(header)
	if err != nil {
		return nil, err
	}
	if err := checkCoverage(r, body, params); err != nil {
		return nil, err
	}
	if err := checkTime(r.Header, params, p); err != nil {
		return nil, err
	}
	if params.covers("digest") {
		if err := checkDigest(r.Header.Get("Digest"), body); err != nil {
			return nil, err
		}
	}
	verifier, err := verifierFor(r, params)
	if err != nil {
		return nil, err
	}
	s := &Signature{KeyID: params.keyID, covers: params.covers}
	s.proves = func(key crypto.PublicKey) error {
		if _, ok := key.(*rsa.PublicKey); !ok {
			return unfit(key)
		}
		if verifier.Verify(key, httpsig.RSA_SHA256) != nil {
			return s.mismatch()
		}
		return nil
	}
	return s, nil
}

// signatureHeader finds the one draft-cavage header.
func signatureHeader(h http.Header) (string, error) {
	switch values := h["Signature"]; len(values) {
	case 1:
		return values[0], nil
	case 0:
		scheme, _, _ := strings.Cut(h.Get("Authorization"), " ")
		if strings.EqualFold(scheme, "Signature") {
			// The draft's other form; no fediverse server sends it.
			return "", refuse("a signature in Authorization is not accepted, use a Signature header")
		}
		return "", ErrUnsigned
	default:
		return "", refuse("the request has %d Signature headers, one is accepted", len(values))
	}
}

// verifierFor hands go-fed a copy of the request in the one form it reads rightly:
// the covered headers alone, the path as it came over the wire, the parameters
// without the spaces that it stumbles on, and no parameter that isn't signed. It
// checks (created) and (expires) once more, by the wall clock and within ten seconds:
// the one place where the window is narrower than an hour.
func verifierFor(r *http.Request, params *params) (httpsig.Verifier, error) {
	covered := http.Header{"Signature": {params.canonical()}}
	for _, name := range params.headers {
		if slices.Contains([]string{"(request-target)", "(created)", "(expires)", "host"}, name) {
			continue
		}
		if !httpguts.ValidHeaderFieldName(name) || strings.EqualFold(name, "signature") {
			return nil, refuse("the signature covers %s, which can't be signed", quote(name))
		}
		values, ok := r.Header[http.CanonicalHeaderKey(name)]
		if !ok {
			return nil, refuse("the signature covers %s, which the request lacks", quote(name))
		}
		// A line break would let one value stand for two lines.
		if slices.ContainsFunc(values, func(v string) bool { return strings.ContainsAny(v, "\r\n") }) {
			return nil, refuse("the value of %s has a line break", quote(name))
		}
		covered[http.CanonicalHeaderKey(name)] = values
	}
	// go-fed writes Path and RawQuery as they stand, so the whole target goes into Path.
	clean := &http.Request{Method: r.Method, Host: r.Host, URL: &url.URL{Path: requestTarget(r)}, Header: covered}
	verifier, err := httpsig.NewVerifier(clean)
	if err != nil {
		return nil, refuse("the signature can't be read: %s", quote(err.Error()))
	}
	return verifier, nil
}

// requestTarget is the path and query as they came over the wire. RequestURI is
// preferred: a router may have rewritten r.URL.
func requestTarget(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") || r.URL == nil {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}
