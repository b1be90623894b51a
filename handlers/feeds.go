package handlers

import (
	"context"
	"html"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"confnotes/activitypub"
	"confnotes/internal/feed"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

const articlesAFeed = 20

// feedFormats are the ends of a feed's address.
var feedFormats = map[string]struct {
	kind  string
	write func(*feed.Feed) ([]byte, error)
}{
	"rss": {feed.TypeRSS, feed.RSS}, "atom": {feed.TypeAtom, feed.Atom}, "json": {feed.TypeJSON, feed.JSON},
}

// siteFeed lists the instance's articles.
func (s *Server) siteFeed(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	posts, err := s.Store.Posts.Articles(r.Context(), models.Page{Limit: articlesAFeed})
	if err != nil {
		return err
	}
	return s.serveFeed(w, r, &feed.Feed{ID: s.IRIs.Home(), Title: site.Name, Description: s.Catalogue.For(site.Language).T("home.lead"),
		Language: site.Language, Page: s.IRIs.Home()}, posts)
}

// profileFeed lists an author's articles.
func (s *Server) profileFeed(w http.ResponseWriter, r *http.Request) error {
	ctx, handle := r.Context(), mux.Vars(r)["handle"]
	actor, err := s.Store.Actors.LocalByHandle(ctx, handle)
	if err != nil {
		return err
	}
	switch {
	case actor.HandleLC == activitypub.InstanceHandle:
		return models.ErrNotFound
	case actor.State == models.StateDeleted:
		return &activitypub.GoneError{}
	case handle != actor.HandleLC:
		return moved(w, r, s.IRIs.ProfilePage(actor.HandleLC)+"/feed."+mux.Vars(r)["format"])
	}
	site, err := s.site(ctx)
	if err != nil {
		return err
	}
	posts, err := s.Store.Posts.ArticlesBy(ctx, actor.ID, models.Page{Limit: articlesAFeed})
	if err != nil {
		return err
	}
	author := s.author(actor)
	about := richtext.PlainText(actor.BioHTML)
	if about == "" {
		about = author.Handle
	}
	return s.serveFeed(w, r, &feed.Feed{ID: s.IRIs.Actor(actor.HandleLC), Title: author.Name, Description: about, Language: site.Language,
		Page: author.URL, Authors: []feed.Author{{Name: author.Name, URL: author.URL}}}, posts)
}

// tagFeed lists the articles with a hashtag.
func (s *Server) tagFeed(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	name := richtext.StrangerText(mux.Vars(r)["tag"], 100)
	posts, err := s.Store.Posts.ArticlesTagged(r.Context(), name, models.Page{Limit: articlesAFeed})
	if err != nil {
		return err
	}
	if len(posts) == 0 {
		return models.ErrNotFound
	}
	page := s.IRIs.TagPage(name)
	return s.serveFeed(w, r, &feed.Feed{ID: page, Title: "#" + name + " · " + site.Name, Page: page, Language: site.Language,
		Description: s.Catalogue.For(site.Language).T("tag.lead", "Tag", name, "Site", site.Name)}, posts)
}

// serveFeed fills a feed with articles and answers with it, or with 304 to who has it.
func (s *Server) serveFeed(w http.ResponseWriter, r *http.Request, f *feed.Feed, posts []*models.Post) error {
	format := mux.Vars(r)["format"]
	f.Self = strings.TrimSuffix(f.Page, "/") + "/feed." + format
	f.Generator, f.Home = "confnotes "+s.Version, s.IRIs.Home()
	var err error
	if f.Entries, err = s.entries(r.Context(), posts); err != nil {
		return err
	}
	body, err := feedFormats[format].write(f)
	if err != nil {
		return err
	}
	return cacheable(w, r, feedFormats[format].kind, body)
}

func (s *Server) entries(ctx context.Context, posts []*models.Post) ([]feed.Entry, error) {
	authorIDs, ids := make([]int64, len(posts)), make([]int64, len(posts))
	for i, p := range posts {
		authorIDs[i], ids[i] = p.ActorID, p.ID
	}
	authors, err := s.Store.Actors.ByIDs(ctx, authorIDs)
	if err != nil {
		return nil, err
	}
	tags, err := s.Store.Posts.Hashtags(ctx, ids...)
	if err != nil {
		return nil, err
	}
	covers, err := s.Store.Pictures.Covers(ctx, ids)
	if err != nil {
		return nil, err
	}
	texts, err := s.Store.Posts.HTML(ctx, ids)
	if err != nil {
		return nil, err
	}
	entries := make([]feed.Entry, len(posts))
	for i, p := range posts {
		author := s.author(authors[p.ActorID])
		page := s.IRIs.ArticlePage(authors[p.ActorID].HandleLC, p.Slug)
		entries[i] = feed.Entry{ID: s.IRIs.Article(*p.PublicID), URL: page, Title: p.Title, Summary: lead(p), Language: p.Language,
			HTML: s.feedHTML(texts[p.ID], page, covers[p.ID]), Author: feed.Author{Name: author.Name, URL: author.URL}, Published: *p.PublishedAt}
		if p.UpdatedAt != nil {
			entries[i].Updated = *p.UpdatedAt
		}
		for _, t := range tags[p.ID] {
			entries[i].Categories = append(entries[i].Categories, feed.Category{Term: strings.ToLower(t), Label: t, Scheme: s.IRIs.Base() + "/tags/"})
		}
	}
	return entries, nil
}

// feedHTML is an article's HTML away from its page: the cover first, links to its own
// footnotes leading to the page, and no roles, which the W3C's validator takes for a
// risk (SecurityRiskAttr). In an article's text every quotation mark is escaped.
func (s *Server) feedHTML(text, page string, cover models.PostPicture) string {
	text = strings.NewReplacer(`href="#`, `href="`+html.EscapeString(page)+`#`,
		` role="doc-noteref"`, "", ` role="doc-backlink"`, "", ` role="doc-endnotes"`, "").Replace(text)
	if cover.Picture == nil {
		return text
	}
	p := s.picture(cover)
	return `<figure><img src="` + html.EscapeString(p.URL) + `" alt="` + html.EscapeString(p.Alt) + `"></figure>` + "\n" + text
}

// feedLinks are the feeds that a page names.
func feedLinks(page, title string) []templates.FeedLink {
	page = strings.TrimSuffix(page, "/")
	return []templates.FeedLink{{URL: page + "/feed.atom", Type: "application/atom+xml", Title: title},
		{URL: page + "/feed.rss", Type: "application/rss+xml", Title: title}, {URL: page + "/feed.json", Type: feed.TypeJSON, Title: title}}
}
