package activitypub

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

// follow makes somebody a follower without going through the inbox.
func (s *site) follow(who *remote, of *models.Account) {
	s.t.Helper()
	s.inTx(func(tx *models.Store) error {
		return tx.Follows.Put(s.ctx(), &models.Follow{URI: who.id + "#follow", FollowerID: s.actorOf(who).ID, TargetID: of.ActorID,
			State: models.FollowAccepted, CreatedAt: s.clock.now()})
	})
}

// author is a site with somebody who writes.
func author(t testing.TB) (*site, *models.Account) {
	s := newSite(t)
	return s, s.person("gwen", models.RoleAuthor)
}

// carried decodes what the last activity of a type carries.
func (s *site) carried(typ string) (doc struct {
	Object struct{ ID, Name, Content, Published, Updated string }
	CC     []string
}) {
	s.t.Helper()
	bodies := s.strings("SELECT body FROM activities WHERE type = ? ORDER BY id", typ)
	if len(bodies) == 0 {
		s.t.Fatalf("no %s", typ)
	}
	s.must(json.Unmarshal([]byte(bodies[len(bodies)-1]), &doc))
	return doc
}

func TestAnArticleGoesOnceToEachInbox(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	for i := range 3 {
		s.follow(s.known("https://big.example", fmt.Sprint("reader", i)), gwen)
	}
	lone := s.known("https://lone.example", "bob")
	s.inTx(func(tx *models.Store) error { // GoToSocial has no shared inbox
		a := s.actorOf(lone)
		a.SharedInbox = ""
		return tx.Actors.SaveRemote(s.ctx(), a)
	})
	s.follow(lone, gwen)
	named := s.known("https://named.example", "carol") // mentioned, no follower
	s.known("https://other.example", "dave")           // neither
	s.person("hugo", models.RoleAuthor)
	s.publish(gwen, text("A day", "Hello @carol@named.example, @reader0@big.example, @hugo and @gwen."))
	got := s.told("Create")
	slices.Sort(got)
	want := []string{"https://big.example/inbox", lone.id + "/inbox", "https://named.example/inbox"}
	if !slices.Equal(got, want) {
		t.Errorf("sent to %v, want %v", got, want)
	}
	if cc := s.carried("Create").CC; !slices.Contains(cc, named.id) || !slices.Contains(cc, s.iris.Actor("hugo")) {
		t.Errorf("cc %v names not everyone", cc)
	}
}

func TestPublishingTheSameAgainSendsNothing(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.follow(s.known("https://social.example", "alice"), gwen)
	post := s.publish(gwen, text("A day", "Words."))
	before := s.dump()
	s.clock.move(time.Minute)
	s.edit(gwen, post, text("A day", "Words."))
	if s.dump() != before {
		t.Error("the same text again changed the database")
	}
}

func TestAnEditReachesEveryoneWhoHasTheArticle(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	stays, leaves := s.known("https://stays.example", "a"), s.known("https://leaves.example", "b")
	named, liker, answers := s.known("https://named.example", "c"), s.known("https://likes.example", "d"), s.known("https://answers.example", "e")
	s.known("https://nobody.example", "f")
	s.follow(stays, gwen)
	s.follow(leaves, gwen)
	post := s.publish(gwen, text("A day", "With @c@named.example"))
	s.accept(liker, liker.does("Like", s.article(post)))
	s.accept(answers, answers.does("Create", answers.note(s.article(post), "hi")))
	s.inTx(func(tx *models.Store) error { return tx.Follows.Remove(s.ctx(), s.actorOf(leaves).ID, gwen.ActorID) })
	s.clock.move(time.Minute)
	s.edit(gwen, post, text("A day", "Alone."))
	got := s.told("Update")
	slices.Sort(got)
	var want []string
	for _, r := range []*remote{answers, leaves, liker, named, stays} {
		want = append(want, r.base+"/inbox")
	}
	if !slices.Equal(got, want) {
		t.Errorf("the edit went to %v, want %v", got, want)
	}
}

// Receivers drop an Update that isn't newer than what they have. Clocks step back.
func TestWordsThatAnEditReplacedAreGone(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.follow(s.known("https://social.example", "alice"), gwen)
	post := s.publish(gwen, text("A day", "xylophone"))
	s.clock.move(time.Minute)
	post = s.edit(gwen, post, text("A day", "zither"))
	s.clock.move(time.Minute)
	s.edit(gwen, post, text("A day", "oboe"))
	for _, word := range []string{"xylophone", "zither"} {
		if n := s.count("activities WHERE body LIKE ?", "%"+word+"%"); n != 0 {
			t.Errorf("%d activities still say %s", n, word)
		}
	}
	// The Create that wasn't sent yet carries today's words, and of the Updates the last is enough.
	if n := s.count("activities WHERE type = 'Create' AND body LIKE '%oboe%'"); n != 1 {
		t.Errorf("%d Creates with today's words, want 1", n)
	}
	if n := s.count("deliveries JOIN activities ON activities.id = activity_id WHERE type = 'Update' AND state = 'queued'"); n != 1 {
		t.Errorf("%d Updates wait, want the last", n)
	}
}

