package handlers

import (
	"errors"
	"net/http"
	"strings"

	"golang.org/x/time/rate"

	"confnotes/activitypub"
	"confnotes/models"
	"confnotes/templates"
)

// lookups is how often readers may have a server looked up: ten at once, then one
// every two seconds. Whoever asks for more has us knock on doors for them.
func newLookups() *rate.Limiter { return rate.NewLimiter(0.5, 10) }

// remote takes a reader to their own server, to follow one of ours or to reply to
// something of ours there. It answers with a page that goes on by itself: a form that
// is redirected to another host is stopped by our own policy, form-action.
func (s *Server) remote(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	view := templates.Remote{Page: templates.Page{Language: site.Language, Site: site, NoIndex: true},
		Account: r.PostForm.Get("account"), Object: r.PostForm.Get("object")}
	ref, err := s.IRIs.Parse(view.Object)
	if err != nil || ref.Kind != activitypub.RefActor && ref.Kind != activitypub.RefArticle && ref.Kind != activitypub.RefNote {
		return errBadRequest
	}
	intent := activitypub.IntentReply
	if view.Follow = ref.Kind == activitypub.RefActor; view.Follow {
		intent = activitypub.IntentFollow
	}
	code := http.StatusOK
	if !s.lookups.Allow() {
		code, view.Problem = http.StatusTooManyRequests, templates.Problem{ID: templates.TooManyLookups}
	} else if _, ours := s.IRIs.LocalName(strings.TrimSpace(view.Account)); ours {
		view.URL = s.IRIs.Interact() + queryEscape(view.Object)
	} else if view.URL, err = s.Resolver.Intent(r.Context(), view.Account, intent, view.Object); err != nil {
		code, view.Problem = http.StatusUnprocessableEntity, templates.Problem{ID: templates.NoWay}
		if errors.Is(err, activitypub.ErrNoServer) {
			view.Problem.ID = templates.NoAddress
		}
		s.logFailure(r, code, err)
	}
	return s.private(w, code, view)
}

// interact is where other servers send one of ours to act on something: what stands
// here, or was read here, can be answered, liked and boosted; people and conferences can be
// followed.
func (s *Server) interact(w http.ResponseWriter, r *http.Request) error {
	uri := r.URL.Query().Get("uri")
	if name, ok := s.IRIs.ActorAt(uri); ok {
		return seeOther(w, r, followURL("@"+s.IRIs.Acct(name)))
	}
	post, err := s.postAt(r, uri)
	if err == nil { // where it leads would say that it is here
		err = s.mayRead(r.Context(), accountFrom(r), post)
	}
	switch {
	case err == nil:
		return seeOther(w, r, answerURL(post.ID))
	case !errors.Is(err, models.ErrNotFound), s.IRIs.Ours(uri), !strings.HasPrefix(uri, "https://") && !strings.HasPrefix(uri, "http://"):
		return err
	}
	return seeOther(w, r, followURL(uri))
}

// postAt finds a post by its id, here or elsewhere, or by the address of its page here.
func (s *Server) postAt(r *http.Request, uri string) (*models.Post, error) {
	if ref, err := s.IRIs.Parse(uri); err == nil && (ref.Kind == activitypub.RefArticle || ref.Kind == activitypub.RefNote) {
		return s.Store.Posts.ByPublicID(r.Context(), ref.Name)
	}
	if post, _, err := s.articleAt(r, uri); err == nil {
		return post, nil
	}
	return s.Store.Posts.ByURI(r.Context(), uri)
}

// followURL is where somebody can be followed by an account: a form that is filled in.
func followURL(account string) string {
	return templates.PathFollowing + "?account=" + queryEscape(account)
}
