package activitypub

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// library is a site on which everything has happened once, and every document that
// it serves or sends, by the golden file's name.
func library(t *testing.T) map[string][]byte {
	s := newSite(t)
	gwen := s.person("gwen", models.RoleOwner)
	s.inTx(func(tx *models.Store) error {
		return tx.Actors.UpdateProfile(s.ctx(), gwen.ActorID, "Gwen Le Bihan", "I write.", "<p>I <em>write</em>.</p>\n")
	})
	alice := s.known("https://social.example", "alice")
	docs, ctx := map[string][]byte{}, s.ctx()
	keep := func(name string) func([]byte, error) {
		return func(doc []byte, err error) {
			t.Helper()
			s.must(err)
			docs[name] = doc
		}
	}
	keep("outbox-empty.json")(s.docs.Outbox(ctx, "gwen", true, 0))
	keep("followers-empty.json")(s.docs.Followers(ctx, "gwen", true, 0))
	s.accept(alice, with(alice.does("Follow", s.iris.Actor("gwen")), "id", "https://social.example/follows/1"))
	post := s.publish(gwen, models.RevisionText{Language: "fr", Title: "Premier jour : « WAL »", Summary: "Ce qu'on a dit <de> WAL & du reste.",
		Source: "# Matin\n\nAvec @alice@social.example et @gwen, sur #SQLite :\n\n- un\n- deux <b>trois</b>\n", Tags: "kormoran2026 SQLite"})
	id := *post.PublicID
	keep("article.json")(s.docs.Article(ctx, id))
	keep("replies-empty.json")(s.docs.Replies(ctx, id, false))
	s.accept(alice, alice.does("Like", s.article(post)))
	s.accept(alice, alice.does("Announce", s.article(post)))
	reply := with(alice.note(s.article(post), "<p>Merci !</p>"), "id", "https://social.example/notes/1")
	s.accept(alice, alice.does("Create", reply))
	s.accept(alice, alice.does("Create", with(alice.note("https://social.example/notes/1", "<p>!</p>"), "id", "https://social.example/notes/2")))
	s.accept(alice, alice.does("Create", with(alice.note(s.article(post), "secret"), "id", "https://social.example/notes/3", "to", s.iris.Actor("gwen"), "cc", nil)))
	keep("create.json")(s.docs.Activity(ctx, s.activityID("Create")))
	s.clock.move(time.Hour)
	s.edit(gwen, post, models.RevisionText{Language: "fr", Title: "Premier jour", Source: "Plus court."})
	s.introduce(gwen)
	s.must(s.outbox.Feature(ctx, gwen, post.ID, true))
	keep("add.json")(s.docs.Activity(ctx, s.activityID("Add")))
	keep("article-edited.json")(s.docs.Article(ctx, id))
	keep("article-unlisted.json")(s.docs.Article(ctx, *s.unlisted(gwen).PublicID))
	keep("person.json")(s.docs.Actor(ctx, "gwen"))
	keep("instance.json")(s.docs.Actor(ctx, InstanceHandle))
	keep("outbox.json")(s.docs.Outbox(ctx, "gwen", false, 0))
	keep("outbox-page.json")(s.docs.Outbox(ctx, "gwen", true, 0))
	keep("followers.json")(s.docs.Followers(ctx, "gwen", false, 0))
	keep("followers-page.json")(s.docs.Followers(ctx, "gwen", true, 0))
	keep("following.json")(s.docs.Following(ctx, "gwen", false, 0))
	keep("following-page.json")(s.docs.Following(ctx, "gwen", true, 0))
	keep("featured.json")(s.docs.Featured(ctx, "gwen"))
	keep("featured-tags.json")(s.docs.FeaturedTags(ctx, "gwen"))
	s.must(s.outbox.Feature(ctx, gwen, post.ID, false))
	keep("remove.json")(s.docs.Activity(ctx, s.activityID("Remove")))
	keep("featured-empty.json")(s.docs.Featured(ctx, "gwen"))
	keep("replies.json")(s.docs.Replies(ctx, id, false))
	keep("replies-page.json")(s.docs.Replies(ctx, id, true))
	keep("likes.json")(s.docs.Reactions(ctx, id, models.ReactionLike))
	keep("shares.json")(s.docs.Reactions(ctx, id, models.ReactionAnnounce))
	keep("conversation.json")(s.docs.Conversation(ctx, id))
	keep("create-edited.json")(s.docs.Activity(ctx, s.activityID("Create")))
	keep("update.json")(s.docs.Activity(ctx, s.activityID("Update")))
	keep("accept.json")(s.docs.Activity(ctx, s.activityID("Accept")))
	s.must(s.outbox.Block(ctx, gwen, models.Block{Domain: "social.example"}))
	keep("reject.json")(s.docs.Activity(ctx, s.activityID("Reject")))
	s.must(s.outbox.Delete(ctx, gwen, post.ID))
	keep("delete.json")(s.docs.Activity(ctx, s.activityID("Delete")))
	keep("tombstone.json")(s.buried(s.docs.Article(ctx, id)))
	keep("tombstone-create.json")(s.buried(s.docs.Activity(ctx, s.activityID("Create"))))
	s.person("olga", models.RoleOwner)
	s.must(s.outbox.DeleteAccount(ctx, "gwen"))
	keep("delete-person.json")([]byte(s.strings("SELECT body FROM activities WHERE type = 'Delete' ORDER BY id DESC")[0]), nil)
	keep("tombstone-person.json")(s.buried(s.docs.Actor(ctx, "gwen")))
	return docs
}

