package activitypub

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/account"
	"confnotes/models"
)

func TestADeletedArticleIsATombstoneForEver(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	follower, liker := s.known("https://social.example", "alice"), s.known("https://likes.example", "bob")
	quoter := s.known("https://quotes.example", "carol")
	s.follow(follower, gwen)
	post := s.publish(gwen, text("A day", "Words."))
	s.accept(liker, liker.does("Like", s.article(post)))
	s.accept(quoter, quoter.does("Create", with(quoter.note("", "<p>Read this</p>"), "inReplyTo", nil, "quoteUrl", s.article(post))))
	s.must(s.outbox.Delete(s.ctx(), gwen, post.ID))
	got := s.told("Delete")
	slices.Sort(got)
	if want := []string{"https://likes.example/inbox", "https://quotes.example/inbox", "https://social.example/inbox"}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	for name, read := range map[string]func() ([]byte, error){
		"article":      func() ([]byte, error) { return s.docs.Article(s.ctx(), *post.PublicID) },
		"replies":      func() ([]byte, error) { return s.docs.Replies(s.ctx(), *post.PublicID, false) },
		"likes":        func() ([]byte, error) { return s.docs.Reactions(s.ctx(), *post.PublicID, models.ReactionLike) },
		"conversation": func() ([]byte, error) { return s.docs.Conversation(s.ctx(), *post.PublicID) },
		"Create":       func() ([]byte, error) { return s.docs.Activity(s.ctx(), s.activityID("Create")) },
	} {
		_, err := read()
		gone, ok := errors.AsType[*GoneError](err)
		if !ok {
			t.Errorf("%s: %v, want gone", name, err)
			continue
		}
		var tombstone struct{ Type, ID string }
		if err := json.Unmarshal(gone.Tombstone, &tombstone); err != nil || tombstone.Type != "Tombstone" {
			t.Errorf("%s: %s, %v", name, gone.Tombstone, err)
		}
	}
	if err := s.outbox.Delete(s.ctx(), gwen, post.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	// The title is free again, the id and the address are not.
	if again := s.publish(gwen, text("A day", "Other words.")); again.Slug != "a-day-2" {
		t.Errorf("slug %s", again.Slug)
	}
}

func (s *site) activityID(typ string) string {
	s.t.Helper()
	return s.strings("SELECT public_id FROM activities WHERE type = ? ORDER BY id", typ)[0]
}

// secret stands everywhere an author can put a word.
func secret() models.RevisionText {
	return models.RevisionText{Language: "en", Title: "Xylophone", Summary: "xylophone", Source: "# xylophone\n\nxylophone #xylophone @xylophone@social.example",
		Tags: "xylophone2", Slug: "plain"}
}

// assertForgotten fails where a deleted word is left in any table.
func (s *site) assertForgotten(word string) {
	s.t.Helper()
	for row := range strings.Lines(s.dump()) {
		if strings.Contains(strings.ToLower(row), word) {
			s.t.Errorf("%q is left in %.300s", word, row)
		}
	}
}

func TestADeletedArticlesWordsAreGoneFromEveryTable(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.follow(s.known("https://social.example", "alice"), gwen)
	post := s.publish(gwen, secret())
	s.clock.move(time.Minute)
	changed := secret()
	changed.Source += " more"
	post = s.edit(gwen, post, changed)
	if !strings.Contains(s.dump(), "xylophone") {
		t.Fatal("nothing to forget")
	}
	s.must(s.outbox.Delete(s.ctx(), gwen, post.ID))
	s.assertForgotten("xylophone")
	// What was not sent yet needn't be: the Delete stands for it, and goes to whoever
	// may have it.
	if got := s.strings("SELECT a.type || ' ' || d.state FROM deliveries d JOIN activities a ON a.id = d.activity_id ORDER BY d.id"); !slices.Equal(got,
		[]string{"Create superseded", "Update superseded", "Delete queued"}) {
		t.Errorf("the queue has %v", got)
	}
}

func TestADraftIsDeletedInSilence(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.follow(s.known("https://social.example", "alice"), gwen)
	post := s.draft(gwen, secret())
	s.must(s.outbox.Delete(s.ctx(), gwen, post.ID))
	s.assertForgotten("xylophone")
	if n := s.count("activities"); n != 0 {
		t.Errorf("%d activities about a draft", n)
	}
	if _, err := s.docs.Article(s.ctx(), *post.PublicID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a draft that is gone: %v, want not found: nobody knew of it", err)
	}
}

func TestWhoMayDelete(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	hugo, ida := s.person("hugo", models.RoleAuthor), s.person("ida", models.RoleEditor)
	alice := s.known("https://social.example", "alice")
	post := s.publish(gwen, text("A day", "Words."))
	note := alice.note(s.article(post), "hi")
	s.accept(alice, alice.does("Create", note))
	reply, err := s.store.Posts.ByURI(s.ctx(), note["id"].(string))
	s.must(err)
	unfinished := s.draft(gwen, text("Later", "Words."))
	for name, err := range map[string]error{
		"another author":                   s.outbox.Delete(s.ctx(), hugo, post.ID),
		"an editor, somebody's draft":      s.outbox.Delete(s.ctx(), ida, unfinished.ID),
		"an editor, somebody else's reply": s.outbox.Delete(s.ctx(), ida, reply.ID),
		"an article that never was":        s.outbox.Delete(s.ctx(), ida, 999),
	} {
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
	s.must(s.outbox.Delete(s.ctx(), ida, post.ID))
}

func TestWhoeverLeavesIsForgotten(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.person("olga", models.RoleOwner)
	follower, former := s.known("https://social.example", "alice"), s.known("https://former.example", "bob")
	s.follow(follower, gwen)
	s.follow(former, gwen)
	post := s.publish(gwen, secret())
	hidden := s.draft(gwen, secret())
	s.inTx(func(tx *models.Store) error { return tx.Follows.Remove(s.ctx(), s.actorOf(former).ID, gwen.ActorID) })
	s.must(s.outbox.DeleteAccount(s.ctx(), "gwen"))
	s.assertForgotten("xylophone")
	got := s.told("Delete")
	slices.Sort(got)
	if want := []string{"https://former.example/inbox", "https://social.example/inbox"}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	_, actorErr := s.docs.Actor(s.ctx(), "gwen")
	_, articleErr := s.docs.Article(s.ctx(), *post.PublicID)
	_, fingerErr := s.docs.WebFinger(s.ctx(), "acct:gwen@notes.example")
	for name, err := range map[string]error{"actor": actorErr, "article": articleErr, "WebFinger": fingerErr} {
		if _, ok := errors.AsType[*GoneError](err); !ok {
			t.Errorf("%s: %v, want gone", name, err)
		}
	}
	if _, err := s.docs.Article(s.ctx(), *hidden.PublicID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("their draft: %v, want not found", err)
	}
	if keys, err := s.courier.keys.of(s.ctx(), gwen.ActorID); err != nil || keys[gwen.ActorID].RSA.Private == nil {
		t.Errorf("the last Delete can't be signed: %v", err)
	}
	err := s.store.InTx(s.ctx(), func(tx *models.Store) error {
		return tx.Actors.CreateLocal(s.ctx(), &models.Actor{Handle: "Gwen"}, &models.ActorKey{})
	})
	if !errors.Is(err, models.ErrConflict) {
		t.Errorf("the handle was given again: %v", err)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	t.Parallel()
	s, _ := author(t)
	s.person("olga", models.RoleOwner)
	before := s.dump()
	if err := s.outbox.DeleteAccount(s.ctx(), "olga"); !errors.Is(err, account.ErrLastOwner) {
		t.Errorf("%v, want the last owner", err)
	}
	if s.dump() != before {
		t.Error("the last owner who stays changed the database")
	}
}

func TestABlockEndsFollowsAndHidesReplies(t *testing.T) {
	t.Parallel()
	for name, whole := range map[string]bool{"by an author": false, "by the owner, for all": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			hugo := k.person("hugo", models.RoleAuthor)
			other := k.publish(hugo, text("Another day", "Words."))
			bob := k.known("https://other.example", "bob")
			for _, who := range []*remote{k.alice, bob} {
				k.accept(who, who.does("Follow", k.iris.Actor("gwen")))
				k.accept(who, who.does("Follow", k.iris.Actor("hugo")))
				k.accept(who, who.does("Create", who.note(k.article(k.post), who.name)))
				k.accept(who, who.does("Create", who.note(k.article(other), who.name)))
			}
			block := models.Block{AccountID: k.gwen.ID, Domain: "social.example"}
			rejects, follows, hidden := 1, 3, 1
			if whole {
				block = models.Block{ActorID: k.actorOf(k.alice).ID}
				rejects, follows, hidden = 2, 2, 2
			}
			k.must(k.outbox.Block(k.ctx(), k.gwen, block))
			k.must(k.outbox.Block(k.ctx(), k.gwen, block)) // again: nothing more to say
			if got := k.told("Reject"); len(got) != rejects || got[0] != k.alice.id+"/inbox" {
				t.Errorf("Rejects to %v, want %d to alice's own inbox", got, rejects)
			}
			if n, h := k.count("follows"), k.count("posts WHERE moderation = 'hidden'"); n != follows || h != hidden {
				t.Errorf("%d follows and %d hidden replies, want %d and %d", n, h, follows, hidden)
			}
			if got := k.replies(models.Viewer{}); !slices.Equal(got, []string{"bob"}) {
				t.Errorf("the thread has %q", got)
			}
		})
	}
}

func TestWhoMayBlockForAll(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	hugo := s.person("hugo", models.RoleEditor)
	for name, b := range map[string]models.Block{"for everyone": {Domain: "a.example"}, "for somebody else": {AccountID: gwen.ID, Domain: "a.example"}} {
		if err := s.outbox.Block(s.ctx(), hugo, b); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
	if n := s.count("blocks"); n != 0 {
		t.Errorf("%d blocks", n)
	}
}

func TestTheEndOfAnAccountReachesWhoeverOnlyLikedIt(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.person("hugo", models.RoleOwner)
	liker := s.known("https://likes.example", "bob")
	post := s.publish(gwen, text("A day", "Words."))
	s.accept(liker, liker.does("Like", s.article(post)))
	s.must(s.outbox.DeleteAccount(s.ctx(), "gwen"))
	if got := s.told("Delete"); !slices.Equal(got, []string{"https://likes.example/inbox"}) {
		t.Errorf("told %v", got)
	}
}
