package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/internal/programme"
	"confnotes/models"
)

// stand is a conference with everything that the table of docs/WHOMAY.md speaks of, new
// for each attempt.
type stand struct {
	*app
	people  map[string]*person // without the visitor
	conf    *models.Conference
	talk    *models.Talk
	article *models.Post // the author's
	waits   *models.Post
	shown   *models.Post // and boosted
}

func newStand(t testing.TB) *stand {
	a := newTestApp(t)
	s := &stand{app: a, people: map[string]*person{"owner": a.person("boss", models.RoleAuthor), "editor": a.person("edit", models.RoleAuthor), "author": a.person("gwen", models.RoleAuthor)}}
	s.talk = a.withTalk("kormoran2026", s.people["owner"])
	var err error
	s.conf, err = a.server.Store.Conferences.ByID(t.Context(), s.talk.ConferenceID)
	fatal(t, err)
	fatal(t, a.server.Store.InTx(t.Context(), func(tx *models.Store) error {
		return tx.Conferences.SetManager(t.Context(), s.conf.ActorID, s.people["editor"].ID, models.ManagerEditor)
	}))
	s.article, err = s.publish(s.people["author"], nil, models.About{ConferenceID: s.conf.ID})
	fatal(t, err)
	far := a.stranger("far", "far.example")
	s.waits, s.shown = a.cover(far, s.conf.ID, "<p>Waits</p>"), a.cover(far, s.conf.ID, "<p>Shown</p>")
	boss := s.people["owner"].Account
	fatal(t, a.server.Outbox.DecideCoverage(t.Context(), boss, s.conf, 0, []int64{s.shown.ID}, models.CoverageShown))
	fatal(t, a.server.Outbox.BoostCoverage(t.Context(), boss, s.conf, []int64{s.shown.ID}, true))
	return s
}

// publish publishes an article about something, over another one if there is one.
func (s *stand) publish(by *person, over *models.Post, about models.About) (*models.Post, error) {
	in := draft.Input{Account: by.Account, ClientID: models.NewPublicID(), About: &about, Text: models.RevisionText{Language: "en", Title: "Day one", Source: "Words."}}
	if over != nil {
		in.PostID, in.Base = over.ID, over.LockVersion
	}
	done, err := s.server.Outbox.Publish(s.t.Context(), in, time.Time{})
	if err != nil {
		return nil, err
	}
	return done.Post, nil
}

func (s *stand) browser(who string) *browser {
	if p := s.people[who]; p != nil {
		return p.browser
	}
	return s.nobody()
}

// decides sends the form of the page of coverage, and says what it changed.
func decides(action string, post func(*stand) *models.Post, changed func(*stand) bool) func(*stand, string) bool {
	return func(s *stand, who string) bool {
		s.browser(who).post("/coverage/kormoran2026", url.Values{"action": {action}, "post": {id(post(s))}}, "Accept", firefox)
		return changed(s)
	}
}

func (s *stand) state(p *models.Post) string {
	rows, err := s.server.Store.Coverage.Of(s.t.Context(), p.ID)
	fatal(s.t, err)
	return rows[0].State
}

func (s *stand) boosted(p *models.Post) bool {
	rows, err := s.server.Store.Reactions.ByGroups(s.t.Context(), p.ID)
	fatal(s.t, err)
	return len(rows) > 0
}

func theWaiting(s *stand) *models.Post { return s.waits }
func theShown(s *stand) *models.Post   { return s.shown }

// chooses sends the form of the conference with something chosen, and says what it changed.
func chooses(field, value string, chosen func(*models.Conference) string) func(*stand, string) bool {
	return func(s *stand, who string) bool {
		return chosen(s.says(who, field, value)) == value
	}
}

// says sends the form of the conference with something else said, and returns it.
func (s *stand) says(who, field, value string) *models.Conference {
	form := url.Values{"action": {"save"}, "name": {"Kormoran"}, "zone": {"Europe/Paris"}, "start": {s.conf.StartsOn}, "end": {s.conf.EndsOn}}
	form.Set(field, value)
	s.browser(who).post("/conferences/kormoran2026/edit", form, "Accept", firefox)
	got, err := s.server.Store.Conferences.ByID(s.t.Context(), s.conf.ID)
	fatal(s.t, err)
	return got
}

