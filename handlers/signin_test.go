package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"confnotes/internal/account"
	"confnotes/models"
)

func credentials(handle, secret, to string) url.Values {
	return url.Values{"handle": {handle}, "password": {secret}, "next": {to}}
}

// sessionFrom returns the session's token that an answer sets.
func sessionFrom(t *testing.T, r *response) *http.Cookie {
	t.Helper()
	cookies := r.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies are set, want one", len(cookies))
	}
	return cookies[0]
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.person("gwen", models.RoleOwner).withPassword()
	for _, handle := range []string{"gwen", " @Gwen ", "@gwen@notes.example", "gwen@NOTES.example"} {
		r := a.nobody().post("/sign-in", credentials(handle, password, "/settings")).wantRedirect(t, handle, http.StatusSeeOther, "/settings")
		b := &browser{app: a, cookie: sessionFrom(t, r).Value}
		b.get("/settings").want(t, "settings as "+handle, http.StatusOK)
		b.get("/sign-in?next=/blocks").wantRedirect(t, "the sign-in page when signed in", http.StatusSeeOther, "/blocks")
		out := b.post("/sign-out", nil).wantRedirect(t, "sign out", http.StatusSeeOther, "/sign-in?notice=")
		if c := sessionFrom(t, out); c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("signing out leaves the cookie %v", c)
		}
		b.get("/settings").wantRedirect(t, "the old cookie", http.StatusSeeOther, "/sign-in")
	}
	for _, c := range []url.Values{credentials("gwen", "wrong", ""), credentials("nobody", password, ""), credentials("gwen@far.example", password, "")} {
		r := a.nobody().post("/sign-in", c).want(t, c.Encode(), http.StatusUnauthorized)
		if r.header("Set-Cookie") != "" || strings.Contains(r.body, password) || r.form().Get("handle") != c.Get("handle") {
			t.Errorf("%v: cookie %q, handle %q", c, r.header("Set-Cookie"), r.form().Get("handle"))
		}
	}
}

func TestTheSessionCookieIsAsSafeAsTheSchemeAllows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		base, name string
		secure     bool
	}{{"https://notes.example", "__Host-session", true}, {"http://localhost:8080", "session", false}}
	for _, tt := range tests {
		a := newTestAppWith(t, options{baseURL: tt.base})
		a.person("gwen", models.RoleOwner).withPassword()
		r := a.nobody().post("/sign-in", credentials("gwen", password, ""))
		c := sessionFrom(t, r)
		if c.Name != tt.name || c.Secure != tt.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != int(account.SessionLife/time.Second) {
			t.Errorf("%s: cookie %v", tt.base, c)
		}
		(&browser{app: a, cookie: c.Value}).get("/posts").want(t, tt.base, http.StatusOK)
		if hsts := r.header("Strict-Transport-Security"); (hsts != "") != tt.secure {
			t.Errorf("%s: Strict-Transport-Security %q", tt.base, hsts)
		}
	}
}

func TestASessionFromBeforeIsEndedBySigningIn(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, mallory := a.person("gwen", models.RoleOwner).withPassword(), a.person("mallory", models.RoleAuthor)
	r := (&browser{app: a, cookie: mallory.cookie}).post("/sign-in", credentials("gwen", password, "")).want(t, "sign in", http.StatusSeeOther)
	if c := sessionFrom(t, r); c.Value == mallory.cookie || c.Value == gwen.cookie {
		t.Error("a session that was there before goes on")
	}
	mallory.get("/posts").wantRedirect(t, "the planted session", http.StatusSeeOther, "/sign-in")
}

