package signature

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

// Algorithms of RFC 9421 section 3.3 that fediverse servers use.
const (
	algRSA     = "rsa-v1_5-sha256"
	algPSS     = "rsa-pss-sha512"
	algEd25519 = "ed25519"
)

// maxLabels bounds how many signatures of one request are looked at.
const maxLabels = 4

// message is one signature of RFC 9421: what stands under a label.
type message struct {
	components httpsfv.InnerList
	signature  []byte
	keyID, alg string
	created    time.Time
	expires    time.Time // zero if there is none
}

// parseMessage reads an RFC 9421 signature. It must cover @method; @target-uri, or
// @authority with @request-target or with @path and @query; content-digest where there
// is a body; and say when it was created. Of several the first that does is taken.
func parseMessage(r *http.Request, body []byte, p Policy) (*Signature, error) {
	inputs, err := dictionary(r.Header, "Signature-Input")
	if err != nil {
		return nil, err
	}
	signatures, err := dictionary(r.Header, "Signature")
	if err != nil {
		return nil, err
	}
	err = refuse("the Signature-Input header is empty")
	for i, label := range inputs.Names() {
		if i == maxLabels {
			break
		}
		s, why := parseLabel(r, body, p, label, inputs, signatures)
		if why == nil {
			return s, nil
		}
		if i == 0 {
			err = why
		}
	}
	return nil, err
}

func parseLabel(r *http.Request, body []byte, p Policy, label string, inputs, signatures *httpsfv.Dictionary) (*Signature, error) {
	m, err := readMessage(label, inputs, signatures)
	if err != nil {
		return nil, err
	}
	if err := m.checkCoverage(r, body); err != nil {
		return nil, err
	}
	if err := m.checkTime(r.Header, p); err != nil {
		return nil, err
	}
	if m.covers("content-digest") {
		if err := checkContentDigest(r.Header, body); err != nil {
			return nil, err
		}
	}
	bases, err := m.bases(r, p)
	if err != nil {
		return nil, err
	}
	s := &Signature{KeyID: m.keyID, covers: m.covers}
	s.proves = func(key crypto.PublicKey) error {
		for _, base := range bases {
			matches, err := m.matches(base, key)
			if err != nil || matches {
				return err
			}
		}
		return s.mismatch()
	}
	return s, nil
}

// matches says whether a key made the signature of a base. The key decides the
// algorithm: a name that doesn't fit it is an error, as is a key of no use here.
func (m *message) matches(base []byte, key crypto.PublicKey) (bool, error) {
	switch key := key.(type) {
	case *rsa.PublicKey:
		switch m.alg {
		case "", algRSA:
			sum := sha256.Sum256(base)
			return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], m.signature) == nil, nil
		case algPSS:
			sum := sha512.Sum512(base)
			return rsa.VerifyPSS(key, crypto.SHA512, sum[:], m.signature, &rsa.PSSOptions{SaltLength: crypto.SHA512.Size()}) == nil, nil
		}
	case ed25519.PublicKey:
		if len(key) == ed25519.PublicKeySize && (m.alg == "" || m.alg == algEd25519) {
			return ed25519.Verify(key, base, m.signature), nil
		}
	default:
		return false, unfit(key)
	}
	return false, refuse("algorithm %s doesn't fit the key %s", quote(m.alg), quote(m.keyID))
}

// dictionary reads a structured field (RFC 9651) of bounded size.
func dictionary(h http.Header, name string) (*httpsfv.Dictionary, error) {
	size := 0
	for _, line := range h[name] {
		size += len(line)
	}
	if size > maxHeader {
		return nil, refuse("the %s header has %d bytes, at most %d are read", name, size, maxHeader)
	}
	d, err := httpsfv.UnmarshalDictionary(h[name])
	if err != nil {
		return nil, refuse("the %s header is no dictionary of RFC 9651", name)
	}
	return d, nil
}

