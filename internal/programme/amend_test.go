package programme

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// amended opens the form of a talk, lets change type into it, and sends it.
func (f *fixture) amended(c *models.Conference, by *models.Account, title string, change func(*Amendment)) error {
	f.t.Helper()
	t := f.talk(c, title)
	a := AmendmentOf(t, c.Location())
	seen := a.Seen()
	change(&a)
	return f.Amend(context.Background(), by, t.ID, a, seen)
}

// Whatever somebody puts right is theirs from then on; the rest is still the schedule's.
func TestWhatIsAmendedSurvivesTheNextSchedule(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	before := f.talk(c, "Schema Evolution")
	f.must(f.amended(c, gwen, "Schema Evolution", func(a *Amendment) {
		a.Title, a.Room, a.Start, a.End = "Schemas", "Hall", "2026-06-12T01:30", "2026-06-12T02:00"
		a.Abstract = "Put **right**."
		a.Speakers = []Speaker{{Name: "Ada Byron", Role: "Engineer", Affiliation: "Engines", Acct: "@ada@social.example"}, {}}
	}))
	for range 2 {
		done := f.apply(c, sample(t, "frab-schedule-v2.xml"))
		now := f.talk(c, "Schemas")
		if now.ID != before.ID || now.Room != "Hall" || now.Day != "2026-06-11" || now.StartsAt.In(c.Location()).Format(clockLayout) != "2026-06-12T01:30" || !strings.Contains(now.HTML, "<strong>right</strong>") {
			t.Errorf("it is %+v", now)
		}
		if len(now.Speakers) != 1 || now.Speakers[0].Person.Name != "Ada Byron" || now.Speakers[0].Person.Acct != "ada@social.example" || now.Speakers[0].Affiliation != "Engines" {
			t.Errorf("its speakers are %+v", now.Speakers)
		}
		if now.Language != before.Language || len(done.Kept) == 0 {
			t.Errorf("language %q, kept %v", now.Language, done.Kept)
		}
	}
	corrected, err := f.store.Talks.Corrections(context.Background(), before.ID)
	f.must(err)
	if want := []string{"abstract", "day", "ends_at", "room", "speakers", "starts_at", "title"}; !slices.Equal(corrected, want) {
		t.Errorf("corrected are %q, want %q", corrected, want)
	}
	f.must(f.Release(context.Background(), before.ID))
	f.apply(c, sample(t, "frab-schedule-v2.xml"))
	if now := f.talk(c, "Schema"); now.Room == "Hall" || now.Title == "Schemas" {
		t.Errorf("after the schedule decides again it is still %+v", now)
	}
}

// What was sent as it was shown corrects nothing, to the second.
func TestAFormSentAsItIsChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	before := f.dump(c)
	for _, talk := range f.talks(c) {
		a := AmendmentOf(talk, c.Location())
		if err := f.Amend(context.Background(), gwen, talk.ID, a, a.Seen()); err != nil {
			t.Errorf("%s: %v", talk.Title, err)
		}
	}
	corrected, err := f.store.Talks.Corrected(context.Background(), c.ID)
	f.must(err)
	if after := f.dump(c); after != before || len(corrected) != 0 {
		t.Errorf("corrected: %v; it was\n%s\nis\n%s", corrected, before, after)
	}
}

func TestWhoDidNotSeeAnImportDoesNotUndoIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	talk := f.talk(c, "CSI - The Long")
	a := AmendmentOf(talk, c.Location())
	seen := a.Seen()
	f.apply(c, sample(t, "frab-schedule-v2.xml"))
	a.Title = "Put right"
	if err := f.Amend(context.Background(), gwen, talk.ID, a, seen); !errors.Is(err, models.ErrConflict) {
		t.Errorf("an old form is answered with %v", err)
	}
}