// digest stores one of the conference's, as the evening does.
func (s *stand) digest() *models.Post {
	p := s.people["author"].article("The evening’s recaps")
	p.AccountID, p.ActorID, p.ClientID = nil, s.conf.ActorID, nil
	s.inTx(func(ctx context.Context, tx *models.Store) error {
		return errors.Join(tx.Posts.Save(ctx, p), tx.Posts.TakePath(ctx, "kormoran2026", p.Slug, p.ID))
	})
	return p
}

// amends sends the form of the talk with something changed, and says whether it was.
func (s *stand) amends(who string, change func(*programme.Amendment), changed func(*models.Talk) bool) bool {
	a := programme.AmendmentOf(s.talkNow(), s.conf.Location())
	form := url.Values{"action": {"save"}, "seen": {a.Seen()}}
	change(&a)
	for name, value := range map[string]string{"title": a.Title, "kind": a.Kind, "start": a.Start, "end": a.End, "room": a.Room} {
		form.Set(name, value)
	}
	for n, sp := range a.Speakers {
		form.Set(programme.SpeakerField(n, "name"), sp.Name)
		form.Set(programme.SpeakerField(n, "acct"), sp.Acct)
	}
	s.browser(who).post(amendURL(s.conf, s.talk), form, "Accept", firefox)
	return changed(s.talkNow())
}

func (s *stand) talkNow() *models.Talk {
	t, err := s.server.Store.Talks.ByID(s.t.Context(), s.talk.ID)
	fatal(s.t, err)
	return t
}

func (s *stand) links() []models.Resource {
	byTalk, err := s.server.Store.Talks.Resources(s.t.Context(), s.talk.ID)
	fatal(s.t, err)
	return byTalk[s.talk.ID]
}

