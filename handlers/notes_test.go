package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

// twoDays adds a conference of two days in Paris.
func (a *app) twoDays(handle string) *models.Conference {
	a.t.Helper()
	return a.conference(handle, "Europe/Paris", "2026-06-11", "2026-06-12").Conference
}

// talk adds one at so many minutes after the day's first, 09:15 in Paris.
func (a *app) talk(c *models.Conference, day string, after int, title string, speakers ...string) *models.Talk {
	a.t.Helper()
	first, err := time.Parse("2006-01-02 15:04", day+" 07:15")
	fatal(a.t, err)
	start := first.Add(time.Duration(after) * time.Minute)
	t := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, Slug: draft.Slug(title), Title: title, Kind: "talk", Room: "Belle-Île", State: models.TalkScheduled,
		StartsAt: start, EndsAt: start.Add(45 * time.Minute), Day: day, CreatedAt: noon, ChangedAt: noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Talks.Create(ctx, t, nil); err != nil {
			return err
		}
		var list []models.Appearance
		for _, name := range speakers {
			p := &models.Person{ConferenceID: c.ID, Slug: draft.Slug(name), Name: name}
			if err := tx.People.Create(ctx, p); err != nil {
				return err
			}
			list = append(list, models.Appearance{PersonID: p.ID, Role: "CTO", Affiliation: "Ateliers Brume"})
		}
		return tx.Talks.SetSpeakers(ctx, t.ID, list)
	})
	return t
}

func TestANoteBeginsWithItsTalkAndFollowsIt(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	talk := a.talk(a.twoDays("kormoran2026"), "2026-06-11", 0, "Ten years of tides", "Maëlle Quérec")
	at := "/write?talk=" + talk.PublicID

	page := gwen.get(at).want(t, "a new note", http.StatusOK)
	for _, want := range []string{"09:15", "Belle-Île", "Maëlle Quérec, CTO, Ateliers Brume"} {
		if !page.has(want) {
			t.Errorf("the editor doesn't show %s", want)
		}
	}
	form := page.form()
	if form.Get("title") != "Ten years of tides" || form.Get("tags") != "Kormoran2026" || form.Get("language") != "en" || form.Get("source") != "" {
		t.Errorf("the form begins with %v", form)
	}
	form.Set("takeaway", "Size for the spring tide.")
	form.Set("source", "Two voices.")
	form.Set("action", "preview")
	if p := gwen.post("/write", form).want(t, "preview", http.StatusOK); !p.has("<mark>Size for the spring tide.</mark>") || !p.has(`<p class="talk"><strong>09:15</strong>`) {
		t.Error("the preview has no talk line or takeaway")
	} else {
		form = p.form() // what the preview carries is all that the editor had
	}
	form.Set("action", "save")
	saved := gwen.post("/write", form).wantRedirect(t, "save", http.StatusSeeOther, "/write/")
	gwen.get(at).wantRedirect(t, "begun again", http.StatusSeeOther, strings.Split(saved.header("Location"), "?")[0])
	gwen.post("/write", form).want(t, "the same form again", http.StatusSeeOther)
	if gwen.count(t) != 1 {
		t.Errorf("%d notes on one talk", gwen.count(t))
	}
	form = gwen.get(saved.header("Location")).want(t, "the editor", http.StatusOK).form()
	if form.Get("takeaway") != "Size for the spring tide." || form.Get("talk") != talk.PublicID {
		t.Errorf("the editor lost something: %v", form)
	}
	form.Set("action", "publish")
	gwen.post(strings.Split(saved.header("Location"), "?")[0], form).want(t, "publish", http.StatusSeeOther)
	if p := a.nobody().get("/@gwen/ten-years-of-tides").want(t, "its page", http.StatusOK); !p.has("Maëlle Quérec, CTO, Ateliers Brume") {
		t.Error("the page doesn't say who spoke")
	}
	gwen.get("/write?talk=absent").want(t, "no such talk", http.StatusNotFound)
	a.nobody().get(at).wantRedirect(t, "signed out", http.StatusSeeOther, "/sign-in")
}

func TestADeletedNoteCanBeBegunAnew(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	talk := a.talk(a.twoDays("kormoran2026"), "2026-06-11", 0, "Tides")
	form := gwen.get("/write?talk=" + talk.PublicID).form()
	form.Set("source", "Words.")
	form.Set("action", "save")
	gwen.post("/write", form).want(t, "save", http.StatusSeeOther)
	notes, err := a.server.Store.Posts.OwnNotesOn(t.Context(), gwen.ID, []int64{talk.ID})
	fatal(t, err)
	fatal(t, a.server.Outbox.Delete(t.Context(), gwen.Account, notes[talk.ID].ID))
	form = gwen.get("/write?talk="+talk.PublicID).want(t, "anew", http.StatusOK).form()
	form.Set("source", "Other words.")
	form.Set("action", "save")
	gwen.post("/write", form).wantRedirect(t, "saved anew", http.StatusSeeOther, "/write/")
}

// Both versions of a takeaway stand side by side, as those of the text do.
func TestAConflictOfNotesShowsBothTakeaways(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	talk := a.talk(a.twoDays("kormoran2026"), "2026-06-11", 0, "Tides")
	form := gwen.get("/write?talk=" + talk.PublicID).form()
	form.Set("action", "save")
	form.Set("takeaway", "from the phone")
	gwen.post("/write", form).want(t, "the phone", http.StatusSeeOther)
	form.Set("takeaway", "from the laptop")
	r := gwen.post("/write", form).want(t, "the laptop", http.StatusConflict)
	if !r.has("from the phone") || !r.has("from the laptop") || r.form().Get("talk") != talk.PublicID {
		t.Error("a takeaway, or the talk, is lost")
	}
	form.Set("talk", "spent")
	form.Set("client_id", models.NewPublicID())
	lost := gwen.post("/write", form).want(t, "with a talk that isn't there", http.StatusNotFound)
	if !lost.has("from the laptop") || lost.form().Get("title") != "Tides" {
		t.Error("the words are lost with the talk")
	}
}

