package handlers

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

func TestEveryListHasItsFeeds(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, ida := a.person("gwen", models.RoleAuthor), a.person("ida", models.RoleAuthor)
	gwen.article("Day one & two")
	ida.article("Elsewhere")
	gwen.draft("Not yet")
	for page, want := range map[string]int{"/": 2, "/@gwen": 1, "/tags/go": 2} {
		html := a.nobody().get(page).want(t, page, http.StatusOK)
		for format, kind := range map[string]string{"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json"} {
			path := strings.TrimSuffix(page, "/") + "/feed." + format
			if !strings.Contains(html.body, `href="https://notes.example`+path+`"`) {
				t.Errorf("%s doesn't name its feed %s", page, path)
			}
			feed := a.nobody().get(path).want(t, path, http.StatusOK)
			if feed.header("Content-Type") != kind || feed.header("Set-Cookie") != "" || !strings.HasPrefix(feed.header("Cache-Control"), "public") {
				t.Errorf("%s: %v", path, feed.Result().Header)
			}
			items := strings.Count(feed.body, "<item>") + strings.Count(feed.body, "<entry ") + strings.Count(feed.body, `"content_html"`)
			if items != want || strings.Contains(feed.body, "Not yet") || !strings.Contains(feed.body, "Text of ") {
				t.Errorf("%s has %d items, want %d with their whole text:\n%s", path, items, want, feed.body)
			}
			again := a.nobody().get(path, "If-None-Match", feed.header("ETag"))
			if again.Code != http.StatusNotModified || again.body != "" {
				t.Errorf("%s, known: %d", path, again.Code)
			}
		}
	}
	for path, want := range map[string]int{"/@nobody/feed.rss": 404, "/@instance/feed.rss": 404, "/tags/nothing/feed.atom": 404, "/feed.xml": 404} {
		a.nobody().get(path).want(t, path, want)
	}
	a.nobody().get("/@GWEN/feed.atom").wantRedirect(t, "another spelling", http.StatusMovedPermanently, "https://notes.example/@gwen/feed.atom")
}

func TestAFeedLeavesNoRelativeAddressAndShowsTheCover(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	picture := gwen.upload("/media", nil, "x.jpg", photo(t, 800, 500)).added(t)
	in := draft.Input{Account: gwen.Account, ClientID: models.NewPublicID(), Text: models.RevisionText{Language: "fr", Title: "Jour", Source: "Note.[^1] `a role=\"doc-noteref\" href=\"#x`\n\n[^1]: Là.", Cover: picture.ID, CoverAlt: "La salle"}}
	_, err := a.server.Outbox.Publish(context.Background(), in, time.Time{})
	fatal(t, err)
	var doc struct {
		Items []struct{ Content_html, Language string }
	}
	fatal(t, json.Unmarshal([]byte(a.nobody().get("/feed.json").body), &doc))
	html := doc.Items[0].Content_html
	if strings.Contains(html, `="#`) || strings.Contains(html, `="/`) || !strings.Contains(html, `href="https://notes.example/@gwen/jour#fn:1"`) {
		t.Errorf("a relative address: %s", html)
	}
	if strings.Contains(html, ` role="`) || !strings.Contains(html, `a role=&#34;doc-noteref&#34; href=&#34;#x`) {
		t.Errorf("roles are left, or the text has changed: %s", html)
	}
	if !strings.HasPrefix(html, `<figure><img src="https://notes.example/media/`+picture.ID) || !strings.Contains(html, `alt="La salle"`) || doc.Items[0].Language != "fr" {
		t.Errorf("no cover, or no language: %s", html)
	}
}