// attempts try each action of the table, and say whether it was done.
var attempts = map[string]func(s *stand, who string) bool{
	"publish about it, so that its Group announces that": func(s *stand, who string) bool {
		if s.people[who] == nil {
			return s.nobody().post("/write", forms["/write"](nil, nil), "Accept", firefox).Code != http.StatusUnauthorized
		}
		s.browser(who).post("/write", filled(s.browser(who).get("/write?talk="+s.talk.PublicID, "Accept", firefox).form(), "action", "publish", "source", "Words."), "Accept", firefox)
		notes, err := s.server.Store.Posts.OwnNotesOn(s.t.Context(), s.people[who].ID, []int64{s.talk.ID})
		fatal(s.t, err)
		return notes[s.talk.ID] != nil && s.boosted(notes[s.talk.ID])
	},
	"take the author's article out of it": func(s *stand, who string) bool {
		s.browser(who).post(editURL(s.article), url.Values{"action": {"leave"}, "client_id": {*s.article.ClientID}, "version": {"1"}, "language": {"en"}, "title": {"Day one"}, "source": {"Words."}}, "Accept", firefox)
		return !s.boosted(s.article)
	},
	"take the author's article back as a draft": func(s *stand, who string) bool {
		s.browser(who).post(editURL(s.article), url.Values{"action": {"delete"}, "confirm": {"yes"}, "keep": {"yes"}, "client_id": {*s.article.ClientID}, "version": {"1"}, "language": {"en"}}, "Accept", firefox)
		return !s.boosted(s.article)
	},
	"delete the author's article": func(s *stand, who string) bool {
		s.browser(who).post(editURL(s.article), url.Values{"action": {"delete"}, "confirm": {"yes"}, "client_id": {*s.article.ClientID}, "version": {"1"}, "language": {"en"}}, "Accept", firefox)
		return !s.boosted(s.article)
	},
	"see the coverage that waits": func(s *stand, who string) bool {
		return strings.Contains(s.browser(who).get("/coverage/kormoran2026", "Accept", firefox).body, "Waits")
	},
	"show coverage":                  decides("show", theWaiting, func(s *stand) bool { return s.state(s.waits) == models.CoverageShown }),
	"hide coverage":                  decides("hide", theShown, func(s *stand) bool { return s.state(s.shown) == models.CoverageHidden }),
	"take a boost of coverage back":  decides("unboost", theShown, func(s *stand) bool { return !s.boosted(s.shown) }),
	"choose what followers are told": chooses("announces", models.AnnounceDigest, func(c *models.Conference) string { return c.Announces }),
	"choose what coverage meets":     chooses("coverage", models.CoverageOpen, func(c *models.Conference) string { return c.Coverage }),
	"boost coverage": func(s *stand, who string) bool {
		fatal(s.t, s.server.Outbox.DecideCoverage(s.t.Context(), s.people["owner"].Account, s.conf, 0, []int64{s.waits.ID}, models.CoverageShown))
		return decides("boost", theWaiting, func(s *stand) bool { return s.boosted(s.waits) })(s, who)
	},
	"set a conference up": func(s *stand, who string) bool {
		s.browser(who).post("/conferences/new", url.Values{"action": {"save"}, "handle": {"other2026"}, "name": {"Other"}, "zone": {"Europe/Paris"}, "start": {"2026-06-11"}}, "Accept", firefox)
		_, err := s.server.Store.Conferences.ByHandle(s.t.Context(), "other2026")
		return err == nil
	},
	"see the conference and its talks": func(s *stand, who string) bool {
		return s.browser(who).get("/conferences/kormoran2026", "Accept", firefox).Code == http.StatusOK && s.browser(who).get("/conferences/kormoran2026/talks/why-wal", "Accept", firefox).Code == http.StatusOK
	},
	"change what is said about the conference": func(s *stand, who string) bool {
		return s.says(who, "city", "Port-Kerval").City == "Port-Kerval"
	},
	"put it into a series": func(s *stand, who string) bool { return s.says(who, "series", "kormoran").SeriesID != nil },
	"say who looks after it": func(s *stand, who string) bool {
		s.browser(who).post("/conferences/kormoran2026/edit", url.Values{"action": {"manager"}, "manager": {"gwen"}, "role": {"editor"}}, "Accept", firefox)
		role, err := s.server.Store.Conferences.Role(s.t.Context(), s.people["author"].Account, s.conf.ActorID)
		fatal(s.t, err)
		return role != ""
	},
	"import its schedule": func(s *stand, who string) bool {
		if s.people[who] == nil {
			return s.nobody().get("/conferences/kormoran2026/import", "Accept", firefox).Code == http.StatusOK
		}
		token := s.keptSchedule(s.people[who], "frab-schedule-v1.xml")
		s.browser(who).post("/conferences/kormoran2026/import", url.Values{"action": {"apply"}, "token": {token}, "refresh": {"never"}}, "Accept", firefox)
		return len(s.programmeOf("kormoran2026")) > 1
	},
	"plan one's days": func(s *stand, who string) bool {
		s.browser(who).post("/plan/kormoran2026", url.Values{"action": {"mark"}, "day": {"2026-06-11"}, "talk": {s.talk.PublicID}, "mark": {"starred"}}, "Accept", firefox)
		return strings.Contains(s.browser(who).get("/plan/kormoran2026?day=2026-06-11", "Accept", firefox).body, `data-mark="starred" aria-pressed="true"`)
	},
	"read a digest": func(s *stand, who string) bool {
		digest := s.digest()
		return s.browser(who).get("/@kormoran2026/"+digest.Slug, "Accept", firefox).Code == http.StatusOK
	},
	"delete a digest": func(s *stand, who string) bool {
		digest := s.digest()
		s.browser(who).post("/conferences/kormoran2026/edit", url.Values{"action": {"delete-digest"}, "digest": {*digest.PublicID}}, "Accept", firefox)
		now, err := s.server.Store.Posts.ByID(s.t.Context(), digest.ID)
		fatal(s.t, err)
		return now.State == models.PostDeleted
	},
	"change a digest": func(s *stand, who string) bool {
		digest := s.digest()
		s.browser(who).post(editURL(digest), url.Values{"action": {"publish"}, "client_id": {models.NewPublicID()}, "version": {"1"}, "language": {"en"}, "title": {"Mine"}, "source": {"Mine."}}, "Accept", firefox)
		now, err := s.server.Store.Posts.ByID(s.t.Context(), digest.ID)
		fatal(s.t, err)
		return now.Title == "Mine"
	},
	"put a talk right": func(s *stand, who string) bool {
		return s.amends(who, func(a *programme.Amendment) { a.Room = "Belle-Île" }, func(t *models.Talk) bool { return t.Room == "Belle-Île" })
	},
	"say where a speaker is mentioned": func(s *stand, who string) bool {
		return s.amends(who, func(a *programme.Amendment) { a.Speakers = []programme.Speaker{{Name: "Ada", Acct: "ada@far.example"}} },
			func(t *models.Talk) bool { return len(t.Speakers) == 1 && t.Speakers[0].Person.Acct != "" })
	},
	"add a talk by hand": func(s *stand, who string) bool {
		s.browser(who).post("/conferences/kormoran2026/new-talk", url.Values{"client_id": {models.NewPublicID()}, "title": {"Hallway track"}, "kind": {"bof"}, "start": {"2026-06-11T18:00"}, "end": {"2026-06-11T19:00"}}, "Accept", firefox)
		_, err := s.server.Store.Talks.BySlug(s.t.Context(), s.conf.ID, "hallway-track")
		return err == nil
	},
	"take a talk out of the programme": func(s *stand, who string) bool {
		s.browser(who).post(amendURL(s.conf, s.talk), url.Values{"action": {"remove"}}, "Accept", firefox)
		return s.talkNow().State == models.TalkRemoved
	},
	"add slides to a talk": func(s *stand, who string) bool {
		s.browser(who).post(talkLinksURL(s.talk), url.Values{"action": {"add"}, "type": {"slides"}, "url": {"https://slides.example/"}}, "Accept", firefox)
		return len(s.links()) == 1
	},
	"remove the author's slides": func(s *stand, who string) bool {
		s.people["author"].post(talkLinksURL(s.talk), url.Values{"action": {"add"}, "type": {"slides"}, "url": {"https://slides.example/"}}, "Accept", firefox)
		s.browser(who).post(talkLinksURL(s.talk), url.Values{"action": {"remove"}, "link": {strconv.FormatInt(s.links()[0].ID, 10)}}, "Accept", firefox)
		return len(s.links()) == 0
	},
	"take over what a speaker answers to the author's note": func(s *stand, who string) bool {
		note, err := s.publish(s.people["author"], nil, models.About{ConferenceID: s.conf.ID, TalkID: s.talk.ID})
		fatal(s.t, err)
		s.amends("owner", func(a *programme.Amendment) {
			a.Speakers = []programme.Speaker{{Name: "Ada", Acct: "ada@social.example"}}
		}, func(*models.Talk) bool { return true })
		reply := s.reply(s.stranger("ada", "social.example"), note, `<a href="https://slides.example/">slides</a>`)
		s.browser(who).post(editURL(note)+"/conversation", url.Values{"action": {"take-link"}, "reply": {id(reply)}, "url": {"https://slides.example/"}, "type": {"slides"}, "talk": {s.talk.PublicID}}, "Accept", firefox)
		return len(s.links()) == 1
	},
	"read what the Group announced": func(s *stand, who string) bool {
		got := s.browser(who).get("/users/kormoran2026/outbox?page=1", "Accept", mastodon)
		return got.Code == http.StatusOK && strings.Contains(got.body, "/activities/")
	},
	"read the conference and its talks as events": func(s *stand, who string) bool {
		b := s.browser(who)
		return b.get("/users/kormoran2026/event", "Accept", mastodon).Code == http.StatusOK && b.get("/talks/"+s.talk.PublicID, "Accept", mastodon).Code == http.StatusOK
	},
}

// whoMay reads the table: for each action, who may.
func whoMay(text string) (columns []string, may map[string]map[string]bool) {
	may = map[string]map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i, c := range cells {
			cells[i] = strings.TrimSpace(c)
		}
		if columns == nil {
			columns = cells[1:]
			continue
		}
		may[cells[0]] = map[string]bool{}
		for i, c := range cells[1:] {
			may[cells[0]][columns[i]] = c == "yes"
		}
	}
	return columns, may
}

func TestEverybodyMayWhatTheTableSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/WHOMAY.md")
	fatal(t, err)
	columns, may := whoMay(string(text))
	if !slices.Equal(columns, []string{"owner", "editor", "author", "visitor"}) {
		t.Fatalf("the columns are %q", columns)
	}
	for action := range may {
		if attempts[action] == nil {
			t.Errorf("no test tries to %s", action)
		}
	}
	for action, attempt := range attempts {
		if may[action] == nil {
			t.Errorf("docs/WHOMAY.md has no row: %s", action)
			continue
		}
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			for _, who := range columns {
				if got := attempt(newStand(t), who); got != may[action][who] {
					t.Errorf("%s: done is %t, docs/WHOMAY.md says %t", who, got, may[action][who])
				}
			}
		})
	}
}
