package activitypub

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/models"
)

// conference makes one that tells its followers of everything, in a series of its own
// where series isn't empty.
func (s *site) conference(handle, series string) *models.Conference {
	s.t.Helper()
	c := &models.Conference{Actor: s.localActor(&models.Actor{Kind: models.ActorGroup, Handle: handle, Name: "Kormoran Conf 2026", Discoverable: true}),
		StartsOn: "2026-06-11", EndsOn: "2026-06-12", Zone: "Europe/Paris", City: "Port-Kerval", URL: "https://kormoran.example", Hashtag: "Kormoran2026",
		Announces: models.AnnounceEverything, Coverage: models.CoverageHeld, CreatedAt: s.clock.now()}
	c.ActorID = c.Actor.ID
	s.inTx(func(tx *models.Store) error {
		if series == "" {
			return tx.Conferences.Create(s.ctx(), c)
		}
		return nil
	})
	if series == "" {
		return c
	}
	of := &models.Series{ActorID: s.localActor(&models.Actor{Kind: models.ActorGroup, Handle: series, Name: "Kormoran Conf"}).ID, CreatedAt: s.clock.now()}
	s.inTx(func(tx *models.Store) error {
		if err := tx.Series.Create(s.ctx(), of); err != nil {
			return err
		}
		c.SeriesID = &of.ID
		return tx.Conferences.Create(s.ctx(), c)
	})
	return c
}

// subscribe has somebody elsewhere follow an actor of ours, through the inbox.
func (s *site) subscribe(who *remote, handle string) {
	s.t.Helper()
	s.accept(who, who.does("Follow", s.iris.Actor(handle)))
}

// recap publishes an article about a conference.
func (s *site) recap(by *models.Account, title string, about models.About) *models.Post {
	s.t.Helper()
	done, err := s.outbox.Publish(s.ctx(), draft.Input{Account: by, ClientID: newClientID(), Text: text(title, "Words."), About: &about}, time.Time{})
	s.must(err)
	return done.Post
}

// about publishes an article as it stands, about something else.
func (s *site) about(by *models.Account, post *models.Post, about models.About) {
	s.t.Helper()
	rev, err := s.store.Revisions.ByID(s.ctx(), *post.PublishedRevisionID)
	s.must(err)
	done, err := s.outbox.Publish(s.ctx(), draft.Input{Account: by, PostID: post.ID, Base: post.LockVersion, Text: rev.Text, About: &about}, time.Time{})
	s.must(err)
	*post = *done.Post
}

// sent is what stands in the queue for an inbox, in the order in which it goes out.
func (s *site) sent(inbox string) (lines []string) {
	s.t.Helper()
	for _, body := range s.strings("SELECT a.body FROM deliveries d JOIN activities a ON a.id = d.activity_id WHERE d.inbox = ? AND d.state = 'queued' ORDER BY d.id", inbox) {
		var a vocab.Activity
		s.must(json.Unmarshal([]byte(body), &a))
		lines = append(lines, s.brief(a))
	}
	return lines
}

// brief is an activity in a few words: "kormoran2026 Announce articles".
func (s *site) brief(a vocab.Activity) string {
	who := a.Actor[strings.LastIndex(a.Actor, "/")+1:]
	switch o := a.Object.(type) {
	case string:
		return fmt.Sprint(who, " ", a.Type, " ", strings.Split(strings.TrimPrefix(o, s.iris.Base()+"/"), "/")[0])
	case map[string]any:
		if a.Type == "Undo" {
			var inner vocab.Activity
			s.must(json.Unmarshal(toJSON(o), &inner))
			return "Undo " + s.brief(inner)
		}
		return fmt.Sprint(who, " ", a.Type, " ", o["type"])
	}
	return a.Type
}

