package handlers

import (
	"net/http"
	"strconv"

	"confnotes/activitypub"
	"confnotes/models"
	"confnotes/templates"
)

// maxServers bounds the list of servers that an article was sent to; those that need a
// look stand first.
const maxServers = 300

// showDeliveries says which servers have an article, which are tried again and when, and
// which were given up and why.
func (s *Server) showDeliveries(w http.ResponseWriter, r *http.Request) error {
	post, err := s.conversationOf(r)
	if err != nil {
		return err
	}
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	author, err := s.Store.Actors.ByID(r.Context(), post.ActorID)
	if err != nil {
		return err
	}
	reach, err := s.Outbox.Reach(r.Context(), post)
	if err != nil {
		return err
	}
	view := templates.Deliveries{Page: page, Article: templates.Link{Label: post.Title, URL: s.IRIs.ArticlePage(author.HandleLC, post.Slug), Language: post.Language},
		Action: deliveriesURL(post), Total: len(reach), Counts: map[string]int{}}
	for _, at := range reach {
		view.Counts[at.State]++
		view.Resendable = view.Resendable || at.MayResend()
	}
	view.More = max(len(reach)-maxServers, 0)
	for _, at := range reach[:len(reach)-view.More] {
		view.Servers = append(view.Servers, templates.ServerReached{Host: at.Host, State: at.State, Edit: at.Edit, Blocked: at.Blocked, At: at.At,
			Attempts: at.Attempts, Answer: answerOf(at), Resendable: at.MayResend()})
	}
	return s.private(w, http.StatusOK, view)
}

func deliveriesURL(post *models.Post) string { return editURL(post) + "/deliveries" }

// resend tries again at one server, or at all.
func (s *Server) resend(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	post, err := s.conversationOf(r)
	if err != nil {
		return err
	}
	host := r.PostForm.Get("server")
	if all := r.PostForm.Get("action") == "again-all"; all == (host != "") {
		return errBadRequest
	}
	n, err := s.Outbox.Resend(r.Context(), post, host)
	if err != nil {
		return err
	}
	notice := templates.SentAgain
	if n == 0 {
		notice = templates.NothingSentAgain
	}
	return seeOther(w, r, deliveriesURL(post)+"?"+noticeQuery(notice, ""))
}

// answerOf is what a server's last answer means, in words.
func answerOf(at activitypub.Reach) templates.Message {
	args := []any{"Status", strconv.Itoa(at.Status), "Reason", at.Reason}
	switch {
	case at.State == activitypub.ReachDelivered || at.Status == 0 && at.Reason == "":
		return templates.Message{}
	case at.Silent():
		return templates.Message{ID: "reach.silent"}
	case at.Status == 0:
		return templates.Message{ID: "reach.unreached", Args: args}
	}
	return templates.Message{ID: meaning(at.Status), Args: args}
}

func meaning(status int) string {
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return "reach.gone"
	case http.StatusUnauthorized, http.StatusForbidden:
		return "reach.refused"
	case http.StatusTooManyRequests:
		return "reach.busy"
	case http.StatusRequestEntityTooLarge:
		return "reach.too_large"
	}
	switch {
	case status >= 500:
		return "reach.broken"
	case status >= 300 && status < 400:
		return "reach.moved"
	}
	return "reach.declined"
}
