package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"confnotes/activitypub"
	"confnotes/internal/introduce"
	"confnotes/models"
)

func TestAProfileShowsWhatItsPersonIntroduces(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.article("Day one")
	form := gwen.get("/settings").want(t, "settings", http.StatusOK)
	if !form.has(`value="Go"`) || form.form().Has("tag") {
		t.Errorf("the tag that was used isn't offered, or is chosen: %v", form.form())
	}
	gwen.post("/settings/profile", url.Values{"field-0-label": {"Site <b>"}, "field-0-value": {"https://gwen.example/?a=1&b=2"}, "field-1-label": {"Says"}, "field-1-value": {"<i>tides</i>"},
		"tag": {"Go"}, "tags": {"#SQLite"}, "domains": {"https://blog.example/"}}).wantRedirect(t, "save", http.StatusSeeOther, "/settings?notice=")
	page := a.nobody().get("/@gwen").want(t, "profile", http.StatusOK)
	for _, want := range []string{`<dt dir="auto">Site &lt;b&gt;</dt>`, `<a href="https://gwen.example/?a=1&amp;b=2" rel="me nofollow noopener noreferrer" translate="no">https://gwen.example/?a=1&amp;b=2</a>`,
		`<dd dir="auto">&lt;i&gt;tides&lt;/i&gt;</dd>`, `rel="tag" href="https://notes.example/tags/go">#Go</a>`, `rel="tag" href="https://notes.example/tags/sqlite">#SQLite</a>`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the profile lacks %s", want)
		}
	}
	if strings.Contains(page.body, "✓") {
		t.Error("a link that nobody looked at is verified")
	}
	a.checked(gwen, true)
	if page := a.nobody().get("/@gwen"); !strings.Contains(page.body, `<span class="verified"><span aria-hidden="true">✓</span> Links back here, as of <time datetime="2026-06-11`) {
		t.Error("a link that leads back isn't verified")
	}
	again := gwen.get("/settings").form()
	if again.Get("field-0-label") != "Site <b>" || again.Get("field-0-value") != "https://gwen.example/?a=1&b=2" || !slices.Equal(again["tag"], []string{"Go", "SQLite"}) ||
		strings.TrimSpace(again.Get("domains")) != "blog.example" || again.Get("tags") != "" {
		t.Errorf("the form has %v", again)
	}
	a.checked(gwen, false)
	if strings.Contains(a.nobody().get("/@gwen").body, "✓") || !gwen.get("/settings").has("This page doesn’t link back") {
		t.Error("a link that leads back no more is verified, or nobody is told")
	}
	gwen.post("/settings/profile", again).wantRedirect(t, "save again", http.StatusSeeOther, "/settings?notice=")
	gwen.post("/settings/profile", url.Values{}).wantRedirect(t, "take everything back", http.StatusSeeOther, "/settings?notice=")
	if page := a.nobody().get("/@gwen"); strings.Contains(page.body, "<dl") || strings.Contains(page.body, "gwen.example/") || strings.Contains(page.body, "SQLite") {
		t.Error("the profile still shows what was taken back")
	}
}

// checked has every page that somebody links to looked at.
func (a *app) checked(p *person, leadsBack bool) {
	a.t.Helper()
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		fields, err := tx.Profiles.Fields(ctx, p.ActorID)
		for _, f := range fields {
			if f.URL != "" && err == nil {
				err = tx.Profiles.Checked(ctx, f.ID, f.URL, leadsBack, noon)
			}
		}
		return err
	})
}

func TestWhatAProfileCantShowComesBackAsTyped(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.article("Day one")
	typed := url.Values{"field-0-label": {"Site"}, "field-0-value": {"https://gwen.example"}, "field-1-label": {""}, "field-1-value": {""}, "field-2-label": {""}, "field-2-value": {""},
		"field-3-label": {"Says"}, "field-3-value": {"tides"}, "tag": {"Go"}, "tags": {"sql"}, "domains": {"blog.example"}}
	for field, value := range map[string]string{"field-3-label": "", "field-0-value": strings.Repeat("x", introduce.MaxValue+1), "tags": "c++", "domains": "com"} {
		form := url.Values{}
		for name, values := range typed {
			form[name] = slices.Clone(values)
		}
		form.Set(field, value)
		r := gwen.post("/settings/profile", form).want(t, field, http.StatusUnprocessableEntity)
		if !strings.Contains(r.body, `id="problem-`+field+`"`) {
			t.Errorf("%s: nothing is said of it", field)
		}
		for name, want := range form {
			if got := r.form()[name]; len(got) != 1 || strings.TrimSpace(got[0]) != want[0] {
				t.Errorf("%s: %s came back as %.60q", field, name, got)
			}
		}
	}
	if p, err := a.server.Store.Profiles.Of(t.Context(), gwen.ActorID); err != nil || len(p.Fields)+len(p.Tags)+len(p.Domains) != 0 {
		t.Errorf("something was saved: %+v, %v", p, err)
	}
}

