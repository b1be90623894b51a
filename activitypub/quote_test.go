package activitypub

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// quoteTest is an article of gwen's, and alice, who wants to quote it.
type quoteTest struct {
	*site
	gwen  *models.Account
	alice *remote
	post  *models.Post
}

func newQuoteTest(t *testing.T, quotes string) *quoteTest {
	t.Helper()
	s := newSite(t)
	q := &quoteTest{site: s, gwen: s.person("gwen", models.RoleOwner), alice: s.known("https://social.example", "alice")}
	words := text("Day one", "Words.")
	words.Quotes = quotes
	q.post = s.publish(q.gwen, words)
	return q
}

// asks is the request to quote, as Mastodon sends it.
func (q *quoteTest) asks(by *remote) map[string]any {
	note := with(by.note("", "<p>Read this</p>"), "inReplyTo", nil, "quote", q.iris.Post(q.post))
	return with(by.does("QuoteRequest", q.iris.Post(q.post)), "instrument", note)
}

// answers returns the activities of a type that were sent to alice's own inbox.
func (q *quoteTest) answers(typ string) (found []map[string]any) {
	q.t.Helper()
	rows, err := q.raw.Query("SELECT a.body FROM activities a JOIN deliveries d ON d.activity_id = a.id WHERE a.type = ? AND d.inbox = ? ORDER BY a.id", typ, q.alice.id+"/inbox")
	q.must(err)
	defer rows.Close()
	for rows.Next() {
		var body []byte
		var doc map[string]any
		q.must(rows.Scan(&body))
		q.must(json.Unmarshal(body, &doc))
		found = append(found, doc)
	}
	q.must(rows.Err())
	return found
}

func (q *quoteTest) authorization(accept map[string]any) (map[string]any, error) {
	q.t.Helper()
	iri, _ := accept["result"].(string)
	id, ours := strings.CutPrefix(iri, q.iris.Base()+"/quotes/")
	if !ours {
		q.t.Fatalf("the result is %q", iri)
	}
	body, err := q.docs.Quote(q.ctx(), id)
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	return doc, json.Unmarshal(body, &doc)
}

// TestAQuoteIsAskedForGrantedAndWithdrawn, as FEP-044f has it: the Accept carries the
// request by its id and names an authorization that says who quotes what.
func TestAQuoteIsAskedForGrantedAndWithdrawn(t *testing.T) {
	t.Parallel()
	q := newQuoteTest(t, models.QuotesOpen)
	request := q.asks(q.alice)
	q.accept(q.alice, request)
	q.accept(q.alice, request)
	accepts := q.answers("Accept")
	if len(accepts) != 1 {
		t.Fatalf("%d Accepts, want one", len(accepts))
	}
	object, _ := accepts[0]["object"].(map[string]any)
	quoting := request["instrument"].(map[string]any)["id"]
	if object["id"] != request["id"] || object["type"] != "QuoteRequest" || object["instrument"] != quoting || object["object"] != q.iris.Post(q.post) {
		t.Errorf("the Accept is of %v", object)
	}
	doc, err := q.authorization(accepts[0])
	q.must(err)
	if doc["type"] != "QuoteAuthorization" || doc["id"] != accepts[0]["result"] || doc["attributedTo"] != q.iris.Actor("gwen") ||
		doc["interactingObject"] != quoting || doc["interactionTarget"] != q.iris.Post(q.post) {
		t.Errorf("the authorization says %v", doc)
	}
	if lost := undefinedTerms(toJSON(doc)); len(lost) > 0 {
		t.Errorf("a JSON-LD processor drops %v of it", lost)
	}
	if n := q.count("notifications WHERE kind = 'quote'"); n != 1 {
		t.Errorf("%d notifications, want one", n)
	}
	quotes, err := q.store.Quotes.Of(q.ctx(), q.post.ID)
	if err != nil || len(quotes) != 1 || quotes[0].Excerpt != "Read this" {
		t.Fatalf("quotes %v, %v", quotes, err)
	}
	q.must(q.outbox.WithdrawQuote(q.ctx(), q.post, quotes[0].ID))
	var gone *GoneError
	if _, err := q.authorization(accepts[0]); !errors.As(err, &gone) {
		t.Errorf("withdrawn, the authorization answers %v", err)
	}
	deletes := q.answers("Delete")
	if len(deletes) != 1 || deletes[0]["object"].(map[string]any)["id"] != accepts[0]["result"] {
		t.Errorf("sent %v", deletes)
	}
	// Asked again, it stays withdrawn.
	q.accept(q.alice, with(request, "id", "https://social.example/again"))
	if rejects := q.answers("Reject"); len(rejects) != 1 || len(q.answers("Accept")) != 1 {
		t.Errorf("a withdrawn quote was answered %v", rejects)
	}
}

