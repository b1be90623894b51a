package fetch

import (
	"bytes"
	"errors"
	"net/http"
	"testing"
)

func TestAPictureIsAskedForUnsignedAndBounded(t *testing.T) {
	t.Parallel()
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Signature") != "" || r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		kind := r.URL.Query().Get("type")
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(bytes.Repeat([]byte("x"), map[string]int{"/fits": 8 << 10, "/large": 8<<10 + 1}[r.URL.Path]))
	})
	c := lab(t, func(_ *Options, l *limits) { l.pictureBytes = 8 << 10 })
	for path, want := range map[string]error{
		"/fits?type=image/png":                   nil,
		"/fits?type=image/webp%3Bq=1":            nil,
		"/large?type=image/png":                  ErrTooLarge,
		"/fits?type=image/svg%2Bxml":             ErrContentType,
		"/fits?type=text/html":                   ErrContentType,
		"/fits?type=application/activity%2Bjson": ErrContentType,
		"/fits?type=image/png,text/html":         ErrContentType,
		"/fits?type=":                            ErrContentType,
	} {
		got, err := c.Picture(t.Context(), base+path)
		if !errors.Is(err, want) || want == nil && len(got) != 8<<10 {
			t.Errorf("%s: %d bytes, %v, want %v", path, len(got), err, want)
		}
	}
	if _, err := lab(t, func(o *Options, _ *limits) { o.Off = true }).Picture(t.Context(), base+"/fits?type=image/png"); !errors.Is(err, ErrOff) {
		t.Errorf("federation is off: %v", err)
	}
}
