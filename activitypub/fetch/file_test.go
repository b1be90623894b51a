package fetch

import (
	"bytes"
	"errors"
	"net/http"
	"testing"
)

func TestAFileIsOfAnyTypeBoundedAndAskedForOnlyWhenItIsAnother(t *testing.T) {
	t.Parallel()
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Signature") != "" || r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/fits", http.StatusFound)
			return
		}
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header()["Content-Type"] = nil // some send none
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Thu, 11 Jun 2026 07:00:00 GMT")
		_, _ = w.Write(bytes.Repeat([]byte("x"), map[string]int{"/fits": 8 << 10, "/large": 8<<10 + 1}[r.URL.Path]))
	})
	ctx := t.Context()
	c := lab(t, func(o *Options, l *limits) { l.fileBytes, o.Off = 8<<10, true }) // a file is no federation
	body, etag, modified, err := c.File(ctx, base+"/moved", "", "")
	if err != nil || len(body) != 8<<10 || etag != `"v1"` || modified == "" {
		t.Fatalf("%d bytes, %q, %q, %v", len(body), etag, modified, err)
	}
	if body, again, _, err := c.File(ctx, base+"/moved", etag, modified); err != nil || body != nil || again != etag {
		t.Errorf("unchanged: %d bytes, %q, %v", len(body), again, err)
	}
	if body, _, _, err := c.File(ctx, base+"/fits", `"v0"`, modified); err != nil || len(body) != 8<<10 {
		t.Errorf("changed: %d bytes, %v", len(body), err)
	}
	if _, _, _, err := c.File(ctx, base+"/large", "", ""); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	guarded := lab(t, func(o *Options, _ *limits) { o.AllowNetworks = nil })
	for _, address := range []string{base + "/fits", "file:///etc/passwd", "ftp://127.0.0.1/", "http://me@127.0.0.1/"} {
		if _, _, _, err := guarded.File(ctx, address, "", ""); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want a refusal", address, err)
		}
	}
}
