package programme

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

var samples = []string{"edge.ics", "frab-schedule-v1.xml", "frab-schedule-v2.xml", "frab-schedule.json", "pentabarf-old.xml", "pretalx-schedule.ics", "sched-all.ics", "sessionize-all.json", "sessionize-gridsmart.json"}

func TestEverySampleImportsAndAgainChangesNothing(t *testing.T) {
	t.Parallel()
	for _, name := range samples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			c := f.kormoran()
			read := f.read(c, sample(t, name))
			done := f.applySchedule(c, read)
			if len(done.Added) != len(read.Talks) || len(f.talks(c)) != len(read.Talks) || len(inWords(done)) != len(read.Talks) {
				t.Errorf("of %d talks, %d were added, %d are stored: %q", len(read.Talks), len(done.Added), len(f.talks(c)), inWords(done))
			}
			before := f.dump(c)
			f.wait(time.Hour)
			again := f.apply(c, sample(t, name))
			if words := inWords(again); len(words) > 0 || !again.Empty() || again.Unchanged != len(read.Talks) {
				t.Errorf("again: %q, %d unchanged", words, again.Unchanged)
			}
			if after := f.dump(c); after != before {
				t.Errorf("the same file again changed what is stored:\n%s\n→\n%s", before, after)
			}
		})
	}
}

func TestASecondVersionChangesWhatItSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.kormoran()
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	slug := f.talk(c, "Schema Evolution").Slug
	want := []string{
		"added Ajout de dernière minute : postmortem du wifi",
		"removed Lightning: DNS Is Fine, Actually",
		"moved CSI - The Long Way Round: start, end, room",
		"renamed Schema Evolution Is (Still) a People Problem: title",
		"changed Dix ans de marées : ce que l'infrastructure nous a appris: links",
		"changed Zero-Downtime Postgres Upgrades – For Real This Time: links",
		"changed Accessibilité : auditer en une heure: speakers",
	}
	done := f.apply(c, sample(t, "frab-schedule-v2.xml"))
	if got := inWords(done); !slices.Equal(got, want) || done.Unchanged != 17 {
		t.Errorf("%d unchanged, got  %q\nwant %q", done.Unchanged, got, want)
	}
	if t2 := f.talk(c, "(Still)"); t2.Slug != slug {
		t.Errorf("a renamed talk moved from %s to %s", slug, t2.Slug)
	}
	if dns := f.talk(c, "DNS Is Fine"); dns.State != models.TalkRemoved {
		t.Errorf("what vanished is %s", dns.State)
	}
	if n := len(f.talk(c, "auditer en une heure").Speakers); n != 2 {
		t.Errorf("%d speakers, want the new one too", n)
	}
	slides, err := f.store.Talks.Resources(context.Background(), f.talk(c, "Dix ans").ID)
	if f.must(err); len(slides[f.talk(c, "Dix ans").ID]) != 1 {
		t.Errorf("the slides: %+v", slides)
	}
}

func TestOtherFormatsOfTheSameConferenceFindEveryTalk(t *testing.T) {
	t.Parallel()
	for first, others := range map[string][]string{
		"frab-schedule-v1.xml":      {"frab-schedule.json", "pretalx-schedule.ics", "frab-schedule-v1.xml"},
		"sessionize-all.json":       {"sessionize-gridsmart.json", "sessionize-all.json"},
		"sessionize-gridsmart.json": {"sessionize-all.json", "sessionize-gridsmart.json"},
	} {
		f := newFixture(t)
		c := f.kormoran()
		f.apply(c, sample(t, first))
		people, err := f.store.People.Of(context.Background(), c.ID)
		f.must(err)
		for _, name := range others {
			if done := f.apply(c, sample(t, name)); len(done.Added)+len(done.Removed)+len(done.Moved)+len(done.Renamed) > 0 {
				t.Errorf("%s after %s: %q", name, first, inWords(done))
			}
		}
		now, err := f.store.People.Of(context.Background(), c.ID)
		if f.must(err); len(now) != len(people) {
			t.Errorf("%v after %s make %d people of %d", others, first, len(now), len(people))
		}
	}
}

