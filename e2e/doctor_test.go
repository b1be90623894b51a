package e2e

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// newProxied makes an instance behind a proxy with TLS. It doesn't run yet. The proxy puts
// its own Host while rude is true.
func newProxied(t *testing.T, rude *atomic.Bool) *instance {
	t.Helper()
	ca := newAuthority(t)
	certificate, err := tls.LoadX509KeyPair(ca.file("leaf.pem"), ca.file("leaf.key"))
	if err != nil {
		t.Fatal(err)
	}
	inner := freeAddress(t)
	proxy := httptest.NewUnstartedServer(&httputil.ReverseProxy{ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(&url.URL{Scheme: "http", Host: inner})
		p.SetXForwarded()
		if !rude.Load() {
			p.Out.Host = p.In.Host
		}
	}})
	proxy.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	in := newInstance(t, strings.Replace(proxy.URL, "127.0.0.1", "localhost", 1), inner)
	in.args = append(in.args, "--allow-network", "127.0.0.0/8", "--allow-network", "::1/128", "--trusted-proxies", "127.0.0.0/8")
	in.env = append(in.env, "SSL_CERT_FILE="+ca.file("ca.pem"))
	in.client = ca.client()
	in.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return in
}

func TestTheDoctorSaysWhatToChange(t *testing.T) {
	t.Parallel()
	var rude atomic.Bool
	in := newProxied(t, &rude)
	in.addAuthor(t)
	examine := func(more ...string) said {
		return in.run(t, "", append([]string{"doctor", "--base-url", in.baseURL, "--allow-network", "127.0.0.0/8", "--allow-network", "::1/128"}, more...)...)
	}
	if got := examine(); got.code != 1 || !strings.Contains(got.stdout, "problem  The server never ran") {
		t.Errorf("before the server ran: %s", got)
	}
	in.start(t)
	got := examine("--json")
	var found []struct{ Check, Level, Seen, Do string }
	if err := json.Unmarshal([]byte(got.stdout), &found); err != nil || got.code != 0 {
		t.Fatalf("%v: %s", err, got)
	}
	seen := map[string]string{}
	for _, f := range found {
		seen[f.Check] = f.Level
	}
	for _, check := range []string{"database", "queue", "reached", "clock", "webfinger", "actor", "delivery", "upload"} {
		if seen[check] != "ok" {
			t.Errorf("%s is %q: %s", check, seen[check], got)
		}
	}
	if seen["certificate_ends"] != "warning" { // the test's is good for a day
		t.Errorf("nothing is said of the certificate: %s", got)
	}
	rude.Store(true)
	if got := examine(); got.code != 1 || !strings.Contains(got.stdout, "problem  The proxy changes Host") || !strings.Contains(got.stdout, "→ Pass it on unchanged. nginx: proxy_set_header Host $host") {
		t.Errorf("behind a rude proxy: %s", got)
	}
	if got := examine("nobody"); got.code != 1 || !strings.Contains(got.stdout, "“nobody” is no address") {
		t.Errorf("of no address: %s", got)
	}
	in.process.stop(t)
	if got := examine(); got.code != 1 || !strings.Contains(got.stdout, "with 502") {
		t.Errorf("with the server stopped: %s", got)
	}
}