// A meetup has no schedule; a conference's schedule lacks what was added on the day.
func TestTalksAddedAndTakenOutByHandAreLeftAloneByImports(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	added, err := f.AddTalk(context.Background(), gwen, c, models.NewPublicID(), Amendment{Title: "Hallway track", Kind: "bof", Start: "2026-06-11T18:00", End: "2026-06-11T19:00", Room: "Hall", Languages: "fr, English",
		Speakers: []Speaker{{Name: "Ada Byron"}, {Name: "Sam Wells", Moderator: true}}})
	f.must(err)
	if added.Slug != "hallway-track" || added.Language != "fr,en" || added.Day != "2026-06-11" {
		t.Errorf("it is %+v", added)
	}
	gone := f.talk(c, "CSI - The Long")
	f.must(f.Withdraw(context.Background(), gwen, gone.ID, true))
	for _, name := range []string{"frab-schedule-v1.xml", "frab-schedule-v2.xml", "frab-schedule-v2.xml"} {
		words := inWords(f.apply(c, sample(t, name)))
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, "Hallway") || strings.Contains(w, "CSI") }) {
			t.Errorf("%s: it says %q", name, words)
		}
		now := f.talk(c, "Hallway track")
		if now.State != models.TalkScheduled || len(now.Speakers) != 2 || !now.Speakers[1].Moderator {
			t.Errorf("%s: what was added is %+v", name, now)
		}
		if now := f.talk(c, "CSI - The Long"); now.State != models.TalkRemoved {
			t.Errorf("%s: what was taken out is %s", name, now.State)
		}
	}
	f.must(f.Withdraw(context.Background(), gwen, gone.ID, false))
	if now := f.talk(c, "CSI - The Long"); now.State != models.TalkScheduled {
		t.Errorf("what was put back is %s", now.State)
	}
}

func TestWhatCannotBeTakenOfATalkIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	tests := []struct {
		name   string
		change func(*Amendment)
		field  string
		reason models.Reason
	}{
		{"no title", func(a *Amendment) { a.Title = " \t" }, "title", models.Required},
		{"an endless title", func(a *Amendment) { a.Title = strings.Repeat("x", schedule.MaxLine+1) }, "title", models.TooLong},
		{"no kind", func(a *Amendment) { a.Kind = "party" }, "kind", models.Unusable},
		{"no time", func(a *Amendment) { a.Start = "tomorrow" }, "start", models.BadTime},
		{"an end before its start", func(a *Amendment) { a.End = "2026-06-10T09:00" }, "end", models.BadTimes},
		{"a day and more", func(a *Amendment) { a.End = "2026-06-13T09:00" }, "end", models.BadTimes},
		{"an endless role", func(a *Amendment) {
			a.Speakers = []Speaker{{Name: "Ada", Role: strings.Repeat("x", schedule.MaxLine+1)}}
		}, "speaker-0-role", models.TooLong},
		{"another century", func(a *Amendment) { a.Start, a.End = "2062-06-11T09:00", "2062-06-11T10:00" }, "start", models.BadTime},
		{"no language", func(a *Amendment) { a.Languages = "en, klngn" }, "languages", models.BadLanguage},
		{"no web address", func(a *Amendment) { a.URL = "javascript:alert(1)" }, "url", models.BadURL},
		{"an endless text", func(a *Amendment) { a.Abstract = strings.Repeat("x", schedule.MaxText+1) }, "abstract", models.TooLong},
		{"no address on the fediverse", func(a *Amendment) { a.Speakers = []Speaker{{}, {Name: "Ada", Acct: "ada"}} }, "speaker-1-acct", models.BadAcct},
		{"two addresses", func(a *Amendment) { a.Speakers = []Speaker{{Name: "Ada", Acct: "a@x.example @b@x.example"}} }, "speaker-0-acct", models.BadAcct},
		{"an endless name", func(a *Amendment) { a.Speakers = []Speaker{{Name: strings.Repeat("x", schedule.MaxLine+1)}} }, "speaker-0-name", models.TooLong},
		{"somebody twice", func(a *Amendment) { a.Speakers = []Speaker{{Name: "Ada"}, {Name: "ada"}} }, "speakers", models.Repeated},
		{"a crowd", func(a *Amendment) {
			a.Speakers = nil
			for i := range schedule.MaxSpeakers + 1 {
				a.Speakers = append(a.Speakers, Speaker{Name: strings.Repeat("x", i+1)})
			}
		}, "speakers", models.TooMany},
	}
	before := f.dump(c)
	for _, tt := range tests {
		err := f.amended(c, gwen, "Schema Evolution", tt.change)
		var invalid *models.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Reason != tt.reason {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if after := f.dump(c); after != before {
		t.Error("something of it was stored")
	}
}

// A name that is put right stays right, is the same person everywhere, and is found again.
func TestANameIsPutRight(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	before := f.talk(c, "CSI - The Long").Speakers[0]
	f.must(f.amended(c, gwen, "CSI - The Long", func(a *Amendment) { a.Speakers[0].Name = "Tadhg O’Byrne" }))
	for _, name := range []string{"frab-schedule-v1.xml", "frab-schedule-v2.xml", "frab-schedule-v1.xml"} {
		f.apply(c, sample(t, name))
		for _, title := range []string{"CSI - The Long", "Dix ans"} {
			speakers := f.talk(c, title).Speakers
			if !slices.ContainsFunc(speakers, func(a models.Appearance) bool {
				return a.PersonID == before.PersonID && a.Person.Name == "Tadhg O’Byrne"
			}) {
				t.Errorf("after %s the speakers of %s are %+v", name, title, speakers)
			}
		}
	}
	people, err := f.store.People.Of(context.Background(), c.ID)
	f.must(err)
	for _, p := range people {
		if p.Name == "Tadhg O'Bryne" {
			t.Errorf("the old name is somebody: %+v", p)
		}
	}
}

// What was taken out stays out, whatever else is said of it.
func TestWhatIsOutIsNotCancelled(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	f.apply(c, sample(t, "frab-schedule-v1.xml"))
	f.must(f.Withdraw(context.Background(), gwen, f.talk(c, "CSI - The Long").ID, true))
	f.must(f.amended(c, gwen, "CSI - The Long", func(a *Amendment) { a.Cancelled = true }))
	if now := f.talk(c, "CSI - The Long"); now.State != models.TalkRemoved {
		t.Errorf("it is %s", now.State)
	}
}

// A form that didn't show somebody's wishes takes none of them back.
func TestWhoJoinsATalkKeepsTheirWishes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, gwen := f.kormoran(), f.account("gwen", models.RoleAuthor)
	add := func(title string, sp Speaker) {
		_, err := f.AddTalk(context.Background(), gwen, c, models.NewPublicID(), Amendment{Title: title, Kind: "talk", Start: "2026-06-11T18:00", End: "2026-06-11T19:00", Speakers: []Speaker{sp}})
		f.must(err)
	}
	add("Tides", Speaker{Name: "Ada", Acct: "ada@social.example", OptedOut: true, DoNotName: true})
	add("Boats", Speaker{Name: "ada"})
	if p := f.talk(c, "Boats").Speakers[0].Person; !p.OptedOut || !p.DoNotName || p.Acct != "ada@social.example" {
		t.Errorf("added to another talk she is %+v", p)
	}
	f.must(f.amended(c, gwen, "Boats", func(a *Amendment) { a.Speakers[0].DoNotName = false }))
	if p := f.talk(c, "Tides").Speakers[0].Person; !p.OptedOut || p.DoNotName {
		t.Errorf("put right where it is shown she is %+v", p)
	}
}

