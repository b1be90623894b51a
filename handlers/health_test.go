package handlers

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/doctor"
	"confnotes/models"
)

// reached is a server behind a proxy, at whose address it is known.
type reached struct {
	*app
	proxy *httputil.ReverseProxy
	front http.Handler // what answers at the public address
}

func newReached(t testing.TB, trusted ...netip.Prefix) *reached {
	t.Helper()
	return newReachedWith(t, options{proxies: trusted})
}

func newReachedWith(t testing.TB, o options) *reached {
	t.Helper()
	r := &reached{}
	public := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.front.ServeHTTP(w, req) }))
	t.Cleanup(public.Close)
	o.baseURL, o.federated = public.URL, true
	r.app = newTestAppWith(t, o)
	r.wait(time.Since(noon)) // Date headers tell the time of day
	behind := httptest.NewServer(r.handler)
	t.Cleanup(behind.Close)
	to, err := url.Parse(behind.URL)
	fatal(t, err)
	r.proxy = &httputil.ReverseProxy{ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(to)
		p.Out.Host = p.In.Host
	}}
	r.front = r.proxy
	return r
}

// rewrites has the proxy change what it passes on.
func rewrites(change func(p *httputil.ProxyRequest)) func(*reached) {
	return func(r *reached) {
		as := r.proxy.Rewrite
		r.proxy.Rewrite = func(p *httputil.ProxyRequest) { as(p); change(p) }
	}
}

// answers has something in front of the proxy answer what picks says.
func answers(picks func(r *http.Request) bool, answer http.HandlerFunc) func(*reached) {
	return func(r *reached) {
		r.front = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if picks(req) {
				answer(w, req)
				return
			}
			r.proxy.ServeHTTP(w, req)
		})
	}
}

func under(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, path) }
}

func longer(bytes int64) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.ContentLength > bytes }
}

func saying(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>nginx", code) }
}

// wrongIn is what is wrong by an examination; how full this machine's disk is, is not the
// server's doing. What is said of each finding names all that it has to, in both languages.
func wrongIn(t testing.TB, a *app, found []doctor.Finding) (names []string) {
	t.Helper()
	for _, f := range found {
		for _, language := range []string{"en", "fr"} {
			words := a.server.Catalogue.For(language)
			for _, id := range []string{f.Seen, f.Do} {
				if text := words.T(id, f.Args...); id != "" && (text == id || strings.Contains(text, "<no value>")) {
					t.Errorf("%s in %s: %q", id, language, text)
				}
			}
		}
		if (f.Do == "") != (f.Level == doctor.OK) {
			t.Errorf("%s, %s: what to change is %q", f.Name(), f.Level, f.Do)
		}
		if f.Level != doctor.OK && f.Name() != "disk_full" {
			names = append(names, f.Name())
		}
	}
	return names
}

