package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"confnotes/models"
	"confnotes/templates"
)

// maxWritten bounds the list of one's own writing.
const maxWritten = 200

// onTheWeb says whether an article has a page for everybody: one for followers alone hasn't.
func onTheWeb(p *models.Post) bool {
	return models.CanSee(models.Viewer{}, models.Sight{Post: p})
}

// posts lists what the account wrote.
func (s *Server) posts(w http.ResponseWriter, r *http.Request) error {
	view, err := s.postsPage(r)
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *view)
}

// pin puts one of the account's articles first on its profile, or takes it down.
func (s *Server) pin(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	post, err := s.Store.Posts.ByPublicID(r.Context(), r.PostForm.Get("post"))
	if err != nil {
		return err
	}
	on, notice := true, templates.ArticlePinned
	switch r.PostForm.Get("action") {
	case "pin":
	case "unpin":
		on, notice = false, templates.ArticleUnpinned
	default:
		return errBadRequest
	}
	err = s.Outbox.Feature(r.Context(), accountFrom(r), post.ID, on)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		view, err := s.postsPage(r)
		if err != nil {
			return err
		}
		view.Problems = templates.Problems{"": {ID: templates.EnoughPinned, Limit: invalid.Limit}}
		return s.private(w, http.StatusUnprocessableEntity, *view)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.PathPosts+"?"+noticeQuery(notice, ""))
}

func (s *Server) postsPage(r *http.Request) (*templates.Posts, error) {
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	a := accountFrom(r)
	rows, err := s.Store.Posts.WrittenBy(r.Context(), a.ID, maxWritten)
	if err != nil {
		return nil, err
	}
	heads, err := s.Store.Revisions.HeadTitles(r.Context(), rows)
	if err != nil {
		return nil, err
	}
	replies, err := s.Store.Posts.CountThreads(r.Context(), models.ViewerOf(a), rows)
	if err != nil {
		return nil, err
	}
	failed, err := s.givenUp(r.Context(), a, rows)
	if err != nil {
		return nil, err
	}
	pinned, err := s.Store.Profiles.Featured(r.Context(), a.ActorID)
	if err != nil {
		return nil, err
	}
	view := &templates.Posts{Page: page}
	for _, p := range rows {
		post := templates.Post{Title: heads[p.ID].Title, Language: heads[p.ID].Language, EditURL: editURL(p), Changed: *p.SavedAt}
		if p.State == models.PostDraft {
			view.Drafts = append(view.Drafts, post)
			continue
		}
		post.ConversationURL, post.DeliveriesURL, post.GivenUp = editURL(p)+"/conversation", deliveriesURL(p), failed[s.IRIs.Post(p)]
		if onTheWeb(p) {
			post.ViewURL = s.IRIs.ArticlePage(a.Actor.HandleLC, p.Slug)
		}
		post.Published, post.Replies = *p.PublishedAt, int(replies[p.ID])
		if p.Visibility == models.VisibilityPublic && onTheWeb(p) {
			post.PinID, post.Pinned = *p.PublicID, slices.ContainsFunc(pinned, func(f *models.Post) bool { return f.ID == p.ID })
		}
		post.Unpublished = p.PublishedRevisionID != nil && p.HeadRevisionID != nil && *p.PublishedRevisionID != *p.HeadRevisionID
		view.Published = append(view.Published, post)
	}
	return view, nil
}

// givenUp counts the servers that an account's articles couldn't be delivered to, by the
// article's id.
func (s *Server) givenUp(ctx context.Context, a *models.Account, posts []*models.Post) (map[string]int, error) {
	iris := make([]string, len(posts))
	for i, p := range posts {
		iris[i] = s.IRIs.Post(p)
	}
	return s.Store.Deliveries.CountFailed(ctx, a.ActorID, iris)
}
