package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"confnotes/activitypub/signature"
)

func TestGETsAreSignedByTheInstanceActor(t *testing.T) {
	t.Parallel()
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		if err := verify(r, nil); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		if !strings.HasPrefix(r.UserAgent(), "confnotes/") || !strings.Contains(r.Header.Get("Accept"), "application/activity+json") {
			http.Error(w, "headers", http.StatusTeapot)
			return
		}
		activity(w, note(base+r.RequestURI))
	})
	c := lab(t, nil)
	for _, path := range []string{"/users/bob", "/?author=1", "/a%2Fb?x=%20"} {
		if _, err := c.Object(t.Context(), base+path); err != nil {
			t.Error(err)
		}
	}
	unsigned := lab(t, func(o *Options, _ *limits) { o.SignAs = nil })
	_, err := unsigned.Object(t.Context(), base+"/users/bob")
	if status, ok := errors.AsType[*StatusError](err); !ok || status.Status != 401 {
		t.Errorf("without a key: %v", err)
	}
	failing := errors.New("no key yet")
	keyless := lab(t, func(o *Options, _ *limits) {
		o.SignAs = func(context.Context) (signature.Keys, error) { return signature.Keys{}, failing }
	})
	if _, err := keyless.Object(t.Context(), base+"/users/bob"); !errors.Is(err, failing) {
		t.Errorf("with a failing key: %v", err)
	}
}

func TestJSONIsUnsigned(t *testing.T) {
	t.Parallel()
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Signature") != "" || r.Header.Get("Accept") != "application/jrd+json" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		_, _ = io.WriteString(w, r.URL.Query().Get("body"))
	})
	c := lab(t, nil)
	tests := []struct {
		query string
		want  error
	}{
		{"type=application/jrd%2Bjson&body={\"subject\":\"acct:bob@x\"}", nil},
		{"type=application/json%3Bcharset=utf-8&body={\"id\":7,\"ID\":8}", nil},
		{"type=application/xrd%2Bjson&body={}", nil},
		{"type=text/html&body={}", ErrContentType},
		{"type=text/plain&body={}", ErrContentType},
		{"type=&body={}", ErrContentType},
		{"type=application/json&body=[]", ErrContentType},
		{"type=application/json&body=", ErrContentType},
	}
	for _, tt := range tests {
		if _, err := c.JSON(t.Context(), base+"/?"+tt.query, "application/jrd+json"); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.query, err, tt.want)
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var seen atomic.Int32
	other := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		if err := verify(r, nil); err != nil { // signed for this host, not the one before
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		activity(w, note(base+r.URL.Path))
	})
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		var left int
		switch _, err := fmt.Sscanf(r.URL.Path, "/hops/%d", &left); {
		case err == nil && left > 0:
			w.Header().Set("Location", fmt.Sprintf("/hops/%d", left-1))
		case err == nil:
			activity(w, note(base+r.URL.Path))
			return
		case r.URL.Path == "/nowhere":
		case r.URL.Path == "/loop":
			seen.Add(1)
			w.Header().Set("Location", "/loop")
		default:
			w.Header().Set("Location", r.URL.Query().Get("to"))
		}
		w.WriteHeader([]int{301, 302, 303, 307, 308}[left%5])
		_, _ = io.WriteString(w, "moved") // must not keep the connection busy
	})
	c := lab(t, func(o *Options, l *limits) {
		o.AllowNetworks = prefixes("127.0.0.1/32")
		l.connsPerHost, l.total = 1, 5*time.Second
	})
	tests := []struct {
		name, path string
		want       error
		wantURL    string
	}{
		{"three hops are followed", "/hops/3", nil, base + "/hops/0"},
		{"four are not", "/hops/4", ErrRedirects, ""},
		{"a loop ends", "/loop", ErrRedirects, ""},
		{"another host gets its own signature", "/x?to=" + other + "/users/bob", nil, other + "/users/bob"},
		{"a fragment is dropped", "/x?to=" + other + "/users/bob%23main-key", nil, other + "/users/bob"},
		{"a private address", "/x?to=http://127.0.0.2/", ErrRefused, ""},
		{"the metadata service", "/x?to=http://169.254.169.254/latest/meta-data", ErrRefused, ""},
		{"another scheme", "/x?to=gopher://127.0.0.1/", ErrRefused, ""},
		{"a user name", "/x?to=http://a:b@127.0.0.1/", ErrRefused, ""},
		{"a broken URL", "/x?to=http://%25zz/", ErrRefused, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := c.Object(t.Context(), base+tt.path)
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if err == nil && (got.URL != tt.wantURL || got.ID != tt.wantURL) {
				t.Errorf("found %s at %s, want %s", got.ID, got.URL, tt.wantURL)
			}
		})
	}
	if seen.Load() != 4 {
		t.Errorf("the loop was asked %d times, want 4", seen.Load())
	}
	if _, err := c.Object(t.Context(), base+"/nowhere"); err == nil || !strings.Contains(err.Error(), "301") {
		t.Errorf("a redirect without Location: %v", err)
	}
}

