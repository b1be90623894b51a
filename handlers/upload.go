package handlers

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"confnotes/internal/media"
	"confnotes/internal/picture"
	"confnotes/models"
	"confnotes/templates"
)

const (
	// maxUpload is for a form with a file. It is more than a picture may be, so that one
	// that is too large can be refused in words.
	maxUpload = maxForm + 2*media.MaxBytes
	// uploadTime is how long a file may take to come in: venue wifi is slow.
	uploadTime    = 10 * time.Minute
	pictureField  = "picture"
	scheduleField = "schedule"
	// fieldRoom is what a field takes beside its words. Uncounted, a form of nothing but
	// empty fields would fill hundreds of megabytes, from anybody.
	fieldRoom = 128
)

// bodyLimit is how long a request's body may be.
func bodyLimit(r *http.Request) int64 {
	takes := takesSchedule(r.URL.Path) || r.URL.Path == templates.PathPictures || r.URL.Path == templates.PathFace || r.URL.Path == templates.PathWrite || strings.HasPrefix(r.URL.Path, templates.PathWrite+"/")
	if takes && multipartForm(r) {
		return maxUpload
	}
	return maxForm
}

func multipartForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// readParts reads a form that may hold a file, field by field into r.PostForm; file
// gets what it holds of the picture or the schedule. One that file refuses with *models.InvalidError
// is passed over, and the refusal returned when everything else has been read.
func readParts(r *http.Request, file func(*multipart.Part) error) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	r.PostForm = url.Values{}
	room := int64(maxForm)
	var refused *models.InvalidError
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && refused != nil {
			return refused
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if name := part.FormName(); name == pictureField || name == scheduleField {
			if part.FileName() == "" || refused != nil {
				continue // no file was chosen, or the first was refused
			}
			if err := file(part); err != nil && !errors.As(err, &refused) {
				return err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, room+1))
		if err != nil {
			return err
		}
		if room -= int64(len(value)+len(part.FormName())) + fieldRoom; room < 0 {
			return &http.MaxBytesError{Limit: maxForm}
		}
		r.PostForm.Add(part.FormName(), string(value))
	}
}

// parseUpload is parseForm for a form that may hold a picture, nil when it holds none.
// It returns *models.InvalidError for one that is too large, with all fields read. The
// caller closes the upload.
func (s *Server) parseUpload(w http.ResponseWriter, r *http.Request) (*picture.Upload, error) {
	if !multipartForm(r) {
		return nil, parseForm(r)
	}
	allowTime(w)
	var upload *picture.Upload
	err := readParts(r, func(part *multipart.Part) (err error) {
		if upload != nil {
			return errBadRequest
		}
		upload, err = s.Pictures.Receive(part)
		return err
	})
	validText(r)
	var invalid *models.InvalidError
	switch {
	case errors.As(err, &invalid):
		return nil, invalid
	case err != nil && upload != nil:
		return nil, errors.Join(formError(err), upload.Close())
	case err != nil:
		return nil, formError(err)
	}
	return upload, nil
}

// allowTime lets a file come in over a slow line.
func allowTime(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	until := time.Now().Add(uploadTime)
	_ = errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until)) // a test's recorder has none
}
