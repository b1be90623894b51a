package handlers

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"confnotes/activitypub"
	"confnotes/internal/account"
	"confnotes/models"
	"confnotes/static"
	"confnotes/templates"
)

// handler answers a request or returns why it can't.
type handler func(w http.ResponseWriter, r *http.Request) error

var (
	errMethod         = errors.New("method not allowed")
	errCrossOrigin    = errors.New("the form was sent from another site")
	errBadRequest     = errors.New("bad request")
	errNotImplemented = errors.New("only JSON is spoken here")
)

// status maps an error to the HTTP status that stands for it; the one place that does.
func status(err error) int {
	var refusal *activitypub.Refusal
	var gone *activitypub.GoneError
	var invalid *models.InvalidError
	var large *http.MaxBytesError
	var throttled *account.ThrottledError
	switch {
	case errors.As(err, &refusal):
		return refusal.Status
	case errors.As(err, &throttled):
		return http.StatusTooManyRequests
	case errors.As(err, &gone):
		return http.StatusGone
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity
	case errors.Is(err, models.ErrNotFound), errors.Is(err, account.ErrSetupOver):
		return http.StatusNotFound
	case errors.Is(err, models.ErrConflict), errors.Is(err, account.ErrLastOwner):
		return http.StatusConflict
	case errors.Is(err, models.ErrBusy), errors.Is(err, models.ErrFull), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, errCrossOrigin):
		return http.StatusForbidden
	case errors.Is(err, errNotImplemented):
		return http.StatusNotImplemented
	case errors.Is(err, errBadRequest):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// setRetryAfter says when to come back, where an error knows.
func setRetryAfter(w http.ResponseWriter, err error) {
	var wait time.Duration
	var refusal *activitypub.Refusal
	var throttled *account.ThrottledError
	switch {
	case errors.As(err, &refusal):
		wait = refusal.RetryAfter
	case errors.As(err, &throttled):
		wait = throttled.Wait
	case status(err) == http.StatusServiceUnavailable:
		wait = 30 * time.Second
	}
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
}

// page wraps a handler of pages: an error becomes a page that says what to do.
func (s *Server) page(f handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := f(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	code := status(err)
	s.logFailure(r, code, err)
	site, siteErr := s.site(r.Context())
	if siteErr != nil {
		http.Error(w, http.StatusText(code), code)
		return
	}
	page := templates.Page{Language: site.Language, Site: site, NoIndex: true}
	var view any = templates.Error{Page: page, Status: code, RequestID: requestID(r.Context())}
	if code == http.StatusGone {
		view = templates.Gone{Page: page}
	}
	body, renderErr := s.Templates.Render(view)
	if renderErr != nil {
		http.Error(w, http.StatusText(code), code)
		return
	}
	setRetryAfter(w, err)
	w.Header().Set("Cache-Control", "private, no-store")
	writeHTML(w, code, body)
}

func (s *Server) logFailure(r *http.Request, code int, err error) {
	if r.Context().Err() != nil {
		return // the asker has gone
	}
	log := s.Log.With("method", r.Method, "path", logged(r), "status", code, "error", err, "request", requestID(r.Context()))
	if code >= 500 && code != http.StatusServiceUnavailable {
		log.ErrorContext(r.Context(), "request failed")
		return
	}
	log.DebugContext(r.Context(), "request refused")
}

// endpoint wraps a handler for servers: an error becomes one line of text, a
// deleted thing its Tombstone.
func (s *Server) endpoint(f handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := f(w, r)
		if err == nil {
			return
		}
		code := status(err)
		s.logFailure(r, code, err)
		w.Header().Set("Cache-Control", "no-store")
		var gone *activitypub.GoneError
		if errors.As(err, &gone) && len(gone.Tombstone) > 0 {
			w.Header().Set("Content-Type", activityJSON)
			w.WriteHeader(code)
			_, _ = w.Write(gone.Tombstone)
			return
		}
		reason := http.StatusText(code)
		var refusal *activitypub.Refusal
		if errors.As(err, &refusal) {
			reason = refusal.Reason
		}
		setRetryAfter(w, err)
		_ = plain(w, code, reason)
	})
}

func plain(w http.ResponseWriter, code int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	_, err := io.WriteString(w, strings.ReplaceAll(text, "\n", " ")+"\n")
	return err
}

func writeHTML(w http.ResponseWriter, code int, body []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(body)
}

// public answers with a page that is the same for everyone and may be kept as long
// as it is asked for again each time.
func (s *Server) public(w http.ResponseWriter, r *http.Request, page any) error {
	body, err := s.Templates.Render(page)
	if err != nil {
		return err
	}
	return cacheable(w, r, "text/html; charset=utf-8", body)
}

// cacheable answers with what may be kept as long as it is asked for again each time.
// Only such answers are compressed: what one person alone may see, beside what a link
// made it show, could be guessed from its length (breachattack.com).
func cacheable(w http.ResponseWriter, r *http.Request, contentType string, body []byte) error {
	sum := sha256.Sum256(body)
	etag := hex.EncodeToString(sum[:12])
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "public, max-age=0, must-revalidate")
	if len(body) >= worthGzip {
		h.Add("Vary", "Accept-Encoding")
		if static.AcceptsGzip(r) && r.Header.Get("Range") == "" {
			etag += "-gzip"
			if !strings.Contains(r.Header.Get("If-None-Match"), etag) {
				h.Set("Content-Encoding", "gzip")
				body = compress(body)
			}
		}
	}
	h.Set("ETag", strconv.Quote(etag))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return nil
}

// worthGzip is the shortest answer worth compressing: less fits into one packet.
const worthGzip = 1400

var gzipWriters = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

func compress(body []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(body) / 3)
	w := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(w)
	w.Reset(&b)
	_, _ = w.Write(body) // memory doesn't fail
	_ = w.Close()
	return b.Bytes()
}

// answerPublicJSON answers anybody with a document that may be kept as a page may.
func answerPublicJSON(w http.ResponseWriter, r *http.Request, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return cacheable(w, r, "application/json; charset=utf-8", body)
}

// private answers with a page for one person, which nobody may keep.
func (s *Server) private(w http.ResponseWriter, code int, page any) error {
	body, err := s.Templates.Render(page)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	writeHTML(w, code, body)
	return nil
}

// moved sends everybody from an old address to the one of today. It may become the old
// one's turn again, so nobody is to remember this without asking.
func moved(w http.ResponseWriter, r *http.Request, to string) error {
	w.Header().Set("Cache-Control", "public, max-age=0, must-revalidate")
	http.Redirect(w, r, to, http.StatusMovedPermanently)
	return nil
}

// seeOther sends a browser on after a form, and a server from a page to the id of what
// it shows (RFC 9110 section 15.4.4).
func seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	w.Header().Set("Cache-Control", "private, no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
