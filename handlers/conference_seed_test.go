package handlers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confnotes/internal/richtext"
	"confnotes/internal/schedule"
	"confnotes/models"
)

// event is a conference with its talks, by their titles.
type seeded struct {
	*models.Conference
	app    *app
	talks  map[string]*models.Talk
	people map[string]*models.Person
}

// conference stores one without a programme.
func (a *app) conference(handle, zone, first, last string) *seeded {
	a.t.Helper()
	keys, err := testKeys()
	fatal(a.t, err)
	actor := &models.Actor{Kind: "Group", Handle: handle, Name: "Kormoran Conf 2026", CreatedAt: noon}
	c := &models.Conference{Actor: actor, StartsOn: first, EndsOn: last, Zone: zone, City: "Port-Kerval", URL: "https://kormoran.example", Hashtag: "Kormoran2026",
		Announces: models.AnnounceEverything, Coverage: models.CoverageHeld, CreatedAt: noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Actors.CreateLocal(ctx, actor, keys...); err != nil {
			return err
		}
		c.ActorID = actor.ID
		return tx.Conferences.Create(ctx, c)
	})
	return &seeded{c, a, map[string]*models.Talk{}, map[string]*models.Person{}}
}

// kormoran is the sample conference, with its programme.
func (a *app) kormoran() *seeded {
	c := a.conference("kormoran2026", "Europe/Paris", "2026-06-11", "2026-06-12")
	data, err := os.ReadFile(filepath.Join("..", "internal", "schedule", "testdata", "frab-schedule-v1.xml"))
	fatal(a.t, err)
	read, err := schedule.Read(data, schedule.Options{})
	fatal(a.t, err)
	c.add(read.Talks...)
	return c
}

// add puts talks into the programme, each with its speakers and its links.
func (c *seeded) add(talks ...schedule.Talk) {
	c.app.t.Helper()
	c.app.inTx(func(ctx context.Context, tx *models.Store) error {
		for _, in := range talks {
			if err := c.addOne(ctx, tx, in); err != nil {
				return fmt.Errorf("%s: %w", in.Title, err)
			}
		}
		return nil
	})
}

func (c *seeded) addOne(ctx context.Context, tx *models.Store, in schedule.Talk) error {
	n := len(c.talks)
	t := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, Slug: fmt.Sprintf("talk-%d", n), Title: in.Title, Subtitle: in.Subtitle, Kind: string(in.Kind),
		StartsAt: in.Start.UTC(), EndsAt: in.End.UTC(), Day: in.Date, Room: in.Room, Track: in.Track, Language: strings.Join(in.Languages, ","), URL: in.URL,
		Abstract: in.Abstract, HTML: richtext.Render(in.Abstract+"\n\n"+in.Description, richtext.Options{}).HTML, State: models.TalkScheduled,
		DoNotRecord: in.DoNotRecord, DoNotStream: in.DoNotStream, CreatedAt: noon, ChangedAt: noon}
	if err := tx.Talks.Create(ctx, t, nil); err != nil {
		return err
	}
	if c.talks[t.Title] == nil {
		c.talks[t.Title] = t
	}
	var line []models.Appearance
	for _, s := range in.Speakers {
		p := c.people[s.Name]
		if p == nil {
			p = &models.Person{ConferenceID: c.ID, Slug: fmt.Sprintf("speaker-%d", len(c.people)), Name: s.Name, URL: s.URL}
			if err := tx.People.Create(ctx, p); err != nil {
				return err
			}
			c.people[s.Name] = p
		}
		line = append(line, models.Appearance{PersonID: p.ID, Role: s.Role, Affiliation: s.Affiliation, Moderator: s.Moderator})
	}
	for _, l := range in.Links {
		if err := tx.Talks.AddResource(ctx, &models.Resource{TalkID: t.ID, Type: string(l.Type), URL: l.URL, Title: l.Title, CreatedAt: noon}); err != nil {
			return err
		}
	}
	return tx.Talks.SetSpeakers(ctx, t.ID, line)
}

// change saves a talk after f.
func (c *seeded) change(title string, f func(*models.Talk)) *models.Talk {
	c.app.t.Helper()
	t := c.talks[title]
	if t == nil {
		c.app.t.Fatalf("no talk %q", title)
	}
	f(t)
	c.app.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Talks.Save(ctx, t) })
	return t
}

// note publishes a person's note on a talk.
func (c *seeded) note(by *person, title string, t *models.Talk, takeaway string) *models.Post {
	return c.about(by, title, func(p *models.Post) { p.TalkID, p.Takeaway = &t.ID, takeaway })
}

// recap publishes a person's recap of a day.
func (c *seeded) recap(by *person, title, day string) *models.Post {
	return c.about(by, title, func(p *models.Post) { p.Day = day })
}

func (c *seeded) about(by *person, title string, f func(*models.Post)) *models.Post {
	c.app.t.Helper()
	p := by.article(title)
	p.ConferenceID = &c.ID
	f(p)
	c.app.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Posts.Save(ctx, p) })
	return p
}

// at sets the clock.
func (a *app) at(t time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = t
}

// in is a time of day in the conference's zone.
func (c *seeded) in(t testing.TB, clock string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, c.Location())
	fatal(t, err)
	return at
}