func TestAnArticleIsPinnedAndUnpinned(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, alix := a.person("gwen", models.RoleAuthor), a.person("alix", models.RoleOwner)
	first, second := gwen.article("Day one"), gwen.article("Day two")
	press := func(by *person, action string, p *models.Post) *response {
		return by.post("/posts", url.Values{"action": {action}, "post": {*p.PublicID}})
	}
	press(gwen, "pin", first).wantRedirect(t, "pin", http.StatusSeeOther, "/posts?notice=notice.pinned")
	page := a.nobody().get("/@gwen").body
	at := []int{strings.Index(page, `id="pinned-title"`), strings.Index(page, ">Day one</a>"), strings.Index(page, ">Day two</a>"), strings.LastIndex(page, ">Day one</a>")}
	if !slices.IsSorted(at) || at[0] < 0 || at[1] == at[3] {
		t.Errorf("on the profile the heading, the pinned one, the newest and the first stand at %v", at)
	}
	if r := gwen.get("/posts"); strings.Count(r.body, `value="unpin"`) != 1 || strings.Count(r.body, `value="pin"`) != 1 {
		t.Error("the list doesn't offer to unpin the one and to pin the other")
	}
	raw := a.nobody().get("/users/gwen/featured", "Accept", mastodon).want(t, "featured", http.StatusOK).body
	if !strings.Contains(raw, `"orderedItems":["`+a.server.IRIs.Article(*first.PublicID)+`"]`) {
		t.Errorf("featured is %s", raw)
	}
	for name, r := range map[string]*response{"another's": press(alix, "pin", second), "another's, unpinned": press(alix, "unpin", first), "a draft": press(gwen, "pin", gwen.draft("Later")),
		"nothing": gwen.post("/posts", url.Values{"action": {"pin"}, "post": {"absent"}})} {
		r.want(t, name, http.StatusNotFound)
	}
	press(gwen, "delete", second).want(t, "another action", http.StatusBadRequest)
	for i := range activitypub.MaxFeatured - 1 {
		press(gwen, "pin", gwen.article(fmt.Sprintf("More %d", i))).wantRedirect(t, "pin more", http.StatusSeeOther, "/posts?notice=")
	}
	if r := press(gwen, "pin", second).want(t, "one too many", http.StatusUnprocessableEntity); !r.has(strconv.Itoa(activitypub.MaxFeatured) + " articles are pinned already") {
		t.Errorf("nothing is said: %.2000s", r.body)
	}
	press(gwen, "unpin", first).wantRedirect(t, "unpin", http.StatusSeeOther, "/posts?notice=notice.unpinned")
	press(gwen, "pin", second).wantRedirect(t, "pin in its place", http.StatusSeeOther, "/posts?notice=")
	if page := a.nobody().get("/@gwen").body; strings.Index(page, ">Day two</a>") > strings.Index(page, ">More 3</a>") {
		t.Error("what was pinned last doesn't stand first")
	}
	if further := a.nobody().get("/@gwen?before=9999999999999-9999"); strings.Contains(further.body, "pinned-title") {
		t.Error("the pinned ones stand on every part of the list")
	}
}

func TestNodeInfoSaysWhatTheSiteIs(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Settings.Set(ctx, models.SettingSiteLanguage, "fr")
	})
	for _, version := range []string{"2.0", "2.1"} {
		r := a.nobody().get("/nodeinfo/"+version).want(t, version, http.StatusOK)
		want := `"metadata":{"nodeDescription":"` + a.server.Catalogue.For("fr").T("home.lead") + `","nodeName":"notes.example"}`
		if !strings.Contains(r.body, want) || !strings.Contains(r.header("Content-Type"), "ns/schema/"+version+"#") {
			t.Errorf("%s: %s\n%s", version, r.header("Content-Type"), r.body)
		}
	}
}
