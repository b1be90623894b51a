package fetch

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

func TestAProbeSeesTheAnswerAsItIs(t *testing.T) {
	t.Parallel()
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/long" {
			_, _ = io.WriteString(w, strings.Repeat("x", 2*maxEcho))
			return
		}
		if r.Method == http.MethodPost {
			if err := verify(r, body); err != nil || r.Header.Get("Content-Type") != "text/x" {
				http.Error(w, "unsigned", http.StatusTeapot)
				return
			}
		}
		w.Header().Set("Location", base+"/other")
		w.Header().Set("X-Signed", strconv.FormatBool(r.Header.Get("Signature") != ""))
		w.WriteHeader(http.StatusFound)
		_, _ = io.WriteString(w, "moved")
	})
	c, keys := lab(t, nil), instanceKeys()
	for _, p := range []Probe{{Method: http.MethodGet}, {Method: http.MethodGet, Keys: &keys}, {Method: http.MethodPost, Type: "text/x", Body: []byte("x"), Keys: &keys}} {
		p.URL, p.Accept = base+"/page", "*/*"
		got, err := c.Probe(t.Context(), p)
		if err != nil || got.Status != http.StatusFound || got.Header.Get("Location") != base+"/other" || string(got.Body) != "moved" || !got.Until.IsZero() {
			t.Errorf("%+v: got %+v, %v", p, got, err)
		} else if got.Header.Get("X-Signed") != strconv.FormatBool(p.Keys != nil) {
			t.Errorf("%+v: signed? %s", p, got.Header.Get("X-Signed"))
		}
	}
	if got, err := c.Probe(t.Context(), Probe{Method: http.MethodGet, URL: base + "/long", Accept: "*/*"}); err != nil || len(got.Body) != maxEcho {
		t.Errorf("of a long answer: %v", err)
	}
}

// What would be refused isn't sent: it may have 17 MB.
func TestAPoliteProbeAsksFirst(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int64
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/reads" {
			n, _ := io.Copy(io.Discard, r.Body)
			arrived.Add(n)
		}
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	})
	for path, want := range map[string]int64{"/refuses": 0, "/reads": 1 << 20} {
		arrived.Store(0)
		got, err := lab(t, nil).Probe(t.Context(), Probe{Method: http.MethodPost, URL: base + path, Accept: "*/*", Type: "x/y", Body: make([]byte, 1<<20), Polite: true})
		if err != nil || got.Status != http.StatusRequestEntityTooLarge || arrived.Load() != want {
			t.Errorf("%s: %v, %v, %d bytes arrived", path, got, err, arrived.Load())
		}
	}
}

func TestAProbeGoesWhereDeliveriesGo(t *testing.T) {
	t.Parallel()
	base := serve(t, func(string, http.ResponseWriter, *http.Request) { t.Error("it was asked") })
	for name, change := range map[string]func(*Options, *limits){
		"federation is off":        func(o *Options, _ *limits) { o.Off = true },
		"the address isn't public": func(o *Options, _ *limits) { o.AllowNetworks = nil },
		"http isn't allowed":       func(o *Options, _ *limits) { o.AllowHTTP = false },
	} {
		_, err := lab(t, change).Probe(t.Context(), Probe{Method: http.MethodGet, URL: base, Accept: "*/*"})
		if !errors.Is(err, ErrRefused) && !errors.Is(err, ErrOff) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
