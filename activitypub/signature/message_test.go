package signature

import (
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
	"testing"
	"time"
)

// sender is another server's way to sign by RFC 9421, written from the RFC and not with
// the code under test.
type sender struct {
	method, target string
	covered        []string
	params         string
	key            crypto.Signer
	body           string
	uri            string              // as it signs @target-uri
	before         func(*http.Request) // before signing
	change         func(*http.Request) // after it
}

func fedify() sender {
	return sender{method: "POST", target: "/users/gwen/inbox", uri: "https://notes.example/users/gwen/inbox", key: testKey(), body: body,
		covered: []string{"@method", "@target-uri", "@authority", "host", "date", "content-digest"},
		params:  fmt.Sprintf(`;alg="rsa-v1_5-sha256";keyid="%s";created=%d`, keyID, testNow().Unix())}
}

func (s sender) request(t testing.TB) *http.Request {
	t.Helper()
	r := httptest.NewRequest(s.method, "http://notes.example"+s.target, strings.NewReader(s.body))
	r.RequestURI = s.target
	r.Header.Set("Date", testNow().Format(http.TimeFormat))
	r.Header.Set("Content-Type", "application/activity+json")
	sum := sha256.Sum256([]byte(s.body))
	r.Header.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
	if s.before != nil {
		s.before(r)
	}
	var base strings.Builder
	var list []string
	for _, name := range s.covered {
		path, query, _ := strings.Cut(s.target, "?")
		value, derived := map[string]string{"@method": s.method, "@target-uri": s.uri, "@authority": "notes.example", "host": r.Host, "@scheme": "https",
			"@path": path, "@query": "?" + query, "@request-target": s.target}[name]
		if !derived {
			value = strings.Join(r.Header.Values(name), ", ")
		}
		fmt.Fprintf(&base, "%q: %s\n", name, value)
		list = append(list, `"`+name+`"`)
	}
	input := "(" + strings.Join(list, " ") + ")" + s.params
	base.WriteString(`"@signature-params": ` + input)
	value, err := signBase([]byte(base.String()), s.key, map[bool]Form{true: MessageEd25519, false: MessageRSA}[isEd25519(s.key)])
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Signature-Input", "sig1="+input)
	r.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(value)+":")
	if s.change != nil {
		s.change(r)
	}
	return r
}

func isEd25519(key crypto.Signer) bool { _, ok := key.(ed25519.PrivateKey); return ok }

func from(s sender, change func(*sender)) sender { change(&s); return s }

func TestMessagesOfPeersAreUnderstood(t *testing.T) {
	t.Parallel()
	created := fmt.Sprintf(`;created=%d;keyid="%s"`, testNow().Unix(), keyID)
	for name, s := range map[string]sender{
		"Fedify's": fedify(),
		"Mastodon's": from(fedify(), func(s *sender) {
			s.covered, s.params = []string{"@method", "@target-uri", "content-digest"}, created
		}),
		"with Ed25519": from(fedify(), func(s *sender) {
			s.key, s.params = edKey(), fmt.Sprintf(`;created=%d;keyid="%s"`, testNow().Unix(), edKeyID)
		}),
		"with path and query": from(fedify(), func(s *sender) {
			s.target, s.covered = "/users/gwen/inbox?a=b&c", []string{"@method", "@authority", "@path", "@query", "content-digest"}
		}),
		"with the request target": from(fedify(), func(s *sender) {
			s.covered = []string{"@method", "@authority", "@request-target", "@scheme", "content-digest"}
		}),
		"with an expiry":         from(fedify(), func(s *sender) { s.params += fmt.Sprintf(";expires=%d", testNow().Unix()+300) }),
		"with a nonce and a tag": from(fedify(), func(s *sender) { s.params += `;nonce="x";tag="fediverse"` }),
		"with both digests": from(fedify(), func(s *sender) {
			s.before = func(r *http.Request) { r.Header.Set("Content-Digest", r.Header.Get("Content-Digest")+", md5=:AAAA:") }
		}),
		"beside another label": from(fedify(), func(s *sender) {
			s.change = func(r *http.Request) {
				r.Header.Set("Signature-Input", `other=("@method");created=1;keyid="x", `+r.Header.Get("Signature-Input"))
				r.Header.Set("Signature", `other=:AAAA:, `+r.Header.Get("Signature"))
			}
		}),
		"with the port that stands in no Host header": from(fedify(), func(s *sender) {
			s.uri, s.covered = "https://notes.example:8443/users/gwen/inbox", []string{"@method", "@target-uri", "content-digest"}
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := testPolicy()
			policy.Authorities = append(policy.Authorities, "notes.example:8443")
			got, err := Parse(s.request(t), []byte(s.body), policy)
			if err != nil {
				t.Fatal(err)
			}
			if err := got.Verify(s.key.Public()); err != nil {
				t.Error(err)
			}
			if name == "with Ed25519" && got.KeyID != edKeyID {
				t.Errorf("the key id is %s", got.KeyID)
			}
			if err := got.Verify(&otherKey().PublicKey); err == nil {
				t.Error("another key verifies it, too")
			}
		})
	}
}

func otherKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// TestForgedMessagesAreRefused knocks with everything that a sender or somebody between
// could change.
func TestForgedMessagesAreRefused(t *testing.T) {
	t.Parallel()
	without := func(name string) func(*sender) {
		return func(s *sender) {
			var kept []string
			for _, c := range s.covered {
				if c != name {
					kept = append(kept, c)
				}
			}
			s.covered = kept
		}
	}
	header := func(name, value string) func(*sender) {
		return func(s *sender) { s.change = func(r *http.Request) { r.Header.Set(name, value) } }
	}
	at := func(param string, seconds int64) func(*sender) {
		return func(s *sender) {
			s.params = fmt.Sprintf(`;keyid="%s";created=%d`, keyID, testNow().Unix())
			if param == "created" {
				s.params = fmt.Sprintf(`;keyid="%s"`, keyID)
			}
			s.params += fmt.Sprintf(";%s=%d", param, testNow().Unix()+seconds)
		}
	}
	for name, tt := range map[string]struct {
		change func(*sender)
		want   string
	}{
		"the method is not covered":      {without("@method"), "must cover @method"},
		"the body is not covered":        {without("content-digest"), "must cover content-digest"},
		"the target is not covered":      {without("@target-uri"), "must cover @target-uri"},
		"the path without the authority": {func(s *sender) { s.covered = []string{"@method", "@path", "content-digest"} }, "must cover @target-uri"},
		"the path without the query": {func(s *sender) {
			s.target, s.covered = "/users/gwen/inbox?x", []string{"@method", "@path", "@authority", "content-digest"}
		}, "must cover @target-uri"},
		"no time":                  {func(s *sender) { s.params = fmt.Sprintf(`;keyid="%s"`, keyID) }, "when it was created"},
		"an old time":              {at("created", -3700), "created is"},
		"a time to come":           {at("created", 3700), "created is"},
		"an expiry that passed":    {at("expires", -3700), "expired"},
		"a time that is no number": {func(s *sender) { s.params += `;expires="never"` }, "Unix seconds"},
		"an old date": {func(s *sender) {
			s.before = func(r *http.Request) { r.Header.Set("Date", "Tue, 20 Apr 2021 02:07:55 GMT") }
		}, "Date is"},
		"no key id":                   {func(s *sender) { s.params = fmt.Sprintf(`;created=%d`, testNow().Unix()) }, "needs a keyid"},
		"an algorithm of no use":      {func(s *sender) { s.params += `;alg="hmac-sha256"` }, "is not supported"},
		"an algorithm of another key": {func(s *sender) { s.params += `;alg="ed25519"` }, "doesn't fit"},
		"PSS over a PKCS1 signature":  {func(s *sender) { s.params += `;alg="rsa-pss-sha512"` }, "does not match"},
		"another path":                {func(s *sender) { s.change = func(r *http.Request) { r.RequestURI = "/users/mallory/inbox" } }, "does not match"},
		"another query":               {func(s *sender) { s.change = func(r *http.Request) { r.RequestURI += "?x" } }, "does not match"},
		"another method":              {func(s *sender) { s.change = func(r *http.Request) { r.Method = "PUT" } }, "does not match"},
		"another server":              {func(s *sender) { s.change = func(r *http.Request) { r.Host = "evil.example" } }, "not this server"},
		"meant for another server":    {func(s *sender) { s.uri = "https://evil.example/users/gwen/inbox" }, "does not match"},
		"another scheme":              {func(s *sender) { s.uri = "http://notes.example/users/gwen/inbox" }, "does not match"},
		"a fragment in the target":    {func(s *sender) { s.uri += "#main-key" }, "does not match"},
		"another digest":              {header("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"), "not that of the body"},
		"a digest of a weak kind":     {header("Content-Digest", "md5=:AAAA:"), "neither sha-256"},
		"a digest of text":            {header("Content-Digest", `sha-256="AAAA"`), "not that of the body"},
		"one good and one bad digest": {func(s *sender) {
			s.before = func(r *http.Request) {
				r.Header.Set("Content-Digest", r.Header.Get("Content-Digest")+", sha-512=:AAAA:")
			}
		}, "not that of the body"},
		"two digests": {func(s *sender) { s.change = func(r *http.Request) { r.Header.Add("Content-Digest", "sha-256=:AAAA:") } }, "2 Content-Digest headers"},
		"another content type": {func(s *sender) {
			s.covered = append(s.covered, "content-type")
			s.change = func(r *http.Request) { r.Header.Set("Content-Type", "text/html") }
		}, "does not match"},
		"a component twice":          {func(s *sender) { s.covered = append(s.covered, "date") }, "twice"},
		"a header that is not there": {func(s *sender) { s.covered = append(s.covered, "x-missing") }, "which the request lacks"},
		"an upper-case name":         {func(s *sender) { s.covered = append(s.covered, "Content-Type") }, "can't be signed"},
		"its own header":             {func(s *sender) { s.covered = append(s.covered, "signature") }, "can't be signed"},
		"a status":                   {func(s *sender) { s.covered = append(s.covered, "@status") }, "can't be signed"},
		"a line break in a value": {func(s *sender) {
			s.covered = append(s.covered, "x-a")
			s.before = func(r *http.Request) { r.Header["X-A"] = []string{"a\nb"} }
		}, "line break"},
		"no signature beside the input":   {header("Signature", ""), "no bytes"},
		"a signature of text":             {header("Signature", `sig1="AAAA"`), "no bytes"},
		"a signature under another label": {header("Signature", `sig2=:AAAA:`), "no bytes"},
		"an empty input":                  {header("Signature-Input", ""), "is empty"},
		"an input that is no list":        {header("Signature-Input", `sig1="x"`), "no list"},
		"an input that can't be read":     {header("Signature-Input", `sig1=(`), "no dictionary"},
		"a huge input":                    {header("Signature-Input", "a="+strings.Repeat("1", 9000)), "at most"},
		"parameters on a component": {func(s *sender) {
			s.change = func(r *http.Request) {
				r.Header.Set("Signature-Input", strings.Replace(r.Header.Get("Signature-Input"), `"date"`, `"date";bs`, 1))
			}
		}, "not supported"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fedify()
			s.params = fmt.Sprintf(`;keyid="%s";created=%d`, keyID, testNow().Unix())
			tt.change(&s)
			err := check(s.request(t), s.body, testPolicy())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			checkReason(t, err.Error())
		})
	}
	if err := check(fedify().request(t), body+" ", testPolicy()); err == nil {
		t.Error("a swapped body was accepted")
	}
}

