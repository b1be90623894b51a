package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"confnotes/internal/draft"
	"confnotes/internal/recap"
	"confnotes/models"
	"confnotes/templates"
)

// showNewNote opens a note on a talk, or the one that the account has begun already.
func (s *Server) showNewNote(w http.ResponseWriter, r *http.Request, talkID string) error {
	ctx, a := r.Context(), accountFrom(r)
	talk, err := s.Store.Talks.ByPublicID(ctx, talkID)
	if err != nil {
		return err
	}
	notes, err := s.Store.Posts.OwnNotesOn(ctx, a.ID, []int64{talk.ID})
	if err != nil {
		return err
	}
	if note := notes[talk.ID]; note != nil {
		return seeOther(w, r, editURL(note))
	}
	conference, err := s.Store.Conferences.ByID(ctx, talk.ConferenceID)
	if err != nil {
		return err
	}
	site, err := s.site(ctx)
	if err != nil {
		return err
	}
	text := recap.NoteText(conference, talk, site.Language)
	m := templates.Manuscript{ClientID: recap.NoteClientID(talk), Title: text.Title, Language: text.Language, Tags: text.Tags, Talk: talk.PublicID}
	if _, err := s.Store.Posts.ByClientID(ctx, a.ID, m.ClientID); err == nil { // one that was deleted
		m.ClientID = models.NewPublicID()
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return s.showEditor(w, r, http.StatusOK, &editor{action: templates.PathWrite}, m, nil)
}

// about is what the text of an editor's form is about.
func (s *Server) about(ctx context.Context, e *editor, m templates.Manuscript) (models.About, error) {
	if e.post != nil {
		return e.post.About(), nil
	}
	if m.Day != "" {
		conference, err := s.Store.Conferences.ByHandle(ctx, m.Conference)
		if err != nil {
			return models.About{}, err
		}
		if !slices.Contains(conference.Days(), m.Day) {
			return models.About{}, models.ErrNotFound
		}
		return models.About{ConferenceID: conference.ID, Day: m.Day}, nil
	}
	if m.Talk == "" {
		return models.About{}, nil
	}
	talk, err := s.Store.Talks.ByPublicID(ctx, m.Talk)
	if err != nil {
		return models.About{}, err
	}
	return models.About{ConferenceID: talk.ConferenceID, TalkID: talk.ID}, nil
}

// showTalk shows an editor the talk that its text is a note on.
func (s *Server) showTalk(ctx context.Context, e *editor, view *templates.Write) error {
	about, err := s.about(ctx, e, view.Text)
	if errors.Is(err, models.ErrNotFound) { // whatever the form says, the words are shown
		if view.Text.Takeaway != "" {
			view.Text.Source = "==" + view.Text.Takeaway + "==\n\n" + view.Text.Source
		}
		view.Text.Talk, view.Text.Takeaway = "", ""
		return nil
	}
	if err != nil || about.TalkID == 0 {
		return err
	}
	talk, err := s.Store.Talks.ByID(ctx, about.TalkID)
	if err != nil {
		return err
	}
	conference, err := s.Store.Conferences.ByID(ctx, talk.ConferenceID)
	if err != nil {
		return err
	}
	view.Text.Talk = talk.PublicID
	view.Talk = &templates.TalkHead{Title: talk.Title, Language: firstLanguage(talk.Language), Start: talk.StartsAt.In(conference.Location()),
		Seconds: int(talk.EndsAt.Sub(talk.StartsAt).Seconds()), Room: talk.Room}
	for _, who := range talk.Speakers {
		if who.Person != nil {
			view.Talk.Speakers = append(view.Talk.Speakers, recap.Speaker(who.Person.Name, who.Role, who.Affiliation))
		}
	}
	return nil
}

// firstLanguage is that of a title: a programme may name those of a talk in a row.
func firstLanguage(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(first)
}

// unnamed returns whom a text names who isn't to be named, unless its author was asked.
func (s *Server) unnamed(r *http.Request, e *editor, m templates.Manuscript) ([]string, error) {
	if r.PostForm.Get("named") == "yes" {
		return nil, nil
	}
	about, err := s.about(r.Context(), e, m)
	if err != nil {
		return nil, err
	}
	return recap.Named(r.Context(), s.Store, recap.Article{ActorID: accountFrom(r).ActorID, About: about, Text: textOf(m)})
}

// leave takes an article out of its conference, whose groups take back that they announced
// it. What it shows of talks and notes stays, as words of its own.
func (s *Server) leave(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript) error {
	if e.post == nil {
		return errBadRequest
	}
	in, err := s.input(r, e, m)
	if err != nil {
		return err
	}
	if in.Text, err = s.Outbox.Freeze(r.Context(), in.Account, *in.About, in.Text); err != nil {
		return err
	}
	in.About = &models.About{}
	if e.post.State == models.PostPublished {
		_, err = s.Outbox.Publish(r.Context(), in, time.Time{})
	} else {
		err = s.Store.InTx(r.Context(), func(tx *models.Store) error {
			if err := draft.Clean(&in.Text); err != nil {
				return err
			}
			_, _, err := s.Drafts.Save(r.Context(), tx, in)
			return err
		})
	}
	return s.back(w, r, err, editURL(e.post)+"?"+noticeQuery(templates.ConferenceLeft, ""))
}

// within is the name of the conference that an article is about, "" for none.
func (s *Server) within(ctx context.Context, post *models.Post) (string, error) {
	if post.ConferenceID == nil {
		return "", nil
	}
	c, err := s.Store.Conferences.ByID(ctx, *post.ConferenceID)
	if err != nil {
		return "", err
	}
	return c.Actor.DisplayName(), nil
}
