package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"confnotes/internal/draft"
	"confnotes/internal/recap"
	"confnotes/models"
	"confnotes/templates"
)

// manuscriptFields are the fields of the editor's form.
var manuscriptFields = []string{"client_id", "version", "title", "summary", "language", "tags", "slug", "source",
	"cover", "cover_alt", "cover_caption", "attach", "replies", "quotes", "visibility", "talk", "takeaway", "conference", "day"}

// manuscript reads the editor's form.
func manuscript(r *http.Request) templates.Manuscript {
	f := r.PostForm
	assemble(f)
	version, _ := strconv.Atoi(f.Get("version"))
	return templates.Manuscript{ClientID: f.Get("client_id"), Version: max(version, 0), Title: f.Get("title"), Summary: f.Get("summary"),
		Language: f.Get("language"), Tags: f.Get("tags"), Slug: f.Get("slug"), Source: f.Get("source"),
		Cover: f.Get("cover"), CoverAlt: f.Get("cover_alt"), CoverCaption: f.Get("cover_caption"), Attach: f.Get("attach") != "", Replies: f.Get("replies"), Quotes: f.Get("quotes"), Visibility: f.Get("visibility"),
		Talk: f.Get("talk"), Takeaway: f.Get("takeaway"), Conference: f.Get("conference"), Day: f.Get("day")}
}

func textOf(m templates.Manuscript) models.RevisionText {
	return models.RevisionText{Language: m.Language, Title: m.Title, Summary: m.Summary, Source: m.Source, Tags: m.Tags, Slug: m.Slug,
		Cover: m.Cover, CoverAlt: m.CoverAlt, CoverCaption: m.CoverCaption, Attach: m.Attach, Replies: m.Replies, Quotes: m.Quotes, Visibility: m.Visibility, Takeaway: m.Takeaway}
}

func manuscriptOf(clientID string, rev *models.Revision) templates.Manuscript {
	t := rev.Text
	return templates.Manuscript{ClientID: clientID, Version: rev.Number, Title: t.Title, Summary: t.Summary, Language: t.Language,
		Tags: t.Tags, Slug: t.Slug, Source: t.Source,
		Cover: t.Cover, CoverAlt: t.CoverAlt, CoverCaption: t.CoverCaption, Attach: t.Attach, Replies: t.Replies, Quotes: t.Quotes, Visibility: t.Visibility, Takeaway: t.Takeaway}
}

// editor is one text being written: a post, nil for a new one, and where its form goes.
type editor struct {
	post     *models.Post
	action   string
	sections []recap.Section // of a recap that is being arranged
	naming   []string        // whom the text names who isn't to be named
}

// postID is that of what is edited, 0 for what is new.
func (e *editor) postID() int64 {
	if e.post == nil {
		return 0
	}
	return e.post.ID
}

// editorFor finds the post that an account may write on; "" is a new one. Others'
// posts are answered as absent.
func (s *Server) editorFor(r *http.Request, a *models.Account, publicID string) (*editor, error) {
	if publicID == "" {
		return &editor{action: templates.PathWrite}, nil
	}
	post, err := s.Store.Posts.ByPublicID(r.Context(), publicID)
	if err != nil {
		return nil, err
	}
	if post.AccountID == nil || *post.AccountID != a.ID || post.State == models.PostDeleted {
		return nil, models.ErrNotFound
	}
	return &editor{post: post, action: editURL(post)}, nil
}

func editURL(p *models.Post) string { return templates.PathWrite + "/" + *p.PublicID }

func (e *editor) state() templates.State {
	if e.post == nil || e.post.State != models.PostPublished {
		return templates.Draft
	}
	return templates.Published
}

func (s *Server) showNew(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if q.Has("talk") {
		return s.showNewNote(w, r, q.Get("talk"))
	}
	if q.Has("line") {
		return s.showLine(w, r, q.Get("line"))
	}
	e, err := s.editorFor(r, accountFrom(r), "")
	if err != nil {
		return err
	}
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	return s.showEditor(w, r, http.StatusOK, e, templates.Manuscript{ClientID: models.NewPublicID(), Language: site.Language}, nil)
}