func TestEachBrokenProxyIsFound(t *testing.T) {
	t.Parallel()
	elsewhere := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://www.notes.example"+r.URL.Path, http.StatusPermanentRedirect)
	}
	tests := []struct {
		name    string
		broken  func(*reached)
		finding string // "" for none
	}{
		{"one that passes all on", func(*reached) {}, ""},
		{"one that puts its own Host", rewrites(func(p *httputil.ProxyRequest) { p.Out.Host = p.Out.URL.Host }), "host_changed"},
		{"one that drops Signature", rewrites(func(p *httputil.ProxyRequest) { p.Out.Header.Del("Signature") }), "signature_dropped"},
		{"one that drops Digest", rewrites(func(p *httputil.ProxyRequest) { p.Out.Header.Del("Digest") }), "digest_dropped"},
		{"one that drops Signature-Input", rewrites(func(p *httputil.ProxyRequest) { p.Out.Header.Del("Signature-Input") }), "signature_dropped"},
		{"one that drops Content-Digest", rewrites(func(p *httputil.ProxyRequest) { p.Out.Header.Del("Content-Digest") }), "digest_dropped"},
		{"one that cuts bodies", rewrites(cut), "body_changed"},
		{"one that rewrites a header that is signed", rewrites(func(p *httputil.ProxyRequest) {
			if p.In.URL.Path == "/inbox" {
				p.Out.Header.Set("Content-Type", "application/activity+json; charset=utf-8")
			}
		}), "request_changed"},
		{"one that says for whom it asks, and isn't trusted", rewrites(func(p *httputil.ProxyRequest) { p.SetXForwarded() }), "proxy_unknown"},
		{"one without WebFinger", answers(under("/.well-known/"), saying(404)), "webfinger_fails"},
		{"another program's WebFinger", answers(under("/.well-known/webfinger"), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/jrd+json")
			_, _ = io.WriteString(w, `{"subject":"acct:x@y","links":[{"rel":"self","type":"application/activity+json","href":"https://other.example/x"}]}`)
		}), "webfinger_other"},
		{"one that keeps robots from actors", answers(under("/users/"), saying(403)), "actor_fails"},
		{"a cache that gives servers the page", answers(under("/users/"), saying(200)), "actor_type"},
		{"one that redirects what is posted", answers(func(r *http.Request) bool { return r.Method == http.MethodPost }, elsewhere), "inbox_moved"},
		{"one that asks for a password", answers(under("/inbox"), saying(401)), "delivery_refused"},
		{"one that takes 100 KB", answers(longer(100<<10), saying(413)), "delivery_large"},
		{"one that takes 1 MB", answers(longer(1<<20), saying(413)), "upload_large"},
		{"one that takes no uploads", answers(under("/media"), saying(403)), "upload_fails"},
		{"one that leads everybody elsewhere", answers(under("/"), elsewhere), "moved"},
		{"one with nothing behind it", answers(under("/"), saying(502)), "somebody_else"},
		{"one with a clock two hours off", func(r *reached) {
			r.proxy.ModifyResponse = func(res *http.Response) error {
				res.Header.Set("Date", time.Now().Add(2*time.Hour).UTC().Format(http.TimeFormat))
				return nil
			}
		}, "clock_off"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReached(t)
			tt.broken(r)
			got := wrongIn(t, r.app, r.server.Doctor.Examine(t.Context(), ""))
			if want := strings.Fields(tt.finding); !slices.Equal(got, want) {
				t.Errorf("found %v, want %v", got, want)
			}
		})
	}
}

// cut passes half of a body on.
func cut(p *httputil.ProxyRequest) {
	if p.In.Method != http.MethodPost {
		return
	}
	body, _ := io.ReadAll(p.In.Body)
	half := body[:len(body)/2]
	p.Out.Body, p.Out.ContentLength = io.NopCloser(bytes.NewReader(half)), int64(len(half))
}

func TestAProxyThatIsTrustedIsNoFinding(t *testing.T) {
	t.Parallel()
	r := newReached(t, netip.MustParsePrefix("127.0.0.0/8"))
	rewrites(func(p *httputil.ProxyRequest) { p.Out.Header.Set("X-Forwarded-For", "198.51.100.7") })(r)
	if got := wrongIn(t, r.app, r.server.Doctor.Examine(t.Context(), "")); len(got) > 0 {
		t.Errorf("found %v", got)
	}
}

