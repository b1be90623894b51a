package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"confnotes/models"
)

// amendment is the form of a talk as a browser sends it, with changes over what it shows.
func (p *person) amendment(t testing.TB, at string, changes url.Values) url.Values {
	t.Helper()
	form := p.get(at).want(t, at, http.StatusOK).form()
	form.Set("action", "save")
	for name, values := range changes {
		form[name] = values
	}
	return form
}

func TestATalkIsPutRightByHand(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	keeper, gwen := a.person("keeper", models.RoleAuthor), a.person("gwen", models.RoleAuthor)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return errors.Join(tx.Conferences.SetManager(ctx, c.ActorID, keeper.ID, models.ManagerEditor),
			tx.Talks.SetExternalIDs(ctx, c.talks[tides], []models.ExternalID{{Scheme: "guid", Value: "tides"}}))
	})
	talk := c.talks[tides]
	at, page := amendURL(c.Conference, talk), "/conferences/kormoran2026/talks/"+talk.Slug
	if !keeper.get(talkLinksURL(talk)).has(at) || gwen.get(talkLinksURL(talk)).has(at) {
		t.Error("the way to the form isn't there for who looks after the conference, or is for others")
	}
	keeper.post(at, keeper.amendment(t, at, url.Values{"room": {"Belle-Île"}, "speaker-0-acct": {"@maelle@social.example"}})).wantRedirect(t, "put right", http.StatusSeeOther, at)
	if !a.nobody().get(page).has("Belle-Île") {
		t.Error("its page has the old room")
	}
	form := keeper.get(at)
	if !form.has(`value="maelle@social.example"`) || !form.has("Put right by hand") {
		t.Error("the form doesn't show what was put right")
	}

	stale := keeper.amendment(t, at, url.Values{"title": {"Twenty years of tides"}})
	c.change(tides, func(talk *models.Talk) { talk.Track = "Sea" })
	again := keeper.post(at, stale).want(t, "an old form", http.StatusConflict)
	if !again.has("The programme changed while you were writing") || !again.has(`value="Twenty years of tides"`) {
		t.Error("it doesn't say what happened, or loses what was typed")
	}
	wrong := keeper.post(at, keeper.amendment(t, at, url.Values{"title": {""}, "speaker-1-name": {"Sam"}, "speaker-1-acct": {"sam"}})).want(t, "no title", http.StatusUnprocessableEntity)
	if !wrong.has(`id="problem-title"`) || !wrong.has(`value="sam"`) {
		t.Error("it doesn't say what is wrong, or loses what was typed")
	}

	keeper.post(at, url.Values{"action": {"remove"}}).wantRedirect(t, "taken out", http.StatusSeeOther, at)
	if !a.nobody().get(page).has("no longer in the programme") {
		t.Error("it is still in the programme")
	}
	keeper.post(at, url.Values{"action": {"restore"}}).wantRedirect(t, "put back", http.StatusSeeOther, at)
	if a.nobody().get(page).has("no longer in the programme") {
		t.Error("it isn't back")
	}
}

// A meetup has no schedule to import.
func TestATalkIsAddedByHand(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.conference("meetup", "Europe/Paris", "2026-06-11", "2026-06-11")
	boss := a.person("boss", models.RoleOwner)
	const at = "/conferences/meetup/new-talk"
	if !boss.get("/conferences/meetup/edit").has(at) || !boss.get(at).has(`value="2026-06-11T09:00"`) {
		t.Error("there is no way to the form, or it doesn't begin on the day")
	}
	form := boss.amendment(t, at, url.Values{"title": {"Night tides"}, "kind": {"talk"}, "start": {"2026-06-11T19:00:00"}, "end": {"2026-06-11T19:45"}, "speaker-0-name": {"Ada Byron"}, "speaker-0-role": {"Engineer"}})
	for range 2 { // on venue wifi a form is sent twice
		boss.post(at, form).wantRedirect(t, "added", http.StatusSeeOther, "/conferences/meetup/talks/night-tides/edit")
	}
	if n := len(a.programmeOf("meetup")); n != 1 {
		t.Errorf("%d talks were added", n)
	}
	if boss.get("/conferences/meetup/talks/night-tides/edit").has(`value="release"`) {
		t.Error("it offers to let a schedule decide that doesn't know it")
	}
	page := a.nobody().get("/conferences/meetup/talks/night-tides").want(t, "its page", http.StatusOK)
	for _, want := range []string{"Night tides", "19:00–19:45", "Ada Byron", "Engineer"} {
		if !page.has(want) {
			t.Errorf("its page doesn't say %q", want)
		}
	}
	if !a.nobody().get("/conferences/meetup").has("Night tides") {
		t.Errorf("it isn't in the programme of %s", c.Actor.Handle)
	}
}

