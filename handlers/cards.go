package handlers

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"confnotes/activitypub"
	"confnotes/internal/card"
	"confnotes/internal/i18n"
	"confnotes/internal/media"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

// linkPicture is the picture on a link card of a page: an article's cover, else one that
// we draw.
type linkPicture struct {
	templates.CardPicture
	drawn *card.Card // nil for a cover
}

func (s *Server) articleCard(site templates.Site, author *models.Actor, post *models.Post, pictures []models.PostPicture) linkPicture {
	if at := slices.IndexFunc(pictures, isCover); at >= 0 {
		return linkPicture{CardPicture: s.coverCard(pictures[at])}
	}
	by := s.author(author)
	c := card.Card{Title: post.Title, Author: by.Name, Note: by.Handle, Site: site.Name, Host: site.Host}
	return drawnCard(c, s.IRIs.ArticleCard(*post.PublicID, c.Hash()), s.wordsFor(post.Language, site).T("card.article", "Title", post.Title, "Author", by.Name, "Site", site.Name))
}

func (s *Server) profileCard(site templates.Site, author *models.Actor) linkPicture {
	by := s.author(author)
	c := card.Card{Title: by.Name, Note: by.Handle, Site: site.Name, Host: site.Host}
	return drawnCard(c, s.IRIs.ProfileCard(author.HandleLC, c.Hash()), s.cardOf(site, by.Name))
}

func (s *Server) tagCard(site templates.Site, name string) linkPicture {
	c := card.Card{Title: "#" + name, Note: site.Host, Site: site.Name, Host: site.Host}
	return drawnCard(c, s.IRIs.TagCard(name, c.Hash()), s.cardOf(site, c.Title))
}

func (s *Server) homeCard(site templates.Site) linkPicture {
	c := card.Card{Title: site.Name, Note: s.Catalogue.For(site.Language).T("home.lead"), Site: site.Host, Host: site.Host}
	return drawnCard(c, s.IRIs.HomeCard(c.Hash()), s.cardOf(site, site.Name))
}

func (s *Server) cardOf(site templates.Site, title string) string {
	return s.Catalogue.For(site.Language).T("card.page", "Title", title, "Site", site.Name)
}

func drawnCard(c card.Card, url, alt string) linkPicture {
	return linkPicture{templates.CardPicture{URL: url, Alt: alt, MIME: card.MIME, Width: card.Width, Height: card.Height}, &c}
}

// coverCard is a cover in the size of link cards.
func (s *Server) coverCard(cover models.PostPicture) templates.CardPicture {
	v, ok := cover.Picture.Variant(models.VariantCard)
	if !ok {
		sizes := cover.Picture.Sizes()
		v = sizes[len(sizes)-1]
	}
	return templates.CardPicture{URL: s.IRIs.PictureURL(cover.Picture, v), Alt: cover.Alt, MIME: v.MIME, Width: v.Width, Height: v.Height}
}

// wordsFor are the words around content in a language, as templates choose them.
func (s *Server) wordsFor(language string, site templates.Site) *i18n.Words {
	if !s.Catalogue.Speaks(language) {
		language = site.Language
	}
	return s.Catalogue.For(language)
}

// cardFinder says which picture stands on a link card today.
type cardFinder func(*http.Request, templates.Site) (linkPicture, error)

// cardFile serves a drawn card, of what find says that its address is about. An address
// with another hash is of yesterday, or made up, and leads to today's picture: nobody
// chooses what is drawn.
func (s *Server) cardFile(find cardFinder) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		site, err := s.site(r.Context())
		if err != nil {
			return err
		}
		today, err := find(r, site)
		if err != nil {
			return err
		}
		hash := mux.Vars(r)["hash"]
		if today.drawn == nil || hash != today.drawn.Hash() {
			return moved(w, r, today.URL)
		}
		data, err := s.Cards.Print(r.Context(), *today.drawn)
		if err != nil {
			return err
		}
		neverChanges(w, hash+media.Ext(card.MIME), card.MIME)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
		return nil
	}
}

// neverChanges is what a picture's file is served with. Should a browser take it for a
// page, it may do nothing.
func neverChanges(w http.ResponseWriter, name, mime string) {
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", strconv.Quote(name))
}

func (s *Server) findArticleCard(r *http.Request, site templates.Site) (linkPicture, error) {
	ctx := r.Context()
	post, err := s.Store.Posts.ByPublicID(ctx, mux.Vars(r)["id"])
	switch {
	case err != nil:
		return linkPicture{}, err
	case post.Kind != models.KindArticle, !models.CanSee(models.Viewer{}, models.Sight{Post: post}):
		return linkPicture{}, models.ErrNotFound
	}
	author, err := s.Store.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return linkPicture{}, err
	}
	pictures, err := s.Store.Pictures.OfPost(ctx, post.ID)
	return s.articleCard(site, author, post, pictures), err
}

func (s *Server) findProfileCard(r *http.Request, site templates.Site) (linkPicture, error) {
	actor, err := s.Store.Actors.LocalByHandle(r.Context(), mux.Vars(r)["handle"])
	switch {
	case err != nil:
		return linkPicture{}, err
	case actor.HandleLC == activitypub.InstanceHandle, actor.State == models.StateDeleted:
		return linkPicture{}, models.ErrNotFound
	}
	return s.profileCard(site, actor), nil
}

func (s *Server) findTagCard(r *http.Request, site templates.Site) (linkPicture, error) {
	name := richtext.StrangerText(mux.Vars(r)["tag"], 100)
	posts, err := s.Store.Posts.ArticlesTagged(r.Context(), name, models.Page{Limit: 1})
	if err != nil {
		return linkPicture{}, err
	}
	if len(posts) == 0 {
		return linkPicture{}, models.ErrNotFound
	}
	tags, err := s.Store.Posts.Hashtags(r.Context(), posts[0].ID)
	return s.tagCard(site, spelled(name, tags[posts[0].ID])), err
}

func (s *Server) findHomeCard(_ *http.Request, site templates.Site) (linkPicture, error) {
	return s.homeCard(site), nil
}

// spelled is a tag as an article that has it spells it.
func spelled(name string, tags []string) string {
	for _, t := range tags {
		if strings.EqualFold(t, name) {
			return t
		}
	}
	return name
}
