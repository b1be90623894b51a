package activitypub

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"confnotes/internal/i18n"
	"confnotes/models"
)

// evenings is a site with a conference that sends digests, at half past eight there.
func evenings(t testing.TB) (*site, *models.Account, *models.Conference, *Digests) {
	s, gwen := author(t)
	c := s.conference("kormoran2026", "kormoran")
	c.Announces = models.AnnounceDigest
	s.inTx(func(tx *models.Store) error { return tx.Conferences.Save(s.ctx(), c) })
	catalogue, err := i18n.Load()
	s.must(err)
	return s, gwen, c, NewDigests(s.store, s.outbox, catalogue, slog.New(slog.NewTextHandler(io.Discard, nil)), s.clock.now)
}

func TestADigestIsMadeOnceInTheConferencesEvening(t *testing.T) {
	t.Parallel()
	s, gwen, c, digests := evenings(t) // 20:30 in Paris
	fan, old := s.known("https://fans.example", "fan"), s.known("https://series.example", "old")
	s.subscribe(fan, "kormoran2026")
	s.subscribe(old, "kormoran")
	day := models.About{ConferenceID: c.ID, Day: "2026-06-11"}
	s.recap(gwen, "Day *one*, [tides](x) @gwen", day)
	s.must(digests.round(s.ctx()))
	if got := s.sent(fan.base + "/inbox"); len(got) != 0 {
		t.Fatalf("at half past eight: %v", got)
	}
	s.clock.move(90 * time.Minute)
	s.must(digests.round(s.ctx()))
	s.clock.move(10 * time.Minute)
	s.recap(gwen, "Too late", day)
	s.must(digests.round(s.ctx()))
	s.must(NewDigests(s.store, s.outbox, digests.catalogue, digests.log, s.clock.now).round(s.ctx())) // after a restart
	s.same("to who follows the conference", s.sent(fan.base+"/inbox"), "kormoran2026 Create Article")
	s.same("to who follows the series", s.sent(old.base+"/inbox"), "kormoran Announce articles", "kormoran Announce activities")
	body := s.strings("SELECT html FROM posts WHERE actor_id = ?", c.ActorID)[0]
	if !strings.Contains(body, `">Day *one*, [tides](x) @gwen</a>`) || strings.Contains(body, "Too late") || !strings.Contains(body, s.iris.ArticlePage("gwen", "day-one-tides-x-gwen")) {
		t.Errorf("the digest says %s", body)
	}
	s.clock.move(24 * time.Hour)
	s.must(digests.round(s.ctx()))
	s.clock.move(24 * time.Hour) // nothing new
	s.must(digests.round(s.ctx()))
	if bodies := s.strings("SELECT html FROM posts WHERE actor_id = ? ORDER BY id", c.ActorID); len(bodies) != 2 || !strings.Contains(bodies[1], "Too late") || strings.Contains(bodies[1], "tides") {
		t.Errorf("%d digests: %v", len(bodies), bodies)
	}
}

func TestADigestNamesWhatWasTakenHome(t *testing.T) {
	t.Parallel()
	s, gwen, c, digests := evenings(t)
	hugo := s.person("hugo", models.RoleAuthor)
	for i, day := range []string{"2026-06-11", "2026-06-12"} {
		talk := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, Slug: day, Title: "Why WAL", Kind: "talk", Day: day, State: models.TalkScheduled,
			StartsAt: s.clock.now(), EndsAt: s.clock.now(), CreatedAt: s.clock.now(), ChangedAt: s.clock.now()}
		s.inTx(func(tx *models.Store) error { return tx.Talks.Create(s.ctx(), talk, nil) })
		for _, by := range []*models.Account{gwen, hugo} {
			note := s.recap(by, "Note", models.About{ConferenceID: c.ID, TalkID: talk.ID})
			note.Takeaway = strings.Repeat("*", i+1) + " taken home by " + by.Actor.Handle
			s.inTx(func(tx *models.Store) error { return tx.Posts.Save(s.ctx(), note) })
		}
	}
	s.recap(gwen, "Day one", models.About{ConferenceID: c.ID, Day: "2026-06-11"})
	s.clock.move(2 * time.Hour)
	s.must(digests.round(s.ctx()))
	body := s.strings("SELECT html FROM posts WHERE actor_id = ?", c.ActorID)[0]
	if !strings.Contains(body, "<li>* taken home by gwen</li>") || strings.Contains(body, "hugo") || strings.Contains(body, "**") {
		t.Errorf("%s", body)
	}
}

func TestTheHourOfDigestsIsTheConferences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, now, want string }{
		{"Europe/Paris", "2026-06-11T19:59:59Z", "2026-06-10T20:00:00Z"},
		{"Europe/Paris", "2026-06-11T20:00:00Z", "2026-06-11T20:00:00Z"},
		{"Europe/Paris", "2026-03-29T12:00:00Z", "2026-03-28T21:00:00Z"}, // the clock went forward that night
		{"Europe/Paris", "2026-10-25T12:00:00Z", "2026-10-24T20:00:00Z"},
		{"Asia/Tokyo", "2026-06-11T13:00:00Z", "2026-06-11T13:00:00Z"},
		{"America/Los_Angeles", "2026-06-12T04:00:00Z", "2026-06-11T05:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := lastEvening(&models.Conference{Zone: tt.zone}, now).UTC().Format(time.RFC3339); got != tt.want {
			t.Errorf("in %s at %s it was evening at %s, want %s", tt.zone, tt.now, got, tt.want)
		}
	}
}
