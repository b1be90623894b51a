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

// Whoever asks to quote what they may not read learns no more than of what isn't there; who
// may read it is told that it isn't to be quoted.
func TestWhatOneMayNotReadIsNotThereToBeQuoted(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	q := &quoteTest{k.site, k.gwen, k.alice, k.post}
	words := text("Between us", "Words.")
	words.Visibility = models.VisibilityFollowers
	forFollowers := q.publish(q.gwen, words)
	forAlice := k.answer(q.gwen, k.said(q.alice, k.article(k.post), "For gwen", "to", []any{q.iris.Actor("gwen")}, "cc", nil), "For alice.")
	q.accept(q.alice, q.alice.does("Follow", q.iris.Actor("gwen")))
	follower, stranger, waiting := q.known("https://other.example", "follower"), q.known("https://other.example", "stranger"), q.known("https://other.example", "waiting")
	q.accept(follower, follower.does("Follow", q.iris.Actor("gwen")))
	_, err := q.raw.Exec("UPDATE actors SET locked = TRUE WHERE handle_lc = 'gwen'")
	q.must(err)
	q.accept(waiting, waiting.does("Follow", q.iris.Actor("gwen")))
	granted := q.count("activities WHERE type = 'Accept'")
	for _, post := range []*models.Post{forFollowers, forAlice} {
		q.post = post
		for _, by := range []*remote{stranger, waiting, follower, q.alice} {
			q.accept(by, q.asks(by))
		}
	}
	want := []string{follower.id + "/inbox", q.alice.id + "/inbox", q.alice.id + "/inbox"}
	if got := q.told("Reject"); !slices.Equal(got, want) {
		t.Errorf("refused were %q, want %q, who may read what they ask for", got, want)
	}
	if q.count("activities WHERE type = 'Accept'") != granted || q.count("quotes") != 0 {
		t.Error("somebody may quote it")
	}
}

// What quotes an article in private is known to quote it; its words are for those whom it is for.
func TestWhatQuotesInPrivateIsNotShown(t *testing.T) {
	t.Parallel()
	q := newQuoteTest(t, models.QuotesOpen)
	request := q.asks(q.alice)
	private := with(request["instrument"].(map[string]any), "to", []any{q.alice.id + "/followers"}, "cc", []any{})
	q.accept(q.alice, with(request, "instrument", private))
	quotes, err := q.store.Quotes.Of(q.ctx(), q.post.ID)
	if err != nil || len(quotes) != 1 || quotes[0].Excerpt != "" || quotes[0].URL != private["id"] {
		t.Errorf("quotes %+v, %v", quotes, err)
	}
}
