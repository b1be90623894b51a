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
	faces, err := s.Store.Pictures.Faces(r.Context(), a.Actor)
	if err != nil {
		return nil, err
	}
	introduction, err := s.introduction(r.Context(), a)
	if err != nil {
		return nil, err
	}
	view := &templates.Settings{Page: page, Introduction: introduction, Name: a.Actor.Name, Bio: a.Actor.BioSource, Language: page.Language, PasswordMin: account.MinPassword,
		Approves: a.Actor.Locked, Hides: a.Actor.HidesNetwork}
	if id := a.Actor.PictureID; id != nil && faces[*id] != nil {
		face := s.picture(models.PostPicture{Picture: faces[*id]})
		view.Face = &face
	}
	return view, nil
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

// setFace gives the account a face of its own, or takes it away.
func (s *Server) setFace(w http.ResponseWriter, r *http.Request) error {
	upload, err := s.parseUpload(w, r)
	if upload != nil {
		defer func() { _ = upload.Close() }()
	}
	switch a := accountFrom(r); {
	case err != nil:
	case r.PostForm.Get("action") == "remove":
		err = s.Pictures.RemoveFace(r.Context(), a)
	case upload == nil:
		err = &models.InvalidError{Field: pictureField, Reason: models.Required}
	default:
		err = s.Pictures.SetFace(r.Context(), a, upload)
	}
	if err != nil {
		return s.refuseSettings(w, r, err, func(*templates.Settings) {})
	}
	return seeOther(w, r, templates.PathSettings+"?"+noticeQuery(templates.SettingsSaved, ""))
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
