package handlers

import (
	"errors"
	"net/http"

	"confnotes/internal/account"
	"confnotes/models"
	"confnotes/templates"
)

func (s *Server) settingsPage(r *http.Request) (*templates.Settings, error) {
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	a := accountFrom(r)
	return &templates.Settings{Page: page, Name: a.Actor.Name, Bio: a.Actor.BioSource, Language: page.Language, PasswordMin: account.MinPassword}, nil
}

func (s *Server) showSettings(w http.ResponseWriter, r *http.Request) error {
	page, err := s.settingsPage(r)
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *page)
}

// saveSettings changes how the account presents itself and which language it reads.
func (s *Server) saveSettings(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := r.PostForm
	err := s.Accounts.SetProfile(r.Context(), accountFrom(r), f.Get("name"), f.Get("bio"), s.spoken(f.Get("language")))
	if err != nil {
		return s.refuseSettings(w, r, err, f.Get("name"), f.Get("bio"), f.Get("language"))
	}
	return seeOther(w, r, templates.PathSettings+"?"+noticeQuery(templates.SettingsSaved, ""))
}

func (s *Server) refuseSettings(w http.ResponseWriter, r *http.Request, err error, name, bio, language string) error {
	var invalid *models.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	page, err := s.settingsPage(r)
	if err != nil {
		return err
	}
	page.Name, page.Bio, page.Language, page.Problems = name, bio, language, problems(invalid)
	return s.private(w, http.StatusUnprocessableEntity, *page)
}

// changePassword signs the account out everywhere else.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	a := accountFrom(r)
	err := s.Accounts.ChangePassword(r.Context(), a, r.PostForm.Get("current"), r.PostForm.Get("password"), s.sessionToken(r), s.clientAddress(r))
	if err != nil {
		return s.refuseSettings(w, r, err, a.Actor.Name, a.Actor.BioSource, a.Locale)
	}
	return seeOther(w, r, templates.PathSettings+"?"+noticeQuery(templates.PasswordChanged, ""))
}
