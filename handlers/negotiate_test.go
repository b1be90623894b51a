package handlers

import (
	"net/http"
	"strings"
	"testing"

	"confnotes/activitypub"
)

// What well-known clients send.
const (
	firefox  = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	mastodon = `application/activity+json, application/ld+json`
	gotosoc  = `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
	misskey  = "application/activity+json, application/ld+json"
	pleroma  = `application/activity+json`
)

func TestIdsServeActivityPubAndPagesServeHTML(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", "author")
	post := gwen.article("Day one")
	type place struct{ id, page string }
	places := map[string]place{
		"actor":   {a.server.IRIs.Actor("gwen"), a.server.IRIs.ProfilePage("gwen")},
		"article": {a.server.IRIs.Article(*post.PublicID), a.server.IRIs.ArticlePage("gwen", post.Slug)},
	}
	tests := []struct {
		name, accept   string
		idIsDocument   bool // at the id; else 302 to the page
		pageGoesToTheI bool // at the page, 303 to the id; else HTML
	}{
		{"Firefox", firefox, false, false},
		{"Mastodon", mastodon, true, true},
		{"GoToSocial", gotosoc, true, true},
		{"Misskey", misskey, true, true},
		{"Pleroma", pleroma, true, true},
		{"curl", "*/*", true, false},
		{"no header", "", true, false},
		{"plain JSON", "application/json", true, false},
		{"HTML preferred by q", "text/html, application/activity+json;q=0.5", false, false},
		{"ActivityPub preferred by q", "text/html;q=0.5, application/activity+json", true, true},
		{"both alike", "application/activity+json, text/html", false, false},
		{"HTML refused", "text/html;q=0, application/activity+json;q=0.1", true, true},
		{"capitals and spaces", "  Application/Activity+JSON ;q=0.9 ", true, true},
		{"XHTML alone", "application/xhtml+xml", false, false},
		{"an unknown type", "image/png", true, false},
		{"garbage", ";;;,,,=q\x01;/", true, false},
		{"garbage around HTML", "@@@, text/html, ;q", false, false},
		{"a q that isn't a number", "text/html;q=NaN, application/activity+json;q=x", true, false},
		{"very many types", strings.Repeat("a/b;q=0.1,", 2000) + "text/html", false, false},
	}
	for _, tt := range tests {
		for name, p := range places {
			at := func(iri string) *response {
				var header []string
				if tt.accept != "" {
					header = []string{"Accept", tt.accept}
				}
				return a.nobody().get(strings.TrimPrefix(iri, a.server.IRIs.Base()), header...)
			}
			what := tt.name + " at the " + name
			id, page := at(p.id), at(p.page)
			if tt.idIsDocument {
				checkNegotiated(t, what+"'s id", id, http.StatusOK, "", "application/activity+json; charset=utf-8", true)
			} else {
				checkNegotiated(t, what+"'s id", id, http.StatusFound, p.page, "", false)
			}
			if tt.pageGoesToTheI {
				checkNegotiated(t, what+"'s page", page, http.StatusSeeOther, p.id, "", false)
			} else {
				checkNegotiated(t, what+"'s page", page, http.StatusOK, "", "text/html; charset=utf-8", true)
			}
		}
	}
}

func checkNegotiated(t *testing.T, what string, r *response, code int, location, contentType string, public bool) {
	t.Helper()
	cache := "private, no-store"
	if public {
		cache = "public, max-age=0, must-revalidate"
	}
	if r.Code != code || r.header("Location") != location || r.header("Vary") != "Accept" || r.header("Cache-Control") != cache ||
		contentType != "" && r.header("Content-Type") != contentType {
		t.Errorf("%s: %d to %q, Vary %q, Cache-Control %q, %q; want %d to %q, Accept, %q, %q", what, r.Code, r.header("Location"), r.header("Vary"),
			r.header("Cache-Control"), r.header("Content-Type"), code, location, cache, contentType)
	}
}

func TestTheServersOwnActorHasTheFrontPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.nobody().get("/users/"+activitypub.InstanceHandle, "Accept", firefox).wantRedirect(t, "a browser", http.StatusFound, "https://notes.example/")
	a.nobody().get("/users/"+activitypub.InstanceHandle, "Accept", mastodon).want(t, "a server", http.StatusOK)
	a.nobody().get("/@"+activitypub.InstanceHandle, "Accept", firefox).want(t, "its profile", http.StatusNotFound)
}

func TestABrowserAtAnAbsentIdGetsAPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, path := range []string{"/users/nobody", "/articles/AAAAAAAAAAAAAAAAAAAAAA"} {
		r := a.nobody().get(path, "Accept", firefox).want(t, path, http.StatusNotFound)
		if !strings.HasPrefix(r.header("Content-Type"), "text/html") || r.header("Vary") != "Accept" {
			t.Errorf("%s for a browser: %q, Vary %q; want a page", path, r.header("Content-Type"), r.header("Vary"))
		}
		r = a.nobody().get(path, "Accept", mastodon).want(t, path, http.StatusNotFound)
		if !strings.HasPrefix(r.header("Content-Type"), "text/plain") || strings.Count(r.body, "\n") != 1 {
			t.Errorf("%s for a server: %q, %q; want one line of text", path, r.header("Content-Type"), r.body)
		}
	}
}
