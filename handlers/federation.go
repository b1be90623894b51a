package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"confnotes/activitypub"
	"confnotes/models"
)

// bodyTime is how long a sender may take over its 1 MB.
const bodyTime = 10 * time.Second

// receive takes what another server sends. 202 means that it took effect.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) error {
	// A body that drips would hold one of the inbox's few places.
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	err := s.Inbox.Receive(r.Context(), r)
	if errors.Is(err, activitypub.ErrOurselves) {
		return s.sayArrival(w, r)
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// forReaders asks, in secure mode, who reads: anybody whose signature holds and whom the
// host doesn't block. The instance actor can always be read, or two such servers would wait
// for each other's key for ever.
func (s *Server) forReaders(f handler) handler {
	if !s.Secure {
		return f
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.Path == "/users/"+activitypub.InstanceHandle {
			return f(w, r)
		}
		if _, err := s.Inbox.Reader(r.Context(), r); err != nil {
			return err
		}
		return f(private{w}, r)
	}
}

// orPage asks as forReaders does, but lets browsers go on to the page of what has one, which
// is public.
func (s *Server) orPage(f handler) handler {
	asked := s.forReaders(f)
	return func(w http.ResponseWriter, r *http.Request) error {
		if wantsPage(r) {
			return f(w, r)
		}
		return asked(w, r)
	}
}

// private keeps an answer out of shared caches, which would give it to anybody.
type private struct{ http.ResponseWriter }

func (p private) WriteHeader(status int) {
	p.Header().Set("Cache-Control", "private, no-store")
	p.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (p private) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// sayArrival tells the doctor how its request arrived.
func (s *Server) sayArrival(w http.ResponseWriter, r *http.Request) error {
	return answerJSON(w, http.StatusOK, activitypub.Arrival{Address: connectedFrom(r), Client: s.clientAddress(r),
		Forwarded: len(r.Header.Values("X-Forwarded-For")) > 0, TLS: r.TLS != nil})
}

func (s *Server) document(w http.ResponseWriter, r *http.Request, body []byte, err error) error {
	w.Header().Add("Vary", "Accept")
	if err != nil {
		return err
	}
	return cacheable(w, r, activityJSON, body)
}

// object serves what can be read by servers; a browser goes on to its page.
func (s *Server) object(w http.ResponseWriter, r *http.Request, body []byte, err error, page func() (string, error)) error {
	if !wantsPage(r) {
		return s.document(w, r, body, err)
	}
	w.Header().Add("Vary", "Accept")
	var to string
	if err == nil {
		to, err = page()
	}
	if err != nil {
		s.fail(w, r, err)
		return nil
	}
	return toPage(w, r, to)
}

// actor serves an actor's document; a browser goes on to the profile.
func (s *Server) actor(w http.ResponseWriter, r *http.Request) error {
	handle := strings.ToLower(mux.Vars(r)["handle"])
	body, err := s.Documents.Actor(r.Context(), handle)
	return s.object(w, r, body, err, func() (string, error) {
		actor, err := s.Store.Actors.LocalByHandle(r.Context(), handle)
		if err != nil {
			return "", err
		}
		return s.IRIs.ActorPage(actor), nil
	})
}

// articleObject serves an article's document; a browser goes on to its page.
func (s *Server) articleObject(w http.ResponseWriter, r *http.Request) error {
	w.Header().Add("Vary", "Accept")
	id := mux.Vars(r)["id"]
	if wantsPage(r) {
		page, err := s.articlePage(r.Context(), id)
		if err != nil {
			s.fail(w, r, err)
			return nil
		}
		return toPage(w, r, page)
	}
	body, err := s.Documents.Article(r.Context(), id)
	if errors.Is(err, models.ErrNotFound) {
		return s.articleForReader(w, r, id)
	}
	if err != nil {
		return err
	}
	return cacheable(w, r, activityJSON, body)
}

// articleForReader serves an article that isn't for everybody to who may read it, by their
// signature. A bad one is as none.
func (s *Server) articleForReader(w http.ResponseWriter, r *http.Request, id string) error {
	reader, err := s.Inbox.Reader(r.Context(), r)
	if refusal := (*activitypub.Refusal)(nil); errors.As(err, &refusal) {
		return models.ErrNotFound
	}
	if err != nil {
		return err
	}
	body, err := s.Documents.ArticleFor(r.Context(), id, reader)
	if err != nil {
		return err
	}
	return cacheable(private{w}, r, activityJSON, body)
}

// articlePage returns where an article that anyone may read has its page.
func (s *Server) articlePage(ctx context.Context, publicID string) (string, error) {
	if _, err := s.Documents.Article(ctx, publicID); err != nil {
		return "", err
	}
	post, err := s.Store.Posts.ByPublicID(ctx, publicID)
	if err != nil {
		return "", err
	}
	author, err := s.Store.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return "", err
	}
	return s.IRIs.ArticlePage(author.HandleLC, post.Slug), nil
}

func (s *Server) activity(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Documents.Activity(r.Context(), mux.Vars(r)["id"])
	return s.document(w, r, body, err)
}

// quote serves the authorization by which somebody quotes an article.
func (s *Server) quote(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Documents.Quote(r.Context(), mux.Vars(r)["id"])
	return s.document(w, r, body, err)
}

// paging reads ?page=…&before=… of a collection.
func paging(r *http.Request) (page bool, before int64) {
	q := r.URL.Query()
	before, _ = strconv.ParseInt(q.Get("before"), 10, 64)
	return q.Has("page"), max(before, 0)
}

func (s *Server) outboxCollection(w http.ResponseWriter, r *http.Request) error {
	page, before := paging(r)
	body, err := s.Documents.Outbox(r.Context(), mux.Vars(r)["handle"], page, before)
	return s.document(w, r, body, err)
}

func (s *Server) followers(w http.ResponseWriter, r *http.Request) error {
	page, before := paging(r)
	body, err := s.Documents.Followers(r.Context(), mux.Vars(r)["handle"], page, before)
	return s.document(w, r, body, err)
}

// followersSynchronization serves to a server that signs who of its people follows an actor.
func (s *Server) followersSynchronization(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Documents.Actor(r.Context(), mux.Vars(r)["handle"]); err != nil {
		return s.document(w, r, nil, err)
	}
	reader, err := s.Inbox.Reader(r.Context(), r)
	if err != nil {
		return s.document(w, r, nil, err)
	}
	body, err := s.Documents.FollowersAt(r.Context(), mux.Vars(r)["handle"], reader)
	return s.document(private{w}, r, body, err)
}

func (s *Server) following(w http.ResponseWriter, r *http.Request) error {
	page, before := paging(r)
	body, err := s.Documents.Following(r.Context(), mux.Vars(r)["handle"], page, before)
	return s.document(w, r, body, err)
}

func (s *Server) featured(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Documents.Featured(r.Context(), mux.Vars(r)["handle"])
	return s.document(w, r, body, err)
}

func (s *Server) featuredTags(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Documents.FeaturedTags(r.Context(), mux.Vars(r)["handle"])
	return s.document(w, r, body, err)
}

func (s *Server) replies(w http.ResponseWriter, r *http.Request) error {
	page, _ := paging(r)
	body, err := s.Documents.Replies(r.Context(), mux.Vars(r)["id"], page)
	return s.document(w, r, body, err)
}

func (s *Server) likes(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Documents.Reactions(r.Context(), mux.Vars(r)["id"], models.ReactionLike)
	return s.document(w, r, body, err)
}

func (s *Server) shares(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Documents.Reactions(r.Context(), mux.Vars(r)["id"], models.ReactionAnnounce)
	return s.document(w, r, body, err)
}

func (s *Server) conversationCollection(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Documents.Conversation(r.Context(), mux.Vars(r)["id"])
	return s.document(w, r, body, err)
}

// webFinger answers any origin: browsers of other servers ask it, too (RFC 7033 section 5).
func (s *Server) webFinger(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	resource := r.URL.Query().Get("resource")
	if resource == "" {
		return errBadRequest
	}
	body, err := s.Documents.WebFinger(r.Context(), resource)
	if err != nil {
		return err
	}
	return cacheable(w, r, "application/jrd+json; charset=utf-8", body)
}

func (s *Server) hostMeta(w http.ResponseWriter, r *http.Request) error {
	return cacheable(w, r, "application/xrd+xml; charset=utf-8", s.Documents.HostMeta())
}

func (s *Server) nodeInfoLinks(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Documents.NodeInfoLinks()
	if err != nil {
		return err
	}
	return cacheable(w, r, "application/json; charset=utf-8", body)
}

func (s *Server) nodeInfo(w http.ResponseWriter, r *http.Request) error {
	version := mux.Vars(r)["version"]
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	body, err := s.Documents.NodeInfo(r.Context(), version, s.Version, s.Catalogue.For(site.Language).T("home.lead"), s.Now())
	if err != nil {
		return err
	}
	return cacheable(w, r, `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/`+version+`#"`, body)
}
