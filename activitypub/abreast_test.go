package activitypub

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/models"
)

// room is a site with a conference in Paris, two talks, and a note on the first.
type room struct {
	*site
	gwen       *models.Account
	conference *models.Conference
	talk       *models.Talk
	note       *models.Post
}

func newRoom(t testing.TB) *room {
	h := &room{site: newSite(t)}
	h.gwen = h.person("gwen", models.RoleAuthor)
	group := h.localActor(&models.Actor{Kind: "Group", Handle: "kormoran2026", Name: "Kormoran Conf 2026"})
	h.conference = &models.Conference{ActorID: group.ID, StartsOn: "2026-06-11", EndsOn: "2026-06-12", Zone: "Europe/Paris", Hashtag: "Kormoran2026", CreatedAt: h.clock.now()}
	h.inTx(func(tx *models.Store) error { return tx.Conferences.Create(h.ctx(), h.conference) })
	h.talk = h.addTalk("Ten years of tides", time.Date(2026, 6, 11, 7, 15, 0, 0, time.UTC), "Maëlle Quérec")
	h.note = h.writeNote(h.talk, models.RevisionText{Language: "en", Title: h.talk.Title, Takeaway: "Size for the spring tide.", Source: "Two voices."})
	return h
}

func (h *room) addTalk(title string, start time.Time, speaker string) *models.Talk {
	h.t.Helper()
	talk := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: h.conference.ID, Slug: draft.Slug(title), Title: title, Kind: "keynote", Room: "Main hall", State: models.TalkScheduled,
		StartsAt: start, EndsAt: start.Add(45 * time.Minute), Day: "2026-06-11", CreatedAt: h.clock.now(), ChangedAt: h.clock.now()}
	h.inTx(func(tx *models.Store) error {
		person := &models.Person{ConferenceID: h.conference.ID, Slug: draft.Slug(speaker), Name: speaker}
		return errors.Join(tx.Talks.Create(h.ctx(), talk, nil), tx.People.Create(h.ctx(), person),
			tx.Talks.SetSpeakers(h.ctx(), talk.ID, []models.Appearance{{PersonID: person.ID, Role: "CTO", Affiliation: "Ateliers Brume"}}))
	})
	return talk
}

func (h *room) writeNote(talk *models.Talk, text models.RevisionText) *models.Post {
	h.t.Helper()
	done, err := h.outbox.Publish(h.ctx(), draft.Input{Account: h.gwen, ClientID: newClientID(), Text: text,
		About: &models.About{ConferenceID: h.conference.ID, TalkID: talk.ID}}, time.Time{})
	h.must(err)
	return done.Post
}

// later is the next round, some time on.
func (h *room) later() {
	h.t.Helper()
	h.clock.move(time.Minute)
	h.must(NewAbreast(h.store, h.outbox, slog.New(slog.NewTextHandler(io.Discard, nil))).Round(h.ctx()))
}

func (h *room) updates() int { return h.count("activities WHERE type = 'Update'") }

func (h *room) html(p *models.Post) string {
	h.t.Helper()
	now, err := h.store.Posts.ByID(h.ctx(), p.ID)
	h.must(err)
	return now.HTML
}

func TestATalkNoteStandsUnderTheLineOfItsTalk(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	const line = `<p class="talk"><strong>09:15</strong>`
	if html := h.html(h.note); !strings.HasPrefix(html, line) || !strings.Contains(html, "Maëlle Quérec, CTO, Ateliers Brume") || !strings.Contains(html, "<mark>Size for the spring tide.</mark>") {
		t.Errorf("the note is %s", html)
	}
	rev, err := h.store.Revisions.ByID(h.ctx(), *h.note.PublishedRevisionID)
	h.must(err)
	if rev.Text.Source != "Two voices." || h.note.Takeaway != "Size for the spring tide." || strings.Contains(h.note.Excerpt, "09:15") {
		t.Errorf("stored: source %q, takeaway %q, excerpt %q", rev.Text.Source, h.note.Takeaway, h.note.Excerpt)
	}
	if *h.note.ConferenceID != h.conference.ID || *h.note.TalkID != h.talk.ID {
		t.Error("the note doesn't know its talk")
	}
	doc, err := h.docs.Article(h.ctx(), *h.note.PublicID)
	h.must(err)
	if !strings.Contains(string(doc), `**09:15** · Keynote · Main hall`) {
		t.Errorf("the source that others read isn't what the content is made of: %s", doc)
	}
	named := h.writeNote(h.talk, models.RevisionText{Language: "en", Title: "What I think of tides", Source: "Little."})
	if html := h.html(named); !strings.HasPrefix(html, `<h2 id="ten-years-of-tides">Ten years of tides</h2>`+"\n"+line) {
		t.Errorf("under a title of its own it is %s", html)
	}
}

