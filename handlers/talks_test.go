package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"confnotes/internal/schedule"
	"confnotes/internal/talklink"
	"confnotes/models"
)

func TestATalkSaysWhatItIs(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.conference("kormoran2026", "Europe/Paris", "2026-06-11", "2026-06-12")
	c.add(schedule.Talk{Title: "Tides", Subtitle: "Ten years", Kind: schedule.Keynote, Start: c.in(t, "2026-06-11 09:15"), End: c.in(t, "2026-06-11 09:50"), Date: "2026-06-11", Room: "Main hall",
		Track: "Sea", Languages: []string{"fr"}, Abstract: "What **we** learnt. <script>alert(1)</script>", DoNotRecord: true, URL: "https://kormoran.example/tides",
		Speakers: []schedule.Speaker{{Name: "Maëlle", Role: "CTO", Affiliation: "Brume"}, {Name: "Tadhg", Moderator: true}}, Links: []schedule.Link{{URL: "https://slides.example/1", Title: "Deck", Type: schedule.Slides}, {URL: "javascript:alert(1)", Title: "Bad", Type: schedule.Web}}})
	page := a.nobody().get("/conferences/kormoran2026/talks/talk-0").want(t, "talk", http.StatusOK)
	for _, want := range []string{"Tides", "Ten years", "Keynote", "Thursday 11 June", "09:15–09:50", "Europe/Paris", "Main hall", "Sea", "Français", "Maëlle", "CTO, Brume", "moderator", "<strong>we</strong>",
		"Deck", "not to be recorded", "/write?talk=" + c.talks["Tides"].PublicID, talkLinksURL(c.talks["Tides"]), "https://kormoran.example/tides", "Nobody has published a note"} {
		if !page.has(want) {
			t.Errorf("it doesn't say %q", want)
		}
	}
	if strings.Contains(page.body, "<script>alert") || page.has("javascript:") {
		t.Error("it carries a script")
	}
	for state, want := range map[string]string{models.TalkRemoved: "no longer in the programme", models.TalkCancelled: "was cancelled"} {
		c.change("Tides", func(talk *models.Talk) { talk.State = state })
		if !a.nobody().get("/conferences/kormoran2026/talks/talk-0").want(t, state, http.StatusOK).has(want) {
			t.Errorf("%s: it doesn't say so", state)
		}
	}
}

func TestARemovedTalkStaysWhereItsNotesAre(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	c.note(a.person("gwen", models.RoleAuthor), "On tides", c.talks[tides], "")
	c.change(tides, func(talk *models.Talk) { talk.State = models.TalkRemoved })
	c.change("Ouverture de Kormoran Conf", func(talk *models.Talk) { talk.State = models.TalkRemoved })
	page := a.nobody().get(day11)
	if !page.has(tides) || !page.has("No longer in the programme") || page.has("Ouverture de Kormoran Conf") {
		t.Error("the programme keeps what nobody wrote about, or loses what somebody did")
	}
	if !a.nobody().get("/conferences/kormoran2026/talks/" + c.talks[tides].Slug).has("On tides") {
		t.Error("its note is gone")
	}
}

func TestWhoAsksNotToBeNamedIsnt(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	const name = "Maëlle Quérec"
	shy := c.people[name]
	if shy == nil {
		t.Fatalf("no speaker of that name: %v", c.people)
	}
	paths := []string{"/conferences/kormoran2026", day11, "/conferences/kormoran2026/talks/" + c.talks[tides].Slug, "/conferences/kormoran2026/speakers"}
	for _, path := range paths {
		if !a.nobody().get(path).has(name) {
			t.Errorf("%s doesn't name her before she asks", path)
		}
	}
	shy.DoNotName = true
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.People.Save(ctx, shy) })
	for _, path := range paths {
		if a.nobody().get(path).has(name) {
			t.Errorf("%s names her", path)
		}
	}
	a.nobody().get("/conferences/kormoran2026/speakers/"+shy.Slug).want(t, "her page", http.StatusNotFound)
}

