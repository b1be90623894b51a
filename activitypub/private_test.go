package activitypub

import (
	"errors"
	"slices"
	"testing"
	"time"

	"confnotes/models"
)

// What is sent to one of ours alone is told to nobody else, though it stands under their
// article, and stays untold when it becomes private later.
func TestWhatIsPrivateIsToldOnlyToThoseItIsFor(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ida, hugo := k.person("ida", models.RoleAuthor), k.person("hugo", models.RoleOwner)
	private := k.said(k.alice, k.article(k.post), "About gwen", "to", []any{k.iris.Actor("ida")}, "cc", nil)
	if got := k.news(k.gwen); len(got) != 0 {
		t.Errorf("gwen, whom it wasn't sent to, is told %q", got)
	}
	if got := k.news(ida); !slices.Equal(got, []string{"alice mention"}) {
		t.Errorf("ida is told %q", got)
	}
	k.answer(ida, private, "Indeed.")
	k.must(k.outbox.React(k.ctx(), ida, private, models.ReactionLike))
	if got := append(k.news(k.gwen), k.news(hugo)...); len(got) != 0 {
		t.Errorf("of the answer in private others are told %q", got)
	}
	open := k.alice.note(k.article(k.post), "For all")
	k.accept(k.alice, k.alice.does("Create", open))
	if got := k.news(k.gwen); !slices.Equal(got, []string{"alice reply"}) {
		t.Errorf("of a public reply gwen is told %q", got)
	}
	k.clock.move(time.Hour)
	hidden := with(open, "to", []any{k.iris.Actor("ida")}, "cc", nil, "content", "For ida now", "updated", k.clock.now().Format(time.RFC3339))
	k.accept(k.alice, k.alice.does("Update", hidden))
	if got := k.news(k.gwen); len(got) != 0 {
		t.Errorf("of what was taken from her sight gwen is told %q", got)
	}
	if n, err := k.store.Notifications.CountNew(k.ctx(), k.gwen.ID); err != nil || n != 0 {
		t.Errorf("%d are counted, %v", n, err)
	}
}

// A like says that what was liked exists: of a private reply only its author hears.
func TestALikeOfWhatIsPrivateIsPrivate(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	private := k.said(k.alice, k.article(k.post), "For gwen", "to", []any{k.iris.Actor("gwen")}, "cc", nil)
	k.must(k.outbox.React(k.ctx(), k.gwen, private, models.ReactionLike))
	k.must(k.outbox.Unreact(k.ctx(), k.gwen, private, models.ReactionLike))
	for _, typ := range []string{"Like", "Undo"} {
		id := k.strings("SELECT public_id FROM activities WHERE type = ?", typ)[0]
		if body, err := k.docs.Activity(k.ctx(), id); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("anybody reads the %s: %s, %v", typ, body, err)
		}
	}
}

// An Undo is for those who got what it takes back.
func TestAnUndoIsAddressedAsWhatItTakesBack(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	liked := k.said(k.alice, k.article(k.post), "How?")
	for _, typ := range []string{models.ReactionLike, models.ReactionAnnounce} {
		k.must(k.outbox.React(k.ctx(), k.gwen, liked, typ))
		k.must(k.outbox.Unreact(k.ctx(), k.gwen, liked, typ))
		sent, undo := k.last(typ), k.last("Undo")
		for _, field := range []string{"to", "cc"} {
			if got, want := string(toJSON(undo[field])), string(toJSON(sent[field])); got != want {
				t.Errorf("the Undo of a %s has %s %s, want %s", typ, field, got, want)
			}
		}
	}
}
