package activitypub

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// climbing is a thread under an article of ours that we know the end of alone: each part
// is on a server of its own, and its author was never heard of.
type climbing struct {
	*talk
	peers []*peer
	notes []map[string]any // from the top
}

func newClimbing(t *testing.T, length int) *climbing {
	c := &climbing{talk: newTalk(t)}
	parent := c.article(c.post)
	for i := range length {
		p := newPeer(t)
		author := p.actor(fmt.Sprintf("author%d", i))
		note := author.note(parent, fmt.Sprintf("part %d", i))
		p.serve(note["id"].(string), note)
		c.peers, c.notes = append(c.peers, p), append(c.notes, note)
		parent = note["id"].(string)
	}
	return c
}

// end has alice answer the lowest part, naming gwen.
func (c *climbing) end() map[string]any {
	return with(c.alice.note(c.notes[len(c.notes)-1]["id"].(string), "the end"), "to", []any{vocab.Public, c.iris.Actor("gwen")})
}

func (c *climbing) asked(i int) int { return c.peers[i].askedFor(c.notes[i]["id"].(string)) }

func (c *climbing) work() { c.t.Helper(); c.runErrands() }

func TestTheMissingPartOfAThreadIsFetched(t *testing.T) {
	t.Parallel()
	c := newClimbing(t, 4)
	end := c.end()
	c.accept(c.alice, c.alice.does("Create", end))
	for i := range c.notes {
		if c.asked(i) != 0 {
			t.Fatal("something was fetched before the answer")
		}
	}
	c.work()
	if got := c.replies(models.Viewer{}); len(got) != 5 {
		t.Fatalf("the thread has %q, want all five", got)
	}
	above := c.post.ID
	for _, n := range append(c.notes, end) {
		p := c.reply(n)
		if *p.InReplyToID != above || *p.RootID != c.post.ID {
			t.Errorf("%s stands under %d, want %d", p.HTML, *p.InReplyToID, above)
		}
		above = p.ID
	}
	if n := c.count("jobs"); n != 0 {
		t.Errorf("%d jobs are left", n)
	}
}

// Two deliveries side by side may come in either order.
func TestAReplyThatCameBeforeItsParentFindsItByItsConversation(t *testing.T) {
	t.Parallel()
	for _, property := range []string{"conversation", "context"} {
		c := newClimbing(t, 2)
		below := newRemote(c.peers[1].base, "author1")
		c.accept(below, below.does("Create", with(c.notes[1], property, c.iris.Conversation(*c.post.PublicID))))
		if got := c.replies(models.Viewer{}); len(got) != 0 {
			t.Errorf("before its parent %q stand", got)
		}
		c.work()
		if got := c.replies(models.Viewer{}); len(got) != 2 {
			t.Errorf("by its %s the thread has %q, want both", property, got)
		}
	}
	c := newClimbing(t, 1)
	stray := with(c.alice.note(c.notes[0]["id"].(string), "of another thread"), "conversation", "https://far.example/contexts/1")
	c.accept(c.alice, c.alice.does("Create", stray))
	if n := c.count("jobs"); n != 0 {
		t.Errorf("%d jobs look for a thread of others", n)
	}
}

func TestAKnownPartInTheMiddleIsNotFetchedAgain(t *testing.T) {
	t.Parallel()
	c := newClimbing(t, 3)
	middle := newRemote(c.peers[1].base, "author1")
	c.accept(middle, middle.does("Create", with(c.notes[1], "to", []any{vocab.Public, c.iris.Actor("gwen")})))
	c.accept(c.alice, c.alice.does("Create", c.end()))
	c.work() // both look upwards, side by side
	if got := c.replies(models.Viewer{}); len(got) != 4 || c.asked(1) != 0 || c.asked(0) > 2 || c.asked(2) != 1 {
		t.Errorf("the thread has %q; asked %d, %d and %d times", got, c.asked(0), c.asked(1), c.asked(2))
	}
}

func TestThreadsThatAreNotFetchedIn(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(c *climbing){
		"one that leads elsewhere": func(c *climbing) {
			c.peers[0].serve(c.notes[0]["id"].(string), with(c.notes[0], "inReplyTo", nil))
		},
		"one that leads to nothing of ours": func(c *climbing) {
			c.peers[0].serve(c.notes[0]["id"].(string), with(c.notes[0], "inReplyTo", c.iris.Article("AAAAAAAAAAAAAAAAAAAAAA")))
		},
		"a circle": func(c *climbing) {
			c.peers[0].serve(c.notes[0]["id"].(string), with(c.notes[0], "inReplyTo", c.notes[1]["id"]))
		},
		"a part that is gone": func(c *climbing) { c.peers[0].status(c.notes[0]["id"].(string), http.StatusGone) },
		"a part of another's": func(c *climbing) {
			c.peers[0].serve(c.notes[0]["id"].(string), with(c.notes[0], "attributedTo", c.peers[1].base+"/users/author1"))
		},
		"a part for followers": func(c *climbing) {
			c.peers[0].serve(c.notes[0]["id"].(string), with(c.notes[0], "to", []any{c.peers[0].base + "/users/author0/followers"}, "cc", nil))
		},
		"a page": func(c *climbing) {
			c.peers[0].handle(c.notes[0]["id"].(string), func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) })
		},
		"a part that was deleted here": func(c *climbing) {
			author := newRemote(c.peers[0].base, "author0")
			c.accept(author, author.does("Delete", c.notes[0]["id"]))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClimbing(t, 2)
			spoil(c)
			c.accept(c.alice, c.alice.does("Create", c.end()))
			c.work()
			if got := c.replies(models.ViewerOf(c.gwen)); len(got) != 0 {
				t.Errorf("the thread has %q", got)
			}
			if posts, jobs := c.count("posts WHERE kind = 'reply'"), c.count("jobs"); posts != 1 || jobs != 0 {
				t.Errorf("%d replies are stored, want alice's alone; %d jobs are left", posts, jobs)
			}
		})
	}
}

