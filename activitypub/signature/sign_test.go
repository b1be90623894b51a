package signature

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func signed(t testing.TB, method, target string, payload []byte) *http.Request {
	t.Helper()
	return signedAs(t, Cavage, method, target, payload)
}

func signedAs(t testing.TB, form Form, method, target string, payload []byte) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, target, bytes.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/activity+json")
	if method == "POST" {
		r.Header.Set("Content-Type", "application/activity+json")
	}
	if err := Sign(r, payload, testKeys(), form, time.Now()); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSignedRequestsVerifyOverTheWire sends what Sign made through net/http's
// client to net/http's server, where the traps are.
func TestSignedRequestsVerifyOverTheWire(t *testing.T) {
	t.Parallel()
	var ours string
	verdict := func(w http.ResponseWriter, r *http.Request) {
		payload, _ := io.ReadAll(r.Body)
		s, err := Parse(r, payload, Policy{Authorities: []string{ours}, Scheme: "http", Now: time.Now()})
		if err == nil {
			err = s.Verify(map[string]crypto.PublicKey{keyID: &testKey().PublicKey, edKeyID: edKey().Public()}[s.KeyID])
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(verdict))
	t.Cleanup(server.Close)
	ours = server.Listener.Addr().String()
	for _, path := range []string{"", "/", "/inbox", "/users/gwen?page=true&x=%20", "/a%2Fb", "/a%20b", "/é/ü?q=1",
		"/%C3%A9", "/a?", "/a+b;c=d,e", "//double//slash", "/a#fragment", "/%e2%82%ac?q=%2F"} {
		for method, payload := range map[string][]byte{"GET": nil, "POST": []byte(body)} {
			for _, form := range []Form{Cavage, MessageRSA, MessageEd25519} {
				t.Run(method+" "+path+" "+form.String(), func(t *testing.T) {
					t.Parallel()
					resp, err := http.DefaultTransport.RoundTrip(signedAs(t, form, method, server.URL+path, payload))
					if err != nil {
						t.Fatal(err)
					}
					defer resp.Body.Close()
					if text, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 {
						t.Errorf("answered %d %s", resp.StatusCode, text)
					}
				})
			}
		}
	}
}

func TestSignSaysWhatPeersExpect(t *testing.T) {
	t.Parallel()
	post := signed(t, "POST", "https://Bücher.example:443/inbox", []byte(body))
	header := post.Header.Get("Signature")
	for _, want := range []string{`keyId="` + keyID + `"`, `algorithm="rsa-sha256"`, `headers="(request-target) host date digest content-type"`} {
		if !strings.Contains(header, want) {
			t.Errorf("%s lacks %s", header, want)
		}
	}
	if post.Host != "xn--bcher-kva.example" {
		t.Errorf("Host is %q", post.Host)
	}
	if got := signed(t, "GET", "https://x.example/", nil).Header.Get("Signature"); !strings.Contains(got, `headers="(request-target) host date accept"`) {
		t.Errorf("a GET has %s", got)
	}
	if got := signed(t, "POST", "https://x.example/", nil).Header.Get("Digest"); got != "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" {
		t.Errorf("an empty body has the digest %q", got)
	}
}

func TestSigningAgainReplaces(t *testing.T) {
	t.Parallel()
	r := signed(t, "POST", "http://notes.example/inbox", []byte(body))
	r.URL.Path = "/users/gwen/inbox"
	for _, form := range []Form{MessageRSA, Cavage} {
		if err := Sign(r, []byte(body), testKeys(), form, testNow()); err != nil {
			t.Fatal(err)
		}
		policy := testPolicy()
		policy.Scheme = "http"
		if err := check(r, body, policy); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := Key{ID: keyID, Private: testKey()}
	request := func(method, target string, header ...string) *http.Request {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		r := &http.Request{Method: method, URL: u, Header: http.Header{}}
		for _, name := range header {
			r.Header.Set(name, "application/activity+json")
		}
		return r
	}
	tests := []struct {
		name string
		r    *http.Request
		body []byte
		key  Key
	}{
		{"a POST without a content type", request("POST", "https://x.example/"), nil, good},
		{"a GET without Accept", request("GET", "https://x.example/"), nil, good},
		{"a GET with a body", request("GET", "https://x.example/", "Accept"), []byte("x"), good},
		{"a DELETE", request("DELETE", "https://x.example/", "Accept"), nil, good},
		{"a URL without a host", request("GET", "/users/gwen", "Accept"), nil, good},
		{"an opaque URL", request("GET", "https:opaque", "Accept"), nil, good},
		{"no key", request("GET", "https://x.example/", "Accept"), nil, Key{ID: keyID}},
		{"a small key", request("GET", "https://x.example/", "Accept"), nil, Key{ID: keyID, Private: small}},
		{"a key of another kind", request("GET", "https://x.example/", "Accept"), nil, Key{ID: keyID, Private: edKey()}},
		{"no key id", request("GET", "https://x.example/", "Accept"), nil, Key{Private: testKey()}},
		{"a key id with a quote", request("GET", "https://x.example/", "Accept"), nil, Key{ID: `https://x"y`, Private: testKey()}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, form := range []Form{Cavage, MessageRSA} {
				if err := Sign(tt.r, tt.body, Keys{RSA: tt.key, Ed25519: tt.key}, form, testNow()); err == nil {
					t.Errorf("was signed with %s", form)
				}
				if tt.r.Header.Get("Signature") != "" {
					t.Error("has a signature nonetheless")
				}
			}
		})
	}
}

func TestVerifyRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	s, err := Parse(follow().request(t), []byte(body), testPolicy())
	if err != nil {
		t.Fatal(err)
	}
	other, err := GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	edwards, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]any{
		"another RSA key": &other.PublicKey, "a small RSA key": &small.PublicKey, "ed25519": edwards,
		"ecdsa": &curve.PublicKey, "nil": nil, "a nil RSA key": (*rsa.PublicKey)(nil), "an empty RSA key": &rsa.PublicKey{},
		"a secret": []byte("secret"), "a private key": testKey(),
	} {
		if err := s.Verify(key); err == nil {
			t.Errorf("%s verified", name)
		} else {
			checkReason(t, err.Error())
		}
	}
	if err := s.Verify(&testKey().PublicKey); err != nil {
		t.Errorf("the right key, afterwards: %v", err)
	}
}
