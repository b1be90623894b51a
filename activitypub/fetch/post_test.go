package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"confnotes/activitypub/signature"
)

func instanceKeys() signature.Keys {
	return signature.Keys{RSA: signature.Key{ID: keyID, Private: testKey()}}
}

func TestADeliveryIsSigned(t *testing.T) {
	t.Parallel()
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := verify(r, body); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		if r.Header.Get("Content-Type") != "application/activity+json" || r.UserAgent() == "" || string(body) != `{"type":"Like"}` {
			http.Error(w, "headers", http.StatusTeapot)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
	got, err := lab(t, nil).Post(t.Context(), Delivery{Inbox: base + "/inbox?shared=1", Body: []byte(`{"type":"Like"}`), Keys: instanceKeys()})
	if err != nil || got != (Result{Status: 202}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestADeliveryFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Location", base+"/other")
		w.WriteHeader(http.StatusPermanentRedirect)
	})
	got, err := lab(t, nil).Post(t.Context(), Delivery{Inbox: base + "/inbox", Body: []byte("{}"), Keys: instanceKeys()})
	if err != nil || got.Status != 308 || asked.Load() != 1 {
		t.Errorf("got %+v, %v, asked %d times", got, err, asked.Load())
	}
}

func TestTheAnswersTextIsShortAndPrintable(t *testing.T) {
	t.Parallel()
	var readToTheEnd atomic.Bool
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		if r.URL.Path == "/endless" {
			for range 512 { // 64 MB, more than sockets hold
				if _, err := io.WriteString(w, strings.Repeat("é", 1<<16)); err != nil {
					return
				}
			}
			readToTheEnd.Store(true)
			return
		}
		_, _ = io.WriteString(w, "bad\r\n\tsignature \x00\u202e\xff of été\n")
	})
	c := lab(t, nil)
	got, err := c.Post(t.Context(), Delivery{Inbox: base + "/inbox", Body: []byte("{}"), Keys: instanceKeys()})
	if err != nil || got.Status != 401 || got.Reason != "bad signature of été" {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = c.Post(t.Context(), Delivery{Inbox: base + "/endless", Body: []byte("{}"), Keys: instanceKeys()})
	if err != nil || got.Reason != strings.Repeat("é", 200) {
		t.Errorf("endless: %d bytes, %v", len(got.Reason), err)
	}
	if readToTheEnd.Load() {
		t.Error("64 MB of an answer were read")
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 11, 18, 30, 0, 0, time.UTC)
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", r.URL.Query().Get("v"))
		w.WriteHeader(http.StatusTooManyRequests)
	})
	c := lab(t, func(o *Options, _ *limits) { o.Now = func() time.Time { return now } })
	for value, want := range map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"120":                           2 * time.Minute,
		"-5":                            0,
		"soon":                          0,
		"9223372036854775807":           365 * 24 * time.Hour,
		"Thu, 11 Jun 2026 18:31:30 GMT": 90 * time.Second,
		"Thu, 11 Jun 2026 18:00:00 GMT": 0,
		"Fri, 31 Dec 9999 23:59:59 GMT": 365 * 24 * time.Hour,
	} {
		at := base + "/?v=" + strings.ReplaceAll(value, " ", "%20")
		if got, err := c.Post(t.Context(), Delivery{Inbox: at, Body: []byte("{}"), Keys: instanceKeys()}); err != nil || got.RetryAfter != want {
			t.Errorf("%q: %+v, %v, want %s", value, got, err, want)
		}
	}
}

func TestADeliveryWithoutAnswerIsAnError(t *testing.T) {
	t.Parallel()
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	c := lab(t, nil)
	if got, err := c.Post(t.Context(), Delivery{Inbox: base + "/inbox", Body: []byte("{}"), Keys: instanceKeys()}); err == nil {
		t.Errorf("a connection cut short: %+v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Post(ctx, Delivery{Inbox: base + "/inbox", Body: []byte("{}"), Keys: instanceKeys()}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
	if _, err := c.Post(t.Context(), Delivery{Inbox: base + "/inbox", Body: []byte("{}"), Keys: signature.Keys{}}); err == nil {
		t.Error("without a key: no error")
	}
}

// TestConnectionsToOneHostAreBounded sends more at once than may be open.
func TestConnectionsToOneHostAreBounded(t *testing.T) {
	t.Parallel()
	var open, most atomic.Int32
	base := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		now := open.Add(1)
		defer open.Add(-1)
		for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
		}
		time.Sleep(20 * time.Millisecond)
		w.WriteHeader(http.StatusAccepted)
	})
	c := lab(t, func(_ *Options, l *limits) { l.connsPerHost = 3 })
	errs := make(chan error)
	for i := range 12 {
		go func() {
			_, err := c.Post(t.Context(), Delivery{Inbox: fmt.Sprintf("%s/%d", base, i), Body: []byte("{}"), Keys: instanceKeys()})
			errs <- err
		}()
	}
	for range 12 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if most.Load() > 3 {
		t.Errorf("%d connections at once, want at most 3", most.Load())
	}
}
