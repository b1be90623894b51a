package signature

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	keyID = "https://mastodon.example/users/bob#main-key"
	body  = `{"type":"Follow","id":"https://mastodon.example/1"}`
)

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := GenerateKey()
	if err != nil {
		panic(err)
	}
	return key
})

// edKeyID and edKey are the same actor's second key.
const edKeyID = "https://mastodon.example/users/bob#ed25519-key"

var edKey = sync.OnceValue(func() ed25519.PrivateKey {
	key, err := GenerateEd25519()
	if err != nil {
		panic(err)
	}
	return key
})

func testKeys() Keys {
	return Keys{RSA: Key{ID: keyID, Private: testKey()}, Ed25519: Key{ID: edKeyID, Private: edKey()}}
}

// testNow is the wall clock: go-fed reads it for (created) and (expires).
var testNow = sync.OnceValue(func() time.Time { return time.Now().UTC().Truncate(time.Second) })

func testPolicy() Policy {
	return Policy{Authorities: []string{"notes.example", "notes.example:443"}, Scheme: "https", Now: testNow()}
}

// peer is another server's way to sign, written from the draft and not with the
// code under test.
type peer struct {
	method, target string
	headers        string // as it covers them, in order
	algorithm      string // left out if empty
	date           time.Time
	params         string // further parameters, such as `created=1,expires=2,`
	digest         string // default: that of body
	body           string
	change         func(*http.Request) // after signing
	before         func(*http.Request) // before signing
	created        int64
	expires        int64
}

func follow() peer {
	return peer{method: "POST", target: "/users/gwen/inbox", headers: "(request-target) host date digest content-type",
		algorithm: "rsa-sha256", date: testNow(), body: body}
}

func lookup() peer {
	return peer{method: "GET", target: "/users/gwen", headers: "(request-target) host date accept",
		algorithm: "rsa-sha256", date: testNow()}
}

// request makes and signs a request as a server's handler would see it.
func (p peer) request(t testing.TB) *http.Request {
	t.Helper()
	r := httptest.NewRequest(p.method, "http://notes.example"+p.target, strings.NewReader(p.body))
	r.RequestURI = p.target
	r.Header.Set("Date", p.date.UTC().Format(http.TimeFormat))
	r.Header.Set("Accept", "application/activity+json")
	r.Header.Set("User-Agent", "http.rb/5.1.1 (Mastodon/4.6.5; +https://mastodon.example/)")
	if p.method == "POST" {
		r.Header.Set("Content-Type", "application/activity+json")
		r.Header.Set("Content-Length", fmt.Sprint(len(p.body)))
		sum := sha256.Sum256([]byte(p.body))
		r.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
	}
	if p.digest != "" {
		r.Header.Set("Digest", p.digest)
	}
	if p.before != nil {
		p.before(r)
	}
	r.Header.Set("Signature", p.sign(t, r))
	if p.change != nil {
		p.change(r)
	}
	return r
}

func (p peer) sign(t testing.TB, r *http.Request) string {
	t.Helper()
	var signed bytes.Buffer
	for i, name := range strings.Fields(p.headers) {
		if i > 0 {
			signed.WriteByte('\n')
		}
		value := strings.Join(r.Header.Values(name), ", ")
		switch name {
		case "(request-target)":
			value = strings.ToLower(p.method) + " " + p.target
		case "(created)":
			value = fmt.Sprint(p.created)
		case "(expires)":
			value = fmt.Sprint(p.expires)
		case "host":
			value = r.Host
		}
		fmt.Fprintf(&signed, "%s: %s", name, value)
	}
	sum := sha256.Sum256(signed.Bytes())
	value, err := rsa.SignPKCS1v15(rand.Reader, testKey(), crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	var header strings.Builder
	fmt.Fprintf(&header, `keyId="%s",`, keyID)
	if p.algorithm != "" {
		fmt.Fprintf(&header, `algorithm="%s",`, p.algorithm)
	}
	if p.created != 0 {
		fmt.Fprintf(&header, `created=%d,`, p.created)
	}
	if p.expires != 0 {
		fmt.Fprintf(&header, `expires=%d,`, p.expires)
	}
	fmt.Fprintf(&header, `%sheaders="%s",signature="%s"`, p.params, p.headers, base64.StdEncoding.EncodeToString(value))
	return header.String()
}

// check parses and verifies.
func check(r *http.Request, body string, p Policy) error {
	s, err := Parse(r, []byte(body), p)
	if err != nil {
		return err
	}
	return s.Verify(&testKey().PublicKey)
}
