package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"confnotes/internal/account"
	"confnotes/models"
	"confnotes/templates"
)

// cookieName: the __Host- prefix ties the cookie to this host over https; over plain
// http, a lab or a first try, a Secure cookie would be lost (Safari, and every
// browser away from localhost).
func (s *Server) cookieName() string {
	if s.IRIs.Secure() {
		return "__Host-session"
	}
	return "session"
}

func (s *Server) setSession(w http.ResponseWriter, token string) {
	c := &http.Cookie{Name: s.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: s.IRIs.Secure(),
		SameSite: http.SameSiteLaxMode, MaxAge: int(account.SessionLife.Seconds())}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *Server) sessionToken(r *http.Request) string {
	c, err := r.Cookie(s.cookieName())
	if err != nil {
		return ""
	}
	return c.Value
}

// signedIn lets only a signed-in account through. Others are asked to sign in; what
// they had typed into a form is kept in that page.
func (s *Server) signedIn(f handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := s.Accounts.BySession(r.Context(), s.sessionToken(r))
		if errors.Is(err, models.ErrNotFound) {
			return s.askToSignIn(w, r)
		}
		if err != nil {
			return err
		}
		return f(w, r.WithContext(context.WithValue(r.Context(), accountKey, a)))
	}
}

func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return seeOther(w, r, templates.PathSignIn+"?next="+queryEscape(r.URL.Path))
	}
	if err := parseForm(r); err != nil {
		return err
	}
	page, err := s.signInPage(r)
	if err != nil {
		return err
	}
	page.Next, page.Kept = next(r.URL.Path), typed(r)
	return s.private(w, http.StatusUnauthorized, *page)
}

// typed returns what a form of the editor carries; of other forms, nothing is worth keeping.
func typed(r *http.Request) []templates.Field {
	m := manuscript(r)
	if m.Title+m.Summary+m.Tags+m.Takeaway+m.Source == "" {
		return nil
	}
	var fields []templates.Field
	for _, name := range manuscriptFields {
		fields = append(fields, templates.Field{Name: name, Value: r.PostForm.Get(name)})
	}
	return fields
}

const keptPrefix = "kept."

func kept(r *http.Request) []templates.Field {
	var fields []templates.Field
	for _, name := range manuscriptFields {
		if r.PostForm.Has(keptPrefix + name) {
			fields = append(fields, templates.Field{Name: name, Value: r.PostForm.Get(keptPrefix + name)})
		}
	}
	return fields
}

func (s *Server) signInPage(r *http.Request) (*templates.SignIn, error) {
	site, err := s.site(r.Context())
	if err != nil {
		return nil, err
	}
	return &templates.SignIn{Page: templates.Page{Language: site.Language, Site: site, NoIndex: true, Notices: notices(r)}}, nil
}

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Accounts.BySession(r.Context(), s.sessionToken(r)); err == nil {
		return seeOther(w, r, next(r.URL.Query().Get("next")))
	}
	page, err := s.signInPage(r)
	if err != nil {
		return err
	}
	page.Next = next(r.URL.Query().Get("next"))
	return s.private(w, http.StatusOK, *page)
}

// next keeps a path on this server to go on to, never another host: "//evil" and
// "/\evil" are other hosts to a browser. One that only takes a form has its page elsewhere.
func next(path string) string {
	if path == templates.PathPassword || path == templates.PathFace || path == templates.PathIntroduction || path == templates.PathFollowControls {
		return templates.PathSettings
	}
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\%\r\n\t") {
		return templates.PathPosts
	}
	return path
}

// handleOf reads a handle as people type theirs: with @, with the domain.
func (s *Server) handleOf(typed string) string {
	typed = strings.TrimPrefix(strings.TrimSpace(typed), "@")
	if handle, ok := s.IRIs.LocalName(typed); ok {
		return handle
	}
	return typed
}

