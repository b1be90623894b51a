package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/mux"

	"confnotes/internal/recap"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

// planMarks are what a talk can be to an attendee, in the order of the buttons.
var planMarks = []string{models.PlanStarred, models.PlanAttended, models.PlanMissed, models.PlanLater, models.PlanSpeaker}

// plan is a conference's programme of a day as one attendee sees it.
type plan struct {
	conference *models.Conference
	day        string
	talks      []*models.Talk
	marks      map[int64]string
	notes      map[int64]*models.Post
}

// planOf reads the plan of who is signed in; the day is the one asked for, or today where
// the conference is on, else its first.
func (s *Server) planOf(r *http.Request, day string) (*plan, error) {
	ctx, a := r.Context(), accountFrom(r)
	conference, err := s.Store.Conferences.ByHandle(ctx, mux.Vars(r)["handle"])
	if err != nil {
		return nil, err
	}
	p := &plan{conference: conference, day: day}
	days := conference.Days()
	if !slices.Contains(days, day) {
		p.day = conference.StartsOn
		if today := schedule.ConferenceDate(s.Now().In(conference.Location())); slices.Contains(days, today) {
			p.day = today
		}
	}
	if p.talks, err = s.Store.Talks.Programme(ctx, conference.ID, p.day, false); err != nil {
		return nil, err
	}
	if p.marks, err = s.Store.Plans.Marks(ctx, a.ID, conference.ID); err != nil {
		return nil, err
	}
	ids := make([]int64, len(p.talks))
	for i, t := range p.talks {
		ids[i] = t.ID
	}
	p.notes, err = s.Store.Posts.OwnNotesOn(ctx, a.ID, ids)
	return p, err
}

func planURL(c *models.Conference, day string) string {
	return templates.PathPlan + "/" + c.Actor.HandleLC + "?day=" + day
}

func (s *Server) showPlan(w http.ResponseWriter, r *http.Request) error {
	p, err := s.planOf(r, r.URL.Query().Get("day"))
	if err != nil {
		return err
	}
	return s.renderPlan(w, r, p, "")
}

// renderPlan shows a plan; feed is the URL of its calendar when it was just made.
func (s *Server) renderPlan(w http.ResponseWriter, r *http.Request, p *plan, feed string) error {
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	view := templates.Plan{Page: page, Conference: p.conference.Actor.DisplayName(), Action: templates.PathPlan + "/" + p.conference.Actor.HandleLC, Day: p.day, FeedURL: feed,
		RecapURL: templates.PathNewRecap + "?conference=" + p.conference.Actor.HandleLC + "&day=" + p.day}
	if _, err := s.Store.Plans.FeedOf(r.Context(), accountFrom(r).ID, p.conference.ID); err == nil {
		view.HasFeed = true
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	for _, day := range p.conference.Days() {
		date, _ := time.Parse(time.DateOnly, day) // Days gives nothing else
		view.Days = append(view.Days, templates.PlanDay{Date: date, URL: planURL(p.conference, day), Shown: day == p.day})
	}
	for _, t := range p.talks {
		view.Talks = append(view.Talks, s.planRow(p, t))
	}
	return s.private(w, http.StatusOK, view)
}

func (s *Server) planRow(p *plan, t *models.Talk) templates.PlanTalk {
	row := templates.PlanTalk{ID: t.PublicID, Title: t.Title, Language: firstLanguage(t.Language), URL: s.IRIs.TalkPage(p.conference.Actor.HandleLC, t.Slug),
		Start: t.StartsAt.In(p.conference.Location()), End: t.EndsAt.In(p.conference.Location()), Room: t.Room,
		Break: t.Kind == string(schedule.Break), Cancelled: t.State == models.TalkCancelled, Mark: p.marks[t.ID], NoteURL: templates.PathWrite + "?talk=" + t.PublicID}
	for _, who := range t.Speakers {
		if who.Person != nil {
			row.Speakers = append(row.Speakers, who.Person.Name)
		}
	}
	if note := p.notes[t.ID]; note != nil {
		row.NoteURL, row.Noted = editURL(note), true
	}
	return row
}

// changePlan marks a talk, makes a day's drafts, or makes or ends the plan's feed.
func (s *Server) changePlan(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p, err := s.planOf(r, r.PostForm.Get("day"))
	if err != nil {
		return err
	}
	switch r.PostForm.Get("action") {
	case "mark":
		return s.markTalk(w, r, p)
	case "drafts":
		return s.makeDrafts(w, r, p)
	case "feed":
		return s.makePlanFeed(w, r, p)
	case "end-feed":
		err := s.Store.InTx(r.Context(), func(tx *models.Store) error {
			return tx.Plans.RemoveFeed(r.Context(), accountFrom(r).ID, p.conference.ID)
		})
		if err != nil {
			return err
		}
		return seeOther(w, r, planURL(p.conference, p.day)+"&"+noticeQuery(templates.PlanFeedEnded, ""))
	}
	return errBadRequest
}

// markTalk sets what a talk is to who is signed in; the same again takes it back.
func (s *Server) markTalk(w http.ResponseWriter, r *http.Request, p *plan) error {
	mark, id := r.PostForm.Get("mark"), r.PostForm.Get("talk")
	at := slices.IndexFunc(p.talks, func(t *models.Talk) bool { return t.PublicID == id })
	if mark != "" && !slices.Contains(planMarks, mark) || at < 0 {
		return errBadRequest
	}
	err := s.Store.InTx(r.Context(), func(tx *models.Store) error {
		return tx.Plans.Mark(r.Context(), accountFrom(r).ID, p.talks[at].ID, mark, s.Now())
	})
	if err != nil {
		return err
	}
	return seeOther(w, r, planURL(p.conference, p.day)+"#talk-"+id)
}

// makeDrafts makes a draft note of each star of the day that has none.
func (s *Server) makeDrafts(w http.ResponseWriter, r *http.Request, p *plan) error {
	ctx := r.Context()
	starred := slices.DeleteFunc(slices.Clone(p.talks), func(t *models.Talk) bool { return p.marks[t.ID] != models.PlanStarred })
	site, err := s.site(ctx)
	if err != nil {
		return err
	}
	err = s.Store.InTx(ctx, func(tx *models.Store) error {
		_, err := recap.MakeDrafts(ctx, tx, s.Drafts, accountFrom(r), p.conference, starred, site.Language)
		return err
	})
	if err != nil {
		return err
	}
	return seeOther(w, r, planURL(p.conference, p.day)+"&"+noticeQuery(templates.DraftsMade, ""))
}

// planned are the talks that a plan's calendar shows: what its owner means to see, gives,
// or was at.
func planned(ctx context.Context, store *models.Store, accountID, conferenceID int64) ([]*models.Talk, error) {
	marks, err := store.Plans.Marks(ctx, accountID, conferenceID)
	if err != nil {
		return nil, err
	}
	talks, err := store.Talks.Programme(ctx, conferenceID, "", false)
	return slices.DeleteFunc(talks, func(t *models.Talk) bool {
		return !slices.Contains([]string{models.PlanStarred, models.PlanAttended, models.PlanSpeaker}, marks[t.ID])
	}), err
}