// TestHTTPS also has HTTP/2 carry a signature.
func TestHTTPS(t *testing.T) {
	t.Parallel()
	plain := serve(t, func(base string, w http.ResponseWriter, r *http.Request) { activity(w, note(base+"/")) })
	var secure *httptest.Server
	secure = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch err := verify(r, nil); {
		case err != nil || r.ProtoMajor != 2:
			http.Error(w, fmt.Sprint(r.Proto, err), http.StatusUnauthorized)
		case r.URL.Path == "/":
			activity(w, note(secure.URL+"/"))
		default:
			http.Redirect(w, r, plain+"/", http.StatusFound)
		}
	}))
	secure.EnableHTTP2 = true
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	c := lab(t, func(_ *Options, l *limits) { l.tlsConfig = &tls.Config{RootCAs: roots} })
	if _, err := c.Object(t.Context(), secure.URL+"/"); err != nil {
		t.Errorf("https: %v", err)
	}
	if _, err := c.Object(t.Context(), secure.URL+"/down"); !errors.Is(err, ErrRefused) {
		t.Errorf("down to http: %v", err)
	}
	stranger := lab(t, nil)
	if _, err := stranger.Object(t.Context(), secure.URL+"/"); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("an unknown authority: %v", err)
	}
}

func TestSizeIsBoundedAfterDecoding(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 8<<20))
	_ = z.Close()
	filler := func(size int, id string) string {
		return strings.Repeat(" ", size-len(note(id))) + note(id)
	}
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/activity+json")
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/endless":
			for chunk := bytes.Repeat([]byte(" "), 1<<16); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		case "/announced":
			w.Header().Set("Content-Length", "2000000")
		case "/limit":
			_, _ = io.WriteString(w, filler(1<<20, base+"/limit"))
		case "/over":
			_, _ = io.WriteString(w, filler(1<<20+1, base+"/over"))
		}
	})
	c := lab(t, nil)
	for _, path := range []string{"/bomb", "/endless", "/announced", "/over"} {
		if _, err := c.Object(t.Context(), base+path); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v, want ErrTooLarge", path, err)
		}
	}
	if _, err := c.Object(t.Context(), base+"/limit"); err != nil {
		t.Errorf("exactly 1 MB: %v", err)
	}
}

// TestSlowPeersAreLeft has peers that would go on for ten seconds.
func TestSlowPeersAreLeft(t *testing.T) {
	t.Parallel()
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
		defer cancel()
		if r.URL.Path == "/silent" {
			<-ctx.Done()
			return
		}
		w.Header().Set("Content-Type", "application/activity+json")
		if r.URL.Path == "/error" {
			w.WriteHeader(http.StatusGone)
		}
		for ctx.Err() == nil {
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	})
	c := lab(t, func(_ *Options, l *limits) { l.total = 300 * time.Millisecond })
	start := time.Now()
	for _, path := range []string{"/drip", "/silent"} {
		if _, err := c.Object(t.Context(), base+path); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := c.Object(t.Context(), base+"/error"); err == nil || !strings.Contains(err.Error(), "410") {
		t.Errorf("a dripped error: %v", err)
	}
	patient := lab(t, func(_ *Options, l *limits) { l.reason = 100 * time.Millisecond })
	got, err := patient.Post(t.Context(), Delivery{Inbox: base + "/error", Body: []byte("{}"), Keys: instanceKeys()})
	if err != nil || got.Status != 410 {
		t.Errorf("a dripped answer to a delivery: %v %v", got, err)
	}
	quick := lab(t, func(_ *Options, l *limits) { l.header = 50 * time.Millisecond })
	if _, err := quick.Object(t.Context(), base+"/silent"); err == nil {
		t.Error("no header came and no error")
	}
	if took := time.Since(start); took > 8*time.Second {
		t.Errorf("took %s", took)
	}
}