// signIn starts a session with a new token: one that was there before is ended, so
// that it can't have been planted.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := r.PostForm
	token, err := s.Accounts.SignIn(r.Context(), s.handleOf(f.Get("handle")), f.Get("password"), s.clientAddress(r))
	var throttled *account.ThrottledError
	if errors.Is(err, account.ErrWrong) || errors.As(err, &throttled) {
		page, pageErr := s.signInPage(r)
		if pageErr != nil {
			return pageErr
		}
		page.Handle, page.Next, page.Kept = f.Get("handle"), next(f.Get("next")), kept(r)
		if throttled != nil {
			page.Wait = throttled.Wait
			setRetryAfter(w, err)
			return s.private(w, http.StatusTooManyRequests, *page)
		}
		page.Wrong = true
		return s.private(w, http.StatusUnauthorized, *page)
	}
	if err != nil {
		return err
	}
	if old := s.sessionToken(r); old != "" {
		if err := s.Accounts.SignOut(r.Context(), old); err != nil {
			return err
		}
	}
	s.setSession(w, token)
	if fields := kept(r); len(fields) > 0 {
		return s.restore(w, r, token, fields)
	}
	return seeOther(w, r, next(f.Get("next")))
}

// restore opens the editor, or the page of answering, with what was typed when the
// session had ended.
func (s *Server) restore(w http.ResponseWriter, r *http.Request, token string, fields []templates.Field) error {
	a, err := s.Accounts.BySession(r.Context(), token)
	if err != nil {
		return err
	}
	r = r.WithContext(context.WithValue(r.Context(), accountKey, a))
	for _, field := range fields {
		r.PostForm.Set(field.Name, field.Value)
	}
	if post, ok := strings.CutPrefix(next(r.PostForm.Get("next")), templates.PathAnswer+"/"); ok {
		r = mux.SetURLVars(r, map[string]string{"post": post})
		if found, err := s.toAnswer(r); err == nil {
			return s.answerPage(w, r, http.StatusOK, found, templates.Answer{Page: templates.Page{Notices: []templates.Notice{{ID: templates.TextRestored}}},
				ClientID: r.PostForm.Get("client_id"), Source: r.PostForm.Get("source")})
		}
	}
	id, _ := strings.CutPrefix(next(r.PostForm.Get("next")), templates.PathWrite+"/")
	if strings.HasPrefix(id, "/") {
		id = ""
	}
	e, err := s.editorFor(r, a, id)
	if errors.Is(err, models.ErrNotFound) {
		e, err = s.editorFor(r, a, "") // somebody else signed in: the text is still theirs to keep
	}
	if err != nil {
		return err
	}
	return s.showEditor(w, r, http.StatusOK, e, manuscript(r), nil, templates.Notice{ID: templates.TextRestored})
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.Accounts.SignOut(r.Context(), s.sessionToken(r)); err != nil {
		return err
	}
	s.setSession(w, "")
	return seeOther(w, r, templates.PathSignIn+"?"+noticeQuery(templates.SignedOut, ""))
}

func (s *Server) setupPage(r *http.Request) (*templates.Setup, error) {
	site, err := s.site(r.Context())
	if err != nil {
		return nil, err
	}
	return &templates.Setup{Page: templates.Page{Language: site.Language, Site: site, NoIndex: true},
		BaseURL: s.IRIs.Base(), Host: s.IRIs.Domain(), SiteLanguage: site.Language, PasswordMin: account.MinPassword}, nil
}

// showSetup opens with the one-time link alone.
func (s *Server) showSetup(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	open, err := s.Accounts.SetupOpen(r.Context(), token)
	if err != nil {
		return err
	}
	if !open {
		return account.ErrSetupOver
	}
	page, err := s.setupPage(r)
	if err != nil {
		return err
	}
	page.Token = token
	return s.private(w, http.StatusOK, *page)
}

func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := r.PostForm
	in := account.Setup{Token: f.Get("token"), SiteName: f.Get("site_name"), SiteLanguage: s.spoken(f.Get("site_language")),
		Owner: account.New{Handle: f.Get("handle"), Name: f.Get("name"), Password: f.Get("password")}}
	session, err := s.Accounts.SetUp(r.Context(), in)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		page, pageErr := s.setupPage(r)
		if pageErr != nil {
			return pageErr
		}
		page.Token, page.SiteName, page.SiteLanguage = in.Token, in.SiteName, in.SiteLanguage
		page.Handle, page.Name, page.Problems = in.Owner.Handle, in.Owner.Name, problems(invalid)
		return s.private(w, http.StatusUnprocessableEntity, *page)
	}
	if err != nil {
		return err
	}
	s.setSession(w, session)
	return seeOther(w, r, templates.PathWrite)
}

// spoken keeps a language of the interface.
func (s *Server) spoken(tag string) string { return s.Catalogue.For(tag).Language() }
