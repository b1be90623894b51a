package handlers

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub"
	"confnotes/models"
)

// note writes a person's note on a talk: saved, or published.
func (p *person) note(t *models.Talk, action, takeaway, source string) *models.Post {
	p.app.t.Helper()
	form := p.get("/write?talk=" + t.PublicID).form()
	form.Set("takeaway", takeaway)
	form.Set("source", source)
	form.Set("action", action)
	p.post("/write", form).want(p.app.t, action+" a note", http.StatusSeeOther)
	notes, err := p.app.server.Store.Posts.OwnNotesOn(context.Background(), p.ID, []int64{t.ID})
	fatal(p.app.t, err)
	return notes[t.ID]
}

// later is the next round of what follows its talks.
func (a *app) later() {
	a.t.Helper()
	a.wait(time.Minute)
	fatal(a.t, activitypub.NewAbreast(a.server.Store, a.server.Outbox, slog.New(slog.NewTextHandler(io.Discard, nil))).Round(context.Background()))
}

const newRecap = "/recap/new?conference=kormoran2026&day=2026-06-11"

// inOrder checks that a text has parts, one after the other.
func inOrder(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		i := strings.Index(text, p)
		if i < 0 {
			t.Errorf("%s: %q isn't there, or not after what it follows", what, p)
			return
		}
		text = text[i+len(p):]
	}
}

