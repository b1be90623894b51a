package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"confnotes/models"
	"confnotes/templates"
)

func coverageURL(c *models.Conference) string {
	return templates.PathCoverage + "/" + c.Actor.HandleLC
}

// coverageStates are what a page of coverage shows one of, the first unless it is asked
// for another.
var coverageStates = []string{models.CoverageHeld, models.CoverageShown, models.CoverageHidden}

// coverageState reads which one a page is about.
func coverageState(values url.Values) string {
	if state := values.Get("state"); slices.Contains(coverageStates, state) {
		return state
	}
	return models.CoverageHeld
}

// showCoverage lists what others write elsewhere about a conference, for its managers.
func (s *Server) showCoverage(w http.ResponseWriter, r *http.Request) error {
	c, err := s.managed(r)
	if err != nil {
		return err
	}
	view, err := s.coveragePage(r, c)
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *view)
}

func (s *Server) coveragePage(r *http.Request, c *models.Conference) (*templates.Coverage, error) {
	ctx := r.Context()
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	state := coverageState(r.URL.Query())
	view := &templates.Coverage{Page: page, State: state, Action: coverageURL(c), Handle: "@" + s.IRIs.Acct(c.Actor.HandleLC), Blocking: accountFrom(r).Role == models.RoleOwner,
		Conference: templates.Link{Label: c.Actor.DisplayName(), URL: s.IRIs.ConferencePage(c.Actor.HandleLC)}}
	for _, tab := range coverageStates {
		n, newest, err := s.Store.Coverage.Count(ctx, c.ID, tab)
		if err != nil {
			return nil, err
		}
		if tab == state {
			view.Total, view.Last = int(n), strconv.FormatInt(newest, 10)
		}
		view.Tabs = append(view.Tabs, templates.CoverageTab{State: tab, URL: coverageURL(c) + "?state=" + tab, Count: int(n)})
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	rows, err := s.Store.Coverage.List(ctx, c.ID, state, max(after, 0), heldAPage+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > heldAPage {
		rows = rows[:heldAPage]
		view.More = coverageURL(c) + "?state=" + state + "&after=" + strconv.FormatInt(rows[heldAPage-1].ID, 10)
	}
	if view.Items, err = s.coverageItems(ctx, c, rows); err != nil {
		return nil, err
	}
	return view, s.showSisters(r, c, view)
}

func (s *Server) coverageItems(ctx context.Context, c *models.Conference, rows []*models.Post) ([]templates.CoverageItem, error) {
	ids := make([]int64, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	cast, err := s.castOf(ctx, authorsOf(rows))
	if err != nil {
		return nil, err
	}
	attached, err := s.Store.Media.Attached(ctx, ids)
	if err != nil {
		return nil, err
	}
	boosts, err := s.Store.Reactions.OfGroup(ctx, c.ActorID, ids)
	if err != nil {
		return nil, err
	}
	items := make([]templates.CoverageItem, len(rows))
	for i, p := range rows {
		items[i] = templates.CoverageItem{Reply: s.reply(p, cast, &models.Post{}, attached[p.ID]), Title: p.Title,
			Boosted: slices.ContainsFunc(boosts, func(b *models.Reaction) bool { return b.PostID == p.ID })}
	}
	return items, nil
}

// decideCoverage shows, hides or boosts the posts that were ticked, or decides on all that
// waited when the page was made.
func (s *Server) decideCoverage(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	c, err := s.managed(r)
	if err != nil {
		return err
	}
	ids, last := tickedIDs(r.PostForm["post"]), int64(0)
	a, action := accountFrom(r), r.PostForm.Get("action")
	if action == "show-all" || action == "hide-all" {
		if last, err = strconv.ParseInt(r.PostForm.Get("last"), 10, 64); err != nil || last <= 0 {
			return errBadRequest
		}
	}
	for _, of := range []string{"account", "server"} {
		if post := r.PostForm.Get("block-" + of); post != "" {
			return s.blockCoverage(w, r, c, post, of == "server")
		}
	}
	switch action {
	case "follow", "unfollow":
		return s.changeSisters(w, r, c)
	case "show", "show-all":
		err = s.Outbox.DecideCoverage(r.Context(), a, c, last, ids, models.CoverageShown)
	case "hide", "hide-all":
		err = s.Outbox.DecideCoverage(r.Context(), a, c, last, ids, models.CoverageHidden)
	case "boost", "unboost":
		err = s.Outbox.BoostCoverage(r.Context(), a, c, ids, action == "boost")
	default:
		return errBadRequest
	}
	return s.back(w, r, err, coverageURL(c)+"?state="+coverageState(r.PostForm))
}

// tickedIDs are those of a page at most.
func tickedIDs(values []string) (ids []int64) {
	for _, v := range values {
		if id, err := strconv.ParseInt(v, 10, 64); err == nil && len(ids) < heldAPage {
			ids = append(ids, id)
		}
	}
	return ids
}
