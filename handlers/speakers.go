package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

// speakers lists who speaks at a conference, by name.
func (s *Server) speakers(w http.ResponseWriter, r *http.Request, c *showing) error {
	talks, err := s.Store.Talks.Programme(r.Context(), c.ID, "", false)
	if err != nil {
		return err
	}
	head := s.conferenceHead(c.Conference)
	title := c.words.T("programme.speakers") + " · " + head.Name
	return s.public(w, r, templates.Speakers{Conference: head, People: s.people(c, talks),
		Page: templates.Page{Title: title, Language: c.site.Language, Canonical: s.IRIs.SpeakersPage(c.handle()), Description: s.conferenceLead(c, head), Site: c.site,
			Feeds: feedLinks(head.URL, head.Name), OpenGraph: templates.OpenGraph{Picture: s.conferenceCard(c.site, c.Conference).CardPicture}}})
}

// people are the speakers of talks, by name, each with theirs, and with the role and the
// affiliation of the last.
func (s *Server) people(c *showing, talks []*models.Talk) []templates.SpeakerEntry {
	at, sorted := map[int64]int{}, map[string]string{}
	var all []templates.SpeakerEntry
	for _, t := range talks {
		row := s.talkRow(c, t)
		for i, a := range t.Speakers {
			if a.Person == nil || a.Person.DoNotName {
				continue
			}
			if _, ok := at[a.PersonID]; !ok {
				at[a.PersonID] = len(all)
				all = append(all, templates.SpeakerEntry{})
			}
			entry := &all[at[a.PersonID]]
			entry.Speaker = row.Speakers[i]
			entry.Talks = append(entry.Talks, row)
			sorted[entry.URL] = a.Person.NameLC
		}
	}
	slices.SortFunc(all, func(a, b templates.SpeakerEntry) int {
		return strings.Compare(sorted[a.URL]+"\x00"+a.URL, sorted[b.URL]+"\x00"+b.URL)
	})
	return all
}

// speaker shows somebody's talks at a conference, and the newest notes on them.
func (s *Server) speaker(w http.ResponseWriter, r *http.Request, c *showing) error {
	ctx := r.Context()
	person, err := s.Store.People.BySlug(ctx, c.ID, mux.Vars(r)["slug"])
	if err != nil {
		return err
	}
	if person.DoNotName {
		return models.ErrNotFound
	}
	talks, err := s.Store.People.TalksOf(ctx, person.ID)
	if err != nil {
		return err
	}
	posts, err := s.Store.Posts.NotesOnTalksOf(ctx, person.ID, models.Page{Limit: articlesAPage})
	if err != nil {
		return err
	}
	head := s.conferenceHead(c.Conference)
	shown := templates.Speaker{Name: person.Name, URL: s.IRIs.SpeakerPage(c.handle(), person.Slug)}
	if all := s.people(c, only(talks, person.ID)); len(all) > 0 {
		shown = all[0].Speaker
	}
	shown.Moderator = false
	page := templates.SpeakerPage{Conference: head, Person: shown, Page: templates.Page{Title: person.Name + " · " + head.Name, Language: c.site.Language,
		Canonical: shown.URL, Description: s.conferenceLead(c, head), Site: c.site, Feeds: feedLinks(head.URL, head.Name),
		OpenGraph: templates.OpenGraph{Type: "profile", Picture: s.conferenceCard(c.site, c.Conference).CardPicture}}}
	for _, t := range talks {
		page.Talks = append(page.Talks, s.talkRow(c, t))
	}
	if u := webURL(person.URL); u != "" {
		page.Links = append(page.Links, templates.Link{Label: richtext.StrangerText(strings.TrimPrefix(strings.TrimPrefix(u, "https://"), "http://"), 60), URL: u})
	}
	if person.Acct != "" && person.ActorID != nil { // what only looks like an address is none
		left, err := s.Store.People.Unmentioned(ctx, c.ID, []int64{person.ID})
		if err != nil {
			return err
		}
		page.Acct, page.Silent = "@"+person.Acct, left[person.ID]
	}
	page.Schema = s.speakerPerson(head, shown, page.Talks)
	page.Articles, _, _, err = s.coverage(r, c, posts, models.Page{Limit: articlesAPage})
	if err != nil {
		return err
	}
	return s.public(w, r, page)
}

// only are talks with no other speaker than one.
func only(talks []*models.Talk, personID int64) []*models.Talk {
	alone := make([]*models.Talk, len(talks))
	for i, t := range talks {
		copied := *t
		copied.Speakers = slices.DeleteFunc(slices.Clone(t.Speakers), func(a models.Appearance) bool { return a.PersonID != personID })
		alone[i] = &copied
	}
	return alone
}
