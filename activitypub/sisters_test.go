package activitypub

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

// sisterhood is one conference on several servers of ours, each with a talk of it, which
// has one GUID, and somebody who looks after it and writes.
type sisterhood struct {
	t     *testing.T
	sites []*site
	confs []*models.Conference
	talks []*models.Talk
	boss  []*models.Account
}

const talkGUID = "a4840de0-d593-5716-9269-bb6e8518a2fa"

// newSisterhood makes one server for each choice of what coverage meets there.
func newSisterhood(t *testing.T, coverage ...string) *sisterhood {
	t.Helper()
	h := &sisterhood{t: t}
	for _, meets := range coverage {
		s := newServed(t)
		c := s.conference("kormoran2026", "")
		c.Coverage = meets
		boss := s.person("boss", models.RoleOwner)
		s.inTx(func(tx *models.Store) error { return tx.Conferences.Save(s.ctx(), c) })
		h.sites, h.confs, h.boss = append(h.sites, s), append(h.confs, c), append(h.boss, boss)
		h.talks = append(h.talks, s.talk(c, "Why WAL", models.ExternalID{Scheme: "guid", Value: talkGUID}))
	}
	return h
}

// talk adds one to a conference.
func (s *site) talk(c *models.Conference, title string, ids ...models.ExternalID) *models.Talk {
	s.t.Helper()
	now := s.clock.now()
	t := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, Slug: draft.Slug(title), Title: title, Kind: "talk", Day: c.StartsOn, State: models.TalkScheduled,
		StartsAt: now, EndsAt: now.Add(time.Hour), CreatedAt: now, ChangedAt: now}
	s.inTx(func(tx *models.Store) error { return tx.Talks.Create(s.ctx(), t, ids) })
	return t
}

// write publishes a note on the talk.
func (h *sisterhood) write(at int, title string) *models.Post {
	h.t.Helper()
	return h.sites[at].recap(h.boss[at], title, models.About{ConferenceID: h.confs[at].ID, TalkID: h.talks[at].ID})
}

// address is what a conference is followed by.
func (h *sisterhood) address(of int) string { return "@" + h.sites[of].iris.Acct("kormoran2026") }

// follow has one's manager type the address of another's Group.
func (h *sisterhood) follow(at, other int) {
	h.t.Helper()
	_, err := h.sites[at].outbox.FollowSister(h.t.Context(), h.boss[at], h.confs[at], h.address(other))
	h.sites[at].must(err)
}

// exchange delivers and fetches until nobody has anything left to say.
func (h *sisterhood) exchange() {
	h.t.Helper()
	for said := 1; said > 0; {
		said = 0
		for _, s := range h.sites {
			s.runErrands()
			said += s.deliver()
			said += s.count("jobs WHERE run_at <= ?", s.clock.now().UTC())
		}
	}
}

// later moves every clock.
func (h *sisterhood) later(d time.Duration) {
	for _, s := range h.sites {
		s.clock.move(d)
	}
}

// elsewhere are the titles of what stands on the talk's page of one, from elsewhere.
func (h *sisterhood) elsewhere(at int) (titles []string) {
	h.t.Helper()
	posts, err := h.sites[at].store.Posts.CoverageOn(h.t.Context(), h.talks[at], 0, 50)
	h.sites[at].must(err)
	for _, p := range posts {
		titles = append(titles, p.Title)
	}
	slices.Sort(titles)
	if n, err := h.sites[at].store.Posts.CountCoverageOn(h.t.Context(), h.talks[at]); err != nil || int(n) != len(titles) {
		h.t.Errorf("%d are counted, %d listed, %v", n, len(titles), err)
	}
	return titles
}

// want holds what stands on the talk's page of each against what should.
func (h *sisterhood) want(when string, titles ...[]string) {
	h.t.Helper()
	for at, want := range titles {
		if got := h.elsewhere(at); !slices.Equal(got, want) {
			h.t.Errorf("%s, on server %d stand %q from elsewhere, want %q", when, at, got, want)
		}
	}
}

// states are what the sisters of one are to it.
func (h *sisterhood) states(at int) []string {
	h.t.Helper()
	return h.sites[at].strings("SELECT state FROM sisters ORDER BY created_at, actor_id")
}

