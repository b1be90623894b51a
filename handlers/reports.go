package handlers

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"confnotes/models"
	"confnotes/templates"
)

const reportsAPage = 50

// showReports lists what other servers report of ours, the oldest first, to those who look
// after every conversation.
func (s *Server) showReports(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), accountFrom(r)
	if !a.Moderates() {
		return models.ErrNotFound
	}
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	rows, err := s.Store.Reports.Open(ctx, max(after, 0), reportsAPage+1)
	if err != nil {
		return err
	}
	view := templates.Reports{Page: page}
	if len(rows) > reportsAPage {
		rows = rows[:reportsAPage]
		view.More = templates.PathReports + "?after=" + strconv.FormatInt(rows[reportsAPage-1].ID, 10)
	}
	if view.Reports, err = s.reports(ctx, a, rows); err != nil {
		return err
	}
	return s.private(w, http.StatusOK, view)
}

func (s *Server) reports(ctx context.Context, a *models.Account, rows []*models.Report) ([]templates.Report, error) {
	var actorIDs, postIDs []int64
	for _, r := range rows {
		actorIDs, postIDs = append(actorIDs, r.ActorID, r.TargetID), append(postIDs, r.PostIDs...)
	}
	cast, err := s.castOf(ctx, actorIDs)
	if err != nil {
		return nil, err
	}
	posts, err := s.Store.Posts.ByIDs(ctx, postIDs)
	if err != nil {
		return nil, err
	}
	visible, err := s.Store.Posts.Visible(ctx, models.ViewerOf(a), postIDs)
	if err != nil {
		return nil, err
	}
	reports := make([]templates.Report, len(rows))
	for i, r := range rows {
		reports[i] = templates.Report{ID: strconv.FormatInt(r.ID, 10), By: cast.author(r.ActorID), Of: cast.author(r.TargetID), Words: r.Comment, At: r.CreatedAt}
		for _, id := range r.PostIDs {
			switch p := posts[id]; {
			case p == nil || p.State != models.PostPublished:
			case visible[id]:
				reports[i].Posts = append(reports[i].Posts, s.reportedPost(p, cast))
			default: // to be reported shows it to nobody
				reports[i].Private++
			}
		}
	}
	return reports, nil
}

// reportedPost leads to where a moderator reads, and may delete, what is reported.
func (s *Server) reportedPost(p *models.Post, cast *cast) templates.Link {
	if p.Kind == models.KindArticle && onTheWeb(p) {
		if author := cast.actors[p.ActorID]; author != nil {
			return templates.Link{Label: p.Title, URL: s.IRIs.ArticlePage(author.HandleLC, p.Slug)}
		}
	}
	return templates.Link{Label: cmp.Or(p.Title, excerptOf(p)), URL: answerURL(p.ID)}
}

// decideReport says that somebody looked at a report.
func (s *Server) decideReport(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if !accountFrom(r).Moderates() {
		return models.ErrNotFound
	}
	id, err := strconv.ParseInt(r.PostForm.Get("report"), 10, 64)
	if err != nil || r.PostForm.Get("action") != "resolve" {
		return errBadRequest
	}
	err = s.Store.InTx(r.Context(), func(tx *models.Store) error { return tx.Reports.Resolve(r.Context(), id, s.Now()) })
	return s.back(w, r, err, templates.PathReports+"?"+noticeQuery(templates.ReportResolved, ""))
}

// report tells the server of whoever wrote a reply that it breaks rules.
func (s *Server) report(w http.ResponseWriter, r *http.Request, article, reply *models.Post) error {
	err := s.Outbox.Report(r.Context(), accountFrom(r), article, reply, r.PostForm.Get("comment"))
	return s.back(w, r, err, editURL(article)+"/conversation?"+noticeQuery(templates.Reported, ""))
}
