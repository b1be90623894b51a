// Package handlers is HTTP and nothing else: pages for people, endpoints for
// servers. What a request means is decided by the packages it calls.
package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/gorilla/mux"
	"golang.org/x/time/rate"

	"confnotes/activitypub"
	"confnotes/activitypub/doctor"
	"confnotes/internal/account"
	"confnotes/internal/card"
	"confnotes/internal/draft"
	"confnotes/internal/i18n"
	"confnotes/internal/introduce"
	"confnotes/internal/moderation"
	"confnotes/internal/picture"
	"confnotes/internal/programme"
	"confnotes/internal/replica"
	"confnotes/internal/talklink"
	"confnotes/models"
	"confnotes/static"
	"confnotes/templates"
)

// Deps is everything the handlers call.
type Deps struct {
	Store         *models.Store
	IRIs          *activitypub.IRIs
	Documents     *activitypub.Documents
	Inbox         *activitypub.Inbox
	Outbox        *activitypub.Outbox
	Drafts        *draft.Service
	Accounts      *account.Service
	Introductions *introduce.Service
	Moderation    *moderation.Service
	TalkLinks     *talklink.Service
	Pictures      *picture.Service
	Copies        *replica.Service
	Programmes    *programme.Service
	Doctor        *doctor.Doctor
	Cards         *card.Printer
	Resolver      *activitypub.Resolver
	Templates     *templates.Templates
	Catalogue     *i18n.Catalogue
	Assets        *static.Assets
	Log           *slog.Logger
	Version       string
	Proxies       []netip.Prefix // whose X-Forwarded-For is believed
	Secure        bool           // other servers read nothing but the instance actor unsigned
	Now           func() time.Time
}

// Server answers requests.
type Server struct {
	Deps
	lookups     *rate.Limiter
	imports     imports
	examination examination
}

// New returns the handler of everything under the base URL.
func New(d Deps) (http.Handler, error) {
	s := &Server{Deps: d, lookups: newLookups()}
	r, err := s.router()
	if err != nil {
		return nil, err
	}
	return s.outer(r), nil
}

func (s *Server) router() (*mux.Router, error) {
	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(s.IRIs.Base()); err != nil {
		return nil, err
	}
	guard.SetDenyHandler(s.page(func(http.ResponseWriter, *http.Request) error { return errCrossOrigin }))
	r := mux.NewRouter().SkipClean(true)
	s.federationRoutes(r)
	private := r.NewRoute().Subrouter()
	private.Use(guard.Handler)
	s.privateRoutes(private) // first: a page's /edit is no talk's address
	s.publicRoutes(r)
	r.NotFoundHandler = s.page(func(http.ResponseWriter, *http.Request) error { return models.ErrNotFound })
	r.MethodNotAllowedHandler = s.page(func(w http.ResponseWriter, req *http.Request) error {
		w.Header().Set("Allow", strings.Join(allowed(r, req), ", "))
		return errMethod
	})
	return r, nil
}

// allowed lists the methods that a path takes (RFC 9110 section 15.5.6).
func allowed(router *mux.Router, r *http.Request) (methods []string) {
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		asked, match := *r, mux.RouteMatch{}
		asked.Method = m
		if router.Match(&asked, &match) && match.MatchErr == nil {
			methods = append(methods, m)
		}
	}
	return methods
}

func (s *Server) federationRoutes(r *mux.Router) {
	get := func(path string, f handler) { r.Handle(path, s.endpoint(f)).Methods(http.MethodGet, http.MethodHead) }
	get("/.well-known/webfinger", s.webFinger)
	get("/.well-known/host-meta", s.hostMeta)
	get("/.well-known/nodeinfo", s.nodeInfoLinks)
	get("/nodeinfo/{version:2\\.[01]}", s.nodeInfo)
	object := func(path string, f handler) { get(path, s.forReaders(f)) }
	paged := func(path string, f handler) { get(path, s.orPage(f)) }
	paged("/users/{handle}", s.actor)
	object("/users/{handle}/outbox", s.outboxCollection)
	object("/users/{handle}/followers", s.followers)
	get("/users/{handle}/followers_synchronization", s.followersSynchronization)
	object("/users/{handle}/following", s.following)
	object("/users/{handle}/featured", s.featured)
	object("/users/{handle}/tags", s.featuredTags)
	paged("/users/{handle}/event", s.eventObject)
	paged("/talks/{id}", s.talkObject)
	paged("/articles/{id}", s.articleObject)
	object("/articles/{id}/replies", s.replies)
	object("/articles/{id}/likes", s.likes)
	object("/articles/{id}/shares", s.shares)
	object("/articles/{id}/conversation", s.conversationCollection)
	paged("/notes/{id}", s.noteObject)
	object("/activities/{id}", s.activity)
	object("/quotes/{id}", s.quote)
	r.Handle("/inbox", s.endpoint(s.receive)).Methods(http.MethodPost)
	r.Handle("/users/{handle}/inbox", s.endpoint(s.receive)).Methods(http.MethodPost)
	get("/healthz", s.healthy)
	get("/readyz", s.ready)
}