// agree has a manager follow whom they are asked about.
func (h *sisterhood) agree(at int) {
	h.t.Helper()
	rows, err := h.sites[at].store.Sisters.Of(h.t.Context(), h.confs[at].ID)
	h.sites[at].must(err)
	for _, s := range rows {
		if s.State == models.SisterProposed {
			h.sites[at].must(h.sites[at].outbox.SetSister(h.t.Context(), h.boss[at], h.confs[at], s.ActorID, true))
		}
	}
}

func TestEveryServerOfAConferenceShowsTheNotesOfAll(t *testing.T) {
	t.Parallel()
	h := newSisterhood(t, models.CoverageOpen, models.CoverageOpen, models.CoverageOpen)
	for at, title := range []string{"From A", "From B", "From C"} {
		h.write(at, title) // before anybody knows of anybody
	}
	h.follow(0, 1)
	h.follow(0, 2)
	h.exchange()
	h.want("with A in the middle", []string{"From B", "From C"}, []string{"From A"}, []string{"From A"})
	h.later(lookEvery)
	for _, s := range h.sites {
		s.must(queueLooks(s.ctx(), s.store, s.clock.now()))
	}
	h.exchange()
	if got := h.states(1); !slices.Equal(got, []string{models.SisterFollowed, models.SisterProposed}) {
		t.Fatalf("B knows of A and C as %v: whom a sister follows is asked about", got)
	}
	h.agree(1) // and C, whom B asks, follows back
	h.exchange()
	h.want("once all know of all", []string{"From B", "From C"}, []string{"From A", "From C"}, []string{"From A", "From B"})
	h.write(0, "More from A")
	h.exchange()
	h.want("told of at once", []string{"From B", "From C"}, []string{"From A", "From C", "More from A"}, []string{"From A", "From B", "More from A"})
	// Nothing of what came from a sister goes round.
	for at, s := range h.sites {
		for _, object := range s.strings("SELECT object_uri FROM activities WHERE type = 'Announce'") {
			if !s.iris.Ours(object) {
				t.Errorf("server %d announces %s, which isn't its own", at, object)
			}
		}
		if n := s.count("notifications WHERE kind <> 'coverage'"); n > 0 {
			t.Errorf("server %d told its people %d things", at, n)
		}
	}
}

func TestNotesFromElsewhereWaitForAManager(t *testing.T) {
	t.Parallel()
	h := newSisterhood(t, models.CoverageHeld, models.CoverageHeld)
	h.write(0, "From A")
	h.write(1, "From B")
	h.follow(0, 1)
	h.exchange()
	h.want("before a manager looked", nil, nil)
	if got := h.states(1); !slices.Equal(got, []string{models.SisterProposed}) {
		t.Errorf("who asked is %v to B", got)
	}
	if h.sites[1].count("follows WHERE follower_id = ?", h.confs[1].ActorID) != 0 {
		t.Error("B follows back though its managers weren't asked")
	}
	a := h.sites[0]
	waiting, err := a.store.Coverage.List(t.Context(), h.confs[0].ID, models.CoverageHeld, 0, 9)
	a.must(err)
	if len(waiting) != 1 {
		t.Fatalf("%d wait", len(waiting))
	}
	a.must(a.outbox.DecideCoverage(t.Context(), h.boss[0], h.confs[0], 0, []int64{waiting[0].ID}, models.CoverageShown))
	h.want("after a yes", []string{"From B"}, nil)
	a.must(a.outbox.DecideCoverage(t.Context(), h.boss[0], h.confs[0], 0, []int64{waiting[0].ID}, models.CoverageHidden))
	h.want("after a no", nil, nil)
}

