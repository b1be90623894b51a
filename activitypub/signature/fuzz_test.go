package signature

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
)

// FuzzParse looks for a panic, for a reason that can't stand in a 401, and for
// an accepted request that covers less than it must.
func FuzzParse(f *testing.F) {
	for _, p := range []peer{follow(), lookup(), with(follow(), func(p *peer) {
		p.headers, p.algorithm, p.created, p.expires = "(request-target) (created) (expires) host digest", "hs2019", testNow().Unix(), testNow().Unix()+9
	})} {
		r := p.request(f)
		f.Add(p.method, p.target, r.Header.Get("Signature"), r.Header.Get("Date"), r.Header.Get("Digest"), []byte(p.body))
	}
	f.Add("POST", "", `keyId="a",signature=AA==,headers="(request-target) host date digest \n"`, "", "SHA-256=,SHA-256=", []byte(nil))
	f.Add("", "*", `keyId=,=,"`, "x", "=", []byte("x"))
	f.Add("GET", "http://notes.example/", `sig1=:AA==:`, "x", "=", []byte("x"))
	f.Fuzz(func(t *testing.T, method, target, header, date, digest string, payload []byte) {
		r := &http.Request{Method: method, RequestURI: target, URL: &url.URL{Path: target}, Host: "notes.example",
			Header: http.Header{"Signature": {header}, "Date": {date}, "Digest": {digest}}}
		s, err := Parse(r, payload, testPolicy())
		if err != nil {
			refusal, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("%v is no *Error", err)
			}
			checkReason(t, refusal.Reason)
			return
		}
		if s.KeyID == "" {
			t.Error("accepted without a key id")
		}
		params, err := parseParams(header)
		if err != nil || !params.covers("host") || !params.covers("(request-target)") || len(payload) > 0 && !params.covers("digest") {
			t.Errorf("accepted %q, %v", header, err)
		}
		_ = s.Verify(&testKey().PublicKey)
	})
}
