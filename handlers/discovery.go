package handlers

import (
	"context"
	"encoding/xml"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"confnotes/models"
	"confnotes/templates"
)

// robots keeps crawlers from what is nobody's business or only for servers.
func (s *Server) robots(w http.ResponseWriter, r *http.Request) error {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, path := range []string{templates.PathWrite, templates.PathPosts, templates.PathAnswer, templates.PathReading, templates.PathFollowing, templates.PathTalkLinks, templates.PathNotifications, templates.PathHeld, templates.PathFollowers, templates.PathCoverage,
		templates.PathBlocks, templates.PathReports, templates.PathPlan, "/recap", templates.PathRemote, templates.PathInteract, templates.PathSettings, templates.PathSignIn, templates.PathSetup, "/users/", "/articles/", "/notes/", "/talks/", "/activities/", "/inbox", "/oembed",
		templates.PathNewConference, templates.PathConferences + "/*/edit", templates.PathConferences + "/*/import", templates.PathConferences + "/*/import/progress",
		templates.PathConferences + "/*/new-talk", templates.PathConferences + "/*/talks/*/edit"} { // RFC 9309 section 2.2.3
		b.WriteString("Disallow: " + path + "\n")
	}
	b.WriteString("\nSitemap: " + s.IRIs.Base() + "/sitemap.xml\n")
	return cacheable(w, r, "text/plain; charset=utf-8", []byte(b.String()))
}

// maxSitemap is how many addresses a sitemap may hold (sitemaps.org, protocol).
const maxSitemap = 50_000

type sitemap struct {
	XMLName xml.Name      `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapPage `xml:"url"`
}

type sitemapPage struct {
	Location string `xml:"loc"`
	Changed  string `xml:"lastmod,omitempty"`
}

// sitemap lists the pages that anybody may read: the front page, the authors', the
// conferences with their talks, the newest articles.
func (s *Server) sitemap(w http.ResponseWriter, r *http.Request) error {
	accounts, err := s.Store.Accounts.List(r.Context())
	if err != nil {
		return err
	}
	doc := sitemap{URLs: []sitemapPage{{Location: s.IRIs.Home()}}}
	for _, a := range accounts {
		doc.URLs = append(doc.URLs, sitemapPage{Location: s.IRIs.ProfilePage(a.Actor.HandleLC)})
	}
	if err := s.addConferences(r.Context(), &doc); err != nil {
		return err
	}
	places, err := s.Store.Posts.Places(r.Context(), maxSitemap-len(doc.URLs))
	if err != nil {
		return err
	}
	for _, p := range places {
		doc.URLs = append(doc.URLs, sitemapPage{s.IRIs.ArticlePage(p.Handle, p.Slug), p.ChangedAt.UTC().Format("2006-01-02T15:04:05Z")})
	}
	body, err := xml.Marshal(doc)
	if err != nil {
		return err
	}
	return cacheable(w, r, "application/xml; charset=utf-8", append([]byte(xml.Header), body...))
}

// maxTalks is how many talks a sitemap lists, so that articles find their place, too.
const maxTalks = maxSitemap / 2

// addConferences lists conferences with their days, speakers and talks.
func (s *Server) addConferences(ctx context.Context, doc *sitemap) error {
	all, err := s.Store.Conferences.List(ctx, maxConferences)
	if err != nil || len(all) == 0 {
		return err
	}
	doc.URLs = append(doc.URLs, sitemapPage{Location: s.IRIs.ConferencesPage()})
	for _, c := range all {
		if c.Actor.State == models.StateDeleted {
			continue
		}
		doc.URLs = append(doc.URLs, sitemapPage{Location: s.IRIs.ConferencePage(c.Actor.HandleLC)}, sitemapPage{Location: s.IRIs.SpeakersPage(c.Actor.HandleLC)})
		for _, day := range c.Days() {
			doc.URLs = append(doc.URLs, sitemapPage{Location: s.IRIs.ConferenceDay(c.Actor.HandleLC, day)})
		}
	}
	talks, err := s.Store.Talks.Places(ctx, maxTalks)
	for _, t := range talks {
		doc.URLs = append(doc.URLs, sitemapPage{s.IRIs.TalkPage(t.Handle, t.Slug), t.ChangedAt.UTC().Format("2006-01-02T15:04:05Z")})
	}
	return err
}

// embed describes an article to sites that show a box for a link (oembed.com). Its type
// is rich: Mastodon asks for oEmbed first and leaves rich ones aside for OpenGraph,
// which has the description and names the author (reference: FEDERATION.md, "Cards");
// an oEmbed of type link would replace both.
type embed struct {
	Version      string `json:"version"`
	Type         string `json:"type"`
	Title        string `json:"title"`
	AuthorName   string `json:"author_name"`
	AuthorURL    string `json:"author_url"`
	ProviderName string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	CacheAge     int    `json:"cache_age"`
	HTML         string `json:"html"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Thumbnail    string `json:"thumbnail_url,omitempty"`
	ThumbWidth   int    `json:"thumbnail_width,omitempty"`
	ThumbHeight  int    `json:"thumbnail_height,omitempty"`
}