func TestAnArticleDescribesItselfToMachines(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	article := a.person("gwen", models.RoleAuthor).article(`</script><script>alert(1)</script> & "day"`)
	page := a.nobody().get("/@gwen/"+article.Slug).want(t, "article", http.StatusOK)
	_, rest, _ := strings.Cut(page.body, `<script type="application/ld+json">`)
	data, _, _ := strings.Cut(rest, "</script>")
	var doc blogPosting
	if err := json.Unmarshal([]byte(data), &doc); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	if doc.Type != "BlogPosting" || doc.Page != "https://notes.example/@gwen/"+article.Slug || doc.URL != doc.Page || doc.Published == "" || doc.Author.URL != "https://notes.example/@gwen" || doc.Headline != article.Title || doc.ID != "https://notes.example/articles/"+*article.PublicID || doc.Author.Name != "GWEN" || len(doc.Keywords) != 1 {
		t.Errorf("%+v", doc)
	}
	oembed := "/oembed?format=json&url=" + url.QueryEscape("https://notes.example/@gwen/"+article.Slug)
	if !page.has(`type="application/json+oembed" href="https://notes.example` + oembed) {
		t.Error("the page doesn't name its oEmbed")
	}
	var card embed
	fatal(t, json.Unmarshal([]byte(a.nobody().get(oembed).want(t, "oEmbed", http.StatusOK).body), &card))
	if card.Type != "rich" || card.Title != article.Title || strings.Contains(card.HTML, "<script") {
		t.Errorf("%+v", card)
	}
	if card.Version != "1.0" || card.HTML == "" || card.Width != 600 || card.Height != 200 || card.ProviderURL != "https://notes.example/" || card.AuthorURL != "https://notes.example/@gwen" {
		t.Errorf("%+v", card)
	}
	for asked, want := range map[string][3]int{"&maxwidth=320": {320, 200, 0}, "&maxheight=90": {600, 90, 0}, "&maxwidth=2000&maxheight=700": {600, 200, 1200}, "&maxwidth=-1&maxheight=x": {600, 200, 1200}} {
		var box embed
		fatal(t, json.Unmarshal([]byte(a.nobody().get(oembed+asked).want(t, asked, http.StatusOK).body), &box))
		if box.Width != want[0] || box.Height != want[1] || box.ThumbWidth != want[2] || (box.Thumbnail != "") != (want[2] > 0) {
			t.Errorf("%s: %+v", asked, box)
		}
	}
	for name, address := range map[string]string{"elsewhere": "https://evil.example/@gwen/" + article.Slug, "a profile": "https://notes.example/@gwen", "nothing": "", "a scheme": "javascript:alert(1)", "none of ours": "https://notes.example/@gwen/nope"} {
		a.nobody().get("/oembed?url="+url.QueryEscape(address)).want(t, name, http.StatusNotFound)
	}
	a.nobody().get(oembed+"&format=xml").want(t, "two formats, the first counts", http.StatusOK)
	a.nobody().get("/oembed?format=xml&url=x").want(t, "XML", http.StatusNotImplemented)
}

func TestTheSitemapListsWhatAnybodyMayRead(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.article("Day one")
	gwen.draft("Not yet")
	var doc sitemap
	fatal(t, xml.Unmarshal([]byte(a.nobody().get("/sitemap.xml").want(t, "sitemap", http.StatusOK).body), &doc))
	var all []string
	for _, u := range doc.URLs {
		all = append(all, u.Location)
	}
	if got := strings.Join(all, " "); got != "https://notes.example/ https://notes.example/@gwen https://notes.example/@gwen/day-one" {
		t.Errorf("it lists %s", got)
	}
	robots := a.nobody().get("/robots.txt").want(t, "robots", http.StatusOK)
	if !strings.Contains(robots.body, "Sitemap: https://notes.example/sitemap.xml") || !strings.Contains(robots.body, "Disallow: /write\n") {
		t.Error(robots.body)
	}
	for _, r := range signedIn(t) { // what asks for a session is no crawler's business
		folder, page := "/"+strings.Split(r.path, "/")[1], variable.ReplaceAllString(r.path, "*")
		if !strings.Contains(robots.body, "Disallow: "+folder+"\n") && !strings.Contains(robots.body, "Disallow: "+page+"\n") {
			t.Errorf("crawlers aren't kept from %s", r.path)
		}
	}
}
