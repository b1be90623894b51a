package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What an article may weigh on the wire, headers and all: bytes and requests.
const (
	mostText     = 30 << 10 // without pictures and fonts
	mostRequests = 3
	mostFonts    = 100 << 10
)

// load is what the browser asked for to show a page, and what it got.
type load struct {
	mu    sync.Mutex
	what  map[network.RequestID]*network.Response
	bytes map[network.RequestID]float64
}

// listenTo counts from now on what the tab loads.
func (l *looker) listenTo() *load {
	got := &load{what: map[network.RequestID]*network.Response{}, bytes: map[network.RequestID]float64{}}
	chromedp.ListenTarget(l.ctx, func(event any) {
		got.mu.Lock()
		defer got.mu.Unlock()
		switch e := event.(type) {
		case *network.EventResponseReceived:
			got.what[e.RequestID] = e.Response
		case *network.EventLoadingFinished:
			got.bytes[e.RequestID] = e.EncodedDataLength
		}
	})
	return got
}

// weight is a load, summed up.
type weight struct {
	requests          int
	text, fonts, pics float64
	elsewhere         []string
}

func (got *load) weigh(host string) (w weight) {
	got.mu.Lock()
	defer got.mu.Unlock()
	for id, r := range got.what {
		if u, err := url.Parse(r.URL); err != nil || u.Host != host && u.Scheme != "data" {
			w.elsewhere = append(w.elsewhere, r.URL)
		}
		switch {
		case strings.HasPrefix(r.MimeType, "font/"):
			w.fonts += got.bytes[id]
		case strings.HasPrefix(r.MimeType, "image/"):
			w.pics += got.bytes[id]
		default:
			w.requests++
			w.text += got.bytes[id]
		}
	}
	return w
}

func (w weight) String() string {
	return fmt.Sprintf("%.1f KB in %d requests, fonts %.1f KB, pictures %.1f KB", w.text/1024, w.requests, w.fonts/1024, w.pics/1024)
}

// tooHeavy says what goes beyond the limits.
func (w weight) tooHeavy() (found []string) {
	if w.requests == 0 || w.text == 0 {
		found = append(found, "nothing was loaded")
	}
	if w.requests > mostRequests {
		found = append(found, fmt.Sprintf("%d requests, %d at most", w.requests, mostRequests))
	}
	if w.text > mostText {
		found = append(found, fmt.Sprintf("%.0f bytes, %d at most", w.text, mostText))
	}
	if w.fonts > mostFonts {
		found = append(found, fmt.Sprintf("fonts of %.0f bytes, %d at most", w.fonts, mostFonts))
	}
	for _, u := range w.elsewhere {
		found = append(found, "from elsewhere: "+u)
	}
	return found
}

// weighArticle loads an article with a cover, italics and code for the first time.
func (l *looker) weighArticle(t *testing.T, v *venue) {
	got := l.listenTo()
	l.become(t, v, nobody)
	l.open(t, v.full.baseURL+v.recap, http.StatusOK)
	l.settle(t)
	w := got.weigh(v.host)
	t.Logf("the article: %s", w)
	if w.fonts == 0 || w.pics == 0 {
		t.Errorf("the article loaded no font or no picture: %s", w)
	}
	for _, f := range w.tooHeavy() {
		t.Errorf("the article: %s", f)
	}
}

// weighsMutants shows that each limit can be broken.
func (l *looker) weighsMutants(t *testing.T) {
	filler := strings.Repeat("<!-- nothing compresses this: it is not compressed -->", 600)
	mux := http.NewServeMux()
	pages := map[string]struct{ body, finding string }{
		"heavy":     {filler, "bytes, 30720 at most"},
		"many":      {`<script src="/a.js"></script><script src="/b.js"></script><script src="/c.js"></script>`, "4 requests"},
		"elsewhere": {`<script src="http://localhost:PORT/a.js"></script>`, "from elsewhere"},
		"fonts":     {`<style>@font-face { font-family: F; src: url(/f.woff2) } p { font-family: F }</style><p>Text</p>`, "fonts of"},
	}
	mux.HandleFunc("GET /{file}", func(w http.ResponseWriter, r *http.Request) {
		switch name := r.PathValue("file"); {
		case strings.HasSuffix(name, ".js"):
			w.Header().Set("Content-Type", "text/javascript")
		case strings.HasSuffix(name, ".woff2"):
			w.Header().Set("Content-Type", "font/woff2")
			_, _ = w.Write(make([]byte, mostFonts+1))
		default:
			w.Header().Set("Content-Type", "text/html")
			_, port, _ := strings.Cut(r.Host, ":")
			_, _ = fmt.Fprint(w, `<!doctype html><link rel="icon" href="data:,">`+strings.ReplaceAll(pages[name].body, "PORT", port))
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for name, m := range pages {
		got := l.listenTo()
		l.open(t, server.URL+"/"+name, http.StatusOK)
		l.settle(t)
		if found := got.weigh(strings.TrimPrefix(server.URL, "http://")).tooHeavy(); !strings.Contains(strings.Join(found, "\n"), m.finding) {
			t.Errorf("of the page %q the scales say %q, want %q", name, found, m.finding)
		}
	}
	l.forgive()
}
