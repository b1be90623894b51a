package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gorilla/mux"

	"confnotes/internal/programme"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

// spareRows are the empty rows for speakers at the end of a form.
const spareRows = 2

// amended is the talk that a path names, for whoever looks after its conference.
func (s *Server) amended(r *http.Request) (*models.Conference, *models.Talk, error) {
	c, err := s.managed(r)
	if err != nil {
		return nil, nil, err
	}
	t, err := s.Store.Talks.BySlug(r.Context(), c.ID, mux.Vars(r)["slug"])
	return c, t, err
}

// talkForm is the form of a talk, or with none of a new one.
func (s *Server) talkForm(r *http.Request, c *models.Conference, t *models.Talk, a programme.Amendment) (*templates.TalkForm, error) {
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	view := &templates.TalkForm{Page: page, New: t == nil, ClientID: r.PostForm.Get("client_id"), Action: conferencePath(c, "/new-talk"), Conference: templates.Link{Label: c.Actor.DisplayName(), URL: conferencePath(c, "")}, Zone: c.Zone,
		Title: a.Title, Subtitle: a.Subtitle, Kind: a.Kind, Start: a.Start, End: a.End, Room: a.Room, Track: a.Track, Languages: a.Languages, Abstract: a.Abstract, URL: a.URL,
		Cancelled: a.Cancelled, DoNotRecord: a.DoNotRecord, DoNotStream: a.DoNotStream}
	for _, sp := range a.Speakers {
		view.Speakers = append(view.Speakers, templates.SpeakerRow{Number: len(view.Speakers), Person: strconv.FormatInt(sp.PersonID, 10), Name: sp.Name, Role: sp.Role, Affiliation: sp.Affiliation, Moderator: sp.Moderator,
			Acct: sp.Acct, OptedOut: sp.OptedOut, DoNotName: sp.DoNotName})
	}
	if err := s.showSilent(r, t, view.Speakers); err != nil {
		return nil, err
	}
	for range spareRows {
		view.Speakers = append(view.Speakers, templates.SpeakerRow{Number: len(view.Speakers)})
	}
	if t == nil {
		if view.ClientID == "" {
			view.ClientID = models.NewPublicID()
		}
		return view, nil
	}
	view.Removed = t.State == models.TalkRemoved
	view.Action, view.Talk = amendURL(c, t), templates.Link{Label: t.Title, URL: s.IRIs.TalkPage(c.Actor.HandleLC, t.Slug)}
	view.Seen = programme.AmendmentOf(t, c.Location()).Seen()
	scheduled, err := s.Store.Talks.InSchedule(r.Context(), t.ID)
	if err != nil || !scheduled { // there is no schedule to decide on it
		return view, err
	}
	view.Corrected, err = s.Store.Talks.Corrections(r.Context(), t.ID)
	return view, err
}

// showSilent says who of a talk's speakers asked us not to be mentioned: no form changes that.
func (s *Server) showSilent(r *http.Request, t *models.Talk, rows []templates.SpeakerRow) error {
	if t == nil {
		return nil
	}
	var actors []int64
	for _, a := range t.Speakers {
		if a.Person != nil && a.Person.ActorID != nil {
			actors = append(actors, *a.Person.ActorID)
		}
	}
	silent, err := s.Store.People.Silent(r.Context(), actors)
	for i := range rows {
		rows[i].Silent = slices.ContainsFunc(t.Speakers, func(a models.Appearance) bool {
			return strconv.FormatInt(a.PersonID, 10) == rows[i].Person && a.Person != nil && a.Person.ActorID != nil && silent[*a.Person.ActorID]
		})
	}
	return err
}

func amendURL(c *models.Conference, t *models.Talk) string {
	return conferencePath(c, "/talks/"+url.PathEscape(t.Slug)+"/edit")
}

func (s *Server) showAmend(w http.ResponseWriter, r *http.Request) error {
	c, t, err := s.amended(r)
	if err != nil {
		return err
	}
	view, err := s.talkForm(r, c, t, programme.AmendmentOf(t, c.Location()))
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *view)
}

