package e2e

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"confnotes/activitypub/signature"
	"confnotes/internal/richtext"
	"confnotes/internal/schedule"
	"confnotes/models"
)

// conferencePages are where what hold puts into the database is seen.
type conferencePages struct {
	whole, empty, day, talk, long, covered, speaker, links string // paths
}

// hold puts a conference with the sample programme into the database, and one that has
// none; gwen's recap is of its first day, and her short article a note on a talk.
func (v *venue) hold(t testing.TB) {
	data, err := os.ReadFile(filepath.Join("..", "internal", "schedule", "testdata", "frab-schedule-v1.xml"))
	if err != nil {
		t.Fatal(err)
	}
	programme, err := schedule.Read(data, schedule.Options{})
	if err != nil {
		t.Fatal(err)
	}
	programme.Talks[3].Title = strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitänspatent ", 5)
	v.event = conferencePages{whole: "/conferences/kormoran2026", empty: "/conferences/hiver", day: "/conferences/kormoran2026/2026-06-11"}
	c := v.conference(t, "kormoran2026", "Kormoran Conf 2026", "2026-06-11", "2026-06-12")
	v.conference(t, "hiver", "Kormoran d’hiver 2027", "2027-12-31", "2028-01-02")
	people := map[string]*models.Person{}
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		for i, in := range programme.Talks {
			talk, err := v.stage(ctx, tx, c, i, in, people)
			if err != nil {
				return err
			}
			switch i {
			case 1:
				v.event.talk, v.event.links = v.event.whole+"/talks/"+talk.Slug, "/talk-links/"+talk.PublicID
				if err := v.write(ctx, tx, c, talk); err != nil {
					return err
				}
			case 2:
				v.event.covered = v.event.whole + "/talks/" + talk.Slug
				if err := v.noted(ctx, tx, c, talk); err != nil {
					return err
				}
			case 3:
				v.event.long = v.event.whole + "/talks/" + talk.Slug
			}
		}
		return nil
	})
	v.event.speaker = v.event.whole + "/speakers/" + people[programme.Talks[1].Speakers[0].Name].Slug
}

func (v *venue) conference(t testing.TB, handle, name, first, last string) *models.Conference {
	t.Helper()
	key, err := signature.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	private, err := signature.EncodePrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := signature.EncodePublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	actor := &models.Actor{Kind: "Group", Handle: handle, Name: name, CreatedAt: evening}
	c := &models.Conference{Actor: actor, StartsOn: first, EndsOn: last, Zone: "Europe/Paris", City: "Port-Kerval", URL: "https://kormoran.example", Hashtag: "Kormoran2026",
		Announces: models.AnnounceEverything, Coverage: models.CoverageHeld, CreatedAt: evening}
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		if err := tx.Actors.CreateLocal(ctx, actor, &models.ActorKey{Algorithm: "rsa", PublicPEM: public, PrivatePEM: private}); err != nil {
			return err
		}
		c.ActorID = actor.ID
		return tx.Conferences.Create(ctx, c)
	})
	return c
}

// stage adds a talk with its speakers.
func (v *venue) stage(ctx context.Context, tx *models.Store, c *models.Conference, n int, in schedule.Talk, people map[string]*models.Person) (*models.Talk, error) {
	talk := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, Slug: "talk-" + strconv.Itoa(n), Title: in.Title, Kind: string(in.Kind), StartsAt: in.Start, EndsAt: in.End,
		Day: in.Date, Room: in.Room, Track: in.Track, Language: strings.Join(in.Languages, ","), URL: in.URL, HTML: richtext.Render(in.Abstract, richtext.Options{}).HTML,
		State: models.TalkScheduled, DoNotRecord: n == 1, CreatedAt: evening, ChangedAt: evening}
	if n == 4 {
		talk.State = models.TalkCancelled
	}
	if err := tx.Talks.Create(ctx, talk, nil); err != nil {
		return nil, err
	}
	var line []models.Appearance
	for _, s := range in.Speakers {
		if people[s.Name] == nil {
			people[s.Name] = &models.Person{ConferenceID: c.ID, Slug: "speaker-" + strconv.Itoa(len(people)), Name: s.Name, URL: "https://people.example/" + strconv.Itoa(len(people))}
			if n == 1 && len(line) == 0 {
				people[s.Name].Acct = speakerAcct
			}
			if err := tx.People.Create(ctx, people[s.Name]); err != nil {
				return nil, err
			}
		}
		line = append(line, models.Appearance{PersonID: people[s.Name].ID, Role: "CTO", Affiliation: "Ateliers Brume"})
	}
	return talk, tx.Talks.SetSpeakers(ctx, talk.ID, line)
}

// speakerAcct is who gave the first talk, on another server.
const speakerAcct = "ewen@tides.example"

// write gives a talk a note and slides, and the conference's first day a recap that shows
// the note; the author looks after the conference.
func (v *venue) write(ctx context.Context, tx *models.Store, c *models.Conference, talk *models.Talk) error {
	for where, f := range map[string]func(*models.Post){v.recap: func(p *models.Post) { p.Day = "2026-06-11" }, v.plain: func(p *models.Post) {
		p.TalkID, p.Takeaway = &talk.ID, v.words("You size for the spring tide.", "On dimensionne pour la marée de vives-eaux.")
	}} {
		handle, slug, _ := strings.Cut(strings.TrimPrefix(where, "/@"), "/")
		post, err := tx.Posts.ByPath(ctx, handle, slug)
		if err != nil {
			return err
		}
		post.ConferenceID = &c.ID
		f(post)
		if err := tx.Posts.Save(ctx, post); err != nil {
			return err
		}
	}
	recap, err := tx.Posts.ByPath(ctx, author, path.Base(v.recap))
	if err != nil {
		return err
	}
	note, err := tx.Posts.ByPath(ctx, author, path.Base(v.plain))
	if err != nil {
		return err
	}
	if err := tx.Posts.SetRecapNotes(ctx, recap.ID, []models.RecapNote{{NoteID: note.ID, RevisionID: *note.PublishedRevisionID}}); err != nil {
		return err
	}
	account, err := tx.Accounts.ByHandle(ctx, author)
	if err != nil {
		return err
	}
	if err := tx.Conferences.SetManager(ctx, c.ActorID, account.ID, models.ManagerEditor); err != nil {
		return err
	}
	return tx.Talks.AddResource(ctx, &models.Resource{TalkID: talk.ID, Type: "slides", URL: "https://slides.example/tides.pdf", Title: v.words("The slides", "Les diapos"), AccountID: &account.ID, CreatedAt: evening})
}
