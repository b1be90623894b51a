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
		return s.refuseSettings(w, r, err, func(page *templates.Settings) {
			page.Name, page.Bio, page.Language = f.Get("name"), f.Get("bio"), s.spoken(f.Get("language"))
		})
	}
	return seeOther(w, r, templates.PathSettings+"?"+noticeQuery(templates.SettingsSaved, ""))
}

// refuseSettings shows the forms again with what is wrong; keep puts back what was typed.
func (s *Server) refuseSettings(w http.ResponseWriter, r *http.Request, err error, keep func(*templates.Settings)) error {
	var invalid *models.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	page, err := s.settingsPage(r)
	if err != nil {
		return err
	}
	keep(page)
	page.Problems = problems(invalid)
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
		return s.refuseSettings(w, r, err, func(*templates.Settings) {})
	}
	return seeOther(w, r, templates.PathSettings+"?"+noticeQuery(templates.PasswordChanged, ""))
}
