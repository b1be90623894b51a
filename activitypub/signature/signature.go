// Package signature signs and verifies HTTP requests between fediverse servers
// with draft-cavage HTTP signatures. It does no I/O: fetching a key, and asking
// whether its owner may do what the request says, is the caller's work.
//
// Signing and verifying go through github.com/go-fed/httpsig. Its verifier lets the
// sender choose the header list, checks neither the digest nor the age of Date,
// reads the decoded path, and stumbles on a space between parameters: Parse makes
// those checks itself and hands it a request in the one form it reads rightly.
//
// See https://datatracker.ietf.org/doc/html/draft-cavage-http-signatures-12 and
// https://swicg.github.io/activitypub-http-signature/.
package signature

import (
	"crypto"
	"crypto/rsa"
	"fmt"
	"strconv"

	"github.com/go-fed/httpsig"
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
// key. It keeps the covered headers and nothing else of the request.
type Signature struct {
	// KeyID is the sender's claim; nothing is proved before Verify returns nil.
	KeyID string

	verifier httpsig.Verifier
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
	if s.verifier.Verify(public, httpsig.RSA_SHA256) != nil {
		return refuse("the signature does not match the request and the key %s", quote(s.KeyID))
	}
	return nil
}
