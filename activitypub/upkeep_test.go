package activitypub

import (
	"context"
	"testing"
	"time"

	"confnotes/internal/richtext"
	"confnotes/models"
)

func (s *site) upkeep() {
	s.t.Helper()
	s.must(NewUpkeep(s.store, s.outbox, s.inbox.log, s.clock.now).round(s.ctx()))
}

// What older rules rendered is rendered again from its source. Readers see it; nobody
// is told, as nothing was edited.
func TestOldHTMLIsRenderedAgain(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	note := k.alice.note(k.article(k.post), "<p>hi <em>there</em></p>")
	k.accept(k.alice, k.alice.does("Create", note))
	gone := k.alice.note(k.article(k.post), "<p>gone</p>")
	k.accept(k.alice, k.alice.does("Create", gone))
	k.accept(k.alice, k.alice.does("Delete", gone["id"]))
	before := k.dump()
	_, err := k.raw.Exec("UPDATE posts SET html = 'old', render_version = ? WHERE state = 'published'", richtext.Version-1)
	k.must(err)
	k.upkeep()
	if k.dump() != before {
		t.Errorf("rendered again it is something else:\n%s\nit was\n%s", k.dump(), before)
	}
}

func TestWhatWasReceivedIsForgottenWhenItCannotBeReplayed(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.accept(k.alice, k.alice.does("Like", k.article(k.post)))
	k.clock.move(seenLife - time.Hour)
	k.upkeep()
	if k.count("inbox_seen") != 1 {
		t.Error("forgotten too soon")
	}
	k.clock.move(2 * time.Hour)
	k.upkeep()
	if k.count("inbox_seen") != 0 || k.count("reactions") != 1 {
		t.Error("remembered for ever, or what it did is forgotten with it")
	}
}

func TestWhatNeedNotBeRememberedIsForgotten(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	here := k.alice.note(k.article(k.post), "hi")
	k.accept(k.alice, k.alice.does("Create", here))
	k.accept(k.alice, k.alice.does("Delete", here["id"]))
	k.accept(k.alice, k.alice.does("Delete", "https://social.example/notes/never-here"))
	_, err := k.raw.Exec(`INSERT INTO lanes (host, failures, dead_at) VALUES ('idle.example', 0, NULL), ('dead.example', 5, '2026-06-01 00:00:00+00:00')`)
	k.must(err)
	k.clock.move(seenLife + time.Hour)
	k.upkeep()
	if k.count("tombstones") != 1 || k.count("tombstones WHERE uri = ?", here["id"]) != 1 {
		t.Errorf("tombstones of %v are left, want that of the reply that was here", k.strings("SELECT uri FROM tombstones"))
	}
	if got := k.strings("SELECT host FROM lanes"); len(got) != 1 || got[0] != "dead.example" {
		t.Errorf("lanes %v are left, want the one with a breaker to remember", got)
	}
}

func TestPreviewShowsWhatPublishingWould(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.known("https://social.example", "alice")
	in := text("A day", "Hello @alice@social.example and @nobody, #Go")
	before := s.dump()
	preview, err := s.outbox.Preview(s.ctx(), &models.Account{}, 0, models.About{}, in)
	s.must(err)
	if s.dump() != before {
		t.Error("a preview changed the database")
	}
	if post := s.publish(gwen, in); post.HTML != preview.HTML || len(preview.Unresolved) != 1 || preview.Unresolved[0] != "@nobody" {
		t.Errorf("published %s\npreviewed %s, unresolved %v", post.HTML, preview.HTML, preview.Unresolved)
	}
	if v := s.strings("SELECT COUNT(*) FROM posts WHERE visibility = ?", models.VisibilityPublic); v[0] != "1" {
		t.Error("the article is not public")
	}
}

// A stop that comes at once, before the first look, is a stop like any other.
func TestStoppedAtOnceNothingFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	over, stop := context.WithCancel(s.ctx())
	stop()
	for name, run := range map[string]func(context.Context) error{
		"courier": s.courier.Run, "errands": s.errands.Run, "upkeep": NewUpkeep(s.store, s.outbox, s.inbox.log, s.clock.now).Run,
	} {
		if err := run(over); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
