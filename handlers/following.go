package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"confnotes/activitypub"
	"confnotes/models"
	"confnotes/templates"
)

const followsAPage = 100

// showFollowing lists whom an account follows. Another server, or a page, may say whom to
// follow next: that is typed already, and nothing is done.
func (s *Server) showFollowing(w http.ResponseWriter, r *http.Request) error {
	return s.followingPage(w, r, http.StatusOK, r.URL.Query().Get("account"), nil)
}

func (s *Server) followingPage(w http.ResponseWriter, r *http.Request, code int, account string, problems templates.Problems) error {
	ctx, a := r.Context(), accountFrom(r)
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	view := templates.Following{Page: page, Account: account, Problems: problems}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	rows, err := s.Store.Follows.Of(ctx, a.ActorID, max(before, 0), followsAPage+1)
	if err != nil {
		return err
	}
	if len(rows) > followsAPage {
		rows = rows[:followsAPage]
		view.Older = templates.PathFollowing + "?before=" + strconv.FormatInt(rows[followsAPage-1].ID, 10)
	}
	ids := make([]int64, len(rows))
	for i, f := range rows {
		ids[i] = f.TargetID
	}
	cast, err := s.castOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, f := range rows {
		view.Followed = append(view.Followed, templates.Followed{Author: cast.author(f.TargetID), ActorID: strconv.FormatInt(f.TargetID, 10), Waiting: f.State == models.FollowPending})
	}
	if view.Suggestions, err = s.suggestions(ctx, a); err != nil {
		return err
	}
	return s.private(w, code, view)
}

// suggestions are the conferences here that an account doesn't follow.
func (s *Server) suggestions(ctx context.Context, a *models.Account) ([]templates.Author, error) {
	conferences, err := s.Store.Conferences.List(ctx, maxSuggested)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(conferences))
	for i, c := range conferences {
		ids[i] = c.ActorID
	}
	followed, err := s.Store.Follows.Among(ctx, a.ActorID, ids)
	if err != nil {
		return nil, err
	}
	var suggested []templates.Author
	for _, c := range conferences {
		if !followed[c.ActorID] {
			suggested = append(suggested, s.author(c.Actor))
		}
	}
	return suggested, nil
}

// follow begins or ends that an account reads somebody, for good with a block.
func (s *Server) follow(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	ctx, a, action := r.Context(), accountFrom(r), r.PostForm.Get("action")
	if action == "follow" {
		return s.beginFollow(w, r)
	}
	id, err := strconv.ParseInt(r.PostForm.Get("actor"), 10, 64)
	if err != nil {
		return errBadRequest
	}
	target, err := s.Store.Actors.ByID(ctx, id)
	if err != nil {
		return err
	}
	handle := s.author(target).Handle
	switch {
	case action == "unfollow":
		return s.back(w, r, s.Outbox.Unfollow(ctx, a, target), templates.PathFollowing+"?"+noticeQuery(templates.Unfollowed, handle))
	case action == "block" && !target.Local:
		return s.back(w, r, s.Outbox.Block(ctx, a, models.Block{AccountID: a.ID, ActorID: id}), templates.PathReading+"?"+noticeQuery(templates.Blocked, handle))
	}
	return errBadRequest
}

func (s *Server) beginFollow(w http.ResponseWriter, r *http.Request) error {
	account := strings.TrimSpace(r.PostForm.Get("account"))
	target, err := s.Outbox.Follow(r.Context(), accountFrom(r), account)
	if problem := followProblem(err); problem != "" {
		s.logFailure(r, http.StatusUnprocessableEntity, err)
		return s.followingPage(w, r, http.StatusUnprocessableEntity, account, templates.Problems{"account": {ID: problem}})
	}
	if err != nil {
		return err
	}
	notice := templates.FollowAsked
	if target.Local {
		notice = templates.FollowBegun
	}
	return seeOther(w, r, templates.PathFollowing+"?"+noticeQuery(notice, s.author(target).Handle))
}

// followProblem is what to say where somebody can't be followed; "" where that is no matter
// of what was typed.
func followProblem(err error) templates.ProblemID {
	switch {
	case errors.Is(err, activitypub.ErrNoServer):
		return templates.NoFollowAddress
	case errors.Is(err, activitypub.ErrNoWay):
		return templates.NoFollowAnswer
	case errors.Is(err, models.ErrNotFound):
		return templates.NoFollowTarget
	}
	return ""
}

// followable is where an account can follow somebody; "" for itself, and whom it follows.
func (s *Server) followable(ctx context.Context, a *models.Account, who *models.Actor) (string, error) {
	if who.ID == a.ActorID || who.State != models.StateActive {
		return "", nil
	}
	followed, err := s.Store.Follows.Among(ctx, a.ActorID, []int64{who.ID})
	if err != nil || followed[who.ID] {
		return "", err
	}
	return followURL(s.author(who).Handle), nil
}