// The size of an embedded article, in pixels.
const embedWidth, embedHeight = 600, 200

// atMost reads what an asker has room for (oembed.com section 2.2). What isn't a number
// bounds nothing.
func atMost(asked string, size int) int {
	if n, err := strconv.Atoi(asked); err == nil && n > 0 {
		return min(n, size)
	}
	return size
}

func (s *Server) oEmbed(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if f := q.Get("format"); f != "" && f != "json" {
		return errNotImplemented
	}
	post, author, err := s.articleAt(r, q.Get("url"))
	if err != nil {
		return err
	}
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	pictures, err := s.Store.Pictures.OfPost(r.Context(), post.ID)
	if err != nil {
		return err
	}
	by, thumbnail := s.author(author), s.articleCard(site, author, post, pictures).CardPicture
	if atMost(q.Get("maxwidth"), thumbnail.Width) < thumbnail.Width || atMost(q.Get("maxheight"), thumbnail.Height) < thumbnail.Height {
		thumbnail = templates.CardPicture{}
	}
	page := s.IRIs.ArticlePage(author.HandleLC, post.Slug)
	h := html.EscapeString
	w.Header().Set("Access-Control-Allow-Origin", "*")
	return answerPublicJSON(w, r, embed{Version: "1.0", Type: "rich", Title: post.Title, AuthorName: by.Name, AuthorURL: by.URL, ProviderName: site.Name,
		ProviderURL: s.IRIs.Home(), CacheAge: 3600, Width: atMost(q.Get("maxwidth"), embedWidth), Height: atMost(q.Get("maxheight"), embedHeight),
		Thumbnail: thumbnail.URL, ThumbWidth: thumbnail.Width, ThumbHeight: thumbnail.Height,
		HTML: `<blockquote cite="` + h(page) + `" lang="` + h(post.Language) + `"><p><a href="` + h(page) + `">` + h(post.Title) + `</a></p><p>` + h(lead(post)) + `</p><p>— ` + h(by.Name) + `</p></blockquote>`})
}

// articleAt returns the public article whose page an address of ours is.
func (s *Server) articleAt(r *http.Request, address string) (*models.Post, *models.Actor, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host != s.IRIs.Host() || u.Scheme != "https" && u.Scheme != "http" {
		return nil, nil, models.ErrNotFound
	}
	handle, slug, ok := strings.Cut(strings.TrimPrefix(u.Path, "/@"), "/")
	if !ok || !strings.HasPrefix(u.Path, "/@") {
		return nil, nil, models.ErrNotFound
	}
	post, err := s.Store.Posts.ByPath(r.Context(), handle, slug)
	if err != nil {
		return nil, nil, err
	}
	if !models.CanSee(models.Viewer{}, models.Sight{Post: post}) {
		return nil, nil, models.ErrNotFound
	}
	author, err := s.Store.Actors.ByID(r.Context(), post.ActorID)
	return post, author, err
}

// blogPosting is schema.org's word for an article (schema.org/BlogPosting).
type blogPosting struct {
	Context     string        `json:"@context"`
	Type        string        `json:"@type"`
	ID          string        `json:"@id"`
	URL         string        `json:"url"`
	Page        string        `json:"mainEntityOfPage"`
	Headline    string        `json:"headline"`
	Description string        `json:"description,omitempty"`
	Image       string        `json:"image,omitempty"`
	Language    string        `json:"inLanguage,omitempty"`
	Published   string        `json:"datePublished"`
	Modified    string        `json:"dateModified,omitempty"`
	Keywords    []string      `json:"keywords,omitempty"`
	WordCount   int           `json:"wordCount,omitempty"`
	Author      schemaPerson  `json:"author"`
	Publisher   *schemaPerson `json:"publisher,omitempty"`
}

type schemaPerson struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

// describe says what an article's page is to who reads pages by machine.
func (s *Server) describe(page *templates.Article, post *models.Post, tags []string) {
	doc := blogPosting{Context: "https://schema.org", Type: "BlogPosting", ID: s.IRIs.Article(*post.PublicID), URL: page.Canonical, Page: page.Canonical, Headline: post.Title,
		Description: page.Description, Image: page.OpenGraph.Picture.URL, Language: post.Language, Published: post.PublishedAt.UTC().Format("2006-01-02T15:04:05Z"),
		Keywords: tags, WordCount: post.Words, Author: schemaPerson{"Person", page.Author.Name, page.Author.URL},
		Publisher: &schemaPerson{"Organization", page.Site.Name, s.IRIs.Home()}}
	if post.UpdatedAt != nil {
		doc.Modified = post.UpdatedAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	page.Schema = doc
	page.OEmbed = s.IRIs.Base() + "/oembed?format=json&url=" + url.QueryEscape(page.Canonical)
}