func TestADayBecomesARecapOfItsNotes(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, alix := a.person("gwen", models.RoleAuthor), a.person("alix", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	tides, boats, full, next := a.talk(c, "2026-06-11", 0, "Ten years of tides", "Maëlle Quérec"), a.talk(c, "2026-06-11", 60, "Boats"), a.talk(c, "2026-06-11", 120, "Room full"), a.talk(c, "2026-06-12", 0, "Small models")
	kept := gwen.note(boats, "save", "", "## The hull\n\nAfloat.[^1]\n\n[^1]: Nearly.")
	alone := gwen.note(tides, "publish", "Size for the spring tide.", "Two voices.[^1]\n\n[^1]: Or three.")
	alix.note(tides, "publish", "", "Alix was there too.")
	gwen.mark(full, models.PlanMissed)
	gwen.mark(next, models.PlanStarred)

	page := gwen.get(newRecap).want(t, "a new recap", http.StatusOK)
	form := page.form()
	if form.Get("title") != "Kormoran Conf 2026, day 1" || form.Get("tags") != "Kormoran2026" || len(form["section"]) != 4 {
		t.Fatalf("it begins with %v", form)
	}
	inOrder(t, "the sections", strings.Join(form["section"], "\n"), *alone.PublicID, *kept.PublicID)
	form["section"][0], form["section"][3] = "Got in last night.", "Good night."
	for _, what := range []string{"missed", "tomorrow"} {
		form.Set("action", what)
		form = gwen.post("/write", form).want(t, what, http.StatusOK).form()
	}
	inOrder(t, "arranged", strings.Join(form["section"], "\n"), "Got in last night.", "Good night.", "Room full", "Tomorrow", "- 09:15 Small models")
}

// writeRecap publishes a recap of a day with whatever notes there are.
func (p *person) writeRecap(day, opening string) *models.Post {
	p.app.t.Helper()
	form := p.get("/recap/new?conference=kormoran2026&day="+day).want(p.app.t, "a new recap", http.StatusOK).form()
	form["section"][0] = opening
	form.Set("action", "publish")
	p.post("/write", form).want(p.app.t, "publish the recap", http.StatusSeeOther)
	r, err := p.app.server.Store.Posts.ByClientID(context.Background(), p.ID, form.Get("client_id"))
	fatal(p.app.t, err)
	if r.Day != day || r.State != models.PostPublished {
		p.app.t.Fatalf("the recap is %+v", r)
	}
	return r
}

func (a *app) page(p *models.Post, handle string) string {
	a.t.Helper()
	return a.nobody().get("/@"+handle+"/"+p.Slug).want(a.t, "the page", http.StatusOK).body
}

func TestARecapShowsWhatWasPublishedAsALinkAndWhatWasKeptWhole(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, alix := a.person("gwen", models.RoleAuthor), a.person("alix", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	tides, boats := a.talk(c, "2026-06-11", 0, "Ten years of tides", "Maëlle Quérec"), a.talk(c, "2026-06-11", 60, "Boats")
	kept := gwen.note(boats, "save", "", "## The hull\n\nAfloat.[^1]\n\n[^1]: Nearly.")
	alone := gwen.note(tides, "publish", "Size for the spring tide.", "Two voices.")
	theirs := alix.note(tides, "save", "", "Alix keeps this to herself.")
	r := gwen.writeRecap("2026-06-11", "Got in last night.[^1]\n\n[^1]: Late.\n\n{{note "+*theirs.PublicID+"}}")
	body := a.page(r, "gwen")
	inOrder(t, "the recap", body, "Got in last night.", `>Ten years of tides</h2>`, `<p class="talk"><strong>09:15</strong>`, "Maëlle Quérec, CTO", "<mark>Size for the spring tide.</mark>", `/@gwen/ten-years-of-tides`,
		">Boats</h2>", "<strong>10:15</strong>", ">The hull</h3>", "Afloat.", "Late.", "Nearly.")
	for _, not := range []string{"Two voices.", "Alix keeps", "{{note"} {
		if strings.Contains(body, not) {
			t.Errorf("the recap shows %q", not)
		}
	}
	gwen.get(newRecap).wantRedirect(t, "begun again", http.StatusSeeOther, editURL(r))
	form := gwen.get(editURL(r)).form()
	form["whole"] = []string{*alone.PublicID}
	form.Set("action", "publish")
	gwen.post(editURL(r), form).want(t, "with the whole text", http.StatusSeeOther)
	if body = a.page(r, "gwen"); !strings.Contains(body, "Two voices.") {
		t.Error("chosen whole, the note isn't")
	}
	if kept.State != models.PostDraft {
		t.Error("the kept note was published alone")
	}
}

func TestSectionsAreMovedWithoutLosingAWord(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	first, second := a.talk(c, "2026-06-11", 0, "First"), a.talk(c, "2026-06-11", 60, "Second")
	one, two := gwen.note(first, "save", "", "One."), gwen.note(second, "save", "", "Two.")
	form := gwen.get(newRecap).form() // words, one, two, words
	act := func(action string) {
		t.Helper()
		form.Set("action", action)
		form = gwen.post("/write", form).want(t, action, http.StatusOK).form()
	}
	form["section"][0] = "Opening."
	act("up-2") // words, two, one
	inOrder(t, "moved up", strings.Join(form["section"], "\n"), "Opening.", *two.PublicID, *one.PublicID)
	act("words-1")
	form["section"][2] = "Between."
	act("down-0")
	inOrder(t, "moved down", strings.Join(form["section"], "\n"), *two.PublicID, "Opening.", "Between.", *one.PublicID)
	act("remove-0")
	if strings.Contains(strings.Join(form["section"], "\n"), *two.PublicID) {
		t.Error("taken out, it is still there")
	}
	act("notes")
	inOrder(t, "brought back", strings.Join(form["section"], "\n"), "Opening.", "Between.", *one.PublicID, *two.PublicID)
	for _, bad := range []string{"up-99", "down-x", "remove--1", "words", "up-0", "dance-1"} {
		form.Set("action", bad)
		gwen.post("/write", form).want(t, bad, http.StatusBadRequest)
	}
	form.Set("action", "save")
	at := strings.Split(gwen.post("/write", form).wantRedirect(t, "save", http.StatusSeeOther, "/write/").header("Location"), "?")[0]
	form = gwen.get(at).want(t, "saved", http.StatusOK).form()
	inOrder(t, "saved", strings.Join(form["section"], "\n"), "Opening.", "Between.", *one.PublicID, *two.PublicID)
	other := url.Values{}
	for k, v := range form {
		other[k] = append([]string{}, v...)
	}
	other["section"][0] = "From the phone."
	other.Set("action", "save")
	gwen.post(at, other).want(t, "the phone", http.StatusSeeOther)
	form["section"][0] = "From the laptop."
	form.Set("action", "save")
	conflict := gwen.post(at, form).want(t, "the laptop", http.StatusConflict)
	if !conflict.has("From the phone.") || !conflict.has("From the laptop.") || !conflict.has("{{note "+*one.PublicID+"}}") {
		t.Error("the conflict doesn't show both")
	}
}

func TestARecapAlwaysHasRoomForWords(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	one := gwen.note(a.talk(c, "2026-06-11", 0, "First"), "save", "", "One.")
	form := gwen.get(newRecap).form()
	form["section"] = []string{"{{note " + *one.PublicID + "}}"} // typed where the words were
	form.Set("action", "notes")
	form = gwen.post("/write", form).want(t, "arrange", http.StatusOK).form()
	if got := form["section"]; len(got) != 3 || got[0] != "" || got[2] != "" {
		t.Errorf("the sections are %q, want words around the note", got)
	}
}

func TestARecapFollowsItsTalksAtOnceAndItsNotesWhenAsked(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	boats := a.talk(c, "2026-06-11", 60, "Boats")
	kept := gwen.note(boats, "save", "", "Afloat.")
	r := gwen.writeRecap("2026-06-11", "Hello.")

	form := gwen.get(editURL(kept)).form()
	form.Set("source", "Afloat, not for others yet.")
	form.Set("action", "save")
	a.wait(time.Minute)
	gwen.post(editURL(kept), form).want(t, "go on writing", http.StatusSeeOther)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Talks.AddResource(ctx, &models.Resource{TalkID: boats.ID, Type: "slides", URL: "https://slides.example/1", CreatedAt: noon})
	})
	a.later()
	if body := a.page(r, "gwen"); !strings.Contains(body, "https://slides.example/1") || strings.Contains(body, "not for others yet") {
		t.Error("the recap lacks the slides, or lets out what was only saved")
	}
	form = gwen.get(editURL(kept)).want(t, "the note", http.StatusOK).form()
	if !gwen.get(editURL(kept)).has("shows an older text") {
		t.Error("the update isn't offered")
	}
	form.Set("source", "Afloat, and now for all.")
	form.Set("action", "recaps")
	a.wait(time.Minute)
	gwen.post(editURL(kept), form).wantRedirect(t, "save and update", http.StatusSeeOther, editURL(kept)+"?notice=notice.recap_updated")
	if body := a.page(r, "gwen"); !strings.Contains(body, "now for all") {
		t.Error("the recap isn't updated")
	}
	if gwen.get(editURL(kept)).has("shows an older text") {
		t.Error("it is offered again")
	}
	fatal(t, a.server.Outbox.Delete(t.Context(), gwen.Account, kept.ID))
	a.later()
	if body := a.page(r, "gwen"); strings.Contains(body, "now for all") || !strings.Contains(body, "Hello.") {
		t.Error("a deleted note's words stay, or all are gone")
	}
}

