package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"confnotes/internal/recap"
	"confnotes/models"
	"confnotes/templates"
)

// showNewRecap opens a recap of a conference day with the author's notes of that day, or
// the one that they have begun already.
func (s *Server) showNewRecap(w http.ResponseWriter, r *http.Request) error {
	ctx, a, q := r.Context(), accountFrom(r), r.URL.Query()
	conference, err := s.Store.Conferences.ByHandle(ctx, q.Get("conference"))
	if err != nil {
		return err
	}
	day := q.Get("day")
	number := slices.Index(conference.Days(), day) + 1
	if number == 0 {
		return models.ErrNotFound
	}
	all, err := s.Store.Posts.Recaps(ctx, a.ActorID, conference.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Day == day {
			return seeOther(w, r, editURL(p))
		}
	}
	notes, err := s.Store.Posts.NotesOfDay(ctx, a.ActorID, conference.ID, day)
	if err != nil {
		return err
	}
	site, err := s.site(ctx)
	if err != nil {
		return err
	}
	var sections []recap.Section
	for _, p := range notes {
		sections = append(sections, recap.Section{Note: *p.PublicID})
	}
	m := templates.Manuscript{ClientID: "recap-" + conference.Actor.HandleLC + "-" + day, Language: site.Language, Tags: conference.Hashtag,
		Title:      fmt.Sprintf("%s, %s", conference.Actor.DisplayName(), s.Catalogue.For(site.Language).T("recap.day", "Number", strconv.Itoa(number))),
		Conference: conference.Actor.HandleLC, Day: day, Source: recap.WriteSections(sections)}
	if _, err := s.Store.Posts.ByClientID(ctx, a.ID, m.ClientID); err == nil { // one that was deleted
		m.ClientID = models.NewPublicID()
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return s.showEditor(w, r, http.StatusOK, &editor{action: templates.PathWrite}, m, nil)
}

// assemble makes one source of the sections that a recap's form carries.
func assemble(f url.Values) {
	if f.Has("section") {
		f.Set("source", recap.WriteSections(formSections(f)))
	}
}

// formSections are the sections that a form carries, with those that nothing is in yet.
func formSections(f url.Values) []recap.Section {
	sections := make([]recap.Section, len(f["section"]))
	for i, text := range f["section"] {
		sections[i] = recap.Section{Text: strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n")}
		if s := recap.ReadSections(text); len(s) == 1 && s[0].Note != "" {
			sections[i] = recap.Section{Note: s[0].Note, Whole: slices.Contains(f["whole"], s[0].Note)}
		}
	}
	return sections
}

// sectionsOf parts a recap for its editor: there are words before, between and after notes
// wherever somebody may want to write some.
func sectionsOf(source string) []recap.Section {
	sections := recap.ReadSections(source)
	if len(sections) == 0 || sections[0].Note != "" {
		sections = append([]recap.Section{{}}, sections...)
	}
	if len(sections) == 1 || sections[len(sections)-1].Note != "" {
		sections = append(sections, recap.Section{})
	}
	return sections
}

// arrange moves, adds or takes out a section: "up-3", "down-3", "words-3", "remove-3", and
// "missed", "tomorrow", "notes". Nothing is saved.
func (s *Server) arrange(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript, action string) error {
	about, err := s.about(r.Context(), e, m)
	if err != nil {
		return err
	}
	if about.Day == "" {
		return errBadRequest
	}
	sections := formSections(r.PostForm)
	what, place, _ := strings.Cut(action, "-")
	at, err := strconv.Atoi(place)
	if place != "" && (err != nil || at < 0 || at >= len(sections)) {
		return errBadRequest
	}
	switch {
	case what == "up" && at > 0:
		sections[at-1], sections[at] = sections[at], sections[at-1]
	case what == "down" && place != "" && at < len(sections)-1:
		sections[at+1], sections[at] = sections[at], sections[at+1]
	case what == "words" && place != "":
		sections = slices.Insert(sections, at+1, recap.Section{})
	case what == "remove" && place != "" && sections[at].Note != "":
		sections = slices.Delete(sections, at, at+1)
	case what == "missed" || what == "tomorrow":
		text, err := s.listOfPlan(r.Context(), accountFrom(r), about, m.Language, what)
		if err != nil {
			return err
		}
		if text != "" {
			sections = append(sections, recap.Section{Text: text})
		}
	case what == "notes":
		if sections, err = s.withMissingNotes(r.Context(), accountFrom(r), about, sections); err != nil {
			return err
		}
	default:
		return errBadRequest
	}
	m.Source, e.sections = recap.WriteSections(sections), sections
	return s.showEditor(w, r, http.StatusOK, e, m, nil)
}

// withMissingNotes adds the notes of the day that don't stand in the recap yet.
func (s *Server) withMissingNotes(ctx context.Context, a *models.Account, about models.About, sections []recap.Section) ([]recap.Section, error) {
	notes, err := s.Store.Posts.NotesOfDay(ctx, a.ActorID, about.ConferenceID, about.Day)
	for _, p := range notes {
		if !slices.ContainsFunc(sections, func(s recap.Section) bool { return s.Note == *p.PublicID }) {
			sections = append(sections, recap.Section{Note: *p.PublicID})
		}
	}
	return sections, err
}

// listOfPlan is a list of what was missed on the day, or is starred on the next, as words
// of the author's: a plan is private, and what of it stands here is theirs to see first.
func (s *Server) listOfPlan(ctx context.Context, a *models.Account, about models.About, language, what string) (string, error) {
	conference, err := s.Store.Conferences.ByID(ctx, about.ConferenceID)
	if err != nil {
		return "", err
	}
	day, mark := about.Day, models.PlanMissed
	if what == "tomorrow" {
		date, err := time.Parse(time.DateOnly, about.Day)
		if err != nil {
			return "", err
		}
		day, mark = date.AddDate(0, 0, 1).Format(time.DateOnly), models.PlanStarred
	}
	marks, err := s.Store.Plans.Marks(ctx, a.ID, conference.ID)
	if err != nil {
		return "", err
	}
	talks, err := s.Store.Talks.Programme(ctx, conference.ID, day, false)
	if err != nil {
		return "", err
	}
	talks = slices.DeleteFunc(talks, func(t *models.Talk) bool { return marks[t.ID] != mark })
	heading := "recap.missed"
	if what == "tomorrow" {
		heading = "recap.tomorrow"
	}
	if len(talks) == 0 {
		return "", nil
	}
	return recap.List(s.Catalogue.For(language).T(heading), talks, conference.Location(), language), nil
}

// showSections shows a recap's editor what stands in it.
func (s *Server) showSections(ctx context.Context, a *models.Account, e *editor, view *templates.Write) error {
	about, err := s.about(ctx, e, view.Text)
	if errors.Is(err, models.ErrNotFound) {
		view.Text.Conference, view.Text.Day = "", ""
		return nil
	}
	if err != nil || about.Day == "" {
		return err
	}
	conference, err := s.Store.Conferences.ByID(ctx, about.ConferenceID)
	if err != nil {
		return err
	}
	view.Text.Conference, view.Text.Day = conference.Actor.HandleLC, about.Day
	sections := e.sections
	if !slices.ContainsFunc(sections, func(s recap.Section) bool { return s.Note == "" }) { // there is always room for words
		sections = sectionsOf(view.Text.Source)
	}
	var ids []string
	for _, sec := range sections {
		ids = append(ids, sec.Note)
	}
	posts, err := s.Store.Posts.ByPublicIDs(ctx, a.ActorID, ids)
	if err != nil {
		return err
	}
	var rows []*models.Post
	for _, p := range posts {
		rows = append(rows, p)
	}
	heads, err := s.Store.Revisions.HeadTitles(ctx, rows)
	for i, sec := range sections {
		row := templates.RecapSection{Number: i, Text: sec.Text, First: i == 0, Last: i == len(sections)-1}
		if sec.Note != "" {
			row.Note = &templates.RecapNote{ID: sec.Note, Line: sec.Line(), Whole: sec.Whole}
			if p := posts[sec.Note]; p != nil {
				row.Note.Title, row.Note.Language, row.Note.EditURL, row.Note.Published = heads[p.ID].Title, heads[p.ID].Language, editURL(p), p.State == models.PostPublished
			}
		}
		view.Sections = append(view.Sections, row)
	}
	return err
}

// showRecaps offers to bring up to date the published recaps that show an older text of a
// note.
func (s *Server) showRecaps(ctx context.Context, e *editor, view *templates.Write) error {
	if e.post == nil || e.post.TalkID == nil {
		return nil
	}
	recaps, err := s.Store.Posts.RecapsBehind(ctx, e.post)
	for _, p := range recaps {
		view.Recaps = append(view.Recaps, templates.Link{Label: p.Title, URL: editURL(p), Language: p.Language})
	}
	return err
}

// updateRecaps saves a note and shows it in the recaps where it stands.
func (s *Server) updateRecaps(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript) error {
	if e.post == nil {
		return errBadRequest
	}
	var err error
	if e.naming, err = s.unnamed(r, e, m); err != nil {
		return err
	}
	if len(e.naming) > 0 {
		return s.showEditor(w, r, http.StatusUnprocessableEntity, e, m, nil)
	}
	if err := s.saveText(r, e, m); err != nil {
		return err
	}
	if _, err := s.Outbox.UpdateRecaps(r.Context(), accountFrom(r), e.post); err != nil {
		return err
	}
	notice := templates.RecapUpdated
	if p := e.post; p.PublishedRevisionID != nil && *p.PublishedRevisionID != *p.HeadRevisionID {
		notice = templates.RecapWaits // of a published note a recap shows what is published
	}
	return seeOther(w, r, editURL(e.post)+"?"+noticeQuery(notice, ""))
}
