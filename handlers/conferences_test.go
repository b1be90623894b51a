package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

const (
	tides = "Dix ans de marées : ce que l'infrastructure nous a appris"
	day11 = "/conferences/kormoran2026/2026-06-11"
)

func TestAConferenceShowsItsProgrammeByDay(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	a.at(c.in(t, "2026-06-10 12:00"))
	first := a.nobody().get(day11).want(t, "first day", http.StatusOK)
	second := a.nobody().get("/conferences/kormoran2026/2026-06-12").want(t, "second day", http.StatusOK)
	for _, talk := range c.talks {
		if on := map[string]*response{"2026-06-11": first, "2026-06-12": second}; !on[talk.Day].has(talk.Title) {
			t.Errorf("%s isn't on %s", talk.Title, talk.Day)
		}
		if other := map[string]*response{"2026-06-11": second, "2026-06-12": first}; other[talk.Day].has(talk.Title) && talk.Kind != "break" {
			t.Errorf("%s is on another day than %s", talk.Title, talk.Day)
		}
	}
	if !first.has("09:15") || !first.has("Times in Europe/Paris") || strings.Count(first.body, "Europe/Paris") != 1 {
		t.Error("times aren't in the conference's zone, named once")
	}
	for path, code := range map[string]int{"/conferences/kormoran2026/2026-06-13": 404, "/conferences/kormoran2026/2026-13-01": 404, "/conferences/nowhere": 404,
		"/conferences/kormoran2026/talks/nothing": 404, "/conferences/kormoran2026/speakers/nobody": 404, "/conferences/kormoran2026/speakers": 200, "/conferences": 200} {
		a.nobody().get(path).want(t, path, code)
	}
}

func TestAConferencesPageIsThatOfTodayWhileItIsOn(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	for clock, day := range map[string]string{"2026-05-01 12:00": "Thursday 11 June", "2026-06-11 10:00": "Thursday 11 June", "2026-06-12 02:00": "Thursday 11 June",
		"2026-06-12 10:00": "Friday 12 June", "2026-09-01 10:00": "Thursday 11 June"} {
		a.at(c.in(t, clock))
		if page := a.nobody().get("/conferences/kormoran2026"); !page.has("Programme of " + day) {
			t.Errorf("at %s the programme isn't that of %s", clock, day)
		}
	}
}

func TestNowAndNextAreThoseOfTheMinute(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.conference("kormoran2026", "Europe/Paris", "2026-06-11", "2026-06-12")
	start := c.in(t, "2026-06-11 09:00")
	for i, title := range []string{"One", "Two", "Three"} {
		at := start.Add(time.Duration(i) * time.Hour)
		c.add(schedule.Talk{Title: title, Kind: schedule.RegularTalk, Start: at, End: at.Add(time.Hour), Date: "2026-06-11"})
	}
	headline := func(clock string) string {
		a.at(c.in(t, clock))
		_, rest, _ := strings.Cut(a.nobody().get("/conferences/kormoran2026").body, `class="headline"`)
		section, _, _ := strings.Cut(rest, "</section>")
		return strings.Join(between(section, `">`, "</a></h3>"), " ")
	}
	for clock, want := range map[string]string{"2026-06-11 07:29": "", "2026-06-11 07:31": "One", "2026-06-11 09:00": "One Two", "2026-06-11 09:59": "One Two", "2026-06-11 10:00": "Two Three", "2026-06-11 11:30": "Three", "2026-06-11 12:00": ""} {
		if got := headline(clock); got != want {
			t.Errorf("at %s: %q, want %q", clock, got, want)
		}
	}
	a.at(c.in(t, "2026-06-11 09:10"))
	etag := a.nobody().get("/conferences/kormoran2026").header("ETag")
	a.at(c.in(t, "2026-06-11 09:40"))
	a.nobody().get("/conferences/kormoran2026", "If-None-Match", etag).want(t, "while nothing changes", http.StatusNotModified)
	a.at(c.in(t, "2026-06-11 10:00"))
	a.nobody().get("/conferences/kormoran2026", "If-None-Match", etag).want(t, "once it does", http.StatusOK)
}

// between returns what stands between two marks, each time.
func between(text, before, after string) (all []string) {
	for {
		upTo, rest, ok := strings.Cut(text, after)
		if !ok {
			return all
		}
		all, text = append(all, upTo[strings.LastIndex(upTo, before)+len(before):]), rest
	}
}

func TestANightBelongsToTheDayBefore(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.conference("kormoran2026", "Europe/Paris", "2026-06-11", "2026-06-12")
	c.add(schedule.Talk{Title: "Party", Kind: schedule.Other, Start: c.in(t, "2026-06-12 01:00"), End: c.in(t, "2026-06-12 03:00"), Date: "2026-06-11"},
		schedule.Talk{Title: "Dinner", Kind: schedule.Other, Start: c.in(t, "2026-06-11 20:00"), End: c.in(t, "2026-06-11 22:00"), Date: "2026-06-11"})
	page := a.nobody().get(day11)
	dinner, party := strings.Index(page.body, ">Dinner<"), strings.Index(page.body, ">Party<")
	if dinner < 0 || party < dinner || !page.has(`<time datetime="2026-06-12T01:00:00+02:00">01:00</time> <span>Friday</span>`) {
		t.Errorf("dinner at %d, party at %d of\n%s", dinner, party, page.body)
	}
	if a.nobody().get("/conferences/kormoran2026/2026-06-12").has("Party") {
		t.Error("the party is on the next day, too")
	}
}