// Of a published note that stands whole in a recap, that shows what is published, and an edit
// of it offers the update.
func TestARecapFollowsAPublishedNoteWhenAsked(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	boats := a.talk(a.twoDays("kormoran2026"), "2026-06-11", 60, "Boats")
	note := gwen.note(boats, "publish", "", "Afloat.")
	form := filled(gwen.get(newRecap).form(), "action", "publish", "section", "{{note "+*note.PublicID+"}}", "whole", *note.PublicID)
	gwen.post("/write", form).want(t, "the recap", http.StatusSeeOther)
	recaps, err := a.server.Store.Posts.Recaps(t.Context(), gwen.ActorID, *note.ConferenceID)
	fatal(t, err)
	if !strings.Contains(a.page(recaps[0], "gwen"), "Afloat.") {
		t.Fatal("the note doesn't stand whole in the recap")
	}
	a.wait(time.Minute)
	gwen.post(editURL(note), filled(gwen.get(editURL(note)).form(), "action", "publish", "source", "Still afloat.")).want(t, "an edit", http.StatusSeeOther)
	if !gwen.get(editURL(note)).has("shows an older text") || strings.Contains(a.page(recaps[0], "gwen"), "Still afloat") {
		t.Fatal("the update isn't offered, or was made unasked")
	}
	a.wait(time.Minute)
	gwen.post(editURL(note), filled(gwen.get(editURL(note)).form(), "action", "recaps")).wantRedirect(t, "update", http.StatusSeeOther, editURL(note)+"?notice=notice.recap_updated")
	if !strings.Contains(a.page(recaps[0], "gwen"), "Still afloat") {
		t.Error("the recap isn't updated")
	}
	gwen.post(editURL(note), filled(gwen.get(editURL(note)).form(), "action", "recaps", "source", "Sunk?")).wantRedirect(t, "what isn't published", http.StatusSeeOther, editURL(note)+"?notice=notice.recap_waits")
	if strings.Contains(a.page(recaps[0], "gwen"), "Sunk?") {
		t.Error("what isn't published is out")
	}
}

