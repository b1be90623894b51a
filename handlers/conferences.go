package handlers

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"confnotes/activitypub"
	"confnotes/internal/i18n"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

func (s *Server) conferenceRoutes(r *mux.Router) {
	get := func(path string, f handler) { r.Handle(path, s.page(f)).Methods(http.MethodGet, http.MethodHead) }
	get(templates.PathConferences, s.conferences)
	get("/conferences/{handle}", s.conferenceOrSeries)
	get("/conferences/{handle}/feed.{format:rss|atom|json}", s.atConference(s.conferenceFeed))
	get("/conferences/{handle}/speakers", s.atConference(s.speakers))
	get("/conferences/{handle}/speakers/{slug}", s.atConference(s.speaker))
	get("/conferences/{handle}/talks/{slug}", s.atConference(s.talk))
	get("/conferences/{handle}/{day:[0-9-]+}", s.atConference(s.conferenceDay))
}

// maxConferences is how many the list shows.
const maxConferences = 500

// conferences lists them by when they are.
func (s *Server) conferences(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	all, err := s.Store.Conferences.List(r.Context(), maxConferences)
	if err != nil {
		return err
	}
	words := s.Catalogue.For(site.Language)
	page := templates.Conferences{Page: templates.Page{Title: words.T("programme.conferences"), Language: site.Language, Canonical: s.IRIs.ConferencesPage(),
		Description: words.T("programme.conferences_lead"), Site: site, OpenGraph: templates.OpenGraph{Picture: s.homeCard(site).CardPicture}}}
	for _, c := range all {
		if c.Actor.State == models.StateDeleted {
			continue
		}
		shown, today := s.conferenceHead(c), s.Now().In(c.Location()).Format(time.DateOnly)
		switch {
		case shown.On:
			page.On = append(page.On, shown)
		case today < c.StartsOn:
			page.Coming = append(page.Coming, shown)
		default:
			page.Past = append(page.Past, shown)
		}
	}
	slices.Reverse(page.Coming) // the next one first
	return s.public(w, r, page)
}

// showing is a conference while one of its pages is made.
type showing struct {
	*models.Conference
	site  templates.Site
	words *i18n.Words
	zone  *time.Location
	now   time.Time // in whole minutes, so that a page is the same for all who ask within one
}

func (c *showing) handle() string { return c.Actor.HandleLC }

// atConference finds the conference that a path names, which has one spelling.
func (s *Server) atConference(f func(http.ResponseWriter, *http.Request, *showing) error) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		handle := mux.Vars(r)["handle"]
		c, err := s.Store.Conferences.ByHandle(r.Context(), handle)
		if err != nil {
			return err
		}
		switch {
		case c.Actor.State == models.StateDeleted:
			return &activitypub.GoneError{}
		case handle != c.Actor.HandleLC:
			return moved(w, r, s.IRIs.ConferencePage(c.Actor.HandleLC)+strings.TrimPrefix(r.URL.EscapedPath(), templates.PathConferences+"/"+handle))
		}
		site, err := s.site(r.Context())
		if err != nil {
			return err
		}
		zone := c.Location()
		return f(w, r, &showing{c, site, s.Catalogue.For(site.Language), zone, s.Now().In(zone).Truncate(time.Minute)})
	}
}

// dateIn is the start of a day, 2006-01-02, for pages to name it by.
func dateIn(day string) time.Time {
	t, _ := time.Parse(time.DateOnly, day) // the zero time for what is no day, which nothing stores
	return t
}

// conferenceHead is what every page of a conference says of it.
func (s *Server) conferenceHead(c *models.Conference) templates.Conference {
	named := s.author(c.Actor)
	named.URL = s.IRIs.ConferencePage(c.Actor.HandleLC)
	today := schedule.ConferenceDate(s.Now().In(c.Location()))
	return templates.Conference{Author: named, First: dateIn(c.StartsOn), Last: dateIn(c.EndsOn), City: c.City, Zone: c.Zone,
		Hashtag: c.Hashtag, Website: webURL(c.URL), On: c.StartsOn <= today && today <= c.EndsOn}
}

// webURL is an address that a link may lead to, or "".
func webURL(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return address
	}
	return ""
}

// conference shows a conference with the programme of the day that matters now: today
// while it is on, else its first one.
func (s *Server) conference(w http.ResponseWriter, r *http.Request, c *showing) error {
	w.Header().Add("Vary", "Accept")
	if wantsObject(r) {
		return seeOther(w, r, s.IRIs.Actor(c.handle()))
	}
	page, err := s.programmePage(r, c, "")
	if err != nil {
		return err
	}
	return s.public(w, r, *page)
}

// conferenceDay shows one day.
func (s *Server) conferenceDay(w http.ResponseWriter, r *http.Request, c *showing) error {
	day := mux.Vars(r)["day"]
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return models.ErrNotFound
	}
	page, err := s.programmePage(r, c, day)
	if err != nil {
		return err
	}
	return s.public(w, r, *page)
}

// conferenceFeed lists everybody's recaps and notes.
func (s *Server) conferenceFeed(w http.ResponseWriter, r *http.Request, c *showing) error {
	posts, err := s.Store.Posts.ArticlesAbout(r.Context(), c.ID, models.Page{Limit: articlesAFeed})
	if err != nil {
		return err
	}
	head := s.conferenceHead(c.Conference)
	f := s.conferenceFeedHead(c, head)
	return s.serveFeed(w, r, &f, posts)
}