// What every edition flows into is set up with the first, has a page, and is followed.
func TestASeriesGathersItsEditions(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, ida := a.person("gwen", models.RoleAuthor), a.person("ida", models.RoleAuthor)
	add := func(p *person, handle, day string) *response {
		return p.post("/conferences/new", url.Values{"action": {"save"}, "handle": {handle}, "name": {"Kormoran Conf " + day[:4]}, "zone": {"Europe/Paris"}, "start": {day}, "series": {"@Kormoran"}})
	}
	add(gwen, "kormoran2026", "2026-06-11").wantRedirect(t, "the first edition", http.StatusSeeOther, "/conferences/kormoran2026/")
	refused := add(ida, "kormoran2027", "2027-06-11").want(t, "of somebody else's series", http.StatusUnprocessableEntity)
	if !refused.has(`id="problem-series"`) {
		t.Errorf("it doesn't say what is wrong: %s", refused.body)
	}
	add(gwen, "kormoran2028", "2028-06-11").wantRedirect(t, "another", http.StatusSeeOther, "/conferences/kormoran2028/")
	page := a.nobody().get("/conferences/kormoran").want(t, "its page", http.StatusOK)
	for _, want := range []string{"<bdi>Kormoran Conf</bdi>", "Kormoran Conf 2026", "Kormoran Conf 2028", "@kormoran@notes.example"} {
		if !page.has(want) {
			t.Errorf("its page lacks %q", want)
		}
	}
	if page.has("2027") || !a.nobody().get("/conferences/kormoran2026").has(`<a href="https://notes.example/conferences/kormoran">`) {
		t.Error("an edition of another stands there, or the conference doesn't lead to it")
	}
	a.nobody().get("/conferences/kormoran", "Accept", mastodon).wantRedirect(t, "a server", http.StatusSeeOther, "https://notes.example/users/kormoran")
	a.nobody().get("/conferences/KORMORAN").wantRedirect(t, "in capitals", http.StatusMovedPermanently, "https://notes.example/conferences/kormoran")
	form := gwen.get("/conferences/kormoran2028/edit").form()
	form.Set("action", "save")
	if form.Get("series") != "kormoran" {
		t.Errorf("the form has the series %q", form.Get("series"))
	}
	form.Set("series", "")
	gwen.post("/conferences/kormoran2028/edit", form).wantRedirect(t, "taken out", http.StatusSeeOther, "/conferences/kormoran2028/edit")
	if a.nobody().get("/conferences/kormoran").has("Kormoran Conf 2028") {
		t.Error("what was taken out stands there")
	}
}

func TestOwnersSayWhoLooksAfterAConference(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, ida := a.person("gwen", models.RoleAuthor), a.person("ida", models.RoleAuthor)
	a.withTalk("kormoran2026", gwen)
	const at = "/conferences/kormoran2026/edit"
	ida.get(at).want(t, "before", http.StatusNotFound)
	gwen.post(at, url.Values{"action": {"manager"}, "manager": {"nobody"}, "role": {"editor"}}).want(t, "of nobody", http.StatusUnprocessableEntity)
	gwen.post(at, url.Values{"action": {"manager"}, "manager": {"ida"}, "role": {"king"}}).want(t, "as a king", http.StatusUnprocessableEntity)
	gwen.post(at, url.Values{"action": {"manager"}, "manager": {"@Ida"}, "role": {"editor"}}).wantRedirect(t, "ida", http.StatusSeeOther, at)
	if page := ida.get(at).want(t, "as an editor", http.StatusOK); page.has(`name="manager"`) || page.has(`name="series"`) {
		t.Error("an editor may say who looks after it, or which series it is in")
	}
	ida.post(at, url.Values{"action": {"manager"}, "manager": {"ida"}, "role": {"owner"}}).want(t, "by an editor", http.StatusNotFound)
	if page := gwen.get(at); !page.has("@ida") {
		t.Error("the owner doesn't see her")
	}
	gwen.post(at, url.Values{"action": {"manager"}, "manager": {"ida"}, "role": {""}}).wantRedirect(t, "no longer", http.StatusSeeOther, at)
	ida.get(at).want(t, "afterwards", http.StatusNotFound)
}

// A lightning session has forty speakers, and a room with a long name: it can be put right.
func TestATalkIsPutRightAsItWasImported(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.twoDays("kormoran2026")
	boss := a.person("boss", models.RoleOwner)
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("Speaker %d", i))
	}
	talk := a.talk(c, "2026-06-11", 0, "Lightning", names...)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		talk.Room = strings.Repeat("room ", 30) + "x"
		return tx.Talks.Save(ctx, talk)
	})
	at := amendURL(c, talk)
	boss.post(at, boss.amendment(t, at, url.Values{"title": {"Lightning talks"}, "speaker-3-name": {""}, "speaker-4-name": {"Ada Byron"}})).wantRedirect(t, "put right", http.StatusSeeOther, at)
	now, err := a.server.Store.Talks.ByID(t.Context(), talk.ID)
	fatal(t, err)
	if len(now.Speakers) != 39 || now.Title != "Lightning talks" || now.Speakers[3].Person.Name != "Ada Byron" || now.Speakers[3].PersonID != talkSpeaker(t, a, c, "speaker-4") {
		t.Errorf("it has %d speakers, the fourth is %+v", len(now.Speakers), now.Speakers[3].Person)
	}
}

// talkSpeaker is the id of who has a page at a conference.
func talkSpeaker(t testing.TB, a *app, c *models.Conference, slug string) int64 {
	p, err := a.server.Store.People.BySlug(t.Context(), c.ID, slug)
	fatal(t, err)
	return p.ID
}