func (s *Server) publicRoutes(r *mux.Router) {
	get := func(path string, f handler) { r.Handle(path, s.page(f)).Methods(http.MethodGet, http.MethodHead) }
	r.PathPrefix("/static/").Handler(s.Assets).Methods(http.MethodGet, http.MethodHead)
	get(templates.PathHome, s.home)
	get("/feed.{format:rss|atom|json}", s.siteFeed)
	get("/tags/{tag}/feed.{format:rss|atom|json}", s.tagFeed)
	get("/@{handle}/feed.{format:rss|atom|json}", s.profileFeed)
	get("/robots.txt", s.robots)
	get("/sitemap.xml", s.sitemap)
	r.Handle(pathPlanFeed+"{token}.ics", s.endpoint(s.planFeed)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/oembed", s.endpoint(s.oEmbed)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/media/{id}/{file}", s.endpoint(s.pictureFile)).Methods(http.MethodGet, http.MethodHead)
	for _, c := range []struct {
		of   string
		find cardFinder
	}{{"home", s.findHomeCard}, {"articles/{id}", s.findArticleCard}, {"people/{handle}", s.findProfileCard}, {"tags/{tag}", s.findTagCard},
		{"conferences/{handle}", s.findConferenceCard}, {"talks/{id}", s.findTalkCard}} {
		r.Handle("/cards/"+c.of+".{hash}.png", s.endpoint(s.cardFile(c.find))).Methods(http.MethodGet, http.MethodHead)
	}
	r.Handle("/media/copies/{id}/{file}", s.endpoint(s.copyFile)).Methods(http.MethodGet, http.MethodHead)
	s.conferenceRoutes(r)
	get("/tags/{tag}", s.tag)
	get("/@{handle}", s.profile)
	get("/@{handle}/{slug}", s.article)
	get("/@{handle}/{slug}/replies", s.articleReplies)
}