func TestRecapsOfOneConferenceSayWhichPartTheyAre(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, alix := a.person("gwen", models.RoleAuthor), a.person("alix", models.RoleAuthor)
	a.twoDays("kormoran2026")
	first := gwen.writeRecap("2026-06-11", "The first day.")
	if strings.Contains(a.page(first, "gwen"), "Part 1") {
		t.Error("a recap alone says that it is a part")
	}
	alix.writeRecap("2026-06-12", "Another's.")
	second := gwen.writeRecap("2026-06-12", "The second day.")
	inOrder(t, "the second", a.page(second, "gwen"), "The second day.", "Part 2 of 2", "before:", "/@gwen/"+first.Slug)
	a.later()
	inOrder(t, "the first", a.page(first, "gwen"), "The first day.", "Part 1 of 2", "next:", "/@gwen/"+second.Slug)
	fatal(t, a.server.Outbox.Delete(t.Context(), gwen.Account, first.ID))
	a.later()
	if body := a.page(second, "gwen"); strings.Contains(body, "Part ") {
		t.Error("the first is gone, and the second is still a part")
	}
	gwen.get("/recap/new?conference=kormoran2026&day=2026-06-13").want(t, "a day that isn't of it", http.StatusNotFound)
	gwen.get("/recap/new?conference=gwen&day=2026-06-11").want(t, "who is no conference", http.StatusNotFound)
}

// On a French site everything that is made for an author and a reader is in French.
func TestARecapIsFrenchOnAFrenchSite(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Settings.Set(ctx, models.SettingSiteLanguage, "fr")
	})
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.conference("kormoran2026", "Europe/Paris", "2026-10-24", "2026-10-25").Conference
	night := a.talk(c, "2026-10-24", 0, "Nuit du code")
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		night.StartsAt = time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC) // the second half past two
		night.EndsAt = night.StartsAt.Add(time.Hour)
		return tx.Talks.Save(ctx, night)
	})
	missed, next := a.talk(c, "2026-10-24", 60, "Bateaux"), a.talk(c, "2026-10-25", 0, "Marées")
	gwen.mark(missed, models.PlanMissed)
	gwen.mark(next, models.PlanStarred)
	gwen.note(night, "publish", "", "On y était.")
	for _, day := range []string{"2026-10-24", "2026-10-25"} {
		form := gwen.get("/recap/new?conference=kormoran2026&day=" + day).form()
		for _, add := range []string{"missed", "tomorrow"} {
			form.Set("action", add)
			form = gwen.post("/write", form).want(t, add, http.StatusOK).form()
		}
		form.Set("action", "publish")
		form.Add("section", "Des mots.")
		gwen.post("/write", form).want(t, day, http.StatusSeeOther)
	}
	a.later()
	recaps, err := a.server.Store.Posts.Recaps(t.Context(), gwen.ActorID, c.ID)
	fatal(t, err)
	inOrder(t, "the recap", a.page(recaps[0], "gwen"), "Nuit du code", "2\u00a0h\u00a030\u00a0CET", "Lire toute la note", "Manqué, à rattraper", "Bateaux", "Demain", "Marées", "Partie 1 sur 2")
	page := a.nobody().get("/conferences/kormoran2026/2026-10-24")
	for _, want := range []string{"samedi 24 octobre", "2\u00a0h\u00a030\u00a0CET", "Récap du samedi 24 octobre"} {
		if !page.has(want) {
			t.Errorf("the day's page lacks %q", want)
		}
	}
}