// showNewTalk opens the form of a talk on the conference's first day, or on today if it is on.
func (s *Server) showNewTalk(w http.ResponseWriter, r *http.Request) error {
	c, err := s.managed(r)
	if err != nil {
		return err
	}
	day := c.StartsOn
	if today := s.Now().In(c.Location()).Format("2006-01-02"); today >= c.StartsOn && today <= c.EndsOn {
		day = today
	}
	view, err := s.talkForm(r, c, nil, programme.Amendment{Kind: string(schedule.RegularTalk), Start: day + "T09:00", End: day + "T09:30"})
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *view)
}

// typedTalk reads the form of a talk.
func typedTalk(f url.Values) programme.Amendment {
	a := programme.Amendment{Title: f.Get("title"), Subtitle: f.Get("subtitle"), Kind: f.Get("kind"), Start: clockOf(f.Get("start")), End: clockOf(f.Get("end")), Room: f.Get("room"), Track: f.Get("track"),
		Languages: f.Get("languages"), Abstract: f.Get("abstract"), URL: f.Get("url"), Cancelled: f.Has("cancelled"), DoNotRecord: f.Has("do_not_record"), DoNotStream: f.Has("do_not_stream")}
	for n := 0; f.Has(programme.SpeakerField(n, "name")); n++ {
		at := func(field string) string { return programme.SpeakerField(n, field) }
		person, _ := strconv.ParseInt(f.Get(at("person")), 10, 64) // none is nobody who is there
		a.Speakers = append(a.Speakers, programme.Speaker{PersonID: person, Name: f.Get(at("name")), Role: f.Get(at("role")), Affiliation: f.Get(at("company")), Moderator: f.Has(at("moderator")),
			Acct: f.Get(at("acct")), OptedOut: f.Has(at("opted_out")), DoNotName: f.Has(at("unnamed"))})
	}
	return a
}

// clockOf is a date and a time to the minute: some browsers send seconds.
func clockOf(typed string) string {
	return typed[:min(len(typed), len("2026-06-11T09:15"))]
}

// amend stores what was put right, takes the talk out of the programme, or lets the
// schedule decide on it again.
func (s *Server) amend(w http.ResponseWriter, r *http.Request) error {
	c, t, err := s.amended(r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	ctx, by := r.Context(), accountFrom(r)
	switch r.PostForm.Get("action") {
	case "remove", "restore":
		return s.back(w, r, s.Programmes.Withdraw(ctx, by, t.ID, r.PostForm.Get("action") == "remove"), amendURL(c, t)+"?"+noticeQuery(templates.TalkSaved, ""))
	case "release":
		return s.back(w, r, s.Programmes.Release(ctx, t.ID), amendURL(c, t)+"?"+noticeQuery(templates.TalkReleased, ""))
	}
	a := typedTalk(r.PostForm)
	if err := s.Programmes.Amend(ctx, by, t.ID, a, r.PostForm.Get("seen")); err != nil {
		return s.refuseTalk(w, r, c, t, a, err)
	}
	return seeOther(w, r, amendURL(c, t)+"?"+noticeQuery(templates.TalkSaved, ""))
}

func (s *Server) addTalk(w http.ResponseWriter, r *http.Request) error {
	c, err := s.managed(r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	a := typedTalk(r.PostForm)
	added, err := s.Programmes.AddTalk(r.Context(), accountFrom(r), c, r.PostForm.Get("client_id"), a)
	if err != nil {
		return s.refuseTalk(w, r, c, nil, a, err)
	}
	return seeOther(w, r, amendURL(c, added)+"?"+noticeQuery(templates.TalkSaved, ""))
}

// refuseTalk shows the form again as it was typed, with what is wrong. Of a talk that an
// import changed meanwhile it says so; sent once more, it counts.
func (s *Server) refuseTalk(w http.ResponseWriter, r *http.Request, c *models.Conference, t *models.Talk, a programme.Amendment, err error) error {
	view, pageErr := s.talkForm(r, c, t, a)
	if pageErr != nil {
		return pageErr
	}
	var invalid *models.InvalidError
	switch {
	case errors.As(err, &invalid):
		view.Problems = problems(invalid)
		view.Seen = r.PostForm.Get("seen") // an import meanwhile is still to be told of
		return s.private(w, http.StatusUnprocessableEntity, *view)
	case errors.Is(err, models.ErrConflict):
		view.Problems = templates.Problems{"": {ID: templates.TalkChanged}}
		return s.private(w, http.StatusConflict, *view)
	}
	return err
}
