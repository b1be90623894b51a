package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"confnotes/internal/programme"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

// newConference is the page with what has been typed, or was read from a schedule.
func (s *Server) newConference(r *http.Request, n programme.New) (*templates.ConferenceForm, error) {
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	view := conferenceForm(page, n)
	view.New, view.Action, view.Host = true, templates.PathNewConference, s.IRIs.Domain()
	return view, nil
}

func conferenceForm(page templates.Page, n programme.New) *templates.ConferenceForm {
	series := ""
	if n.Series != nil {
		series = *n.Series
	}
	return &templates.ConferenceForm{Page: page, Series: series, Handle: n.Handle, Name: n.Name, Zone: n.Zone, Start: n.StartsOn, End: n.EndsOn,
		City: n.City, URL: n.URL, Hashtag: n.Hashtag, Zones: schedule.Zones()}
}

func typedConference(form url.Values) programme.New {
	n := programme.New{Handle: form.Get("handle"), Name: form.Get("name"), Zone: form.Get("zone"), StartsOn: form.Get("start"), EndsOn: form.Get("end"),
		City: form.Get("city"), URL: form.Get("url"), Hashtag: form.Get("hashtag"), Announces: form.Get("announces"), Coverage: form.Get("coverage")}
	if form.Has("series") { // which its owner's form alone has
		series := form.Get("series")
		n.Series = &series
	}
	return n
}

func (s *Server) showNewConference(w http.ResponseWriter, r *http.Request) error {
	view, err := s.newConference(r, programme.New{})
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *view)
}

// addConference sets a conference up, or first fills the form in from a schedule.
func (s *Server) addConference(w http.ResponseWriter, r *http.Request) error {
	file, err := s.parseSchedule(w, r)
	var wrong *unreadable
	switch {
	case errors.As(err, &wrong):
		return s.refuseConference(w, r, wrong, "")
	case err != nil:
		return err
	case r.PostForm.Get("action") == "fill":
		return s.fillConference(w, r, file)
	}
	n := typedConference(r.PostForm)
	n.By = accountFrom(r)
	added, err := s.Programmes.Add(r.Context(), n)
	if err != nil {
		return s.refuseConference(w, r, err, r.PostForm.Get("token"))
	}
	to := conferencePath(added, "/import")
	if token := r.PostForm.Get("token"); token != "" {
		return seeOther(w, r, to+"?"+url.Values{"file": {token}}.Encode())
	}
	return seeOther(w, r, to+"?"+noticeQuery(templates.ConferenceSaved, ""))
}

