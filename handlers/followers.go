package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gorilla/mux"

	"confnotes/activitypub/vocab"
	"confnotes/models"
	"confnotes/templates"
)

// followedOne is who a page of followers is about: the account itself or, where the path
// names one, a conference or a series that it looks after.
func (s *Server) followedOne(r *http.Request) (actor *models.Actor, own bool, err error) {
	a, handle := accountFrom(r), mux.Vars(r)["handle"]
	if handle == "" {
		return a.Actor, true, nil
	}
	if actor, err = s.Store.Actors.LocalByHandle(r.Context(), handle); err != nil {
		return nil, false, err
	}
	role, err := s.Store.Conferences.Role(r.Context(), a, actor.ID)
	if err == nil && (role == "" || actor.Kind != models.ActorGroup || actor.State != models.StateActive) {
		err = models.ErrNotFound
	}
	return actor, false, err
}

func followersURL(actor *models.Actor, own bool) string {
	if own {
		return templates.PathFollowers
	}
	return templates.PathFollowers + "/" + actor.HandleLC
}

// followersState reads which a page is about: who follows or who asks to.
func followersState(values url.Values) string {
	if values.Get("state") == models.FollowPending {
		return models.FollowPending
	}
	return models.FollowAccepted
}

// mayBlockFollowers: an account blocks for itself; of a conference, which has no blocks of
// its own, an owner for the whole instance.
func mayBlockFollowers(a *models.Account, own bool) bool { return own || a.Role == models.RoleOwner }

// showFollowers lists who follows, or asks to.
func (s *Server) showFollowers(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor, own, err := s.followedOne(r)
	if err != nil {
		return err
	}
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	state, here := followersState(r.URL.Query()), followersURL(actor, own)
	view := templates.Followers{Page: page, Action: here, State: state, Blocking: mayBlockFollowers(accountFrom(r), own)}
	if !own {
		view.Conference = templates.Link{Label: actor.DisplayName(), URL: s.IRIs.ConferencePage(actor.HandleLC)}
	}
	if err := s.countFollowers(ctx, actor, &view); err != nil {
		return err
	}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	rows, err := s.Store.Follows.FollowersIn(ctx, actor.ID, state, max(before, 0), heldAPage+1)
	if err != nil {
		return err
	}
	if len(rows) > heldAPage {
		rows = rows[:heldAPage]
		view.More = here + "?state=" + state + "&before=" + strconv.FormatInt(rows[heldAPage-1].ID, 10)
	}
	if view.People, err = s.followerRows(ctx, rows); err != nil {
		return err
	}
	return s.private(w, http.StatusOK, view)
}

// countFollowers puts the numbers onto the page; the choice between the two states only
// where there is somebody to decide on, or may be.
func (s *Server) countFollowers(ctx context.Context, actor *models.Actor, view *templates.Followers) error {
	var tabs []templates.FollowersTab
	for _, state := range []string{models.FollowAccepted, models.FollowPending} {
		n, newest, err := s.Store.Follows.CountFollowers(ctx, actor.ID, state)
		if err != nil {
			return err
		}
		if state == view.State {
			view.Total, view.Last = int(n), strconv.FormatInt(newest, 10)
		}
		tabs = append(tabs, templates.FollowersTab{State: state, URL: view.Action + "?state=" + state, Count: int(n)})
	}
	if actor.Locked || tabs[1].Count > 0 || view.State == models.FollowPending {
		view.Tabs = tabs
	}
	return nil
}

func (s *Server) followerRows(ctx context.Context, rows []*models.Follow) ([]templates.FollowerRow, error) {
	ids := make([]int64, len(rows))
	for i, f := range rows {
		ids[i] = f.FollowerID
	}
	cast, err := s.castOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	people := make([]templates.FollowerRow, len(rows))
	for i, f := range rows {
		people[i] = templates.FollowerRow{Author: cast.author(f.FollowerID), ID: strconv.FormatInt(f.ID, 10), Since: f.CreatedAt}
	}
	return people, nil
}

// changeFollowers decides on those who were ticked, or on all who waited when the page was
// made.
func (s *Server) changeFollowers(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	actor, own, err := s.followedOne(r)
	if err != nil {
		return err
	}
	ctx, a, ids, action := r.Context(), accountFrom(r), tickedIDs(r.PostForm["follow"]), r.PostForm.Get("action")
	last := int64(0)
	if action == "accept-all" || action == "reject-all" {
		if last, err = strconv.ParseInt(r.PostForm.Get("last"), 10, 64); err != nil || last <= 0 {
			return errBadRequest
		}
	}
	var notice templates.NoticeID
	switch action {
	case "accept", "accept-all":
		notice, err = templates.FollowersAccepted, s.Outbox.AcceptFollowers(ctx, a, actor, last, ids)
	case "reject", "reject-all":
		notice, err = templates.FollowersRejected, s.Outbox.RejectFollowers(ctx, a, actor, last, ids)
	case "remove":
		notice, err = templates.FollowersRemoved, s.Outbox.RemoveFollowers(ctx, a, actor, ids)
	case "block-account", "block-server":
		notice, err = templates.FollowersBlocked, s.blockFollowers(r, actor, own, ids, action == "block-server")
	default:
		return errBadRequest
	}
	return s.back(w, r, err, followersURL(actor, own)+"?state="+followersState(r.PostForm)+"&"+noticeQuery(notice, ""))
}

// blockFollowers blocks those of an actor's followers that were ticked, or their servers.
func (s *Server) blockFollowers(r *http.Request, actor *models.Actor, own bool, ids []int64, servers bool) error {
	a := accountFrom(r)
	if !mayBlockFollowers(a, own) {
		return models.ErrNotFound
	}
	follows, err := s.Store.Follows.Chosen(r.Context(), actor.ID, models.FollowAccepted, 0, ids)
	if err != nil {
		return err
	}
	who := make([]int64, len(follows))
	for i, f := range follows {
		who[i] = f.FollowerID
	}
	actors, err := s.Store.Actors.ByIDs(r.Context(), who)
	if err != nil {
		return err
	}
	var blocks []models.Block
	for _, id := range who {
		if actors[id].Local {
			continue // blocks are of who is elsewhere
		}
		b := models.Block{ActorID: id}
		if servers {
			b = models.Block{Domain: vocab.Hostname(*actors[id].URI)}
		}
		if own {
			b.AccountID = a.ID
		}
		if !slices.Contains(blocks, b) {
			blocks = append(blocks, b)
		}
	}
	return s.Outbox.Block(r.Context(), a, blocks...)
}

// setFollowing decides how the account is followed.
func (s *Server) setFollowing(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := r.PostForm
	err := s.Outbox.SetFollowing(r.Context(), accountFrom(r), f.Get("approve") == "yes", f.Get("hide") == "yes")
	return s.back(w, r, err, templates.PathSettings+"?"+noticeQuery(templates.SettingsSaved, ""))
}