// TestAnEd25519KeyMakesNoCavageSignature: what "hs2019" could mean is RSA alone here.
func TestAnEd25519KeyMakesNoCavageSignature(t *testing.T) {
	t.Parallel()
	s, err := Parse(follow().request(t), []byte(body), testPolicy())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(edKey().Public()); err == nil || !strings.Contains(err.Error(), "RFC 9421") {
		t.Errorf("got %v", err)
	}
}

// TestASignedMessageSaysWhatPeersExpect: the components and parameters of Mastodon 4.7.
func TestASignedMessageSaysWhatPeersExpect(t *testing.T) {
	t.Parallel()
	at := time.Now()
	r := signedAs(t, MessageEd25519, "POST", "https://x.example:443/inbox?a=b", []byte(body))
	want := fmt.Sprintf(`sig1=("@method" "@target-uri" "content-digest" "content-type");created=%d;keyid="%s";alg="ed25519"`, at.Unix(), edKeyID)
	if got := r.Header.Get("Signature-Input"); got != want && got != strings.Replace(want, fmt.Sprint(at.Unix()), fmt.Sprint(at.Unix()+1), 1) {
		t.Errorf("Signature-Input is %s, want %s", got, want)
	}
	if r.Header.Get("Digest") != "" {
		t.Error("has the other form's digest, too")
	}
	if got := signedAs(t, MessageRSA, "GET", "https://x.example/", nil).Header.Get("Signature-Input"); !strings.HasPrefix(got, `sig1=("@method" "@target-uri" "accept");created=`) ||
		!strings.HasSuffix(got, `;alg="rsa-v1_5-sha256"`) {
		t.Errorf("a GET has %s", got)
	}
}

// FuzzParseMessage looks for a panic, for a reason that can't stand in a 401, and for an
// accepted request that covers less than it must.
func FuzzParseMessage(f *testing.F) {
	r := fedify().request(f)
	f.Add("POST", "/users/gwen/inbox", r.Header.Get("Signature-Input"), r.Header.Get("Signature"), r.Header.Get("Content-Digest"), []byte(body))
	for _, v := range rfcVectors {
		f.Add("POST", "/foo", v.input, "sig-b26=:"+v.signature+":", rfcDigest, []byte(rfcBody))
	}
	f.Fuzz(func(t *testing.T, method, target, input, value, digest string, payload []byte) {
		r := &http.Request{Method: method, RequestURI: target, Host: "notes.example",
			Header: http.Header{"Signature-Input": {input}, "Signature": {value}, "Content-Digest": {digest}}}
		s, err := Parse(r, payload, testPolicy())
		if err != nil {
			checkReason(t, err.Error())
			return
		}
		if s.KeyID == "" || !strings.Contains(input, `"@method"`) || len(payload) > 0 && !strings.Contains(input, `"content-digest"`) {
			t.Errorf("accepted %q", input)
		}
		_ = s.Verify(&testKey().PublicKey)
		_ = s.Verify(edKey().Public())
	})
}
