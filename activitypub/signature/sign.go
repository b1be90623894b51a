package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-fed/httpsig"
	"golang.org/x/net/http/httpguts"
)

// Key is what a local actor signs with: an *rsa.PrivateKey or an ed25519.PrivateKey.
type Key struct {
	ID      string // for example https://notes.example/users/gwen#main-key
	Private crypto.Signer
}

// Keys are those of one actor. Ed25519 may be empty.
type Keys struct{ RSA, Ed25519 Key }

// Form is how a request is signed. Its zero value is what every fediverse server takes.
type Form int

// The forms that we send.
const (
	Cavage         Form = iota // draft-cavage with RSA
	MessageRSA                 // RFC 9421 with rsa-v1_5-sha256
	MessageEd25519             // RFC 9421 with ed25519
)

// String names the form for logs.
func (f Form) String() string {
	return [...]string{"draft-cavage", "RFC 9421 with RSA", "RFC 9421 with Ed25519"}[f]
}

// Sign signs r in place, in one form, as the actor that the keys belong to. body is what
// r will send, nil for a GET; it isn't read from r. Sign sets Host, Date and what the
// form needs, and takes earlier signatures away, so a request that is sent to another
// place, or again in another form, is simply signed again.
//
// In draft-cavage a POST covers (request-target), host, date, digest and content-type, a
// GET (request-target), host, date and accept. Under RFC 9421 a POST covers @method,
// @target-uri, content-digest and content-type, a GET @method, @target-uri and accept.
// Any other method is an error, as is a missing Content-Type or Accept.
func Sign(r *http.Request, body []byte, keys Keys, form Form, now time.Time) error {
	key := keys.RSA
	if form == MessageEd25519 {
		key = keys.Ed25519
	}
	if err := sign(r, body, key, form, now); err != nil {
		return fmt.Errorf("sign %s %s: %w", r.Method, r.URL, err)
	}
	return nil
}

func sign(r *http.Request, body []byte, key Key, form Form, now time.Time) error {
	if err := key.check(form); err != nil {
		return err
	}
	host, err := sentHost(r)
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost && (r.Method != http.MethodGet || body != nil) {
		return errors.New("only a POST, or a GET without body, can be signed")
	}
	r.Host = host
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	for _, name := range []string{"Digest", "Content-Digest", "Signature", "Signature-Input"} {
		r.Header.Del(name)
	}
	if form != Cavage {
		return signMessage(r, body, key, form, now)
	}
	covered := []string{httpsig.RequestTarget, "host", "date", "accept"}
	if r.Method == http.MethodPost {
		covered = synchronized(r, httpsig.RequestTarget, "host", "date", "digest", "content-type")
		body = append([]byte{}, body...) // go-fed makes no digest of nil
	}
	return signCovered(r, covered, body, key)
}

// Synchronization is the header of FEP-8fcf, which is signed where it stands.
const Synchronization = "Collection-Synchronization"

// synchronized adds that header to what a signature covers, if r has it.
func synchronized(r *http.Request, covered ...string) []string {
	if r.Header.Get(Synchronization) != "" {
		covered = append(covered, strings.ToLower(Synchronization))
	}
	return covered
}

// signCovered lets go-fed sign a view of r that shows it what goes over the
// wire: the escaped path with its query, where go-fed would take the decoded
// path, and the Host header, which net/http keeps apart.
func signCovered(r *http.Request, covered []string, body []byte, key Key) error {
	// A Signer keeps hash state, so each request gets its own.
	signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.RSA_SHA256}, httpsig.DigestSha256, covered, httpsig.Signature, 0)
	if err != nil {
		return err
	}
	view := &http.Request{Method: r.Method, URL: &url.URL{Path: r.URL.RequestURI()}, Header: r.Header.Clone()}
	view.Header.Set("Host", r.Host)
	if err := signer.SignRequest(key.Private, key.ID, view, body); err != nil {
		return err
	}
	if digest := view.Header.Get("Digest"); digest != "" {
		r.Header.Set("Digest", digest)
	}
	// go-fed always writes hs2019, which some servers don't know. The parameter
	// isn't signed, and rsa-sha256 is what Mastodon sends, so all understand it.
	r.Header.Set("Signature", strings.Replace(view.Header.Get("Signature"), `algorithm="hs2019"`, `algorithm="rsa-sha256"`, 1))
	return nil
}

func (k Key) check(form Form) error {
	if k.Private == nil {
		return errors.New("the key has no private part")
	}
	if k.ID == "" || strings.ContainsAny(k.ID, "\"\\\r\n") {
		return fmt.Errorf("key id %q can't stand in a Signature header", k.ID)
	}
	switch private := k.Private.(type) {
	case *rsa.PrivateKey:
		if form != MessageEd25519 {
			return checkSize(&private.PublicKey)
		}
	case ed25519.PrivateKey:
		if form == MessageEd25519 {
			return nil
		}
	}
	return fmt.Errorf("a key of type %T doesn't sign %s", k.Private, form)
}

// sentHost is the Host header that net/http will send for r, without the
// scheme's own port: Mastodon signs and expects it so.
func sentHost(r *http.Request) (string, error) {
	if r.URL == nil || r.URL.Host == "" || r.URL.Opaque != "" {
		return "", errors.New("the URL has no host")
	}
	host, err := httpguts.PunycodeHostPort(r.URL.Host)
	if err != nil {
		return "", fmt.Errorf("host %q: %w", r.URL.Host, err)
	}
	standard := map[string]string{"http": ":80", "https": ":443"}[r.URL.Scheme]
	return strings.ToLower(strings.TrimSuffix(host, standard)), nil
}
