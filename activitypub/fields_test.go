package activitypub

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/introduce"
	"confnotes/models"
)

// introduce has somebody show a little of everything.
func (s *site) introduce(a *models.Account) {
	s.t.Helper()
	s.must(introduce.NewService(s.store, s.clock.now).Save(s.ctx(), a, introduce.Input{
		Fields: []introduce.Field{{Label: "Site", Value: "https://gwen.example/"}, {Label: "Says", Value: "tides & <models>"}},
		Tags:   "#SQLite kormoran2026", Domains: "https://blog.example/"}))
}

// A link page as somebody else serves it, and whether it proves anything.
var linkPages = map[string]struct {
	serve func(s *site, w http.ResponseWriter, r *http.Request)
	back  bool
}{
	"leads back": {func(s *site, w http.ResponseWriter, _ *http.Request) {
		linkPage(w, `<!doctype html><title>Gwen</title><a rel="me" href="`+s.iris.ProfilePage("gwen")+`">notes</a>`)
	}, true},
	"names the actor": {func(s *site, w http.ResponseWriter, _ *http.Request) {
		linkPage(w, `<link rel="me" href="`+s.iris.Actor("gwen")+`">`)
	}, true},
	"moved, and leads back": {func(s *site, w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		linkPage(w, `<a rel="me" href="`+s.iris.ProfilePage("gwen")+`">`)
	}, true},
	"doesn't lead back": {func(_ *site, w http.ResponseWriter, _ *http.Request) { linkPage(w, `<p>Hello.`) }, false},
	"leads to another's profile": {func(s *site, w http.ResponseWriter, _ *http.Request) {
		linkPage(w, `<a rel="me" href="`+s.iris.ProfilePage("alix")+`">`)
	}, false},
	"is huge": {func(s *site, w http.ResponseWriter, _ *http.Request) {
		linkPage(w, `<a rel="me" href="`+s.iris.ProfilePage("gwen")+`">`+strings.Repeat("x", 1<<20))
	}, false},
	"is no HTML": {func(s *site, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(`<a rel="me" href="` + s.iris.ProfilePage("gwen") + `">`))
	}, false},
	"is gone": {func(s *site, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusGone)
		_, _ = w.Write([]byte(`<a rel="me" href="` + s.iris.ProfilePage("gwen") + `">`))
	}, false},
	"turns in circles": {func(_ *site, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/again", http.StatusFound)
	}, false},
	"leads into somebody's own network": {func(_ *site, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
	}, false},
}

// servePage starts a server with one page.
func (s *site) servePage(page http.HandlerFunc) string {
	server := httptest.NewServer(page)
	s.t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

func linkPage(w http.ResponseWriter, page string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(page))
}

// linked has gwen show a page, over http as tests may, that is to be looked at.
func (s *site) linked(a *models.Account, page string) *models.ProfileField {
	s.t.Helper()
	f := &models.ProfileField{Label: "Site", Value: page, URL: page}
	s.inTx(func(tx *models.Store) error {
		if err := tx.Profiles.SetFields(s.ctx(), a.ActorID, []*models.ProfileField{f}); err != nil {
			return err
		}
		return tx.Profiles.Checked(s.ctx(), f.ID, page, true, s.clock.now().Add(-8*24*time.Hour))
	})
	return f
}

func (s *site) field(id int64) *models.ProfileField {
	s.t.Helper()
	f, err := s.store.Profiles.Field(s.ctx(), id)
	s.must(err)
	return f
}

// Each page was once seen to lead back, a week ago: the hour's round looks again.
func TestAFieldIsVerifiedOnlyWhileItsPageLeadsBack(t *testing.T) {
	t.Parallel()
	for name, page := range linkPages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			gwen := s.person("gwen", models.RoleAuthor)
			asked := ""
			f := s.linked(gwen, s.servePage(func(w http.ResponseWriter, r *http.Request) {
				asked = r.Header.Get("Signature") + r.Header.Get("Cookie")
				page.serve(s, w, r)
			})+"/")
			s.must(NewUpkeep(s.store, s.outbox, s.inbox.log, s.clock.now).round(s.ctx()))
			s.runErrands()
			got := s.field(f.ID)
			if (got.VerifiedAt != nil) != page.back || got.CheckedAt == nil || s.clock.now().Sub(*got.CheckedAt) > time.Hour {
				t.Errorf("verified %v, checked %v; want it %t", got.VerifiedAt, got.CheckedAt, page.back)
			}
			if asked != "" || s.count("jobs") != 0 {
				t.Errorf("asked with %q, %d jobs are left", asked, s.count("jobs"))
			}
			if n := s.count("actors_changed"); n != 1 {
				t.Errorf("%d actors changed, want one: whether a page was checked is no change", n)
			}
		})
	}
}

