package activitypub

import (
	"encoding/json"
	"testing"

	"confnotes/models"
)

// thread is what one document says that it belongs to.
type thread struct {
	Conversation, Context, AttributedTo string
	OrderedItems                        []string
}

func threadOf(t *testing.T, doc []byte, err error) (at thread) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(doc, &at); err != nil {
		t.Fatal(err)
	}
	return at
}

// What belongs to a conversation names a collection that can be read, and whose it is
// (FEP-7888); answers elsewhere copy it.
func TestAConversationIsACollectionThatItsPartsName(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	ctx := t.Context()
	n.follow()
	n.exchange()
	article := n.home.publish(n.gwen, text("Why WAL", "*WAL* wins."))
	n.exchange()
	asked, err := n.away.outbox.Answer(ctx, Answer{Account: n.priya, To: n.copyOf(article), ClientID: newClientID(), Source: "Always?", Language: "en"})
	n.away.must(err)
	n.exchange()
	question, err := n.home.store.Posts.ByURI(ctx, n.away.iris.Post(asked.Post))
	n.home.must(err)
	answer, err := n.home.outbox.Answer(ctx, Answer{Account: n.gwen, To: question, ClientID: newClientID(), Source: "Nearly.", Language: "en"})
	n.home.must(err)
	id := n.home.iris.Conversation(*article.PublicID)
	for name, read := range map[string]func() ([]byte, error){
		"the article":         func() ([]byte, error) { return n.home.docs.Article(ctx, *article.PublicID) },
		"an answer elsewhere": func() ([]byte, error) { return n.away.docs.Note(ctx, *asked.Post.PublicID) },
		"an answer here":      func() ([]byte, error) { return n.home.docs.Note(ctx, *answer.Post.PublicID) },
	} {
		doc, err := read()
		if got := threadOf(t, doc, err); got.Context != id || got.Conversation != id {
			t.Errorf("%s belongs to %+v, want %s", name, got, id)
		}
	}
	doc, err := n.home.docs.Conversation(ctx, *article.PublicID)
	got := threadOf(t, doc, err)
	want := []string{n.home.iris.Post(article), n.home.iris.Post(question), n.home.iris.Post(answer.Post)}
	n.home.same("the conversation", got.OrderedItems, want...)
	if got.AttributedTo != n.home.iris.Actor("gwen") {
		t.Errorf("the conversation is %q's", got.AttributedTo)
	}
}

// Mastodon's `conversation` can be a tag: URI; its `context` can be read.
func TestAnAnswerKeepsBothNamesOfAThreadElsewhere(t *testing.T) {
	t.Parallel()
	const conversation, readable = "tag:social.example,2026:objectId=1:objectType=Conversation", "https://social.example/contexts/1"
	for name, c := range map[string]struct{ context, want any }{
		"a URL": {readable, readable}, "an object": {map[string]any{"id": readable, "type": "Collection"}, readable}, "no URL": {"tag:social.example,2026:x", ""}, "none": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, gwen := author(t)
			alice := s.known("https://social.example", "alice")
			s.inTx(func(tx *models.Store) error {
				return tx.Follows.Put(s.ctx(), &models.Follow{FollowerID: gwen.ActorID, TargetID: s.actorOf(alice).ID, URI: "https://notes.example/activities/1", State: models.FollowAccepted, CreatedAt: s.clock.now()})
			})
			s.accept(alice, alice.does("Create", with(alice.note("", "<p>Long.</p>"), "id", "https://social.example/articles/1", "type", "Article", "inReplyTo", nil,
				"conversation", conversation, "context", c.context)))
			root, err := s.store.Posts.ByURI(s.ctx(), "https://social.example/articles/1")
			s.must(err)
			done, err := s.outbox.Answer(s.ctx(), Answer{Account: gwen, To: root, ClientID: newClientID(), Source: "Thanks.", Language: "en"})
			s.must(err)
			doc, err := s.docs.Note(s.ctx(), *done.Post.PublicID)
			if got := threadOf(t, doc, err); got.Conversation != conversation || got.Context != c.want {
				t.Errorf("the answer belongs to %+v", got)
			}
		})
	}
}
