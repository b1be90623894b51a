package signature

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// with changes a peer's request, so that a table row is one line.
func with(p peer, change func(*peer)) peer { change(&p); return p }

func digests(algorithms string) string {
	short, long := sha256.Sum256([]byte(body)), sha512.Sum512([]byte(body))
	return strings.NewReplacer("256", "256="+base64.StdEncoding.EncodeToString(short[:]),
		"512", "512="+base64.StdEncoding.EncodeToString(long[:])).Replace(algorithms)
}

func TestPeersAreUnderstood(t *testing.T) {
	t.Parallel()
	now := testNow()
	tests := []struct {
		name string
		peer peer
	}{
		{"Mastodon posts with (request-target) last", with(follow(), func(p *peer) { p.headers = "host date digest content-type (request-target)" })},
		{"Mastodon posts with collection-synchronization", with(follow(), func(p *peer) {
			p.headers = "host date digest content-type collection-synchronization (request-target)"
			p.before = func(r *http.Request) {
				r.Header.Set("Collection-Synchronization", `collectionId="https://mastodon.example/users/bob/followers", digest="00"`)
			}
		})},
		{"Mastodon gets with accept", with(lookup(), func(p *peer) { p.headers = "host date accept (request-target)" })},
		{"Mastodon gets without accept after a redirect", with(lookup(), func(p *peer) { p.headers = "host date (request-target)" })},
		{"GoToSocial posts with hs2019", with(follow(), func(p *peer) { p.headers, p.algorithm = "(request-target) host date digest", "hs2019" })},
		{"GoToSocial gets with hs2019", with(lookup(), func(p *peer) { p.headers, p.algorithm = "(request-target) host date", "hs2019" })},
		{"Fedify posts in its own order", with(follow(), func(p *peer) { p.headers = "(request-target) content-type date digest host" })},
		{"Pleroma covers content-length", with(follow(), func(p *peer) { p.headers = "(request-target) content-length date digest host" })},
		{"a relay names no algorithm", with(follow(), func(p *peer) { p.algorithm = "" })},
		{"an algorithm is spelled in capitals", with(follow(), func(p *peer) { p.algorithm = "RSA-SHA256" })},
		{"spaces follow the commas", with(follow(), func(p *peer) {
			p.change = func(r *http.Request) {
				r.Header.Set("Signature", strings.ReplaceAll(r.Header.Get("Signature"), `",`, `" ,  `))
			}
		})},
		{"unknown parameters are ignored", with(follow(), func(p *peer) { p.params = `opaque="a,b=c",ext=1,` })},
		{"(created) stands for date", with(follow(), func(p *peer) {
			p.headers, p.algorithm, p.created = "(request-target) (created) host digest", "hs2019", now.Unix()
		})},
		{"(created) and (expires) are covered", with(follow(), func(p *peer) {
			p.headers, p.algorithm, p.created, p.expires = "(request-target) (created) (expires) host digest", "hs2019", now.Unix(), now.Unix()+300
		})},
		{"a peer's clock is 59 minutes behind in (created)", with(follow(), func(p *peer) {
			p.headers, p.algorithm, p.created = "(request-target) (created) host digest", "hs2019", now.Add(-59*time.Minute).Unix()
		})},
		{"a clock is 59 minutes behind", with(follow(), func(p *peer) { p.date = now.Add(-59 * time.Minute) })},
		{"a clock is 59 minutes ahead", with(follow(), func(p *peer) { p.date = now.Add(59 * time.Minute) })},
		{"a digest in lower case", with(follow(), func(p *peer) { p.digest = digests("sha-256") })},
		{"a digest after another algorithm's", with(follow(), func(p *peer) { p.digest = digests("SHA-512,SHA-256") })},
		{"a digest before another algorithm's", with(follow(), func(p *peer) { p.digest = digests("sha-256, sha-512") })},
		{"a query", with(lookup(), func(p *peer) { p.target = "/users/gwen/outbox?page=true&min_id=0" })},
		{"an empty query", with(lookup(), func(p *peer) { p.target = "/users/gwen?" })},
		{"an escaped slash", with(lookup(), func(p *peer) { p.target = "/users/a%2Fb" })},
		{"an escaped space", with(lookup(), func(p *peer) { p.target = "/users/a%20b?q=%20+%2f" })},
		{"escaped UTF-8 in either case", with(lookup(), func(p *peer) { p.target = "/users/%C3%A9%c3%a9" })},
		{"a router that rewrote the path", with(lookup(), func(p *peer) { p.change = func(r *http.Request) { r.URL.Path = "/" } })},
		{"our authority with its port, in capitals", with(lookup(), func(p *peer) { p.before = func(r *http.Request) { r.Host = "NOTES.example:443" } })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := check(tt.peer.request(t), tt.peer.body, testPolicy()); err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
}

func TestForgeriesAreRefused(t *testing.T) {
	t.Parallel()
	now := testNow()
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	again := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Header[name] = append(r.Header[name], r.Header.Get(name)) }
	}
	edit := func(old, new string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), old, new, 1))
		}
	}
	covering := func(p peer, headers string) peer { p.headers = headers; return p }
	changed := func(p peer, change func(*http.Request)) peer { p.change = change; return p }
	dated := func(d time.Duration) peer { p := follow(); p.date = now.Add(d); return p }
	timed := func(created, expires time.Duration) peer {
		p := covering(follow(), "(request-target) (created) (expires) host digest")
		p.algorithm, p.created, p.expires = "hs2019", now.Add(created).Unix(), now.Add(expires).Unix()
		return p
	}
	tests := []struct {
		name string
		peer peer
		want string // in the reason
	}{
		{"a POST that doesn't cover (request-target)", covering(follow(), "host date digest"), "must cover (request-target)"},
		{"a POST that doesn't cover host", covering(follow(), "(request-target) date digest"), "must cover host"},
		{"a POST that doesn't cover date", covering(follow(), "(request-target) host digest"), "must cover date"},
		{"a POST that doesn't cover digest", covering(follow(), "(request-target) host date"), "must cover digest"},
		{"a POST that covers only date", covering(follow(), "date"), "must cover"},
		{"a POST that names no headers", changed(covering(follow(), "date"), edit(`headers="date",`, "")), "must cover"},
		{"a POST with an empty list of headers", changed(follow(), edit(`headers="(request-target) host date digest content-type"`, `headers=""`)), "must cover"},
		{"a GET that doesn't cover (request-target)", covering(lookup(), "host date"), "must cover (request-target)"},
		{"a GET that doesn't cover host", covering(lookup(), "(request-target) date"), "must cover host"},
		{"a GET that doesn't cover date", covering(lookup(), "(request-target) host"), "must cover date"},
		{"a GET with a body but no digest", with(lookup(), func(p *peer) { p.body = "{}" }), "must cover digest"},
		{"a header covered twice", covering(follow(), "(request-target) host date digest date"), "covers \"date\" twice"},
		{"a covered header that is absent", covering(follow(), "(request-target) host date digest x-none"), "which the request lacks"},
		{"an unknown pseudo-header", covering(follow(), "(request-target) host date digest (foo)"), "which can't be signed"},
		{"a header name with a line break", changed(follow(), edit("(request-target)", "x:\x01")), "must cover"},
		{"two Date headers", changed(follow(), again("Date")), "2 Date headers"},
		{"two Digest headers", changed(follow(), again("Digest")), "2 Digest headers"},
		{"two Content-Type headers", changed(follow(), again("Content-Type")), "2 Content-Type headers"},
		{"a second Host header", changed(follow(), set("Host", "notes.example")), "more than one Host"},
		{"two Signature headers", changed(follow(), again("Signature")), "2 Signature headers"},
		{"a value with a line break", changed(covering(follow(), "(request-target) host date digest x-a"), set("X-A", "1\nx-b: 2")), "line break"},
		{"another method", changed(follow(), func(r *http.Request) { r.Method = "PUT" }), "does not match"},
		{"another path", changed(follow(), func(r *http.Request) { r.RequestURI = "/users/alice/inbox" }), "does not match"},
		{"another query", changed(lookup(), func(r *http.Request) { r.RequestURI += "?page=2" }), "does not match"},
		{"the decoded path", changed(with(lookup(), func(p *peer) { p.target = "/a%2Fb" }), func(r *http.Request) { r.RequestURI = "/a/b" }), "does not match"},
		{"a request for another host", with(follow(), func(p *peer) { p.before = func(r *http.Request) { r.Host = "other.example" } }), `host "other.example", which is not this server`},
		{"a request replayed from another of our authorities", changed(follow(), func(r *http.Request) { r.Host = "notes.example:443" }), "does not match"},
		{"a request without host", changed(follow(), func(r *http.Request) { r.Host = "" }), "not this server"},
		{"another content type", changed(follow(), set("Content-Type", "text/html")), "does not match"},
		{"a date two hours ago", dated(-2 * time.Hour), "more than 1h0m0s"},
		{"a date in two hours", dated(2 * time.Hour), "more than 1h0m0s"},
		{"a date of ten years ago", dated(-87600 * time.Hour), "more than 1h0m0s"},
		{"a fresh date on an old signature", changed(dated(-2*time.Hour), set("Date", now.Format(http.TimeFormat))), "does not match"},
		{"no date", changed(follow(), func(r *http.Request) { r.Header.Del("Date") }), "not an HTTP date"},
		{"a date in another form", with(follow(), func(p *peer) { p.before = set("Date", now.Format(time.RFC3339)) }), "not an HTTP date"},
		{"(created) two hours ago", timed(-2*time.Hour, time.Hour), "created is"},
		{"(created) in two hours", timed(2*time.Hour, 3*time.Hour), "created is"},
		{"(created) a minute ahead, beyond what go-fed takes", timed(time.Minute, time.Hour), "future"},
		{"(expires) a minute ago, beyond what go-fed takes", timed(-time.Hour, -time.Minute), "expired"},
		{"expiry before creation", timed(0, -time.Second), "expired"},
		{"a fresh created parameter on an old signature", changed(with(timed(-2*time.Hour, time.Minute), func(p *peer) {}), edit(fmt.Sprintf("created=%d", now.Add(-2*time.Hour).Unix()), fmt.Sprintf("created=%d", now.Unix()))), "does not match"},
		{"an expires parameter long past", with(follow(), func(p *peer) { p.params = "expires=1,"; p.algorithm = "hs2019" }), "expired"},
		{"a created parameter that is no number", with(follow(), func(p *peer) { p.params = `created="x",` }), "not a time"},
		{"a created parameter with a sign", with(follow(), func(p *peer) { p.params = `created=+1781202600,` }), "not a time"},
		{"an expires parameter beyond all time", with(follow(), func(p *peer) { p.params = `expires=9223372036854775807,` }), "not a time"},
		{"(created) without the parameter", with(covering(follow(), "(request-target) (created) host digest"), func(p *peer) { p.algorithm = "hs2019" }), "without the parameter"},
		{"(expires) without the parameter", covering(follow(), "(request-target) (expires) date host digest"), "without the parameter"},
		{"(created) with rsa-sha256", with(timed(0, time.Minute), func(p *peer) { p.algorithm = "rsa-sha256" }), "need algorithm hs2019"},
		{"(created) without an algorithm", with(timed(0, time.Minute), func(p *peer) { p.algorithm = "" }), "need algorithm hs2019"},
		{"hmac", with(follow(), func(p *peer) { p.algorithm = "hmac-sha256" }), `algorithm "hmac-sha256" is not supported`},
		{"SHA-1", with(follow(), func(p *peer) { p.algorithm = "rsa-sha1" }), "not supported"},
		{"a digest of SHA-512 alone", with(follow(), func(p *peer) { p.digest = digests("SHA-512") }), "no SHA-256"},
		{"two SHA-256 digests", with(follow(), func(p *peer) { p.digest = digests("SHA-256,sha-256") }), "twice"},
		{"a digest that is no base64", with(follow(), func(p *peer) { p.digest = "SHA-256=!" }), "not that of the body"},
		{"a digest cut short", with(follow(), func(p *peer) { p.digest = "SHA-256=AAAA" }), "not that of the body"},
		{"a digest without a value", with(follow(), func(p *peer) { p.digest = "SHA-256" }), "no SHA-256"},
		{"no keyId", changed(follow(), edit("keyId", "keyI")), "needs a keyId"},
		{"a keyId without end", changed(follow(), edit(keyID, strings.Repeat("k", 3000))), "needs a keyId"},
		{"two keyIds", with(follow(), func(p *peer) { p.params = `keyId="https://evil.example/key",` }), `repeats "keyId"`},
		{"a signature that is no base64", changed(follow(), edit(`signature="`, `signature="*`)), "not base64"},
		{"an empty signature", changed(follow(), edit(`signature="`, `signature="",x="`)), "not base64"},
		{"a quote that doesn't close", changed(follow(), edit(`#main-key"`, "")), "malformed"},
		{"two values without a comma", changed(follow(), edit(`",`, `"`)), "malformed"},
		{"a parameter without a value", changed(follow(), edit("keyId=", "x,keyId=")), "malformed"},
		{"too many covered headers", changed(follow(), edit("(request-target) ", strings.Repeat("a b c d e f g h ", 5))), "at most 32"},
		{"a Signature header without end", changed(follow(), edit("keyId", strings.Repeat("x", 9000))), "at most 8192"},
		{"an empty Signature header", changed(follow(), set("Signature", "")), "needs a keyId"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := check(tt.peer.request(t), tt.peer.body, testPolicy())
			refusal, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("got %v, want a refusal", err)
			}
			if !strings.Contains(refusal.Reason, tt.want) {
				t.Errorf("reason %q, want it to contain %q", refusal.Reason, tt.want)
			}
			checkReason(t, refusal.Reason)
		})
	}
}

