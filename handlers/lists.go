package handlers

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

const (
	articlesAPage = 20
	// wordsAMinute is a usual pace for reading prose on a screen.
	wordsAMinute = 220
)

// list is a page of a list of articles as a page shows it.
type list struct {
	cards        []templates.Card
	newer, older string
}

// listPage reads which part of a list is asked for: ?before= a time in milliseconds and
// an id, as the link to older articles gives them.
func listPage(r *http.Request) models.Page {
	page := models.Page{Limit: articlesAPage + 1}
	at, id, ok := strings.Cut(r.URL.Query().Get("before"), "-")
	ms, err1 := strconv.ParseInt(at, 10, 64)
	post, err2 := strconv.ParseInt(id, 10, 64)
	if ok && err1 == nil && err2 == nil {
		page.Before = &models.Cursor{At: time.UnixMilli(ms), ID: post}
	}
	return page
}

// partOf is where the part of a list is that listPage reads.
func partOf(first string, page models.Page) string {
	if page.Before == nil {
		return first
	}
	return first + "?before=" + strconv.FormatInt(page.Before.At.UnixMilli(), 10) + "-" + strconv.FormatInt(page.Before.ID, 10)
}

// lay makes cards of a list that was asked for with one article more than it shows.
func (s *Server) lay(r *http.Request, posts []*models.Post, page models.Page) (*list, error) {
	l := &list{}
	if page.Before != nil {
		l.newer = r.URL.Path
	}
	if len(posts) > articlesAPage {
		posts = posts[:articlesAPage]
		last := posts[articlesAPage-1]
		l.older = partOf(r.URL.Path, models.Page{Before: &models.Cursor{At: *last.PublishedAt, ID: last.ID}})
	}
	authors := make([]int64, len(posts))
	ids := make([]int64, len(posts))
	for i, p := range posts {
		authors[i], ids[i] = p.ActorID, p.ID
	}
	byID, err := s.Store.Actors.ByIDs(r.Context(), authors)
	if err != nil {
		return nil, err
	}
	tags, err := s.Store.Posts.Hashtags(r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	covers, err := s.Store.Pictures.Covers(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		author := byID[p.ActorID]
		card := templates.Card{Title: p.Title, URL: s.IRIs.ArticlePage(author.HandleLC, p.Slug), Language: p.Language,
			Author: s.author(author), Published: *p.PublishedAt, Summary: lead(p), Minutes: minutes(p.Words), Tags: s.tagLinks(tags[p.ID])}
		if cover, ok := covers[p.ID]; ok {
			shown := s.picture(cover)
			card.Cover = &shown
		}
		l.cards = append(l.cards, card)
	}
	return l, nil
}

func lead(p *models.Post) string {
	if p.Summary != "" {
		return p.Summary
	}
	return p.Excerpt
}

func minutes(words int) int { return max(1, (words+wordsAMinute/2)/wordsAMinute) }

func (s *Server) tagLinks(tags []string) []templates.Link {
	links := make([]templates.Link, len(tags))
	for i, t := range tags {
		links[i] = templates.Link{Label: t, URL: s.IRIs.TagPage(t)}
	}
	return links
}

// author is how a page names an actor, of ours or from elsewhere.
func (s *Server) author(a *models.Actor) templates.Author {
	if a.Local {
		return templates.Author{Name: a.DisplayName(), Handle: "@" + s.IRIs.Acct(a.HandleLC), URL: s.IRIs.ActorPage(a), ID: s.IRIs.Actor(a.HandleLC)}
	}
	return templates.Author{Name: a.DisplayName(), Handle: "@" + a.Handle + "@" + a.Domain, URL: a.URL}
}

// home lists the instance's articles.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	w.Header().Add("Vary", "Accept")
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	page := listPage(r)
	posts, err := s.Store.Posts.Articles(r.Context(), page)
	if err != nil {
		return err
	}
	l, err := s.lay(r, posts, page)
	if err != nil {
		return err
	}
	authors, err := s.writers(r.Context())
	if err != nil {
		return err
	}
	return s.public(w, r, templates.Home{Page: templates.Page{Language: site.Language, Canonical: partOf(s.IRIs.Home(), page), Description: s.Catalogue.For(site.Language).T("home.lead"),
		Site: site, OpenGraph: templates.OpenGraph{Picture: s.homeCard(site).CardPicture}, Feeds: feedLinks(s.IRIs.Home(), site.Name)},
		Authors: authors, Articles: l.cards, Newer: l.newer, Older: l.older})
}

// maxWriters is how many people the front page offers to follow.
const maxWriters = 24

// writers are the people who have an account here, as the front page names them.
func (s *Server) writers(ctx context.Context) ([]templates.Author, error) {
	accounts, err := s.Store.Accounts.List(ctx)
	if err != nil {
		return nil, err
	}
	var actors []*models.Actor
	for _, a := range accounts {
		if a.Actor.MovedToID == nil && len(actors) < maxWriters { // elsewhere, nobody can be followed here
			actors = append(actors, a.Actor)
		}
	}
	faces, err := s.Store.Pictures.Faces(ctx, actors...)
	if err != nil {
		return nil, err
	}
	authors := make([]templates.Author, len(actors))
	for i, a := range actors {
		authors[i] = s.portrayed(a, faces)
	}
	return authors, nil
}

// tag lists the articles with a hashtag.
func (s *Server) tag(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	name := richtext.StrangerText(mux.Vars(r)["tag"], 100)
	page := listPage(r)
	posts, err := s.Store.Posts.ArticlesTagged(r.Context(), name, page)
	if err != nil {
		return err
	}
	if len(posts) == 0 && page.Before == nil {
		return models.ErrNotFound
	}
	l, err := s.lay(r, posts, page)
	if err != nil {
		return err
	}
	for _, card := range l.cards[:min(1, len(l.cards))] { // spelled as its newest article does
		for _, t := range card.Tags {
			if strings.EqualFold(t.Label, name) {
				name = t.Label
			}
		}
	}
	return s.public(w, r, templates.Tag{Page: templates.Page{Title: "#" + name, Language: site.Language, Canonical: partOf(s.IRIs.TagPage(name), page),
		Description: s.Catalogue.For(site.Language).T("tag.lead", "Tag", name, "Site", site.Name), Site: site,
		OpenGraph: templates.OpenGraph{Picture: s.tagCard(site, name).CardPicture}, Feeds: feedLinks(s.IRIs.TagPage(name), "#"+name)},
		Name: name, Articles: l.cards, Newer: l.newer, Older: l.older})
}