func TestWhatWasPutRightByHandSurvives(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	schema, csi, access := f.talk(c, "Schema Evolution"), f.talk(c, "CSI - The Long"), f.talk(c, "auditer en une heure")
	f.inTx(func(ctx context.Context, tx *models.Store) error {
		schema.Title, csi.Room, csi.StartsAt = "Schemas", "Hall", csi.StartsAt.Add(-time.Hour)
		return errors.Join(tx.Talks.Save(ctx, schema), tx.Talks.Save(ctx, csi), tx.Talks.SetSpeakers(ctx, access.ID, nil),
			tx.Talks.Correct(ctx, schema.ID, []string{"title"}, &gwen.ID, noon), tx.Talks.Correct(ctx, csi.ID, []string{"room"}, &gwen.ID, noon),
			tx.Talks.Correct(ctx, csi.ID, []string{"starts_at"}, &gwen.ID, noon), tx.Talks.Correct(ctx, access.ID, []string{"speakers"}, &gwen.ID, noon))
	})
	done := f.apply(c, sample(t, "frab-schedule-v2.xml"))
	if f.talk(c, "Schemas").ID != schema.ID || len(f.talk(c, "auditer en une heure").Speakers) != 0 {
		t.Errorf("the title or the speakers are the schedule's again")
	}
	now := f.talk(c, "CSI - The Long")
	if now.Room != "Hall" || !now.StartsAt.Equal(csi.StartsAt) || now.EndsAt.Equal(csi.EndsAt) || now.EndsAt.Before(now.StartsAt) {
		t.Errorf("room %s, %s to %s", now.Room, now.StartsAt, now.EndsAt)
	}
	if len(done.Renamed) != 0 || len(done.Kept) != 3 {
		t.Errorf("it says %q and keeps %v", inWords(done), done.Kept)
	}
}

func TestWhatVanishesKeepsItsPlaceAndComesBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.kormoran()
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	dns := f.talk(c, "DNS Is Fine")
	f.apply(c, sample(t, "frab-schedule-v2.xml"))
	if again := f.apply(c, sample(t, "frab-schedule-v2.xml")); !again.Empty() {
		t.Errorf("what is removed was removed again: %q", inWords(again))
	}
	done := f.apply(c, sample(t, "frab-schedule-v1.xml"))
	if words := inWords(done); !slices.Contains(words, "added "+dns.Title) {
		t.Errorf("it comes back as %q", words)
	}
	if now := f.talk(c, "DNS Is Fine"); now.State != models.TalkScheduled || now.ID != dns.ID || now.Slug != dns.Slug || now.PublicID != dns.PublicID {
		t.Errorf("what came back is %+v, it was %+v", now, dns)
	}
}

func TestWhatAttendeesAddedStaysTheirs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	talk := f.talk(c, "Dix ans")
	second := f.read(c, sample(t, "frab-schedule-v2.xml"))
	slides := second.Talks[slices.IndexFunc(second.Talks, func(t schedule.Talk) bool { return t.Title == talk.Title })].Links[0].URL
	f.inTx(func(ctx context.Context, tx *models.Store) error {
		return errors.Join(tx.Talks.AddResource(ctx, &models.Resource{TalkID: talk.ID, Type: "video", URL: "https://video.example/1", AccountID: &gwen.ID, CreatedAt: noon}),
			tx.Talks.AddResource(ctx, &models.Resource{TalkID: talk.ID, Type: "slides", URL: slides, Title: "by gwen", AccountID: &gwen.ID, CreatedAt: noon}))
	})
	for range 2 {
		done := f.applySchedule(c, second)
		if slices.ContainsFunc(done.Changed, func(c schedule.Change) bool { return c.New.Title == talk.Title }) {
			t.Errorf("links that an attendee added already are a change: %q", inWords(done))
		}
	}
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	got, err := f.store.Talks.Resources(context.Background(), talk.ID)
	if f.must(err); len(got[talk.ID]) != 2 || got[talk.ID][1].Title != "by gwen" {
		t.Errorf("%+v", got[talk.ID])
	}
}

func TestAPlanThatIsAppliedLateIsMadeAnew(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	c := f.kormoran()
	plan, err := f.Preview(ctx, c, f.read(c, sample(t, "frab-schedule-v1.xml")))
	f.must(err)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	done, err := f.Apply(ctx, plan, Source{Hash: "x"}, nil)
	if f.must(err); !done.Empty() || len(f.talks(c)) != 23 {
		t.Errorf("%q, and %d talks", inWords(done), len(f.talks(c)))
	}
}

