package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// looker is the browser as it looks at pages: at a width, in a scheme, as somebody.
type looker struct {
	*browser
}

// watchShifts notes every shift of the layout from the first moment on, with what moved.
const watchShifts = `window.shifts = [];
const named = (e) => { const parts = []; for (; e?.tagName && e !== document.body; e = e.parentElement) parts.unshift(e.tagName.toLowerCase() + (e.id ? "#" + e.id : [...e.classList].map((c) => "." + c).join(""))); return parts.slice(-3).join(" > "); };
window.named = named;
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) shifts.push(e.value.toFixed(5) + " by " + [...new Set(e.sources.map((s) => named(s.node?.tagName ? s.node : s.node?.parentElement)))].join(", ")); }).observe({ type: "layout-shift", buffered: true });`

// newLooker starts a browser that finds the venues on loopback.
func newLooker(t testing.TB, venues ...*venue) *looker {
	t.Helper()
	var rules []string
	for _, v := range venues {
		rules = append(rules, v.rules()...)
	}
	l := &looker{newBrowser(t, chromedp.Flag("host-resolver-rules", strings.Join(rules, ",")))}
	l.do(t, "watch the layout", page.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(watchShifts).Do(ctx)
		return err
	}))
	return l
}

// slowly loads everything anew over a connection like that of a phone.
func (l *looker) slowly(t testing.TB) {
	t.Helper()
	l.do(t, "slow the network down", network.SetCacheDisabled(true), network.EmulateNetworkConditions(false, 40, 400<<10, 200<<10))
}

// screen is as wide as a device's. It is no emulated phone: there Chromium takes its own
// fitting of the page for the user's doing, and reports no shifts.
func (l *looker) screen(t testing.TB, width int64) {
	t.Helper()
	l.do(t, "choose a screen", emulation.SetDeviceMetricsOverride(width, 900, 1, false))
}

// scheme is light or dark.
func (l *looker) scheme(t testing.TB, name string) {
	t.Helper()
	l.do(t, "choose a scheme", emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
}

// visit opens an exhibit and waits until everything on it is there.
func (l *looker) visit(t testing.TB, v *venue, e exhibit) {
	t.Helper()
	in, status := v.at(e), e.status
	if status == 0 {
		status = 200
	}
	l.become(t, v, e.as)
	if e.name == "notifications" {
		v.forgetSeen(t)
	}
	if e.form == nil {
		l.open(t, in.baseURL+e.path, status)
	} else {
		l.open(t, in.baseURL+"/healthz", 200)
		l.send(t, in.baseURL+e.path, e)
		if got := l.status(); got != status {
			t.Fatalf("%s answers %d, want %d", e.name, got, status)
		}
	}
	l.settle(t)
	if !eval[bool](t, l.browser, fmt.Sprintf("document.querySelector(%q) !== null", e.has)) {
		t.Errorf("%s has no %s: is it that page?", e.name, e.has)
	}
	if status < 400 {
		l.quiet(t, e.name)
	}
	l.forgive() // a page of an error is one of them
}

// forgive forgets what pages complained of.
func (l *looker) forgive() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.complaints = nil
}

// become signs in as somebody, or out.
func (l *looker) become(t testing.TB, v *venue, who string) {
	t.Helper()
	l.forget(t)
	if c := v.cookies[who]; c != nil {
		l.do(t, "sign in", network.SetCookie(c.Name, c.Value).WithURL(v.full.baseURL+"/").WithPath("/").WithSecure(true).WithHTTPOnly(true))
	}
}

// send posts a form from the page that is open.
func (l *looker) send(t testing.TB, url string, e exhibit) {
	t.Helper()
	fields, err := json.Marshal(e.form)
	if err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(`{ const form = Object.assign(document.createElement("form"), { method: "post", action: %q });
		for (const [name, values] of Object.entries(%s)) for (const value of values) form.append(Object.assign(document.createElement("textarea"), { name, value }));
		document.body.append(form); form.submit(); }`, url, fields)
	ctx, cancel := context.WithTimeout(l.ctx, pageTime)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Evaluate(script, nil)); err != nil {
		t.Fatalf("in the browser, send the form of %s: %v", e.name, err)
	}
}

// settle scrolls through the page, so that pictures further down load, and waits for
// them, for the fonts, and for what the layout makes of them.
func (l *looker) settle(t testing.TB) {
	t.Helper()
	const script = `(async () => {
		const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
		for (let y = 0; y < document.scrollingElement.scrollHeight; y += innerHeight) { scrollTo(0, y); await frame(); }
		await Promise.all([document.fonts.ready, ...[...document.images].filter((i) => !i.complete).map((i) => new Promise((done) => (i.onload = i.onerror = done)))]);
		scrollTo(0, 0);
		await frame(); await frame();
		return true;
	})()`
	var done bool
	l.do(t, "wait for pictures and fonts", chromedp.Evaluate(script, &done, awaited))
}