// readMessage takes what both headers have under a label.
func readMessage(label string, inputs, signatures *httpsfv.Dictionary) (*message, error) {
	member, _ := inputs.Get(label)
	components, ok := member.(httpsfv.InnerList)
	if !ok {
		return nil, refuse("Signature-Input has no list of components under %s", quote(label))
	}
	m := &message{components: components}
	if member, ok = signatures.Get(label); ok {
		item, _ := member.(httpsfv.Item)
		m.signature, _ = item.Value.([]byte)
	}
	if len(m.signature) == 0 {
		return nil, refuse("the Signature header has no bytes under %s", quote(label))
	}
	if len(components.Items) > maxCovered {
		return nil, refuse("the signature covers %d components, at most %d are read", len(components.Items), maxCovered)
	}
	return m, m.readParams()
}

// readParams reads the parameters of RFC 9421 section 2.3. Those that it doesn't name
// are signed all the same, and have no meaning here.
func (m *message) readParams() error {
	if v, ok := m.components.Params.Get("keyid"); ok {
		m.keyID, _ = v.(string)
	}
	if m.keyID == "" || len(m.keyID) > maxKeyID {
		return refuse("the signature needs a keyid of 1 to %d bytes", maxKeyID)
	}
	if v, ok := m.components.Params.Get("alg"); ok {
		m.alg, _ = v.(string)
		if !slices.Contains([]string{algRSA, algPSS, algEd25519}, m.alg) {
			return refuse("algorithm %s is not supported, use %s or %s", quote(m.alg), algRSA, algEd25519)
		}
	}
	for name, at := range map[string]*time.Time{"created": &m.created, "expires": &m.expires} {
		v, ok := m.components.Params.Get(name)
		if !ok {
			continue
		}
		seconds, isInt := v.(int64)
		if !isInt || seconds <= 0 {
			return refuse("the parameter %s is not a time in Unix seconds", name)
		}
		*at = time.Unix(seconds, 0)
	}
	return nil
}

func (m *message) covers(name string) bool {
	return slices.ContainsFunc(m.components.Items, func(i httpsfv.Item) bool { return i.Value == name })
}

// checkCoverage insists on what a signature must cover, for the reasons of its
// draft-cavage twin.
func (m *message) checkCoverage(r *http.Request, body []byte) error {
	if !m.covers("@method") {
		return refuse("the signature must cover @method")
	}
	path := m.covers("@request-target") || m.covers("@path") && (m.covers("@query") || !strings.Contains(requestTarget(r), "?"))
	if !m.covers("@target-uri") && !(m.covers("@authority") && path) {
		return refuse("the signature must cover @target-uri, or @authority with @path and @query")
	}
	if ((r.Method != http.MethodGet && r.Method != http.MethodHead) || len(body) > 0) && !m.covers("content-digest") {
		return refuse("the signature of a %s must cover content-digest", quote(r.Method))
	}
	return nil
}

func (m *message) checkTime(h http.Header, policy Policy) error {
	if m.created.IsZero() {
		return refuse("the signature must say when it was created")
	}
	if m.covers("date") {
		if err := checkDate(h, policy); err != nil {
			return err
		}
	}
	return checkLife(m.created, m.expires, policy)
}

// checkContentDigest compares body with each digest of RFC 9530 that we know: one must
// be there.
func checkContentDigest(h http.Header, body []byte) error {
	d, err := dictionary(h, "Content-Digest")
	if err != nil {
		return err
	}
	known := false
	sum256, sum512 := sha256.Sum256(body), sha512.Sum512(body)
	for name, want := range map[string][]byte{"sha-256": sum256[:], "sha-512": sum512[:]} {
		member, ok := d.Get(name)
		if !ok {
			continue
		}
		item, _ := member.(httpsfv.Item)
		if got, _ := item.Value.([]byte); !bytes.Equal(got, want) {
			return refuse("the Content-Digest header is not that of the body")
		}
		known = true
	}
	if !known {
		return refuse("the Content-Digest header has neither sha-256 nor sha-512")
	}
	return nil
}
