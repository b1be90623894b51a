package handlers

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// canonical is the address that a page gives as its own.
func (r *response) canonical() string {
	_, rest, _ := strings.Cut(r.body, `<link rel="canonical" href="`)
	address, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(address)
}

// disallowed says whether robots.txt keeps crawlers from a path (RFC 9309 section 2.2.2).
func disallowed(robots, path string) bool {
	for line := range strings.Lines(robots) {
		if prefix, is := strings.CutPrefix(strings.TrimSpace(line), "Disallow: "); is && strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

func TestWhatTheSitemapListsIsWorthACrawl(t *testing.T) {
	t.Parallel()
	a, gwen, _ := feeds(t)
	gwen.published(models.RevisionText{Language: "ar", Title: "日 & <本>", Slug: "日本", Source: "x"})
	gone := gwen.article("Gone")
	fatal(t, a.server.Outbox.Delete(context.Background(), gwen.Account, gone.ID))
	r := a.nobody().get("/sitemap.xml").want(t, "sitemap", http.StatusOK)
	robots := a.nobody().get("/robots.txt").body
	var doc sitemap
	fatal(t, xml.Unmarshal([]byte(r.body), &doc))
	if doc.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" || r.header("Content-Type") != "application/xml; charset=utf-8" || len(doc.URLs) != 8 {
		t.Fatalf("%d addresses, %v:\n%s", len(doc.URLs), r.Result().Header, r.body)
	}
	seen := map[string]bool{}
	for _, u := range doc.URLs {
		path, ours := strings.CutPrefix(u.Location, origin)
		if !ours || seen[path] || disallowed(robots, path) {
			t.Errorf("%s: not ours, or there twice, or kept from crawlers", u.Location)
		}
		seen[path] = true
		if _, err := time.Parse(time.RFC3339, u.Changed); u.Changed != "" && err != nil {
			t.Errorf("%s: %v", u.Location, err)
		}
		page := a.nobody().get(path).want(t, path, http.StatusOK)
		if page.canonical() != u.Location || page.meta("robots") != "" || page.meta("og:url") != u.Location {
			t.Errorf("%s says that it is %s, robots %q", u.Location, page.canonical(), page.meta("robots"))
		}
		if picture := strings.TrimPrefix(page.meta("og:image"), origin); disallowed(robots, picture) {
			t.Errorf("crawlers are kept from %s", picture)
		}
	}
	for _, path := range []string{"/write", "/settings/password", "/users/gwen"} {
		if !disallowed(robots, path) {
			t.Errorf("crawlers aren't kept from %s", path)
		}
	}
	if known := a.nobody().get("/sitemap.xml", "If-None-Match", r.header("ETag")); known.Code != http.StatusNotModified {
		t.Errorf("known: %d", known.Code)
	}
}

func TestALinksCardCreditsItsAuthor(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleAuthor).article("Day one")
	page := a.nobody().get("/@gwen/" + post.Slug)
	creator, is := strings.CutPrefix(page.meta("fediverse:creator"), "@")
	if !is {
		t.Fatalf("nobody is named:\n%.2000s", page.body)
	}
	var found struct {
		Links []struct{ Rel, Href string }
	}
	fatal(t, json.Unmarshal([]byte(a.nobody().get("/.well-known/webfinger?resource="+url.QueryEscape("acct:"+creator)).want(t, "the one who is named", http.StatusOK).body), &found))
	for _, l := range found.Links {
		if l.Rel != "self" {
			continue
		}
		var actor vocab.Actor
		fatal(t, json.Unmarshal([]byte(a.nobody().get(strings.TrimPrefix(l.Href, origin), "Accept", mastodon).body), &actor))
		where, err := url.Parse(page.canonical())
		fatal(t, err)
		if !slices.Contains(actor.AttributionDomains, where.Hostname()) {
			t.Errorf("%s may not be credited at %s, only at %v", creator, where.Hostname(), actor.AttributionDomains)
		}
		return
	}
	t.Error("no actor")
}
