package handlers

import (
	"context"
	"net/http"
	"strconv"

	"confnotes/models"
	"confnotes/templates"
)

// quotesOf lists who quotes an article elsewhere, the newest first.
func (s *Server) quotesOf(ctx context.Context, article *models.Post) ([]templates.Quote, error) {
	rows, err := s.Store.Quotes.Of(ctx, article.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(rows))
	for i, q := range rows {
		ids[i] = q.ActorID
	}
	cast, err := s.castOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	quotes := make([]templates.Quote, len(rows))
	for i, q := range rows {
		quotes[i] = templates.Quote{ID: strconv.FormatInt(q.ID, 10), Author: cast.author(q.ActorID), URL: q.URL, Words: q.Excerpt, At: q.CreatedAt,
			Granted: q.State == models.QuoteGranted}
		if q.URL == "" {
			quotes[i].URL = q.URI
		}
	}
	return quotes, nil
}

// withdrawQuote takes back that somebody may quote an article.
func (s *Server) withdrawQuote(w http.ResponseWriter, r *http.Request, article *models.Post) error {
	id, err := strconv.ParseInt(r.PostForm.Get("quote"), 10, 64)
	if err != nil {
		return errBadRequest
	}
	return s.back(w, r, s.Outbox.WithdrawQuote(r.Context(), article, id), editURL(article)+"/conversation?"+noticeQuery(templates.QuoteWithdrawn, "")+"#quotes")
}
