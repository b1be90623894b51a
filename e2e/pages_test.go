package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What readers open works on a phone and on a desk, without a cookie and without
// JavaScript; signing in works over plain http.
func TestPagesInTheBrowser(t *testing.T) {
	t.Parallel()
	needChromium(t)
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	article := in.must(t, "", "publish", recapFile, "--as", author)
	b := newBrowser(t)
	pages := []struct{ name, url, has string }{
		{"home", in.baseURL + "/", "Premier jour à Kormoran"},
		{"profile", in.baseURL + "/@" + author, "@" + author + "@"},
		{"article", article, "On ne dimensionne pas pour la moyenne"},
		{"tag", in.baseURL + "/tags/kormoran2026", "Premier jour à Kormoran"},
		{"sign-in", in.baseURL + "/sign-in", ""},
	}
	for _, scripts := range []bool{true, false} {
		for _, width := range []int64{390, 1280} {
			for _, p := range pages {
				name := fmt.Sprintf("%s at %d", p.name, width)
				if !scripts {
					name += " without JavaScript"
				}
				t.Run(name, func(t *testing.T) {
					b.scripts(t, scripts)
					b.width(t, width)
					b.open(t, p.url, http.StatusOK)
					if got := b.text(t, "main"); !strings.Contains(got, p.has) {
						t.Errorf("%s lacks %q: %s", p.url, p.has, got)
					}
					if got := eval[int64](t, b, "document.scrollingElement.scrollWidth"); got > width {
						t.Errorf("%s is %d px wide in a window of %d", p.url, got, width)
					}
					if cookies := b.cookies(t, p.url); len(cookies) > 0 {
						t.Errorf("%s set a cookie: %+v", p.url, cookies[0])
					}
					b.quiet(t, p.url)
				})
			}
		}
	}
	for _, p := range pages {
		if p.name == "sign-in" {
			continue
		}
		res, _ := in.get(t, p.url, "text/html")
		if got := res.Header.Get("Cache-Control"); !strings.HasPrefix(got, "public") || res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: Cache-Control %q, Set-Cookie %q", p.url, got, res.Header.Get("Set-Cookie"))
		}
	}
	t.Run("signing in, writing and signing out over plain http without JavaScript", func(t *testing.T) {
		b.scripts(t, false)
		signInPlainly(t, b, in)
	})
}

func signInPlainly(t *testing.T, b *browser, in *instance) {
	b.open(t, in.baseURL+"/sign-in", http.StatusOK)
	b.do(t, "fill in the form",
		chromedp.SendKeys("#field-handle", author, chromedp.ByQuery),
		chromedp.SendKeys("#field-password", password, chromedp.ByQuery))
	b.press(t, "main form button.primary")
	cookies := b.cookies(t, in.baseURL+"/")
	if len(cookies) != 1 || cookies[0].Name != "session" || cookies[0].Secure || !cookies[0].HTTPOnly {
		t.Fatalf("cookies = %+v, want one named session, HttpOnly and not Secure", cookies)
	}
	b.open(t, in.baseURL+"/write", http.StatusOK)
	b.do(t, "fill in the editor",
		chromedp.SendKeys("#field-title", "Sans script", chromedp.ByQuery),
		chromedp.SendKeys("#field-source", "Tout marche.", chromedp.ByQuery))
	b.press(t, `button[value="save"]`)
	b.press(t, `button[value="preview"]`)
	b.press(t, `button[value="publish"]`)
	if _, page := in.get(t, in.baseURL+"/@"+author+"/sans-script", "text/html"); !strings.Contains(page, "<p>Tout marche.</p>") {
		t.Errorf("what was published isn't there:\n%s", page)
	}
	b.press(t, "nav.desk form button")
	if left := b.cookies(t, in.baseURL+"/"); len(left) > 0 {
		t.Errorf("signed out, the browser keeps %+v", left)
	}
	b.quiet(t, "signing in and writing")
}