func TestAnExpiredSessionIsNone(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	gwen.get("/posts").want(t, "today", http.StatusOK)
	a.wait(account.SessionLife)
	gwen.get("/posts").wantRedirect(t, "months later", http.StatusSeeOther, "/sign-in?next=%2Fposts")
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	tests := []struct{ next, want string }{
		{"/write", "/write"},
		{"/write/AAAAAAAAAAAAAAAAAAAAAA", "/write/AAAAAAAAAAAAAAAAAAAAAA"},
		{"", "/posts"},
		{"//evil.example", "/posts"},
		{"///evil.example", "/posts"},
		{`/\evil.example`, "/posts"},
		{`\/evil.example`, "/posts"},
		{"/%2Fevil.example", "/posts"},
		{"%2F%2Fevil.example", "/posts"},
		{"/%5Cevil.example", "/posts"},
		{"javascript:alert(1)", "/posts"},
		{"https://evil.example/", "/posts"},
		{"https:evil.example", "/posts"},
		{"/\t/evil.example", "/posts"},
		{"/\n/evil.example", "/posts"},
		{"\t//evil.example", "/posts"},
		{"evil.example", "/posts"},
		{"/settings/password", "/settings"},
	}
	for _, tt := range tests {
		// The page for somebody signed in leads on, as the form after a success does.
		r := gwen.get("/sign-in?" + url.Values{"next": {tt.next}}.Encode())
		if got := r.header("Location"); r.Code != http.StatusSeeOther || got != tt.want {
			t.Errorf("next %q: %d to %q, want %q", tt.next, r.Code, got, tt.want)
		}
		if got := a.nobody().get("/sign-in?" + url.Values{"next": {tt.next}}.Encode()).form().Get("next"); got != tt.want {
			t.Errorf("the form carries %q of %q, want %q", got, tt.next, tt.want)
		}
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.person("gwen", models.RoleOwner).withPassword()
	guess := func(handle, secret, address string) *response {
		return a.nobody().post("/sign-in", credentials(handle, secret, "/write"), "RemoteAddr", address)
	}
	for range 5 {
		guess("gwen", "wrong", "203.0.113.1:1").want(t, "a guess", http.StatusUnauthorized)
	}
	r := guess("gwen", password, "203.0.113.2:1").want(t, "the sixth, though right and from elsewhere", http.StatusTooManyRequests)
	if r.header("Retry-After") != "60" || r.form().Get("next") != "/write" || r.header("Set-Cookie") != "" {
		t.Errorf("Retry-After %q, next %q, Set-Cookie %q", r.header("Retry-After"), r.form().Get("next"), r.header("Set-Cookie"))
	}
	a.wait(time.Minute)
	guess("gwen", password, "203.0.113.2:1").want(t, "a minute later", http.StatusSeeOther)
}

// X-Forwarded-For counts only from a trusted proxy, and its last untrusted hop only.
func TestTheAddressIsTheLastUntrustedHop(t *testing.T) {
	t.Parallel()
	s := &Server{Deps: Deps{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48")}}}
	tests := []struct{ name, remote, forwarded, want string }{
		{"no proxy", "203.0.113.1:5", "", "203.0.113.1"},
		{"a forged header without a proxy", "203.0.113.1:5", "192.0.2.1", "203.0.113.1"},
		{"behind a proxy", "10.0.0.1:5", "203.0.113.9", "203.0.113.9"},
		{"a forged entry before the proxy's", "10.0.0.1:5", "192.0.2.1, 203.0.113.9", "203.0.113.9"},
		{"two proxies", "10.0.0.1:5", "192.0.2.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"},
		{"proxies alone", "10.0.0.1:5", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
		{"a proxy that says nothing", "10.0.0.1:5", "", "10.0.0.1"},
		{"garbage", "10.0.0.1:5", "evil, <script>", "10.0.0.1"},
		{"garbage before a hop", "10.0.0.1:5", "<script>, 203.0.113.9", "203.0.113.9"},
		{"IPv6", "[2001:db8:ffff::1]:5", "2001:db8::9", "2001:db8::9"},
		{"a proxy's IPv4 written as IPv6", "[::ffff:10.0.0.1]:5", "203.0.113.9", "203.0.113.9"},
		{"no port", "203.0.113.1", "", "203.0.113.1"},
		{"a socket", "@", "192.0.2.1", "@"},
	}
	for _, tt := range tests {
		r, err := http.NewRequest(http.MethodGet, "/", nil)
		fatal(t, err)
		r.RemoteAddr = tt.remote
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := s.clientAddress(r); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSetUp(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	token, err := a.server.Accounts.SetupLink(t.Context())
	fatal(t, err)
	a.nobody().get("/setup").want(t, "without a token", http.StatusNotFound)
	a.nobody().get("/setup?token=x").want(t, "with another token", http.StatusNotFound)
	form := a.nobody().get("/setup?token="+token).want(t, "the link", http.StatusOK).form()
	if form.Get("token") != token {
		t.Fatalf("the form carries token %q", form.Get("token"))
	}
	fill := func(pairs ...string) url.Values {
		filled := url.Values{"token": {token}, "site_name": {"Notes <here>"}, "site_language": {"fr"}, "handle": {"gwen"}, "name": {"Gwen & co"}, "password": {password}}
		for i := 0; i+1 < len(pairs); i += 2 {
			filled.Set(pairs[i], pairs[i+1])
		}
		return filled
	}
	for _, wrong := range [][2]string{{"site_name", " "}, {"handle", "Gw en"}, {"handle", "instance"}, {"name", strings.Repeat("x", 61)}, {"password", "pw-7q"}} {
		sent := fill(wrong[0], wrong[1])
		r := a.nobody().post("/setup", sent).want(t, wrong[0]+" "+wrong[1], http.StatusUnprocessableEntity)
		got := r.form()
		for name := range sent {
			if name != "password" && strings.TrimSpace(got.Get(name)) != strings.TrimSpace(sent.Get(name)) {
				t.Errorf("with a wrong %s the %s came back as %q, was %q", wrong[0], name, got.Get(name), sent.Get(name))
			}
		}
		if !strings.Contains(r.body, `id="problem-`+wrong[0]+`"`) || strings.Contains(r.body, sent.Get("password")) {
			t.Errorf("a wrong %s is not explained at its field, or the password comes back", wrong[0])
		}
	}
	r := a.nobody().post("/setup", fill()).wantRedirect(t, "filled in", http.StatusSeeOther, "/write")
	owner := &browser{app: a, cookie: sessionFrom(t, r).Value}
	owner.get("/write").want(t, "the owner's first page", http.StatusOK)
	a.nobody().get("/setup?token="+token).want(t, "the link again", http.StatusNotFound)
	a.nobody().post("/setup", fill("handle", "mallory")).want(t, "the form again", http.StatusNotFound)
	if home := a.nobody().get("/"); !home.has("Notes <here>") || !strings.Contains(home.body, `<html lang="fr"`) {
		t.Error("the front page has neither the name nor the language")
	}
}

func TestWebFinger(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.person("gwen", models.RoleOwner)
	tests := []struct {
		resource string
		want     int
	}{
		{"", http.StatusBadRequest},
		{"acct:gwen@notes.example", http.StatusOK},
		{"acct:GWEN@Notes.Example", http.StatusOK},
		{"https://notes.example/users/gwen", http.StatusOK},
		{"https://notes.example/@gwen", http.StatusOK},
		{"acct:nobody@notes.example", http.StatusNotFound},
		{"acct:gwen@evil.example", http.StatusNotFound},
		{"acct:gwen", http.StatusNotFound},
		{"%00", http.StatusNotFound},
		{"https://notes.example/users/gwen/../x", http.StatusNotFound},
	}
	for _, tt := range tests {
		r := a.nobody().get("/.well-known/webfinger?" + url.Values{"resource": {tt.resource}}.Encode())
		if r.Code != tt.want || r.header("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%q: %d, want %d; Access-Control-Allow-Origin %q", tt.resource, r.Code, tt.want, r.header("Access-Control-Allow-Origin"))
		}
		if r.Code == http.StatusOK {
			var doc struct{ Subject string }
			if err := json.Unmarshal([]byte(r.body), &doc); err != nil || doc.Subject != "acct:gwen@notes.example" || !strings.HasPrefix(r.header("Content-Type"), "application/jrd+json") {
				t.Errorf("%q: subject %q, %v, %q", tt.resource, doc.Subject, err, r.header("Content-Type"))
			}
		}
	}
	a.nobody().get("/.well-known/webfinger").want(t, "no resource at all", http.StatusBadRequest)
}

func TestAForgedHeaderBuysNoMoreGuesses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	aborted, cancel := context.WithCancel(context.Background())
	cancel() // a try counts, but nothing is hashed
	for i := range 20 {
		if _, err := a.server.Accounts.SignIn(aborted, fmt.Sprintf("h%d", i), "x", "198.51.100.7"); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	a.nobody().post("/sign-in", credentials("gwen", "x", ""), "X-Forwarded-For", "192.0.2.9").want(t, "the same address under another name", http.StatusTooManyRequests)
	a.nobody().post("/sign-in", credentials("gwen", "x", ""), "RemoteAddr", "192.0.2.9:1").want(t, "another address", http.StatusUnauthorized)
}