// However a talk changes, its notes follow, with one Update for all that changed.
func TestNotesFollowTheirTalk(t *testing.T) {
	t.Parallel()
	person := func(h *room, tx *models.Store) *models.Person {
		p, err := tx.People.BySlug(h.ctx(), h.conference.ID, draft.Slug("Maëlle Quérec"))
		h.must(err)
		return p
	}
	tests := []struct {
		name   string
		change func(ctx context.Context, h *room, tx *models.Store) error
		want   string // "" for what readers don't see
	}{
		{"slides are added", func(ctx context.Context, h *room, tx *models.Store) error {
			r := models.Resource{TalkID: h.talk.ID, Type: "slides", URL: "https://slides.example/1", CreatedAt: h.clock.now()}
			again := r
			return errors.Join(tx.Talks.AddResource(ctx, &r), tx.Talks.AddResource(ctx, &again), tx.Talks.AddResource(ctx, &models.Resource{TalkID: h.talk.ID, Type: "video", URL: "https://video.example/1", CreatedAt: h.clock.now()}))
		}, `<a href="https://slides.example/1"`},
		{"the time moves", func(ctx context.Context, h *room, tx *models.Store) error {
			h.talk.StartsAt = h.talk.StartsAt.Add(time.Hour)
			return tx.Talks.Save(ctx, h.talk)
		}, `<strong>10:15</strong>`},
		{"the speakers are put right", func(ctx context.Context, h *room, tx *models.Store) error {
			return tx.Talks.SetSpeakers(ctx, h.talk.ID, []models.Appearance{{PersonID: person(h, tx).ID, Role: "CEO"}})
		}, "Maëlle Quérec, CEO<"},
		{"a name is put right", func(ctx context.Context, h *room, tx *models.Store) error {
			p := person(h, tx)
			p.Name = "Maëlle Le Quérec"
			return tx.People.Save(ctx, p)
		}, "Maëlle Le Quérec, CTO"},
		{"somebody isn't to be named any more", func(ctx context.Context, h *room, tx *models.Store) error {
			p := person(h, tx)
			p.DoNotName = true
			return tx.People.Save(ctx, p)
		}, `Main hall</span></p>`},
		{"the zone was wrong", func(ctx context.Context, h *room, tx *models.Store) error {
			h.conference.Zone = "Europe/London"
			return tx.Conferences.Save(ctx, h.conference)
		}, `<strong>08:15</strong>`},
		{"it is saved as it is", func(ctx context.Context, h *room, tx *models.Store) error {
			return errors.Join(tx.Talks.Save(ctx, h.talk), tx.Talks.SetSpeakers(ctx, h.talk.ID, []models.Appearance{{PersonID: person(h, tx).ID, Role: "CTO", Affiliation: "Ateliers Brume"}}))
		}, ""},
		{"its track, which no line shows, changes", func(ctx context.Context, h *room, tx *models.Store) error {
			h.talk.Track = "Sea"
			return tx.Talks.Save(ctx, h.talk)
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newRoom(t)
			other := h.writeNote(h.addTalk("Boats", h.talk.StartsAt, "Sam Wells"), text("Boats", "Afloat."))
			before, otherBefore := h.html(h.note), h.html(other)
			h.inTx(func(tx *models.Store) error { return tt.change(h.ctx(), h, tx) })
			h.later()
			h.later()
			want := 1
			if tt.name == "the zone was wrong" {
				want = 2 // both are there
			} else if h.html(other) != otherBefore {
				t.Error("a note on another talk changed")
			}
			if tt.want == "" {
				want = 0
			}
			if after := h.html(h.note); !strings.Contains(after, tt.want) || (after == before) != (tt.want == "") {
				t.Errorf("the note is %s", after)
			}
			if n := h.updates(); n != want {
				t.Errorf("%d Updates, want %d", n, want)
			}
			if n := h.count("posts_behind"); n != 0 {
				t.Errorf("%d articles are still behind", n)
			}
		})
	}
}