func TestABlockedServerIsNotAskedForAncestors(t *testing.T) {
	t.Parallel()
	c := newClimbing(t, 1)
	c.must(c.outbox.Block(c.ctx(), c.gwen, models.Block{Domain: vocab.Hostname(c.peers[0].base)}))
	c.accept(c.alice, c.alice.does("Create", c.end()))
	c.work()
	if c.asked(0) != 0 || c.count("jobs") != 0 {
		t.Errorf("asked %d times, %d jobs are left", c.asked(0), c.count("jobs"))
	}
}

func TestHowFarUpIsBounded(t *testing.T) {
	t.Parallel()
	for length, want := range map[int]int{maxHops - 1: maxHops, maxHops + 2: 0} {
		k := newTalk(t)
		p := newPeer(t)
		author := p.actor("ben")
		parent := k.article(k.post)
		for range length {
			note := author.note(parent, "part")
			parent = note["id"].(string)
			p.serve(parent, note)
		}
		k.accept(k.alice, k.alice.does("Create", with(k.alice.note(parent, "the end"), "to", []any{vocab.Public, k.iris.Actor("gwen")})))
		k.runErrands()
		if got := len(k.replies(models.Viewer{})); got != want || k.count("jobs") != 0 {
			t.Errorf("of a thread of %d: %d replies, want %d", length, got, want)
		}
	}
}

func TestOneHostIsAskedForFewAncestorsAtATime(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	p := newPeer(t)
	ben := p.actor("ben")
	var all []string
	for i := range hostBudget + 10 {
		note := ben.note(k.article(k.post), "part")
		id := note["id"].(string)
		p.serve(id, note)
		all = append(all, id)
		k.accept(k.alice, k.alice.does("Create", with(k.alice.note(id, fmt.Sprint(i)), "to", []any{vocab.Public, k.iris.Actor("gwen")})))
	}
	asked := func() (n int) {
		for _, id := range all {
			n += p.askedFor(id)
		}
		return n
	}
	k.runErrands()
	if n := asked(); n != hostBudget {
		t.Errorf("asked %d times at once, want %d", n, hostBudget)
	}
	k.clock.move(time.Hour)
	k.runErrands()
	if n := asked(); n != len(all) || len(k.replies(models.Viewer{})) != 2*len(all) {
		t.Errorf("later: asked %d times, the thread has %d", n, len(k.replies(models.Viewer{})))
	}
}

func TestAForwardedReplyToSomethingUnknownFindsItsThread(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		known bool // who passes it on follows one of ours
		names bool // it names one of ours
		want  int
	}{
		"by somebody known":                   {true, false, 3},
		"by a stranger, naming one of ours":   {false, true, 3},
		"by a stranger, with nothing of ours": {false, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClimbing(t, 2)
			p := newPeer(t)
			ben := p.actor("ben")
			note := ben.note(c.notes[1]["id"].(string), "what ben says")
			if tt.names {
				note["cc"] = []any{c.iris.Actor("gwen")}
			}
			p.serve(note["id"].(string), note)
			relay := c.known("https://relay.example", "relay")
			if tt.known {
				c.accept(relay, relay.does("Follow", c.iris.Actor("gwen")))
			}
			c.send(relay, with(ben.does("Create", with(note, "content", "what the relay says")), "signature", ldSignature))
			c.work()
			got := c.replies(models.Viewer{})
			if len(got) != tt.want || slices.Contains(got, "what the relay says") || c.count("jobs") != 0 {
				t.Errorf("the thread has %q", got)
			}
		})
	}
}

// A reply to something unknown must not slip in under an article that doesn't take it.
func TestWhatIsAdoptedMeetsTheArticlesPolicy(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]string{models.RepliesOpen: models.ModerationShown, models.RepliesFollowers: models.ModerationHidden, models.RepliesClosed: models.ModerationHidden} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			c := newClimbing(t, 1)
			first := newRemote(c.peers[0].base, "author0")
			c.accept(first, first.does("Follow", c.iris.Actor("gwen")))
			c.accept(first, first.does("Create", c.notes[0]))
			below := with(first.note(c.notes[0]["id"].(string), "not here yet"), "to", vocab.Public)
			end := with(c.alice.note(below["id"].(string), "the end"), "to", []any{vocab.Public, c.iris.Actor("gwen")})
			c.accept(c.alice, c.alice.does("Create", end))
			c.inTx(func(tx *models.Store) error {
				post, err := tx.Posts.ByID(c.ctx(), c.post.ID)
				c.must(err)
				post.ReplyPolicy = policy
				return tx.Posts.Save(c.ctx(), post)
			})
			c.accept(first, first.does("Create", below))
			stored, err := c.store.Posts.ByURI(c.ctx(), end["id"].(string))
			c.must(err)
			if policy == models.RepliesClosed {
				if stored.RootID != nil {
					t.Error("under a closed article")
				}
				return
			}
			if stored.Moderation != want || stored.RootID == nil {
				t.Errorf("it is %s, want %s", stored.Moderation, want)
			}
		})
	}
}