// checkReason fails for what can't stand in a 401: more than a line, or long.
func checkReason(t *testing.T, reason string) {
	t.Helper()
	for _, r := range reason {
		if r < ' ' || r > '~' {
			t.Errorf("the reason %q has the character %U", reason, r)
		}
	}
	if len(reason) > 400 {
		t.Errorf("the reason has %d bytes", len(reason))
	}
}

func TestASwappedBodyIsRefused(t *testing.T) {
	t.Parallel()
	err := check(follow().request(t), body+" ", testPolicy())
	if err == nil || !strings.Contains(err.Error(), "not that of the body") {
		t.Errorf("got %v", err)
	}
	if err := check(follow().request(t), "", testPolicy()); err == nil {
		t.Error("an emptied body was accepted")
	}
}

func TestOtherKindsOfSignature(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(http.Header)
		want   error // nil is any other refusal
	}{
		{"none", func(h http.Header) { h.Del("Signature") }, ErrUnsigned},
		{"a bearer token", func(h http.Header) { h.Del("Signature"); h.Set("Authorization", "Bearer x") }, ErrUnsigned},
		{"RFC 9421's input beside a cavage header", func(h http.Header) { h.Set("Signature-Input", `sig1=("@method")`) }, nil},
		{"RFC 9421's input alone", func(h http.Header) { h.Del("Signature"); h.Set("Signature-Input", "") }, nil},
		{"in Authorization", func(h http.Header) { h.Set("Authorization", "Signature "+h.Get("Signature")); h.Del("Signature") }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := follow().request(t)
			tt.change(r.Header)
			_, err := Parse(r, []byte(body), testPolicy())
			refusal, ok := errors.AsType[*Error](err)
			if !ok || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if tt.want == nil && errors.Is(err, ErrUnsigned) {
				t.Errorf("got %v, want a refusal of its own", err)
			}
			checkReason(t, refusal.Reason)
		})
	}
}

func TestWithoutAuthoritiesEverythingIsRefused(t *testing.T) {
	t.Parallel()
	for _, ours := range [][]string{nil, {""}} {
		r := with(follow(), func(p *peer) { p.before = func(r *http.Request) { r.Host = "" } }).request(t)
		if err := check(r, body, Policy{Now: testNow(), Authorities: ours}); err == nil {
			t.Errorf("accepted with authorities %q", ours)
		}
	}
}
