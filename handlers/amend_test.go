package handlers

import (
	"context"
	"net/http"
	"net/url"
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
		return tx.Conferences.SetManager(ctx, c.ActorID, keeper.ID, models.ManagerEditor)
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
	boss.post(at, boss.amendment(t, at, url.Values{"title": {"Night tides"}, "kind": {"talk"}, "start": {"2026-06-11T19:00:00"}, "end": {"2026-06-11T19:45"}, "speaker-0-name": {"Ada Byron"}, "speaker-0-role": {"Engineer"}})).
		wantRedirect(t, "added", http.StatusSeeOther, "/conferences/meetup/talks/night-tides/edit")
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