func TestPeopleAreFoundByGUIDThenByName(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.kormoran()
	at := func(n int, speakers ...schedule.Speaker) schedule.Talk {
		start := time.Date(2026, 6, 11, 8+n, 0, 0, 0, time.UTC)
		return schedule.Talk{GUID: string(rune('a' + n)), Title: "A talk", Kind: "talk", Start: start, End: start.Add(time.Hour), Date: "2026-06-11", Speakers: speakers}
	}
	say := func(talks ...schedule.Talk) *schedule.Schedule {
		return &schedule.Schedule{Format: schedule.FrabXML, Zone: "Europe/Paris", Start: "2026-06-11", End: "2026-06-11", Talks: talks}
	}
	f.applySchedule(c, say(at(0, schedule.Speaker{Name: "Awa Ndiaye", GUID: "1", Role: "CTO"}), at(1, schedule.Speaker{Name: "awa ndiaye", Affiliation: "Kormoran"}),
		at(2, schedule.Speaker{Name: "Sam Wells", GUID: "2"}), at(3, schedule.Speaker{Name: "Sam Wells", GUID: "3"}, schedule.Speaker{Name: "Sam Wells", GUID: "3"})))
	talks := f.talks(c)
	people, err := f.store.People.Of(context.Background(), c.ID)
	f.must(err)
	if len(people) != 3 || talks[0].Speakers[0].PersonID != talks[1].Speakers[0].PersonID || talks[2].Speakers[0].PersonID == talks[3].Speakers[0].PersonID || len(talks[3].Speakers) != 1 {
		t.Fatalf("%d people", len(people))
	}
	if a, b := talks[0].Speakers[0], talks[1].Speakers[0]; a.Role != "CTO" || a.Affiliation != "" || b.Role != "" || b.Affiliation != "Kormoran" {
		t.Errorf("role and company are not the talk's: %+v, %+v", a, b)
	}
	awa := *talks[0].Speakers[0].Person
	f.inTx(func(ctx context.Context, tx *models.Store) error {
		awa.Acct, awa.DoNotName = "awa@social.example", true
		return tx.People.Save(ctx, &awa)
	})
	done := f.applySchedule(c, say(at(0, schedule.Speaker{Name: "Awa N. Ndiaye", GUID: "1"}), at(1), at(2, schedule.Speaker{Name: "Sam Wells", GUID: "2"}), at(3, schedule.Speaker{Name: "Sam Wells", GUID: "3"})))
	now := f.talks(c)[0].Speakers[0].Person
	if now.ID != awa.ID || now.Name != "Awa N. Ndiaye" || now.Slug != awa.Slug || now.Acct != awa.Acct || !now.DoNotName || len(done.Changed) != 2 {
		t.Errorf("a new name made %+v of %+v; %q", now, awa, inWords(done))
	}
}

func TestAConferenceGetsAsLongAsItsScheduleButNotTheNextOne(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	c, err := f.Add(ctx, New{Handle: "kk", Name: "K", Zone: "Europe/Paris", StartsOn: "2026-06-12"})
	f.must(err)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	if c, err = f.store.Conferences.ByID(ctx, c.ID); err != nil || c.StartsOn != "2026-06-11" || c.EndsOn != "2026-06-12" {
		t.Errorf("%+v, %v", c, err)
	}
	other, err := f.Add(ctx, New{Handle: "last_year", Name: "K", Zone: "Europe/Paris", StartsOn: "2025-06-12"})
	f.must(err)
	_, err = f.Preview(ctx, other, f.read(other, sample(t, "frab-schedule-v1.xml")))
	if dates, ok := errors.AsType[*DatesError](err); !ok || dates.StartsOn != "2025-06-12" {
		t.Errorf("this year's schedule for last year's conference: %v", err)
	}
}

// Whoever waits for a large import hears how far it is, up to the end.
func TestAnImportSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.kormoran()
	from := f.read(c, sample(t, "frab-schedule-v1.xml"))
	plan, err := f.Preview(context.Background(), c, from)
	f.must(err)
	var heard []int
	_, err = f.Apply(context.Background(), plan, Source{Hash: "x"}, func(done, total int) {
		if total != len(from.Talks) {
			t.Errorf("of %d, want %d", total, len(from.Talks))
		}
		heard = append(heard, done)
	})
	f.must(err)
	if len(heard) != len(from.Talks) || heard[0] != 1 || heard[len(heard)-1] != len(from.Talks) {
		t.Errorf("heard %v", heard)
	}
}