// fillConference reads a schedule, keeps it for the import, and shows the form with what
// it says about its conference. A file without a zone is kept, too, until it has one.
func (s *Server) fillConference(w http.ResponseWriter, r *http.Request, file *programme.File) error {
	ctx, a, form := r.Context(), accountFrom(r), r.PostForm
	var err error
	if token := form.Get("token"); file == nil && token != "" {
		if file, _, err = s.Programmes.Kept(ctx, a, token); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	if file == nil {
		return s.refuseConference(w, r, &unreadable{scheduleField, templates.Problem{ID: templates.Required}, ""}, "")
	}
	typed := form.Get("fill_zone")
	var read *schedule.Schedule
	zone, err := zoneOf(typed)
	if err == nil {
		read, err = readSchedule(file, zone, nil)
	} else {
		typed = ""
	}
	var wrong *unreadable
	if errors.As(err, &wrong) && wrong.field != "fill_zone" {
		return s.refuseConference(w, r, wrong, "")
	}
	token, keepErr := s.Programmes.Keep(ctx, a, file, typed)
	if keepErr != nil {
		return keepErr
	}
	if err != nil {
		return s.refuseConference(w, r, err, token)
	}
	view, err := s.newConference(r, programme.Suggest(read))
	if err != nil {
		return err
	}
	view.Token, view.File, view.Talks = token, file.Name, len(read.Talks)
	return s.private(w, http.StatusOK, *view)
}

// zoneOf is a zone that somebody typed for a schedule that has none; nil for nothing.
func zoneOf(typed string) (*time.Location, error) {
	if typed == "" {
		return nil, nil
	}
	zone, err := programme.Zone(typed)
	if err != nil {
		return nil, &unreadable{"fill_zone", templates.Problem{ID: templates.BadZone}, ""}
	}
	return zone, nil
}

// refuseConference shows the form again with what is wrong.
func (s *Server) refuseConference(w http.ResponseWriter, r *http.Request, err error, token string) error {
	view, pageErr := s.newConference(r, typedConference(r.PostForm))
	if pageErr != nil {
		return pageErr
	}
	view.From, view.FillZone, view.Token = r.PostForm.Get("from"), r.PostForm.Get("fill_zone"), token
	if token != "" {
		if view.File, view.Talks, pageErr = s.keptName(r.Context(), accountFrom(r), token); pageErr != nil {
			return pageErr
		}
	}
	return s.refuseForm(w, view, err)
}

// keptName is what a kept file is called and how many talks it has; nothing if it's gone.
func (s *Server) keptName(ctx context.Context, a *models.Account, token string) (name string, talks int, err error) {
	file, zone, err := s.Programmes.Kept(ctx, a, token)
	if errors.Is(err, models.ErrNotFound) {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	if read, err := file.Read(zone, nil); err == nil {
		talks = len(read.Talks)
	}
	return file.Name, talks, nil
}

func (s *Server) refuseForm(w http.ResponseWriter, view *templates.ConferenceForm, err error) error {
	var invalid *models.InvalidError
	var wrong *unreadable
	switch {
	case errors.As(err, &invalid):
		view.Problems = problems(invalid)
	case errors.As(err, &wrong):
		view.Problems, view.Trouble = templates.Problems{wrong.field: wrong.problem}, wrong.detail
	default:
		return err
	}
	return s.private(w, http.StatusUnprocessableEntity, *view)
}

// editConferencePage is the form of a conference that is there. What its owner alone may
// choose is on it for the owner.
func (s *Server) editConferencePage(r *http.Request, c *models.Conference, n programme.New) (*templates.ConferenceForm, error) {
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	role, err := s.Store.Conferences.Role(r.Context(), accountFrom(r), c.ActorID)
	if err != nil {
		return nil, err
	}
	waiting, _, err := s.Store.Coverage.Count(r.Context(), c.ID, models.CoverageHeld)
	if err != nil {
		return nil, err
	}
	view := conferenceForm(page, n)
	view.Action, view.ImportURL, view.NewTalkURL = conferencePath(c, "/edit"), conferencePath(c, "/import"), conferencePath(c, "/new-talk")
	view.CoverageURL, view.Waiting, view.FollowersURL = coverageURL(c), int(waiting), followersURL(c.Actor, false)
	if view.Digests, err = s.digestsOf(r, c); err != nil {
		return nil, err
	}
	if role == models.ManagerOwner {
		if err := s.showOwner(r, c, n, view); err != nil {
			return nil, err
		}
		view.Choices = &templates.ConferenceChoices{Announces: cmp.Or(n.Announces, c.Announces), Coverage: cmp.Or(n.Coverage, c.Coverage)}
	}
	view.Conference = templates.Link{Label: c.Actor.DisplayName(), URL: conferencePath(c, "")}
	return view, nil
}

// showOwner puts what the owner alone decides onto the form: the series, and who looks after
// the conference.
func (s *Server) showOwner(r *http.Request, c *models.Conference, n programme.New, view *templates.ConferenceForm) error {
	if n.Series == nil && c.SeriesID != nil {
		series, err := s.Store.Series.ByID(r.Context(), *c.SeriesID)
		if err != nil {
			return err
		}
		view.Series = series.Actor.HandleLC
	}
	managers, err := s.Store.Conferences.Managers(r.Context(), c.ActorID)
	for _, m := range managers {
		view.Managers = append(view.Managers, templates.Manager{Handle: m.Handle, Name: cmp.Or(m.Name, m.Handle), Role: m.Role})
	}
	return err
}

// digestsOf are the last digests that a conference sent.
func (s *Server) digestsOf(r *http.Request, c *models.Conference) (digests []templates.Digest, err error) {
	posts, err := s.Store.Posts.ArticlesBy(r.Context(), c.ActorID, models.Page{Limit: articlesAPage})
	for _, p := range posts {
		digests = append(digests, templates.Digest{ID: *p.PublicID, Title: p.Title, URL: s.IRIs.ArticlePage(c.Actor.HandleLC, p.Slug)})
	}
	return digests, err
}

func (s *Server) showEditConference(w http.ResponseWriter, r *http.Request) error {
	c, err := s.managed(r)
	if err != nil {
		return err
	}
	view, err := s.editConferencePage(r, c, storedConference(c))
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *view)
}

func (s *Server) editConference(w http.ResponseWriter, r *http.Request) error {
	c, err := s.managed(r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	switch r.PostForm.Get("action") {
	case "manager":
		return s.changeManagers(w, r, c)
	case "delete-digest":
		return s.deleteDigest(w, r, c)
	}
	n := typedConference(r.PostForm)
	n.By = accountFrom(r)
	if err := s.Programmes.Change(r.Context(), c, n); err != nil {
		view, pageErr := s.editConferencePage(r, c, n)
		if pageErr != nil {
			return pageErr
		}
		return s.refuseForm(w, view, err)
	}
	return seeOther(w, r, conferencePath(c, "/edit")+"?"+noticeQuery(templates.ConferenceSaved, ""))
}

// changeManagers has somebody look after a conference, or no longer.
func (s *Server) changeManagers(w http.ResponseWriter, r *http.Request, c *models.Conference) error {
	err := s.Programmes.SetManager(r.Context(), accountFrom(r), c, r.PostForm.Get("manager"), r.PostForm.Get("role"))
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		view, pageErr := s.editConferencePage(r, c, storedConference(c))
		if pageErr != nil {
			return pageErr
		}
		view.Manager = r.PostForm.Get("manager")
		return s.refuseForm(w, view, err)
	}
	return s.back(w, r, err, conferencePath(c, "/edit")+"?"+noticeQuery(templates.ManagersChanged, ""))
}

// deleteDigest takes back a digest of the conference's own.
func (s *Server) deleteDigest(w http.ResponseWriter, r *http.Request, c *models.Conference) error {
	post, err := s.Store.Posts.ByPublicID(r.Context(), r.PostForm.Get("digest"))
	if err == nil && post.ActorID != c.ActorID {
		err = models.ErrNotFound
	}
	if err == nil {
		err = s.Outbox.Delete(r.Context(), accountFrom(r), post.ID)
	}
	return s.back(w, r, err, conferencePath(c, "/edit")+"?"+noticeQuery(templates.DigestDeleted, ""))
}

// storedConference is a conference as its form shows it.
func storedConference(c *models.Conference) programme.New {
	return programme.New{Name: c.Actor.Name, Zone: c.Zone, StartsOn: c.StartsOn, EndsOn: c.EndsOn, City: c.City, URL: c.URL, Hashtag: c.Hashtag}
}