func TestEditsAndDeletionsOfNotesReachTheSisters(t *testing.T) {
	t.Parallel()
	h := newSisterhood(t, models.CoverageOpen, models.CoverageOpen)
	note := h.write(1, "From B") // found
	h.follow(0, 1)
	h.exchange()
	other := h.write(1, "Another") // told of
	h.exchange()
	h.want("at first", []string{"Another", "From B"}, nil)
	h.later(time.Minute)
	note = h.sites[1].edit(h.boss[1], note, text("Put right", "*WAL* wins."))
	h.exchange()
	h.want("after an edit", []string{"Another", "Put right"}, nil)
	if got := h.sites[0].strings("SELECT excerpt FROM posts WHERE title = 'Put right'"); !slices.ContainsFunc(got, func(e string) bool { return e != "" }) {
		t.Errorf("its excerpt is %q", got)
	}
	h.later(time.Minute)
	h.sites[1].about(h.boss[1], note, models.About{ConferenceID: h.confs[1].ID})
	h.exchange()
	h.want("when it is on no talk any more", []string{"Another"}, nil)
	h.sites[1].must(h.sites[1].outbox.Delete(t.Context(), h.boss[1], other.ID))
	h.exchange()
	h.want("when it is deleted", nil, nil)
	if n := h.sites[0].count("coverage_talks"); n != 0 {
		t.Errorf("%d rows are left of it", n)
	}
}

func TestABlockTakesTheNotesOfOneServerFromOneServer(t *testing.T) {
	t.Parallel()
	h := newSisterhood(t, models.CoverageOpen, models.CoverageOpen, models.CoverageOpen)
	for at, title := range []string{"From A", "From B", "From C"} {
		h.write(at, title)
	}
	h.follow(0, 1)
	h.follow(0, 2)
	h.follow(1, 2)
	h.exchange()
	all := [][]string{{"From B", "From C"}, {"From A", "From C"}, {"From A", "From B"}}
	h.want("at first", all...)
	a := h.sites[0]
	// The three are on one host, with ports, so that a block of the domain would be of all.
	for _, actor := range a.strings("SELECT id FROM actors WHERE uri LIKE ? || '/%'", h.sites[1].iris.Base()) {
		a.must(a.outbox.Block(t.Context(), h.boss[0], models.Block{ActorID: number(t, actor)}))
	}
	h.exchange()
	h.want("with B blocked by A", []string{"From C"}, all[1], all[2])
	if n := a.count("follows JOIN actors ON actors.id = follows.target_id WHERE actors.uri LIKE ? || '/%'", h.sites[1].iris.Base()); n != 0 {
		t.Error("A still follows B")
	}
	h.write(1, "Late from B")
	h.exchange()
	h.want("while it is blocked", []string{"From C"}, all[1], []string{"From A", "From B", "Late from B"})
	a.inTx(func(tx *models.Store) error {
		blocks, err := tx.Blocks.List(a.ctx(), 0, true)
		for _, b := range blocks {
			err = errors.Join(err, tx.Blocks.Remove(a.ctx(), b.ID))
		}
		return err
	})
	h.exchange()
	h.want("unblocked and not followed yet", []string{"From C"}, all[1], []string{"From A", "From B", "Late from B"})
	h.agree(0)
	h.exchange()
	h.want("followed again", []string{"From B", "From C", "Late from B"}, all[1], []string{"From A", "From B", "Late from B"})
	h.write(0, "Late from A")
	h.exchange()
	if got := h.elsewhere(1); !slices.Contains(got, "Late from A") {
		t.Errorf("B, which A's block had cut off, hears nothing again: %q", got)
	}
}

func number(t *testing.T, text string) (n int64) {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What readers are told of is their conference's owner's choice; sisters are told of each
// public note, and of none that isn't.
func TestSistersAreToldOfNotesWhateverFollowersAreTold(t *testing.T) {
	t.Parallel()
	h := newSisterhood(t, models.CoverageOpen, models.CoverageOpen)
	b := h.sites[1]
	h.confs[1].Announces = models.AnnounceDigest
	b.inTx(func(tx *models.Store) error { return tx.Conferences.Save(b.ctx(), h.confs[1]) })
	h.follow(0, 1)
	h.exchange()
	h.write(1, "From B")
	about := models.About{ConferenceID: h.confs[1].ID, TalkID: h.talks[1].ID}
	for _, visibility := range []string{models.VisibilityUnlisted, models.VisibilityFollowers} {
		hidden := text("For "+visibility, "Words.")
		hidden.Visibility = visibility
		_, err := b.outbox.Publish(b.ctx(), draft.Input{Account: h.boss[1], ClientID: newClientID(), Text: hidden, About: &about}, time.Time{})
		b.must(err)
	}
	h.exchange()
	h.want("with a digest for readers", []string{"From B"}, nil)
	if n := b.count("activities WHERE type = 'Announce'"); n != 0 {
		t.Errorf("%d Announces for readers", n)
	}
}