func TestASpeakerHasTheirTalks(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	c.note(a.person("gwen", models.RoleAuthor), "On tides", c.talks[tides], "")
	page := a.nobody().get("/conferences/kormoran2026/speakers/"+c.people["Maëlle Quérec"].Slug).want(t, "speaker", http.StatusOK)
	if !page.has(tides) || !page.has("On tides") || page.has("Ouverture de Kormoran Conf") {
		t.Error("not their talks, or not the notes on them")
	}
}

func TestSlidesAreAddedByAnybodyWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	talk := c.talks[tides]
	at, page := talkLinksURL(talk), "/conferences/kormoran2026/talks/"+talk.Slug
	gwen, ilan, keeper, boss := a.person("gwen", models.RoleAuthor), a.person("ilan", models.RoleAuthor), a.person("keeper", models.RoleAuthor), a.person("boss", models.RoleOwner)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Conferences.SetManager(ctx, c.ActorID, keeper.ID, models.ManagerEditor)
	})
	add := func(address string) { // by gwen; what is added has an id of its own
		t.Helper()
		gwen.post(at, url.Values{"action": {"add"}, "type": {"slides"}, "url": {address}, "title": {"The deck"}}).wantRedirect(t, address, http.StatusSeeOther, at)
	}
	for name, form := range map[string]url.Values{"a script": {"url": {"javascript:alert(1)"}}, "no web": {"url": {"ftp://x.example/1"}}, "no host": {"url": {"https:///1"}}, "a password": {"url": {"https://me:secret@x.example/"}},
		"nothing": {"url": {""}}, "a path": {"url": {"/slides"}}, "endless": {"url": {"https://x.example/" + strings.Repeat("x", 1000)}}, "an endless title": {"url": {"https://x.example/"}, "title": {strings.Repeat("x", 151)}},
		"an odd type": {"url": {"https://x.example/"}, "type": {"virus"}}} {
		form.Set("action", "add")
		if form.Get("type") == "" {
			form.Set("type", "slides")
		}
		gwen.post(at, form).want(t, name, http.StatusUnprocessableEntity)
	}
	remover := regexp.MustCompile(`name="link" value="(\d+)"`)
	for who, p := range map[string]*person{"who added it": gwen, "who looks after the conference": keeper, "the owner of the instance": boss} {
		add("HTTPS://Slides.example/tides.pdf")
		if shown := a.nobody().get(page); !shown.has("https://slides.example/tides.pdf") || !shown.has("added by GWEN") {
			t.Errorf("the talk doesn't show it")
		}
		link := remover.FindStringSubmatch(p.get(at).body)
		if link == nil {
			t.Fatalf("%s isn't offered to remove it", who)
		}
		if ilan.get(at).has(`name="link"`) {
			t.Error("somebody else is offered to remove it")
		}
		ilan.post(at, url.Values{"action": {"remove"}, "link": link[1:]}).want(t, "by somebody else", http.StatusNotFound)
		p.post(at, url.Values{"action": {"remove"}, "link": link[1:]}).wantRedirect(t, who, http.StatusSeeOther, at)
		if a.nobody().get(page).has("slides.example/tides.pdf") {
			t.Errorf("%s removed it, and it is still there", who)
		}
	}
	for i := range talklink.MaxLinks {
		add(fmt.Sprintf("https://x.example/%d", i))
	}
	gwen.post(at, url.Values{"action": {"add"}, "type": {"web"}, "url": {"https://x.example/more"}}).want(t, "one too many", http.StatusUnprocessableEntity)
}

// schema reads what a page says of itself in schema.org's words.
func (r *response) schema(t testing.TB) (doc event) {
	t.Helper()
	_, rest, _ := strings.Cut(r.body, `<script type="application/ld+json">`)
	text, _, _ := strings.Cut(rest, "</script>")
	fatal(t, json.Unmarshal([]byte(text), &doc))
	return doc
}

