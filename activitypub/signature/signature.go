// Package signature signs and verifies HTTP requests between fediverse servers, with
// draft-cavage HTTP signatures and with their successor, RFC 9421. It does no I/O:
// fetching a key, and asking whether its owner may do what the request says, is the
// caller's work.
//
// draft-cavage goes through github.com/go-fed/httpsig. Its verifier lets the
// sender choose the header list, checks neither the digest nor the age of Date,
// reads the decoded path, and stumbles on a space between parameters: Parse makes
// those checks itself and hands it a request in the one form it reads rightly.
// RFC 9421 is ours, on github.com/dunglas/httpsfv's structured fields.
//
// See https://datatracker.ietf.org/doc/html/draft-cavage-http-signatures-12,
// https://www.rfc-editor.org/rfc/rfc9421 and
// https://swicg.github.io/activitypub-http-signature/.
package signature

import (
	"crypto"
	"crypto/rsa"
	"fmt"
	"strconv"
)

// ErrUnsigned is returned for a request that carries no signature at all.
var ErrUnsigned error = &Error{Reason: "the request has no Signature header"}

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

	proves func(crypto.PublicKey) error
	covers func(name string) bool
}

// Covers says whether a header, named in lower case, is signed.
func (s *Signature) Covers(name string) bool { return s.covers(name) }

// Verify checks the signature with the key that KeyID names. The key decides
// the algorithm: RSA means PKCS1v15 with SHA-256, which is also what "hs2019" means in
// the fediverse, and under RFC 9421 rsa-pss-sha512 where the sender says so; an Ed25519
// key verifies RFC 9421 alone. Any other key is an *Error, as is a signature that
// doesn't match.
func (s *Signature) Verify(key crypto.PublicKey) error {
	if public, ok := key.(*rsa.PublicKey); ok {
		if public == nil || public.N == nil {
			return refuse("there is no key %s", quote(s.KeyID))
		}
		if err := checkSize(public); err != nil {
			return err
		}
	}
	return s.proves(key)
}

func (s *Signature) mismatch() error {
	return refuse("the signature does not match the request and the key %s", quote(s.KeyID))
}

// unfit refuses a key that says nothing about a signature.
func unfit(key crypto.PublicKey) error {
	return refuse("a key of type %T is not supported here, use RSA, or Ed25519 with RFC 9421", key)
}
