package activitypub

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// first are the articles that gwen's profile puts first, as other servers read them.
func (s *site) first() []string {
	s.t.Helper()
	raw, err := s.docs.Featured(s.ctx(), "gwen")
	s.must(err)
	var c struct {
		TotalItems   int
		OrderedItems []string // Mastodon takes ids and Notes alone
	}
	s.must(json.Unmarshal(raw, &c))
	if c.TotalItems != len(c.OrderedItems) {
		s.t.Errorf("%d of %d items", len(c.OrderedItems), c.TotalItems)
	}
	return c.OrderedItems
}

// toldFirst is what a follower's inbox is sent of what stands first: "Add id".
func (s *site) toldFirst(inbox string) (all []string) {
	s.t.Helper()
	for _, body := range s.strings("SELECT a.body FROM deliveries d JOIN activities a ON a.id = d.activity_id WHERE d.inbox = ? AND a.type IN ('Add', 'Remove') ORDER BY d.id", inbox) {
		var a struct{ Type, Actor, Object, Target string }
		s.must(json.Unmarshal([]byte(body), &a))
		if a.Actor != s.iris.Actor("gwen") || a.Target != s.iris.Featured("gwen") {
			s.t.Errorf("%s", body)
		}
		all = append(all, a.Type+" "+a.Object)
	}
	return all
}

func TestWhatStandsFirstIsToldAndListedLastFirst(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	reader := s.known("https://big.example", "reader")
	s.follow(reader, gwen)
	one, two := s.publish(gwen, text("One", "Words.")), s.publish(gwen, text("Two", "Words."))
	feature := func(p *models.Post, on bool) {
		s.must(s.outbox.Feature(s.ctx(), gwen, p.ID, on))
		s.clock.move(time.Minute)
	}
	feature(one, true)
	feature(two, true)
	feature(two, true) // again: nothing to say
	if got, want := s.first(), []string{s.article(two), s.article(one)}; !slices.Equal(got, want) {
		t.Errorf("first are %v, want %v", got, want)
	}
	feature(two, false)
	feature(two, false)
	if got, want := s.first(), []string{s.article(one)}; !slices.Equal(got, want) {
		t.Errorf("first are %v, want %v", got, want)
	}
	want := []string{"Add " + s.article(one), "Add " + s.article(two), "Remove " + s.article(two)}
	if got := s.toldFirst(s.actorOf(reader).DeliveryInbox()); !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	if n := s.count("deliveries d JOIN activities a ON a.id = d.activity_id WHERE a.type IN ('Create', 'Add') AND d.order_key = ?", s.article(one)); n != 2 {
		t.Errorf("%d deliveries wait for each other, want the Create and the Add", n)
	}
}

func TestOnlyPublicArticlesOfOnesOwnStandFirst(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	alix := s.person("alix", models.RoleOwner)
	for name, p := range map[string]*models.Post{"a draft": s.draft(gwen, text("Later", "Words.")), "an unlisted one": s.unlisted(gwen), "another's": s.publish(alix, text("Mine", "Words."))} {
		if err := s.outbox.Feature(s.ctx(), gwen, p.ID, true); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
	var posts []*models.Post
	for range MaxFeatured + 1 {
		posts = append(posts, s.publish(gwen, text("A day", "Words.")))
	}
	for _, p := range posts[:MaxFeatured] {
		s.must(s.outbox.Feature(s.ctx(), gwen, p.ID, true))
	}
	var invalid *models.InvalidError
	if err := s.outbox.Feature(s.ctx(), gwen, posts[MaxFeatured].ID, true); !errors.As(err, &invalid) || invalid.Reason != models.TooMany {
		t.Errorf("one too many: %v", err)
	}
	if got := s.count("activities WHERE type = 'Add'"); got != MaxFeatured {
		t.Errorf("%d Adds", got)
	}
}

func TestWhatIsNoLongerPublicStandsFirstNoLonger(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	reader := s.known("https://big.example", "reader")
	s.follow(reader, gwen)
	inbox := s.actorOf(reader).DeliveryInbox()
	deleted, quiet, hidden := s.publish(gwen, text("One", "Words.")), s.publish(gwen, text("Two", "Words.")), s.publish(gwen, text("Three", "Words."))
	for _, p := range []*models.Post{deleted, quiet, hidden} {
		s.must(s.outbox.Feature(s.ctx(), gwen, p.ID, true))
	}
	adds := s.toldFirst(inbox)
	s.inTx(func(tx *models.Store) error {
		return tx.Posts.SetModeration(s.ctx(), hidden.ID, models.ModerationHidden)
	})
	s.must(s.outbox.Delete(s.ctx(), gwen, deleted.ID))
	if got := s.toldFirst(inbox); !slices.Equal(got, adds) || s.count("featured_posts WHERE post_id = ?", deleted.ID) != 0 {
		t.Errorf("after the deletion, which says so itself: %v", got)
	}
	s.inTx(func(tx *models.Store) error {
		quiet.Visibility = models.VisibilityUnlisted
		return tx.Posts.Save(s.ctx(), quiet)
	})
	if got := s.first(); len(got) != 0 {
		t.Errorf("first are still %v", got)
	}
	quiet = s.edit(gwen, quiet, text("Two", "Other words."))
	if got := s.toldFirst(inbox); len(got) != len(adds)+1 || got[len(adds)] != "Remove "+s.article(quiet) {
		t.Errorf("told %v", got)
	}
	s.edit(gwen, quiet, text("Two", "Yet other words."))
	if got := s.toldFirst(inbox); len(got) != len(adds)+1 {
		t.Errorf("told twice: %v", got)
	}
}

func TestWhoLeavesShowsNothing(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.person("olga", models.RoleOwner)
	post := s.publish(gwen, text("One", "Words."))
	s.must(s.outbox.Feature(s.ctx(), gwen, post.ID, true))
	s.introduce(gwen)
	s.must(s.outbox.DeleteAccount(s.ctx(), "gwen"))
	for _, table := range []string{"featured_posts", "featured_tags", "credit_domains", "profile_fields"} {
		if n := s.count(table); n != 0 {
			t.Errorf("%s has %d rows", table, n)
		}
	}
	if dump := s.dump(); strings.Contains(dump, "gwen.example") || strings.Contains(dump, "blog.example") {
		t.Error("what they showed is still in the tables")
	}
	for name, read := range map[string]func() ([]byte, error){
		"featured": func() ([]byte, error) { return s.docs.Featured(s.ctx(), "gwen") },
		"tags":     func() ([]byte, error) { return s.docs.FeaturedTags(s.ctx(), "gwen") },
	} {
		if _, err := read(); !errors.As(err, new(*GoneError)) {
			t.Errorf("%s: %v, want it gone", name, err)
		}
	}
}
