package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/gorilla/mux"

	"confnotes/activitypub"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

// profile shows an author. A server is sent to the actor.
func (s *Server) profile(w http.ResponseWriter, r *http.Request) error {
	w.Header().Add("Vary", "Accept")
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
	case wantsObject(r):
		return seeOther(w, r, s.IRIs.Actor(actor.HandleLC))
	case actor.Kind == models.ActorGroup, handle != actor.HandleLC:
		return moved(w, r, s.IRIs.ActorPage(actor))
	}
	page, err := s.profilePage(r, actor)
	if err != nil {
		return err
	}
	return s.public(w, r, *page)
}

func (s *Server) profilePage(r *http.Request, actor *models.Actor) (*templates.Profile, error) {
	ctx := r.Context()
	site, err := s.site(ctx)
	if err != nil {
		return nil, err
	}
	asked := listPage(r)
	posts, err := s.Store.Posts.ArticlesBy(ctx, actor.ID, asked)
	if err != nil {
		return nil, err
	}
	l, err := s.lay(r, posts, asked)
	if err != nil {
		return nil, err
	}
	articles, err := s.Store.Posts.CountArticlesBy(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	followers, err := s.Store.Follows.Count(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	faces, err := s.Store.Pictures.Faces(ctx, actor)
	if err != nil {
		return nil, err
	}
	author := s.portrayed(actor, faces)
	if author.MovedTo, err = s.movedTo(ctx, actor); err != nil {
		return nil, err
	}
	page := &templates.Profile{
		Page: templates.Page{Title: author.Name, Language: site.Language, Canonical: partOf(author.URL, asked), Alternate: s.IRIs.Actor(actor.HandleLC),
			Description: cmp.Or(richtext.Excerpt(richtext.PlainText(actor.BioHTML), 200), author.Handle), FediverseCreator: author.Handle, Site: site,
			OpenGraph: templates.OpenGraph{Type: "profile", Picture: s.profileCard(site, actor).CardPicture}, Feeds: feedLinks(author.URL, author.Name)},
		Author: author, Bio: richtext.Trusted(actor.BioHTML), ArticleCount: int(articles), Followers: int(followers), Hidden: actor.HidesNetwork,
		Articles: ownCards(l.cards), Newer: l.newer, Older: l.older}
	return page, s.introduced(r, page, actor, asked.Before == nil)
}

// publicArticle returns the article at an address, of today or of before, if everybody
// may see it.
func (s *Server) publicArticle(r *http.Request) (*models.Post, error) {
	vars := mux.Vars(r)
	post, err := s.Store.Posts.ByPath(r.Context(), vars["handle"], vars["slug"])
	if err != nil {
		return nil, err
	}
	if post.State == models.PostDeleted && post.Visibility != models.VisibilityFollowers {
		return nil, &activitypub.GoneError{}
	}
	if !models.CanSee(models.Viewer{}, models.Sight{Post: post}) {
		return nil, models.ErrNotFound
	}
	return post, nil
}

// article shows an article with its conversation. A server is sent to the object,
// everybody else from an old address to the one of today.
func (s *Server) article(w http.ResponseWriter, r *http.Request) error {
	w.Header().Add("Vary", "Accept")
	ctx, vars := r.Context(), mux.Vars(r)
	post, err := s.publicArticle(r)
	if err != nil {
		return err
	}
	if wantsObject(r) {
		return seeOther(w, r, s.IRIs.Article(*post.PublicID))
	}
	author, err := s.Store.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return err
	}
	if vars["handle"] != author.HandleLC || vars["slug"] != post.Slug {
		return moved(w, r, s.IRIs.ArticlePage(author.HandleLC, post.Slug))
	}
	page, err := s.articleView(ctx, post, author)
	if err != nil {
		return err
	}
	return s.public(w, r, *page)
}

func (s *Server) articleView(ctx context.Context, post *models.Post, author *models.Actor) (*templates.Article, error) {
	site, err := s.site(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := s.Store.Posts.Hashtags(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	page := s.articleText(site, author, post)
	page.Body, page.Tags, page.Author.Bio = richtext.Trusted(post.HTML), s.tagLinks(tags[post.ID]), richtext.Trusted(author.BioHTML)
	page.Contents = contents(richtext.DecodeOutline(post.Outline))
	pictures, err := s.Store.Pictures.OfPost(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	s.showCover(page, pictures)
	page.OpenGraph.Picture = s.articleCard(site, author, post, pictures).CardPicture
	s.describe(page, post, tags[post.ID])
	page.Feeds = feedLinks(page.Author.URL, page.Author.Name)
	if page.Author.MovedTo, err = s.movedTo(ctx, author); err != nil {
		return nil, err
	}
	counts, err := s.Store.Reactions.CountsOf(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	page.ReplyPolicy = post.ReplyPolicy
	page.ReplyCount, page.Likes, page.Boosts = int(counts.Replies), int(counts.Likes), int(counts.Announces)
	if err := s.converse(ctx, page, post, counts); err != nil {
		return nil, err
	}
	older, newer, err := s.Store.Posts.Neighbours(ctx, post)
	if err != nil {
		return nil, errors.Join(errors.New("neighbours"), err)
	}
	page.Older, page.Newer = s.neighbour(author, older), s.neighbour(author, newer)
	return page, nil
}

// articleText is the part of an article's page that its preview shows, too.
func (s *Server) articleText(site templates.Site, author *models.Actor, post *models.Post) *templates.Article {
	by := s.author(author)
	page := &templates.Article{
		Page: templates.Page{Title: post.Title, Language: post.Language, Description: lead(post), Site: site, FediverseCreator: by.Handle},
		Lead: post.Summary, Author: by, Minutes: minutes(post.Words)}
	if post.PublishedAt != nil {
		page.Published = *post.PublishedAt
		page.Canonical, page.Alternate = s.IRIs.ArticlePage(author.HandleLC, post.Slug), s.IRIs.Article(*post.PublicID)
		page.OpenGraph = templates.OpenGraph{Type: "article", Published: page.Published}
	}
	if post.UpdatedAt != nil {
		page.Updated, page.OpenGraph.Updated = *post.UpdatedAt, *post.UpdatedAt
	}
	return page
}

// fewParts is how many parts an article can have without a table of contents.
const fewParts = 2

// contents lists an article's parts: of a recap, its talks.
func contents(headings []richtext.Heading) []templates.Link {
	var links []templates.Link
	for _, h := range headings {
		if h.Level == 2 {
			links = append(links, templates.Link{Label: h.Text, URL: "#" + h.ID})
		}
	}
	if len(links) <= fewParts {
		return nil
	}
	return links
}

func (s *Server) neighbour(author *models.Actor, p *models.Post) *templates.Link {
	if p == nil {
		return nil
	}
	return &templates.Link{Label: p.Title, URL: s.IRIs.ArticlePage(author.HandleLC, p.Slug), Language: p.Language}
}