func TestMachinesReadWhenAndWhere(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	talk := a.nobody().get("/conferences/kormoran2026/talks/" + c.talks[tides].Slug).schema(t)
	if talk.Type != "Event" || talk.Start != "2026-06-11T09:15:00+02:00" || talk.End != "2026-06-11T09:50:00+02:00" || talk.Location == nil || talk.Location.Name != "Grande salle Belle-Île" ||
		talk.Super == nil || talk.Super.Name != "Kormoran Conf 2026" || len(talk.Performers) != 2 || talk.Status != asPlanned {
		t.Errorf("talk: %+v", talk)
	}
	whole := a.nobody().get("/conferences/kormoran2026").schema(t)
	if whole.Start != "2026-06-11" || whole.End != "2026-06-12" || whole.Location.Name != "Port-Kerval" || len(whole.Sub) < 5 {
		t.Errorf("conference: %+v", whole)
	}
	c.change(tides, func(talk *models.Talk) { talk.State = models.TalkCancelled })
	if off := a.nobody().get("/conferences/kormoran2026/talks/" + c.talks[tides].Slug).schema(t); off.Status != calledOff {
		t.Errorf("cancelled: %+v", off)
	}
	listed := a.nobody().get("/sitemap.xml")
	for _, want := range []string{"/conferences", "/conferences/kormoran2026", day11, "/conferences/kormoran2026/talks/" + c.talks[tides].Slug} {
		if !listed.has("<loc>https://notes.example" + want + "</loc>") {
			t.Errorf("the sitemap lacks %s", want)
		}
	}
}

func TestAConferenceTakesTheSameQueriesHoweverManyTalks(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	queries := 0
	fatal(t, a.server.Store.Watch(func(string) { queries++ }))
	c := a.conference("kormoran2026", "Europe/Paris", "2026-06-11", "2026-06-12")
	gwen := a.person("gwen", models.RoleAuthor)
	grow := func(from, to int) {
		var talks []schedule.Talk
		for i := from; i < to; i++ {
			at := c.in(t, "2026-06-11 09:00").Add(time.Duration(i%60) * 10 * time.Minute)
			talks = append(talks, schedule.Talk{Title: fmt.Sprintf("Talk %d", i), Kind: schedule.RegularTalk, Start: at, End: at.Add(time.Hour), Date: "2026-06-11", Room: fmt.Sprintf("Room %d", i%20),
				Speakers: []schedule.Speaker{{Name: fmt.Sprintf("Speaker %d", i%300)}}, Links: []schedule.Link{{URL: fmt.Sprintf("https://x.example/%d", i), Type: schedule.Slides}}})
		}
		c.add(talks...)
	}
	measure := func() map[string]int {
		counts := map[string]int{}
		a.at(c.in(t, "2026-06-11 09:05"))
		for _, path := range []string{"/conferences", "/conferences/kormoran2026", day11, day11 + "?by=room", "/conferences/kormoran2026/talks/talk-0", "/conferences/kormoran2026/speakers", "/conferences/kormoran2026/speakers/speaker-0", "/conferences/kormoran2026/feed.atom"} {
			queries = 0
			a.nobody().get(path).want(t, path, http.StatusOK)
			counts[path] = queries
		}
		return counts
	}
	grow(0, 10)
	c.note(gwen, "First", c.talks["Talk 0"], "")
	few := measure()
	grow(10, 1000)
	for i := range 12 {
		c.note(gwen, fmt.Sprintf("Note %d", i), c.talks[fmt.Sprintf("Talk %d", 100+i)], "Short.")
		c.note(a.person(fmt.Sprintf("p%d", i), models.RoleAuthor), fmt.Sprintf("Other note %d", i), c.talks["Talk 0"], "")
	}
	many := measure()
	for path, n := range few {
		if many[path] != n || n == 0 || n > 21 {
			t.Errorf("%s took %d queries with 10 talks, %d with 1,000", path, n, many[path])
		}
	}
	t.Log(few)
}