func TestWhoMayQuoteIsTheAuthorsChoice(t *testing.T) {
	t.Parallel()
	follows := func(q *quoteTest) { q.accept(q.alice, q.alice.does("Follow", q.iris.Actor("gwen"))) }
	unlist := func(q *quoteTest) {
		_, err := q.raw.Exec("UPDATE posts SET visibility = 'followers' WHERE id = ?", q.post.ID)
		q.must(err)
	}
	for name, tt := range map[string]struct {
		policy  string
		before  func(*quoteTest)
		granted bool
	}{
		"everyone": {models.QuotesOpen, nil, true}, "nobody": {models.QuotesClosed, nil, false}, "nobody, not a follower either": {models.QuotesClosed, follows, false},
		"followers: a stranger": {models.QuotesFollowers, nil, false}, "followers: one of them": {models.QuotesFollowers, follows, true},
		"what is for followers alone, by one of them": {models.QuotesOpen, func(q *quoteTest) { follows(q); unlist(q) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQuoteTest(t, tt.policy)
			if tt.before != nil {
				tt.before(q)
			}
			before := len(q.answers("Accept"))
			q.accept(q.alice, q.asks(q.alice))
			accepts, rejects := len(q.answers("Accept"))-before, len(q.answers("Reject"))
			if tt.granted && (accepts != 1 || rejects != 0) || !tt.granted && (accepts != 0 || rejects != 1 || q.count("notifications WHERE kind = 'quote'") != 0) {
				t.Errorf("%d Accepts, %d Rejects", accepts, rejects)
			}
		})
	}
}

// TestAForgedQuoteRequestChangesNothing: nobody is granted a quote in another's name.
func TestAForgedQuoteRequestChangesNothing(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(q *quoteTest, r map[string]any) map[string]any{
		"with a post on another host": func(q *quoteTest, r map[string]any) map[string]any {
			return with(r, "instrument", with(r["instrument"].(map[string]any), "id", "https://other.example/notes/1"))
		},
		"with somebody else's post": func(q *quoteTest, r map[string]any) map[string]any {
			return with(r, "instrument", with(r["instrument"].(map[string]any), "attributedTo", "https://social.example/users/bob"))
		},
		"with a post of ours": func(q *quoteTest, r map[string]any) map[string]any { return with(r, "instrument", q.iris.Post(q.post)) },
		"without a post":      func(_ *quoteTest, r map[string]any) map[string]any { return with(r, "instrument", nil) },
		"without an id":       func(_ *quoteTest, r map[string]any) map[string]any { return with(r, "id", nil) },
		"of nothing of ours": func(_ *quoteTest, r map[string]any) map[string]any {
			return with(r, "object", "https://notes.example/articles/AAAAAAAAAAAAAAAAAAAAAA")
		},
		"of a person": func(q *quoteTest, r map[string]any) map[string]any { return with(r, "object", q.iris.Actor("gwen")) },
		"by somebody blocked": func(q *quoteTest, r map[string]any) map[string]any {
			q.must(q.outbox.Block(q.ctx(), q.gwen, models.Block{AccountID: q.gwen.ID, Domain: "social.example"}))
			return r
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQuoteTest(t, models.QuotesOpen)
			q.accept(q.alice, forge(q, q.asks(q.alice)))
			if q.count("quotes") != 0 || len(q.answers("Accept")) != 0 || q.count("notifications") != 0 {
				t.Error("it had an effect")
			}
		})
	}
}

// TestAQuoteThatNobodyAskedForIsTold: Misskey and others quote by a link alone. It is listed,
// and authorizes nothing until its server asks.
// TestAClaimDoesNotStandAgainstTheAuthor: somebody on the same server may ask to quote in a
// post that isn't theirs, by its id alone; its author's own request and reply go on.
func TestAClaimDoesNotStandAgainstTheAuthor(t *testing.T) {
	t.Parallel()
	for name, own := range map[string]func(q *quoteTest, note map[string]any){
		"asks": func(q *quoteTest, note map[string]any) {
			q.accept(q.alice, with(q.alice.does("QuoteRequest", q.iris.Post(q.post)), "instrument", note))
		},
		"tells us": func(q *quoteTest, note map[string]any) { q.accept(q.alice, q.alice.does("Create", note)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQuoteTest(t, models.QuotesOpen)
			mallory := q.known("https://social.example", "mallory")
			note := with(q.alice.note(q.iris.Post(q.post), "<p>Read this</p>"), "quote", q.iris.Post(q.post))
			q.accept(mallory, with(mallory.does("QuoteRequest", q.iris.Post(q.post)), "instrument", note["id"]))
			own(q, note)
			if got := q.strings("SELECT a.handle FROM quotes q JOIN actors a ON a.id = q.actor_id"); len(got) != 1 || got[0] != "alice" {
				t.Errorf("who quotes: %v, want alice", got)
			}
			if name == "tells us" && q.count("posts WHERE kind = 'reply'") != 1 {
				t.Error("alice's reply is lost")
			}
		})
	}
}