func TestNobodyIsNamedUnasked(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	talk := a.talk(c, "2026-06-11", 0, "Tides", "Zoé Tévenn", "Sam Wells")
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		p, err := tx.People.BySlug(ctx, c.ID, draft.Slug("Zoé Tévenn"))
		if err != nil {
			return err
		}
		p.DoNotName = true
		return errors.Join(tx.People.Save(ctx, p))
	})
	form := gwen.get("/write?talk=" + talk.PublicID).form()
	form.Set("action", "publish")
	form.Set("source", "As ZOE tevenn said.")
	asked := gwen.post("/write", form).want(t, "naming her", http.StatusUnprocessableEntity)
	if !asked.has("Zoé Tévenn, who doesn’t wish to be named") || gwen.count(t) != 0 {
		t.Error("the author isn't asked, or it was saved")
	}
	again := asked.form()
	again.Set("action", "publish")
	again.Set("named", "")
	gwen.post("/write", again).want(t, "without an answer", http.StatusUnprocessableEntity)
	again.Set("named", "yes")
	gwen.post("/write", again).want(t, "with her consent", http.StatusSeeOther)
	page := a.nobody().get("/@gwen/tides").want(t, "the page", http.StatusOK)
	if page.has("Zoé") || !page.has("Sam Wells, CTO") {
		t.Error("the talk line names who isn't to be named, or nobody")
	}
	for _, words := range []string{"Zoé is a common name, Tévenn a village.", "Zoé Tévennec", "Sam Wells said so."} {
		other := text("action", "publish", "source", words, "talk", talk.PublicID)
		gwen.post("/write", other).want(t, words, http.StatusSeeOther)
	}
}

// Nor by the recap that shows a note, published or brought up to date.
func TestNobodyIsNamedUnaskedByARecap(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	talk := a.talk(c, "2026-06-11", 0, "Tides", "Zoé Tévenn")
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		p, err := tx.People.BySlug(ctx, c.ID, draft.Slug("Zoé Tévenn"))
		if err != nil {
			return err
		}
		p.DoNotName = true
		return tx.People.Save(ctx, p)
	})
	note := "/write?talk=" + talk.PublicID
	gwen.post("/write", filled(gwen.get(note).form(), "action", "save", "source", "As Zoé Tévenn said."))
	recap := filled(gwen.get("/recap/new?conference=kormoran2026&day=2026-06-11").form(), "action", "publish")
	asked := gwen.post("/write", recap).want(t, "a recap with a note that names her", http.StatusUnprocessableEntity)
	if !asked.has("Zoé Tévenn, who doesn’t wish to be named") || a.nobody().get("/@gwen").has("Kormoran Conf 2026, day 1") {
		t.Error("the author isn't asked, or it is out")
	}
	edit := gwen.get(note).header("Location")
	gwen.post(edit, filled(gwen.get(edit).form(), "action", "save", "source", "As she said.")).want(t, "saved", http.StatusSeeOther)
	gwen.post("/write", recap).want(t, "of a note that doesn't", http.StatusSeeOther)
	form := filled(gwen.get(edit).form(), "action", "recaps", "source", "As Zoé Tévenn said.")
	gwen.post(edit, form).want(t, "brought up to date", http.StatusUnprocessableEntity)
	form.Set("named", "yes")
	gwen.post(edit, form).want(t, "with her consent", http.StatusSeeOther)
}

func TestAPastedLineIsShownToBePutRight(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.get("/write?line=").want(t, "asked for", http.StatusOK)
	const line = "Keynote: Ten years of tides - Maëlle Quérec, CTO, Ateliers Brume; Tadhg O'Bryne, Lighthouse Data, Inc."
	for name, page := range map[string]*response{"by a link": gwen.get("/write?line=" + url.QueryEscape(line)), "pasted": gwen.post("/write", url.Values{"action": {"read-line"}, "line": {line}})} {
		form := page.want(t, name, http.StatusOK).form()
		if form.Get("line_title") != "Ten years of tides" || form.Get("line_kind") != "Keynote" || strings.TrimSpace(form.Get("line_speakers")) != "Maëlle Quérec, CTO, Ateliers Brume\nTadhg O'Bryne, Lighthouse Data, Inc." {
			t.Errorf("%s it is read as %v", name, form)
		}
		form.Set("line_time", "09:15")
		form.Set("line_room", "Main *hall*")
		form.Set("action", "line")
		editor := gwen.post("/write", form).want(t, name+", put right", http.StatusOK).form()
		if editor.Get("title") != "Ten years of tides" || !strings.HasPrefix(editor.Get("source"), `**09:15** · Keynote · Main \*hall\* · Maëlle Quérec, CTO, Ateliers Brume · Tadhg`) {
			t.Errorf("%s the note begins with %q", name, editor.Get("source"))
		}
	}
	ours := gwen.get("/write?line=" + url.QueryEscape("**09:15** · Keynote · Main hall · Maëlle Quérec, CTO")).form()
	if ours.Get("line_time") != "09:15" || ours.Get("line_room") != "Main hall" {
		t.Errorf("a line of ours is read as %v", ours)
	}
	untimed := gwen.post("/write", url.Values{"action": {"line"}, "line_title": {"T"}, "line_time": {"soon **x**"}, "line_speakers": {"Sam"}}).form()
	if got := strings.TrimSpace(untimed.Get("source")); got != "Talk · Sam" {
		t.Errorf("without a time: %q", got)
	}
}