func TestAPageThatIsDownIsTriedAgainAndThenNotVerified(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.linked(s.person("gwen", models.RoleAuthor), s.servePage(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })+"/")
	s.must(NewUpkeep(s.store, s.outbox, s.inbox.log, s.clock.now).round(s.ctx()))
	s.runErrands()
	if s.count("jobs") != 1 || s.field(f.ID).VerifiedAt == nil {
		t.Fatalf("%d jobs after the first failure, verified %v", s.count("jobs"), s.field(f.ID).VerifiedAt)
	}
	for range errandAttempts {
		s.clock.move(3 * time.Hour)
		s.runErrands()
	}
	if s.count("jobs") != 0 || s.field(f.ID).VerifiedAt != nil {
		t.Errorf("%d jobs are left, verified %v", s.count("jobs"), s.field(f.ID).VerifiedAt)
	}
}

// What an answer is about may have changed before it comes.
func TestAnAnswerAboutAnotherLinkChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	gwen := s.person("gwen", models.RoleAuthor)
	f := s.linked(gwen, "http://one.example/")
	s.inTx(func(tx *models.Store) error {
		return tx.Profiles.Checked(s.ctx(), f.ID, "http://two.example/", false, s.clock.now())
	})
	if s.field(f.ID).VerifiedAt == nil {
		t.Error("it lost what it had")
	}
	s.inTx(func(tx *models.Store) error { return tx.Profiles.SetFields(s.ctx(), gwen.ActorID, nil) })
	s.must(s.errands.verifyLink(s.ctx(), "1"))
}

func TestFollowersHearOfEverythingThatAProfileShows(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	reader := h.known("https://big.example", "reader")
	h.follow(reader, h.gwen)
	service := introduce.NewService(h.store, h.clock.now)
	save := func(in introduce.Input) (added int) {
		before := h.updates()
		h.must(service.Save(h.ctx(), h.gwen, in))
		h.later()
		return h.updates() - before
	}
	in := introduce.Input{}
	for _, step := range []struct {
		name   string
		change func()
		want   int
	}{
		{"nothing", func() {}, 0},
		{"a field", func() { in.Fields = []introduce.Field{{Label: "Site", Value: "https://gwen.example"}} }, 1},
		{"the same again", func() {}, 0},
		{"another label", func() { in.Fields[0].Label = "Home" }, 1},
		{"tags", func() { in.Tags = "go sql" }, 1},
		{"their order", func() { in.Tags = "sql go" }, 1},
		{"a domain", func() { in.Domains = "blog.example" }, 1},
		{"everything gone", func() { in = introduce.Input{} }, 1},
	} {
		step.change()
		if got := save(in); got != step.want {
			t.Errorf("%s: %d Updates, want %d", step.name, got, step.want)
		}
	}
}

// Mastodon credits an author only where the page's host, or one above it, is listed
// (mastodon.md 27): that is the server's, whatever stands in handles.
func TestPagesMayCreditWhoeverWritesThem(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.introduce(gwen)
	var err error
	s.iris, err = NewIRIs("https://notes.big.example:8443", "big.example")
	s.must(err)
	raw, err := NewDocuments(s.store, s.iris).Actor(s.ctx(), "gwen")
	s.must(err)
	var doc struct {
		Webfinger, PreferredUsername string
		AttributionDomains           []string
	}
	s.must(json.Unmarshal(raw, &doc))
	if doc.Webfinger != "gwen@big.example" || !slices.Equal(doc.AttributionDomains, []string{"notes.big.example", "blog.example"}) {
		t.Errorf("%+v", doc)
	}
}
