package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

func TestSpecialAddressesAreRefused(t *testing.T) {
	t.Parallel()
	c := lab(t, func(o *Options, _ *limits) { o.AllowNetworks = nil })
	for _, addr := range []string{
		"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
		"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
		"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
		"255.255.255.255",
		"[::]", "[::1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:0:127.0.0.1]",
		"[64:ff9b::7f00:1]", "[64:ff9b::808:808]", "[64:ff9b:1::1]", "[100::1]", "[2001::1]", "[2001:0:7f00:1::]",
		"[2001:10::1]", "[2001:20::1]", "[2001:db8::1]", "[2002:7f00:1::1]", "[3fff::1]", "[4000::1]", "[5f00::1]",
		"[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]", "[ff0e::1]",
	} {
		t.Run(addr, func(t *testing.T) {
			t.Parallel()
			literal := strings.Trim(strings.Replace(addr, "%25", "%", 1), "[]")
			if err := newGuard(nil).check(netip.AddrPortFrom(netip.MustParseAddr(literal), 443)); !errors.Is(err, ErrRefused) {
				t.Errorf("the guard says %v, want ErrRefused", err)
			}
			// A kernel without IPv6 fails before the guard is asked.
			_, err := c.Object(t.Context(), "http://"+addr+"/users/bob")
			if !errors.Is(err, ErrRefused) && !errors.Is(err, syscall.EAFNOSUPPORT) {
				t.Errorf("the client says %v, want ErrRefused", err)
			}
		})
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	lab := prefixes("127.0.0.0/8", "fd00::/8")
	tests := []struct {
		name, target string
		allowed      []netip.Prefix
		want         bool
	}{
		{"https at a public address", "93.184.215.14:443", nil, true},
		{"http at a public address", "93.184.215.14:80", nil, true},
		{"an odd high port", "93.184.215.14:8443", nil, true},
		{"the first unprivileged port", "93.184.215.14:1024", nil, true},
		{"mail", "93.184.215.14:25", nil, false},
		{"ssh", "93.184.215.14:22", nil, false},
		{"the last privileged port", "93.184.215.14:1023", nil, false},
		{"port zero", "93.184.215.14:0", nil, false},
		{"public IPv6", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:443", nil, true},
		{"mail at public IPv6", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:25", nil, false},
		{"an allowed network", "127.0.0.1:443", lab, true},
		{"an allowed network at any port", "127.0.0.1:22", lab, true},
		{"an allowed network in IPv6 form", "[::ffff:127.0.0.1]:443", lab, true},
		{"an allowed IPv6 network", "[fd00::1]:443", lab, true},
		{"beside an allowed network", "10.0.0.1:443", lab, false},
		{"a public address, with a network allowed", "93.184.215.14:443", lab, true},
		{"a public address at port 25, with a network allowed", "93.184.215.14:25", lab, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			network := "tcp4"
			if netip.MustParseAddrPort(tt.target).Addr().Is6() {
				network = "tcp6"
			}
			err := newGuard(tt.allowed).control(network, tt.target, nil)
			if (err == nil) != tt.want || err != nil && !errors.Is(err, ErrRefused) {
				t.Errorf("got %v, want allowed: %t", err, tt.want)
			}
		})
	}
	for _, bad := range [][2]string{{"udp4", "93.184.215.14:443"}, {"unix", "/run/x"}, {"tcp4", "example.com:443"}} {
		if err := newGuard(nil).control(bad[0], bad[1], nil); !errors.Is(err, ErrRefused) {
			t.Errorf("%v: got %v", bad, err)
		}
	}
}

// TestRebindingIsRefused has a name whose address changes between two requests.
// 127.0.0.1 plays the public address, 127.0.0.2 the private one.
func TestRebindingIsRefused(t *testing.T) {
	t.Parallel()
	var port string
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		activity(w, note("http://rebind.example:"+port+r.URL.Path))
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	port = u.Port()
	var secrets atomic.Int32
	listener, err := net.Listen("tcp4", "127.0.0.2:"+port)
	if err != nil {
		if os.Getenv("CONFNOTES_TEST_ALL") == "1" {
			t.Fatalf("a second loopback address is needed: %v", err)
		}
		t.Skipf("a second loopback address is needed: %v", err) // macOS has 127.0.0.1 alone until it is told
	}
	private := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		secrets.Add(1)
	})}}
	private.Start()
	t.Cleanup(private.Close)

	var asked atomic.Int32
	c := lab(t, func(o *Options, l *limits) {
		o.AllowNetworks = prefixes("127.0.0.1/32")
		l.noReuse = true
		l.resolver = names(func() [4]byte { return [4]byte{127, 0, 0, byte(1 + (asked.Add(1)+1)%2)} })
	})
	for i := range 4 {
		_, err := c.Object(t.Context(), fmt.Sprintf("http://rebind.example:%s/%d", port, i))
		if private := i%2 == 1; private != errors.Is(err, ErrRefused) || !private && err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if secrets.Load() > 0 {
		t.Error("the private address was reached")
	}
}

func TestTheEnvironmentsProxyIsNotUsed(t *testing.T) {
	t.Parallel()
	if c := New(Options{}); c.transport.Proxy != nil {
		t.Error("a proxy is asked for")
	}
}
