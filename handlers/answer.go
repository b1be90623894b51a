package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"confnotes/activitypub"
	"confnotes/internal/moderation"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

// answered is the post that a page of answering is about, with its article.
type answered struct {
	post, root *models.Post
	author     *models.Actor
}

// toAnswer finds a post that the account may see in a conversation here.
func (s *Server) toAnswer(r *http.Request) (*answered, error) {
	ctx, a := r.Context(), accountFrom(r)
	id, err := strconv.ParseInt(mux.Vars(r)["post"], 10, 64)
	if err != nil {
		return nil, models.ErrNotFound
	}
	post, err := s.Store.Posts.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	if post.Kind == models.KindReply && post.RootID == nil || post.State != models.PostPublished {
		return nil, models.ErrNotFound
	}
	found := &answered{post: post, root: post}
	if post.RootID != nil {
		if found.root, err = s.Store.Posts.ByID(ctx, *post.RootID); err != nil {
			return nil, err
		}
	}
	if err := s.mayRead(ctx, a, post); err != nil {
		return nil, err
	}
	found.author, err = s.Store.Actors.ByID(ctx, post.ActorID)
	return found, err
}

// mayRead returns models.ErrNotFound for what an account may not see.
func (s *Server) mayRead(ctx context.Context, a *models.Account, post *models.Post) error {
	sight, err := s.Store.Posts.Sight(ctx, post)
	if err == nil && !models.CanSee(models.ViewerOf(a), sight) {
		err = models.ErrNotFound
	}
	return err
}

func answerURL(postID int64) string {
	return templates.PathAnswer + "/" + strconv.FormatInt(postID, 10)
}

// showAnswer shows a post with what one can do: answer it, like it, boost it, or, one's
// own, change it.
func (s *Server) showAnswer(w http.ResponseWriter, r *http.Request) error {
	found, err := s.toAnswer(r)
	if err != nil {
		return err
	}
	a := accountFrom(r)
	source := "@" + strings.TrimPrefix(s.author(found.author).Handle, "@") + " "
	if found.author.ID == a.ActorID {
		source = ""
	}
	if own(a, found.post) && found.post.Kind == models.KindReply {
		head, err := s.Store.Revisions.Head(r.Context(), found.post)
		if err != nil {
			return err
		}
		source = head.Text.Source
	}
	return s.answerPage(w, r, http.StatusOK, found, templates.Answer{ClientID: models.NewPublicID(), Source: source})
}

func (s *Server) answerPage(w http.ResponseWriter, r *http.Request, code int, found *answered, view templates.Answer) error {
	ctx, a := r.Context(), accountFrom(r)
	page, err := s.desk(r, view.Notices...)
	if err != nil {
		return err
	}
	if view.Article, err = s.standsUnder(ctx, a, found.root); err != nil {
		return err
	}
	if view.FollowURL, err = s.followable(ctx, a, found.author); err != nil {
		return err
	}
	mine, err := s.Store.Reactions.Mine(ctx, a.ActorID, found.post.ID)
	if err != nil {
		return err
	}
	view.Page, view.Action = page, answerURL(found.post.ID)
	view.Liked = mine[models.Reaction{Type: models.ReactionLike, PostID: found.post.ID}]
	view.Boosted = mine[models.Reaction{Type: models.ReactionAnnounce, PostID: found.post.ID}]
	view.Mine = own(a, found.post) && found.post.Kind == models.KindReply
	view.Private = found.post.Visibility != models.VisibilityPublic && found.post.Visibility != models.VisibilityUnlisted
	view.Language = found.root.Language
	switch {
	case found.post.Kind == models.KindReply:
		err = s.putReply(ctx, a, found, &view)
	case !hasPage(found.post):
		err = s.unfold(ctx, a, found.post, &view)
	}
	if err != nil {
		return err
	}
	if moderation.MayModerate(a, found.root) {
		view.ConversationURL = editURL(found.root) + "/conversation"
	}
	return s.private(w, code, view)
}

// putReply puts the reply that the page is about on it.
func (s *Server) putReply(ctx context.Context, a *models.Account, found *answered, view *templates.Answer) error {
	cast, err := s.castOf(ctx, []int64{found.author.ID})
	if err != nil {
		return err
	}
	var offers *offering
	if moderation.MayModerate(a, found.root) {
		if offers, err = s.offering(ctx, a, found.root); err != nil {
			return err
		}
	}
	replies, err := s.threadOf(ctx, found.root, []*models.Post{found.post}, cast, false, offers)
	if err != nil {
		return err
	}
	view.Reply = &replies[0]
	return nil
}

// standsUnder is what a post of a conversation stands under, if the account may see that.
func (s *Server) standsUnder(ctx context.Context, a *models.Account, root *models.Post) (templates.Link, error) {
	sight, err := s.Store.Posts.Sight(ctx, root)
	if err != nil || !models.CanSee(models.ViewerOf(a), sight) {
		return templates.Link{}, err
	}
	author, err := s.Store.Actors.ByID(ctx, root.ActorID)
	if err != nil {
		return templates.Link{}, err
	}
	return templates.Link{Label: cmp.Or(root.Title, excerptOf(root)), URL: s.articleURL(root, author)}, nil
}

