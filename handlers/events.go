package handlers

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"confnotes/internal/card"
	"confnotes/models"
	"confnotes/templates"
)

// event is schema.org's word for a conference and for a talk (schema.org/Event). Times
// have the offset of the conference's zone at that moment.
type event struct {
	Context     string         `json:"@context,omitempty"`
	Type        string         `json:"@type"`
	ID          string         `json:"@id,omitempty"`
	URL         string         `json:"url"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Image       string         `json:"image,omitempty"`
	Language    string         `json:"inLanguage,omitempty"`
	Start       string         `json:"startDate"`
	End         string         `json:"endDate,omitempty"`
	Status      string         `json:"eventStatus,omitempty"`
	Attendance  string         `json:"eventAttendanceMode,omitempty"`
	Location    *named         `json:"location,omitempty"`
	Performers  []schemaPerson `json:"performer,omitempty"`
	Super       *event         `json:"superEvent,omitempty"`
	Sub         []event        `json:"subEvent,omitempty"`
	SameAs      string         `json:"sameAs,omitempty"`
}

// named is a place or an organization.
type named struct {
	Type    string `json:"@type"`
	Name    string `json:"name"`
	Address string `json:"address,omitempty"`
}

// performer is schema.org's word for a speaker (schema.org/Person).
type performer struct {
	Context     string  `json:"@context"`
	Type        string  `json:"@type"`
	Name        string  `json:"name"`
	URL         string  `json:"url"`
	JobTitle    string  `json:"jobTitle,omitempty"`
	Affiliation *named  `json:"affiliation,omitempty"`
	PerformerIn []event `json:"performerIn,omitempty"`
}

const (
	schemaContext = "https://schema.org"
	asPlanned     = "https://schema.org/EventScheduled"
	calledOff     = "https://schema.org/EventCancelled"
	onSite        = "https://schema.org/OfflineEventAttendanceMode"
)

// bareConference is a conference as its talks name it.
func bareConference(head templates.Conference) event {
	e := event{Type: "Event", ID: head.ID, URL: head.URL, Name: head.Name, Start: head.First.Format(time.DateOnly), End: head.Last.Format(time.DateOnly), Status: asPlanned, Attendance: onSite}
	e.Location = &named{"Place", cmp.Or(head.City, head.Name), head.City}
	return e
}

// conferenceEvent says what a conference's page is, with the talks that it shows.
func (s *Server) conferenceEvent(c *showing, head templates.Conference, image string, rows []templates.Talk) event {
	e := bareConference(head)
	e.Context, e.Image, e.SameAs, e.Description = schemaContext, image, head.Website, s.conferenceLead(c, head)
	for _, row := range rows {
		if row.URL != "" && !row.Removed {
			e.Sub = append(e.Sub, bareTalk(head, row))
		}
	}
	return e
}

// bareTalk is a talk as lists name it.
func bareTalk(head templates.Conference, t templates.Talk) event {
	e := event{Type: "Event", URL: t.URL, Name: t.Title, Language: t.Language, Start: t.Starts.Format(time.RFC3339), Status: asPlanned, Attendance: onSite,
		Location: &named{"Place", cmp.Or(t.Room, head.City, head.Name), head.City}}
	if t.Ends.After(t.Starts) {
		e.End = t.Ends.Format(time.RFC3339)
	}
	if t.Cancelled || t.Removed {
		e.Status = calledOff
	}
	for _, p := range t.Speakers {
		if p.Name != "" {
			e.Performers = append(e.Performers, schemaPerson{"Person", p.Name, p.URL})
		}
	}
	return e
}

// talkEvent says what a talk's page is.
func (s *Server) talkEvent(c *showing, head templates.Conference, t *models.Talk, row templates.Talk, image string) event {
	e, of := bareTalk(head, row), bareConference(head)
	e.Context, e.Image, e.SameAs, e.Super, e.Description = schemaContext, image, webURL(t.URL), &of, s.talkLead(c, t, row)
	return e
}

// speakerPerson says what a speaker's page is.
func (s *Server) speakerPerson(head templates.Conference, p templates.Speaker, talks []templates.Talk) performer {
	doc := performer{Context: schemaContext, Type: "Person", Name: p.Name, URL: p.URL, JobTitle: p.Role}
	if p.Affiliation != "" {
		doc.Affiliation = &named{Type: "Organization", Name: p.Affiliation}
	}
	for _, t := range talks {
		e := bareTalk(head, t)
		e.Performers = nil
		doc.PerformerIn = append(doc.PerformerIn, e)
	}
	return doc
}

// conferenceCard is the picture for links to a conference.
func (s *Server) conferenceCard(site templates.Site, c *models.Conference) linkPicture {
	head, words := s.conferenceHead(c), s.Catalogue.For(site.Language)
	when := words.Days(head.First, head.Last)
	if c.City != "" {
		when += ", " + c.City
	}
	drawn := card.Card{Title: head.Name, Author: head.Handle, Note: when, Site: site.Name, Host: site.Host}
	return drawnCard(drawn, s.IRIs.ConferenceCard(c.Actor.HandleLC, drawn.Hash()), s.cardOf(site, head.Name))
}

// talkCard is the picture for links to a talk.
func (s *Server) talkCard(site templates.Site, c *models.Conference, t *models.Talk) linkPicture {
	var named []string
	for _, a := range t.Speakers {
		if a.Person != nil && !a.Person.DoNotName {
			named = append(named, a.Person.Name)
		}
	}
	drawn := card.Card{Title: t.Title, Author: strings.Join(named, ", "), Note: c.Actor.DisplayName(), Site: site.Name, Host: site.Host}
	return drawnCard(drawn, s.IRIs.TalkCard(t.PublicID, drawn.Hash()), s.cardOf(site, t.Title))
}

func (s *Server) findConferenceCard(r *http.Request, site templates.Site) (linkPicture, error) {
	c, err := s.Store.Conferences.ByHandle(r.Context(), mux.Vars(r)["handle"])
	if err != nil {
		return linkPicture{}, err
	}
	if c.Actor.State == models.StateDeleted {
		return linkPicture{}, models.ErrNotFound
	}
	return s.conferenceCard(site, c), nil
}

func (s *Server) findTalkCard(r *http.Request, site templates.Site) (linkPicture, error) {
	t, err := s.Store.Talks.ByPublicID(r.Context(), mux.Vars(r)["id"])
	if err != nil {
		return linkPicture{}, err
	}
	c, err := s.Store.Conferences.ByID(r.Context(), t.ConferenceID)
	if err != nil {
		return linkPicture{}, err
	}
	if c.Actor.State == models.StateDeleted {
		return linkPicture{}, models.ErrNotFound
	}
	return s.talkCard(site, c, t), nil
}
