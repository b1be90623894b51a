package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"confnotes/models"
	"confnotes/templates"
)

const notificationsAPage = 60

// notificationKinds can be asked for alone.
var notificationKinds = []string{models.NotifyFollow, models.NotifyReply, models.NotifyMention, models.NotifyLike, models.NotifyBoost, models.NotifyQuote, models.NotifyReport, models.NotifyCoverage, models.NotifyRequest, models.NotifyMoved}

// showNotifications lists what others did, the newest first. A page that is looked at
// changes nothing, as with every GET: its button says that it was read, and its script
// presses it.
func (s *Server) showNotifications(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), accountFrom(r)
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	asked := r.URL.Query()
	view := templates.Notifications{Page: page, Kind: asked.Get("kind"), Followed: asked.Get("from") == templates.FromFollowed}
	if !slices.Contains(notificationKinds, view.Kind) {
		view.Kind = ""
	}
	which := models.Which{Kind: view.Kind, Followed: view.Followed}
	which.Before, _ = strconv.ParseInt(asked.Get("before"), 10, 64)
	rows, err := s.Store.Notifications.Newest(ctx, a.ID, which, notificationsAPage+1)
	if err != nil {
		return err
	}
	if len(rows) > notificationsAPage {
		rows = rows[:notificationsAPage]
		view.Before = rows[notificationsAPage-1].ID
	}
	seen, err := s.Store.Notifications.Seen(ctx, a.ID)
	if err != nil {
		return err
	}
	if len(rows) > 0 && rows[0].ID > seen {
		view.Newest = strconv.FormatInt(rows[0].ID, 10)
	}
	if view.Held, _, err = s.countHeld(ctx, a); err != nil {
		return err
	}
	if view.Asking, err = s.countAsking(ctx, a); err != nil {
		return err
	}
	view.Items, err = s.notificationItems(ctx, rows, seen)
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, view)
}

func (s *Server) countAsking(ctx context.Context, a *models.Account) (int, error) {
	n, _, err := s.Store.Follows.CountFollowers(ctx, a.ActorID, models.FollowPending)
	return int(n), err
}

func (s *Server) countHeld(ctx context.Context, a *models.Account) (n int, newest int64, err error) {
	total, newest, err := s.Store.Posts.CountHeld(ctx, models.ViewerOf(a))
	return int(total), newest, err
}

// news is what a page of notifications is made of.
type news struct {
	*cast
	posts  map[int64]*models.Post
	about  map[int64]*models.Conference
	places map[int64]*models.Actor // where those who moved are now, by who they were
}

func (s *Server) newsOf(ctx context.Context, rows []*models.Notification) (*news, error) {
	actorIDs, postIDs := make([]int64, len(rows)), make([]int64, len(rows))
	var of []int64
	for i, n := range rows {
		actorIDs[i], postIDs[i] = n.ActorID, n.PostID
		if n.ConferenceID != nil {
			of = append(of, *n.ConferenceID)
		}
	}
	all := &news{}
	var err error
	if all.cast, err = s.castOf(ctx, actorIDs); err != nil {
		return nil, err
	}
	if all.posts, err = s.Store.Posts.ByIDs(ctx, postIDs); err != nil {
		return nil, err
	}
	if all.places, err = s.newPlaces(ctx, all.cast, rows); err != nil {
		return nil, err
	}
	all.about, err = s.Store.Conferences.ByIDs(ctx, of)
	return all, err
}

// notificationItems gathers likes and boosts of one post, and follows, that came one
// after the other.
func (s *Server) notificationItems(ctx context.Context, rows []*models.Notification, seen int64) ([]templates.NotificationItem, error) {
	all, err := s.newsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	var items []templates.NotificationItem
	var last *models.Notification
	for _, n := range rows {
		together := n.Kind == models.NotifyLike || n.Kind == models.NotifyBoost || n.Kind == models.NotifyFollow || n.Kind == models.NotifyRequest
		if together && last != nil && last.Kind == n.Kind && last.PostID == n.PostID {
			item := &items[len(items)-1]
			item.Actors = append(item.Actors, all.author(n.ActorID))
			continue
		}
		last = n
		item := templates.NotificationItem{Kind: n.Kind, Actors: []templates.Author{all.author(n.ActorID)}, At: n.CreatedAt, New: n.ID > seen}
		s.leadTo(&item, n, all)
		items = append(items, item)
	}
	return items, nil
}

