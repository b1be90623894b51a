package handlers

import (
	"errors"
	"net/http"

	"github.com/gorilla/mux"

	"confnotes/activitypub"
	"confnotes/models"
	"confnotes/templates"
)

// conferenceOrSeries shows what a path of conferences names: one of them, or a series,
// whose followers hear of every edition.
func (s *Server) conferenceOrSeries(w http.ResponseWriter, r *http.Request) error {
	if err := s.atConference(s.conference)(w, r); !errors.Is(err, models.ErrNotFound) {
		return err
	}
	handle := mux.Vars(r)["handle"]
	series, err := s.Store.Series.ByHandle(r.Context(), handle)
	if err != nil {
		return err
	}
	w.Header().Set("Vary", "Accept")
	switch {
	case series.Actor.State == models.StateDeleted:
		return &activitypub.GoneError{}
	case wantsObject(r):
		return seeOther(w, r, s.IRIs.Actor(series.Actor.HandleLC))
	case handle != series.Actor.HandleLC:
		return moved(w, r, s.IRIs.ConferencePage(series.Actor.HandleLC))
	}
	page, err := s.seriesPage(r, series)
	if err != nil {
		return err
	}
	return s.public(w, r, *page)
}

func (s *Server) seriesPage(r *http.Request, series *models.Series) (*templates.SeriesPage, error) {
	site, err := s.site(r.Context())
	if err != nil {
		return nil, err
	}
	editions, err := s.Store.Series.Editions(r.Context(), series.ID)
	if err != nil {
		return nil, err
	}
	shown := s.author(series.Actor)
	shown.URL = s.IRIs.ConferencePage(series.Actor.HandleLC)
	words := s.Catalogue.For(site.Language)
	page := &templates.SeriesPage{Author: shown, Page: templates.Page{Title: shown.Name, Language: site.Language, Canonical: shown.URL, Alternate: s.IRIs.Actor(series.Actor.HandleLC), Site: site,
		Description: words.T("programme.series_lead", "Handle", shown.Handle), FediverseCreator: shown.Handle, OpenGraph: templates.OpenGraph{Picture: s.homeCard(site).CardPicture}}}
	for _, c := range editions {
		if c.Actor.State != models.StateDeleted {
			page.Editions = append(page.Editions, s.conferenceHead(c))
		}
	}
	return page, nil
}

// seriesLink leads from a conference to its series; nil for one that is in none.
func (s *Server) seriesLink(r *http.Request, c *models.Conference) (*templates.Link, error) {
	if c.SeriesID == nil {
		return nil, nil
	}
	series, err := s.Store.Series.ByID(r.Context(), *c.SeriesID)
	if err != nil {
		return nil, err
	}
	return &templates.Link{Label: series.Actor.DisplayName(), URL: s.IRIs.ConferencePage(series.Actor.HandleLC)}, nil
}