func TestAQuoteThatNobodyAskedForIsTold(t *testing.T) {
	t.Parallel()
	for _, term := range []string{"quote", "quoteUrl", "quoteUri", "_misskey_quote"} {
		t.Run(term, func(t *testing.T) {
			t.Parallel()
			q := newQuoteTest(t, models.QuotesOpen)
			note := with(q.alice.note("", "<p>Read this</p>"), "inReplyTo", nil, term, q.iris.Post(q.post))
			q.accept(q.alice, q.alice.does("Create", note))
			quotes, err := q.store.Quotes.Of(q.ctx(), q.post.ID)
			if err != nil || len(quotes) != 1 || quotes[0].State != models.QuoteUnasked || q.count("notifications WHERE kind = 'quote'") != 1 {
				t.Fatalf("quotes %+v, %v", quotes, err)
			}
			if _, err := q.docs.Quote(q.ctx(), quotes[0].PublicID); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("it is authorized: %v", err)
			}
			q.accept(q.alice, with(q.alice.does("QuoteRequest", q.iris.Post(q.post)), "instrument", note["id"]))
			if _, err := q.docs.Quote(q.ctx(), quotes[0].PublicID); err != nil {
				t.Errorf("asked for afterwards: %v", err)
			}
			mallory := q.known("https://social.example", "mallory")
			q.accept(mallory, mallory.does("Delete", note["id"]))
			if q.count("quotes") != 1 {
				t.Error("somebody else took it away")
			}
			q.accept(q.alice, q.alice.does("Delete", note["id"]))
			if q.count("quotes") != 0 {
				t.Error("it outlives its post")
			}
		})
	}
	q := newQuoteTest(t, models.QuotesOpen)
	private := with(q.alice.note("", "<p>Read this</p>"), "inReplyTo", nil, "quote", q.iris.Post(q.post), "to", []any{q.alice.id + "/followers"}, "cc", []any{})
	q.accept(q.alice, q.alice.does("Create", private))
	if q.count("quotes") != 0 {
		t.Error("a private quote is listed")
	}
}

// TestAnEditMayAddAQuote tells the author, once: not again of what they withdrew.
func TestAnEditMayAddAQuote(t *testing.T) {
	t.Parallel()
	q := newQuoteTest(t, models.QuotesOpen)
	note := with(q.alice.note("", "<p>Read this</p>"), "inReplyTo", nil)
	q.accept(q.alice, q.alice.does("Create", note))
	if q.count("quotes") != 0 {
		t.Error("it quotes before it does")
	}
	quoting := with(note, "quote", q.iris.Post(q.post), "updated", q.clock.now().Add(time.Minute).Format(time.RFC3339))
	told := func() (n int) { return q.count("notifications WHERE kind = 'quote'") }
	q.accept(q.alice, q.alice.does("Update", quoting))
	quotes, err := q.store.Quotes.Of(q.ctx(), q.post.ID)
	if err != nil || len(quotes) != 1 || told() != 1 {
		t.Fatalf("after the edit there are %+v, %v; the author is told %d times", quotes, err, told())
	}
	q.must(q.outbox.WithdrawQuote(q.ctx(), q.post, quotes[0].ID))
	q.accept(q.alice, q.alice.does("Update", with(quoting, "updated", q.clock.now().Add(2*time.Minute).Format(time.RFC3339))))
	if told() != 0 {
		t.Error("the author is told of what they withdrew")
	}
}

// TestQuotesEndWithWhoMadeThem: by a block, and with an account.
func TestQuotesEndWithWhoMadeThem(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(q *quoteTest){
		"blocked": func(q *quoteTest) {
			q.must(q.outbox.Block(q.ctx(), q.gwen, models.Block{AccountID: q.gwen.ID, ActorID: q.actorOf(q.alice).ID}))
		},
		"its server blocked": func(q *quoteTest) { q.must(q.outbox.Block(q.ctx(), q.gwen, models.Block{Domain: "social.example"})) },
		"gone":               func(q *quoteTest) { q.accept(q.alice, q.alice.does("Delete", q.alice.id)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQuoteTest(t, models.QuotesOpen)
			q.accept(q.alice, q.asks(q.alice))
			if len(q.answers("Accept")) != 1 {
				t.Fatal("not granted")
			}
			end(q)
			if q.count("quotes") != 0 {
				t.Error("it outlives who made it")
			}
		})
	}
	q := newQuoteTest(t, models.QuotesOpen)
	q.accept(q.alice, q.asks(q.alice))
	accept := q.answers("Accept")[0]
	q.must(q.outbox.Delete(q.ctx(), q.gwen, q.post.ID))
	var gone *GoneError
	if _, err := q.authorization(accept); !errors.As(err, &gone) {
		t.Errorf("of a deleted article the authorization answers %v", err)
	}
}