func (s *Server) showWrite(w http.ResponseWriter, r *http.Request) error {
	e, err := s.editorFor(r, accountFrom(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	head, err := s.Store.Revisions.Head(r.Context(), e.post)
	if err != nil {
		return err
	}
	return s.showEditor(w, r, http.StatusOK, e, manuscriptOf(clientID(e.post), head), nil)
}

// clientID is what the form of a post carries. One published from a shell has an id
// made there.
func clientID(p *models.Post) string {
	if p.ClientID == nil {
		return ""
	}
	return *p.ClientID
}

func (s *Server) showEditor(w http.ResponseWriter, r *http.Request, code int, e *editor, m templates.Manuscript, p templates.Problems, list ...templates.Notice) error {
	page, err := s.desk(r, list...)
	if err != nil {
		return err
	}
	view := templates.Write{Page: page, Text: m, Action: e.action, Naming: e.naming, Problems: p}
	if err := s.showTalk(r.Context(), e, &view); err != nil {
		return err
	}
	if err := s.showSections(r.Context(), accountFrom(r), e, &view); err != nil {
		return err
	}
	if err := s.showRecaps(r.Context(), e, &view); err != nil {
		return err
	}
	if err := s.showPictures(r.Context(), &view); err != nil {
		return err
	}
	if e.post != nil {
		view.State = e.state()
		if e.post.SavedAt != nil {
			view.SavedAt = *e.post.SavedAt
		}
		if onTheWeb(e.post) {
			view.URL = s.IRIs.ArticlePage(accountFrom(r).Actor.HandleLC, e.post.Slug)
		}
		if view.Within, err = s.within(r.Context(), e.post); err != nil {
			return err
		}
	}
	return s.private(w, code, view)
}

// write takes the editor's form: one button is one action.
func (s *Server) write(w http.ResponseWriter, r *http.Request) error {
	upload, uploadErr := s.parseUpload(w, r)
	if upload != nil {
		defer func() { _ = upload.Close() }()
	}
	var invalid *models.InvalidError
	if uploadErr != nil && !errors.As(uploadErr, &invalid) {
		return uploadErr
	}
	m, action := manuscript(r), r.PostForm.Get("action")
	e, err := s.editorFor(r, accountFrom(r), mux.Vars(r)["id"])
	if err == nil {
		err = uploadErr
	} else {
		e = &editor{action: r.URL.Path}
	}
	if err != nil {
		return s.refuseText(w, r, e, m, err, false)
	}
	switch action {
	case "save":
		err = s.save(w, r, e, m)
	case "publish":
		err = s.publish(w, r, e, m)
	case "preview":
		err = s.preview(w, r, e, m)
	case "picture":
		err = s.insertPicture(w, r, e, m, upload)
	case "uncover":
		m.Cover, m.CoverAlt, m.CoverCaption = "", "", ""
		return s.showEditor(w, r, http.StatusOK, e, m, nil)
	case "edit":
		return s.showEditor(w, r, http.StatusOK, e, m, nil)
	case "read-line":
		return s.showLine(w, r, r.PostForm.Get("line"))
	case "line":
		return s.startFromLine(w, r)
	case "delete":
		return s.deleteArticle(w, r, e, m)
	case "leave":
		err = s.leave(w, r, e, m)
	case "recaps":
		err = s.updateRecaps(w, r, e, m)
	default:
		err = s.arrange(w, r, e, m, action)
	}
	return s.refuseText(w, r, e, m, err, action == "publish")
}

// refuseText shows a text that could not be taken again, with what is wrong, or the
// two versions side by side.
func (s *Server) refuseText(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript, err error, publishing bool) error {
	var invalid *models.InvalidError
	var conflict *draft.ConflictError
	switch {
	case errors.As(err, &invalid):
		return s.showEditor(w, r, http.StatusUnprocessableEntity, e, m, problems(invalid))
	case errors.As(err, &conflict):
		page, err := s.desk(r)
		if err != nil {
			return err
		}
		theirs := manuscriptOf(m.ClientID, conflict.Theirs)
		m.Version, theirs.Talk = theirs.Version, m.Talk
		return s.private(w, http.StatusConflict, templates.Conflict{Page: page, Mine: m, Theirs: theirs, TheirsAt: conflict.Theirs.CreatedAt,
			Action: editURL(conflict.Post), Publishing: publishing, KeepURL: editURL(conflict.Post)})
	case errors.Is(err, models.ErrNotFound) && m.Title+m.Takeaway+m.Source != "":
		// The article is gone, or never was theirs; the words are, and go on as a new one.
		m.ClientID, m.Version = models.NewPublicID(), 0
		return s.showEditor(w, r, http.StatusNotFound, &editor{action: templates.PathWrite}, m, nil, templates.Notice{ID: templates.TextRestored})
	case err != nil && status(err) >= http.StatusInternalServerError:
		// Whatever failed on our side, what was typed goes back to its author.
		s.logFailure(r, http.StatusInternalServerError, err)
		return s.showEditor(w, r, status(err), e, m, templates.Problems{"": {ID: templates.NotSaved}})
	}
	return err
}

func (s *Server) input(r *http.Request, e *editor, m templates.Manuscript) (draft.Input, error) {
	in := draft.Input{Account: accountFrom(r), ClientID: m.ClientID, Base: m.Version, Text: textOf(m)}
	if e.post != nil {
		in.PostID = e.post.ID
	}
	about, err := s.about(r.Context(), e, m)
	in.About = &about
	return in, err
}

func (s *Server) save(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript) error {
	if err := s.saveText(r, e, m); err != nil {
		return err
	}
	return seeOther(w, r, editURL(e.post)+"?"+noticeQuery(templates.DraftSaved, ""))
}

// saveText saves what was typed, and gives the editor the post that it is.
func (s *Server) saveText(r *http.Request, e *editor, m templates.Manuscript) error {
	in, err := s.input(r, e, m)
	if err != nil {
		return err
	}
	if err := draft.Clean(&in.Text); err != nil {
		return err
	}
	return s.Store.InTx(r.Context(), func(tx *models.Store) error {
		post, _, err := s.Drafts.Save(r.Context(), tx, in)
		if err == nil {
			e.post = post
		}
		return err
	})
}

func (s *Server) publish(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript) error {
	var err error
	if e.naming, err = s.unnamed(r, e, m); err != nil {
		return err
	}
	if len(e.naming) > 0 {
		return s.showEditor(w, r, http.StatusUnprocessableEntity, e, m, nil)
	}
	in, err := s.input(r, e, m)
	if err != nil {
		return err
	}
	done, err := s.Outbox.Publish(r.Context(), in, time.Time{})
	if err != nil {
		return err
	}
	id := templates.ArticlePublished
	if done.Post.UpdatedAt != nil {
		id = templates.ArticleUpdated
	}
	q := url.Values{noticeParam: {string(id)}, missingParam: done.Unresolved}
	return seeOther(w, r, editURL(done.Post)+"?"+q.Encode())
}

// deleteArticle asks once more, then deletes.
func (s *Server) deleteArticle(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript) error {
	if e.post == nil {
		return errBadRequest
	}
	if r.PostForm.Get("confirm") == "yes" && r.PostForm.Get("keep") == "yes" {
		kept, err := s.Outbox.Unpublish(r.Context(), accountFrom(r), e.post.ID)
		if err != nil {
			return err
		}
		return seeOther(w, r, editURL(kept)+"?"+noticeQuery(templates.ArticleUnpublished, ""))
	}
	if r.PostForm.Get("confirm") == "yes" {
		if err := s.Outbox.Delete(r.Context(), accountFrom(r), e.post.ID); err != nil {
			return err
		}
		return seeOther(w, r, templates.PathPosts+"?"+noticeQuery(templates.ArticleDeleted, ""))
	}
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	counts, err := s.Store.Reactions.CountsOf(r.Context(), e.post.ID)
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, templates.ConfirmDelete{Page: page, Text: m, Action: e.action, State: e.state(),
		Replies: int(counts.Replies), KeepURL: e.action})
}
