package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"confnotes/activitypub/vocab"
	"confnotes/internal/moderation"
	"confnotes/models"
	"confnotes/templates"
)

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) })
}

// conversationOf returns an article whose replies the account may look after.
func (s *Server) conversationOf(r *http.Request) (*models.Post, error) {
	post, err := s.Store.Posts.ByPublicID(r.Context(), mux.Vars(r)["id"])
	if err != nil {
		return nil, err
	}
	if !moderation.MayModerate(accountFrom(r), post) {
		return nil, models.ErrNotFound
	}
	return post, nil
}

// showConversation shows the author every reply, also those sent to them alone.
func (s *Server) showConversation(w http.ResponseWriter, r *http.Request) error {
	post, err := s.conversationOf(r)
	if err != nil {
		return err
	}
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	a := accountFrom(r)
	author, err := s.Store.Actors.ByID(r.Context(), post.ActorID)
	if err != nil {
		return err
	}
	view := templates.Conversation{Page: page, Article: templates.Link{Label: post.Title, URL: s.IRIs.ArticlePage(author.HandleLC, post.Slug)},
		Action: editURL(post) + "/conversation", AnswerURL: answerURL(post.ID), DeliveriesURL: deliveriesURL(post), Blocking: blocking(a, post)}
	if own(a, post) {
		view.EditURL = editURL(post)
	}
	if !onTheWeb(post) {
		view.Article.URL = view.AnswerURL
	}
	posts, err := s.Store.Posts.Thread(r.Context(), models.ViewerOf(a), post.ID)
	if err != nil {
		return err
	}
	cast, err := s.castOf(r.Context(), authorsOf(posts))
	if err != nil {
		return err
	}
	offers, err := s.offering(r.Context(), a, post)
	if err != nil {
		return err
	}
	if view.Replies, err = s.threadOf(r.Context(), post, posts, cast, false, offers); err != nil {
		return err
	}
	if view.Quotes, err = s.quotesOf(r.Context(), post); err != nil {
		return err
	}
	return s.private(w, http.StatusOK, view)
}

func own(a *models.Account, post *models.Post) bool {
	return post.AccountID != nil && *post.AccountID == a.ID
}

// blocking says what an account may block from under an article: whoever answers
// its own, from these or, an owner, from the whole instance; under somebody else's,
// where a block of one's own would change nothing, only an owner can.
func blocking(a *models.Account, article *models.Post) templates.Blocking {
	switch {
	case own(a, article) && a.Role == models.RoleOwner:
		return templates.BlocksEither
	case own(a, article):
		return templates.BlocksHere
	case a.Role == models.RoleOwner:
		return templates.BlocksEverywhere
	}
	return templates.BlocksNothing
}

