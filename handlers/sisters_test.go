package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// elsewhere stores a shown note of somebody elsewhere on a talk, as the inbox does.
func (a *app) elsewhere(by *models.Actor, t *models.Talk, title string, f func(*models.Post)) *models.Post {
	return a.partElsewhere(by, t, title, "", f)
}

func (a *app) partElsewhere(by *models.Actor, t *models.Talk, title, part string, f func(*models.Post)) *models.Post {
	a.t.Helper()
	uri, at := *by.URI+"/articles/"+models.NewPublicID(), a.clock()
	p := &models.Post{URI: &uri, URL: uri + "/page", Type: "Article", Kind: models.KindCoverage, ActorID: by.ID, State: models.PostPublished, Visibility: models.VisibilityPublic,
		Title: title, HTML: "<p>Words.</p>", Excerpt: "Words of " + title, CreatedAt: at, PublishedAt: &at, SavedAt: &at}
	if f != nil {
		f(p)
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Posts.Create(ctx, p); err != nil {
			return err
		}
		return errors.Join(tx.Coverage.Add(ctx, &models.Coverage{ConferenceID: t.ConferenceID, PostID: p.ID, State: models.CoverageShown, CreatedAt: at}),
			tx.Coverage.SetTalks(ctx, p.ID, []models.CoverageTalk{{TalkID: t.ID, URL: part}}))
	})
	return p
}

func TestATalksPageHasTheNotesElsewhere(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	talk, other := c.talks[tides], c.talks["Ouverture de Kormoran Conf"]
	page := "/conferences/kormoran2026/talks/" + talk.Slug
	if a.nobody().get(page).has(`id="elsewhere"`) {
		t.Error("there is nothing elsewhere, and a section of it")
	}
	far := a.stranger("far", "far.example")
	a.face(far)
	note := a.elsewhere(far, talk, "Tides <from> afar", nil)
	a.elsewhere(far, talk, "Sensitive", func(p *models.Post) { p.Sensitive, p.Summary, p.Excerpt = true, "Food", "Fish & chips" })
	a.elsewhere(far, other, "Opening", nil)
	a.partElsewhere(far, talk, "Day one", "https://far.example/day-one#tides", nil)
	held := a.elsewhere(far, talk, "Waits", nil)
	hidden := a.elsewhere(far, talk, "Blocked", func(p *models.Post) { p.Moderation = models.ModerationHidden })
	private := a.elsewhere(far, talk, "Private", func(p *models.Post) { p.Visibility = models.VisibilityFollowers })
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		_, err := tx.Coverage.Decide(ctx, c.ID, "", 0, []int64{held.ID}, models.CoverageHeld)
		return err
	})
	got := a.nobody().get(page).want(t, "talk", http.StatusOK)
	for _, want := range []string{"3 notes elsewhere", `href="https://far.example/day-one#tides"`, "Tides &lt;from&gt; afar", note.URL, "Words of Tides", "@far@far.example", "/media/copies/", "Food"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, p := range []*models.Post{held, hidden, private} {
		if got.has(p.Title) {
			t.Errorf("it shows %q", p.Title)
		}
	}
	for _, not := range []string{"Opening", "Fish"} {
		if got.has(not) {
			t.Errorf("it shows %q", not)
		}
	}
}

func TestNotesElsewhereAreShownInParts(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	talk, far := c.talks[tides], a.stranger("far", "far.example")
	page := "/conferences/kormoran2026/talks/" + talk.Slug
	queries := 0
	fatal(t, a.server.Store.Watch(func(string) { queries++ }))
	count := func() int {
		queries = 0
		a.nobody().get(page).want(t, page, http.StatusOK)
		return queries
	}
	few := 0
	for n := range articlesAPage + 2 {
		a.elsewhere(far, talk, fmt.Sprintf("Note %02d.", n), nil)
		a.wait(time.Minute)
		if n == 0 {
			few = count()
		}
	}
	if many := count(); many != few {
		t.Errorf("%d queries with one note elsewhere, %d with more", few, many)
	}
	got := a.nobody().get(page)
	if !got.has(fmt.Sprintf("%d notes elsewhere", articlesAPage+2)) || !got.has("Note 21.") || got.has("Note 01.") {
		t.Error("the first part isn't the last that came")
	}
	_, rest, _ := strings.Cut(got.body, page+"?elsewhere=")
	id, _, _ := strings.Cut(rest, "#")
	next := a.nobody().get(page + "?elsewhere=" + id)
	if !next.has("Note 01.") || !next.has("Note 00.") || next.has("Note 02.") || next.has("?elsewhere=") || !next.has(page+`#elsewhere"`) {
		t.Error("the second part isn't what is left")
	}
	for _, odd := range []string{"-1", "x", "9999999999999999999999"} {
		a.nobody().get(page+"?elsewhere="+odd).want(t, odd, http.StatusOK)
	}
}