func (s *Server) privateRoutes(r *mux.Router) {
	get := func(path string, f handler) { r.Handle(path, s.page(f)).Methods(http.MethodGet, http.MethodHead) }
	post := func(path string, f handler) { r.Handle(path, s.page(f)).Methods(http.MethodPost) }
	get(templates.PathSetup, s.showSetup)
	post(templates.PathSetup, s.setUp)
	get(templates.PathSignIn, s.showSignIn)
	post(templates.PathSignIn, s.signIn)
	post(templates.PathSignOut, s.signOut)
	post(templates.PathRemote, s.remote)
	get(templates.PathWrite, s.signedIn(s.showNew))
	post(templates.PathWrite, s.signedIn(s.write))
	get(templates.PathWrite+"/{id}", s.signedIn(s.showWrite))
	post(templates.PathWrite+"/{id}", s.signedIn(s.write))
	get(templates.PathWrite+"/{id}/conversation", s.signedIn(s.showConversation))
	post(templates.PathWrite+"/{id}/conversation", s.signedIn(s.moderate))
	get(templates.PathWrite+"/{id}/deliveries", s.signedIn(s.showDeliveries))
	post(templates.PathWrite+"/{id}/deliveries", s.signedIn(s.resend))
	r.Handle(templates.PathPictures, s.endpoint(s.addPicture)).Methods(http.MethodPost)
	get(templates.PathPosts, s.signedIn(s.posts))
	post(templates.PathPosts, s.signedIn(s.pin))
	get(templates.PathNewRecap, s.signedIn(s.showNewRecap))
	get(templates.PathPlan+"/{handle}", s.signedIn(s.showPlan))
	post(templates.PathPlan+"/{handle}", s.signedIn(s.changePlan))
	get(templates.PathInteract, s.signedIn(s.interact))
	get(templates.PathAnswer+"/{post}", s.signedIn(s.showAnswer))
	post(templates.PathAnswer+"/{post}", s.signedIn(s.answer))
	get(templates.PathTalkLinks+"/{talk}", s.signedIn(s.showTalkLinks))
	post(templates.PathTalkLinks+"/{talk}", s.signedIn(s.changeTalkLinks))
	get(templates.PathReading, s.signedIn(s.showReading))
	get(templates.PathFollowing, s.signedIn(s.showFollowing))
	post(templates.PathFollowing, s.signedIn(s.follow))
	get(templates.PathNotifications, s.signedIn(s.showNotifications))
	post(templates.PathNotifications, s.signedIn(s.seeNotifications))
	get(templates.PathHeld, s.signedIn(s.showHeld))
	post(templates.PathHeld, s.signedIn(s.decideHeld))
	get(templates.PathCoverage+"/{handle}", s.signedIn(s.showCoverage))
	post(templates.PathCoverage+"/{handle}", s.signedIn(s.decideCoverage))
	get(templates.PathReports, s.signedIn(s.showReports))
	post(templates.PathReports, s.signedIn(s.decideReport))
	get(templates.PathBlocks, s.signedIn(s.showBlocks))
	post(templates.PathBlocks, s.signedIn(s.changeBlocks))
	get(templates.PathFollowers, s.signedIn(s.showFollowers))
	post(templates.PathFollowers, s.signedIn(s.changeFollowers))
	get(templates.PathFollowers+"/{handle}", s.signedIn(s.showFollowers))
	post(templates.PathFollowers+"/{handle}", s.signedIn(s.changeFollowers))
	get(templates.PathSettings, s.signedIn(s.showSettings))
	post(templates.PathSettings, s.signedIn(s.saveSettings))
	post(templates.PathFace, s.signedIn(s.setFace))
	post(templates.PathFollowControls, s.signedIn(s.setFollowing))
	get(templates.PathMove, s.signedIn(s.showMove))
	post(templates.PathMove, s.signedIn(s.changeMove))
	post(templates.PathIntroduction, s.signedIn(s.saveIntroduction))
	post(templates.PathPassword, s.signedIn(s.changePassword))
	get(templates.PathHealth, s.ownersOnly(s.showHealth))
	post(templates.PathHealth, s.ownersOnly(s.checkHealth))
	get(templates.PathNewConference, s.signedIn(s.showNewConference))
	post(templates.PathNewConference, s.signedIn(s.addConference))
	get(templates.PathConferences+"/{handle}/edit", s.signedIn(s.showEditConference))
	post(templates.PathConferences+"/{handle}/edit", s.signedIn(s.editConference))
	get(templates.PathConferences+"/{handle}/import", s.signedIn(s.showImport))
	post(templates.PathConferences+"/{handle}/import", s.signedIn(s.importSchedule))
	get(templates.PathConferences+"/{handle}/import/progress", s.signedIn(s.importProgress))
	get(templates.PathConferences+"/{handle}/new-talk", s.signedIn(s.showNewTalk))
	post(templates.PathConferences+"/{handle}/new-talk", s.signedIn(s.addTalk))
	get(templates.PathConferences+"/{handle}/talks/{slug}/edit", s.signedIn(s.showAmend))
	post(templates.PathConferences+"/{handle}/talks/{slug}/edit", s.signedIn(s.amend))
}

// site describes the instance to a page.
func (s *Server) site(ctx context.Context) (templates.Site, error) {
	all, err := s.Store.Settings.All(ctx)
	if err != nil {
		return templates.Site{}, err
	}
	site := templates.Site{Name: all[models.SettingSiteName], Language: all[models.SettingSiteLanguage],
		URL: s.IRIs.Base(), Host: s.IRIs.Domain(), Version: s.Version}
	if site.Conferences, err = s.Store.Conferences.Any(ctx); err != nil {
		return templates.Site{}, err
	}
	if site.Name == "" {
		site.Name = s.IRIs.Domain()
	}
	if site.Language == "" {
		site.Language = "en"
	}
	return site, nil
}

// healthy answers while the process runs; ready, while the database answers too.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	return plain(w, http.StatusOK, "ok")
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.Ping(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return plain(w, http.StatusOK, "ready")
}