func TestClocksThatAreTurnedBackLeaveNoDoubt(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.conference("autumn", "Europe/Paris", "2026-10-24", "2026-10-25")
	before := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	c.add(schedule.Talk{Title: "First", Kind: schedule.Other, Start: before, End: before.Add(time.Hour), Date: "2026-10-24"},
		schedule.Talk{Title: "Second", Kind: schedule.Other, Start: before.Add(time.Hour), End: before.Add(2 * time.Hour), Date: "2026-10-24"})
	page := a.nobody().get("/conferences/autumn/2026-10-24")
	for _, want := range []string{`<time datetime="2026-10-25T02:30:00+02:00">02:30` + "\u00a0CEST", `<time datetime="2026-10-25T02:30:00+01:00">02:30` + "\u00a0CET"} {
		if !page.has(want) {
			t.Errorf("no %s in\n%s", want, page.body)
		}
	}
}

func TestAProgrammeCanBeReadByRoom(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.kormoran()
	page := a.nobody().get(day11+"?by=room").want(t, "by room", http.StatusOK)
	if !page.has("Grande salle Belle-Île") || !strings.Contains(page.body, `class="slots rooms"`) || !page.has("By time") {
		t.Error("no rooms")
	}
	if !strings.Contains(page.body, `<link rel="canonical" href="https://notes.example`+day11+`">`) {
		t.Error("the canonical address is another than that by time")
	}
}

func TestAConferenceHasOneAddressForPeopleAndOneForServers(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.kormoran()
	for _, accept := range []string{mastodon, gotosoc, misskey} {
		a.nobody().get("/conferences/kormoran2026", "Accept", accept).wantRedirect(t, "a server", http.StatusSeeOther, "https://notes.example/users/kormoran2026")
	}
	a.nobody().get("/@kormoran2026").wantRedirect(t, "profile", http.StatusMovedPermanently, "https://notes.example/conferences/kormoran2026")
	a.nobody().get("/@Kormoran2026", "Accept", mastodon).wantRedirect(t, "profile, of a server", http.StatusSeeOther, "https://notes.example/users/kormoran2026")
	a.nobody().get("/conferences/KORMORAN2026/2026-06-11").wantRedirect(t, "in capitals", http.StatusMovedPermanently, "https://notes.example"+day11)
	a.person("gwen", models.RoleAuthor)
	a.nobody().get("/conferences/gwen").want(t, "somebody who is no conference", http.StatusNotFound)
}

func TestEverybodysRecapsAndNotesGather(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	gwen, ilan := a.person("gwen", models.RoleAuthor), a.person("ilan", models.RoleAuthor)
	talk := c.talks[tides]
	c.note(gwen, "Gwen on tides", talk, "Size for the spring tide.")
	c.note(ilan, "Ilan on tides", talk, "")
	c.recap(gwen, "First day", "2026-06-11")
	c.recap(gwen, "Second day", "2026-06-12")
	unlisted := c.note(ilan, "Quiet words", talk, "")
	unlisted.Visibility = models.VisibilityUnlisted
	hidden := c.note(ilan, "Hidden words", talk, "")
	hidden.Moderation = models.ModerationHidden
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return errors.Join(tx.Posts.Save(ctx, unlisted), tx.Posts.Save(ctx, hidden))
	})
	gwen.draft("Not yet")
	everything := []string{"Gwen on tides", "Ilan on tides", "First day", "Second day"}
	for path, want := range map[string][]string{"/conferences/kormoran2026": {"Gwen on tides", "Ilan on tides", "First day", "Second day", "Size for the spring tide."},
		day11: {"Gwen on tides", "Ilan on tides", "First day"}, "/conferences/kormoran2026/2026-06-12": {"Second day"}, "/conferences/kormoran2026/talks/" + talk.Slug: {"Gwen on tides", "Ilan on tides", "Size for the spring tide.", "GWEN", "2 notes"},
		"/conferences/kormoran2026/feed.atom": everything, "/conferences/kormoran2026/feed.json": everything, "/conferences/kormoran2026/feed.rss": everything} {
		page := a.nobody().get(path).want(t, path, http.StatusOK)
		for _, title := range []string{"Gwen on tides", "Ilan on tides", "First day", "Second day", "Size for the spring tide.", "GWEN", "2 notes"} {
			listed := slices.Contains(want, title)
			if page.has(title) != listed && (listed || strings.Contains(title, "day") || strings.Contains(title, "tides")) {
				t.Errorf("%s: %q shown: %v, want %v", path, title, !listed, listed)
			}
		}
		for _, secret := range []string{"Quiet words", "Hidden words", "Not yet"} {
			if page.has(secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
	}
	if day := a.nobody().get(day11); !day.has("GWEN’s note") || !day.has("ILAN’s note") {
		t.Error("the programme doesn't say who wrote")
	}
}