// buried takes the Tombstone out of the answer to what is gone.
func (s *site) buried(_ []byte, err error) ([]byte, error) {
	gone, ok := errors.AsType[*GoneError](err)
	if !ok {
		s.t.Fatalf("not gone: %v", err)
	}
	return gone.Tombstone, nil
}

func (s *site) unlisted(by *models.Account) *models.Post {
	post := s.publish(by, text("Quiet", "Words."))
	s.inTx(func(tx *models.Store) error {
		post.Visibility = models.VisibilityUnlisted
		return tx.Posts.Save(s.ctx(), post)
	})
	return post
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	docs, ids := library(t), names{}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		golden(t, name, ids.plain(docs[name]))
		if strange := undefinedTerms(docs[name]); len(strange) > 0 {
			t.Errorf("%s: a JSON-LD processor drops %v", name, strange)
		}
	}
}

func TestDiscoveryDocuments(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	gwen := s.person("gwen", models.RoleOwner)
	s.publish(gwen, text("A day", "Words."))
	s.inTx(func(tx *models.Store) error { return tx.Settings.Set(s.ctx(), models.SettingSiteName, "Notes") })
	for name, read := range map[string]func() ([]byte, error){
		"webfinger.json":          func() ([]byte, error) { return s.docs.WebFinger(s.ctx(), "acct:gwen@notes.example") },
		"webfinger-instance.json": func() ([]byte, error) { return s.docs.WebFinger(s.ctx(), "acct:instance@notes.example") },
		"host-meta.xml":           func() ([]byte, error) { return s.docs.HostMeta(), nil },
		"nodeinfo.json":           s.docs.NodeInfoLinks,
		"nodeinfo-2.0.json":       func() ([]byte, error) { return s.docs.NodeInfo(s.ctx(), "2.0", "1.2.3", "Notes.", s.clock.now()) },
		"nodeinfo-2.1.json":       func() ([]byte, error) { return s.docs.NodeInfo(s.ctx(), "2.1", "1.2.3", "Notes.", s.clock.now()) },
	} {
		doc, err := read()
		s.must(err)
		golden(t, name, doc)
	}
}

// What Mastodon needs of an Article (reference/mastodon.md 3), whatever it says.
func TestAnArticleShowsWellElsewhere(t *testing.T) {
	t.Parallel()
	docs := library(t)
	for name, edited := range map[string]bool{"article.json": false, "article-edited.json": true, "article-unlisted.json": false} {
		var doc struct {
			Name, Content, Summary, Published, Updated string
			NameMap, ContentMap                        map[string]string
			URL                                        []struct{ Href, MediaType string }
			To, CC                                     []string
			Attachment                                 any
			InteractionPolicy                          map[string]struct{ AutomaticApproval []string }
			Replies                                    struct{ First struct{ Items []string } }
		}
		if err := json.Unmarshal(docs[name], &doc); err != nil {
			t.Fatal(err)
		}
		for language, content := range doc.ContentMap {
			if content != doc.Content || doc.NameMap[language] != doc.Name {
				t.Errorf("%s: the maps say something else than content and name", name)
			}
		}
		switch {
		case len(doc.ContentMap) != 1:
			t.Errorf("%s: no language", name)
		case strings.Contains(doc.Summary, "<a") || strings.Contains(doc.Summary, "<de>"):
			t.Errorf("%s: the summary %s is no escaped paragraph without links", name, doc.Summary)
		case (doc.Updated != "") != edited:
			t.Errorf("%s: updated is %q", name, doc.Updated)
		case doc.Attachment != nil:
			t.Errorf("%s: an attachment takes the place of the card", name)
		case len(doc.URL) == 0 || doc.URL[0].MediaType != "text/html" || !strings.HasPrefix(doc.URL[0].Href, ourBase+"/@gwen/"):
			t.Errorf("%s: url %v", name, doc.URL)
		case len(doc.InteractionPolicy["canQuote"].AutomaticApproval) == 0:
			t.Errorf("%s: Mastodon denies every quote", name)
		case slices.Contains(doc.Replies.First.Items, "https://social.example/notes/3"):
			t.Errorf("%s: lists a private reply", name)
		}
	}
}

