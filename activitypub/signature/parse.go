package signature

import (
	"net/http"
	"slices"
	"strings"
	"time"

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
	// Now is the time of receipt.
	Now time.Time
	// Skew is how far Date or (created) may lie from Now; zero is DefaultSkew.
	Skew time.Duration
}

// Parse reads the signature of a received request and makes every check that
// needs no key: that it covers what it must, that the digest is that of body,
// which are the bytes as received, that its time is now, and that it is meant for
// us. It changes nothing in r. It returns ErrUnsigned, ErrUnsupported or another
// *Error.
//
// A POST (and any request with a body) must cover (request-target), host, digest,
// and date or (created); a GET all of these but digest. The sender chooses what
// else it covers, and the order.
func Parse(r *http.Request, body []byte, p Policy) (*Signature, error) {
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
	if err := checkSingle(r.Header); err != nil {
		return nil, err
	}
	if err := checkAuthority(r, p.Authorities); err != nil {
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
	signed, err := signatureString(r, params)
	if err != nil {
		return nil, err
	}
	return &Signature{KeyID: params.keyID, signed: signed, value: params.signature}, nil
}

// signatureHeader finds the one draft-cavage header.
func signatureHeader(h http.Header) (string, error) {
	// With Signature-Input beside it, Signature is RFC 9421's dictionary.
	if len(h["Signature-Input"]) > 0 {
		return "", ErrUnsupported
	}
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

// signatureString builds what was signed, section 2.3 of the draft.
func signatureString(r *http.Request, params *params) (string, error) {
	lines := make([]string, 0, len(params.headers))
	for _, name := range params.headers {
		value, err := coveredValue(r, params, name)
		if err != nil {
			return "", err
		}
		// A line break would let one value stand for two lines.
		if strings.ContainsAny(value, "\r\n") {
			return "", refuse("the value of %s has a line break", quote(name))
		}
		lines = append(lines, name+": "+value)
	}
	return strings.Join(lines, "\n"), nil
}

func coveredValue(r *http.Request, params *params, name string) (string, error) {
	switch name {
	case "(request-target)":
		return strings.ToLower(r.Method) + " " + requestTarget(r), nil
	case "(created)":
		return params.created, nil
	case "(expires)":
		return params.expires, nil
	case "host":
		return r.Host, nil // net/http's server takes it out of the header map
	}
	if !httpguts.ValidHeaderFieldName(name) {
		return "", refuse("the signature covers %s, which is no header", quote(name))
	}
	values, ok := r.Header[http.CanonicalHeaderKey(name)]
	if !ok {
		return "", refuse("the signature covers %s, which the request lacks", quote(name))
	}
	trimmed := slices.Clone(values)
	for i := range trimmed {
		trimmed[i] = strings.TrimSpace(trimmed[i])
	}
	return strings.Join(trimmed, ", "), nil
}

// requestTarget is the path and query as they came over the wire. RequestURI is
// preferred: a router may have rewritten r.URL.
func requestTarget(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") || r.URL == nil {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}