func TestEachEditIsNewerThanTheLast(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	post := s.publish(gwen, text("A day", "0"))
	last := s.carried("Create").Object.Published
	if u := s.carried("Create").Object.Updated; u != "" {
		t.Errorf("updated %s before any edit", u)
	}
	for i, step := range []time.Duration{0, time.Second, -time.Hour, 0, 2 * time.Hour} {
		s.clock.move(step)
		post = s.edit(gwen, post, text("A day", fmt.Sprint("words ", i)))
		got := s.carried("Update").Object
		before, err1 := time.Parse(time.RFC3339Nano, last)
		after, err2 := time.Parse(time.RFC3339Nano, got.Updated)
		if err1 != nil || err2 != nil || !after.After(before) {
			t.Errorf("edit %d: updated %q after %q", i, got.Updated, last)
		}
		last = got.Updated
	}
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	hugo := s.person("hugo", models.RoleAuthor)
	if a, b, c := s.publish(gwen, text("A Day!", "1")), s.publish(gwen, text("A day", "2")), s.publish(hugo, text("A day", "3")); a.Slug != "a-day" || b.Slug != "a-day-2" || c.Slug != "a-day" {
		t.Errorf("slugs %s, %s and %s, want a-day, a-day-2 and, of somebody else, a-day", a.Slug, b.Slug, c.Slug)
	}
	wish := text("Other", "4")
	wish.Slug = "a-day"
	_, err := s.outbox.Publish(s.ctx(), draft.Input{Account: gwen, ClientID: newClientID(), Text: wish}, time.Time{})
	if invalid, ok := errors.AsType[*models.InvalidError](err); !ok || invalid.Field != "slug" || invalid.Reason != models.SlugTaken {
		t.Errorf("a taken slug: %v", err)
	}
	wish.Slug = "first-place"
	post := s.publish(gwen, wish)
	moved := wish
	moved.Slug = "second-place"
	post = s.edit(gwen, post, moved)
	retitled := moved
	retitled.Title = "Another title"
	post = s.edit(gwen, post, retitled)
	for _, slug := range []string{"first-place", "second-place"} {
		found, err := s.store.Posts.ByPath(s.ctx(), "gwen", slug)
		if err != nil || found.ID != post.ID || post.Slug != "second-place" {
			t.Errorf("%s leads to %v, %v; the article is at %s", slug, found, err, post.Slug)
		}
	}
}

func TestAFormSentTwiceMakesOneArticle(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.follow(s.known("https://social.example", "alice"), gwen)
	in := draft.Input{Account: gwen, ClientID: "form-1234", Text: text("A day", "Words.")}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if done, err := s.outbox.Publish(s.ctx(), in, time.Time{}); err != nil || done.Post.Slug != "a-day" {
				t.Errorf("published %+v, %v", done, err)
			}
		})
	}
	all.Wait()
	if posts, creates := s.count("posts"), len(s.told("Create")); posts != 1 || creates != 1 {
		t.Errorf("%d articles and %d deliveries, want one", posts, creates)
	}
}

func TestASaveOverAnotherVersionIsAConflict(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	post := s.publish(gwen, text("A day", "one"))
	s.edit(gwen, post, text("A day", "two"))
	before := s.dump()
	_, err := s.outbox.Publish(s.ctx(), draft.Input{Account: gwen, PostID: post.ID, Base: 1, Text: text("A day", "three")}, time.Time{})
	if conflict, ok := errors.AsType[*draft.ConflictError](err); !ok || conflict.Theirs.Text.Source != "two" {
		t.Errorf("%v, want a conflict with the second", err)
	}
	if s.dump() != before {
		t.Error("a conflict changed the database")
	}
}

func TestWhatCannotBePublished(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	hugo := s.person("hugo", models.RoleOwner)
	post := s.publish(gwen, text("A day", "one"))
	before := s.dump()
	huge := "" // short to type, long as HTML
	for len(huge) < draft.MaxSource-100 {
		huge += "- *a* `b` **c**\n"
	}
	for name, c := range map[string]struct {
		in    draft.Input
		date  time.Time
		field string // of an InvalidError; empty: not found
	}{
		"without a title":         {draft.Input{Account: gwen, ClientID: newClientID(), Text: text("", "x")}, time.Time{}, "title"},
		"without a word":          {draft.Input{Account: gwen, ClientID: newClientID(), Text: text("A", " \n")}, time.Time{}, "source"},
		"longer than others take": {draft.Input{Account: gwen, ClientID: newClientID(), Text: text("A", huge)}, time.Time{}, "source"},
		"in the future":           {draft.Input{Account: gwen, ClientID: newClientID(), Text: text("A", "x")}, s.clock.now().Add(time.Hour), "date"},
		"over somebody else's":    {draft.Input{Account: hugo, PostID: post.ID, Base: 1, Text: text("A", "x")}, time.Time{}, ""},
		"over nothing":            {draft.Input{Account: gwen, PostID: 999, Base: 1, Text: text("A", "x")}, time.Time{}, ""},
	} {
		_, err := s.outbox.Publish(s.ctx(), c.in, c.date)
		invalid, ok := errors.AsType[*models.InvalidError](err)
		if ok != (c.field != "") || ok && invalid.Field != c.field || !ok && !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.dump() != before {
		t.Error("what was refused changed the database")
	}
}

func TestAnArticleOfLastWeekSaysSo(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	date := s.clock.now().AddDate(0, 0, -7)
	_, err := s.outbox.Publish(s.ctx(), draft.Input{Account: gwen, ClientID: newClientID(), Text: text("A day", "x")}, date)
	s.must(err)
	if got := s.carried("Create").Object.Published; got != "2026-06-04T18:30:00Z" {
		t.Errorf("published %s", got)
	}
}
