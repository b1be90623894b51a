package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"confnotes/internal/programme"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

// shownChanges is how many of each kind of change a preview lists.
const shownChanges = 40

// importPage is where a schedule is given, with where the last one came from.
func (s *Server) importPage(r *http.Request, c *models.Conference) (*templates.Import, error) {
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	view := &templates.Import{Page: page, Conference: templates.Link{Label: c.Actor.DisplayName(), URL: conferencePath(c, "")},
		EditURL: conferencePath(c, "/edit"), NewTalkURL: conferencePath(c, "/new-talk"), Action: conferencePath(c, "/import"), From: r.PostForm.Get("from")}
	source, err := s.Store.Schedules.Source(r.Context(), c.ID)
	if errors.Is(err, models.ErrNotFound) {
		return view, nil
	}
	if err != nil {
		return nil, err
	}
	view.Source = &templates.ImportSource{URL: source.URL, Version: source.Version, Read: source.ReadAt.In(c.Location()), Error: source.Error, Refresh: refreshName(source.Refresh)}
	if view.From == "" {
		view.From = source.URL
	}
	return view, nil
}

// refreshes are how often the form offers to look at a schedule again.
var refreshes = map[string]time.Duration{"never": 0, "hourly": time.Hour, "daily": 24 * time.Hour}

func refreshName(seconds int64) string {
	for name, every := range refreshes {
		if int64(every.Seconds()) == seconds {
			return name
		}
	}
	return "otherwise" // as the command line can
}

func (s *Server) showImport(w http.ResponseWriter, r *http.Request) error {
	c, err := s.managed(r)
	if err != nil {
		return err
	}
	view, err := s.importPage(r, c)
	if err != nil {
		return err
	}
	if token := r.URL.Query().Get("file"); token != "" {
		err = s.previewImport(r, view, c, token)
		if wrong, ok := errors.AsType[*unreadable](err); ok {
			return s.refuseImport(w, r, c, wrong)
		}
	}
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *view)
}

// previewImport adds to the page what a kept file would change. One that is gone, or was
// applied in another tab, is asked for again.
func (s *Server) previewImport(r *http.Request, view *templates.Import, c *models.Conference, token string) error {
	file, plan, err := s.importPlanOf(r, c, token)
	if errors.Is(err, models.ErrNotFound) {
		return &unreadable{scheduleField, templates.Problem{ID: templates.Required}, ""}
	}
	if err != nil {
		return err
	}
	view.Plan = importPlan(plan, file)
	view.Plan.Token = token
	if view.Source != nil && view.Source.URL == file.Source.URL {
		view.Plan.Refresh = view.Source.Refresh
	}
	return nil
}

func (s *Server) importPlanOf(r *http.Request, c *models.Conference, token string) (*programme.File, *programme.Plan, error) {
	file, zone, err := s.Programmes.Kept(r.Context(), accountFrom(r), token)
	if err != nil {
		return nil, nil, err
	}
	read, err := readSchedule(file, zone, c.Location())
	if err != nil {
		return nil, nil, err
	}
	plan, err := s.Programmes.Preview(r.Context(), c, read)
	return file, plan, misfit(err)
}

// misfit is what is wrong with a schedule that can be read and isn't the conference's.
func misfit(err error) error {
	var dates *programme.DatesError
	if errors.As(err, &dates) || errors.Is(err, programme.ErrSpeakers) {
		return &unreadable{scheduleField, templates.Problem{ID: templates.Unreadable}, err.Error()}
	}
	return err
}

// importSchedule takes a schedule and shows what it would change, or applies it.
func (s *Server) importSchedule(w http.ResponseWriter, r *http.Request) error {
	c, err := s.managed(r)
	if err != nil {
		return err
	}
	file, err := s.parseSchedule(w, r)
	if err == nil && r.PostForm.Get("action") == "apply" {
		err = s.applySchedule(w, r, c)
	} else if err == nil {
		err = s.lookAtSchedule(w, r, c, file)
	}
	if wrong, ok := errors.AsType[*unreadable](err); ok {
		return s.refuseImport(w, r, c, wrong)
	}
	return err
}