func TestSomebodyElsewhereIsLookedAt(t *testing.T) {
	t.Parallel()
	var base, host string
	answer := http.NewServeMux()
	say := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, body)
		}
	}
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user := strings.TrimPrefix(strings.TrimSuffix(r.URL.Query().Get("resource"), "@"+host), "acct:")
		switch {
		case user == "nobody":
			http.NotFound(w, r)
		case user != "":
			say("application/jrd+json", `{"subject":"acct:`+user+"@"+host+`","links":[{"rel":"self","type":"application/activity+json","href":"`+base+"/users/"+user+`"}]}`)(w, r)
		default:
			answer.ServeHTTP(w, r)
		}
	}))
	defer peer.Close()
	base, host = peer.URL, strings.TrimPrefix(peer.URL, "http://")
	actor := func(user string) {
		id := base + "/users/" + user
		answer.HandleFunc("/users/"+user, say("application/activity+json", `{"@context":"https://www.w3.org/ns/activitystreams","id":"`+id+`","type":"Person","preferredUsername":"`+user+
			`","inbox":"`+id+`/inbox","outbox":"`+id+`/outbox","publicKey":{"id":"`+id+`#k","owner":"`+id+`","publicKeyPem":"x"}}`))
	}
	for _, user := range []string{"ada", "sick", "late"} {
		actor(user)
	}
	answer.HandleFunc("/users/ada/inbox", saying(405))
	answer.HandleFunc("/users/sick/inbox", saying(500))
	answer.HandleFunc("/users/late/inbox", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-2*time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusMethodNotAllowed)
	})
	answer.HandleFunc("/users/shy", saying(401))
	r := newReached(t)
	for _, tt := range []struct{ address, finding, seen string }{
		{"@ada@" + host, "", "405"},
		{"@sick@" + host, "their_inbox", "Internal Server Error"},
		{"@shy@" + host, "their_actor", "401"},
		{"@late@" + host, "clock_off", host},
		{"@nobody@" + host, "their_webfinger", "404"},
		{"no address", "their_address", "no address"},
	} {
		found := r.server.Doctor.Examine(t.Context(), tt.address)
		if got := wrongIn(t, r.app, found); !slices.Equal(got, strings.Fields(tt.finding)) {
			t.Errorf("%s: found %v, want %q", tt.address, got, tt.finding)
		}
		last := found[len(found)-1]
		if tt.finding == "clock_off" {
			last = found[len(found)-2]
		}
		if text := r.server.Catalogue.For("en").T(last.Seen, last.Args...); !strings.Contains(text, tt.seen) {
			t.Errorf("%s: %q doesn't name %q", tt.address, text, tt.seen)
		}
	}
	boss := r.person("boss", models.RoleOwner)
	fatal(t, r.server.Outbox.Block(t.Context(), boss.Account, models.Block{Domain: "127.0.0.1"}))
	if got := wrongIn(t, r.app, r.server.Doctor.Examine(t.Context(), "@ada@"+host)); !slices.Equal(got, []string{"they_are_blocked"}) {
		t.Errorf("of a blocked server: %v", got)
	}
}

func TestTheOwnerChecksTheSiteFromAPage(t *testing.T) {
	t.Parallel()
	r := newReached(t)
	boss, gwen := r.person("boss", models.RoleOwner), r.person("gwen", models.RoleEditor)
	rewrites(func(p *httputil.ProxyRequest) { p.Out.Host = p.Out.URL.Host })(r)
	if page := boss.get("/settings/health").want(t, "before", http.StatusOK); !page.has("Nothing has been checked") {
		t.Errorf("before a check:\n%s", page.body)
	}
	if page := boss.get("/settings"); !strings.Contains(page.body, `href="/settings/health"`) {
		t.Error("the settings don't lead there")
	}
	if page := gwen.get("/settings"); strings.Contains(page.body, "/settings/health") {
		t.Error("an editor is led there")
	}
	gwen.post("/settings/health", url.Values{}).want(t, "an editor's check", http.StatusNotFound)
	boss.post("/settings/health", url.Values{"address": {" no address "}}).wantRedirect(t, "check", http.StatusSeeOther, "/settings/health")
	page := boss.get("/settings/health").want(t, "after", http.StatusOK)
	for _, text := range []string{"2 problems", "proxy_set_header Host $host", r.server.IRIs.Host(), "“no address” is no address"} {
		if !page.has(text) {
			t.Errorf("the page lacks %q:\n%s", text, page.body)
		}
	}
	if page.form().Get("address") != "no address" || strings.Index(page.body, "proxy_set_header") > strings.Index(page.body, "can be written") {
		t.Error("what was typed is lost, or problems don't stand first")
	}
	boss.post("/settings", url.Values{"name": {"Boss"}, "language": {"fr"}})
	if page = boss.get("/settings/health"); !page.has("2 problèmes") || !page.has("Le proxy change Host") {
		t.Errorf("in French:\n%s", page.body)
	}
	if !r.server.examination.begin() {
		t.Fatal("an examination is under way for ever")
	}
	boss.post("/settings/health", url.Values{}).wantRedirect(t, "a second one", http.StatusSeeOther, "/settings/health")
	if page = boss.get("/settings/health"); !page.has("Une vérification est en cours") {
		t.Errorf("beside another:\n%s", page.body)
	}
}