// answer does what the page's button says.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	found, err := s.toAnswer(r)
	if errors.Is(err, models.ErrNotFound) {
		// What was to be answered has gone; the words are their author's to keep.
		m := manuscript(r)
		m.Language = s.spokenBy(r)
		return s.refuseText(w, r, &editor{action: templates.PathWrite}, m, err, false)
	}
	if err != nil {
		return err
	}
	ctx, a, f := r.Context(), accountFrom(r), r.PostForm
	here := afterActing(r, found.post)
	switch f.Get("action") {
	case "like":
		return s.back(w, r, s.Outbox.React(ctx, a, found.post, models.ReactionLike), here)
	case "unlike":
		return s.back(w, r, s.Outbox.Unreact(ctx, a, found.post, models.ReactionLike), here)
	case "boost":
		return s.back(w, r, s.Outbox.React(ctx, a, found.post, models.ReactionAnnounce), here)
	case "unboost":
		return s.back(w, r, s.Outbox.Unreact(ctx, a, found.post, models.ReactionAnnounce), here)
	case "delete":
		if !own(a, found.post) || found.post.Kind != models.KindReply {
			return models.ErrNotFound
		}
		return s.back(w, r, s.Outbox.Delete(ctx, a, found.post.ID), answerURL(found.root.ID)+"?"+noticeQuery(templates.AnswerDeleted, ""))
	case "send":
		return s.sendAnswer(w, r, found)
	}
	return errBadRequest
}

// sendAnswer publishes an answer, or the change of one.
func (s *Server) sendAnswer(w http.ResponseWriter, r *http.Request, found *answered) error {
	a, f := accountFrom(r), r.PostForm
	view := templates.Answer{ClientID: f.Get("client_id"), Source: f.Get("source")}
	var done *activitypub.Published
	var err error
	if own(a, found.post) && found.post.Kind == models.KindReply && f.Get("edit") != "" {
		done, err = s.Outbox.EditAnswer(r.Context(), a, found.post, view.Source)
	} else {
		done, err = s.Outbox.Answer(r.Context(), activitypub.Answer{Account: a, To: found.post, ClientID: view.ClientID, Source: view.Source, Language: s.spokenBy(r)})
	}
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		view.Problems = problems(invalid)
		return s.answerPage(w, r, http.StatusUnprocessableEntity, found, view)
	}
	if err != nil && status(err) >= http.StatusInternalServerError {
		s.logFailure(r, http.StatusInternalServerError, err)
		view.Problems = templates.Problems{"": {ID: templates.NotSaved}}
		return s.answerPage(w, r, status(err), found, view)
	}
	if err != nil {
		return err
	}
	q := noticeQuery(templates.AnswerSent, "")
	for _, missing := range done.Unresolved {
		q += "&" + missingParam + "=" + queryEscape(missing)
	}
	return seeOther(w, r, answerURL(done.Post.ID)+"?"+q)
}

// spokenBy is the language that an account writes in, as far as we know.
func (s *Server) spokenBy(r *http.Request) string {
	if a := accountFrom(r); a.Locale != "" {
		return a.Locale
	}
	site, err := s.site(r.Context())
	if err != nil {
		return "en"
	}
	return site.Language
}

// noteObject serves a reply of ours; a browser goes on to where it stands.
func (s *Server) noteObject(w http.ResponseWriter, r *http.Request) error {
	w.Header().Add("Vary", "Accept")
	id := mux.Vars(r)["id"]
	body, err := s.Documents.Note(r.Context(), id)
	if !wantsPage(r) {
		if err != nil {
			return err
		}
		return cacheable(w, r, activityJSON, body)
	}
	if err != nil {
		s.fail(w, r, err)
		return nil
	}
	post, err := s.Store.Posts.ByPublicID(r.Context(), id)
	if err != nil {
		return err
	}
	root, err := s.Store.Posts.ByID(r.Context(), *post.RootID)
	if err != nil {
		return err
	}
	if !root.Local {
		return toPage(w, r, root.URL) // where it stands once it arrived
	}
	page, err := s.articlePage(r.Context(), *root.PublicID)
	if err != nil {
		s.fail(w, r, err)
		return nil
	}
	if page, err = s.placeOf(r.Context(), page, post); err != nil {
		return err
	}
	return toPage(w, r, page)
}

// articleURL is where an article is read here.
func (s *Server) articleURL(post *models.Post, author *models.Actor) string {
	if !hasPage(post) {
		return answerURL(post.ID)
	}
	return s.IRIs.ArticlePage(author.HandleLC, post.Slug)
}

// excerptOf is the start of what a reply, or a note, says.
func excerptOf(p *models.Post) string {
	if p.Summary != "" && p.Title == "" {
		return p.Summary // its content warning
	}
	return richtext.Excerpt(richtext.PlainText(p.HTML), 160)
}
