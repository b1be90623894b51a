package handlers

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

var feedAddress = regexp.MustCompile(`/plan/feed/[A-Za-z0-9_-]{43}\.ics`)

// planned adds a conference of which somebody has a plan, and returns its feed's path.
func (a *app) planned(handle string, p *person) string {
	a.t.Helper()
	return feedAddress.FindString(p.post("/plan/"+handle, url.Values{"action": {"feed"}}).want(a.t, "a feed", http.StatusOK).body)
}

func (p *person) mark(t *models.Talk, mark string) *response {
	p.app.t.Helper()
	return p.post("/plan/kormoran2026", url.Values{"action": {"mark"}, "day": {t.Day}, "talk": {t.PublicID}, "mark": {mark}})
}

// pressed are the buttons of the plan that are, by their marks.
func pressed(body string) (marks []string) {
	for _, m := range regexp.MustCompile(`data-mark="(\w+)" aria-pressed="true"`).FindAllStringSubmatch(body, -1) {
		marks = append(marks, m[1])
	}
	return marks
}

func TestAPlanIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, alix := a.person("gwen", models.RoleAuthor), a.person("alix", models.RoleOwner)
	c := a.twoDays("kormoran2026")
	tides := a.talk(c, "2026-06-11", 0, "Ten years of tides", "Maëlle Quérec")
	boats := a.talk(c, "2026-06-12", 60, "Boats")
	for _, mark := range []string{"starred", "attended", "missed", "later", "speaker"} {
		gwen.mark(tides, mark).wantRedirect(t, mark, http.StatusSeeOther, "/plan/kormoran2026?day=2026-06-11#talk-"+tides.PublicID)
		if got := pressed(gwen.get("/plan/kormoran2026").want(t, "the plan", http.StatusOK).body); len(got) != 1 || got[0] != mark {
			t.Errorf("marked %s, shown %v", mark, got)
		}
	}
	if got := pressed(alix.get("/plan/kormoran2026").want(t, "the owner's", http.StatusOK).body); len(got) != 0 {
		t.Errorf("the owner sees gwen's marks: %v", got)
	}
	day2 := gwen.get("/plan/kormoran2026?day=2026-06-12").want(t, "the next day", http.StatusOK)
	if !day2.has("Boats") || day2.has("Ten years") || !day2.has("10:15") {
		t.Error("the second day doesn't show its talk at its time")
	}
	gwen.mark(tides, "").want(t, "taken back", http.StatusSeeOther)
	if got := pressed(gwen.get("/plan/kormoran2026").body); len(got) != 0 {
		t.Errorf("taken back, shown %v", got)
	}
	gwen.mark(tides, "loved").want(t, "a mark that is none", http.StatusBadRequest)
	gwen.post("/plan/kormoran2026", url.Values{"action": {"mark"}, "day": {"2026-06-11"}, "talk": {boats.PublicID}, "mark": {"starred"}}).want(t, "a talk of another day", http.StatusBadRequest)
	gwen.post("/plan/kormoran2026", url.Values{"action": {"sing"}}).want(t, "an unknown action", http.StatusBadRequest)
	gwen.get("/plan/gwen").want(t, "who is no conference", http.StatusNotFound)
}

func TestTheStarsOfADayBecomeDraftsOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	tides, boats, later, seen := a.talk(c, "2026-06-11", 0, "Ten years of tides"), a.talk(c, "2026-06-11", 60, "Boats"), a.talk(c, "2026-06-12", 0, "Tomorrow"), a.talk(c, "2026-06-11", 90, "Seen")
	for _, talk := range []*models.Talk{tides, boats, later} {
		gwen.mark(talk, models.PlanStarred)
	}
	gwen.mark(seen, models.PlanAttended)
	form := gwen.get("/write?talk=" + boats.PublicID).form() // one is begun already
	form.Set("action", "save")
	form.Set("source", "Afloat.")
	gwen.post("/write", form).want(t, "the note that was begun", http.StatusSeeOther)
	for range 2 {
		to := gwen.post("/plan/kormoran2026", url.Values{"action": {"drafts"}, "day": {"2026-06-11"}}).wantRedirect(t, "drafts", http.StatusSeeOther, "/plan/kormoran2026?day=2026-06-11&notice=")
		if !gwen.get(to.header("Location")).has("have a draft each") {
			t.Error("nothing is said")
		}
		if n := gwen.count(t); n != 2 {
			t.Errorf("%d notes, want two", n)
		}
	}
	notes, err := a.server.Store.Posts.OwnNotesOn(t.Context(), gwen.ID, []int64{tides.ID, boats.ID, later.ID, seen.ID})
	fatal(t, err)
	if len(notes) != 2 || notes[tides.ID] == nil || notes[boats.ID] == nil {
		t.Fatalf("notes: %v", notes)
	}
	draft := gwen.get(editURL(notes[tides.ID])).want(t, "the draft", http.StatusOK)
	if f := draft.form(); f.Get("title") != "Ten years of tides" || f.Get("tags") != "Kormoran2026" || !draft.has("09:15") {
		t.Errorf("the draft begins with %v", f)
	}
	fatal(t, a.server.Outbox.Delete(t.Context(), gwen.Account, notes[tides.ID].ID))
	gwen.post("/plan/kormoran2026", url.Values{"action": {"drafts"}, "day": {"2026-06-11"}}).want(t, "after one was deleted", http.StatusSeeOther)
	if n := gwen.count(t); n != 1 {
		t.Errorf("what was deleted is made again: %d notes", n)
	}
}

