package handlers

import (
	"context"
	"errors"
	"net/url"
	"strconv"
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
	a.followAt(s.people["author"], "http://far.example")
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

// giveUp has the courier give a server up.
func (s *stand) giveUp(host string) {
	s.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Deliveries.GiveUp(ctx, host, "gone", noon)
	})
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

// answered is a note of the author's with what its talk's speaker replies.
func (s *stand) answered() (note, reply *models.Post) {
	note, err := s.publish(s.people["author"], nil, models.About{ConferenceID: s.conf.ID, TalkID: s.talk.ID})
	fatal(s.t, err)
	s.amends("owner", func(a *programme.Amendment) {
		a.Speakers = []programme.Speaker{{Name: "Ada", Acct: "ada@social.example"}}
	}, func(*models.Talk) bool { return true })
	return note, s.reply(s.stranger("ada", "social.example"), note, `It is 40 t: <a href="https://slides.example/">slides</a>`)
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

// followed is a follow of the conference by somebody elsewhere.
func (s *stand) followed() *models.Follow {
	return s.follower(s.stranger("near", "near.example"), s.conf.ActorID, models.FollowAccepted)
}

// endsFollow sends the form of the conference's followers, and says whether one less follows.
func (s *stand) endsFollow(who, action string) bool {
	f := s.followed()
	s.browser(who).post("/followers/kormoran2026", url.Values{"action": {action}, "follow": {strconv.FormatInt(f.ID, 10)}}, "Accept", firefox)
	n, err := s.server.Store.Follows.Count(s.t.Context(), s.conf.ActorID)
	fatal(s.t, err)
	return n == 0
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
		if sp.DoNotName {
			form.Set(programme.SpeakerField(n, "unnamed"), "yes")
		}
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