// lookAtSchedule keeps a schedule and goes on to what it would change.
func (s *Server) lookAtSchedule(w http.ResponseWriter, r *http.Request, c *models.Conference, file *programme.File) error {
	if file == nil {
		return &unreadable{scheduleField, templates.Problem{ID: templates.Required}, ""}
	}
	if _, err := readSchedule(file, nil, c.Location()); err != nil {
		return err
	}
	token, err := s.Programmes.Keep(r.Context(), accountFrom(r), file, "")
	if err != nil {
		return err
	}
	return seeOther(w, r, conferencePath(c, "/import")+"?"+url.Values{"file": {token}}.Encode())
}

func (s *Server) applySchedule(w http.ResponseWriter, r *http.Request, c *models.Conference) error {
	file, plan, err := s.importPlanOf(r, c, r.PostForm.Get("token"))
	if errors.Is(err, models.ErrNotFound) {
		return &unreadable{scheduleField, templates.Problem{ID: templates.Required}, ""}
	}
	if err != nil {
		return err
	}
	if every, ok := refreshes[r.PostForm.Get("refresh")]; ok && file.Source.URL != "" {
		file.Source.Refresh = &every
	}
	hear, end := s.imports.of(r.PostForm.Get("token"))
	defer end()
	if _, err := s.Programmes.Apply(r.Context(), plan, file.Source, hear); err != nil {
		return misfit(err)
	}
	if err := s.Programmes.Forget(r.Context(), accountFrom(r)); err != nil {
		return err
	}
	return seeOther(w, r, conferencePath(c, "/import")+"?"+noticeQuery(templates.ScheduleImported, ""))
}

func (s *Server) refuseImport(w http.ResponseWriter, r *http.Request, c *models.Conference, wrong *unreadable) error {
	view, err := s.importPage(r, c)
	if err != nil {
		return err
	}
	view.Problems, view.Trouble = templates.Problems{wrong.field: wrong.problem}, wrong.detail
	return s.private(w, http.StatusUnprocessableEntity, *view)
}

// importPlan is a plan as its page shows it.
func importPlan(p *programme.Plan, file *programme.File) *templates.ImportPlan {
	zone := p.Conference.Location()
	slot := func(t schedule.Talk) templates.ImportSlot {
		return templates.ImportSlot{At: t.Start.In(zone), Room: t.Room}
	}
	view := &templates.ImportPlan{File: file.Name, Version: p.Schedule.Version, ByURL: file.Source.URL != "", Refresh: "never", Unchanged: p.Unchanged, Empty: p.Empty()}
	if p.Widens() {
		view.Start, view.End = p.StartsOn, p.EndsOn
	}
	add := func(kind templates.ImportKind, n int, entry func(int) templates.ImportEntry) {
		if n == 0 {
			return
		}
		list := templates.ImportList{Kind: kind, Count: n, More: max(0, n-shownChanges)}
		for i := range min(n, shownChanges) {
			list.Entries = append(list.Entries, entry(i))
		}
		view.Lists = append(view.Lists, list)
	}
	add(templates.ImportAdded, len(p.Added), func(i int) templates.ImportEntry {
		return templates.ImportEntry{Title: p.Added[i].Title, Now: slot(p.Added[i])}
	})
	add(templates.ImportMoved, len(p.Moved), func(i int) templates.ImportEntry {
		return templates.ImportEntry{Title: p.Moved[i].New.Title, Was: slot(p.Moved[i].Old), Now: slot(p.Moved[i].New)}
	})
	add(templates.ImportRenamed, len(p.Renamed), func(i int) templates.ImportEntry {
		return templates.ImportEntry{Title: p.Renamed[i].New.Title, OldTitle: p.Renamed[i].Old.Title, Now: slot(p.Renamed[i].New)}
	})
	add(templates.ImportRemoved, len(p.Removed), func(i int) templates.ImportEntry {
		return templates.ImportEntry{Title: p.Removed[i].Title, Now: slot(p.Removed[i])}
	})
	add(templates.ImportChanged, len(p.Changed), func(i int) templates.ImportEntry {
		return templates.ImportEntry{Title: p.Changed[i].New.Title, Fields: p.Changed[i].Fields}
	})
	add(templates.ImportKept, len(p.Kept), func(i int) templates.ImportEntry {
		return templates.ImportEntry{Title: p.Kept[i].Title, Fields: []string{p.Kept[i].Field}}
	})
	for _, warning := range p.Schedule.Warnings[:min(len(p.Schedule.Warnings), shownChanges)] {
		view.Warnings = append(view.Warnings, templates.ImportWarning(warning))
	}
	return view
}