// moderate hides or shows a reply, blocks who wrote it, takes over what a speaker gave, or
// withdraws a quote, or reports a reply to its server.
func (s *Server) moderate(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	article, err := s.conversationOf(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("action") == "withdraw-quote" {
		return s.withdrawQuote(w, r, article)
	}
	id, err := strconv.ParseInt(r.PostForm.Get("reply"), 10, 64)
	if err != nil {
		return errBadRequest
	}
	a := accountFrom(r)
	reply, err := s.Moderation.Reply(r.Context(), a, article, id)
	if err != nil {
		return err
	}
	back := editURL(article) + "/conversation?"
	switch action := r.PostForm.Get("action"); action {
	case "hide":
		return s.back(w, r, s.Moderation.Set(r.Context(), reply, models.ModerationHidden), back+noticeQuery(templates.ReplyHidden, ""))
	case "show":
		return s.back(w, r, s.Moderation.Set(r.Context(), reply, models.ModerationShown), back+noticeQuery(templates.ReplyShown, ""))
	case "block-account", "block-server":
		block, name, err := s.blockOf(r, article, reply, action == "block-server")
		if err != nil {
			return err
		}
		return s.back(w, r, s.Outbox.Block(r.Context(), a, block), back+noticeQuery(templates.Blocked, name))
	case "report":
		return s.report(w, r, article, reply)
	case "take-link", "take-words":
		return s.takeOver(w, r, article, reply)
	}
	return errBadRequest
}

// back returns to the page after a change that succeeded.
func (s *Server) back(w http.ResponseWriter, r *http.Request, err error, to string) error {
	if err != nil {
		return err
	}
	return seeOther(w, r, to)
}

func (s *Server) blockOf(r *http.Request, article, reply *models.Post, server bool) (models.Block, string, error) {
	block := models.Block{AccountID: accountFrom(r).ID}
	switch means := blocking(accountFrom(r), article); {
	case means == templates.BlocksNothing:
		return block, "", models.ErrNotFound
	case r.PostForm.Get("everywhere") == "yes" && means == templates.BlocksHere:
		return block, "", models.ErrNotFound
	case r.PostForm.Get("everywhere") == "yes", means == templates.BlocksEverywhere:
		block.AccountID = 0
	}
	named, name, err := s.blockOfAuthor(r, reply, server)
	block.ActorID, block.Domain = named.ActorID, named.Domain
	return block, name, err
}

// blockOfAuthor is a block, for the whole instance, of who wrote a post or of their server,
// and what it names.
func (s *Server) blockOfAuthor(r *http.Request, reply *models.Post, server bool) (block models.Block, name string, err error) {
	author, err := s.Store.Actors.ByID(r.Context(), reply.ActorID)
	if err != nil {
		return models.Block{}, "", err
	}
	if author.Local {
		return models.Block{}, "", errBadRequest
	}
	if server {
		block.Domain = vocab.Hostname(*author.URI)
		return block, block.Domain, nil
	}
	block.ActorID = author.ID
	return block, s.author(author).Handle, nil
}

// showBlocks lists whom the account, and for an owner the instance, keeps out.
func (s *Server) showBlocks(w http.ResponseWriter, r *http.Request) error {
	page, err := s.blocksPage(r)
	if err != nil {
		return err
	}
	return s.private(w, http.StatusOK, *page)
}

func (s *Server) blocksPage(r *http.Request) (*templates.Blocks, error) {
	page, err := s.desk(r)
	if err != nil {
		return nil, err
	}
	a := accountFrom(r)
	rows, err := s.Store.Blocks.List(r.Context(), a.ID, a.Role == models.RoleOwner)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(rows))
	for i, b := range rows {
		ids[i] = b.ActorID
	}
	actors, err := s.Store.Actors.ByIDs(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	view := &templates.Blocks{Page: page, ForAll: a.Role == models.RoleOwner}
	for _, b := range rows {
		view.Blocks = append(view.Blocks, templates.Block{ID: strconv.FormatInt(b.ID, 10), Target: s.target(b, actors), Server: b.Domain != "",
			Since: b.CreatedAt, Everywhere: b.AccountID == 0})
	}
	return view, nil
}

func (s *Server) target(b *models.Block, actors map[int64]*models.Actor) string {
	if b.Domain != "" {
		return b.Domain
	}
	return s.author(actors[b.ActorID]).Handle
}

// changeBlocks blocks whom the account typed, or lifts a block.
func (s *Server) changeBlocks(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	switch r.PostForm.Get("action") {
	case "block":
		return s.blockTyped(w, r)
	case "unblock":
		return s.unblock(w, r)
	}
	return errBadRequest
}

func (s *Server) blockTyped(w http.ResponseWriter, r *http.Request) error {
	f := r.PostForm
	name, err := s.Outbox.BlockAddress(r.Context(), accountFrom(r), f.Get("target"), f.Get("everywhere") == "yes")
	if invalid, ok := errors.AsType[*models.InvalidError](err); ok {
		s.logFailure(r, http.StatusUnprocessableEntity, err)
		page, err := s.blocksPage(r)
		if err != nil {
			return err
		}
		page.Target, page.Problems = f.Get("target"), problems(invalid)
		return s.private(w, http.StatusUnprocessableEntity, *page)
	}
	return s.back(w, r, err, templates.PathBlocks+"?"+noticeQuery(templates.Blocked, name))
}

func (s *Server) unblock(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PostForm.Get("block"), 10, 64)
	if err != nil {
		return errBadRequest
	}
	block, err := s.Moderation.Unblock(r.Context(), accountFrom(r), id)
	if err != nil {
		return err
	}
	actors, err := s.Store.Actors.ByIDs(r.Context(), []int64{block.ActorID})
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return seeOther(w, r, templates.PathBlocks+"?"+noticeQuery(templates.Unblocked, s.target(block, actors)))
}