// leadTo has an item lead to what it tells of.
func (s *Server) leadTo(item *templates.NotificationItem, n *models.Notification, all *news) {
	if n.Kind == models.NotifyReport {
		item.URL = templates.PathReports
	} else if n.ConferenceID != nil && all.about[*n.ConferenceID] != nil {
		c := all.about[*n.ConferenceID]
		item.URL, item.Title = coverageURL(c), c.Actor.DisplayName()
	} else if place := all.places[n.ActorID]; n.Kind == models.NotifyMoved && place != nil {
		item.URL, item.Title = s.author(place).URL, s.author(place).Handle
	} else if p := all.posts[n.PostID]; p != nil {
		item.URL, item.Title, item.Language = answerURL(p.ID), p.Title, p.Language
		if p.Kind == models.KindReply || p.Title == "" {
			item.Words = excerptOf(p)
		}
		if n.Kind == models.NotifyQuote && p.Kind == models.KindArticle {
			item.URL = editURL(p) + "/conversation#quotes"
		}
		if p.Kind == models.KindReply && p.RootID == nil {
			item.URL = p.URL // in a conversation that stands elsewhere
		}
	}
}

// newPlaces returns where those who moved are now, by who they were.
func (s *Server) newPlaces(ctx context.Context, cast *cast, rows []*models.Notification) (map[int64]*models.Actor, error) {
	var ids []int64
	for _, n := range rows {
		if a := cast.actors[n.ActorID]; n.Kind == models.NotifyMoved && a != nil && a.MovedToID != nil {
			ids = append(ids, *a.MovedToID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	actors, err := s.Store.Actors.ByIDs(ctx, ids)
	places := make(map[int64]*models.Actor, len(ids))
	for _, n := range rows {
		if a := cast.actors[n.ActorID]; a != nil && a.MovedToID != nil {
			places[n.ActorID] = actors[*a.MovedToID]
		}
	}
	return places, err
}

// seeNotifications marks what a page showed as read.
func (s *Server) seeNotifications(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PostForm.Get("newest"), 10, 64)
	if err != nil {
		return errBadRequest
	}
	a := accountFrom(r)
	err = s.Store.InTx(r.Context(), func(tx *models.Store) error { return tx.Notifications.MarkSeen(r.Context(), a.ID, id) })
	return s.back(w, r, err, templates.PathNotifications)
}

const heldAPage = 50

// showHeld lists the replies that wait for the account's word.
func (s *Server) showHeld(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), accountFrom(r)
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	rows, err := s.Store.Posts.Held(ctx, models.ViewerOf(a), max(after, 0), heldAPage+1)
	if err != nil {
		return err
	}
	view := templates.Held{Page: page}
	var newest int64
	if view.Total, newest, err = s.countHeld(ctx, a); err != nil {
		return err
	}
	view.Last = strconv.FormatInt(newest, 10)
	if len(rows) > heldAPage {
		rows = rows[:heldAPage]
		view.More = templates.PathHeld + "?after=" + strconv.FormatInt(rows[heldAPage-1].ID, 10)
	}
	if view.Replies, err = s.heldReplies(ctx, rows); err != nil {
		return err
	}
	return s.private(w, http.StatusOK, view)
}

func (s *Server) heldReplies(ctx context.Context, rows []*models.Post) ([]templates.HeldReply, error) {
	var ids, rootIDs []int64
	for _, p := range rows {
		ids, rootIDs = append(ids, p.ID), append(rootIDs, *p.RootID)
	}
	cast, err := s.castOf(ctx, authorsOf(rows))
	if err != nil {
		return nil, err
	}
	attached, err := s.Store.Media.Attached(ctx, ids)
	if err != nil {
		return nil, err
	}
	roots, err := s.Store.Posts.ByIDs(ctx, rootIDs)
	if err != nil {
		return nil, err
	}
	var replies []templates.HeldReply
	for _, p := range rows {
		root := roots[*p.RootID]
		replies = append(replies, templates.HeldReply{Reply: s.reply(p, cast, root, attached[p.ID]), Article: templates.Link{Label: root.Title, URL: editURL(root) + "/conversation"}})
	}
	return replies, nil
}

// decideHeld releases or rejects the replies that were ticked, or all that were there
// when the page was made.
func (s *Server) decideHeld(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	moderation, all, ok := heldAction(r.PostForm.Get("action"))
	last, err := strconv.ParseInt(r.PostForm.Get("last"), 10, 64)
	if !ok || all && err != nil {
		return errBadRequest
	}
	if !all {
		last = 0
	}
	err = s.Moderation.Decide(r.Context(), accountFrom(r), last, tickedIDs(r.PostForm["reply"]), moderation)
	notice := templates.ReplyShown
	if moderation == models.ModerationHidden {
		notice = templates.ReplyHidden
	}
	return s.back(w, r, err, templates.PathHeld+"?"+noticeQuery(notice, ""))
}

func heldAction(action string) (moderation string, all, ok bool) {
	switch action {
	case "release", "release-all":
		return models.ModerationShown, action == "release-all", true
	case "reject", "reject-all":
		return models.ModerationHidden, action == "reject-all", true
	}
	return "", false, false
}
