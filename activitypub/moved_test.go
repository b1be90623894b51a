package activitypub

import (
	"testing"
	"time"

	"confnotes/models"
)

// house is a site where gwen and hugo follow alice, whose server is on loopback.
type house struct {
	*site
	p          *peer
	gwen, hugo *models.Account
	alice      *remote
	anew       *remote // alice's new account
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{site: newSite(t), p: newPeer(t)}
	h.gwen, h.hugo = h.person("gwen", models.RoleOwner), h.person("hugo", models.RoleAuthor)
	h.alice = h.known(h.p.base, "alice")
	h.anew = h.moveTo("anew", h.alice.id)
	for _, by := range []*models.Account{h.gwen, h.hugo} {
		h.inTx(func(tx *models.Store) error {
			return h.outbox.askToFollow(h.ctx(), tx, by.Actor, h.actorOf(h.alice), h.clock.now())
		})
	}
	_, err := h.raw.Exec("UPDATE follows SET state = 'accepted'")
	h.must(err)
	return h
}

// moveTo serves an account that says who it also is.
func (h *house) moveTo(name string, aliases ...any) *remote {
	r := newRemote(h.p.base, name)
	h.p.serve(r.id, with(r.document(), "alsoKnownAs", aliases))
	return r
}

// moves has somebody say that they moved, and runs what comes of it.
func (h *house) moves(from *remote, pairs ...any) map[string]any {
	h.t.Helper()
	m := with(from.does("Move", from.id), append([]any{"target", h.anew.id}, pairs...)...)
	h.accept(from, m)
	h.runErrands()
	return m
}

// followed is whom gwen and hugo follow.
func (h *house) followed() []string {
	return h.strings("SELECT by.handle || ' ' || a.handle || ' ' || f.state FROM follows f JOIN actors a ON a.id = f.target_id JOIN actors by ON by.id = f.follower_id ORDER BY by.handle, a.handle")
}

func TestWhoFollowsGoesAlong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.moves(h.alice)
	h.same("followed", h.followed(), "gwen anew pending", "hugo anew pending")
	h.same("sent", h.strings("SELECT a.type FROM activities a WHERE a.id > 2 ORDER BY a.id"), "Follow", "Undo", "Follow", "Undo")
	if got := h.count("notifications WHERE kind = 'moved'"); got != 2 {
		t.Errorf("%d were told", got)
	}
	if old := h.actorOf(h.alice); old.MovedToID == nil || *old.MovedToID != h.actorOf(h.anew).ID {
		t.Errorf("alice moved to %v", old.MovedToID)
	}
	// Who follows the new account already asks nothing anew.
	if n := h.p.askedFor(h.anew.id); n != 1 {
		t.Errorf("the new account was asked for %d times", n)
	}
}

func TestForgedMovesMoveNobody(t *testing.T) {
	t.Parallel()
	stay := []string{"gwen alice accepted", "hugo alice accepted"}
	for name, c := range map[string]struct {
		do   func(h *house)
		want []string
	}{
		"to an account that doesn't say so": {func(h *house) { h.anew = h.moveTo("mallory"); h.moves(h.alice) }, stay},
		"to an account that says it is somebody else": {func(h *house) {
			h.anew = h.moveTo("mallory", h.p.base+"/users/eve")
			h.moves(h.alice)
		}, stay},
		"to nobody": {func(h *house) { h.anew = newRemote(h.p.base, "nobody"); h.moves(h.alice) }, stay},
		"to itself": {func(h *house) { h.anew = h.moveTo("alice", h.alice.id); h.moves(h.alice) }, stay},
		"to two places at once": {func(h *house) {
			other := h.moveTo("other", h.alice.id)
			h.accept(h.alice, with(h.alice.does("Move", h.alice.id), "target", h.anew.id))
			if h.moves(h.alice, "target", other.id); h.p.askedFor(other.id) != 0 {
				h.t.Error("we were sent about")
			}
		}, []string{"gwen anew pending", "hugo anew pending"}},
		"without a target":     {func(h *house) { h.moves(h.alice, "target", nil) }, stay},
		"of another's account": {func(h *house) { h.moves(h.known(h.p.base, "mallory"), "object", h.alice.id) }, stay},
		"of whom nobody follows": {func(h *house) {
			eve := h.known(h.p.base, "eve")
			h.anew = h.moveTo("anew2", eve.id)
			if h.moves(eve); h.p.askedFor(h.anew.id) != 0 {
				h.t.Error("we were sent to ask")
			}
		}, stay},
		"to a document of another id": {func(h *house) {
			h.p.serve(h.anew.id, with(newRemote(h.p.base, "other").document(), "alsoKnownAs", []any{h.alice.id}))
			h.moves(h.alice)
		}, stay},
		"to one of ours that doesn't say so": {func(h *house) {
			h.moves(h.alice, "target", h.iris.Actor("gwen"))
		}, stay},
		"a second time within a week": {func(h *house) {
			h.moves(h.alice)
			h.inTx(func(tx *models.Store) error {
				return h.outbox.askToFollow(h.ctx(), tx, h.gwen.Actor, h.actorOf(h.alice), h.clock.now())
			})
			h.anew = h.moveTo("again", h.alice.id)
			h.clock.move(movedAgain - time.Hour)
			h.moves(h.alice)
		}, []string{"gwen alice pending", "gwen anew pending", "hugo anew pending"}},
		"a second time after a week": {func(h *house) {
			h.moves(h.alice)
			h.inTx(func(tx *models.Store) error {
				return h.outbox.askToFollow(h.ctx(), tx, h.gwen.Actor, h.actorOf(h.alice), h.clock.now())
			})
			h.anew = h.moveTo("again", h.alice.id)
			h.clock.move(movedAgain)
			h.moves(h.alice)
		}, []string{"gwen again pending", "gwen anew pending", "hugo anew pending"}},
		"to where gwen has blocked": {func(h *house) {
			h.must(h.outbox.Block(h.ctx(), h.gwen, models.Block{AccountID: h.gwen.ID, ActorID: h.actorOf(h.known(h.p.base, "anew")).ID}))
			h.moves(h.alice)
		}, []string{"gwen alice accepted", "hugo anew pending"}},
		"to one of ours": {func(h *house) {
			h.inTx(func(tx *models.Store) error {
				return tx.Actors.AddAlias(h.ctx(), h.gwen.ActorID, h.actorOf(h.alice).ID, h.clock.now())
			})
			h.moves(h.alice, "target", h.iris.Actor("gwen"))
		}, []string{"hugo gwen accepted"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			c.do(h)
			h.same("followed", h.followed(), c.want...)
			if n := h.count("jobs"); n != 0 {
				t.Errorf("%d jobs wait", n)
			}
		})
	}
}