func TestWhatIsPrivateIsNotServed(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	post := s.publish(gwen, text("A day", "Words."))
	unfinished := s.draft(gwen, text("Later", "Words."))
	s.inTx(func(tx *models.Store) error {
		_, err := s.outbox.record(s.ctx(), tx, act{typ: "Create", actor: gwen.Actor, object: "x", objectIRI: "x", visibility: models.VisibilityDirect}, s.clock.now())
		return err
	})
	s.inTx(func(tx *models.Store) error {
		post.Visibility = models.VisibilityFollowers
		return tx.Posts.Save(s.ctx(), post)
	})
	private := s.strings("SELECT public_id FROM activities WHERE visibility = 'direct'")[0]
	for name, read := range map[string]func() ([]byte, error){
		"a draft":                    func() ([]byte, error) { return s.docs.Article(s.ctx(), *unfinished.PublicID) },
		"a draft's replies":          func() ([]byte, error) { return s.docs.Replies(s.ctx(), *unfinished.PublicID, true) },
		"a followers-only article":   func() ([]byte, error) { return s.docs.Article(s.ctx(), *post.PublicID) },
		"its conversation":           func() ([]byte, error) { return s.docs.Conversation(s.ctx(), *post.PublicID) },
		"a direct activity":          func() ([]byte, error) { return s.docs.Activity(s.ctx(), private) },
		"an activity that never was": func() ([]byte, error) { return s.docs.Activity(s.ctx(), "AAAAAAAAAAAAAAAAAAAAAA") },
		"nobody":                     func() ([]byte, error) { return s.docs.Actor(s.ctx(), "nobody") },
		"nobody's address":           func() ([]byte, error) { return s.docs.WebFinger(s.ctx(), "acct:nobody@notes.example") },
		"an address elsewhere":       func() ([]byte, error) { return s.docs.WebFinger(s.ctx(), "acct:gwen@other.example") },
	} {
		if doc, err := read(); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %s, %v; want not found", name, doc, err)
		}
	}
	page, err := s.docs.Outbox(s.ctx(), "gwen", true, 0)
	if err != nil || strings.Contains(string(page), *post.PublicID) {
		t.Errorf("the outbox has it: %s, %v", page, err)
	}
}

func TestPagesLeadThroughTheWholeCollection(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	for range 2*outboxPage + 3 {
		s.publish(gwen, text("A day", "Words."))
	}
	for i := range followersPage + 7 {
		s.follow(s.known("https://social.example", "reader"+string(rune('a'+i%26))+strings.Repeat("x", i/26)), gwen)
	}
	walk := func(read func(before int64) ([]byte, error)) (items int) {
		for before := int64(0); ; {
			doc, err := read(before)
			s.must(err)
			var page struct {
				OrderedItems []any
				Next         string
			}
			s.must(json.Unmarshal(doc, &page))
			items += len(page.OrderedItems)
			if page.Next == "" {
				return items
			}
			_, cursor, _ := strings.Cut(page.Next, "&before=")
			s.must(json.Unmarshal([]byte(cursor), &before))
		}
	}
	if n := walk(func(before int64) ([]byte, error) { return s.docs.Outbox(s.ctx(), "gwen", true, before) }); n != 2*outboxPage+3 {
		t.Errorf("the outbox has %d", n)
	}
	if n := walk(func(before int64) ([]byte, error) { return s.docs.Followers(s.ctx(), "gwen", true, before) }); n != followersPage+7 {
		t.Errorf("%d followers", n)
	}
}
