package activitypub

import (
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

func TestABoostIsFetchedFromItsOriginAndReadOnce(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	origin := newPeer(t)
	far := origin.actor("far")
	note := far.top("<p>far away</p>")
	origin.serve(note["id"].(string), note)
	create := far.does("Create", note)
	origin.serve(create["id"].(string), create)
	for name, object := range map[string]any{"the note": note["id"], "its Create": create["id"], "the Create itself": create} {
		l.accept(l.alice, l.alice.does("Announce", object))
		if l.runErrands(); l.count("jobs") != 0 {
			t.Errorf("%s: %d jobs are left", name, l.count("jobs"))
		}
	}
	l.clock.move(time.Minute)
	l.accept(l.ben, l.ben.does("Announce", note["id"]))
	l.reads(l.gwen, "alice boosts <p>far away</p>")
	l.reads(l.hugo, "alice boosts <p>far away</p>")
	if n := origin.askedFor(note["id"].(string)); n != 1 {
		t.Errorf("the origin was asked %d times", n)
	}
}

// A Group of another server of ours tells of its articles in two forms.
func TestAConferenceElsewhereIsReadOnce(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	c := n.home.conference("kormoran2026", "")
	n.away.must(second(n.away.outbox.Follow(t.Context(), n.priya, "@kormoran2026@"+n.home.iris.Domain())))
	n.exchange()
	recap := n.home.recap(n.gwen, "Day one", models.About{ConferenceID: c.ID, Day: "2026-06-11"})
	n.exchange()
	n.away.runErrands()
	n.away.reads(n.priya, "kormoran2026 boosts "+recap.HTML)
	n.home.clock.move(time.Minute)
	n.home.about(n.gwen, recap, models.About{})
	n.exchange()
	n.away.reads(n.priya)
}

func TestWhatIsNotReadThroughABoost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		object func(l *lectern, o *peer, far *remote) string
		then   func(l *lectern, far *remote, boost map[string]any)
	}{
		"for followers alone": {func(_ *lectern, o *peer, far *remote) string {
			return served(o, far.top("x", "to", far.id+"/followers", "cc", nil))
		}, nil},
		"of another's making": {func(l *lectern, o *peer, far *remote) string {
			return served(o, far.top("x", "attributedTo", l.mallory.id))
		}, nil},
		"of no kind that is read": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x", "type", "Event")) }, nil},
		"taken back at once": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x")) },
			func(l *lectern, _ *remote, boost map[string]any) {
				l.accept(l.alice, l.alice.does("Undo", boost["id"]))
			}},
		"taken back at once, with a copy": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x")) },
			func(l *lectern, _ *remote, boost map[string]any) { l.accept(l.alice, l.alice.does("Undo", boost)) }},
		"of whom the instance blocks": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x")) },
			func(l *lectern, far *remote, _ map[string]any) {
				l.inTx(func(tx *models.Store) error {
					return tx.Blocks.Add(l.ctx(), &models.Block{Domain: vocab.Host(far.id), CreatedAt: l.clock.now()})
				})
			}},
		"of nobody any more": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x")) },
			func(l *lectern, _ *remote, _ map[string]any) {
				l.must(l.outbox.Unfollow(l.ctx(), l.gwen, l.actorOf(l.alice)))
				l.must(l.outbox.Unfollow(l.ctx(), l.hugo, l.actorOf(l.alice)))
			}},
		"a Create of another host's": {func(l *lectern, o *peer, far *remote) string {
			foreign := served(l.peer, l.mallory.top("x"))
			return served(o, far.does("Create", foreign))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, origin := newLectern(t), newPeer(t)
			far := origin.actor("far")
			boost := l.alice.does("Announce", c.object(l, origin, far))
			l.accept(l.alice, boost)
			if c.then != nil {
				c.then(l, far, boost)
			}
			l.runErrands()
			l.reads(l.gwen)
			if n := l.count("posts"); n != 0 {
				t.Errorf("%d posts were stored", n)
			}
		})
	}
}

// served has a peer serve a document at its id, which it returns.
func served(p *peer, document map[string]any) string {
	p.serve(document["id"].(string), document)
	return document["id"].(string)
}

func TestOnlyWhomSomebodyFollowsHasUsFetch(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	note := served(l.peer, l.mallory.top("Buy this"))
	l.accept(l.mallory, l.mallory.does("Announce", note))
	l.accept(l.alice, l.alice.does("Announce", l.alice.does("Like", note)))
	l.accept(l.alice, with(l.alice.does("Announce", note), "id", nil))
	if n := l.count("jobs"); n != 0 {
		t.Errorf("%d jobs were queued", n)
	}
}

func TestABlockTakesOffThePageWhatItNames(t *testing.T) {
	t.Parallel()
	l, origin := newLectern(t), newPeer(t)
	far := origin.actor("far")
	l.accept(l.alice, l.alice.does("Announce", served(origin, far.top("far away"))))
	l.runErrands()
	l.reads(l.gwen, "alice boosts far away")
	l.must(l.outbox.Block(t.Context(), l.gwen, models.Block{AccountID: l.gwen.ID, ActorID: l.actorOf(far).ID}))
	l.accept(l.alice, l.alice.does("Announce", served(origin, far.top("again"))))
	l.runErrands()
	l.reads(l.gwen)
	l.reads(l.hugo, "alice boosts again", "alice boosts far away")
	l.must(l.outbox.Block(t.Context(), l.gwen, models.Block{Domain: vocab.Host(far.id)}))
	l.reads(l.hugo)
}
