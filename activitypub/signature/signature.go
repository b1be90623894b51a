// Package signature signs and verifies HTTP requests between fediverse servers
// with draft-cavage HTTP signatures. It does no I/O: fetching a key, and asking
// whether its owner may do what the request says, is the caller's work.
//
// Signing goes through github.com/go-fed/httpsig. Verifying does not: its
// verifier lets the sender choose the header list, checks neither the digest
// nor the age of Date, reads the decoded path, and compares (created) with the
// wall clock within ten seconds, where the fediverse's window is an hour. The
// tests hold the two against each other.
//
// See https://datatracker.ietf.org/doc/html/draft-cavage-http-signatures-12 and
// https://swicg.github.io/activitypub-http-signature/.
package signature

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"strconv"
)

// ErrUnsigned is returned for a request that carries no signature at all.
var ErrUnsigned error = &Error{Reason: "the request has no Signature header"}

// ErrUnsupported is returned for a request signed with RFC 9421. Peers that
// meet it fall back to draft-cavage on a 401.
var ErrUnsupported error = &Error{Reason: "RFC 9421 signatures are not supported here, use a draft-cavage Signature header"}

// Error is a refusal. Reason is one printable line that names no secret, fit
// for the body of a 401.
type Error struct{ Reason string }

// Error returns the reason.
func (e *Error) Error() string { return e.Reason }

func refuse(format string, args ...any) error {
	return &Error{Reason: fmt.Sprintf(format, args...)}
}

// quote makes a stranger's text safe for a reason: one line, ASCII, short.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		s = s[:most]
	}
	return strconv.QuoteToASCII(s)
}

// Signature is a received signature that has passed every check that needs no
// key. It keeps nothing of the request, which may be gone when the key arrives.
type Signature struct {
	// KeyID is the sender's claim; nothing is proved before Verify returns nil.
	KeyID string

	signed string // the draft's "signature string"
	value  []byte
}

// Verify checks the signature with the key that KeyID names. The key decides
// the algorithm, never the request: RSA means PKCS1v15 with SHA-256, which is
// also what "hs2019" means in the fediverse. Any other key is an *Error, as is a
// signature that doesn't match.
func (s *Signature) Verify(key crypto.PublicKey) error {
	public, ok := key.(*rsa.PublicKey)
	if !ok || public == nil || public.N == nil {
		return refuse("a key of type %T is not supported, use RSA", key)
	}
	if err := checkSize(public); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(s.signed))
	if rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], s.value) != nil {
		return refuse("the signature does not match the request and the key %s", quote(s.KeyID))
	}
	return nil
}