func TestAPlanIsReadByWhoHasItsAddressUntilItEnds(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	a.talk(a.twoDays("kormoran2026"), "2026-06-11", 0, "Ten years of tides", "Maëlle Quérec")
	first := a.planned("kormoran2026", gwen)
	c, err := a.server.Store.Conferences.ByHandle(t.Context(), "kormoran2026")
	fatal(t, err)
	tides, err := a.server.Store.Talks.BySlug(t.Context(), c.ID, "ten-years-of-tides")
	fatal(t, err)
	a.nobody().get(first).want(t, "an empty plan", http.StatusOK)
	gwen.mark(tides, models.PlanStarred)
	gwen.mark(a.talk(c, "2026-06-12", 0, "Full"), models.PlanMissed)
	gwen.mark(a.talk(c, "2026-06-12", 60, "Seen"), models.PlanAttended)
	gwen.mark(a.talk(c, "2026-06-12", 120, "My own", "Hidden Person"), models.PlanSpeaker)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		p, err := tx.People.BySlug(ctx, c.ID, "hidden-person")
		if err != nil {
			return err
		}
		p.DoNotName = true
		return tx.People.Save(ctx, p)
	})
	feed := a.nobody().get(first).want(t, "the feed", http.StatusOK)
	if !feed.has("SUMMARY:Seen") || !feed.has("SUMMARY:My own") || feed.has("Hidden Person") {
		t.Errorf("it lacks what was seen or is one's own, or names who isn't to be named: %s", feed.body)
	}
	if feed.header("Content-Type") != "text/calendar; charset=utf-8" || feed.header("Cache-Control") != "no-store" {
		t.Errorf("Content-Type %q, Cache-Control %q", feed.header("Content-Type"), feed.header("Cache-Control"))
	}
	read, err := schedule.Read([]byte(feed.body), schedule.Options{Name: "plan.ics", Zone: c.Location()})
	fatal(t, err)
	if len(read.Talks) != 3 || !read.Talks[0].Start.Equal(tides.StartsAt) || !read.Talks[0].End.Equal(tides.EndsAt) || read.Title != "Kormoran Conf 2026" {
		t.Errorf("the feed has %+v", read.Talks)
	}
	if page := gwen.get("/plan/kormoran2026"); feedAddress.MatchString(page.body) {
		t.Error("the address is shown again")
	}
	second := feedAddress.FindString(gwen.post("/plan/kormoran2026", url.Values{"action": {"feed"}}).body)
	a.nobody().get(first).want(t, "the first address, after a new one", http.StatusNotFound)
	a.nobody().get(second).want(t, "the new one", http.StatusOK)
	gwen.post("/plan/kormoran2026", url.Values{"action": {"end-feed"}}).want(t, "ended", http.StatusSeeOther)
	gone := a.nobody().get(second).want(t, "ended", http.StatusNotFound)
	if gone.header("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control %q", gone.header("Cache-Control"))
	}
}

// The log of a server is read by more people than a plan is.
func TestNoLogHasTheAddressOfAPlan(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://notes.example/plan/feed/secret.ics", nil)
	fatal(t, err)
	if got := logged(r); strings.Contains(got, "secret") {
		t.Errorf("logged as %s", got)
	}
	r.URL.Path = "/plan/kormoran2026"
	if got := logged(r); got != "/plan/kormoran2026" {
		t.Errorf("logged as %s", got)
	}
}

// Today is the day in the conference's zone.
func TestAPlanOpensOnTodayWhereTheConferenceIs(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c := a.twoDays("kormoran2026")
	a.talk(c, "2026-06-11", 0, "First day")
	a.talk(c, "2026-06-12", 0, "Second day")
	a.wait(10*time.Hour + 30*time.Minute) // 22:30 UTC, half past midnight in Paris: the night belongs to the day before
	if page := gwen.get("/plan/kormoran2026"); !page.has("First day") || page.has("Second day") {
		t.Error("in the night it is the next day")
	}
	a.wait(4 * time.Hour)
	if page := gwen.get("/plan/kormoran2026"); !page.has("Second day") || page.has("First day") {
		t.Error("in the morning it isn't the next day")
	}
	a.wait(30 * 24 * time.Hour)
	if page := gwen.get("/plan/kormoran2026"); !page.has("First day") {
		t.Error("afterwards it doesn't open on the first day")
	}
}
