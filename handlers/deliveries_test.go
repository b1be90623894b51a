package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"confnotes/activitypub"
	"confnotes/models"
	"confnotes/templates"
)

// sink is a server that answers deliveries with a status.
type sink struct {
	*httptest.Server
	status, got atomic.Int32
}

func (s *sink) host() string { return strings.TrimPrefix(s.URL, "http://") }

// sinks are servers with somebody each who follows a person.
func (a *app) sinks(by *person, statuses ...int) (all []*sink) {
	a.t.Helper()
	for _, status := range statuses {
		s := &sink{}
		s.status.Store(int32(status))
		s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			s.got.Add(1)
			w.WriteHeader(int(s.status.Load()))
			_, _ = io.WriteString(w, "so says <b>it</b>")
		}))
		a.t.Cleanup(s.Close)
		a.followAt(by, s.URL)
		all = append(all, s)
	}
	return all
}

// followAt has somebody at a base URL follow a person.
func (a *app) followAt(by *person, base string) {
	a.t.Helper()
	uri := base + "/users/reader"
	reader := &models.Actor{URI: &uri, Kind: "Person", Handle: "reader", Domain: strings.TrimPrefix(base, "http://"), URL: uri, Inbox: uri + "/inbox", SharedInbox: base + "/inbox", CreatedAt: noon, FetchedAt: &noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Actors.SaveRemote(ctx, reader); err != nil {
			return err
		}
		return tx.Follows.Put(ctx, &models.Follow{URI: uri + "#f", FollowerID: reader.ID, TargetID: by.ActorID, State: models.FollowAccepted, CreatedAt: noon})
	})
}

// deliver runs the courier until nothing more is due.
func (a *app) deliver() {
	a.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	courier, done := activitypub.NewCourier(a.server.Store, a.server.IRIs, a.client, a.server.Log, a.clock), make(chan error, 1)
	go func() { done <- courier.Run(ctx) }()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if due, err := a.server.Store.Deliveries.LanesDue(ctx, a.clock()); err != nil || !due || time.Now().After(deadline) {
			break
		}
	}
	stop() // and what is on the wire is waited for
	fatal(a.t, <-done)
}

func TestTheAuthorSeesWhereAnArticleWent(t *testing.T) {
	t.Parallel()
	a := newTestAppWith(t, options{baseURL: "http://notes.example", federated: true})
	gwen := a.person("gwen", models.RoleAuthor)
	sinks := a.sinks(gwen, 202, 410, 500, 403, 429)
	post := gwen.article("Day one")
	at := deliveriesURL(post)
	if page := gwen.get("/posts"); !strings.Contains(page.body, `href="`+at+`"`) {
		t.Error("the list of posts doesn't lead there")
	}
	if page := gwen.get(at).want(t, "before", http.StatusOK); !page.has("5 on their way") {
		t.Errorf("before:\n%s", page.body)
	}
	a.deliver()
	if page := gwen.get("/posts"); !page.has(">2 servers given up</a>") {
		t.Errorf("the list of posts doesn't say that two were given up:\n%s", page.body)
	}
	page := gwen.get(at).want(t, "after", http.StatusOK)
	for _, text := range []string{"2 servers given up", "2 wait for another try", "1 has it", sinks[0].host(), "There is no such inbox any more (410). so says <b>it</b>",
		"It has a fault of its own (500)", "It doesn’t take anything from here (403)", "It asked for time (429)", "next try"} {
		if !page.has(text) {
			t.Errorf("the page lacks %q:\n%s", text, page.body)
		}
	}
	if strings.Contains(page.body, "<b>it</b>") {
		t.Error("a stranger's words are markup")
	}
	for i, want := range []int{0, 1, 1, 1, 0} { // a form where trying again is of use
		if got := strings.Count(page.body, `name="server" value="`+sinks[i].host()+`"`); got != want {
			t.Errorf("server %d has %d forms, want %d", i, got, want)
		}
	}
	for _, s := range sinks {
		s.status.Store(202)
	}
	gwen.post(at, url.Values{"action": {"again"}, "server": {sinks[1].host()}}).wantRedirect(t, "one", http.StatusSeeOther, at+"?notice=notice.sent_again")
	gwen.post(at, url.Values{"action": {"again-all"}}).wantRedirect(t, "all", http.StatusSeeOther, at+"?notice=notice.sent_again")
	gwen.post(at, url.Values{"action": {"again-all"}}).wantRedirect(t, "all, pressed twice", http.StatusSeeOther, at+"?notice=notice.nothing_sent_again")
	for id, text := range map[templates.NoticeID]string{templates.SentAgain: "being sent again", templates.NothingSentAgain: "Nothing was left"} {
		if page = gwen.get(at + "?" + noticeQuery(id, "")); !page.has(text) {
			t.Errorf("nobody is told %q", text)
		}
	}
	a.deliver()
	if page = gwen.get(at); !page.has("4 have it") || !page.has("1 waits for another try") || page.has("given up") {
		t.Errorf("after trying again:\n%s", page.body)
	}
	for i, want := range []int32{1, 2, 2, 2, 1} {
		if got := sinks[i].got.Load(); got != want {
			t.Errorf("server %d got %d deliveries, want %d", i, got, want)
		}
	}
}

