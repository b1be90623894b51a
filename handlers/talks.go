package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"confnotes/internal/richtext"
	"confnotes/internal/talklink"
	"confnotes/models"
	"confnotes/templates"
)

// talk shows a talk with everybody's notes on it. One that vanished from the programme
// keeps its page: its notes stand there.
func (s *Server) talk(w http.ResponseWriter, r *http.Request, c *showing) error {
	t, err := s.Store.Talks.BySlug(r.Context(), c.ID, mux.Vars(r)["slug"])
	if err != nil {
		return err
	}
	page, err := s.talkPage(r, c, t)
	if err != nil {
		return err
	}
	return s.public(w, r, *page)
}

func (s *Server) talkPage(r *http.Request, c *showing, t *models.Talk) (*templates.TalkPage, error) {
	ctx, asked := r.Context(), listPage(r)
	row, head := s.talkRow(c, t), s.conferenceHead(c.Conference)
	row.URL = s.IRIs.TalkPage(c.handle(), t.Slug)
	var err error
	if row.Links, err = s.linksOf(r, t, nil); err != nil {
		return nil, err
	}
	posts, err := s.Store.Posts.NotesOn(ctx, t.ID, asked)
	if err != nil {
		return nil, err
	}
	count, err := s.Store.Posts.CountNotesOn(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	picture := s.talkCard(c.site, c.Conference, t).CardPicture
	page := &templates.TalkPage{Conference: head, Talk: row, Body: richtext.Trusted(t.HTML), Source: webURL(t.URL), LinksURL: talkLinksURL(t), Count: int(count),
		Page: templates.Page{Title: t.Title + " · " + head.Name, Language: c.site.Language, Canonical: partOf(row.URL, asked), Description: s.talkLead(c, t, row),
			Site: c.site, Feeds: feedLinks(head.URL, head.Name), OpenGraph: templates.OpenGraph{Picture: picture}, Schema: s.talkEvent(c, head, t, row, picture.URL)}}
	page.Articles, page.Newer, page.Older, err = s.coverage(r, c, posts, asked)
	if err != nil {
		return nil, err
	}
	for i := range page.Articles {
		page.Articles[i].Talk = nil // it is this one
	}
	return page, s.notesElsewhere(r, t, page)
}

// talkLead is a talk in a line, for link cards: how its text begins, else when and who.
func (s *Server) talkLead(c *showing, t *models.Talk, row templates.Talk) string {
	if text := richtext.Excerpt(richtext.PlainText(t.HTML), 200); text != "" {
		return text
	}
	return strings.Join(append([]string{c.words.Day(row.Day) + ", " + c.words.Clocks(row.Starts, row.Ends)}, names(row.Speakers)...), " · ")
}

// names are those of speakers who may be named.
func names(speakers []templates.Speaker) (all []string) {
	for _, s := range speakers {
		if s.Name != "" {
			all = append(all, s.Name)
		}
	}
	return all
}

// linksOf are the slides and recordings of a talk, with who added them; mine says which
// may be removed.
func (s *Server) linksOf(r *http.Request, t *models.Talk, mine func(models.Resource) bool) ([]templates.TalkLink, error) {
	resources, err := s.Store.Talks.Resources(r.Context(), t.ID)
	if err != nil {
		return nil, err
	}
	var accounts []int64
	for _, l := range resources[t.ID] {
		if l.AccountID != nil {
			accounts = append(accounts, *l.AccountID)
		}
	}
	by, err := s.Store.Accounts.ActorsOf(r.Context(), accounts)
	return s.talkLinks(resources[t.ID], by, mine), err
}

// talkLinks lays links out; what is stored may come from a schedule, so that addresses
// are looked at once more.
func (s *Server) talkLinks(resources []models.Resource, by map[int64]*models.Actor, mine func(models.Resource) bool) []templates.TalkLink {
	var all []templates.TalkLink
	for _, l := range resources {
		u, err := url.Parse(webURL(l.URL))
		if err != nil || u.Host == "" {
			continue
		}
		shown := templates.TalkLink{ID: strconv.FormatInt(l.ID, 10), Type: l.Type, URL: l.URL, Title: l.Title, Host: u.Host, Given: l.PersonID != nil}
		if l.AccountID != nil && by[*l.AccountID] != nil {
			shown.By = by[*l.AccountID].DisplayName()
		}
		shown.Mine = mine != nil && mine(l)
		all = append(all, shown)
	}
	return all
}

func talkLinksURL(t *models.Talk) string { return templates.PathTalkLinks + "/" + t.PublicID }

// talkAt is the talk that a private page is about, with its conference.
func (s *Server) talkAt(r *http.Request) (*models.Conference, *models.Talk, error) {
	t, err := s.Store.Talks.ByPublicID(r.Context(), mux.Vars(r)["talk"])
	if err != nil {
		return nil, nil, err
	}
	c, err := s.Store.Conferences.ByID(r.Context(), t.ConferenceID)
	if err != nil {
		return nil, nil, err
	}
	if c.Actor.State == models.StateDeleted {
		return nil, nil, models.ErrNotFound
	}
	return c, t, nil
}

// showTalkLinks is where slides, recordings and code are added to a talk.
func (s *Server) showTalkLinks(w http.ResponseWriter, r *http.Request) error {
	return s.talkLinksPage(w, r, http.StatusOK, templates.TalkLinks{})
}

func (s *Server) talkLinksPage(w http.ResponseWriter, r *http.Request, code int, view templates.TalkLinks) error {
	c, t, err := s.talkAt(r)
	if err != nil {
		return err
	}
	if view.Page, err = s.desk(r); err != nil {
		return err
	}
	a := accountFrom(r)
	role, err := s.Store.Conferences.Role(r.Context(), a, c.ActorID)
	if err != nil {
		return err
	}
	view.Links, err = s.linksOf(r, t, func(l models.Resource) bool { return talklink.MayRemove(a, role, l) })
	if err != nil {
		return err
	}
	if role != "" {
		view.AmendURL = amendURL(c, t)
	}
	view.Title, view.Talk, view.Action = t.Title, templates.Link{Label: t.Title, URL: s.IRIs.TalkPage(c.Actor.HandleLC, t.Slug)}, talkLinksURL(t)
	view.Conference = templates.Link{Label: c.Actor.DisplayName(), URL: s.IRIs.ConferencePage(c.Actor.HandleLC)}
	return s.private(w, code, view)
}

// changeTalkLinks adds a link or takes one away.
func (s *Server) changeTalkLinks(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	c, t, err := s.talkAt(r)
	if err != nil {
		return err
	}
	a, f := accountFrom(r), r.PostForm
	back := talkLinksURL(t) + "?"
	switch f.Get("action") {
	case "add":
		var invalid *models.InvalidError
		err := s.TalkLinks.Add(r.Context(), a, t, f.Get("type"), f.Get("url"), f.Get("title"))
		if errors.As(err, &invalid) {
			return s.talkLinksPage(w, r, http.StatusUnprocessableEntity, templates.TalkLinks{Type: f.Get("type"), URL: f.Get("url"), Label: f.Get("title"), Problems: problems(invalid)})
		}
		return s.back(w, r, err, back+noticeQuery(templates.LinkAdded, ""))
	case "remove":
		id, err := strconv.ParseInt(f.Get("link"), 10, 64)
		if err != nil {
			return models.ErrNotFound
		}
		return s.back(w, r, s.TalkLinks.Remove(r.Context(), a, c, t, id), back+noticeQuery(templates.LinkRemoved, ""))
	}
	return errBadRequest
}
