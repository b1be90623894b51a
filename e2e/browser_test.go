package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// pageTime bounds one step in the browser.
const pageTime = time.Minute

// browser is one tab of a Chromium of its own.
type browser struct {
	ctx context.Context

	mu         sync.Mutex
	complaints []string // console errors, exceptions, violations of the policy
	dialogs    []string
	statuses   []int64 // of the pages themselves, in order
}

// newBrowser starts a Chromium that trusts every certificate, with more of its flags.
// Nothing in it moves by itself: a click goes to where a thing stood when it was looked up.
func newBrowser(t testing.TB, flags ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(needChromium(t)), chromedp.NoSandbox,
		chromedp.IgnoreCertErrors, chromedp.Flag("lang", "en"), chromedp.Flag("force-prefers-reduced-motion", true), chromedp.UserDataDir(profile(t)))
	allocator, end := chromedp.NewExecAllocator(context.Background(), append(options, flags...)...)
	t.Cleanup(end)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	b := &browser{ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	if err := chromedp.Run(ctx, log.Enable(), network.Enable()); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	t.Cleanup(func() { b.picture(t) })
	return b
}

// profile is a folder for a browser's own files, which it may still write while it ends.
func profile(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "confnotes-e2e-profile-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		eventually(t, pageTime, "the browser's files are gone", func() error { return os.RemoveAll(dir) })
	})
	return dir
}

// listen notes what a person would see in the console, and answers dialogs: a page
// with an open one stands still.
func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			b.complaints = append(b.complaints, fmt.Sprintf("console %s: %s", e.Type, e.Args[0].Value))
		}
	case *log.EventEntryAdded:
		if strings.HasPrefix(e.Entry.URL, "https://peer") {
			return // what a page of another server lacks is not ours to mend
		}
		if strings.HasSuffix(e.Entry.URL, "/favicon.ico") {
			return // asked for, sooner or later, where what was opened is no page
		}
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning || e.Entry.Source == log.SourceSecurity {
			b.complaints = append(b.complaints, fmt.Sprintf("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			b.statuses = append(b.statuses, e.Response.Status)
		}
	case *page.EventJavascriptDialogOpening:
		b.dialogs = append(b.dialogs, string(e.Type)+": "+e.Message)
		go func() { _ = chromedp.Run(b.ctx, page.HandleJavaScriptDialog(true)) }()
	}
}

// do runs steps in the tab.
func (b *browser) do(t testing.TB, what string, steps ...chromedp.Action) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, pageTime)
	defer cancel()
	if err := chromedp.Run(ctx, steps...); err != nil {
		var text string
		_ = chromedp.Run(b.ctx, chromedp.Evaluate(`location.href + "\n" + document.body.innerText`, &text))
		t.Fatalf("in the browser, %s: %v; it shows:\n%s", what, err, text)
	}
}

// open goes to a page that must answer with the status.
func (b *browser) open(t testing.TB, url string, status int64) {
	t.Helper()
	b.mu.Lock()
	b.statuses = nil
	b.mu.Unlock()
	b.do(t, "open "+url, chromedp.Navigate(url))
	if got := b.status(); got != status {
		t.Fatalf("%s answers %d, want %d", url, got, status)
	}
}

// status is that of the last page.
func (b *browser) status() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.statuses) == 0 {
		return 0
	}
	return b.statuses[len(b.statuses)-1]
}

// press clicks what sends a form and waits for the page that answers it.
func (b *browser) press(t testing.TB, selector string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, pageTime)
	defer cancel()
	// A button's click answers before its page has gone: wait for the next page's load.
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(selector, chromedp.ByQuery)); err != nil {
		t.Fatalf("in the browser, press %s: %v", selector, err)
	}
}

// text is what a person reads there.
func (b *browser) text(t testing.TB, selector string) string {
	t.Helper()
	var s string
	b.do(t, "read "+selector, chromedp.Text(selector, &s, chromedp.ByQuery))
	return strings.TrimSpace(s)
}

// html is an element's inner HTML, as the DOM serialises it.
func (b *browser) html(t testing.TB, selector string) string {
	t.Helper()
	var s string
	b.do(t, "read "+selector, chromedp.InnerHTML(selector, &s, chromedp.ByQuery))
	return strings.TrimSpace(s)
}

// eval returns what a JavaScript expression is on the page.
func eval[T any](t testing.TB, b *browser, expression string) T {
	t.Helper()
	var v T
	b.do(t, "evaluate "+expression, chromedp.Evaluate(expression, &v))
	return v
}

// width makes the window as wide as a device's, in CSS pixels.
func (b *browser) width(t testing.TB, pixels int64) {
	t.Helper()
	b.do(t, "resize", emulation.SetDeviceMetricsOverride(pixels, 900, 1, pixels < 600))
}

// scripts turns JavaScript on or off.
func (b *browser) scripts(t testing.TB, on bool) {
	t.Helper()
	b.do(t, "switch scripts", emulation.SetScriptExecutionDisabled(!on))
}

// cookies lists what a page of the URL would send back.
func (b *browser) cookies(t testing.TB, url string) []*network.Cookie {
	t.Helper()
	var found []*network.Cookie
	b.do(t, "read cookies", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		found, err = network.GetCookies().WithURLs([]string{url}).Do(ctx)
		return err
	}))
	return found
}

// forget drops cookies, as another reader's browser has none.
func (b *browser) forget(t testing.TB) {
	t.Helper()
	b.do(t, "clear cookies", network.ClearBrowserCookies())
}

// quiet fails when a page complained or opened a dialog since the last time.
func (b *browser) quiet(t testing.TB, where string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		t.Errorf("%s: the browser complains: %s", where, c)
	}
	for _, d := range b.dialogs {
		t.Errorf("%s: a dialog opened: %s", where, d)
	}
	b.complaints, b.dialogs = nil, nil
}

// picture keeps what the tab shows when the test has failed.
func (b *browser) picture(t testing.TB) {
	if !t.Failed() || b.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	var png []byte
	if err := chromedp.Run(ctx, chromedp.FullScreenshot(&png, 100)); err != nil {
		t.Logf("no screenshot: %v", err)
		return
	}
	dir, err := os.MkdirTemp("", "confnotes-e2e-picture-")
	if err != nil {
		t.Log(err)
		return
	}
	path := filepath.Join(dir, "page.png")
	if err := os.WriteFile(path, png, 0o600); err == nil {
		t.Logf("the page at that moment: %s", path)
	}
}