func TestManagersSayWhichConferencesElsewhereAreTheirs(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.withTalk("kormoran2026", gwen).ConferenceID
	group := a.group("far.example")
	const at = "/coverage/kormoran2026"
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Sisters.Propose(ctx, &models.Sister{ConferenceID: c, ActorID: group.ID, CreatedAt: noon}, 9)
	})
	send := func(action string) string {
		t.Helper()
		gwen.post(at, url.Values{"action": {action}, "sister": {fmt.Sprint(group.ID)}}).want(t, action, http.StatusSeeOther)
		return gwen.get(at).body
	}
	if body := gwen.get(at).body; !strings.Contains(body, "says it is this conference") || !strings.Contains(body, "@kormoran@far.example") {
		t.Error("the page doesn't show who says it is the conference")
	}
	if body := send("follow"); !strings.Contains(body, "waiting for its server") {
		t.Error("it isn't asked")
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		conf, err := tx.Conferences.ByID(ctx, c)
		if err != nil {
			return err
		}
		f, err := tx.Follows.Between(ctx, conf.ActorID, group.ID)
		if err != nil {
			return err
		}
		return tx.Follows.Accept(ctx, f.ID)
	})
	if body := gwen.get(at).body; !strings.Contains(body, "<span>followed</span>") {
		t.Error("it isn't followed once it said yes")
	}
	if body := send("unfollow"); !strings.Contains(body, "followed no more") {
		t.Error("it is still followed")
	}
	for address, want := range map[string]string{"kormoran": "problem-address", "@gwen@notes.example": "No conference answers", "": "problem-address"} {
		if got := gwen.post(at, url.Values{"action": {"follow"}, "address": {address}}); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.body, want) {
			t.Errorf("%q: %d, want %q", address, got.Code, want)
		}
	}
	for _, wrong := range []string{"x", "999"} {
		if got := gwen.post(at, url.Values{"action": {"follow"}, "sister": {wrong}}); got.Code != http.StatusBadRequest && got.Code != http.StatusNotFound {
			t.Errorf("the sister %s: %d", wrong, got.Code)
		}
	}
}

// group is a conference's Group on another server.
func (a *app) group(host string) *models.Actor {
	a.t.Helper()
	uri := "https://" + host + "/users/kormoran"
	actor := &models.Actor{URI: &uri, Kind: models.ActorGroup, Handle: "kormoran", Domain: host, Name: "Kormoran Conf", URL: uri, Inbox: uri + "/inbox", CreatedAt: noon, FetchedAt: &noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Actors.SaveRemote(ctx, actor) })
	return actor
}

// Whoever owns the instance can keep away who wrote coverage; nobody else can.
func TestOwnersBlockFromThePageOfCoverage(t *testing.T) {
	t.Parallel()
	for action, blocked := range map[string]string{"block-account": "@far@far.example", "block-server": "far.example"} {
		a := newTestApp(t)
		gwen, boss := a.person("gwen", models.RoleAuthor), a.person("boss", models.RoleOwner)
		talk := a.withTalk("kormoran2026", gwen)
		note := a.elsewhere(a.stranger("far", "far.example"), talk, "Afar", nil)
		other := a.cover(a.stranger("else", "else.example"), a.withTalk("goeland2026", gwen).ConferenceID, "<p>Else</p>")
		const at, page = "/coverage/kormoran2026", "/conferences/kormoran2026/talks/why-wal"
		form := func(p *models.Post) url.Values { return url.Values{action: {id(p)}, "state": {"shown"}} }
		if gwen.get(at+"?state=shown").has(action) || !boss.get(at+"?state=shown").has(action) {
			t.Errorf("%s is offered to the wrong ones", action)
		}
		gwen.post(at, form(note)).want(t, "by its manager", http.StatusNotFound)
		boss.post(at, form(other)).want(t, "of another conference", http.StatusNotFound)
		if !a.nobody().get(page).has("Afar") {
			t.Fatal("the note isn't there")
		}
		to := boss.post(at, form(note)).want(t, action, http.StatusSeeOther).header("Location")
		if !boss.get(to).has(blocked) || a.nobody().get(page).has("Afar") {
			t.Errorf("%s: the note is still there, or %s isn't named", action, blocked)
		}
	}
}
