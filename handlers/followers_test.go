package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"confnotes/models"
)

// follower stores that somebody elsewhere follows one of ours, or asks to, as the inbox does.
func (a *app) follower(who *models.Actor, target int64, state string) *models.Follow {
	a.t.Helper()
	f := &models.Follow{URI: fmt.Sprintf("%s/follows/%d", *who.URI, target), FollowerID: who.ID, TargetID: target, State: state, CreatedAt: noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Follows.Put(ctx, f) })
	return f
}

func followID(f *models.Follow) string { return strconv.FormatInt(f.ID, 10) }

// waits stores that somebody asks to follow an account, and that it is told.
func (a *app) waits(who *models.Actor, p *person) *models.Follow {
	a.t.Helper()
	f := a.follower(who, p.ActorID, models.FollowPending)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Notifications.Add(ctx, &models.Notification{AccountID: p.ID, Kind: models.NotifyRequest, ActorID: who.ID, CreatedAt: noon})
	})
	return f
}

func TestFollowersAreAcceptedAndRejectedInBatches(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.post("/settings/following", url.Values{"approve": {"yes"}}).wantRedirect(t, "approve", http.StatusSeeOther, "/settings?notice=")
	if settings := gwen.get("/settings"); settings.form().Get("approve") != "yes" || !strings.Contains(settings.body, `name="approve" value="yes" aria-describedby="approve-hint" checked`) || strings.Contains(settings.body, `aria-describedby="hide-hint" checked`) {
		t.Error("the settings don't show what was chosen")
	}
	var asking []*models.Follow
	for i := range 4 {
		asking = append(asking, a.waits(a.stranger(fmt.Sprintf("far%d", i), "far.example"), gwen))
	}
	page := gwen.get("/followers?state=pending").want(t, "who asks", http.StatusOK)
	if !page.has("@far0<wbr>@far.example") || !page.has("Asking (4)") || page.has("Block the ticked") {
		t.Errorf("the page of who asks: %s", page.body)
	}
	if news := gwen.get("/notifications"); !news.has("4 people ask to follow you: accept or reject") || !news.has("ask to follow you") {
		t.Error("the news don't say that somebody asks")
	}
	send := func(values url.Values) *response {
		t.Helper()
		values.Set("state", "pending")
		return gwen.post("/followers", values).wantRedirect(t, values.Get("action"), http.StatusSeeOther, "/followers?state=pending&notice=")
	}
	count := func(state string) int64 {
		t.Helper()
		n, _, err := a.server.Store.Follows.CountFollowers(t.Context(), gwen.ActorID, state)
		fatal(t, err)
		return n
	}
	send(url.Values{"action": {"accept"}, "follow": {followID(asking[0])}})
	send(url.Values{"action": {"reject"}, "follow": {followID(asking[1]), followID(asking[0])}}) // who follows already is not asking
	if accepted, waiting := count(models.FollowAccepted), count(models.FollowPending); accepted != 1 || waiting != 2 {
		t.Fatalf("%d follow, %d ask", accepted, waiting)
	}
	// All are those who were on the page.
	send(url.Values{"action": {"accept-all"}, "last": {followID(asking[2])}})
	send(url.Values{"action": {"reject-all"}, "last": {followID(asking[3])}})
	if accepted, waiting := count(models.FollowAccepted), count(models.FollowPending); accepted != 2 || waiting != 0 {
		t.Errorf("%d follow, %d ask", accepted, waiting)
	}
	if news := gwen.get("/notifications"); news.has("ask to follow you") {
		t.Error("the news still say that somebody asks")
	}
	for _, values := range []url.Values{{"action": {"accept-all"}}, {"action": {"accept-all"}, "last": {"x"}}, {"action": {"sing"}}} {
		gwen.post("/followers", values).want(t, values.Encode(), http.StatusBadRequest)
	}
}

func TestFollowersAreRemovedAndBlocked(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, boss := a.person("gwen", models.RoleAuthor), a.person("boss", models.RoleOwner)
	removed := a.follower(a.stranger("one", "one.example"), gwen.ActorID, models.FollowAccepted)
	blocked := a.follower(a.stranger("two", "two.example"), gwen.ActorID, models.FollowAccepted)
	barred := a.follower(a.stranger("three", "three.example"), gwen.ActorID, models.FollowAccepted)
	a.follower(a.stranger("four", "three.example"), gwen.ActorID, models.FollowAccepted)
	others := a.follower(a.stranger("five", "three.example"), boss.ActorID, models.FollowAccepted)
	send := func(action string, f *models.Follow) {
		t.Helper()
		gwen.post("/followers", url.Values{"action": {action}, "follow": {followID(f)}}).wantRedirect(t, action, http.StatusSeeOther, "/followers?state=accepted&notice=")
	}
	send("remove", removed)
	send("block-account", blocked)
	send("block-server", barred)
	send("block-server", others) // none of gwen's
	if page := gwen.get("/followers"); !page.has("Nobody follows yet.") {
		t.Errorf("somebody is left: %s", page.body)
	}
	if page := boss.get("/followers"); !page.has("@five<wbr>@three.example") {
		t.Error("gwen's block is everybody's")
	}
	page := gwen.get("/blocks")
	if !page.has("@two@two.example") || !page.has("three.example") || page.has("one.example") {
		t.Errorf("blocked are: %s", page.body)
	}
}

func TestAHiddenNetworkIsOnNoPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	a.follower(a.stranger("one", "one.example"), gwen.ActorID, models.FollowAccepted)
	if page := a.nobody().get("/@gwen"); !page.has("1 follower") {
		t.Error("the profile doesn't count followers")
	}
	gwen.post("/settings/following", url.Values{"hide": {"yes"}})
	if page := a.nobody().get("/@gwen").want(t, "profile", http.StatusOK); page.has("1 follower") {
		t.Error("the profile counts followers")
	}
	if doc := a.nobody().get("/users/gwen/followers", "Accept", mastodon).want(t, "collection", http.StatusOK); strings.Contains(doc.body, "totalItems") {
		t.Errorf("the collection counts: %s", doc.body)
	}
	a.nobody().get("/users/gwen/followers?page=1", "Accept", mastodon).want(t, "its page", http.StatusNotFound)
}

// An owner of the instance blocks a conference's follower for all.
func TestAnOwnerBlocksAConferencesFollower(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	boss := s.person("root", models.RoleOwner)
	f := s.followed()
	if page := boss.get("/followers/kormoran2026"); !page.has("Block their whole servers") {
		t.Error("no block is offered")
	}
	if page := s.people["owner"].get("/followers/kormoran2026"); page.has("Block their whole servers") || !page.has("Remove the ticked ones") {
		t.Error("a block is offered to who can't, or no removal")
	}
	boss.post("/followers/kormoran2026", url.Values{"action": {"block-server"}, "follow": {followID(f)}}).wantRedirect(t, "block", http.StatusSeeOther, "/followers/kormoran2026?state=accepted&notice=")
	if page := boss.get("/blocks"); !page.has("near.example") || !page.has("for everybody on this site") {
		t.Error("near.example isn't blocked")
	}
	boss.get("/followers/gwen").want(t, "somebody's own followers", http.StatusNotFound)
}

func TestFollowersComeInPages(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	for i := range heldAPage + 3 {
		a.follower(a.stranger(fmt.Sprintf("far%d", i), "far.example"), gwen.ActorID, models.FollowAccepted)
	}
	first := gwen.get("/followers")
	_, rest, _ := strings.Cut(first.body, `rel="next" href="`)
	next, _, ok := strings.Cut(rest, `"`)
	if !ok || !first.has("@far52<wbr>@far.example") || first.has("@far2<wbr>@far.example") {
		t.Fatalf("the first page leads to %q", next)
	}
	if second := gwen.get(strings.ReplaceAll(next, "&amp;", "&")); !second.has("@far2<wbr>@far.example") || second.has("@far3<wbr>") || second.has(`rel="next"`) {
		t.Errorf("the second page: %s", second.body)
	}
}

func TestWhoeverIsTypedIsBlocked(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, boss := a.person("gwen", models.RoleAuthor), a.person("boss", models.RoleOwner)
	far := a.stranger("far", "far.example")
	a.follower(far, gwen.ActorID, models.FollowAccepted)
	block := func(p *person, target, everywhere string) *response {
		return p.post("/blocks", url.Values{"action": {"block"}, "target": {target}, "everywhere": {everywhere}})
	}
	for _, bad := range []string{"", "far", "com", "two words.example", "@gwen@notes.example", "notes.example", "@nobody@else.example", "https://"} {
		r := block(gwen, bad, "").want(t, bad, http.StatusUnprocessableEntity)
		if !strings.Contains(r.body, `id="problem-target"`) || r.form().Get("target") != bad {
			t.Errorf("%q: nothing is said, or it is lost", bad)
		}
	}
	block(gwen, "bad.example", "yes").want(t, "an author for all", http.StatusNotFound)
	block(gwen, " @far@far.example", "").wantRedirect(t, "an account", http.StatusSeeOther, "/blocks?notice=notice.blocked&subject=%40far%40far.example")
	block(gwen, "https://Bad.example/about", "").wantRedirect(t, "a server", http.StatusSeeOther, "/blocks?notice=notice.blocked&subject=bad.example")
	if page := gwen.get("/blocks"); !page.has("@far@far.example") || !page.has("bad.example") || page.has(`name="everywhere"`) {
		t.Errorf("blocked are %s", page.body)
	}
	if n, err := a.server.Store.Follows.Count(t.Context(), gwen.ActorID); err != nil || n != 0 {
		t.Errorf("%d follow, %v", n, err)
	}
	block(boss, "worse.example", "yes").wantRedirect(t, "for all", http.StatusSeeOther, "/blocks?notice=")
	if page := boss.get("/blocks"); !page.has("worse.example") || !page.has("for everybody on this site") || page.has("bad.example</") {
		t.Errorf("blocked are %s", page.body)
	}
}
