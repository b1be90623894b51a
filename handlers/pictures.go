package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"confnotes/internal/picture"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

// pictureFile serves a picture's file.
func (s *Server) pictureFile(w http.ResponseWriter, r *http.Request) error {
	f, err := s.Pictures.Open(mux.Vars(r)["id"], mux.Vars(r)["file"])
	return serveFile(w, r, f, err)
}

// copyFile serves our copy of a stranger's picture. Search engines leave it alone: it
// isn't ours to be found by.
func (s *Server) copyFile(w http.ResponseWriter, r *http.Request) error {
	f, err := s.Copies.Open(r.Context(), mux.Vars(r)["id"], mux.Vars(r)["file"])
	if err == nil {
		w.Header().Set("X-Robots-Tag", "noindex")
	}
	return serveFile(w, r, f, err)
}

// serveFile serves what never changes under its URL. Should a browser take it for a
// page, it may do nothing.
func serveFile(w http.ResponseWriter, r *http.Request, f *os.File, err error) error {
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	vars := mux.Vars(r)
	neverChanges(w, vars["id"]+"/"+vars["file"], mime.TypeByExtension(path.Ext(vars["file"])))
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// addedPicture answers the editor's script.
type addedPicture struct {
	ID      string `json:"id,omitempty"`
	Path    string `json:"path,omitempty"` // for the text: ![…](path)
	URL     string `json:"url,omitempty"`  // of a small file to show
	Problem string `json:"problem,omitempty"`
}

// addPicture takes one picture from the editor's script. It never redirects: an ended
// session is a 401 that says so.
func (s *Server) addPicture(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	a, err := s.Accounts.BySession(r.Context(), s.sessionToken(r))
	if errors.Is(err, models.ErrNotFound) {
		return answerJSON(w, http.StatusUnauthorized, addedPicture{Problem: s.Catalogue.For(site.Language).T("upload.signed_out")})
	}
	if err != nil {
		return err
	}
	upload, err := s.parseUpload(w, r)
	if err == nil && upload == nil {
		return errBadRequest
	}
	var added *models.Picture
	if err == nil {
		defer func() { _ = upload.Close() }()
		added, err = s.Pictures.Add(r.Context(), a, upload)
	}
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		language := a.Locale
		if language == "" {
			language = site.Language
		}
		p := templates.ProblemOf(string(invalid.Reason), invalid.Limit)
		return answerJSON(w, http.StatusUnprocessableEntity, addedPicture{Problem: s.Catalogue.For(language).T(string(p.ID), "Limit", p.Limit)})
	}
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusCreated, addedPicture{ID: added.PublicID, Path: picture.Path(added.PublicID), URL: s.picture(models.PostPicture{Picture: added}).URL})
}

func answerJSON(w http.ResponseWriter, code int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(code)
	return json.NewEncoder(w).Encode(v)
}

// insertPicture adds a picture to the text without a script: at its end, or as cover.
func (s *Server) insertPicture(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript, upload *picture.Upload) error {
	if upload == nil {
		return &models.InvalidError{Field: pictureField, Reason: models.Required}
	}
	added, err := s.Pictures.Add(r.Context(), accountFrom(r), upload)
	if err != nil {
		return err
	}
	alt, caption := r.PostForm.Get("picture_alt"), r.PostForm.Get("picture_caption")
	if r.PostForm.Get("picture_cover") != "" {
		m.Cover, m.CoverAlt, m.CoverCaption = added.PublicID, alt, caption
	} else {
		m.Source = strings.TrimRight(m.Source, "\n") + "\n\n" + richtext.PictureSource(picture.Path(added.PublicID), alt, caption) + "\n"
	}
	return s.showEditor(w, r, http.StatusOK, e, m, nil, templates.Notice{ID: templates.PictureAdded})
}

// showPictures gives the editor the pictures that a text names.
func (s *Server) showPictures(ctx context.Context, view *templates.Write) error {
	known, err := s.Store.Pictures.ByPublicIDs(ctx, picture.Named(textOf(view.Text)))
	if err != nil {
		return err
	}
	if p := known[view.Text.Cover]; p != nil {
		cover := s.picture(models.PostPicture{Picture: p, Alt: view.Text.CoverAlt, Caption: view.Text.CoverCaption})
		view.Cover = &cover
	}
	for _, f := range richtext.Scan(view.Text.Source).Pictures {
		id, _ := picture.ID(f.Destination)
		if p := known[id]; p != nil {
			shown := s.picture(models.PostPicture{Picture: p, Alt: f.Alt, Caption: f.Caption})
			view.Pictures = append(view.Pictures, templates.EditorPicture{Picture: shown, ID: id, Path: f.Destination})
		}
	}
	return nil
}

// picture is how a page shows a picture: the second smallest file for who doesn't
// choose, all of them for who does.
func (s *Server) picture(p models.PostPicture) templates.Picture {
	shown := s.IRIs.PictureSources(p.Picture)
	view := templates.Picture{URL: shown.Sources[min(1, len(shown.Sources)-1)].URL, Full: shown.Sources[len(shown.Sources)-1].URL,
		Width: shown.Width, Height: shown.Height, Alt: p.Alt, Caption: p.Caption}
	if len(shown.Sources) > 1 {
		set := make([]string, len(shown.Sources))
		for i, source := range shown.Sources {
			set[i] = source.URL + " " + strconv.Itoa(source.Width) + "w"
		}
		view.Srcset = strings.Join(set, ", ")
	}
	return view
}

// showCover puts an article's cover on its page.
func (s *Server) showCover(page *templates.Article, pictures []models.PostPicture) {
	if at := slices.IndexFunc(pictures, isCover); at >= 0 {
		cover := s.picture(pictures[at])
		page.Cover = &cover
	}
}

func isCover(p models.PostPicture) bool { return p.Role == models.RoleCover }

// undescribed says whether a picture lacks the words for who can't see it.
func undescribed(pictures []models.PostPicture) bool {
	return slices.ContainsFunc(pictures, func(p models.PostPicture) bool { return p.Alt == "" })
}