func (s *site) same(what string, got []string, want ...string) {
	s.t.Helper()
	if !slices.Equal(got, want) {
		s.t.Errorf("%s:\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestAGroupIsFollowedAsPeopleAre(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.conference("kormoran2026", "kormoran")
	alice := s.known("https://social.example", "alice")
	for _, handle := range []string{"kormoran2026", "kormoran"} {
		follow := alice.does("Follow", s.iris.Actor(handle))
		s.accept(alice, follow)
		doc, err := s.docs.Followers(s.ctx(), handle, true, 0)
		s.must(err)
		if !strings.Contains(string(doc), alice.id) {
			t.Errorf("%s has no follower: %s", handle, doc)
		}
		s.accept(alice, alice.does("Undo", follow))
		if doc, err = s.docs.Followers(s.ctx(), handle, true, 0); err != nil || strings.Contains(string(doc), alice.id) {
			t.Errorf("%s keeps its follower: %s, %v", handle, doc, err)
		}
	}
	s.same("Accepts", s.told("Accept"), alice.id+"/inbox", alice.id+"/inbox")
	if n := s.count("notifications"); n != 0 {
		t.Errorf("%d notifications for nobody", n)
	}
}

func TestAConferenceAnnouncesOnceAnInboxInEachFormThePlainOneFirst(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	c := s.conference("kormoran2026", "kormoran")
	both, group, series := s.known("https://both.example", "a"), s.known("https://group.example", "b"), s.known("https://series.example", "c")
	s.follow(both, gwen)
	for _, who := range []*remote{both, group, s.known("https://group.example", "d")} {
		s.subscribe(who, "kormoran2026")
	}
	s.subscribe(series, "kormoran")
	post := s.recap(gwen, "Day one", models.About{ConferenceID: c.ID, Day: "2026-06-11"})
	s.same("to who follows both", s.sent(both.base+"/inbox"), "gwen Create Article", "kormoran2026 Announce articles", "kormoran2026 Announce activities")
	s.same("to who follows the conference", s.sent(group.base+"/inbox"), "kormoran2026 Announce articles", "kormoran2026 Announce activities")
	s.same("to who follows the series", s.sent(series.base+"/inbox"), "kormoran Announce articles", "kormoran Announce activities")
	// Each form can be read at an id of its own.
	for _, id := range s.strings("SELECT public_id FROM activities WHERE type = 'Announce'") {
		body, err := s.docs.Activity(s.ctx(), id)
		s.must(err)
		if lost := undefinedTerms(body); len(lost) > 0 {
			t.Errorf("lost of %s: %v", body, lost)
		}
	}
	// Nothing but the Create is announced, and the second form is of it.
	s.clock.move(time.Minute)
	s.edit(gwen, post, text("Day one", "More words."))
	s.accept(both, both.does("Create", both.note(s.article(post), "Thanks")))
	if n := s.count("activities WHERE type = 'Announce'"); n != 4 {
		t.Errorf("%d Announces after an edit and a reply, want 4", n)
	}
	create, err := s.store.Activities.CreateOf(s.ctx(), s.article(post))
	s.must(err)
	if n := s.count("activities WHERE type = 'Announce' AND body LIKE ?", `%"object":"`+s.iris.Activity(create.PublicID)+`"%`); n != 2 {
		t.Errorf("%d Announces of the Create, want 2", n)
	}
	// The edit goes to who knows the article by the group.
	s.same("the edit", s.sent(group.base + "/inbox")[2:], "gwen Update Article")
}

func TestOurGroupsBoostsAreNobodysShares(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	c := s.conference("kormoran2026", "kormoran")
	alice := s.known("https://social.example", "alice")
	post := s.recap(gwen, "Day one", models.About{ConferenceID: c.ID})
	s.accept(alice, alice.does("Announce", s.article(post)))
	counts, err := s.store.Reactions.CountsOf(s.ctx(), post.ID)
	s.must(err)
	newest, err := s.store.Reactions.Newest(s.ctx(), post.ID, 10)
	s.must(err)
	if counts.Announces != 1 || len(newest) != 1 {
		t.Errorf("%d boosts by %d, want alice's alone", counts.Announces, len(newest))
	}
}

func TestTheArticleAndItsCreateNameTheGroup(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	c := s.conference("kormoran2026", "kormoran")
	post := s.recap(gwen, "Day one", models.About{ConferenceID: c.ID})
	s.edit(gwen, post, text("Day one", "Other words."))
	article, err := s.docs.Article(s.ctx(), *post.PublicID)
	s.must(err)
	docs := append([]string{string(article)}, s.strings("SELECT body FROM activities WHERE type IN ('Create', 'Update') ORDER BY id")...)
	for i, want := range []int{1, 2, 2} {
		if n := strings.Count(docs[i], `"audience":"`+s.iris.Actor("kormoran2026")+`"`); n != want {
			t.Errorf("named %d times, want %d: %s", n, want, docs[i])
		}
	}
}

func TestWhatAConferencesOwnerChoseIsAnnounced(t *testing.T) {
	t.Parallel()
	for announces, want := range map[string]map[string]int{
		models.AnnounceEverything: {"recap": 2, "talk note": 2, "other": 2},
		models.AnnounceRecaps:     {"recap": 2, "talk note": 0, "other": 0},
		models.AnnounceDigest:     {"recap": 0, "talk note": 0, "other": 0},
	} {
		s, gwen := author(t)
		c := s.conference("kormoran2026", "")
		c.Announces = announces
		talk := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, Slug: "wal", Title: "Why WAL", Kind: "talk", Day: "2026-06-11", State: models.TalkScheduled,
			StartsAt: s.clock.now(), EndsAt: s.clock.now(), CreatedAt: s.clock.now(), ChangedAt: s.clock.now()}
		s.inTx(func(tx *models.Store) error {
			if err := tx.Talks.Create(s.ctx(), talk, nil); err != nil {
				return err
			}
			return tx.Conferences.Save(s.ctx(), c)
		})
		for what, about := range map[string]models.About{"recap": {Day: "2026-06-11"}, "talk note": {TalkID: talk.ID}, "other": {}} {
			about.ConferenceID = c.ID
			post := s.recap(gwen, what, about)
			if n := s.count("activities WHERE type = 'Announce' AND object_uri = ?", s.article(post)); n != want[what] {
				t.Errorf("%s, %s: %d Announces, want %d", announces, what, n, want[what])
			}
		}
	}
}

func TestLeavingAndDeletingUndoBothForms(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *site, gwen *models.Account, post *models.Post){
		"leaving": func(s *site, gwen *models.Account, post *models.Post) { s.about(gwen, post, models.About{}) },
		"deleting": func(s *site, gwen *models.Account, post *models.Post) {
			s.must(s.outbox.Delete(s.ctx(), gwen, post.ID))
		},
		"the author's end": func(s *site, gwen *models.Account, _ *models.Post) {
			s.person("boss", models.RoleOwner)
			s.must(s.outbox.DeleteAccount(s.ctx(), "gwen"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, gwen := author(t)
			c := s.conference("kormoran2026", "kormoran")
			alice, old := s.known("https://social.example", "alice"), s.known("https://series.example", "old")
			s.subscribe(alice, "kormoran2026")
			s.subscribe(old, "kormoran")
			post := s.recap(gwen, "Day one", models.About{ConferenceID: c.ID, Day: "2026-06-11"})
			announced := s.strings("SELECT public_id FROM activities WHERE type = 'Announce' ORDER BY id")
			_, err := s.raw.Exec("UPDATE deliveries SET state = 'delivered'")
			s.must(err)
			end(s, gwen, post)
			undone := slices.DeleteFunc(s.sent(alice.base+"/inbox"), func(line string) bool { return !strings.HasPrefix(line, "Undo") })
			s.same("undone", undone, "Undo kormoran2026 Announce articles", "Undo kormoran2026 Announce activities")
			undone = slices.DeleteFunc(s.sent(old.base+"/inbox"), func(line string) bool { return !strings.HasPrefix(line, "Undo") })
			s.same("undone by the series", undone, "Undo kormoran Announce articles", "Undo kormoran Announce activities")
			for i, body := range s.strings("SELECT body FROM activities WHERE type = 'Undo' ORDER BY id") {
				if !strings.Contains(body, s.iris.Activity(announced[i])) {
					t.Errorf("Undo %d is of something else: %s", i, body)
				}
				if _, err := s.docs.Activity(s.ctx(), announced[i]); err == nil {
					t.Error("what was taken back can still be read")
				}
			}
			if n := s.count("reactions"); n != 0 {
				t.Errorf("%d reactions stand", n)
			}
			outbox, err := s.docs.Outbox(s.ctx(), "kormoran2026", true, 0)
			s.must(err)
			if !strings.Contains(string(outbox), `"totalItems":0`) {
				t.Errorf("the outbox keeps it: %s", outbox)
			}
		})
	}
}

func TestComingBackIsAnnouncedUnderNewIDs(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	c, other := s.conference("kormoran2026", ""), s.conference("fouloque", "")
	post := s.recap(gwen, "Day one", models.About{ConferenceID: c.ID})
	s.about(gwen, post, models.About{ConferenceID: other.ID})
	s.about(gwen, post, models.About{ConferenceID: c.ID})
	ids := s.strings("SELECT public_id FROM activities WHERE type = 'Announce'")
	if len(ids) != 6 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 6 {
		t.Errorf("%d Announces, want two for each of three times", len(ids))
	}
	if undone := s.count("activities WHERE type = 'Undo'"); undone != 4 {
		t.Errorf("%d Undos, want 4", undone)
	}
	// The same again changes nothing.
	before := s.dump()
	s.about(gwen, post, models.About{ConferenceID: c.ID})
	if s.dump() != before {
		t.Error("publishing the same again changed the database")
	}
}

func TestWhatIsAboutNothingThatIsThereIsRefused(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	c := s.conference("kormoran2026", "")
	for field, about := range map[string]models.About{"conference": {ConferenceID: 99}, "talk": {ConferenceID: c.ID, TalkID: 99}, "day": {ConferenceID: c.ID, Day: "2026-07-01"}} {
		_, err := s.outbox.Publish(s.ctx(), draft.Input{Account: gwen, ClientID: newClientID(), Text: text("A", "B"), About: &about}, time.Time{})
		if invalid, ok := err.(*models.InvalidError); !ok || invalid.Field != field {
			t.Errorf("%+v: %v", about, err)
		}
	}
}
