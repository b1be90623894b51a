package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"

	"confnotes/activitypub"
	"confnotes/models"
	"confnotes/templates"
)

// elsewhereParam is the post that a page of notes elsewhere begins after.
const elsewhereParam = "elsewhere"

// notesElsewhere puts onto a talk's page what was written about it on other servers, and
// the conference's managers let stand. The list pages by itself: further notes elsewhere
// move none of those written here.
func (s *Server) notesElsewhere(r *http.Request, t *models.Talk, page *templates.TalkPage) error {
	ctx := r.Context()
	before, _ := strconv.ParseInt(r.URL.Query().Get(elsewhereParam), 10, 64)
	posts, err := s.Store.Posts.CoverageOn(ctx, t, max(before, 0), articlesAPage+1)
	if err != nil {
		return err
	}
	if len(posts) == 0 {
		return nil
	}
	count, err := s.Store.Posts.CountCoverageOn(ctx, t)
	if err != nil {
		return err
	}
	page.ElsewhereCount = int(count)
	if before > 0 {
		page.ElsewhereNewer = r.URL.Path + "#elsewhere"
	}
	if len(posts) > articlesAPage {
		posts = posts[:articlesAPage]
		page.ElsewhereOlder = r.URL.Path + "?" + elsewhereParam + "=" + strconv.FormatInt(posts[articlesAPage-1].ID, 10) + "#elsewhere"
	}
	page.Elsewhere, err = s.layElsewhere(ctx, t, posts)
	return err
}

// layElsewhere lays notes on a talk out that stand on other servers.
func (s *Server) layElsewhere(ctx context.Context, t *models.Talk, posts []*models.Post) (notes []templates.NoteElsewhere, err error) {
	cast, err := s.castOf(ctx, authorsOf(posts))
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	parts, err := s.Store.Coverage.Parts(ctx, t.ID, ids)
	for _, p := range posts {
		note := templates.NoteElsewhere{Author: cast.author(p.ActorID), Title: p.Title, URL: cmp.Or(parts[p.ID], p.URL), Language: p.Language, Lead: lead(p), Published: *p.PublishedAt}
		if p.Sensitive { // its author's warning alone
			note.Lead = p.Summary
		}
		notes = append(notes, note)
	}
	return notes, err
}

// showSisters puts onto the page of coverage which Groups elsewhere are of the conference,
// and what they are to it.
func (s *Server) showSisters(r *http.Request, c *models.Conference, view *templates.Coverage) error {
	ctx := r.Context()
	rows, err := s.Store.Sisters.Of(ctx, c.ID)
	if err != nil {
		return err
	}
	accepted, err := s.Store.Follows.AcceptedBy(ctx, c.ActorID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ActorID
	}
	cast, err := s.castOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, row := range rows {
		sister := templates.Sister{ID: strconv.FormatInt(row.ActorID, 10), Author: cast.author(row.ActorID), State: row.State}
		if row.State == models.SisterFollowed && !accepted[row.ActorID] {
			sister.State = "asked"
		}
		view.Sisters = append(view.Sisters, sister)
	}
	return nil
}

// changeSisters follows a Group elsewhere of the same conference, by its address or as one
// of those that were found, or unfollows it.
func (s *Server) changeSisters(w http.ResponseWriter, r *http.Request, c *models.Conference) error {
	a, f := accountFrom(r), r.PostForm
	if f.Get("sister") != "" {
		id, err := strconv.ParseInt(f.Get("sister"), 10, 64)
		if err != nil {
			return errBadRequest
		}
		return s.back(w, r, s.Outbox.SetSister(r.Context(), a, c, id, f.Get("action") == "follow"), coverageURL(c)+"#sisters-title")
	}
	if !s.lookups.Allow() {
		return s.refuseSister(w, r, c, http.StatusTooManyRequests, templates.Problem{ID: templates.TooManyLookups})
	}
	_, err := s.Outbox.FollowSister(r.Context(), a, c, f.Get("address"))
	if err == nil {
		return seeOther(w, r, coverageURL(c)+"#sisters-title")
	}
	s.logFailure(r, http.StatusUnprocessableEntity, err)
	return s.refuseSister(w, r, c, http.StatusUnprocessableEntity, addressProblem(err))
}

func (s *Server) refuseSister(w http.ResponseWriter, r *http.Request, c *models.Conference, code int, problem templates.Problem) error {
	view, err := s.coveragePage(r, c)
	if err != nil {
		return err
	}
	view.Address, view.Problems = r.PostForm.Get("address"), templates.Problems{"address": problem}
	return s.private(w, code, *view)
}

// blockCoverage keeps who wrote something, or their server, away from the whole instance;
// only its owners may.
func (s *Server) blockCoverage(w http.ResponseWriter, r *http.Request, c *models.Conference, post string, server bool) error {
	id, err := strconv.ParseInt(post, 10, 64)
	if err != nil {
		return errBadRequest
	}
	about, err := s.Store.Coverage.Between(r.Context(), c.ID, id)
	if err != nil {
		return err
	}
	written, err := s.Store.Posts.ByID(r.Context(), about.PostID)
	if err != nil {
		return err
	}
	block, name, err := s.blockOfAuthor(r, written, server)
	if err != nil {
		return err
	}
	return s.back(w, r, s.Outbox.Block(r.Context(), accountFrom(r), block), coverageURL(c)+"?"+noticeQuery(templates.Blocked, name))
}

// addressProblem is what is wrong with the address of a conference elsewhere.
func addressProblem(err error) templates.Problem {
	var invalid *models.InvalidError
	switch {
	case errors.Is(err, activitypub.ErrNoServer):
		return templates.Problem{ID: templates.NoAddress}
	case errors.As(err, &invalid):
		return templates.ProblemOf(string(invalid.Reason), invalid.Limit)
	}
	return templates.Problem{ID: templates.NobodyThere}
}