func TestOnlyWhoLooksAfterAnArticleSendsItAgain(t *testing.T) {
	t.Parallel()
	a := newTestAppWith(t, options{baseURL: "http://notes.example", federated: true})
	gwen, alix, edit := a.person("gwen", models.RoleAuthor), a.person("alix", models.RoleAuthor), a.person("edit", models.RoleEditor)
	gone := a.sinks(gwen, 410)[0]
	post := gwen.article("Day one")
	a.deliver()
	at := deliveriesURL(post)
	alix.get(at).want(t, "another author's look", http.StatusNotFound)
	alix.post(at, url.Values{"action": {"again-all"}}).want(t, "another author's try", http.StatusNotFound)
	gwen.get(deliveriesURL(gwen.draft("Unfinished"))).want(t, "a draft's", http.StatusNotFound)
	for _, form := range []url.Values{{}, {"action": {"again"}}, {"action": {"again-all"}, "server": {gone.host()}}} {
		gwen.post(at, form).want(t, fmt.Sprint(form), http.StatusBadRequest)
	}
	a.deliver()
	if gone.got.Load() != 1 {
		t.Errorf("it was sent %d times", gone.got.Load())
	}
	edit.post(at, url.Values{"action": {"again-all"}}).wantRedirect(t, "an editor", http.StatusSeeOther, at+"?notice=notice.sent_again")
	a.deliver()
	if gone.got.Load() != 2 {
		t.Errorf("for the editor it was sent %d times in all", gone.got.Load())
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Blocks.Add(ctx, &models.Block{Domain: "127.0.0.1"})
	})
	edit.post(at, url.Values{"action": {"again"}, "server": {gone.host()}}).wantRedirect(t, "to a blocked one", http.StatusSeeOther, at+"?notice=notice.nothing_sent_again")
	if page := gwen.get(at); !page.has("blocked here") || strings.Contains(page.body, `value="again`) {
		t.Errorf("of a blocked server:\n%s", page.body)
	}
}

func TestAReportTakesTheSameQueriesHoweverManyServers(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	queries := 0
	fatal(t, a.server.Store.Watch(func(string) { queries++ }))
	gwen := a.person("gwen", models.RoleAuthor)
	measure := func(title string) (n int, page *response) {
		post := gwen.article(title)
		queries = 0
		page = gwen.get(deliveriesURL(post)).want(t, title, http.StatusOK)
		return queries, page
	}
	a.followAt(gwen, "http://server.example")
	few, _ := measure("One")
	for i := range maxServers + 4 {
		a.followAt(gwen, fmt.Sprintf("http://server%d.example", i))
	}
	many, page := measure("Two")
	if few != many || few == 0 {
		t.Errorf("%d queries for one server, %d for many", few, many)
	}
	if listed := strings.Count(page.body, `<b class="name"`); listed != maxServers || !page.has("And 5 servers more") || !page.has(fmt.Sprint(maxServers+5, " on their way")) {
		t.Errorf("%d servers are listed", listed)
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Blocks.Add(ctx, &models.Block{AccountID: gwen.ID, Domain: "server.example"})
	})
	if blocked, _ := measure("Three"); blocked != few {
		t.Errorf("%d queries with a block", blocked)
	}
}

func TestEveryAnswerHasItsWords(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var seen []string
	for status, want := range map[int]string{0: "reach.unreached", 301: "reach.moved", 400: "reach.declined", 401: "reach.refused", 403: "reach.refused", 404: "reach.gone", 410: "reach.gone",
		413: "reach.too_large", 422: "reach.declined", 429: "reach.busy", 500: "reach.broken", 501: "reach.broken", 503: "reach.broken"} {
		m := answerOf(activitypub.Reach{State: activitypub.ReachGivenUp, Status: status, Reason: "oops"})
		if m.ID != want {
			t.Errorf("%d: %s, want %s", status, m.ID, want)
		}
		seen = append(seen, a.server.Catalogue.For("fr").T(m.ID, m.Args...))
	}
	if slices.ContainsFunc(seen, func(s string) bool { return strings.Contains(s, "<no value>") || strings.HasPrefix(s, "reach.") }) {
		t.Errorf("%q", seen)
	}
	for _, r := range []activitypub.Reach{{State: activitypub.ReachDelivered, Status: 202}, {State: activitypub.ReachUnderway}} {
		if m := answerOf(r); m.ID != "" {
			t.Errorf("%+v: %s", r, m.ID)
		}
	}
}
