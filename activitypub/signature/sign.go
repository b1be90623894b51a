package signature

import (
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

// Key is what a local actor signs with.
type Key struct {
	ID      string // for example https://notes.example/users/gwen#main-key
	Private *rsa.PrivateKey
}

// Sign signs r in place as the actor that key belongs to. A POST covers
// (request-target), host, date, digest and content-type, a GET (request-target),
// host, date and accept; any other method is an error, as is a missing
// Content-Type or Accept. body is what r will send, nil for a GET; it isn't read
// from r. Sign sets Host, Date, Digest and Signature, replacing earlier values,
// so a request that is sent to another place is simply signed again.
func Sign(r *http.Request, body []byte, key Key, now time.Time) error {
	if err := key.check(); err != nil {
		return fmt.Errorf("sign %s %s: %w", r.Method, r.URL, err)
	}
	host, err := sentHost(r)
	if err != nil {
		return fmt.Errorf("sign %s %s: %w", r.Method, r.URL, err)
	}
	covered := []string{httpsig.RequestTarget, "host", "date", "accept"}
	switch {
	case r.Method == http.MethodPost:
		covered = []string{httpsig.RequestTarget, "host", "date", "digest", "content-type"}
		body = append([]byte{}, body...) // go-fed makes no digest of nil
	case r.Method != http.MethodGet || body != nil:
		return fmt.Errorf("sign %s %s: only a POST, or a GET without body, can be signed", r.Method, r.URL)
	}
	r.Host = host
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	r.Header.Del("Digest")
	r.Header.Del("Signature")
	if err := signCovered(r, covered, body, key); err != nil {
		return fmt.Errorf("sign %s %s: %w", r.Method, r.URL, err)
	}
	return nil
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

func (k Key) check() error {
	if k.Private == nil {
		return errors.New("the key has no private part")
	}
	if k.ID == "" || strings.ContainsAny(k.ID, "\"\\\r\n") {
		return fmt.Errorf("key id %q can't stand in a Signature header", k.ID)
	}
	return checkSize(&k.Private.PublicKey)
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