// A recording's link makes time marks lead into it, in the note and in the recap that has
// it whole, each with one Update; the marks of another talk's note stay as they are.
func TestTimeMarksBecomeLinksWithTheRecording(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	note := h.writeNote(h.addTalk("Boats", h.talk.StartsAt.Add(time.Hour), "Sam Wells"), text("Boats", "[12:34] the keel.\n\n[1:02:03]: the mast"))
	h.edit(h.gwen, h.note, models.RevisionText{Language: "en", Title: h.talk.Title, Source: "[0:30] two voices."})
	done, err := h.outbox.Publish(h.ctx(), draft.Input{Account: h.gwen, ClientID: newClientID(), About: &models.About{ConferenceID: h.conference.ID, Day: "2026-06-11"},
		Text: text("Day one", "{{note "+*h.note.PublicID+" whole}}\n\n{{note "+*note.PublicID+" whole}}")}, time.Time{})
	h.must(err)
	recap := done.Post
	if html := h.html(recap); strings.Count(html, `<span class="moment">`) != 3 {
		t.Fatalf("before there is a recording the recap is %s", html)
	}
	before := h.updates()
	h.inTx(func(tx *models.Store) error {
		return tx.Talks.AddResource(h.ctx(), &models.Resource{TalkID: *note.TalkID, Type: "video", URL: "https://youtu.be/abc", CreatedAt: h.clock.now()})
	})
	h.later()
	h.later()
	if n := h.updates() - before; n != 2 {
		t.Errorf("%d Updates, want one of the note and one of the recap", n)
	}
	for _, p := range []*models.Post{note, recap} {
		html := h.html(p)
		for _, want := range []string{`<a href="https://youtu.be/abc?t=754" class="moment"`, `<a href="https://youtu.be/abc?t=3723" class="moment"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s isn't in %s", want, html)
			}
		}
	}
	if html := h.html(recap); !strings.Contains(html, `<span class="moment">0:30</span>`) {
		t.Errorf("the mark of a talk without a recording leads elsewhere: %s", html)
	}
}

// Which part a recap is, and what is before and after it, is in what others read, and
// changes there when a day is added or taken away.
func TestWhichPartARecapIsIsFederated(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	h.conference.EndsOn = "2026-06-14"
	h.inTx(func(tx *models.Store) error { return tx.Conferences.Save(h.ctx(), h.conference) })
	days := map[string]*models.Post{}
	for _, day := range []string{"2026-06-11", "2026-06-14", "2026-06-12", "2026-06-13"} {
		done, err := h.outbox.Publish(h.ctx(), draft.Input{Account: h.gwen, ClientID: newClientID(), About: &models.About{ConferenceID: h.conference.ID, Day: day}, Text: text("Recap of "+day, "Words.")}, time.Time{})
		h.must(err)
		days[day] = done.Post
		h.later()
	}
	says := func(day string, want ...string) {
		t.Helper()
		raw, err := h.docs.Article(h.ctx(), *days[day].PublicID)
		h.must(err)
		var doc vocab.Article
		h.must(json.Unmarshal(raw, &doc))
		sent := h.strings("SELECT body FROM activities WHERE type IN ('Create', 'Update') AND body IS NOT NULL AND object_uri = ? ORDER BY id DESC LIMIT 1", h.article(days[day]))
		for _, words := range want {
			if !strings.Contains(doc.Content, words) || !strings.Contains(sent[0], strings.ReplaceAll(words, `"`, `\"`)) {
				t.Errorf("%s doesn't say %q, or what was sent last doesn't: %s", day, words, doc.Content)
			}
		}
		if len(want) < 3 && (strings.Contains(doc.Content, "before:") && strings.Contains(doc.Content, "next:")) {
			t.Errorf("%s has a day on both sides: %s", day, doc.Content)
		}
	}
	says("2026-06-11", "Part 1 of 4", "next: <a href=\"https://notes.example/@gwen/"+days["2026-06-12"].Slug)
	says("2026-06-12", "Part 2 of 4", "before: <a href=\"https://notes.example/@gwen/"+days["2026-06-11"].Slug, "next: <a href=\"https://notes.example/@gwen/"+days["2026-06-13"].Slug)
	says("2026-06-13", "Part 3 of 4", "before: <a href=\"https://notes.example/@gwen/"+days["2026-06-12"].Slug, "next: <a href=\"https://notes.example/@gwen/"+days["2026-06-14"].Slug)
	says("2026-06-14", "Part 4 of 4", "before: <a href=\"https://notes.example/@gwen/"+days["2026-06-13"].Slug)
	h.must(h.outbox.Delete(h.ctx(), h.gwen, days["2026-06-12"].ID))
	h.later()
	says("2026-06-13", "Part 2 of 3", "before: <a href=\"https://notes.example/@gwen/"+days["2026-06-11"].Slug, "next:")
}

func TestDraftsAndDeletedNotesAreNotUpdated(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	h.inTx(func(tx *models.Store) error {
		return tx.Talks.AddResource(h.ctx(), &models.Resource{TalkID: h.talk.ID, Type: "slides", URL: "https://slides.example/1", CreatedAt: h.clock.now()})
	})
	h.must(h.outbox.Delete(h.ctx(), h.gwen, h.note.ID))
	h.later()
	if h.updates() != 0 || h.count("posts_behind") != 0 {
		t.Errorf("%d Updates, %d behind", h.updates(), h.count("posts_behind"))
	}
}

// Whoever edits a note after its talk changed has sent the change with it.
func TestAnEditAfterAChangeMakesOneUpdate(t *testing.T) {
	t.Parallel()
	h := newRoom(t)
	h.inTx(func(tx *models.Store) error {
		return tx.Talks.AddResource(h.ctx(), &models.Resource{TalkID: h.talk.ID, Type: "slides", URL: "https://slides.example/1", CreatedAt: h.clock.now()})
	})
	h.clock.move(time.Second)
	h.edit(h.gwen, h.note, models.RevisionText{Language: "en", Title: h.talk.Title, Source: "Two voices, one sea."})
	h.later()
	if html := h.html(h.note); h.updates() != 1 || !strings.Contains(html, "slides.example") || !strings.Contains(html, "one sea") {
		t.Errorf("%d Updates; the note is %s", h.updates(), html)
	}
}
