package activitypub

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"confnotes/models"
)

// gatherings are the documents of a conference, its series, a talk and what they announce,
// by the golden file's name.
func gatherings(t *testing.T) map[string][]byte {
	s, gwen := author(t)
	c := s.conference("kormoran2026", "kormoran")
	alice := s.known("https://social.example", "alice")
	s.subscribe(alice, "kormoran2026")
	start := time.Date(2026, 6, 12, 0, 30, 0, 0, time.UTC)
	talk := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, Slug: "why-wal", Title: "Why WAL & what <now>", Kind: "talk", Day: "2026-06-11", State: models.TalkScheduled,
		Room: "Main hall", Language: "fr", HTML: "<p>Pourquoi.</p>", StartsAt: start, EndsAt: start.Add(time.Hour), CreatedAt: s.clock.now(), ChangedAt: s.clock.now()}
	gone := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, Slug: "gone", Title: "Gone", Kind: "talk", Day: "2026-06-11", State: models.TalkRemoved, Language: "de, en",
		StartsAt: start, EndsAt: start.Add(time.Hour), CreatedAt: s.clock.now(), ChangedAt: s.clock.now().Add(time.Hour)}
	s.inTx(func(tx *models.Store) error {
		return errors.Join(tx.Talks.Create(s.ctx(), talk, []models.ExternalID{{Scheme: "guid", Value: "A4840DE0-d593-5716-9269-bb6e8518a2fa"},
			{Scheme: "code", Value: "A2AB19"}, {Scheme: "url", Value: "http://kormoran.example/talk/A2AB19/"}}), tx.Talks.Create(s.ctx(), gone, nil))
	})
	post := s.recap(gwen, "Day one", models.About{ConferenceID: c.ID, Day: "2026-06-11"})
	docs := map[string][]byte{}
	keep := func(name string) func([]byte, error) {
		return func(doc []byte, err error) {
			t.Helper()
			s.must(err)
			docs[name] = doc
		}
	}
	keep("group.json")(s.docs.Actor(s.ctx(), "kormoran2026"))
	keep("group-series.json")(s.docs.Actor(s.ctx(), "kormoran"))
	keep("group-webfinger.json")(s.docs.WebFinger(s.ctx(), "acct:kormoran2026@notes.example"))
	keep("group-followers.json")(s.docs.Followers(s.ctx(), "kormoran2026", true, 0))
	keep("group-featured.json")(s.docs.Featured(s.ctx(), "kormoran2026"))
	keep("group-outbox.json")(s.docs.Outbox(s.ctx(), "kormoran2026", false, 0))
	keep("group-outbox-page.json")(s.docs.Outbox(s.ctx(), "kormoran2026", true, 0))
	keep("group-create.json")(s.docs.Activity(s.ctx(), s.activityID("Create")))
	for i, body := range s.strings("SELECT body FROM activities WHERE type = 'Announce' ORDER BY id") {
		if i < 2 {
			keep([]string{"group-announce.json", "group-announce-create.json"}[i])([]byte(body), nil)
		}
	}
	keep("event-conference.json")(s.docs.Event(s.ctx(), "kormoran2026"))
	keep("event-talk.json")(s.docs.Talk(s.ctx(), talk.PublicID))
	keep("event-talk-removed.json")(s.docs.Talk(s.ctx(), gone.PublicID))
	note := s.recap(gwen, "On WAL", models.About{ConferenceID: c.ID, TalkID: talk.ID})
	keep("group-note.json")(s.docs.Article(s.ctx(), *note.PublicID))
	s.must(s.outbox.Delete(s.ctx(), gwen, post.ID))
	keep("group-undo.json")([]byte(s.strings("SELECT body FROM activities WHERE type = 'Undo' ORDER BY id")[0]), nil)
	for _, handle := range []string{"kormoran", "gwen", "nobody"} {
		if doc, err := s.docs.Event(s.ctx(), handle); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s is an event: %s, %v", handle, doc, err)
		}
	}
	return docs
}

func TestDocumentsOfConferences(t *testing.T) {
	t.Parallel()
	docs, ids := gatherings(t), names{}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		golden(t, name, ids.plain(docs[name]))
		if strange := undefinedTerms(docs[name]); name != "group-webfinger.json" && len(strange) > 0 {
			t.Errorf("%s: a JSON-LD processor drops %v", name, strange)
		}
	}
}

// What FEP-8a8e demands of an event: a name, a beginning and an end, organizers, and a
// timezone that is the one of its times.
func TestEventsHaveWhatCalendarsNeed(t *testing.T) {
	t.Parallel()
	docs := gatherings(t)
	for _, name := range []string{"event-conference.json", "event-talk.json", "event-talk-removed.json"} {
		var e struct {
			Name, Timezone     string
			StartTime, EndTime time.Time
			Organizers         struct{ Items []string }
			To                 []string
		}
		if err := json.Unmarshal(docs[name], &e); err != nil {
			t.Fatal(err)
		}
		zone, err := time.LoadLocation(e.Timezone)
		if err != nil || e.Name == "" || len(e.Organizers.Items) != 1 || !e.EndTime.After(e.StartTime) {
			t.Errorf("%s: %+v, %v", name, e, err)
			continue
		}
		_, said := e.StartTime.Zone()
		if _, there := e.StartTime.In(zone).Zone(); said != there {
			t.Errorf("%s begins at an offset of %d s, in %s it is %d s", name, said, e.Timezone, there)
		}
	}
}

// Whatever clocks do on its days, a conference ends with its last one.
func TestAConferenceEndsWithItsLastDay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, day, starts, ends string }{
		{"Europe/Paris", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"},
		{"Europe/Paris", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", "2026-04-24T23:59:59+03:00"}, // whose midnight is left out
		{"Africa/Cairo", "2026-04-23", "2026-04-23T00:00:00+02:00", "2026-04-23T23:59:59+02:00"},
	} {
		s := newSite(t)
		c := s.conference("kormoran2026", "")
		c.Zone, c.StartsOn, c.EndsOn = tt.zone, tt.day, tt.day
		if e := conferenceEvent(s.iris, c); e.StartTime != tt.starts || e.EndTime != tt.ends {
			t.Errorf("%s in %s runs from %s to %s, want %s to %s", tt.day, tt.zone, e.StartTime, e.EndTime, tt.starts, tt.ends)
		}
	}
}