// A schedule that has a speaker's page on the fediverse says where they can be mentioned.
func TestASpeakersPageSaysTheirAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://social.example/@maelle": "maelle@social.example", "https://Social.example/@maelle/": "maelle@social.example",
		"https://social.example/@maelle/1": "", "https://maelle.example/": "", "http://social.example/@maelle": "", "https://social.example/@": "",
		"https://social.example/@maelle?x=1": "", "": "", "https://social.example/@a b": "",
	} {
		if got := acctAt(address); got != want {
			t.Errorf("at %s is %q, want %q", address, got, want)
		}
	}
}

// Half past two happens twice when summer time ends: a form that isn't touched keeps the one
// that it was.
func TestATimeThatHappensTwiceStays(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	gwen := f.account("gwen", models.RoleAuthor)
	c, err := f.Add(context.Background(), New{Handle: "late", Name: "Late", Zone: "Europe/Paris", StartsOn: "2026-10-24"})
	f.must(err)
	added, err := f.AddTalk(context.Background(), gwen, c, models.NewPublicID(), Amendment{Title: "Night", Kind: "talk", Start: "2026-10-25T02:30", End: "2026-10-25T02:45"})
	f.must(err)
	if added.Day != "2026-10-24" {
		t.Errorf("it is on %s", added.Day)
	}
	second := added.StartsAt.Add(time.Hour)
	f.inTx(func(ctx context.Context, tx *models.Store) error {
		added.StartsAt, added.EndsAt = second, second.Add(15*time.Minute)
		return tx.Talks.Save(ctx, added)
	})
	f.must(f.amended(c, gwen, "Night", func(a *Amendment) { a.Title = "Night owls" }))
	if now := f.talk(c, "Night owls"); !now.StartsAt.Equal(second) {
		t.Errorf("it begins at %s, want %s", now.StartsAt, second)
	}
}
