package fetch

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestAPageIsHTMLBoundedUnsignedAndGuarded(t *testing.T) {
	t.Parallel()
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Signature") != "" || r.Header.Get("Cookie") != "" || !strings.HasPrefix(r.Header.Get("Accept"), "text/html") {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		kinds := map[string]string{"/xhtml": "application/xhtml+xml", "/text": "text/plain", "/none": ""}
		kind, ok := kinds[r.URL.Path]
		if !ok {
			kind = "text/html; charset=utf-8"
		}
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/fits", http.StatusMovedPermanently)
			return
		case "/loopback":
			http.Redirect(w, r, "http://127.0.0.2/", http.StatusFound)
			return
		case "/loopback6":
			http.Redirect(w, r, "http://[::1]/", http.StatusFound)
			return
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
			return
		}
		w.Header()["Content-Type"] = []string{kind}
		_, _ = w.Write([]byte(strings.Repeat("x", map[string]int{"/large": 1<<20 + 1}[r.URL.Path]+1<<10-1)))
	})
	c := lab(t, func(o *Options, _ *limits) { o.AllowNetworks = prefixes("127.0.0.1/32") })
	for path, want := range map[string]error{"/fits": nil, "/moved": nil, "/xhtml": nil, "/large": ErrTooLarge, "/text": ErrContentType, "/none": ErrContentType,
		"/loopback": ErrRefused, "/loopback6": ErrRefused, "/file": ErrRefused} {
		if body, err := c.Page(t.Context(), base+path); !errors.Is(err, want) || want == nil && len(body) != 1<<10-1 {
			t.Errorf("%s: %d bytes, %v; want %v", path, len(body), err, want)
		}
	}
	secure := lab(t, func(o *Options, _ *limits) { o.AllowHTTP = false })
	if _, err := secure.Page(t.Context(), base+"/fits"); !errors.Is(err, ErrRefused) {
		t.Errorf("over http: %v", err)
	}
	off := lab(t, func(o *Options, _ *limits) { o.Off = true })
	if _, err := off.Page(t.Context(), base+"/fits"); !errors.Is(err, ErrOff) {
		t.Errorf("while federation is off: %v", err)
	}
}
