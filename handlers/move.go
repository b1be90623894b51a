package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"confnotes/activitypub"
	"confnotes/models"
	"confnotes/templates"
)

// movePage is where an account is moved.
func (s *Server) movePage(r *http.Request) (*templates.Move, error) {
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	ctx, me := r.Context(), accountFrom(r).Actor
	aliases, err := s.Store.Actors.Aliases(ctx, me.ID)
	if err != nil {
		return nil, err
	}
	view := &templates.Move{Page: page, Address: "@" + s.IRIs.Acct(me.HandleLC)}
	for _, a := range aliases {
		view.Aliases = append(view.Aliases, templates.AliasRow{Author: s.author(a), ID: strconv.FormatInt(a.ID, 10)})
	}
	if again := activitypub.MovesAgain(me); again.After(s.Now()) {
		view.Again = again
	}
	if view.MovedTo, err = s.movedTo(ctx, me); err != nil || view.MovedTo == nil {
		return view, err
	}
	remaining, err := s.Store.Follows.Count(ctx, me.ID)
	view.Then, view.Remaining = int(me.MovedFollowers), int(remaining)
	return view, err
}

// movedTo is where an actor of ours moved; nil for one that stays.
func (s *Server) movedTo(ctx context.Context, a *models.Actor) (*templates.Author, error) {
	if a.MovedToID == nil {
		return nil, nil
	}
	target, err := s.Store.Actors.ByID(ctx, *a.MovedToID)
	if err != nil {
		return nil, err
	}
	author := s.author(target)
	return &author, nil
}

func (s *Server) showMove(w http.ResponseWriter, r *http.Request) error {
	page, err := s.movePage(r)
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *page)
}

// changeMove names an account that this one also is, or not any more; moves away; or takes
// that back.
func (s *Server) changeMove(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	ctx, a, f, notice := r.Context(), accountFrom(r), r.PostForm, templates.SettingsSaved
	var err error
	switch f.Get("action") {
	case "alias":
		_, err = s.Outbox.AddAlias(ctx, a, f.Get("alias"))
	case "unalias":
		id, bad := strconv.ParseInt(f.Get("id"), 10, 64)
		if bad != nil {
			return errBadRequest
		}
		err = s.Outbox.RemoveAlias(ctx, a, id)
	case "move":
		notice = templates.AccountMoved
		if err = s.Accounts.Confirm(ctx, a, f.Get("current"), s.clientAddress(r)); err == nil {
			_, err = s.Outbox.Move(ctx, a, f.Get("target"))
		}
	case "back":
		err = s.Outbox.MoveBack(ctx, a)
	default:
		return errBadRequest
	}
	if invalid, ok := errors.AsType[*models.InvalidError](err); ok {
		s.logFailure(r, http.StatusUnprocessableEntity, err)
		page, err := s.movePage(r)
		if err != nil {
			return err
		}
		page.Alias, page.Target, page.Problems = f.Get("alias"), f.Get("target"), problems(invalid)
		return s.private(w, http.StatusUnprocessableEntity, *page)
	}
	return s.back(w, r, err, templates.PathMove+"?"+noticeQuery(notice, ""))
}
