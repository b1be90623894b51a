package handlers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub"
	"confnotes/activitypub/doctor"
	"confnotes/activitypub/fetch"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func TestInSecureModeAllIsWellToo(t *testing.T) {
	t.Parallel()
	r := newReached(t)
	deps := r.server.Deps
	deps.Secure = true
	secure, err := New(deps)
	fatal(t, err)
	r.front = secure
	if got := wrongIn(t, r.app, r.server.Doctor.Examine(t.Context(), "")); len(got) > 0 {
		t.Errorf("found %v", got)
	}
}

func TestAServerWithAnotherClockRefusesItself(t *testing.T) {
	t.Parallel()
	r := newReached(t)
	client := fetch.New(fetch.Options{UserAgent: "test", AllowHTTP: true, AllowNetworks: loopback, SignAs: activitypub.InstanceKeys(r.server.Store, r.server.IRIs)})
	right := doctor.New(r.server.Store, r.server.IRIs, client, r.server.Resolver, r.data, time.Now)
	r.wait(2 * time.Hour)
	if got := wrongIn(t, r.app, right.Examine(t.Context(), "")); !slices.Equal(got, []string{"server_clock"}) {
		t.Errorf("found %v", got)
	}
}

// selfSigned is a certificate for a name or an address, which ends at a time.
func selfSigned(t testing.TB, name string, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	fatal(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.AddDate(0, -3, 0), NotAfter: until}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	fatal(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestWhyNothingAnswersIsFound(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := func(c tls.Certificate) string {
		s := httptest.NewUnstartedServer(http.NotFoundHandler())
		s.TLS, s.Config.ErrorLog = &tls.Config{Certificates: []tls.Certificate{c}}, log.New(io.Discard, "", 0)
		s.StartTLS()
		t.Cleanup(s.Close)
		return s.URL
	}
	soon := time.Now().AddDate(0, 1, 0)
	tests := []struct {
		name, base, finding string
		change              func(*fetch.Options)
	}{
		{"nothing listens", closed.URL, "unreachable", nil},
		{"there is no such name", "http://nowhere.invalid", "name_unknown", nil},
		{"the certificate has expired", secure(selfSigned(t, "127.0.0.1", time.Now().AddDate(0, 0, -1))), "certificate_expired", nil},
		{"the certificate is for another name", secure(selfSigned(t, "other.example", soon)), "certificate_other", nil},
		{"nobody knows who signed the certificate", secure(selfSigned(t, "127.0.0.1", soon)), "certificate_untrusted", nil},
		{"the address is not public", closed.URL, "name_private", func(o *fetch.Options) { o.AllowNetworks = nil }},
		{"federation is off", closed.URL, "off", func(o *fetch.Options) { o.Off = true }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newTestAppWith(t, options{baseURL: tt.base, federated: true})
			o := fetch.Options{UserAgent: "test", AllowHTTP: true, AllowNetworks: loopback}
			if tt.change != nil {
				tt.change(&o)
			}
			d := doctor.New(a.server.Store, a.server.IRIs, fetch.New(o), a.server.Resolver, a.data, time.Now)
			if got := wrongIn(t, a, d.Examine(t.Context(), "")); !slices.Equal(got, []string{tt.finding}) {
				t.Errorf("found %v, want %s", got, tt.finding)
			}
		})
	}
}

func TestTheDomainOfTheHandlesHasToAnswerToo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, finding string
		answer        func(base string) http.HandlerFunc
	}{
		{"it redirects, query included", "", func(base string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, base+r.RequestURI, http.StatusMovedPermanently)
			}
		}},
		{"it loses the query", "webfinger_fails", func(base string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, base+r.URL.Path, http.StatusMovedPermanently)
			}
		}},
		{"it doesn't know of WebFinger", "webfinger_fails", func(string) http.HandlerFunc { return http.NotFound }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var answer http.HandlerFunc
			domain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, r) }))
			defer domain.Close()
			r := newReachedWith(t, options{domain: strings.TrimPrefix(domain.URL, "http://")})
			answer = tt.answer(r.server.IRIs.Base())
			found := r.server.Doctor.Examine(t.Context(), "")
			if got := wrongIn(t, r.app, found); !slices.Equal(got, strings.Fields(tt.finding)) {
				t.Errorf("found %v, want %q", got, tt.finding)
			}
			for _, f := range found {
				if text := r.server.Catalogue.For("en").T(f.Do, f.Args...); f.Level == doctor.Problem && !strings.Contains(text, "return 301 "+r.server.IRIs.Base()+"$request_uri") {
					t.Errorf("what to change is %q", text)
				}
			}
		})
	}
}
