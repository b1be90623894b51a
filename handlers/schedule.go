package handlers

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"confnotes/internal/programme"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

// takesSchedule says whether a schedule may be uploaded to a path.
func takesSchedule(path string) bool {
	return path == templates.PathNewConference || strings.HasPrefix(path, templates.PathConferences+"/") && strings.HasSuffix(path, "/import")
}

// unreadable is what is wrong with a schedule that somebody gave: of which field, and in
// the words of whoever found it, which name the line.
type unreadable struct {
	field   string
	problem templates.Problem
	detail  string
}

func (e *unreadable) Error() string { return e.field + ": " + e.detail }

// parseSchedule reads a form that may hold a schedule, nil when it holds none: a file,
// or the address of one, which it fetches. It returns *unreadable for what can't be had,
// with all fields read.
func (s *Server) parseSchedule(w http.ResponseWriter, r *http.Request) (*programme.File, error) {
	var file *programme.File
	if !multipartForm(r) {
		if err := parseForm(r); err != nil {
			return nil, err
		}
		return s.fetchSchedule(r.Context(), r.PostForm.Get("from"))
	}
	allowTime(w)
	err := readParts(r, func(part *multipart.Part) error {
		data, err := io.ReadAll(io.LimitReader(part, schedule.MaxSize+1))
		if err == nil {
			file = programme.Given(fileName(part.FileName()), data)
		}
		return err
	})
	if err != nil {
		return nil, formError(err)
	}
	if validText(r); file == nil {
		return s.fetchSchedule(r.Context(), r.PostForm.Get("from"))
	}
	if len(file.Data) > schedule.MaxSize {
		return nil, &unreadable{scheduleField, templates.Problem{ID: templates.TooManyBytes, Limit: schedule.MaxSize >> 20}, ""}
	}
	return file, nil
}

// fileName is the last part of a name that a browser sent.
func fileName(name string) string {
	name = strings.ToValidUTF8(path.Base(strings.ReplaceAll(name, `\`, "/")), "")
	if len(name) > 100 {
		name = strings.ToValidUTF8(name[len(name)-100:], "")
	}
	return name
}

func (s *Server) fetchSchedule(ctx context.Context, address string) (*programme.File, error) {
	if address = strings.TrimSpace(address); address == "" {
		return nil, nil
	}
	if !s.lookups.Allow() {
		return nil, &unreadable{"from", templates.Problem{ID: templates.TooManyLookups}, ""}
	}
	file, err := s.Programmes.Fetch(ctx, address)
	if err != nil && ctx.Err() == nil {
		return nil, &unreadable{"from", templates.Problem{ID: templates.Unreadable}, err.Error()}
	}
	return file, err
}

// readSchedule reads a file, whose zone is the fallback where it says none.
func readSchedule(file *programme.File, zone, fallback *time.Location) (*schedule.Schedule, error) {
	read, err := file.Read(zone, fallback)
	field := scheduleField
	if file.Source.URL != "" {
		field = "from"
	}
	switch {
	case errors.Is(err, schedule.ErrNoZone):
		return nil, &unreadable{"fill_zone", templates.Problem{ID: templates.NoZone}, ""}
	case err != nil:
		return nil, &unreadable{field, templates.Problem{ID: templates.Unreadable}, err.Error()}
	}
	return read, nil
}

// managed returns the conference that a path names, for whoever looks after it; for
// everybody else there is nothing.
func (s *Server) managed(r *http.Request) (*models.Conference, error) {
	c, err := s.Store.Conferences.ByHandle(r.Context(), mux.Vars(r)["handle"])
	if err != nil {
		return nil, err
	}
	role, err := s.Store.Conferences.Role(r.Context(), accountFrom(r), c.ActorID)
	if err == nil && role == "" {
		err = models.ErrNotFound
	}
	return c, err
}

func conferencePath(c *models.Conference, page string) string {
	return templates.PathConferences + "/" + c.Actor.HandleLC + page
}
