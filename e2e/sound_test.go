package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Every page in its states: on every screen nothing sticks out, nothing moves while it
// loads over a slow connection, axe has nothing to say in either scheme, and neither
// has the Nu Html Checker.
func TestPages(t *testing.T) {
	t.Parallel()
	needChromium(t)
	ca := newAuthority(t)
	venues := []*venue{newVenue(t, ca, "en"), newVenue(t, ca, "fr")}
	english, french := venues[0], venues[1]
	all := english.exhibits()
	early, late := all[:len(all)/2], all[len(all)/2:]
	for name, look := range map[string]func(*testing.T, *looker){
		"screens": func(t *testing.T, l *looker) { l.pictures(t, venues) },
		"markup":  func(t *testing.T, _ *looker) { soundMarkup(t, venues) },
		"mutants": func(t *testing.T, l *looker) { l.seesMutants(t) },
		"weight":  func(t *testing.T, l *looker) { l.weighArticle(t, english); l.weighsMutants(t) },
		"phone":   func(t *testing.T, l *looker) { l.judge(t, english, early, "light", 390, 320) },
		"phone 2": func(t *testing.T, l *looker) { l.judge(t, english, late, "light", 390, 320) },
		"desk":    func(t *testing.T, l *looker) { l.judge(t, english, early, "dark", 1440, 768) },
		"desk 2":  func(t *testing.T, l *looker) { l.judge(t, english, late, "dark", 1440, 768) },
		"words":   func(t *testing.T, l *looker) { l.measure(t, french) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			look(t, newLooker(t, venues...))
		})
	}
}

// judge looks at pages as it loads over a slow connection, too slow for its faces to be
// shown, and then in a narrower window.
func (l *looker) judge(t *testing.T, v *venue, pages []exhibit, scheme string, width, narrow int64) {
	l.slowly(t)
	l.scriptsLate(t)
	l.scheme(t, scheme)
	for _, e := range pages {
		t.Run(e.name, func(t *testing.T) {
			l.screen(t, width)
			l.visit(t, v, e)
			l.report(t, width, everyRule)
			l.screen(t, narrow)
			l.report(t, narrow, "")
		})
	}
}

// measure looks at every page with longer words and in its own faces, on every screen.
func (l *looker) measure(t *testing.T, v *venue) {
	for _, e := range v.exhibits() {
		t.Run(e.name, func(t *testing.T) {
			l.screen(t, 390)
			l.visit(t, v, e)
			for _, width := range []int64{320, 390, 768, 1440} {
				l.screen(t, width)
				l.report(t, width, "")
			}
		})
	}
}

// report says what is wrong with the page that is open. No rules: axe isn't asked.
func (l *looker) report(t *testing.T, width int64, rules string) {
	t.Helper()
	for _, f := range l.judged(t, width, rules) {
		t.Errorf("at %d: %s", width, f)
	}
}

func (l *looker) judged(t testing.TB, width int64, rules string) (found []string) {
	t.Helper()
	found = l.sideways(t, width)
	if rules == "" {
		return found
	}
	for _, s := range l.shifted(t) {
		found = append(found, "moves while it loads: "+s)
	}
	return append(found, l.violations(t, rules)...)
}

// mutants are pages with one fault each, and what a check must say of it.
var mutants = map[string]struct{ head, body, finding string }{
	"nothing wrong":   {"", `<p>Fine.</p>`, ""},
	"a wide box":      {"", `<div id="wide" style="width: 500px">Wide</div>`, "div#wide is at"},
	"a long word":     {"", `<p>` + strings.Repeat("long", 60) + `</p>`, "px wide"},
	"a box off left":  {"", `<p id="off" style="position: relative; left: -40px">Off</p>`, "p#off is at"},
	"a late picture":  {"", `<img src="/late.svg" alt="A wave"><p>Pushed down</p><script>new PerformanceObserver(() => fetch("/painted")).observe({ type: "paint", buffered: true })</script>`, "moves while it loads"},
	"a late script":   {`<script type="module" src="/late.js"></script>`, `<p>Pushed down</p>`, "moves while it loads"},
	"a pale text":     {"", `<p style="color: #bbb">Pale</p>`, "color-contrast: p"},
	"pale in light":   {`<style>p { color: light-dark(#bbb, #fff); background: light-dark(#fff, #000) }</style>`, `<p>Pale</p>`, "color-contrast: p"},
	"an unseen pale":  {"", `<p style="color: #bbb; background: linear-gradient(#fff, #eee)">Pale</p>`, "color-contrast: p"},
	"no name":         {"", `<input type="text">`, "label: input"},
	"no alt":          {"", `<img src="/other.svg" width="10" height="10">`, "image-alt: img"},
	"tiny targets":    {"", `<p><button style="all: unset; font-size: 9px">a</button><br><button style="all: unset; font-size: 9px">b</button></p>`, "target-size"},
	"levels left out": {"", `<h4>Deep</h4>`, "heading-order"},
}

// seesMutants shows that each check can fail.
func (l *looker) seesMutants(t *testing.T) {
	mux := http.NewServeMux()
	painted := make(chan bool, 9) // more than are told of
	mux.HandleFunc("GET /painted", func(http.ResponseWriter, *http.Request) { painted <- true })
	mux.HandleFunc("GET /late.svg", func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Referer(), "late") {
			<-painted
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"/>`)
	})
	mux.HandleFunc("GET /late.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = fmt.Fprint(w, `document.querySelector("h1").append(document.createElement("br"), "more")`)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		m := mutants[r.URL.Query().Get("mutant")]
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Mutant</title><meta name="viewport" content="width=device-width">%s</head><body><main><h1>A mutant</h1>%s</main></body></html>`, m.head, m.body)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	l.slowly(t)
	l.scriptsLate(t)
	l.scheme(t, "light")
	l.screen(t, 390)
	for name, m := range mutants {
		l.open(t, server.URL+"/?mutant="+strings.ReplaceAll(name, " ", "+"), http.StatusOK)
		l.settle(t)
		found := l.judged(t, 390, everyRule)
		if m.finding == "" && len(found) > 0 || m.finding != "" && !strings.Contains(strings.Join(found, "\n"), m.finding) {
			t.Errorf("of %s the checks say %q, want %q", name, found, m.finding)
		}
	}
}
